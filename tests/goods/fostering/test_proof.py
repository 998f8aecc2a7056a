"""An officer who changes how a seller comes in says the own password again, unless that was a moment ago."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.core.clock import now
from app.core.db import db
from app.goods.shops.models import Shop
from app.people.accounts import rules
from app.people.accounts.models import Account, LoginCard
from tests.factories.goods import make_shop
from tests.factories.people import DESA, PASSWORD, make_account, make_card, sign_in

LATER = timedelta(minutes=11)
NUMBER = {"telepon": "0813-1111-2222", "versi": "1"}
HEIR = {"kunci": "kunci-alih", "nama": "Rohmah", "telepon": "0813-1111-2222", "setuju": "y", "versi": "1"}
ACTS = {"kartu": {}, "hp-hilang": {}, "lupa-pin": {}, "nomor": NUMBER, "alihkan": HEIR}
NEW = {
    "kunci": "kunci-baru", "nama": "Ibu Nurhayati", "telepon": "0812 7777 8888", "desa": DESA, "jenis": "telur-asin",
    "lapak": "Telur Asin Bu Nur", "setuju": "y",
}  # fmt: skip
REGISTER = "/dampingan/penjual/baru"


@pytest.fixture
def shop(app):
    shop = make_shop(make_account(phone="+6281234567890"))
    make_card(shop.owner)
    return shop


@pytest.fixture(params=["pendamping", "curator"])
def officer(request, client):
    """Somebody of the office who came in and then left the desk for a while."""
    officer = make_account(request.param)
    sign_in(client, officer)
    with time_machine.travel(now() + LATER):
        yield officer


def way_in(shop) -> tuple[object, ...]:
    """What opens the seller's door: her number, whether she has a PIN, her live cards."""
    db.session.rollback()
    owner = db.session.get_one(Account, shop.owner_id)
    cards = select(LoginCard.id).where(LoginCard.account_id == owner.id, LoginCard.ended_at.is_(None))
    return owner.phone, owner.pin_hash is not None, *db.session.scalars(cards)


@pytest.mark.parametrize("act", ACTS)
def test_whoever_finds_the_desk_open_changes_no_way_in(client, officer, shop, act):
    before, way = way_in(shop), f"/dampingan/penjual/{shop.id}/{act}"

    asked = client.post(way, data=ACTS[act])
    empty = client.post(way, data=ACTS[act] | {"sandi": ""})
    wrong = client.post(way, data=ACTS[act] | {"sandi": "bukan-kata-sandi-nya"})

    assert asked.status_code == (422 if ACTS[act] else 200)
    assert empty.status_code == wrong.status_code == 422
    assert all("Kata sandi Anda" in each.text for each in (asked, empty, wrong))
    assert "Belum cocok dengan yang dipakai sekarang." in wrong.text
    assert way_in(shop) == before


@pytest.mark.parametrize("act", ACTS)
def test_the_own_password_lets_the_act_go_on_and_counts_for_ten_minutes(client, officer, shop, act):
    before, way = way_in(shop), f"/dampingan/penjual/{shop.id}/{act}"

    done = client.post(way, data=ACTS[act] | {"sandi": PASSWORD})
    first = way_in(shop)
    again = client.post(f"/dampingan/penjual/{shop.id}/kartu")

    assert done.status_code == again.status_code == 303
    assert len({before, first, way_in(shop)}) == 3
    assert "Kata sandi Anda" not in client.get(f"/dampingan/penjual/{shop.id}/nomor").text
    with time_machine.travel(now() + LATER):
        assert client.post(way, data=ACTS[act]).status_code != 303


@pytest.mark.parametrize("act", ACTS)
def test_twin_where_a_proof_lasts_for_ever_the_finder_of_an_open_desk_changes_it(
    client, officer, shop, act, monkeypatch
):
    monkeypatch.setattr(rules, "PROOF_LASTS", timedelta(days=1))
    before = way_in(shop)

    assert client.post(f"/dampingan/penjual/{shop.id}/{act}", data=ACTS[act]).status_code == 303
    assert way_in(shop) != before


def test_the_first_card_of_a_new_seller_needs_the_own_password_too(client, officer):
    asked = client.post(REGISTER, data=NEW)
    wrong = client.post(REGISTER, data=NEW | {"sandi": "bukan-kata-sandi-nya"})
    none = count_shops()
    done = client.post(REGISTER, data=NEW | {"sandi": PASSWORD})

    assert (asked.status_code, wrong.status_code, none) == (422, 422, 0)
    assert all("Kata sandi Anda" in each.text and "Telur Asin Bu Nur" in each.text for each in (asked, wrong))
    assert "Belum cocok dengan yang dipakai sekarang." in wrong.text
    assert (done.status_code, count_shops()) == (303, 1)
    assert client.get(done.location).status_code == 200
    assert "Kata sandi Anda" not in client.get(REGISTER).text


def test_twin_where_a_proof_lasts_for_ever_the_finder_of_an_open_desk_registers_whom_he_likes(
    client, officer, monkeypatch
):
    monkeypatch.setattr(rules, "PROOF_LASTS", timedelta(days=1))

    assert (client.post(REGISTER, data=NEW).status_code, count_shops()) == (303, 1)


def count_shops():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Shop))


def test_whoever_guesses_is_stopped(client, officer, shop):
    way = f"/dampingan/penjual/{shop.id}/kartu"
    answers = [client.post(way, data={"sandi": f"tebakan-ke-{turn}"}) for turn in range(12)]

    assert "Belum cocok" in answers[0].text
    assert "Belum cocok" not in answers[-1].text
    assert client.post(way, data={"sandi": PASSWORD}).status_code == 422


def test_a_password_said_on_one_device_counts_on_that_one_alone(client, app, officer, shop):
    other = app.test_client()
    sign_in(other, officer)

    with time_machine.travel(now() + LATER):
        sign_in(client, officer)
        assert client.post(f"/dampingan/penjual/{shop.id}/kartu").status_code == 303
        assert other.post(f"/dampingan/penjual/{shop.id}/kartu").status_code == 200

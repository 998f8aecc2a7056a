"""Somebody else saved meanwhile: nothing is written over in silence, and what was typed stays."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.core.db import db, transaction
from app.goods.shops import operations as shops
from app.goods.shops.models import Shop
from tests.factories.bazaars import make_call
from tests.factories.goods import make_shop
from tests.factories.people import DESA, OTHER_DESA, make_account, sign_in
from tests.security.dump import stored
from tests.support.clocks import TODAY

pytestmark = pytest.mark.usefixtures("noon")

UNTIL = (TODAY + timedelta(days=3)).isoformat()
FORMS = {
    "/nama": ({"lapak": "Nama dari yang terlambat"}, "Nama dari yang terlambat"),
    "/pindah": ({"desa": OTHER_DESA}, f'<option selected value="{OTHER_DESA}">'),
    "/nomor": ({"telepon": "0813-1111-2222"}, "0813-1111-2222"),
    "/alihkan": (
        {"kunci": "kunci-ahli", "nama": "Ani Terlambat", "telepon": "081355556666", "setuju": "y"}, "Ani Terlambat"
    ),
    "/akhiri": ({"yakin": "y"}, "checked"),
}  # fmt: skip
VERSION = re.compile(r'name="versi" type="hidden" value="(\d*)"')


@pytest.fixture
def shop(app):
    return make_shop(make_account(phone="+6281234567890"))


@pytest.fixture
def at_work(client, shop):
    sign_in(client, make_account("pendamping", areas=[DESA]))
    return client


def change(shop):
    with transaction():
        shops.rename(db.session.get_one(Shop, shop.id), "Nama yang baru saja disimpan", by=make_account("curator"))


@pytest.mark.parametrize("way", FORMS)
def test_a_stale_form_shows_what_is_stored_beside_what_was_typed(at_work, shop, way):
    typed, kept = FORMS[way]
    address = f"/dampingan/penjual/{shop.id}{way}"
    shown = VERSION.search(at_work.get(address).text)[1]
    change(shop)
    before = stored()

    answer = at_work.post(address, data=typed | {"versi": shown})

    assert answer.status_code == 409
    assert stored() == before
    assert kept in answer.text
    assert "sudah diubah dari tempat lain" in answer.text
    assert "Yang tersimpan sekarang" in answer.text
    again = at_work.post(address, data=typed | {"versi": VERSION.search(answer.text)[1]})
    assert again.status_code == 303


@pytest.mark.parametrize("way", FORMS)
@pytest.mark.parametrize("versi", ["", "0", "-1", "x", "9" * 30, "\x00"])
def test_a_version_that_no_page_shows_is_stale(at_work, shop, way, versi):
    before = stored()

    answer = at_work.post(f"/dampingan/penjual/{shop.id}{way}", data=FORMS[way][0] | {"versi": versi})

    assert answer.status_code == 409
    assert stored() == before


def test_where_nobody_asks_for_the_version_the_newer_name_is_lost(at_work, shop, monkeypatch):
    right = shops.move_on
    monkeypatch.setattr(shops, "move_on", lambda shop, version: right(shop, None))
    change(shop)

    at_work.post(f"/dampingan/penjual/{shop.id}/nama", data={"versi": "1", "lapak": "Nama dari yang terlambat"})

    assert db.session.get_one(Shop, shop.id).name == "Nama dari yang terlambat"


def test_days_of_closing_are_not_written_over_in_silence(client, shop):
    sign_in(client, shop.owner)
    change(shop)
    typed = {"versi": "1", "sampai": UNTIL, "kalimat": "Sedang hajatan"}

    stale = client.post("/jualan/lapak/tutup", data=typed)

    assert stale.status_code == 409
    assert "Sedang hajatan" in stale.text
    assert db.session.get_one(Shop, shop.id).closed_until is None
    newest = re.search(r'id="versi-tutup" name="versi" type="hidden" value="(\d+)"', stale.text)[1]
    assert client.post("/jualan/lapak/tutup", data=typed | {"versi": newest}).status_code == 303


def test_dates_of_a_bazaar_are_not_written_over_in_silence(client, app):
    curator = make_account("curator")
    bazaar = make_call(by=curator)
    sign_in(client, curator)
    address = f"/dinsos/bazar/{bazaar.id}/tanggal"
    page = client.get(address).text
    typed = dict(re.findall(r'name="(daftar|terakhir|umum)" [^>]*value="([^"]+)"', page))
    shown = VERSION.search(page)[1]
    with transaction():
        bazaar.version += 1

    stale = client.post(address, data=typed | {"versi": shown})

    assert len(typed) == 3
    assert stale.status_code == 409
    assert all(day in stale.text for day in typed.values())
    assert client.post(address, data=typed | {"versi": VERSION.search(stale.text)[1]}).status_code == 303

"""Shops of families on the screen: linked with days, and opened for many at once with one stack of cards."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from app.core.clock import now
from app.core.db import db
from app.goods.shops.models import Shop
from app.growth.businesses import queries
from app.people.accounts.models import Account, Consent, LoginCard
from app.people.families.queries import may_use
from tests.factories.families import make_business, make_kpm
from tests.factories.goods import make_shop
from tests.factories.people import DESA, make_account, sign_in

NEXT_DESA = "36.04.27.2002"
ACCOUNTS = "/dinsos/keluarga/akun-penjual"


@pytest.fixture
def officer(client):
    """A caseworker, signed in."""
    account = make_account("caseworker")
    sign_in(client, account)
    return account


def waiting(officer, **given):
    told = {"phone": "+6281290007001", "wants_to_sell": True, "makes": "keripik"} | given
    return make_kpm(officer, **told)


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


def test_a_pendamping_links_a_shop_and_lets_the_link_end(client):
    pendamping = make_account("pendamping", areas=[DESA])
    sign_in(client, pendamping)
    kpm, shop = make_kpm(desa_code=DESA), make_shop()

    client.post(
        f"/dinsos/keluarga/{kpm.id}/usaha", data={"lapak": shop.id, "mulai": "2026-05-01", "modal": "aid_savings"}
    )
    business = queries.list_businesses(kpm.id)[0]
    assert (business.shop_id, business.capital_source) == (shop.id, "aid_savings")
    page = client.get(f"/dinsos/keluarga/{kpm.id}").text
    assert shop.name in page
    assert "Tabungan dari bantuan" in page
    client.post(f"/dinsos/keluarga/usaha/{business.id}/selesai", data={"versi": "1", "selesai": "2026-06-30"})

    db.session.expire_all()
    assert str(queries.list_businesses(kpm.id)[0].ended_on) == "2026-06-30"


def test_a_pendamping_does_not_read_the_takings_of_a_shop_outside_her_villages(client):
    sign_in(client, make_account("pendamping", areas=[DESA]))
    kpm, shop = make_kpm(desa_code=DESA), make_shop(desa_code=NEXT_DESA)
    address = f"/dinsos/keluarga/{kpm.id}/usaha"
    assert shop.kecamatan_code == kpm.kecamatan_code

    client.post(address, data={"lapak": str(shop.id), "mulai": "2024-01-01"})

    assert shop.name not in client.get(address).text
    assert queries.list_businesses(kpm.id) == []


@pytest.mark.parametrize("days", [{"mulai": "2999-01-01"}, {"mulai": "2026-05-01", "selesai": "2999-01-01"}])
def test_a_shop_is_not_run_from_or_until_a_day_to_come(client, officer, days):
    kpm, shop = make_kpm(officer), make_shop()

    answer = client.post(f"/dinsos/keluarga/{kpm.id}/usaha", data={"lapak": shop.id} | days)

    assert "Pilih hari ini atau sebelumnya." in answer.text
    assert queries.list_businesses(kpm.id) == []


def test_a_shop_that_is_a_familys_already_is_not_offered(client, officer):
    kpm, shop = make_kpm(officer), make_shop()
    make_business(make_kpm(officer), shop, officer)

    answer = client.post(f"/dinsos/keluarga/{kpm.id}/usaha", data={"lapak": shop.id, "mulai": "2026-05-01"})

    assert "Ada yang perlu diperbaiki" in answer.text
    assert queries.list_businesses(kpm.id) == []


def test_many_accounts_are_opened_at_once_with_their_cards(client, officer):
    families = [waiting(officer, name=f"SITI NOMOR{number}") for number in range(3)]
    left = waiting(officer, name="Ibu Nanti")
    chosen = {"pilih": [str(kpm.id) for kpm in families], "jenis": "warung-kelontong", "setuju": "y"}

    answer = client.get(client.post(ACCOUNTS, data=chosen).location)

    assert (count(Shop), count(LoginCard), count(Consent)) == (3, 3, 3)
    assert len(re.findall(r'class="login-card__code">', answer.text)) == 3
    assert all(queries.has_running(kpm.id) and may_use(kpm.id, "marketplace", now()) for kpm in families)
    assert not queries.has_running(left.id)
    pdf = client.get(f"{ACCOUNTS}/kartu.pdf")
    assert (pdf.status_code, pdf.data[:5]) == (200, b"%PDF-")


def test_a_second_click_opens_nothing_and_the_cards_stay(client, officer):
    kpm = waiting(officer)
    chosen = {"pilih": str(kpm.id), "jenis": "warung-kelontong", "setuju": "y"}
    first = client.get(client.post(ACCOUNTS, data=chosen).location)

    again = client.get(client.post(ACCOUNTS, data=chosen).location)

    code = re.search(r'class="login-card__code">([^<]+)', first.text)[1]
    assert code in again.text
    assert (count(Shop), count(LoginCard)) == (1, 1)


def test_nothing_in_the_account_or_the_shop_leads_to_the_family(client, officer):
    kpm = waiting(officer)
    client.post(ACCOUNTS, data={"pilih": str(kpm.id), "jenis": "warung-kelontong", "setuju": "y"})

    account = db.session.scalars(select(Account).where(Account.role == "seller")).one()
    row = repr([tuple(each) for each in db.session.execute(select(Account.__table__)).all()])
    row += repr([tuple(each) for each in db.session.execute(select(Shop.__table__)).all()])
    assert account.creation_key
    assert kpm.pseudonym not in row
    assert "kpm" not in row


@pytest.mark.parametrize(
    "data",
    [
        {"jenis": "warung-kelontong", "setuju": "y"}, {"pilih": "1", "setuju": "y"},
        {"pilih": "1", "jenis": "warung-kelontong"}, {"pilih": "satu", "jenis": "warung-kelontong", "setuju": "y"},
    ],
    ids=["nobody chosen", "no kind", "no consent", "no number"],
)  # fmt: skip
def test_what_is_missing_is_said_and_nothing_is_opened(client, officer, data):
    waiting(officer)

    answer = client.post(ACCOUNTS, data=data)

    assert "Ada yang perlu diperbaiki" in answer.text
    assert count(Shop) == 0


def test_families_elsewhere_or_without_a_number_are_not_opened(client, officer):
    far = waiting(make_account("caseworker", region_code="36.01"), desa_code="36.01.01.2001")
    silent = waiting(officer, phone=None)

    client.post(ACCOUNTS, data={"pilih": [str(far.id), str(silent.id)], "jenis": "warung-kelontong", "setuju": "y"})

    assert count(Shop) == 0


def test_who_does_not_want_to_sell_is_offered_nothing_and_opened_nothing(client, officer):
    quiet = waiting(officer, name="Ibu Tenang", wants_to_sell=False)
    one = {"pilih": str(quiet.id), "jenis": "warung-kelontong", "setuju": "y"}

    page = client.get(ACCOUNTS).text
    client.post(ACCOUNTS, data=one)
    everybody = client.post(ACCOUNTS, data=one | {"semua": "1", "kunci": "kunci-satu", "pilih": ""})

    assert "Ibu Tenang" not in page
    assert everybody.status_code == 409
    assert (count(Shop), count(LoginCard)) == (0, 0)


def test_cards_are_shown_to_whoever_made_them_only(client, officer):
    kpm = waiting(officer)
    client.post(ACCOUNTS, data={"pilih": str(kpm.id), "jenis": "warung-kelontong", "setuju": "y"})
    sign_in(client, make_account("caseworker"))

    assert "login-card__code" not in client.get(f"{ACCOUNTS}/kartu").text
    assert client.get(f"{ACCOUNTS}/kartu.pdf").status_code == 303

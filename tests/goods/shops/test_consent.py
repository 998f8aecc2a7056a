"""She takes her consent back as easily as she gave it: what was public is gone at once, what was ordered goes on."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.core import books
from app.core.db import db, transaction
from app.goods.fostering import operations as fostering
from app.goods.products import operations as products
from app.goods.shelf.models import ShelfItem
from app.goods.shops import operations
from app.goods.shops.models import Shop
from app.people.accounts import operations as accounts
from app.people.accounts.models import Account, Consent
from app.people.places import operations as places
from app.trade.orders import queries as orders
from app.trade.orders.messages import buyer_url
from app.trade.orders.operations import LinesChanged, place
from tests.factories.goods import make_product, make_shop, make_waiting_product, revision_of, variant_of
from tests.factories.people import DESA, make_account, sign_in
from tests.factories.trade import checkout, place_order
from tests.support.log import did, log

NAME = "Lapak Kanaria Biru"


@pytest.fixture
def shop(app):
    owner = make_account(phone="+6281234567890")
    shop = make_shop(owner, name=NAME, slug="kanaria-biru")
    with transaction():
        accounts.record_consent(owner, accounts.PUBLISH, "2026-11", by=make_account("curator"))
    return shop


@pytest.fixture
def eggs(shop):
    return make_product(shop, "Telur asin kanaria", slug="telur-kanaria")


@pytest.fixture
def inside(client, shop):
    sign_in(client, shop.owner)
    return client


def withdraw(inside):
    return inside.post("/jualan/izin/tarik")


def seen_in_public(app) -> list[str]:
    """Every public place where the shop or its product still shows."""
    stranger = app.test_client()
    lists = (
        "/",
        "/produk",
        "/lapak",
        "/produk?q=kanaria",
        "/peta-situs/produk/1",
        "/umpan/google",
        "/umpan/meta.csv",
        "/umpan/produk-baru",
        "/kategori/telur-asin",
    )
    links = re.compile("/lapak/kanaria-biru|/produk/telur-kanaria")
    found = [path for path in lists if links.search(stranger.get(path).text)]
    return found + [
        path for path in ("/lapak/kanaria-biru", "/produk/telur-kanaria") if stranger.get(path).status_code == 200
    ]


def test_what_was_public_is_gone_at_once(inside, app, shop, eggs):
    assert len(seen_in_public(app)) >= 6

    answer = withdraw(inside)

    assert answer.location == "/jualan/izin"
    assert seen_in_public(app) == []
    stranger = app.test_client()
    for path in ("/lapak/kanaria-biru", "/produk/telur-kanaria"):
        page = stranger.get(path)
        assert page.status_code == 404
        assert NAME not in page.text and "Telur asin kanaria" not in page.text


def test_twin_where_only_the_record_is_ended_everything_stays_public(inside, app, shop, eggs, monkeypatch):
    monkeypatch.setattr(
        operations, "withhold", lambda shop, *, by: accounts.withdraw_consent(shop.owner, "publish", by=by)
    )

    withdraw(inside)

    assert len(seen_in_public(app)) >= 6


def test_it_cannot_be_ordered_any_more(inside, app, eggs):
    variant = variant_of(eggs)
    full = app.test_client()
    full.post("/keranjang", data={"varian": str(variant.id), "jumlah": "1"})
    withdraw(inside)

    late, cart = app.test_client().post("/keranjang", data={"varian": str(variant.id)}), full.get("/keranjang")

    assert late.status_code == 404
    assert NAME not in late.text and NAME not in cart.text
    assert full.get("/pesan").location == "/keranjang"
    with pytest.raises(LinesChanged) as refusal, transaction():
        place(checkout((variant, 1)))
    assert [change.kind for change in refusal.value.changes] == ["withdrawn"]


def test_open_orders_go_their_way(inside, app, shop, eggs):
    order = place_order(eggs, 2)
    withdraw(inside)

    with app.test_request_context():
        link = buyer_url(order.code)
    assert NAME in app.test_client().get(link).text
    assert order.code in inside.get("/jualan/pesanan").text
    for step in ("terima", "siap", "serah"):
        version = str(orders.get_order(order.id).version)
        assert inside.post(f"/jualan/pesanan/{order.code}/{step}", data={"versi": version}).status_code == 303
        db.session.rollback()
    assert orders.get_order(order.id).state == "handed_over"
    assert [str(finding) for _name, found in books.verify() for finding in found] == []


def test_the_wording_stays_on_record_and_can_be_given_again(inside, app, shop, eggs):
    withdraw(inside)
    withdraw(inside)
    page = inside.get("/jualan/izin").text

    inside.post("/jualan/izin/beri", data={"versi": "2026-11"})

    rows = list(db.session.scalars(select(Consent).where(Consent.account_id == shop.owner_id).order_by(Consent.id)))
    assert "Saya setuju, tampilkan lagi" in page
    assert [(row.wording_version, row.withdrawn_at is None) for row in rows] == [("2026-11", False), ("2026-11", True)]
    agreed = {"purpose": accounts.PUBLISH, "wording": "2026-11"}
    assert log("consent.withdrawn") == [did(shop.owner, rows[0], **agreed)]
    assert log("consent.given")[1:] == [did(shop.owner, rows[1], **agreed)]
    assert log("shop.withheld") == log("shop.published") == [did(shop.owner, shop)]
    assert len(seen_in_public(app)) >= 6


def test_every_wording_that_stands_is_withdrawn(inside, shop):
    with transaction():
        accounts.record_consent(shop.owner, accounts.PUBLISH, "2027-01", by=shop.owner)

    withdraw(inside)

    assert db.session.scalars(select(Consent).where(Consent.withdrawn_at.is_(None))).all() == []


def test_a_wording_that_changed_meanwhile_is_read_first(inside, app, shop, eggs):
    withdraw(inside)

    answer = inside.post("/jualan/izin/beri", data={"versi": "2025-01"})

    assert answer.status_code == 303
    assert "Baca dulu" in inside.get("/jualan/izin").text
    assert seen_in_public(app) == []


def test_nothing_else_brings_it_back(inside, app, shop, eggs):
    """Not opening, not a pause and its end, not a new name, not a product that is approved meanwhile."""
    curator = make_account("curator")
    waiting = make_waiting_product(shop, "Keripik kanaria")
    withdraw(inside)

    for path in ("/jualan/lapak/buka", "/jualan/lapak/jeda", "/jualan/lapak/buka"):
        inside.post(path)
    with transaction():
        operations.rename(db.session.get_one(Shop, shop.id), "Lapak Kanaria Hijau", by=curator)
        products.publish(revision_of(waiting, "waiting"), by=curator)

    assert seen_in_public(app) == []
    assert db.session.scalars(select(ShelfItem)).all() == []


def test_a_shop_that_rested_rests_on_when_the_consent_returns(inside, app, shop, eggs):
    inside.post("/jualan/lapak/jeda")
    withdraw(inside)
    inside.post("/jualan/izin/beri", data={"versi": "2026-11"})

    assert db.session.get_one(Shop, shop.id).state == "paused"
    assert db.session.scalars(select(ShelfItem)).all() == []
    inside.post("/jualan/lapak/buka")
    assert len(seen_in_public(app)) >= 6


def test_the_pendamping_and_the_curator_read_it_in_their_lists(inside, app, shop):
    readers = [make_account("pendamping", areas=[DESA]), make_account("curator")]
    stranger = make_account("pendamping", areas=["36.04.12.2001"])
    make_shop(make_account(), name="Lapak Lain")
    withdraw(inside)

    for reader in readers:
        desk = app.test_client()
        sign_in(desk, reader)
        plain, only = desk.get("/dampingan/penjual").text, desk.get("/dampingan/penjual?izin=ditarik").text
        assert "Izin ditarik" in plain and "1 penjual menarik izin" in plain
        assert NAME in only and "Lapak Lain" not in only
        assert "menarik izin tampil" in desk.get(f"/dampingan/penjual/{shop.id}").text
    pendamping, far = app.test_client(), app.test_client()
    sign_in(pendamping, readers[0])
    sign_in(far, stranger)
    assert "1 penjual menarik izin" in pendamping.get("/dampingan").text
    assert "menarik izin" not in far.get("/dampingan").text + far.get("/dampingan/penjual").text


def test_an_heir_gives_a_consent_of_her_own(inside, app, shop, eggs):
    withdraw(inside)
    with transaction():
        fostering.hand_on(
            db.session.get_one(Shop, shop.id),
            key="an-heir",
            name="Nuraini",
            phone="+6281299990000",
            wording_version="2026-11",
            by=db.session.get_one(Account, make_account("curator").id),
        )

    assert len(seen_in_public(app)) >= 6


def test_her_own_pages_lead_there_and_say_how_it_stands(inside, shop, eggs):
    assert "/jualan/izin" in inside.get("/saya").text
    assert "/jualan/izin" in inside.get("/jualan/lapak").text
    withdraw(inside)

    for path in ("/saya", "/jualan/lapak", "/jualan"):
        assert "tidak tampil, karena izin ditarik" in inside.get(path).text
    assert inside.get(f"/jualan/produk/{eggs.id}").status_code == 200


def test_nobody_else_withdraws_for_her(client, app, shop, eggs):
    for role in ("curator", "pendamping", "admin"):
        desk = app.test_client()
        sign_in(desk, make_account(role))
        assert desk.post("/jualan/izin/tarik").status_code == 404
    assert app.test_client().post("/jualan/izin/tarik").status_code == 401
    assert len(seen_in_public(app)) >= 6


def test_the_kabupaten_s_wording_is_the_one_that_is_given(inside, shop):
    with transaction():
        places.set_setting("36.04", "consent.publish_version", "unknown")

    assert "2026-11" in inside.get("/jualan/izin").text

"""Every page is reached by links from the home of whoever may open it, and no link leads to a refusal."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.clock import now
from app.core.db import db, transaction
from app.goods.products.models import Product
from app.goods.shops.models import Shop
from app.people.accounts.models import Account
from app.people.accounts.rules import home_of
from app.trade.orders import operations as orders
from app.trade.orders.models import Order
from tests.factories.capital import make_grant, make_proposal
from tests.factories.families import make_kpm
from tests.factories.files import make_file
from tests.factories.goods import variant_of
from tests.factories.growth import make_case
from tests.factories.people import KECAMATAN, make_account, sign_in
from tests.factories.trade import accepted_order, place_order
from tests.house import addresses
from tests.house.walking import walk
from tests.security import kept
from tests.support.slices import slice_of

pytestmark = pytest.mark.slow

# Addresses that machines ask for, and the gallery for developers.
MACHINES = {"asset", "front.media", "front.robots", "front.security", "front.alive", "front.ready"}
MACHINES |= {"front.gallery", "machines.site_map_index", "machines.pages", "machines.products", "machines.shops"}
MACHINES |= {"machines.newest", "machines.google", "machines.meta"}
# Asked for by a seller's phone itself, to open her notebook without a signal.
MACHINES |= {"front.no_signal", "front.no_signal_worker"}
MACHINES |= {"notebook.manifest", "notebook.outlook", "notebook.without_signal", "notebook.worker"}
# Asked for by the search field itself.
MACHINES |= {"catalogue.suggestions"}
# Asked for by a seller's open page itself.
MACHINES |= {"notices.counts"}
# Pages between two steps: only sending the step before leads there.
STEPS = {
    "entrance.bind": "after number and card",
    "entrance.choose": "after a PIN that fits several shops",
    "entrance.second_factor": "after the password",
    "entrance.enrol": "after the first password",
    "entrance.ask_to_leave": "asks when the address of the button was typed or kept",
    "notebook.confirm": "from the code on a seller's printed statement",
    "offices.confirm": "from the code on a printed paper of an office's order",
    "shops.asked": "after the wish to sell",
    "reports.thanks": "after a report",
    "orders.placed": "after the submit",
    "payments.show": "after a sum of money that cannot be right",
    "fostering.card": "after a card was made; its code is known for a quarter of an hour",
    "fostering.card_pdf": "from that card",
    "stalls.helper_till": "after the code of a pass, which is no account",
    "returns.complain": "from an order whose goods were handed over",
    "returns.own": "from an order that somebody complains about",
    "returns.show": "from the list, when a complaint has climbed",
    "reviews.own": "from an order whose goods were handed over",
    "reviews.report": "from a review under a product",
    "reviews.product": "from a product of which more was said than its page shows",
    "reviews.shop": "from a shop of which more was said than its page shows",
    "reviews.answer": "from the list, when somebody wrote a review",
    "notices.confirm": "from the letter that asks whether an address is one's own",
    "tickets.follow": "after a complaint to the office",
    "tickets.answer": "from the list, when somebody complained",
    "businesses.cards_page": "after accounts were made; the codes are known for a quarter of an hour",
    "businesses.cards_pdf": "from those cards",
}
# One page under two addresses: each role is led to its own.
OTHER_NAMES = {
    "pendamping": {"desks.office", "shops.list_office_requests"},
    "curator": {"shops.list_requests"},
    "head": {"graduation.index"},
}


@pytest.fixture
def world(app, database):
    return kept.market(database)


@pytest.fixture
def eggs(world):
    return db.session.get(Product, int(world.near["product_id"][0]))


def wanted(app, role):
    """The pages that belong to a role; for nobody, all that anyone may open."""
    named = {row["endpoint"]: set(row["who"].split(";")) for row in addresses.matrix()}
    mine = {"anyone"} if role is None else {role, "signed-in"}
    gets = {rule.endpoint for rule in addresses.rules(app) if "GET" in addresses.methods(rule).split()}
    return {each for each in gets if mine & named.get(each, set())} - MACHINES


def lost(app, client, role, home):
    """The pages of a role that no link leads to."""
    found = walk(app, client, home)

    assert found.dead == []
    return sorted(wanted(app, role) - found.reached - set(STEPS) - OTHER_NAMES.get(role, set()))


def order_and_fill_the_basket_again(client, product):
    put = {"varian": variant_of(product).id, "jumlah": 1}
    client.post("/keranjang", data=put)
    page = client.get("/pesan").text
    hidden = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("kunci", "isi")}
    told = {"nama": "Ratna", "telepon": "081298765432", f"bayar-{product.shop_id}": "qris_seller"}
    assert client.post("/pesan", data={**hidden, **told}).status_code == 303
    order = db.session.scalars(select(Order).order_by(Order.id.desc())).first()
    with transaction():
        orders.accept(order, by=db.session.get(Account, db.session.get(Shop, product.shop_id).owner_id))
    client.post("/keranjang", data=put)
    pocket_an_office_order(client, product)


def pocket_an_office_order(client, product):
    day = (now() + timedelta(days=7)).date().isoformat()
    told = {
        f"jumlah-{variant_of(product).id}": 2, "kantor": "Desa Kadikaran", "nama": "Ratna", "telepon": "081298765432",
        "tanggal": day, "jam": "09:00", "tempat": "Balai desa", "kecamatan": KECAMATAN, "bayar": "cash_cod",
    }  # fmt: skip
    page = client.post("/kantor", data=told).text
    hidden = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("kunci", "isi")}
    assert client.post("/kantor/pesan", data={**hidden, **told}).status_code == 303


def test_a_stranger_reaches_every_public_page(app, client, eggs):
    order_and_fill_the_basket_again(client, eggs)

    assert lost(app, client, None, "/") == []


@pytest.mark.parametrize("role", slice_of(addresses.ROLES, "seller"))
def test_a_role_reaches_every_page_of_its_own(app, client, world, eggs, role):
    account = world.people[role]
    make_file(account)
    if role in {"caseworker", "pendamping"}:
        make_grant(make_kpm())
        make_proposal(make_kpm())
        make_case(make_kpm())
    if role == "seller":
        accepted_order(eggs, account)
        place_order(eggs, 2)  # less can be offered only of more than one
    sign_in(client, account)

    assert lost(app, client, role, home_of(role)) == []


@pytest.mark.drill
def test_a_page_that_nothing_leads_to_is_named(app, client, world):
    """Without an order on this phone nothing leads to one."""
    assert "orders.show" in lost(app, client, None, "/")


def test_a_link_that_leads_to_nothing_is_named(app, client):
    assert walk(app, client, "/tidak-ada").dead == ["the start → /tidak-ada: 404 NOT FOUND"]


AREA = f"/dinsos/keluarga/akun-penjual?wilayah={KECAMATAN}"
WAY_ON = re.compile(r'class="empty-state">.*?<a class="button[^"]*" href="([^"]+)"', re.S)


@pytest.mark.parametrize(
    ("role", "path", "way"),
    [
        ("caseworker", "/dinsos/keluarga", "/dinsos/keluarga/baru"),
        ("approver", "/dinsos/keluarga", "/dinsos"),
        ("pendamping", "/dinsos/keluarga", "/dampingan"),
        ("caseworker", "/dinsos/keluarga/akun-penjual", "/dinsos/keluarga"),
        ("caseworker", AREA, "/dinsos/keluarga/akun-penjual"),
        ("approver", "/dinsos/perkembangan/keberatan", "/dinsos/perkembangan"),
        ("head", "/dinsos/perkembangan/keberatan", "/dinsos"),
        ("caseworker", "/dinsos/graduasi", "/dinsos/perkembangan"),
        ("head", "/dinsos/graduasi", "/dinsos"),
        ("caseworker", "/dampingan/keluarga", "/dinsos/keluarga/baru"),
        ("pendamping", "/dampingan/keluarga?semua=1", "/dinsos/keluarga"),
        ("approver", "/dinsos/pendamping", "/dinsos/keluarga"),
        ("pendamping", "/dampingan/penjual", "/dampingan/penjual/baru"),
        ("pendamping", "/dampingan/bazar", "/bazar"),
        ("pendamping", "/dampingan/bazar/hasil", "/dampingan/bazar"),
        ("pendamping", "/dampingan/ekatalog", "/dampingan/penjual"),
        ("curator", "/dinsos/bazar", "/dinsos/bazar/baru"),
        ("approver", "/dinsos/bazar", "/dinsos"),
        ("curator", "/dinsos/pesanan", "/dinsos"),
        ("curator", "/dinsos/ekatalog", "/dinsos/ekatalog?daftar=penjual"),
        ("curator", "/dinsos/ekatalog?daftar=luar", "/dinsos/ekatalog?daftar="),
        ("curator", "/dinsos/ekatalog?daftar=surat", "/dinsos/ekatalog"),
        ("curator", "/dinsos/ekatalog/alasan", "/dinsos/ekatalog?daftar=luar"),
        ("approver", "/dinsos/ekatalog/hasil", "/dinsos/ekatalog"),
        ("head", "/dinsos/ekatalog/hasil", "/dinsos"),
        ("partner", "/saya/berkas", "/dinsos"),
        ("steward", "/saya/berkas", "/dinsos"),
    ],
)
def test_an_empty_page_leads_on(client, role, path, way):
    sign_in(client, make_account(role))

    page = client.get(path).text

    assert WAY_ON.findall(page) == [way]
    assert client.get(way).status_code == 200

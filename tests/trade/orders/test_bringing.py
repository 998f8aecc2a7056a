"""An order that its seller brings: the fee is no turnover, the address is hers alone to read and goes with the name."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from app.core import books, personal
from app.core.db import db, transaction
from app.core.personal import Whose
from app.kit.rupiah import Rupiah
from app.trade.orders import forgetting, labels, links, messages, operations, queries
from app.trade.orders.meeting import Doorstep
from app.trade.orders.models import Order
from app.trade.orders.operations import LinesChanged
from app.trade.sales import queries as sales
from tests.factories.goods import make_product, make_shop, make_zones, variant_of
from tests.factories.people import make_account, sign_in
from tests.factories.trade import DOOR, PHONE, accepted_order, brought_order, place_group


@pytest.fixture
def shop(app):
    return make_shop(make_account())


@pytest.fixture
def eggs(shop):
    return make_product(shop, "Telur asin", price=38_000, qty=9)


def wrong_rows():
    return [str(finding) for _, findings in books.verify() for finding in findings]


def ready(order, shop):
    with transaction():
        operations.accept(order, by=shop.owner)
        operations.mark_ready(order, by=shop.owner)


def test_the_fee_is_paid_and_is_no_turnover(shop, eggs):
    order = brought_order(eggs, 2, fee=5_000)
    ready(order, shop)

    with transaction():
        operations.hand_over(order, by=shop.owner, code=links.handover_code(order.code))

    assert queries.sheet(order).money.paid == Rupiah(81_000) == order.total
    assert [each.method for each in queries.list_entries(order.id)] == ["cash_cod"]
    assert [each.amount for each in sales.list_of_source("order", order.id)] == [Rupiah(76_000)]
    assert wrong_rows() == []


@pytest.mark.parametrize("method", ["cash_cod", "transfer_seller"])
def test_less_goods_leave_the_fee_and_the_few_rupiah_of_a_transfer_as_they_are(shop, eggs, method):
    order = brought_order(eggs, 2, fee=5_000, method=method)
    line = queries.list_lines(order.id)[0]

    with transaction():
        operations.offer_less(order, {line.id: 1}, by=shop.owner)

    assert order.total == Rupiah(43_000) + order.unique_amount
    assert bool(order.unique_amount) == (method == "transfer_seller")


def test_each_word_says_that_it_is_brought(shop, eggs):
    order = brought_order(eggs)
    waiting = labels.for_buyer(queries.sheet(order))
    with transaction():
        operations.accept(order, by=shop.owner)
    taken = labels.for_buyer(queries.sheet(order))
    with transaction():
        operations.mark_ready(order, by=shop.owner)
    sheet = queries.sheet(order)

    assert "Menunggu jawaban penjual" in waiting
    assert taken == "Diterima. Bayar saat diantar"
    assert labels.for_buyer(sheet).startswith(f"Siap diantar ke {order.pickup_place}, paling lambat")
    assert labels.for_seller(sheet) == "Siap diantar"
    assert "saya%20antar" in messages.tell_buyer_url(sheet, PHONE)
    assert "diambil" not in messages.tell_buyer_url(sheet, PHONE)


def test_the_seller_reads_the_address_and_nobody_else(client, shop, eggs):
    order = brought_order(eggs)
    rival = make_shop(make_account())
    buyer = client.get(f"/pesanan/{order.code}?s={links.link_signature(order.code)}").text
    sign_in(client, rival.owner)
    stranger = client.get(f"/jualan/pesanan/{order.code}")
    sign_in(client, shop.owner)
    page = client.get(f"/jualan/pesanan/{order.code}").text

    assert f"{DOOR}, {order.pickup_place}" in page
    assert "Salin alamat" in page
    assert stranger.status_code == 404
    assert order.pickup_place in buyer
    assert DOOR not in buyer
    assert DOOR not in client.get("/jualan/pesanan").text


def test_the_seller_brings_it_step_by_step(client, shop, eggs):
    order = brought_order(eggs)
    sign_in(client, shop.owner)
    page = f"/jualan/pesanan/{order.code}"

    client.post(f"{page}/terima", data={"versi": order.version})
    packs = client.get(page).text
    client.post(f"{page}/siap", data={"versi": queries.get_order(order.id).version})
    brings = client.get(page).text
    asks = client.get(f"{page}/tidak-diambil").text

    assert ">Siap diantar<" in packs
    assert "Siap diambil" not in packs
    assert ">Tidak sampai<" in brings
    assert "Catat tidak sampai" in asks
    assert "Siap diantar" in client.get("/jualan/pesanan?daftar=siap").text


def test_the_address_goes_with_the_name(shop, eggs):
    order = brought_order(eggs, phone="+6281211112222")
    whose = Whose(phone="+6281211112222")
    told = next(each for each in personal.keepings() if each.name == "bought").tell(whose, None)

    with transaction():
        forgetting.forget_words([order.group_id])

    assert [each["address"] for each in told] == [DOOR]
    assert db.session.scalars(select(Order.to_address)).all() == [""]
    assert queries.get_order(order.id).total == Rupiah(43_000)


@pytest.mark.parametrize(
    ("plan", "kind", "price"),
    [
        ({"fee": 6_000}, "fee", Rupiah(6_000)),
        ({"fee": 5_000, "cod_km": 0}, "pay_first", None),
        ({"fee": 5_000, "least": 80_000}, "least", Rupiah(80_000)),
        ({}, "not_brought", None),
    ],
)
def test_what_cannot_be_brought_is_said_and_nothing_kept(shop, eggs, plan, kind, price):
    plan = dict(plan)
    fees = {shop.kecamatan_code: plan.pop("fee")} if "fee" in plan else {}
    make_zones(shop, fees, **plan)
    door = Doorstep(shop.kecamatan_code, DOOR)

    with pytest.raises(LinesChanged) as refusal:
        place_group((variant_of(eggs), 2), method="cash_cod", delivery=Rupiah(5_000), to=door)

    changes = refusal.value.changes
    assert [(each.kind, each.price, each.shop_id) for each in changes] == [(kind, price, shop.id)]
    assert db.session.scalars(select(Order)).all() == []


def test_goods_that_she_never_brings_are_not_brought(shop, eggs):
    make_zones(shop, {shop.kecamatan_code: 5_000})
    with transaction():
        eggs.delivered = False

    with pytest.raises(LinesChanged) as refusal:
        place_group(
            (variant_of(eggs), 2), method="cash_cod", delivery=Rupiah(5_000), to=Doorstep(shop.kecamatan_code, DOOR)
        )

    assert [(each.kind, each.shop_id) for each in refusal.value.changes] == [("not_brought", shop.id)]


def test_the_rest_in_cash_comes_with_the_goods(shop, eggs):
    order = brought_order(eggs, method="transfer_seller")
    with transaction():
        operations.accept(order, by=shop.owner)
        operations.receive_payment(order, Rupiah(1_000), by=shop.owner, key="some-of-it")
        operations.rest_in_cash(order, by=shop.owner)

    assert (order.method, order.total, order.unique_amount) == ("cash_cod", Rupiah(43_000), Rupiah(0))


def test_a_delivery_that_leads_nowhere_is_found(shop, eggs):
    orders = [brought_order(eggs).id, accepted_order(eggs, shop.owner).id]
    with transaction():
        db.session.execute(update(Order).where(Order.id == orders[0]).values(to_kecamatan=None))

    found = wrong_rows()

    assert f"order {orders[0]}: asks for a delivery that leads nowhere" in found
    assert [each for each in found if "nobody brings it" in each]

"""The numbered invariants of spec/trade.md that need more than an example; `docs/invariants.md` says where each stands.

Whatever people do in whatever order is `test_any_order.py`; many at once is `test_races.py`.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import count

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from app.core.db import db, transaction
from app.core.errors import DomainError
from app.goods.stock import queries as stock
from app.goods.stock.models import StockMovement
from app.kit.periods import WIB, WIT, WITA
from app.kit.rupiah import Rupiah
from app.trade.orders import forgetting, leftovers, links, operations, queries, rules, waits
from app.trade.orders.models import Order, OrderGroup, OrderLine
from app.trade.orders.rules import Hours
from app.trade.sales import operations as sales_operations
from app.trade.sales import queries as sales
from app.trade.sales.models import SaleRecord
from app.trade.sales.rules import Sale
from tests.factories.goods import make_product, variant_of
from tests.factories.people import REGENCY, sign_in
from tests.factories.trade import (
    PHONE,
    handed_order,
    make_stall,
    place_group,
    place_order,
    ready_order,
)  # fmt: skip
from tests.trade.orders.test_rules import reachable

NOON = WIB.at(date(2026, 12, 5), time(12))
few = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
_keys = count(1)


def link(order: Order, signature: str | None = None) -> str:
    return f"/pesanan/{order.code}?s={links.link_signature(order.code) if signature is None else signature}"


@few
@given(cart=st.lists(st.lists(st.integers(1, 4), min_size=1, max_size=3), min_size=1, max_size=4))
def test_invariant_04_a_group_adds_up_and_no_line_is_in_two_orders(app, cart):
    shops = [make_stall()[1] for _ in cart]
    goods = {
        (n, m): variant_of(make_product(shop, qty=9, price=1_000 * (n + m + 1)))
        for n, shop in enumerate(shops)
        for m, _qty in enumerate(cart[n])
    }
    wanted = [(goods[n, m], qty) for n, part in enumerate(cart) for m, qty in enumerate(part)]

    group = place_group(*wanted)
    orders = queries.list_of_group(group.id)
    lines = [(order, line) for order in orders for line in queries.list_lines(order.id)]
    page = app.test_client().get(f"/pesan/selesai/{group.token}").text

    total = Rupiah.total(variant.price * qty for variant, qty in wanted)
    assert Rupiah.total(order.total for order in orders) == total
    assert sorted(order.seller_id for order in orders) == sorted(shop.id for shop in shops)
    assert sorted((line.variant_id, line.qty_ordered) for _, line in lines) == sorted((v.id, q) for v, q in wanted)
    assert all(str(order.total) in page for order in orders)


def test_invariant_05_what_is_past_its_time_is_over_for_everybody_though_no_worker_runs(app, client):
    seller, shop = make_stall()
    eggs = make_product(shop, qty=4)
    with time_machine.travel(NOON, tick=False):
        order = place_order(eggs, 4)
        assert queries.list_lines(order.id)[0].qty_held == 4
    with time_machine.travel(NOON + timedelta(hours=24), tick=False):
        sign_in(client, seller)
        assert "Penjual tidak menjawab" in client.get(link(order)).text
        assert order.code not in client.get("/jualan/pesanan").text
        answer = client.post(f"/jualan/pesanan/{order.code}/terima", data={"versi": order.version})
        assert answer.status_code == 409
        other = place_order(eggs, 4)  # the next buyer gets the goods

    held = db.session.scalars(select(OrderLine.qty_held).order_by(OrderLine.order_id))
    assert (list(held), other.state) == ([0, 4], "placed")


ENDS = {
    "cancel_by_buyer": lambda order, by: operations.cancel_by_buyer(order, "salah_pesan"),
    "cancel_by_seller": lambda order, by: operations.cancel_by_seller(order, "rusak", by=by),
    "cancel_by_admin": lambda order, by: operations.cancel_by_admin(order, "penjual_diam", by=by),
    "not_collected": lambda order, by: operations.not_collected(order, by=by, back_to_stock=True),
    "refuse": lambda order, by: operations.refuse(order, "tutup", by=by),
    "expire": lambda order, by: operations.expire_due(),
    "make_room": lambda order, by: operations.make_room(queries.list_lines(order.id)[0].variant_id, 99),
    "hold_again": lambda order, by: operations.hold_again(order, by=by),
    "leftovers": lambda order, by: leftovers.answer(order, by=by, back_to_stock=True),
    "hand_over": lambda order, by: operations.hand_over(order, by=by),
}


@few
@given(acts=st.permutations(sorted(ENDS)), ready=st.booleans())
def test_invariant_06_a_unit_is_released_or_sold_once_in_whatever_order(app, acts, ready):
    seller, shop = make_stall()
    eggs = make_product(shop, qty=5)
    with time_machine.travel(NOON, tick=False):
        order = ready_order(eggs, seller, 3) if ready else place_order(eggs, 3)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False) as clock:
        for act in [*acts, *acts]:
            if act == "expire":
                clock.shift(timedelta(days=5))
            try:
                with transaction():
                    ENDS[act](order, seller)
            except DomainError:
                db.session.rollback()

    moved = dict(
        db.session.execute(
            select(StockMovement.kind, func.sum(StockMovement.reserved_delta))
            .where(StockMovement.source_id == order.id, StockMovement.source_type == "order")
            .group_by(StockMovement.kind)
        ).all()
    )
    there = stock.get_stock(variant_of(eggs).id)
    assert order.state in rules.ENDS
    assert moved["reserve"] + moved.get("release", 0) + moved.get("sell", 0) == 0
    assert (there.on_hand, there.reserved) == (5 + moved.get("sell", 0), 0)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("qty_agreed", 4),
        ("qty_handed", 4),
        ("qty_returned", 1),
        ("qty_held", 4),
        ("qty_agreed", -1),
        ("qty_refunded", 4),
    ],
)
def test_invariant_07_the_database_itself_keeps_handed_under_agreed_under_ordered(app, column, value):
    order = place_order(make_product(make_stall()[1], qty=5), 3)

    with pytest.raises(IntegrityError), transaction():
        db.session.execute(
            text(f"UPDATE order_line SET {column} = :value WHERE order_id = :id"),
            {"value": value, "id": order.id},
        )


def test_invariant_10_a_hand_over_is_one_set_of_sales_and_taking_back_one_line_against_it(app):
    seller, shop = make_stall()
    order = handed_order(make_product(shop, qty=5, price=10_000), seller, 3)
    with pytest.raises(DomainError), transaction():
        operations.hand_over(order, by=seller)
    [sale] = sales.list_of_source("order", order.id)
    for _again in range(2):
        with transaction():
            sales_operations.reverse(sale, 2, by=seller, key="back")

    first, back = sales.list_of_source("order", order.id)
    assert (first.qty, first.amount, back.qty, back.reversal_of) == (3, Rupiah(30_000), -2, first.id)
    assert sum(bool(sales.list_of_source("order", each)) for each in db.session.scalars(select(Order.id))) == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(signature=st.text(max_size=40), cut=st.integers(0, 15), sign=st.characters())
def test_invariant_12_no_signature_but_its_own_is_right(app, signature, cut, sign):
    real = links.link_signature("ABC2345")
    bent = real[:cut] + sign + real[cut + 1 :]

    assert links.is_signed("ABC2345", real)
    assert not links.is_signed("ABC2346", real)
    # Somebody may copy it by hand: large letters are small ones.
    for wrong in (each for each in (signature, bent, real[:cut], real + sign) if each.lower() != real):
        assert not links.is_signed("ABC2345", wrong)


def test_invariant_12_a_link_opens_one_order_and_names_no_other_of_the_same_phone(app, client):
    shop = make_stall()[1]
    first, second = (place_order(make_product(shop), phone=PHONE) for _ in range(2))
    wrong, unknown = client.get(link(first, "a" * 16)), client.get(f"/pesanan/ZZZ2345?s={'a' * 16}")

    assert second.code not in client.get(link(first)).text
    assert (wrong.status_code, unknown.status_code) == (404, 404)
    assert wrong.text.replace(first.code, "ZZZ2345") == unknown.text
    assert first.code not in app.test_client().get("/pesanan").text


def test_invariant_13_a_seller_reads_her_own_part_and_nothing_else_of_the_group(app, client):
    seller, shop = make_stall()
    mine, other = make_product(shop, "Telur saya"), make_product(make_stall()[1], "Keripik tetangga")
    group = place_group((variant_of(mine), 1), (variant_of(other), 1))
    hers = next(order for order in queries.list_of_group(group.id) if order.seller_id == shop.id)
    theirs = next(order for order in queries.list_of_group(group.id) if order.seller_id != shop.id)
    sign_in(client, seller)

    page = client.get(f"/jualan/pesanan/{hers.code}").text

    assert theirs.code not in page
    assert "Keripik tetangga" not in page
    assert group.token not in page
    assert client.get(f"/jualan/pesanan/{theirs.code}").status_code == 404


@few
@given(data=st.data(), size=st.integers(1, 8))
def test_invariant_14_a_batch_replayed_in_any_order_gives_the_same_records(app, data, size):
    seller, shop = make_stall()
    stamp = next(_keys)
    batch = [
        Sale(
            key=f"hp-{stamp}-{n}", shop_id=shop.id, regency_code=REGENCY, qty=n + 1, amount=Rupiah(1_000 * (n + 1)),
            sold_on=date(2026, 11, 2), channel="manual", grade="D", reason="catatan sendiri", source=("notebook", None),
            free_text=f"barang {n}",
        )
        for n in range(size)
    ]  # fmt: skip
    whole = {each.key: (each.qty, each.amount) for each in batch}
    for _replay in range(3):
        sent = data.draw(st.lists(st.sampled_from(batch), max_size=12)) + data.draw(st.permutations(batch))
        for part in (sent[:3], sent[3:]):
            with transaction():
                sales_operations.record(list({each.key: each for each in part}.values()), by_id=seller.id)
        rows = db.session.scalars(select(SaleRecord).where(SaleRecord.seller_id == shop.id)).all()
        assert {row.client_uuid: (row.qty, row.amount) for row in rows} == whole
        assert len(rows) == size


@pytest.mark.parametrize("zone", [WIB, WITA, WIT])
def test_invariant_16_half_past_nine_in_the_evening_is_seven_in_the_morning_on_each_clock(zone):
    hours = Hours(24, 24, 24, 48, 72, 24, zone.name)
    for day in (date(2026, 3, 29), date(2026, 10, 25), date(2026, 12, 31)):  # where others change their clocks
        placed = zone.at(day, time(21, 30))
        step = rules.find_step("place", "")
        ends = rules.clocks(step, placed, hours, promised_at=placed, pays=False)["accept_by"]
        assert ends == zone.at(day + timedelta(days=2), time(7))


def test_invariant_19_whoever_is_forgotten_the_figures_stay(app):
    seller, shop = make_stall()
    order = handed_order(make_product(shop, qty=5), seller, 2)
    facts = select(
        Order.total, Order.ended_at, Order.seller_id, SaleRecord.amount, SaleRecord.grade, SaleRecord.sold_on
    )
    facts = facts.join(SaleRecord, SaleRecord.source_id == Order.id)
    before = db.session.execute(facts).all()
    with time_machine.travel(order.ended_at + timedelta(days=91), tick=False), transaction():
        assert forgetting.forget_old() == 1

    assert db.session.execute(facts).all() == before
    assert db.session.scalars(select(OrderGroup.buyer_phone)).all() == [None]


def test_invariant_21_each_situation_has_a_clock_or_a_list_and_a_way_to_a_settled_end():
    graph = reachable()
    good = {here for here in graph if rules.is_settled(here[0], here[1])}
    for state, money, _pay in set(graph) - good:
        clock = any(by == state for by, _, _ in rules.LAPSES)
        assert clock or rules.ask_people(state, money), (state, money)
    while more := {here for here, after in graph.items() if here not in good and after & good}:
        good |= more

    assert good == set(graph)
    assert len(graph) >= 38


def test_invariant_21_every_list_that_people_are_on_climbs(app):
    """What waits for people about money has a rung: the pendamping, and then the office."""
    seller, shop = make_stall()
    eggs = make_product(shop, qty=9)
    with time_machine.travel(NOON, tick=False):
        order = place_order(eggs, 1, method="qris_seller")
        with transaction():
            operations.accept(order, by=seller)
        with transaction():
            operations.claim_payment(order, order.total, key="k")
        for state in ("claimed", "refund_check", "refund_due"):
            sheet = queries.sheet(order)
            assert sheet.money.status == state
            assert rules.ask_people(sheet.state, state)
            assert waits.waits_of(sheet)
            with transaction():
                if state == "claimed":
                    operations.cancel_by_buyer(order, "salah_pesan")
                elif state == "refund_check":
                    operations.answer_claim(queries.list_entries(order.id)[0], by=seller, confirmed=True)


@few
@given(takes=st.lists(st.integers(1, 6), min_size=1, max_size=4), restocks=st.lists(st.integers(1, 5), max_size=2))
def test_invariant_22_at_risk_are_exactly_the_open_orders_that_lack_goods_each_with_one_task(app, takes, restocks):
    seller, shop = make_stall()
    eggs = make_product(shop, qty=8)
    variant = variant_of(eggs)
    with time_machine.travel(NOON, tick=False):
        orders = [place_order(eggs, qty) for qty in (1, 2, 3)]
        for units in takes:
            with transaction():
                operations.make_room(variant.id, units)
        for _units in restocks:
            with transaction():
                operations.cancel_by_buyer(orders[0], "salah_pesan") if orders[0].state == "placed" else None
            for order in orders:
                try:
                    with transaction():
                        operations.hold_again(order, by=seller)
                except DomainError:
                    db.session.rollback()
        lacking = [
            order.id
            for order in orders
            if order.state in rules.OPEN
            and any(line.qty_held < line.qty_agreed for line in queries.list_lines(order.id))
        ]
        assert [order.id for order in orders if order.at_risk] == lacking
        assert sorted(each.id for each in waits.list_at_risk(shop.id)) == lacking

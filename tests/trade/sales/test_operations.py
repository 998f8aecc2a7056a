"""The sales book: written once, taken back in parts, summed in one way."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.core.db import db, transaction
from app.kit.periods import WIB
from app.kit.rupiah import Rupiah
from app.trade.orders import links
from app.trade.orders import operations as orders
from app.trade.sales import operations, queries
from app.trade.sales.models import CHANNELS, SaleEvidence
from app.trade.sales.operations import KeyReused, TooMuchBack
from app.trade.sales.rules import FAR_ABOVE_USUAL, Sale, SoldLine, SoldOrder
from tests.factories.goods import make_product, variant_of
from tests.factories.people import DESA, OTHER_DESA, REGENCY, make_account
from tests.factories.trade import PHONE, handed_order, make_stall, ready_order

MONDAY = date(2026, 11, 16)


@pytest.fixture
def stall(app):
    return make_stall()


@pytest.fixture
def seller(stall):
    return stall[0]


@pytest.fixture
def eggs(stall):
    return make_product(stall[1], qty=100, price=19_000)


def sell(eggs, order_id: int, day: date, qty: int = 1, amount: int = 19_000):
    lines = (SoldLine(1, variant_of(eggs).id, qty, Rupiah(amount)),)
    sold = SoldOrder(order_id, eggs.shop_id, REGENCY, day, lines, by_id=1)
    with transaction():
        return operations.record_online(sold, grade="C", reason="tanpa kode")[0]


def test_an_order_enters_the_book_once(eggs):
    first, again = sell(eggs, 7, MONDAY), sell(eggs, 7, MONDAY)

    assert first.id == again.id
    assert first.client_uuid == "order:7:line:1"
    assert queries.takings(eggs.shop_id, MONDAY, MONDAY) == Rupiah(19_000)


def test_a_week_is_monday_to_sunday_beside_the_week_before(eggs):
    for number, (days, amount) in enumerate([(-8, 1), (-7, 2), (-1, 4), (0, 8), (0, 16), (6, 32), (7, 64)], start=1):
        sell(eggs, number, MONDAY + timedelta(days=days), amount=amount)

    week = queries.week_takings(eggs.shop_id, MONDAY + timedelta(days=3))

    assert week.first == MONDAY
    assert [each.amount for each in week.days] == [24, 0, 0, 0, 0, 0, 32]
    assert (week.total, week.last_week) == (Rupiah(56), Rupiah(6))
    assert queries.week_takings(make_stall()[1].id, MONDAY).total == Rupiah(0)


def test_parts_are_taken_back_until_nothing_is_left(eggs, seller):
    sale = sell(eggs, 7, MONDAY, qty=3, amount=20_000)

    with transaction():
        first = operations.reverse(sale, 1, by=seller, key="one")
    with transaction():
        assert operations.reverse(sale, 1, by=seller, key="one").id == first.id
    with transaction():
        second = operations.reverse(sale, 2, by=seller, key="two")
    with pytest.raises(TooMuchBack), transaction():
        operations.reverse(sale, 1, by=seller, key="three")

    assert (first.qty, first.amount, first.sold_on) == (-1, Rupiah(-6_666), MONDAY)
    assert (second.qty, second.amount) == (-2, Rupiah(-13_334))
    assert queries.takings(eggs.shop_id, MONDAY, MONDAY) == Rupiah(0)


@pytest.mark.parametrize("qty", [0, -1, 4])
def test_more_than_was_sold_is_not_taken_back(eggs, seller, qty):
    sale = sell(eggs, 7, MONDAY, qty=3, amount=57_000)

    with pytest.raises(TooMuchBack), transaction():
        operations.reverse(sale, qty, by=seller, key="x")


def test_a_reversal_is_not_reversed(eggs, seller):
    sale = sell(eggs, 7, MONDAY, qty=3, amount=57_000)
    with transaction():
        back = operations.reverse(sale, 1, by=seller, key="x")

    with pytest.raises(TooMuchBack), transaction():
        operations.reverse(back, 1, by=seller, key="y")


def test_the_newest_evidence_counts(eggs):
    sale = sell(eggs, 7, MONDAY)
    for grade in ("A", "B"):
        with transaction():
            operations.add_evidence(sale, grade, "diperiksa", by_id=1)

    assert (queries.grade_of(sale.id), sale.grade) == ("B", "C")


def test_a_sale_just_after_midnight_belongs_to_the_new_day(eggs, seller):
    with time_machine.travel(WIB.at(MONDAY) - timedelta(seconds=1), tick=False):
        before = handed_order(eggs, seller)
    with time_machine.travel(WIB.at(MONDAY) + timedelta(seconds=1), tick=False):
        after = handed_order(eggs, seller)

    days = [queries.list_of_source("order", order.id)[0].sold_on for order in (before, after)]
    assert days == [MONDAY - timedelta(days=1), MONDAY]


@pytest.mark.parametrize("table", ["sale_record", "sale_evidence", "stock_movement", "order_event", "money_entry"])
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id + 1000", "DELETE FROM {}"])
def test_no_program_rewrites_the_books(eggs, seller, table, act):
    handed_order(eggs, seller)

    with pytest.raises(DBAPIError, match="append-only"), transaction():
        db.session.execute(text(act.format(table)))


def note(eggs, key: str = "nota-1", **given: object) -> Sale:
    """A sale as the notebook writes it."""
    facts = {
        "key": key, "shop_id": eggs.shop_id, "regency_code": REGENCY, "qty": 2, "amount": Rupiah(20_000),
        "sold_on": MONDAY, "channel": "manual", "grade": "D", "reason": "catatan sendiri", "source": ("notebook", None),
        "free_text": "Rengginang",
    }  # fmt: skip
    return Sale(**(facts | given))


def write(*sales: Sale, by_id: int = 1):
    with transaction():
        return operations.record(sales, by_id=by_id)


def test_any_channel_writes_through_the_same_door_and_once(eggs):
    notes = [
        note(eggs, f"nota-{channel}", channel=channel, source=(channel, number))
        for number, channel in enumerate(CHANNELS)
    ]
    first, again = write(*notes), write(*notes)

    assert [each.id for each in again] == [each.id for each in first]
    assert [(each.channel, each.source_id) for each in first] == [(name, place) for place, name in enumerate(CHANNELS)]
    assert queries.takings(eggs.shop_id, MONDAY, MONDAY) == Rupiah(20_000 * len(CHANNELS))


@pytest.mark.parametrize(
    "other",
    [
        {"qty": 3},
        {"amount": Rupiah(1)},
        {"sold_on": MONDAY - timedelta(days=1)},
        {"channel": "government"},
        {"free_text": "Opak"},
        {"source": ("bazaar", 1)},
    ],
)
def test_a_key_that_stands_for_something_else_is_refused_and_nothing_is_kept(eggs, other):
    write(note(eggs))

    with pytest.raises(KeyReused):
        write(note(eggs, "nota-2"), note(eggs, **other))

    assert queries.takings(eggs.shop_id, MONDAY, MONDAY) == Rupiah(20_000)


def test_the_key_of_a_reversal_that_took_back_something_else_is_refused(eggs, seller):
    sale = sell(eggs, 7, MONDAY, qty=3, amount=30_000)
    with transaction():
        operations.reverse(sale, 1, by=seller, key="one")

    with pytest.raises(KeyReused), transaction():
        operations.reverse(sale, 2, by=seller, key="one")


def test_a_batch_in_any_order_and_twice_over_is_the_same_book(eggs):
    batch = [note(eggs, f"nota-{number}", amount=Rupiah(number)) for number in range(1, 8)]
    write(*batch[3:], *batch[:2])
    write(*reversed(batch))
    write(*batch)

    assert queries.takings(eggs.shop_id, MONDAY, MONDAY) == Rupiah(28)


def test_a_sale_ten_times_the_usual_is_marked_for_a_look_and_not_refused(eggs):
    write(*(note(eggs, f"nota-{number}", amount=Rupiah(20_000), grade="C") for number in range(5)))
    usual, large = write(
        note(eggs, "nota-u", amount=Rupiah(200_000), grade="C"), note(eggs, "nota-l", amount=Rupiah(200_001), grade="C")
    )

    assert (queries.grade_of(usual.id), queries.grade_of(large.id), large.grade) == ("C", "D", "C")
    reasons = select(SaleEvidence.reason).where(SaleEvidence.sale_id == large.id).order_by(SaleEvidence.id)
    assert db.session.scalars(reasons).all() == ["catatan sendiri", FAR_ABOVE_USUAL]


@pytest.mark.parametrize(("days", "grade"), [(365, "D"), (366, "C")])
def test_what_is_usual_is_what_she_sold_within_a_year(eggs, days, grade):
    write(*(note(eggs, f"nota-{number}", sold_on=MONDAY - timedelta(days=days)) for number in range(5)))
    (large,) = write(note(eggs, "nota-l", amount=Rupiah(900_000), grade="C"))

    assert queries.grade_of(large.id) == grade


def test_what_was_taken_back_makes_nothing_else_unusual(eggs, seller):
    for sale in write(*(note(eggs, f"nota-{number}", grade="C") for number in range(5))):
        with transaction():
            operations.reverse(sale, 2, by=seller, key=f"balik-{sale.id}")
    (like,) = write(note(eggs, "nota-l", grade="C"))

    assert queries.grade_of(like.id) == "C"


def test_a_reversal_has_the_evidence_of_its_original(eggs, seller):
    sale = sell(eggs, 7, MONDAY, qty=3, amount=30_000)
    with transaction():
        back = operations.reverse(sale, 1, by=seller, key="one")
    with transaction():
        operations.add_evidence(sale, "A", "kode pembeli", by_id=1)

    assert queries.grades_of([sale.id, back.id]) == {sale.id: "A", back.id: "A"}


def test_the_book_is_not_written_outside_a_transaction(eggs):
    with pytest.raises(RuntimeError):
        operations.record([note(eggs)], by_id=1)


def test_an_order_from_her_own_number_or_that_of_her_pendamping_is_weak_evidence(eggs, seller):
    helper, far = make_account("pendamping", areas=[DESA]), make_account("pendamping", areas=[OTHER_DESA])
    for phone, grade in ((PHONE, "A"), (seller.phone, "D"), (helper.phone, "D"), (far.phone, "A")):
        order = ready_order(eggs, seller, phone=phone)
        with transaction():
            orders.hand_over(order, by=seller, code=links.handover_code(order.code))

        sale = queries.list_of_source("order", order.id)[0]
        assert queries.grade_of(sale.id) == grade
        with transaction():
            orders.confirm_received(order)
        assert queries.grade_of(sale.id) == grade

"""The books of orders and money recomputed from their rows; each question is one the database answers by itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Select, String, and_, case, cast, func, literal, or_, select, tuple_, type_coerce
from sqlalchemy.orm import aliased

from app.core.books import Finding, book
from app.core.db import db
from app.goods.products.models import Product
from app.goods.stock.models import CapacityDay, Stock, StockMovement
from app.trade.orders import rules, uniques
from app.trade.orders.models import MoneyEntry, Order, OrderEvent, OrderLine
from app.trade.sales.models import SaleRecord

# What the key of an entry begins with; the order stands behind it.
KEYS = ("claim", "came", "back", "order")


def _rows(table: str, query: Select[Any], why: str) -> list[Finding]:
    return [Finding(table, row[0], why) for row in db.session.execute(query)]


def _all(*found: Iterable[Finding]) -> list[Finding]:
    return [finding for each in found for finding in each]


@book("pesanan")
def check_orders() -> list[Finding]:
    """Find orders whose state, events, holds, totals or seller contradict each other."""
    return _all(_events(), _holds(), _promises(), _days(), _totals(), _sellers(), _clocks())


def _events() -> list[Finding]:
    known = [(step.before, step.after) for step in rules.STEPS]
    return broken_lives(Order, OrderEvent, OrderEvent.order_id, known)


def broken_lives(subject: Any, event: Any, whose: Any, known: Iterable[tuple[str, str]]) -> list[Finding]:
    """Find subjects whose events are no chain of known steps (before, after) that leads to where they stand.

    Args:
        subject: has `state`.
        event: has `from_state` and `to_state`; `whose` is its column that leads to the subject.
    """
    before = func.lag(event.to_state).over(partition_by=whose, order_by=event.id)
    later = func.lead(event.id).over(partition_by=whose, order_by=event.id)
    told = select(
        event.id, whose.label("whose"), event.from_state, event.to_state,
        func.coalesce(before, "").label("before"), later.label("later"),
    ).subquery()  # fmt: skip
    last = select(told.c.whose, told.c.to_state).where(told.c.later.is_(None)).subquery()
    state = func.coalesce(last.c.to_state, "")
    broken = select(told.c.id).where(told.c.from_state != told.c.before)
    unknown = select(event.id).where(tuple_(event.from_state, event.to_state).not_in(list(known)))
    astray = select(subject.id).join(last, last.c.whose == subject.id, isouter=True).where(subject.state != state)
    return _all(
        _rows(event.__tablename__, broken, "does not go on from the event before"),
        _rows(event.__tablename__, unknown, "is no step that it can make"),
        _rows(subject.__tablename__, astray, "is in a state that its events do not lead to"),
    )


def _holds() -> list[Finding]:
    held = or_(
        and_(Order.state.in_(rules.ENDS), OrderLine.qty_held > 0),
        and_(
            Order.state.in_(rules.OPEN), Order.at_risk.is_(False), OrderLine.qty_held.not_in([0, OrderLine.qty_agreed])
        ),
    )
    moved = (
        select(
            StockMovement.source_id.label("order_id"), StockMovement.variant_id,
            func.sum(StockMovement.reserved_delta).label("held"),
        )
        .where(StockMovement.source_type == "order")
        .group_by(StockMovement.source_id, StockMovement.variant_id)
        .subquery()
    )  # fmt: skip
    same = and_(moved.c.order_id == OrderLine.order_id, moved.c.variant_id == OrderLine.variant_id)
    said = func.coalesce(moved.c.held, 0)
    handed = and_(Order.state == "handed_over", OrderLine.qty_handed != OrderLine.qty_agreed)
    early = and_(Order.state != "handed_over", OrderLine.qty_handed > 0)
    lines = select(OrderLine.id).join(Order, Order.id == OrderLine.order_id)
    return _all(
        _rows("order_line", lines.where(held), "holds what its order must not hold"),
        _rows(
            "order_line",
            lines.join(moved, same, isouter=True).where(OrderLine.qty_held != said),
            "its movements disagree",
        ),
        _rows("order", _wrongly_at_risk(), "is at risk with all its goods, or is not and lacks some"),
        _rows("order_line", lines.where(or_(handed, early)), "was handed over in another number than agreed"),
    )


def _wrongly_at_risk() -> Select[Any]:
    """At risk are exactly the open orders that lack what was held for them; since when is said, once."""
    held = select(StockMovement.source_id).where(
        StockMovement.source_type == "order", StockMovement.kind == "reserve",
        StockMovement.source_id == OrderLine.order_id, StockMovement.variant_id == OrderLine.variant_id,
    )  # fmt: skip
    short = select(OrderLine.id).where(OrderLine.order_id == Order.id, OrderLine.qty_held < OrderLine.qty_agreed)
    lacks = and_(Order.state.in_(rules.OPEN), short.where(held.exists()).exists())
    return select(Order.id).where(or_(Order.at_risk != lacks, Order.at_risk != Order.at_risk_at.is_not(None)))


def _promises() -> list[Finding]:
    held = select(OrderLine.variant_id, func.sum(OrderLine.qty_held).label("held")).group_by(OrderLine.variant_id)
    sums = held.subquery()
    query = select(Stock.variant_id).join(sums, sums.c.variant_id == Stock.variant_id, isouter=True)
    wrong = query.where(Stock.reserved != func.coalesce(sums.c.held, 0))
    return _rows("stock", wrong, "promises another number than orders hold")


def _days() -> list[Finding]:
    """A day of a variant holds exactly what its lines booked; what was turned down books nothing."""
    line = OrderLine
    sums = select(line.variant_id, line.booked_on, func.sum(line.qty_booked).label("booked"))
    booked = sums.where(line.qty_booked > 0).group_by(line.variant_id, line.booked_on).subquery()
    mine = and_(booked.c.variant_id == CapacityDay.variant_id, booked.c.booked_on == CapacityDay.day)
    held = select(CapacityDay.variant_id).join(booked, mine, isouter=True)
    wrong = held.where(CapacityDay.booked != func.coalesce(booked.c.booked, 0))
    lost = select(booked.c.variant_id).join(CapacityDay, mine, isouter=True).where(CapacityDay.day.is_(None))
    kept = select(line.id).join(Order, Order.id == line.order_id).where(line.qty_booked > 0)
    over = kept.where(or_(Order.state.in_(rules.TURNED_DOWN), line.qty_booked != line.qty_agreed))
    return _all(
        _rows("capacity_day", wrong, "holds another number than orders booked"),
        _rows("capacity_day", lost, "lacks a day that orders booked"),
        _rows("order_line", over, "books a day for more or less than was agreed"),
    )


def _totals() -> list[Finding]:
    worth = type_coerce(OrderLine.price, BigInteger) * OrderLine.qty_agreed
    sums = select(OrderLine.order_id, func.sum(worth).label("worth")).group_by(OrderLine.order_id).subquery()
    plain = {
        name: type_coerce(getattr(Order, name), BigInteger)
        for name in ("subtotal", "delivery", "unique_amount", "total")
    }
    whole = plain["subtotal"] + plain["delivery"] + plain["unique_amount"]
    query = select(Order.id).join(sums, sums.c.order_id == Order.id, isouter=True)
    wrong = query.where(or_(plain["subtotal"] != func.coalesce(sums.c.worth, 0), plain["total"] != whole))
    nowhere = select(Order.id).where(plain["delivery"] != 0, Order.to_kecamatan.is_(None))
    collected = select(Order.id).where(Order.method == rules.COD, Order.to_kecamatan.is_(None), ~Order.for_office)
    return _all(
        _rows("order", wrong, "its total is not the sum of its lines"),
        _rows("order", nowhere, "asks for a delivery that leads nowhere"),
        _rows("order", collected, "is paid as it is brought, and nobody brings it"),
    )


def _sellers() -> list[Finding]:
    query = select(OrderLine.id).join(Order, Order.id == OrderLine.order_id)
    query = query.join(Product, Product.id == OrderLine.product_id)
    return _rows("order_line", query.where(Product.shop_id != Order.seller_id), "belongs to another seller")


def _clocks() -> list[Finding]:
    lasting = [and_(Order.state == state, getattr(Order, clock).is_not(None)) for state, clock, _ in rules.LAPSES]
    ended = and_(Order.state.in_(rules.ENDS), or_(*(getattr(Order, clock).is_not(None) for clock in rules.CLOCKS)))
    stuck = and_(Order.state.in_(rules.OPEN), ~or_(*lasting))
    forever = Order.state.in_(rules.ENDS) == Order.ended_at.is_(None)
    return _all(
        _rows("order", select(Order.id).where(or_(ended, stuck)), "its clocks do not fit its state"),
        # Its buyer is forgotten so many days after that moment.
        _rows("order", select(Order.id).where(forever), "has ended at no moment, or goes on after one"),
    )


@book("uang")
def check_money() -> list[Finding]:
    """Find money that contradicts the goods: more back than came, goods handed over unpaid, answers without a name."""
    amount = type_coerce(MoneyEntry.amount, BigInteger)
    signed = func.sum(amount).filter(MoneyEntry.kind == "payment", MoneyEntry.state == "confirmed")
    back = func.sum(amount).filter(MoneyEntry.kind == "refund", MoneyEntry.state == "confirmed")
    sums = select(
        MoneyEntry.order_id, func.coalesce(signed, 0).label("came"), func.coalesce(back, 0).label("back")
    ).group_by(MoneyEntry.order_id).subquery()  # fmt: skip
    too_much = select(sums.c.order_id).where(sums.c.back > sums.c.came)
    entry = aliased(MoneyEntry)
    worth = func.sum(type_coerce(OrderLine.price, BigInteger) * OrderLine.qty_refunded)
    less = select(OrderLine.order_id, worth.label("worth")).group_by(OrderLine.order_id).subquery()
    handed = select(Order.id).join(sums, sums.c.order_id == Order.id, isouter=True)
    handed = handed.join(less, less.c.order_id == Order.id)
    lacks = func.coalesce(sums.c.came - sums.c.back, 0) < type_coerce(Order.total, BigInteger) - less.c.worth
    unpaid = handed.where(Order.state == "handed_over", lacks).where(
        or_(Order.method.not_in(rules.LATER), Order.unpaid_since.is_(None))
    )
    paid = handed.where(Order.unpaid_since.is_not(None), or_(Order.state != "handed_over", ~lacks))
    nameless = select(entry.id).where((entry.state == "claimed") != entry.answered_at.is_(None))
    early = (
        select(entry.id)
        .join(Order, Order.id == entry.order_id)
        .where(entry.kind == "payment", entry.method.in_(("cash_pickup", "cash_cod")), Order.state != "handed_over")
    )
    early_ready = (
        select(Order.id)
        .join(sums, sums.c.order_id == Order.id, isouter=True)
        .where(Order.state == "ready", Order.method.in_(rules.PREPAY))
        .where(func.coalesce(sums.c.came - sums.c.back, 0) < type_coerce(Order.total, BigInteger))
    )
    return _all(
        _rows("order", early_ready, "is ready before the money that must come ahead"),
        _astray(),
        _uniques(),
        _debts(sums),
        _rows("order", too_much, "more money went back than came"),
        _rows("order", unpaid, "was handed over and not paid in full"),
        _rows("order", paid, "waits for money that came, or is not due"),
        _rows("money_entry", nameless, "is answered by nobody, or answered and still open"),
        _rows("money_entry", early, "cash came before the goods were handed over"),
    )


def _debts(sums: Any) -> list[Finding]:
    """Find debts without a day since when, and days without a debt; while a claim is open nothing is owed yet."""
    units = type_coerce(OrderLine.price, BigInteger) * OrderLine.qty_refunded
    worth = select(func.coalesce(func.sum(units), 0)).where(OrderLine.order_id == Order.id).scalar_subquery()
    due = case((Order.state.in_(rules.TURNED_DOWN), 0), else_=type_coerce(Order.total, BigInteger) - worth)
    left = func.coalesce(sums.c.came - sums.c.back, 0)
    told = select(MoneyEntry.id).where(MoneyEntry.order_id == Order.id, MoneyEntry.state == "claimed")
    query = select(Order.id).join(sums, sums.c.order_id == Order.id, isouter=True)
    silent = and_(Order.owes_since.is_(None), left > due, left > 0, ~told.exists())
    return _all(
        _rows("order", query.where(silent), "owes its buyer money since no day"),
        _rows(
            "order", query.where(Order.owes_since.is_not(None), left <= due), "owes nothing and has a day since when"
        ),
    )


def _astray() -> list[Finding]:
    """Find entries whose key was made for another order."""
    number = cast(MoneyEntry.order_id, String)
    whose = [
        and_(MoneyEntry.key.like(f"{act}:%"), ~MoneyEntry.key.like(literal(f"{act}:") + number + ":%")) for act in KEYS
    ]
    return _rows("money_entry", select(MoneyEntry.id).where(or_(*whose)), "stands with another order than it was for")


def _uniques() -> list[Finding]:
    """Find transfers that cannot be told apart: no amount of their own, or that of another that waits at this shop."""
    amount = type_coerce(Order.unique_amount, BigInteger)
    none = and_(Order.method == uniques.METHOD, ~amount.between(1, uniques.LARGEST))
    some = and_(Order.method != uniques.METHOD, amount != 0)
    other = aliased(Order)
    both = and_(other.seller_id == Order.seller_id, other.unique_amount == Order.unique_amount, other.id < Order.id)
    waits = [
        and_(each.method == uniques.METHOD, or_(each.state.in_(("placed", "amended")), each.pay_by.is_not(None)))
        for each in (Order, other)
    ]
    same = select(Order.id).join(other, both).where(*waits)
    return _all(
        _rows("order", select(Order.id).where(or_(none, some)), "its unique amount does not fit how it is paid"),
        _rows("order", same, "waits for a transfer of the same amount as another"),
    )


@book("penjualan pesanan")
def check_sales_of_orders() -> list[Finding]:
    """Find orders handed over without their one set of sales, and sales of orders that never happened."""
    sales = (
        select(
            SaleRecord.source_id.label("order_id"), SaleRecord.variant_id,
            func.count().label("records"),
            func.sum(SaleRecord.qty).label("qty"),
            func.sum(type_coerce(SaleRecord.amount, BigInteger)).label("amount"),
        )
        .where(SaleRecord.source_type == "order", SaleRecord.reversal_of.is_(None))
        .group_by(SaleRecord.source_id, SaleRecord.variant_id)
        .subquery()
    )  # fmt: skip
    same = and_(sales.c.order_id == OrderLine.order_id, sales.c.variant_id == OrderLine.variant_id)
    worth = type_coerce(OrderLine.price, BigInteger) * OrderLine.qty_handed
    lines = select(OrderLine.order_id).join(sales, same, isouter=True).where(OrderLine.qty_handed > 0)
    missing = lines.where(
        or_(
            sales.c.records.is_(None),
            sales.c.records != 1,
            sales.c.qty != OrderLine.qty_handed,
            sales.c.amount != worth,
        )
    )
    stray = select(sales.c.order_id).join(OrderLine, same, isouter=True)
    stray = stray.where(or_(OrderLine.id.is_(None), OrderLine.qty_handed == 0))
    seller = select(SaleRecord.id).join(Order, Order.id == SaleRecord.source_id)
    seller = seller.where(SaleRecord.source_type == "order", SaleRecord.seller_id != Order.seller_id)
    told = select(SaleRecord.id).join(Order, Order.id == SaleRecord.source_id)
    told = told.where(SaleRecord.source_type == "order")
    other = told.where((SaleRecord.channel == "government") != Order.for_office)
    return _all(
        _rows("sale_record", other, "stands under another channel than its order"),
        _rows("order", missing, "its sales are not exactly what was handed over"),
        _rows("order", stray, "has sales of goods it never handed over"),
        _rows("sale_record", seller, "belongs to another seller than its order"),
    )

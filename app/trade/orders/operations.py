"""What people and time do with orders. Each act locks the order, checks the version that was shown, and makes exactly
one transition of the table in `rules`; the goods, the clocks and the event follow from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.core import audit, limits
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import DomainError
from app.core.events import emit
from app.core.i18n import _l
from app.core.policy import Actor
from app.goods.stock import operations as stock
from app.kit.rupiah import Rupiah
from app.people.places.queries import settings_of
from app.trade.orders import capacity, links, moving, queries, rules, telling
from app.trade.orders.events import CancelAsked
from app.trade.orders.models import Order, OrderLine
from app.trade.orders.moving import Act, AtRisk, NotNow, NotPaid, Overtaken
from app.trade.orders.paying import (
    AnsweredAlready,
    WrongAmount,
    answer_claim,
    ask_rest,
    claim_payment,
    enter,
    give_refund,
    receive_payment,
    rest_in_cash,
)
from app.trade.orders.placing import EmptyCart, KeyReused, LinesChanged, place
from app.trade.orders.uniques import NoAmountLeft
from app.trade.orders.waiting import TooManyWaiting
from app.trade.orders.waits import CashOnly
from app.trade.sales import operations as sales
from app.trade.sales import queries as sales_queries
from app.trade.sales.rules import OWN_NUMBER, WEAKEST, SoldLine, SoldOrder

__all__ = (
    "AnsweredAlready", "AtRisk", "CashOnly", "EmptyCart", "KeyReused", "LinesChanged", "NoAmountLeft", "NotNow",
    "NotPaid", "Overtaken", "TooManyWaiting", "WrongAmount", "answer_claim", "ask_rest", "claim_payment", "give_refund",
    "place", "receive_payment", "rest_in_cash",
)  # fmt: skip

WRONG_CODES = "handover"
AT_ONCE = 200


class NothingLess(DomainError):
    """The offer is not less than what was ordered, or is nothing at all."""

    status = 422
    text = _l("Kurangi dulu jumlahnya. Tidak ada sama sekali? Pilih Tidak bisa.")


class NoOtherDay(DomainError):
    """A day that is past or too far away, or an order that has its day by a bazaar."""

    status = 422
    text = _l("Pilih hari ini atau sesudahnya, paling lama beberapa minggu lagi.")


class NotAsked(DomainError):
    """The buyer has not asked to cancel."""

    text = _l("Pembeli tidak meminta batal. Pilih alasan lain.")


class UnknownReason(DomainError):
    """Not one of the reasons on the list."""

    status = 422
    text = _l("Pilih alasannya dari daftar.")


def accept(order: Order, *, by: Actor, version: int | None = None) -> None:
    """Let the seller commit herself."""
    moving.make(order, moving.take(order, "accept", version), Act("accept", "seller", by.id))


def offer_less(
    order: Order,
    quantities: Mapping[int, int],
    *,
    by: Actor,
    version: int | None = None,
    day: date | None = None,
) -> None:
    """Offer fewer units (line id → units; lines left out stay whole) or another day; the difference is free at once.

    Raises:
        NothingLess: more than was ordered, nothing at all, or no difference.
        DayFull: as much cannot be made on that day.
        NoOtherDay: the day is past, or it is collected on the day of a bazaar.
    """
    step = moving.take(order, "offer_less", version)
    lines = queries.list_lines(order.id)
    agreed = {line.id: quantities.get(line.id, line.qty_ordered) for line in lines}
    fits = all(0 <= agreed[line.id] <= line.qty_ordered for line in lines) and set(quantities) <= set(agreed)
    is_other = day is not None or any(agreed[line.id] < line.qty_ordered for line in lines)
    if not fits or not is_other or not any(agreed.values()):
        raise NothingLess(order)
    for line in lines:
        line.qty_agreed = agreed[line.id]
    order.subtotal = Rupiah.total(line.price * line.qty_agreed for line in lines)
    order.total = order.subtotal + order.delivery + order.unique_amount
    if day is not None:
        _move_to(order, lines, day)
    moving.make(order, step, Act("offer_less", "seller", by.id, rules.OTHER_DAY if day else ""), lines)


def _move_to(order: Order, lines: list[OrderLine], day: date) -> None:
    """Promise an order for another day."""
    if order.meets or not today(settings_of(order.regency_code).zone) <= day <= capacity.last_day(order):
        raise NoOtherDay(order)
    capacity.move(lines, day)
    order.promised_at = capacity.promised_at(order, day)


def agree(order: Order, *, version: int | None = None) -> None:
    """Let the buyer agree to what the seller offers."""
    moving.make(order, moving.take(order, "agree", version), Act("agree", "buyer"))


def refuse(
    order: Order, reason: str, *, by: Actor, version: int | None = None, left: Mapping[int, int] | None = None
) -> None:
    """Let the seller say no. With the reason `habis`, `left` (variant → units really there) corrects the stock."""
    _known(reason, rules.REFUSALS)
    moving.make(order, moving.take(order, "refuse", version), Act("refuse", "seller", by.id, reason))
    if reason == rules.OUT_OF_STOCK and left:
        mine = {line.variant_id for line in queries.list_lines(order.id)}
        for variant_id in sorted(mine & set(left)):
            stock.correct(variant_id, left[variant_id], by=by, note=order.code)


def mark_ready(order: Order, *, by: Actor, version: int | None = None) -> None:
    """Note that the goods are packed and wait.

    Raises:
        AtRisk: the goods were sold elsewhere meanwhile.
        NotPaid: the money that must come first is not there.
    """
    moving.make(order, moving.take(order, "mark_ready", version), Act("mark_ready", "seller", by.id))


def hand_over(order: Order, *, by: Actor, code: str | None = None, version: int | None = None) -> bool:
    """Hand the goods over and, for cash, note the money in the same act; the sale enters the book.

    What a treasurer pays later is noted when it comes (`receive_payment`).

    The buyer's code makes the evidence A, without it C. Returns False when the code is wrong: the try is counted and
    nothing else happened, so let the transaction commit.

    Raises:
        TooMany: too many wrong codes today; without a code it still works.
    """
    step = moving.take(order, "hand_over", version)
    if code:
        limits.check(WRONG_CODES, order.id)
        if not links.is_handover_code(order.code, code):
            limits.hit(WRONG_CODES, order.id)
            return False
    lines = queries.list_lines(order.id)
    rest = queries.money_of(order, lines).rest
    moving.make(order, step, Act("hand_over", "seller", by.id), lines)
    if order.method not in (*rules.PREPAY, *rules.LATER) and rest.amount > 0:
        enter(order, "payment", rest, state="confirmed", key=f"order:{order.id}:handover", by_id=by.id)
    _write_sale(order, lines, by, with_code=bool(code))
    return True


def _write_sale(order: Order, lines: list[OrderLine], by: Actor, *, with_code: bool) -> None:
    sold = SoldOrder(
        order_id=order.id,
        shop_id=order.seller_id,
        regency_code=order.regency_code,
        sold_on=today(settings_of(order.regency_code).zone),
        lines=tuple(
            SoldLine(line.id, line.variant_id, line.qty_handed, line.price * line.qty_handed)
            for line in lines
            if line.qty_handed
        ),
        by_id=by.id,
        channel="government" if order.for_office else "online",
    )
    grade, reason = ("A", "kode pembeli") if with_code else ("C", "tanpa kode")
    if queries.is_among_themselves(order):
        grade, reason = WEAKEST, OWN_NUMBER
    sales.record_online(sold, grade=grade, reason=reason)


def confirm_received(order: Order) -> None:
    """Let the buyer say that the goods came: from now on the evidence is A. A second time changes nothing.

    Somebody who orders from her own number confirms nothing by it.

    Raises:
        NotNow: the goods were not handed over.
    """
    db.session.refresh(order, with_for_update=True)
    if order.state != "handed_over":
        raise NotNow(order, queries.effective(order, now()))
    if queries.is_among_themselves(order):
        return
    records = sales_queries.list_of_source("order", order.id)
    grades = sales_queries.grades_of(record.id for record in records)
    for record in records:
        if grades[record.id] != "A":
            sales.add_evidence(record, "A", "pembeli menyatakan sudah menerima", by_id=0)


def not_collected(order: Order, *, by: Actor, back_to_stock: bool, version: int | None = None) -> None:
    """Note that nobody came; what did not keep is written off."""
    act = Act("not_collected", "seller", by.id, back_to_stock=back_to_stock)
    moving.make(order, moving.take(order, "not_collected", version), act)


def cancel_by_buyer(order: Order, reason: str, *, version: int | None = None) -> None:
    """Let the buyer cancel what is not packed yet; nobody has to agree.

    Raises:
        NotNow: it is packed already (ask_cancel), or over.
    """
    _known(reason, rules.BUYER_REASONS)
    moving.make(order, moving.take(order, "cancel_by_buyer", version), Act("cancel_by_buyer", "buyer", reason=reason))


def ask_cancel(order: Order) -> None:
    """Let the buyer ask to cancel what is packed; the seller decides.

    Raises:
        NotNow: it is not waiting to be picked up.
    """
    db.session.refresh(order, with_for_update=True)
    state = queries.effective(order, now())
    if state != "ready":
        raise NotNow(order, state)
    if order.cancel_asked_at is None:
        order.cancel_asked_at = now()
        order.version += 1
        db.session.flush()
        emit(CancelAsked(order.id, order.seller_id))
        telling.tell_seller(order, "cancel_asked")


def cancel_by_seller(
    order: Order, reason: str, *, by: Actor, back_to_stock: bool = True, version: int | None = None
) -> None:
    """Let the seller end an order she had accepted.

    Raises:
        NotAsked: the reason says that the buyer wished it, and the buyer did not.
    """
    _known(reason, rules.SELLER_REASONS)
    step = moving.take(order, "cancel_by_seller", version)
    if reason == rules.ASKED_BY_BUYER and order.cancel_asked_at is None:
        raise NotAsked(order)
    moving.make(order, step, Act("cancel_by_seller", "seller", by.id, reason, back_to_stock=back_to_stock))


def cancel_by_admin(order: Order, reason: str, *, by: Actor, note: str = "", version: int | None = None) -> None:
    """Let the office end an order; buyer and seller read the reason and the sentence beside it."""
    _known(reason, rules.OFFICE_REASONS)
    act = Act("cancel_by_admin", "admin", by.id, reason, note)
    moving.make(order, moving.take(order, "cancel_by_admin", version), act)
    audit.record(by, "order.ended", order, reason=reason)


def hold_again(order: Order, *, by: Actor) -> None:
    """Take back the hold of an order whose goods were sold elsewhere, after the seller has restocked; twice is once.

    Raises:
        SoldOut: there is still too little.
        NotNow: it has ended.
    """
    db.session.refresh(order, with_for_update=True)
    state = queries.effective(order, now())
    if state not in rules.OPEN:
        raise NotNow(order, state)
    if not order.at_risk:
        return
    moving.hold_again(order, queries.list_lines(order.id), Act("hold_again", "seller", by.id))
    order.at_risk, order.at_risk_at = False, None
    order.version += 1
    db.session.flush()


def make_room(variant_id: int, units: int) -> list[int]:
    """Free units that were sold elsewhere already: the newest orders lose their hold and become at risk.

    Physical truth wins, but never silently. Returns the orders, and leaves less free than asked when no more is held.
    """
    orders = queries.lock_all(queries.list_holders(variant_id), wait=True)
    at_risk: list[int] = []
    for order in sorted(orders, key=lambda each: -each.id):
        if stock.free(variant_id) >= units:
            break
        line = next(line for line in queries.list_lines(order.id) if line.variant_id == variant_id)
        stock.release(variant_id, line.qty_held, source=("order", order.id))
        line.qty_held, order.at_risk, order.version = 0, True, order.version + 1
        order.at_risk_at = order.at_risk_at or now()
        telling.tell_seller(order, "at_risk")
        at_risk.append(order.id)
    db.session.flush()
    return at_risk


def expire_due(limit: int = AT_ONCE) -> int:
    """Write down what time has ended; returns how many orders that were."""
    return moving.end_overdue(queries.list_overdue(now(), limit), wait=False)


def _known(reason: str, reasons: tuple[str, ...]) -> None:
    if reason not in reasons:
        raise UnknownReason(reason)

"""The one door through which an order changes its state: lock, look, move the goods, start the clocks, write the event.

Locks are always taken orders first, then stock, each by ascending id, so that no two of us wait for each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString

from app.core.clock import now
from app.core.db import db
from app.core.errors import DomainError, StaleVersion
from app.core.events import emit
from app.core.i18n import _l
from app.core.policy import Actor
from app.goods.stock import operations as stock
from app.goods.stock import queries as stock_queries
from app.goods.stock.rules import Cause
from app.trade.orders import capacity, homing, meeting, queries, rules, telling
from app.trade.orders.events import OrderMoved
from app.trade.orders.models import Order, OrderEvent, OrderLine
from app.trade.orders.rules import Step

IS_NOW = {
    "placed": _l("Pesanan ini masih menunggu jawaban penjual."),
    "amended": _l("Pesanan ini menunggu jawaban pembeli."),
    "accepted": _l("Pesanan ini sudah diterima penjual."),
    "ready": _l("Pesanan ini sudah siap diambil."),
    "handed_over": _l("Pesanan ini sudah selesai."),
    "refused": _l("Pesanan ini sudah ditolak penjual."),
    "cancelled_buyer": _l("Pesanan ini sudah dibatalkan pembeli."),
    "cancelled_seller": _l("Pesanan ini sudah dibatalkan penjual."),
    "cancelled_admin": _l("Pesanan ini sudah dibatalkan petugas."),
    "expired_silent": _l("Waktu menjawab pesanan ini sudah habis."),
    "expired_unpaid": _l("Waktu bayar pesanan ini sudah habis."),
    "expired_amend": _l("Waktu menjawab tawaran ini sudah habis."),
    "not_collected": _l("Waktu mengambil pesanan ini sudah habis."),
}
IS_NOW_BROUGHT = {
    "ready": _l("Pesanan ini sudah siap diantar."),
    "not_collected": _l("Waktu mengantar pesanan ini sudah habis."),
}


def _is_now(order: Order, state: str) -> LazyString:
    return (IS_NOW_BROUGHT if order.goes_out else IS_NOW).get(state, IS_NOW[state])


class NotNow(DomainError):
    """The order has moved on, and this act no longer fits; `state` is where it stands."""

    def __init__(self, order: Order, state: str) -> None:
        super().__init__(order)
        self.state = state
        self.text = _is_now(order, state)


class Overtaken(StaleVersion):
    """Something came in between while this page was open; where the order stands may still be the same."""

    text = _l("Ada yang berubah sejak halaman ini dibuka. %(now)s")

    def __init__(self, order: Order, state: str) -> None:
        super().__init__(order, now=_is_now(order, state))
        self.state = state


class AtRisk(DomainError):
    """The goods of this order were sold elsewhere."""

    text = _l("Barang pesanan ini sudah terjual di tempat lain. Tambah stok dulu, atau batalkan pesanan.")


class NotPaid(DomainError):
    """The money has not come yet, or not the right amount."""

    text = _l("Uangnya belum pas. Periksa pembayarannya dulu.")


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts and what is said with it."""

    name: str
    who: str
    by_id: int = 0
    reason: str = ""
    note: str = ""
    back_to_stock: bool = True


def take(order: Order, act: str, version: int | None = None) -> Step:
    """Lock an order for one act and return the transition it makes.

    Raises:
        Overtaken: it is no longer the version that was shown.
        NotNow: its state, or time, does not allow the act.
    """
    db.session.refresh(order, with_for_update=True)
    state = queries.effective(order, now())
    if version is not None and version != order.version:
        raise Overtaken(order, state)
    step = rules.find_step(act, order.state)
    if step is None or state != order.state:
        raise NotNow(order, state)
    return step


def make(order: Order, step: Step, act: Act, lines: list[OrderLine] | None = None) -> None:
    """Make a transition of a locked order: guards, goods, clocks, one event."""
    if act.who not in step.who:
        raise NotNow(order, order.state)
    lines = queries.list_lines(order.id) if lines is None else lines
    _guard(order, step, lines)
    move_goods(order, step.stock, lines, act)
    write(order, step, act, lines)


def _guard(order: Order, step: Step, lines: list[OrderLine]) -> None:
    if "safe" in step.needs and order.at_risk:
        raise AtRisk(order)
    pays_ahead = "paid_ahead" in step.needs and order.method in rules.PREPAY
    if pays_ahead and queries.money_of(order, lines).status != "settled":
        raise NotPaid(order)


def write(order: Order, step: Step, act: Act, lines: list[OrderLine]) -> None:
    """Write where an order stands now, start and stop its clocks, and append its event."""
    moment = now()
    start_clocks(order, step, moment, lines)
    order.state = step.after
    order.version += 1
    order.ended_at = moment if step.after in rules.ENDS else None
    if step.after in rules.ENDS:
        order.at_risk, order.at_risk_at = False, None
    if step.after in rules.TURNED_DOWN or order.owes_since or order.method in rules.LATER:
        note_debt(order, lines)
    db.session.add(
        OrderEvent(
            order_id=order.id, from_state=step.before, to_state=step.after, actor_kind=act.who,
            actor_id=act.by_id, reason=act.reason, note=act.note, at=moment,
        )
    )  # fmt: skip
    db.session.flush()
    emit(OrderMoved(order.id, order.seller_id, step.before, step.after))
    telling.tell_moved(order, step.before, act.who)


def note_debt(order: Order, lines: list[OrderLine]) -> None:
    """Keep since when the seller has money of the buyer's, or waits for it, so that what takes too long is found."""
    status = queries.money_of(order, lines).status
    order.owes_since = (order.owes_since or now()) if status in rules.OWING else None
    order.unpaid_since = (order.unpaid_since or now()) if rules.is_unpaid(order.state, status) else None


def start_clocks(order: Order, step: Step, moment: datetime, lines: list[OrderLine]) -> None:
    """Let exactly the clocks of a step run."""
    hours, pays = queries.hours_of(order.regency_code), False
    homing.leave_when_over(order, hours, moment)
    if step.after == "accepted":
        order.promised_at = rules.promise(moment, order.promised_at, hours)
        pays = order.method in rules.PREPAY and queries.money_of(order, lines, state="accepted").status == "none"
    promised_at = order.promised_at or moment
    ends = rules.clocks(step, moment, hours, promised_at=promised_at, pays=pays)
    if order.meet_from and order.meet_until:
        ends = meeting.bounded(ends, order.meet_from, hours.over(order.meet_until))
    if order.for_office:
        latest = hours.after(max(moment, promised_at), hours.collect)
        ends = meeting.before(ends, promised_at) | {"collect_by": ends["collect_by"] and latest}
    for name, end in ends.items():
        setattr(order, name, end)


def pay_until(order: Order, moment: datetime) -> datetime:
    """Return until when money must come, beginning now."""
    hours = queries.hours_of(order.regency_code)
    wanted = hours.after(moment, hours.pay)
    return min(wanted, hours.over(order.meet_until)) if order.meet_until else wanted


def move_goods(order: Order, effect: str, lines: list[OrderLine], act: Act) -> None:
    """Do to the stock what a step asks for; afterwards `qty_held` says what each line still holds."""
    cause = Cause("order", order.id, by_id=act.by_id)
    held = {line.variant_id: line.qty_held for line in lines if line.qty_held}
    if effect == "keep":
        return
    if effect == "hold":
        come_back(order, lines, act)
        return
    if effect == "shrink":
        spare = {line.variant_id: max(0, line.qty_held - line.qty_agreed) for line in lines}
        stock.move_all("release", spare, cause)
    elif effect == "sell":
        stock.move_all("sell", held, cause)
    else:
        stock.move_all("release", held, cause)
        if effect == "ask" and not act.back_to_stock:
            stock.move_all("waste", held, cause)
    for line in lines:
        line.qty_left = line.qty_held if effect == "later" else 0
        line.qty_held = min(line.qty_held, line.qty_agreed) if effect == "shrink" else 0
        if effect == "sell":
            line.qty_handed = line.qty_agreed
    if effect != "sell":
        # What was handed over was made on its day, and that day stays taken.
        capacity.release(lines, lambda line: line.qty_agreed if effect == "shrink" else 0)
    if effect == "shrink" and order.at_risk and not _short(order, lines):
        order.at_risk, order.at_risk_at = False, None


def _short(order: Order, lines: list[OrderLine]) -> bool:
    """Tell whether goods that were held for an order are missing."""
    promised = queries.once_held(order.id)
    return any(line.qty_held < line.qty_agreed for line in lines if line.variant_id in promised)


def come_back(order: Order, lines: list[OrderLine], act: Act) -> None:
    """Take goods and days for an order that comes to life again, all of it or nothing.

    Raises:
        SoldOut: others have them now.
    """
    capacity.book_again(order, lines)
    try:
        hold_again(order, lines, act)
    except stock.SoldOut:
        capacity.release(lines, lambda line: 0)
        raise


def hold_again(order: Order, lines: list[OrderLine], act: Act) -> None:
    """Take what is missing of the holds, all of it or nothing.

    What was held once and is counted no longer is made for this order: it comes in as it is held.

    Raises:
        SoldOut: others have it now.
    """
    counted, promised = stock_queries.available(line.variant_id for line in lines), queries.once_held(order.id)
    missing = {
        line.variant_id: line.qty_agreed - line.qty_held
        for line in lines
        if line.variant_id in {*counted, *promised} and line.qty_agreed > line.qty_held
    }
    made = {variant_id: qty for variant_id, qty in missing.items() if variant_id not in counted}
    stock.move_all("restock", made, Cause("order", order.id, by_id=act.by_id))
    stock.reserve(missing, source=("order", order.id), by_id=act.by_id)
    for line in lines:
        line.qty_held += missing.get(line.variant_id, 0)


def end_overdue(order_ids: Iterable[int], *, wait: bool = True) -> int:
    """Write down what time has done to these orders; without `wait`, those that somebody works on are left to them."""

    def lapsed(order: Order) -> tuple[Step, Act] | None:
        step = queries.lapse(order, now())
        return (step, Act(step.act, "time", reason=rules.REASONS.get(step.act, ""))) if step else None

    return len(_end_each(order_ids, lapsed, wait=wait))


def end_at_bazaar(bazaar_id: int, *, by: Actor | None) -> Counter[int]:
    """End every open order that was to be collected at a bazaar which will not be; returns how many by shop."""

    def called_off(order: Order) -> tuple[Step, Act] | None:
        step = rules.find_step("cancel_by_admin", order.state)
        open_still = order.meets and queries.effective(order, now()) == order.state
        return (step, Act("cancel_by_admin", "admin", by.id if by else 0, meeting.OFF)) if step and open_still else None

    ended = _end_each(queries.list_meeting_at(bazaar_id, None), called_off, wait=True)
    return Counter(order.seller_id for order in ended)


def _end_each(order_ids: Iterable[int], how: Callable[[Order], tuple[Step, Act] | None], *, wait: bool) -> list[Order]:
    """Lock these orders and their goods, and end those for which `how` names a step; returns them."""
    orders = queries.lock_all(order_ids, wait=wait)
    lines = {order.id: queries.list_lines(order.id) for order in orders}
    stock.lock(line.variant_id for each in lines.values() for line in each if line.qty_held)
    capacity.lock(line for each in lines.values() for line in each)
    ended = []
    for order in orders:
        if found := how(order):
            make(order, *found, lines[order.id])
            ended.append(order)
    return ended

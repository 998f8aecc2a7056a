"""Money as people state it: claims, answers, refunds. Entries are appended, answered once, and never changed after.

The platform holds no money; these rows only say what seller and buyer told us.
"""

from __future__ import annotations

from sqlalchemy import select

from app.core.clock import now
from app.core.db import db
from app.core.errors import DomainError
from app.core.events import emit
from app.core.i18n import _l
from app.core.policy import Actor
from app.goods.stock.operations import SoldOut
from app.kit.rupiah import ZERO, Rupiah
from app.trade.orders import moving, queries, rules, telling
from app.trade.orders.events import PaymentClaimed
from app.trade.orders.models import MoneyEntry, Order
from app.trade.orders.moving import Act, NotNow


class AnsweredAlready(DomainError):
    """This claim was answered before."""

    text = _l("Pembayaran ini sudah dijawab.")


class WrongAmount(DomainError):
    """An amount of nothing, or more back than was paid."""

    status = 422
    text = _l("Jumlah uangnya tidak cocok dengan pesanan ini.")


def find_entry(key: str) -> MoneyEntry | None:
    """Return the entry that a key has made, or None."""
    return db.session.scalar(select(MoneyEntry).where(MoneyEntry.key == key))


def enter(order: Order, kind: str, amount: Rupiah, *, state: str, key: str, by_id: int) -> MoneyEntry:
    """Append one entry; the same key gives the same entry again."""
    if amount.amount <= 0:
        raise WrongAmount(order)
    known = find_entry(key)
    if known is not None:
        if (known.order_id, known.kind, known.amount) != (order.id, kind, amount):
            raise AnsweredAlready(known)
        return known
    answered = {"answered_by_id": by_id, "answered_at": now()} if state == "confirmed" else {}
    entry = MoneyEntry(
        order_id=order.id, key=key, kind=kind, method=order.method, amount=amount, state=state, by_id=by_id, **answered
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def claim_payment(order: Order, amount: Rupiah, *, key: str) -> MoneyEntry:
    """Note that the buyer says money was sent; until the seller answers, time does not end the order for want of it.

    Raises:
        NotNow: this order takes no money ahead.
    """
    _takes_money(order)
    if (known := find_entry(key)) is not None:
        return enter(order, "payment", amount, state=known.state, key=key, by_id=0)
    entry = enter(order, "payment", amount, state="claimed", key=key, by_id=0)
    order.pay_by = None
    order.version += 1
    db.session.flush()
    emit(PaymentClaimed(order.id, entry.id))
    telling.tell_seller(order, "claimed")
    return entry


def answer_claim(entry: MoneyEntry, *, by: Actor, confirmed: bool) -> None:
    """Let the seller say whether the money is there; a late payment revives the order when its goods still are.

    Raises:
        AnsweredAlready: the claim was answered before.
    """
    order, by_id = queries.get_order(entry.order_id), by.id
    db.session.refresh(order, with_for_update=True)
    db.session.refresh(entry)
    if entry.state != "claimed":
        raise AnsweredAlready(entry)
    # In one UPDATE: after it the database lets nobody touch the entry again.
    entry.state, entry.answered_by_id, entry.answered_at = "confirmed" if confirmed else "rejected", by_id, now()
    order.version += 1
    db.session.flush()
    _after_money(order, by)


def receive_payment(order: Order, amount: Rupiah, *, by: Actor, key: str) -> MoneyEntry:
    """Let the seller say that money came, claim or not.

    Raises:
        NotNow: the order takes no money ahead, or none yet.
    """
    _takes_money(order)
    entry = enter(order, "payment", amount, state="confirmed", key=key, by_id=by.id)
    order.version += 1
    _after_money(order, by)
    return entry


def _takes_money(order: Order) -> None:
    """Lock an order that money may come for; also one that has ended, since late money must never be lost."""
    db.session.refresh(order, with_for_update=True)
    if queries.lapse(order, now()):
        moving.end_overdue([order.id])
    ahead = order.method in rules.PREPAY and order.state in {"accepted", "ready", *rules.TURNED_DOWN}
    if not ahead and (order.method not in rules.LATER or order.state != "handed_over"):
        raise NotNow(order, order.state)


def _after_money(order: Order, by: Actor) -> None:
    """Set the clock for paying by what the entries say now; bring an unpaid order back when money came late."""
    lines = queries.list_lines(order.id)
    entries = queries.list_entries(order.id)
    status = queries.money_from(order, lines, entries, order.state).status
    if order.state == "accepted":
        order.pay_by = moving.pay_until(order, now()) if status == "none" else None
        db.session.flush()
    elif order.state == "expired_unpaid" and status == "refund_due":
        _revive(order, by)
    moving.note_debt(order, lines)
    db.session.flush()


def _revive(order: Order, by: Actor) -> None:
    step = rules.find_step("revive", order.state)
    assert step is not None
    try:
        moving.make(order, step, Act("revive", "seller", by.id))
    except SoldOut:
        return  # others have the goods now: the money goes back, and the order stays on the list until it did


def give_refund(order: Order, amount: Rupiah, *, by: Actor, key: str) -> MoneyEntry:
    """Note that the seller gave money back.

    Raises:
        WrongAmount: more than was paid.
    """
    db.session.refresh(order, with_for_update=True)
    if queries.lapse(order, now()):
        moving.end_overdue([order.id])
    known, lines = find_entry(key), queries.list_lines(order.id)
    money = queries.money_of(order, lines)
    if known is None and (amount > money.paid - money.due or amount.amount <= 0):
        raise WrongAmount(order)
    order.version += known is None
    entry = enter(order, "refund", amount, state="confirmed", key=key, by_id=by.id)
    moving.note_debt(order, lines)
    db.session.flush()
    return entry


def rest_in_cash(order: Order, *, by: Actor) -> None:
    """Let the buyer pay what is missing in cash when the goods change hands.

    Raises:
        NotNow: nothing is missing, or nothing was paid.
    """
    _partly_paid(order)
    order.method, order.pay_by = rules.COD if order.goes_out else rules.COLLECTED, None
    order.unique_amount, order.total = ZERO, order.subtotal + order.delivery
    order.version += 1
    moving.note_debt(order, queries.list_lines(order.id))
    db.session.flush()


def ask_rest(order: Order, *, by: Actor) -> None:
    """Give the buyer one more time to pay what is missing; then the order ends and the money goes back.

    Raises:
        NotNow: nothing is missing, or nothing was paid.
    """
    _partly_paid(order)
    order.pay_by = moving.pay_until(order, now())
    order.version += 1
    db.session.flush()


def _partly_paid(order: Order) -> None:
    moving.take(order, "mark_ready")
    if order.method not in rules.PREPAY or queries.money_of(order, queries.list_lines(order.id)).status != "partial":
        raise NotNow(order, order.state)

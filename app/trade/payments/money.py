"""What buyer and seller say about the money of one order, each act once however often it is sent.

The rows and rules of money are those of `orders`; here stand the proof that comes with a claim and the order of locks:
first the order, then what is known of the act.
"""

from __future__ import annotations

from app.core import audit, scans
from app.core.clock import now
from app.core.db import db
from app.core.errors import DomainError, NotFound
from app.core.i18n import _l
from app.core.personal import forget_files
from app.core.pictures import Master
from app.core.policy import Actor
from app.kit.rupiah import Rupiah
from app.trade.orders import operations as orders
from app.trade.orders import queries as order_queries
from app.trade.orders.models import MoneyEntry, Order
from app.trade.orders.paying import find_entry
from app.trade.orders.taps import SaidOtherwise
from app.trade.payments import queries
from app.trade.payments.models import PaymentProof

AT_ONCE = 200


class ClaimOpen(DomainError):
    """The seller has not answered the payment that was told before."""

    text = _l("Penjual masih memeriksa pembayaran yang tadi. Tunggu jawabannya dulu.")


class Moved(DomainError):
    """The order or its money has changed since the page was opened."""

    text = _l("Pesanan ini baru berubah. Periksa lagi yang sekarang.")


def claim(order: Order, amount: Rupiah, picture: Master | None, *, key: str) -> MoneyEntry:
    """Note that the buyer says money was sent, with a picture if there is one; the same key is the same claim.

    Raises:
        ClaimOpen: an earlier one waits for its answer.
        NotNow: this order takes no money ahead.
        StorageFull: the disk took no more.
    """
    db.session.refresh(order, with_for_update=True)
    name = f"claim:{order.id}:{key}"
    known = find_entry(name)
    if known is None and any(each.state == "claimed" for each in order_queries.list_entries(order.id)):
        raise ClaimOpen(order)
    entry = orders.claim_payment(order, amount, key=name)
    if known is None and picture is not None:
        db.session.add(PaymentProof(entry_id=entry.id, order_id=order.id, name=scans.keep(picture)))
        db.session.flush()
    return entry


def answer(order: Order, entry_id: int, amount: Rupiah | None, *, by: Actor) -> None:
    """Let the seller say what came of a claim: all of it, another amount, or nothing (None). Twice the same is once.

    An entry never changes once it is answered: another amount turns the claim down and stands beside it as it came.

    Raises:
        AnsweredAlready: it was answered otherwise.
        NotFound: no claim of this order.
    """
    db.session.refresh(order, with_for_update=True)
    entry = db.session.get(MoneyEntry, entry_id, populate_existing=True)
    if entry is None or entry.order_id != order.id or entry.kind != "payment":
        raise NotFound(entry_id)
    other = None if amount in (None, entry.amount) else amount
    key = f"other:{entry.id}"
    if entry.state != "claimed" and _is_so(entry, amount, find_entry(key)):
        return
    orders.answer_claim(entry, by=by, confirmed=amount is not None and other is None)
    if other is not None:
        orders.receive_payment(order, other, by=by, key=key)


def _is_so(entry: MoneyEntry, amount: Rupiah | None, beside: MoneyEntry | None) -> bool:
    """Tell whether a claim was answered just so before."""
    if entry.state == "confirmed":
        return amount == entry.amount
    return amount == (beside.amount if beside else None)


def receive(order: Order, amount: Rupiah, *, key: str, version: int, by: Actor) -> None:
    """Note that money came which nobody told of.

    Raises:
        Moved: it is no longer the order that was shown.
        SaidOtherwise: this key has noted another amount.
        NotNow: the order takes no money ahead.
    """
    name = f"came:{order.id}:{key}"
    if _is_new(order, name, amount, version):
        orders.receive_payment(order, amount, by=by, key=name)


def give_back(order: Order, amount: Rupiah, *, key: str, version: int, by: Actor) -> None:
    """Note that money went back to the buyer.

    Raises:
        Moved: it is no longer the order that was shown.
        SaidOtherwise: this key has noted another amount.
        WrongAmount: more than is hers.
    """
    name = f"back:{order.id}:{key}"
    if _is_new(order, name, amount, version):
        orders.give_refund(order, amount, by=by, key=name)


def go_on(order: Order, *, in_cash: bool, version: int, by: Actor) -> None:
    """Say how the rest of a partly paid order is paid: in cash when it is collected, or asked for once more.

    Raises:
        Moved: it is no longer the order that was shown.
        NotNow: nothing is missing.
    """
    db.session.refresh(order, with_for_update=True)
    if order.version != version:
        raise Moved(order)
    (orders.rest_in_cash if in_cash else orders.ask_rest)(order, by=by)


def _is_new(order: Order, name: str, amount: Rupiah, version: int) -> bool:
    db.session.refresh(order, with_for_update=True)
    known = find_entry(name)
    if known is not None and known.amount == amount:
        return False
    if known is not None:
        raise SaidOtherwise(order, stands=known.amount, said=amount)
    if order.version != version:
        raise Moved(order)
    return True


def note_look(proof: PaymentProof, *, by: Actor) -> None:
    """Write down that somebody of the office looks at a buyer's proof."""
    audit.record(by, "payment.proof_read", proof)


def forget_old() -> int:
    """Delete the pictures of orders that ended long ago and whose claims were answered; returns how many."""
    old = queries.list_old_proofs(now(), AT_ONCE)
    forget_files(private=[each.name for each in old if each.name])
    for each in old:
        each.name, each.deleted_at = None, now()
    db.session.flush()
    return len(old)

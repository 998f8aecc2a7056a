"""Writing the sales book: a line per sale, a negative line to take it back, evidence appended; nothing is changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import Table, insert, select

from app.core import audit
from app.core.clock import now
from app.core.db import advisory_lock, db, writing
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.policy import Actor
from app.people.places.queries import settings_of
from app.trade.sales import queries, rules
from app.trade.sales.models import SaleEvidence, SaleRecord
from app.trade.sales.rules import Sale, SoldOrder

FAR_ABOVE = "book.far_above"
A_YEAR = timedelta(days=365)

_record = cast("Table", SaleRecord.__table__)
_evidence = cast("Table", SaleEvidence.__table__)


class TooMuchBack(DomainError):
    """More would be taken back than was sold."""

    text = _l("Yang dikembalikan tidak bisa lebih dari yang terjual.")


class LookedAt(DomainError):
    """The sale does not wait for a look any more."""

    status = 409
    text = _l("Penjualan ini sudah dilihat, atau sudah ada bukti baru.")


class KeyReused(DomainError):
    """The key of a sale came back with another sale."""

    text = _l("Catatan ini sudah tersimpan dengan isi lain. Buka halamannya lagi, lalu catat.")


def record(sales: Sequence[Sale], *, by_id: int, on_behalf_of_id: int | None = None) -> list[SaleRecord]:
    """Write sales of any channel, each once: a key that is known already gives the line it wrote.

    The shops' books are locked until the transaction ends, so this comes after whatever else it locks: stock first,
    then the book. Sales far above the usual are marked for a look: their evidence is D from then on.

    Raises:
        KeyReused: a key is known, and stands for something else.
    """
    lock_books(sale.shop_id for sale in sales)
    known = queries.find_by_keys(sale.key for sale in sales)
    for sale in sales:
        if sale.key in known and not is_same(known[sale.key], sale):
            raise KeyReused(sale.key)
    fresh = {sale.key: sale for sale in sales if sale.key not in known}
    if fresh:
        since: dict[int, date] = {}
        for sale in fresh.values():
            since[sale.shop_id] = min(sale.sold_on, since.get(sale.shop_id, sale.sold_on))
        usual = {shop_id: queries.list_usual(shop_id, day - A_YEAR) for shop_id, day in since.items()}
        rows = [_row(sale, by_id, on_behalf_of_id) for sale in fresh.values()]
        db.session.connection().execute(insert(_record), rows)
        written = queries.find_by_keys(fresh)
        _prove(fresh, written, usual, by_id)
        known |= written
    return [known[sale.key] for sale in sales]


def record_online(sold: SoldOrder, *, grade: str, reason: str) -> list[SaleRecord]:
    """Write an order that was handed over, a line per variant; the second time it finds the lines and adds nothing."""
    known = queries.list_of_source("order", sold.order_id)
    if known:
        return known
    sales = [
        Sale(
            key=rules.online_key(sold.order_id, line.line_id),
            shop_id=sold.shop_id,
            regency_code=sold.regency_code,
            qty=line.qty,
            amount=line.amount,
            sold_on=sold.sold_on,
            channel=sold.channel,
            grade=grade,
            reason=reason,
            source=("order", sold.order_id),
            variant_id=line.variant_id,
        )
        for line in sold.lines
    ]
    return record(sales, by_id=sold.by_id)


def lock_books(shop_ids: Iterable[int]) -> None:
    """Queue for the books of these shops, in one order; SQLite writers queue already."""
    if not writing():
        raise RuntimeError("a write outside transaction()")
    for key in sorted({rules.lock_key(shop_id) for shop_id in shop_ids}):
        advisory_lock(key)


def _prove(
    fresh: Mapping[str, Sale], written: Mapping[str, SaleRecord], usual: Mapping[int, Sequence[int]], by_id: int
) -> None:
    """Append what each sale leans on, and a mark where it is far above what she usually sells for."""
    proofs = [(written[key].id, sale.grade, sale.reason) for key, sale in fresh.items()]
    proofs += [
        (written[key].id, rules.WEAKEST, rules.FAR_ABOVE_USUAL)
        for key, sale in fresh.items()
        if rules.is_far_above(sale.amount, usual[sale.shop_id], settings_of(sale.regency_code).get(FAR_ABOVE))
    ]
    names = ("sale_id", "grade", "reason")
    rows = [dict(zip(names, proof, strict=True)) | {"by_id": by_id, "at": now()} for proof in proofs]
    db.session.connection().execute(insert(_evidence), rows)


def is_same(known: SaleRecord, sale: Sale) -> bool:
    """Tell whether a line of the book says what this sale says; what it leans on may have grown."""
    held = (known.seller_id, known.variant_id, known.free_text, known.qty, known.amount, known.sold_on, known.channel)
    told = (sale.shop_id, sale.variant_id, sale.free_text, sale.qty, sale.amount, sale.sold_on, sale.channel)
    return held == told and (known.source_type, known.source_id) == sale.source


def _row(sale: Sale, by_id: int, on_behalf_of_id: int | None) -> dict[str, Any]:
    return {
        "client_uuid": sale.key,
        "seller_id": sale.shop_id,
        "regency_code": sale.regency_code,
        "variant_id": sale.variant_id,
        "free_text": sale.free_text,
        "qty": sale.qty,
        "amount": sale.amount,
        "sold_on": sale.sold_on,
        "channel": sale.channel,
        "grade": sale.grade,
        "source_type": sale.source[0],
        "source_id": sale.source[1],
        "reversal_of": None,
        "entered_by_id": by_id,
        "on_behalf_of_id": on_behalf_of_id,
        "at": now(),
    }


def add_evidence(sale: SaleRecord, grade: str, reason: str, *, by_id: int) -> None:
    """Append what is known about a sale; from now on this grade counts, also for what was taken back of it."""
    lock_books([sale.seller_id])
    db.session.execute(insert(_evidence).values(sale_id=sale.id, grade=grade, reason=reason, by_id=by_id, at=now()))


def look(sale: SaleRecord, *, fits: bool, by: Actor) -> None:
    """Say after a look that a sale which stands out fits, so that its evidence counts as before; or let it stay hers.

    Raises:
        LookedAt: it does not wait for a look: somebody was faster, or better evidence came.
    """
    lock_books([sale.seller_id])
    newest = select(SaleEvidence.grade, SaleEvidence.reason).where(SaleEvidence.sale_id == sale.id)
    rows = db.session.execute(newest.order_by(SaleEvidence.id.desc()).limit(2)).all()
    if not rows or rows[0].reason != rules.FAR_ABOVE_USUAL:
        raise LookedAt(sale)
    grade, reason = (rows[-1].grade, rules.LOOKED_FITS) if fits else (rules.WEAKEST, rules.LOOKED_STAYS)
    add_evidence(sale, grade, reason, by_id=by.id)
    audit.record(by, "sale.looked_at", sale, grade=grade)


def reverse(sale: SaleRecord, qty: int, *, by: Actor, key: str, on_behalf_of_id: int | None = None) -> SaleRecord:
    """Take units of a sale back: a negative line, dated as the original. `key` makes a second tap harmless.

    Raises:
        TooMuchBack: fewer units are left.
        KeyReused: the key took back something else.
    """
    # Two who take back at once queue here, so that they cannot take back more than there is.
    lock_books([sale.seller_id])
    known = queries.find_by_keys([key]).get(key)
    if known is not None:
        if (known.reversal_of, known.qty) != (sale.id, -qty):
            raise KeyReused(key)
        return known
    left_qty, left_amount = queries.left_of(sale)
    if not 0 < qty <= left_qty:  # of what was taken back itself, less than nothing is left
        raise TooMuchBack(sale)
    amount = rules.reversal_amount(sale.amount, sale.qty, left_amount, left_qty, qty)
    copied = ("seller_id", "regency_code", "variant_id", "free_text", "sold_on", "channel", "source_type", "source_id")
    reversal = SaleRecord(
        **{name: getattr(sale, name) for name in copied},
        client_uuid=key,
        qty=-qty,
        amount=-amount,
        grade=queries.grade_of(sale.id),
        reversal_of=sale.id,
        entered_by_id=by.id,
        on_behalf_of_id=on_behalf_of_id,
    )
    db.session.add(reversal)
    db.session.flush()
    return reversal

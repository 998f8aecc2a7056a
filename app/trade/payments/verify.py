"""Proofs and ways to be paid recomputed from their rows."""

from __future__ import annotations

from sqlalchemy import Select, and_, or_, select

from app.core.books import Finding, book
from app.core.db import db
from app.kit import qris
from app.trade.orders.models import MoneyEntry
from app.trade.payments.models import PaymentMeans, PaymentProof


@book("cara bayar")
def check_payments() -> list[Finding]:
    """Find proofs that stand with the wrong order, and ways to be paid that cannot be paid."""
    astray = select(PaymentProof.id).join(MoneyEntry, MoneyEntry.id == PaymentProof.entry_id)
    astray = astray.where(or_(MoneyEntry.order_id != PaymentProof.order_id, MoneyEntry.kind != "payment"))
    lost = select(PaymentProof.id).where(PaymentProof.name.is_(None) != PaymentProof.deleted_at.is_not(None))
    empty = select(PaymentMeans.id).where(
        PaymentMeans.is_on,
        or_(
            and_(PaymentMeans.kind == "transfer", PaymentMeans.number_sealed.is_(None)),
            and_(PaymentMeans.kind == "qris", PaymentMeans.payload == ""),
        ),
    )
    return [
        *_rows("payment_proof", astray, "stands with another order than its payment"),
        *_rows("payment_proof", lost, "is neither kept nor deleted"),
        *_rows("payment_means", empty, "is on and leads nowhere"),
        *[Finding("payment_means", each.id, "its code is damaged") for each in _codes() if not _is_whole(each.payload)],
    ]


def _rows(table: str, query: Select[int], why: str) -> list[Finding]:
    return [Finding(table, number, why) for number in db.session.scalars(query)]


def _codes() -> list[PaymentMeans]:
    query = select(PaymentMeans).where(PaymentMeans.kind == "qris", PaymentMeans.payload != "")
    return list(db.session.scalars(query.order_by(PaymentMeans.id)))


def _is_whole(payload: str) -> bool:
    try:
        qris.parse_static(payload)
    except qris.UnreadableQris:
        return False
    return True

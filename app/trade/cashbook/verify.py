"""The cash books recomputed: what may never be true of their rows."""

from __future__ import annotations

from sqlalchemy import BigInteger, or_, select, type_coerce

from app.core.books import Finding, book
from app.core.db import db
from app.trade.cashbook.models import CashEntry


@book("buku kas")
def check_entries() -> list[Finding]:
    """Find reversals that tell another story than their original."""
    original = select(CashEntry).subquery()
    query = select(CashEntry.id).join(original, original.c.id == CashEntry.reversal_of)
    amount, taken = (type_coerce(each, BigInteger) for each in (original.c.amount, CashEntry.amount))
    query = query.where(
        or_(
            original.c.reversal_of.is_not(None),
            original.c.shop_id != CashEntry.shop_id,
            original.c.owner_id != CashEntry.owner_id,
            original.c.kind != CashEntry.kind,
            original.c.on_day != CashEntry.on_day,
            amount + taken != 0,
        )
    )
    return [Finding("cash_entry", row, "the reversal does not match its original") for row in db.session.scalars(query)]

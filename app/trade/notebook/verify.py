"""Statements recomputed: each still says what it was sealed with."""

from __future__ import annotations

from sqlalchemy import select

from app.core.books import Finding, book
from app.core.db import db
from app.trade.notebook.models import SalesStatement

AT_ONCE = 500


@book("surat keterangan")
def check_statements() -> list[Finding]:
    """Find statements whose contents do not match their seal, or whose months are not those they name."""
    query = select(SalesStatement).order_by(SalesStatement.id).execution_options(yield_per=AT_ONCE)
    return [
        Finding("sales_statement", each.id, "it does not say what it was sealed with")
        for each in db.session.scalars(query)
        if each.sha256 != each.sealed()
        or [each.totals[0]["month"], each.totals[-1]["month"]]
        != [each.first_month.isoformat(), each.last_month.isoformat()]
    ]

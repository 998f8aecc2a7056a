"""The sums of reviews recomputed from their rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from app.core.books import Finding, book
from app.core.db import db
from app.trade.orders.models import Order, OrderLine
from app.trade.reviews.models import Review, ReviewSum


@book("ulasan")
def check_reviews() -> list[Finding]:
    """Find sums that are not those of the shown rows, and reviews of goods that nobody got."""
    shown = (
        select(Review.product_id, func.count().label("count"), func.sum(Review.stars).label("total"))
        .where(Review.state == "shown")
        .group_by(Review.product_id)
        .subquery()
    )
    kept = select(ReviewSum.product_id).join(shown, shown.c.product_id == ReviewSum.product_id, isouter=True)
    wrong = or_(ReviewSum.count != func.coalesce(shown.c.count, 0), ReviewSum.total != func.coalesce(shown.c.total, 0))
    lost = select(shown.c.product_id).join(ReviewSum, ReviewSum.product_id == shown.c.product_id, isouter=True)
    got = and_(Order.state == "handed_over", OrderLine.qty_handed > 0, OrderLine.product_id == Review.product_id)
    stray = (
        select(Review.id).join(OrderLine, OrderLine.id == Review.line_id).join(Order, Order.id == OrderLine.order_id)
    )
    return [
        *_rows("review_sum", kept.where(wrong), "is not the sum of the reviews that are shown"),
        *_rows("review_sum", lost.where(ReviewSum.product_id.is_(None)), "is missing"),
        *_rows("review", stray.where(~got), "is about goods that its buyer never got"),
    ]


def _rows(table: str, query: Select[Any], why: str) -> list[Finding]:
    return [Finding(table, row[0], why) for row in db.session.execute(query)]

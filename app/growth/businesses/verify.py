"""The book of businesses recomputed: on no day does a shop belong to two families."""

from __future__ import annotations

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from app.core.books import Finding, book
from app.core.db import db
from app.growth.businesses.models import Business


@book("usaha")
def check_businesses() -> list[Finding]:
    """Find links that share a day on one shop."""
    other = aliased(Business)
    shared = and_(
        or_(Business.ended_on.is_(None), other.started_on <= Business.ended_on),
        or_(other.ended_on.is_(None), Business.started_on <= other.ended_on),
    )
    query = select(Business.id).join(other, (other.shop_id == Business.shop_id) & (other.id > Business.id))
    return [
        Finding("business", number, "shares days on its shop with another family")
        for number in db.session.scalars(query.where(shared).order_by(Business.id))
    ]

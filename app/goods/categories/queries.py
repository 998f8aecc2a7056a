"""Questions about categories and types of business."""

from __future__ import annotations

from sqlalchemy import select

from app.core.db import db
from app.goods.categories.models import BusinessType, Category


def list_categories() -> list[Category]:
    """Return every category, parents and children in the order of the market."""
    return list(db.session.scalars(select(Category).order_by(Category.position, Category.id)))


def list_business_types() -> list[BusinessType]:
    """Return the types of business, by name."""
    return list(db.session.scalars(select(BusinessType).order_by(BusinessType.name)))

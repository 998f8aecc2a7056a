"""Questions about categories and types of business."""

from __future__ import annotations

from sqlalchemy import select

from app.core.db import db
from app.core.errors import NotFound
from app.goods.categories.models import BusinessType, Category, FormerCategory, MarketWord


def list_categories() -> list[Category]:
    """Return every category, parents and children in the order of the market."""
    return list(db.session.scalars(select(Category).order_by(Category.position, Category.id)))


def get_category(category_id: int) -> Category:
    """Return a category.

    Raises:
        NotFound: there is none, or not any more.
    """
    found = db.session.get(Category, category_id)
    if found is None:
        raise NotFound(category_id)
    return found


def find_successor(former: str | int) -> Category | None:
    """Return what a category is now, by the address or the number that it had; None when it never was one."""
    key = FormerCategory.slug == former if isinstance(former, str) else FormerCategory.former_id == former
    query = select(Category).join(FormerCategory, FormerCategory.category_id == Category.id).where(key)
    return db.session.scalars(query.limit(1)).first()


def list_successors() -> dict[str, int]:
    """Map every address that a category once had to the number of what it is now."""
    rows = db.session.execute(select(FormerCategory.slug, FormerCategory.category_id).order_by(FormerCategory.slug))
    return dict(rows.all())


def words_of(kind: str) -> dict[str, str]:
    """Return the words of a kind and what each stands for, in the order of the alphabet."""
    query = select(MarketWord.word, MarketWord.meaning).where(MarketWord.kind == kind)
    return dict(db.session.execute(query.order_by(MarketWord.word)).all())


def list_business_types() -> list[BusinessType]:
    """Return the types of business, by name."""
    return list(db.session.scalars(select(BusinessType).order_by(BusinessType.name)))

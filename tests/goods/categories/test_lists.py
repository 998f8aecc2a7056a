"""The lists that a first start brings: categories on two levels, and types of business that lead to one of them."""

from __future__ import annotations

from sqlalchemy import func, select

from app.core.db import db, transaction
from app.goods.categories import operations
from app.goods.categories.models import BusinessType, Category

# app/data/README.md counts them.
UPPER, LOWER, TYPES = 12, 43, 62


def test_categories_stand_on_two_levels(app):
    known = {each.id: each for each in db.session.scalars(select(Category))}
    upper = {number for number, each in known.items() if each.parent_id is None}

    assert (len(upper), len(known) - len(upper)) == (UPPER, LOWER)
    assert {each.parent_id for each in known.values()} - {None} == upper
    assert all(each.name and each.name_en and each.legality for each in known.values())


def test_every_type_of_business_leads_to_a_category(app):
    slugs = set(db.session.scalars(select(Category.slug)))
    types = list(db.session.scalars(select(BusinessType)))

    assert len(types) == TYPES
    assert {each.category_slug for each in types if each.category_slug} <= slugs
    assert all(each.name and len(each.kbli_code) == 5 for each in types)


def test_a_second_load_stores_nothing(app):
    with transaction():
        assert (operations.load(), operations.load_words()) == (0, 0)

    assert db.session.scalar(select(func.count()).select_from(Category)) == UPPER + LOWER

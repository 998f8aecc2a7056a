"""Which of a shop's papers speak of one wording of a product: what its badges, its label and its gaps rest on."""

from __future__ import annotations

from app.goods.permits import queries as permits
from app.goods.permits.queries import Seal
from app.goods.permits.rules import fitting
from app.goods.products.models import Product, Revision
from app.goods.products.rules import PIG
from app.people.places.queries import settings_of


def bar_of(wording: Revision) -> str:
    """Return the code of why it may not be P-IRT, or needs none, empty when it may."""
    return permits.why_not_pirt(wording.category.legality, wording.name, *keeping_of(wording))


def keeping_of(wording: Revision) -> tuple[str, int | None]:
    """Return where and for how many days it keeps: what its seller says, else what such goods mostly do."""
    category = wording.category
    return wording.storage or category.storage, wording.shelf_life_days or category.shelf_life_days


def holds_pig(wording: Revision) -> bool:
    """Tell whether its maker says that pig is in it or near it: then no paper makes it halal."""
    return bool(PIG & set(wording.warnings or ()))


def kinds_for(wording: Revision) -> frozenset[str]:
    """Return the kinds of papers that speak of it."""
    kinds = fitting(wording.category.legality, bar_of(wording))
    return kinds - {"halal"} if holds_pig(wording) else kinds


def seals_of(product: Product, wording: Revision) -> list[Seal]:
    """Return the papers of its shop that speak of it, are verified, and hold today."""
    kinds = kinds_for(wording)
    seals = permits.list_seals(product.shop_id, settings_of(product.regency_code).zone) if kinds else []
    return [each for each in seals if each.kind in kinds]

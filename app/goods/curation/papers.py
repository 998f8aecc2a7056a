"""Which papers one product needs, and how her own stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import render_template

from app.core.clock import today
from app.core.db import db
from app.core.panels import fill
from app.goods.categories.models import BusinessType
from app.goods.permits import forms, queries, rules
from app.goods.permits.models import Permit
from app.goods.products.models import Revision
from app.goods.products.queries import Item
from app.goods.shops.models import Shop
from app.kit import words
from app.people.places.queries import settings_of


@dataclass(frozen=True)
class Advice:
    """`needs` are (kind, how hers stands: `none` or a state of the day); `why_not` says why it may not be P-IRT."""

    needs: list[tuple[str, str]]
    why_not: str

    @property
    def missing(self) -> list[str]:
        """The kinds that are not in order."""
        return [kind for kind, standing in self.needs if standing not in {"uploaded", "verified"}]


def advise(revision: Revision, shop: Shop) -> Advice:
    """Return what one wording of a shop needs, by its category, its name, how it keeps, and her business."""
    business = db.session.get_one(BusinessType, shop.business_type_slug)
    by_sector, category = queries.papers_by_sector(), revision.category
    is_food = bool(rules.fitting(category.legality))
    name = words.split(revision.name)
    barred = rules.bar(name, *_keeping(revision), queries.bars()) if is_food else ""
    wanted = rules.needed(category.legality, [*by_sector["semua"], *by_sector.get(business.sector, [])], barred)
    held, day = queries.current_of({shop.id})[shop.id], today(settings_of(shop.regency_code).zone)
    needs = [(kind, _standing(held, kind, day)) for kind in wanted]
    return Advice(needs, str(forms.BARRED[barred]) if barred in forms.BARRED else "")


def _keeping(revision: Revision) -> tuple[str, int | None]:
    """Return where goods are kept and for how many days: as their seller says, else as such goods mostly do."""
    category = revision.category
    return revision.storage or category.storage, revision.shelf_life_days or category.shelf_life_days


def _standing(held: dict[str, Permit], kind: str, day: date) -> str:
    permit = held.get(kind)
    return rules.state_on(permit.state, permit.last_day, day) if permit else "none"


@fill("product", order=40)
def papers_of(*, item: Item) -> str:
    """Show a seller which papers this product needs."""
    if item.standing == "deleted":
        return ""
    return render_template("goods/curation/_papers.html", advice=advise(item.newest, item.product.shop), own=True)

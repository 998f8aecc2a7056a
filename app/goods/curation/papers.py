"""Which papers one product needs, and how her own stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import render_template

from app.core.clock import today
from app.core.panels import fill
from app.goods.permits import forms, queries, rules
from app.goods.permits.models import Permit
from app.goods.products.licences import bar_of, holds_pig
from app.goods.products.models import Revision
from app.goods.products.queries import Item
from app.goods.shops.models import Shop
from app.people.places.queries import settings_of


@dataclass(frozen=True)
class Advice:
    """`needs` are (kind, how hers stands: `none` or a state of the day); `why_not` says why it may not be P-IRT.

    `also` names a paper that this house keeps no photo of.
    """

    needs: list[tuple[str, str]]
    why_not: str
    also: str = ""

    @property
    def missing(self) -> list[str]:
        """The kinds that are not in order."""
        return [kind for kind, standing in self.needs if standing not in {"uploaded", "verified"}]


def advise(revision: Revision, shop: Shop) -> Advice:
    """Return what one wording of a shop needs, by its category, its name, how it keeps, and her business."""
    category, barred = revision.category, bar_of(revision)
    wanted = rules.needed(category.legality, queries.papers_of_business(shop.business_type_slug), barred)
    if holds_pig(revision):
        wanted.remove("halal")
    held, day = queries.current_of({shop.id})[shop.id], today(settings_of(shop.regency_code).zone)
    needs = [(kind, _standing(held, kind, day)) for kind in wanted]
    also = str(forms.PKRT) if "pkrt" in category.legality.split(";") else ""
    return Advice(needs, str(forms.BARRED[barred]) if barred in forms.BARRED else "", also)


def _standing(held: dict[str, Permit], kind: str, day: date) -> str:
    permit = held.get(kind)
    return rules.state_on(permit.state, permit.last_day, day) if permit else "none"


@fill("product", order=40)
def papers_of(*, item: Item) -> str:
    """Show a seller which papers this product needs."""
    if item.standing == "deleted":
        return ""
    return render_template("goods/curation/_papers.html", advice=advise(item.newest, item.product.shop), own=True)

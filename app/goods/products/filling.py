"""What a product page does not say yet: one answer at a time, its photos, and where it can be had."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.core import audit
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.policy import Actor
from app.goods.products import operations, queries, rules, shelving, wordings
from app.goods.products.licences import kinds_for, seals_of
from app.goods.products.models import Product, Revision
from app.goods.products.operations import Deleted
from app.goods.products.queries import Item
from app.goods.products.rules import Shot


class TooManyPhotos(DomainError):
    """There is no room for one more."""

    text = _l("Satu produk paling banyak punya %(most)s foto. Hapus satu dulu, ya.")


class NeedsPhoto(DomainError):
    """A product is never without a photo."""

    text = _l("Satu foto harus tetap ada.")


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is asked about a product, and whether it is known."""

    key: str
    done: bool


def list_gaps(item: Item) -> list[Gap]:
    """Return everything that is asked about a product, and what of it is known."""
    product, wording = item.product, item.newest
    wants_papers = bool(kinds_for(wording))
    asked = rules.list_asked(is_food="halal" in wording.category.legality.split(";"), wants_papers=wants_papers)
    # The quick form asks how many there are: whoever says nothing more sells what is there.
    told = {"ambil": _is_had(item), "stok": True}
    if wants_papers:
        told[rules.PAPERS] = bool(seals_of(product, wording))
    return [Gap(key, told.get(key, False) or rules.is_said(key, wording)) for key in asked]


def _is_had(item: Item) -> bool:
    """Tell whether buyers read where it can be had; what stands at bazaars alone was said to."""
    product = item.product
    if not (product.pickup or product.delivered):
        return product.at_bazaars
    return bool(product.pickup and product.shop.pickup_place) or (product.delivered and item.goes)


def answer(product: Product, said: Mapping[str, Any], *, version: int, by: Actor) -> Revision | None:
    """Send a wording with some answers more to the curator; None when it says that already.

    Raises:
        StaleWording: the product was changed since the question was opened.
    """
    queries.lock(product)
    wording = wordings.read(queries.newest_revision(product))
    return operations.revise(product, replace(wording, **said), version=version, by=by)


def arrange(
    product: Product, change: Callable[[list[Shot]], Sequence[Shot]], *, version: int, by: Actor
) -> Revision | None:
    """Change which photos a product has, their order and what is said of them; the first is the cover.

    Raises:
        TooManyPhotos: there would be more than a page shows.
        NeedsPhoto: none would be left.
        StaleWording: the product was changed since the page was opened.
    """
    queries.lock(product)
    wording = wordings.read(queries.newest_revision(product))
    shots = change(rules.as_shots(wording))
    if len(shots) > rules.MOST_PHOTOS:
        raise TooManyPhotos(product, most=rules.MOST_PHOTOS)
    if not shots:
        raise NeedsPhoto(product)
    return operations.revise(product, rules.with_shots(wording, shots), version=version, by=by)


def can_be_had(product: Product, *, pickup: bool, delivered: bool, at_bazaars: bool, seen: int, by: Actor) -> None:
    """Say where buyers can have it; they see that at once, and the same answer twice changes nothing.

    No wording says it, so whoever is writing one meanwhile is not asked again: `seen` is what was there before
    (`Product.places_seen`), and the version of the product stays.

    Raises:
        Deleted: the product was thrown away.
        StaleWording: something else was said since the question was opened.
    """
    queries.lock(product)
    if product.state == "deleted":
        raise Deleted(product)
    if (product.pickup, product.delivered, product.at_bazaars) == (pickup, delivered, at_bazaars):
        return
    if product.places_seen != seen:
        raise operations.StaleWording(product)
    product.pickup, product.delivered, product.at_bazaars = pickup, delivered, at_bazaars
    db.session.flush()
    shelving.shelve(product)
    audit.record(by, "product.can_be_had", product)

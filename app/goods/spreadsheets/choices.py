"""Further choices of a product in a list: a line for each size or flavour, below the line of its product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.core.policy import Actor
from app.goods.categories.claims import medical_claims
from app.goods.products import choosing
from app.goods.products import operations as products
from app.goods.products.models import Product, RevisionChoice, Variant
from app.goods.products.queries import Held, Item
from app.goods.products.rules import MOST_CHOICES, Terms, Way, Wording, same_label, terms_of, way_of
from app.goods.spreadsheets.answers import Wrong, plain, way_after
from app.goods.spreadsheets.rules import OF_PRODUCT, Entry
from app.kit.rupiah import Rupiah

Had = tuple[bool, bool, bool]


@dataclass(frozen=True)
class Judged:
    """A line with what it would do: to which product (None for a new one), in which wording, to which stock.

    With `terms` it is about a further choice of it, `variant` None for a new one. `way` is how it is sold from now on,
    `had` where, None where that stays as it is.
    """

    entry: Entry
    outcome: str
    item: Item | None = None
    wording: Wording | None = None
    stock: int | None = None
    terms: Terms | None = None
    variant: Variant | None = None
    way: Way | None = None
    had: Had | None = None


def is_further(entry: Entry, item: Item | None, *, alone: bool) -> bool:
    """Tell whether a line is about a choice after the first; `alone` when no line of its product stood before it."""
    if item is None or not item.newest.label:
        return not alone
    return "choice" in entry.said and not same_label(entry.said["choice"], item.newest.label)


def judge(entry: Entry, item: Item | None, group: Sequence[Judged]) -> Judged:
    """Say what a line would do to a choice; `group` are the lines of its product before it."""
    said, told = entry.said, _told(item, group)
    choice = _find(said.get("choice", ""), item)
    if item is not None and item.standing == "deleted":
        entry.problems.append(("code" if "code" in said else "name", "gone"))
    entry.problems += [
        (column, "above") for column in OF_PRODUCT if column in said and plain(said[column]) != plain(told[column])
    ]
    entry.problems += [(column, "claim") for column in ("choice", "unit") if medical_claims(said.get(column, ""))]
    if choice is None:
        _check_new(entry, item, group)
    held = item.holds(choice.variant_id) if item and choice else None
    way = sold_so(entry, held)
    if entry.problems:
        return Judged(entry, "bad", item)
    terms = _terms(said, choice, told["unit"])
    if held is None or choice is None:
        return Judged(entry, "new", item, None, said.get("stock", 0), terms, way=way)
    moved = counts_anew(said, held)
    outcome = "changed" if moved or way or terms_of(choice) != terms else "same"
    stock = said.get("stock") if moved else None
    return Judged(entry, outcome, item, None, stock, terms, held.variant, way)


def sold_so(entry: Entry, held: Held | None) -> Way | None:
    """Return how a line lets something be sold, None when that stays; refuse what contradicts itself.

    A number is refused for what nobody counts, and one below what buyers were promised.
    """
    now = way_of(held.variant) if held else Way("counted")
    try:
        way = way_after(entry.said, now)
    except Wrong as wrong:
        column, _colon, reason = wrong.reason.partition(":")
        entry.problems.append((column, reason))
        return None
    stock, begins = entry.said.get("stock"), way.mode == "counted" != now.mode
    if stock is not None and way.mode != "counted":
        entry.problems.append(("stock", "ways"))
    elif held and (stock is not None or begins) and (stock or 0) < held.reserved:
        entry.problems.append(("stock", "promised"))
    return None if replace(way, quantity=0) == now else way


def counts_anew(said: dict[str, Any], held: Held) -> bool:
    """Tell whether a line counts what was counted before otherwise."""
    return held.counted and said.get("stock", held.on_hand) != held.on_hand


def sell(product: Product, variant: Variant, each: Judged, by: Actor) -> None:
    """Let something be sold as its line says: another way, or another number of the same."""
    if each.way is not None:
        choosing.sell_so(product, variant, each.way, seen=way_of(variant), by=by)
    elif each.stock is not None and each.item is not None:
        products.set_count(variant, each.stock, seen=each.item.holds(variant.id).on_hand, by=by)


def take(each: Judged, product: Product, terms: Terms, by: Actor) -> None:
    """Do to a choice what its line says; its curator looks at it as if it were typed."""
    if each.variant is None:
        way = each.way or Way("counted", quantity=each.stock or 0)
        choosing.add(product, terms, way, first="", version=product.version, by=by)
        return
    if each.outcome == "same":
        return
    choosing.reword(product, each.variant, terms, version=product.version, by=by)
    sell(product, each.variant, each, by)


def known_of(item: Item) -> dict[str, Any]:
    """Return what a list can say of a whole product, as `rules` reads it; what nobody was asked is left out."""
    newest, product = item.newest, item.product
    known: dict[str, Any] = {"keeps": newest.shelf_life_days, "storage": newest.storage or None}
    known |= {"allergens": newest.allergens, "origin": newest.origin, "warnings": newest.warnings}
    told = {column: value for column, value in known.items() if value is not None}
    return told | {"pickup": product.pickup, "delivery": product.delivered, "bazaars": product.at_bazaars}


def _told(item: Item | None, group: Sequence[Judged]) -> dict[str, Any]:
    """Return what is said of the whole product: as it stands, then as its first line says it."""
    told: dict[str, Any] = dict.fromkeys((*OF_PRODUCT, "unit"), "")
    if item is not None:
        newest = item.newest
        told |= {"name": newest.name, "category": newest.category.name, "unit": newest.unit}
        told |= {"description": newest.description, "ingredients": newest.ingredients, **known_of(item)}
    return told | (group[0].entry.said if group else {})


def _find(label: str, item: Item | None) -> RevisionChoice | None:
    offered = item.newest.choices if item else []
    return next((each for each in offered if same_label(each.label, label)), None)


def _check_new(entry: Entry, item: Item | None, group: Sequence[Judged]) -> None:
    unread = {column for column, _reason in entry.problems}
    entry.problems += [
        (column, "empty") for column in ("choice", "price") if column not in entry.said and column not in unread
    ]
    there = (
        1
        + (len(item.newest.choices) if item else 0)
        + sum(each.terms is not None and each.variant is None for each in group)
    )
    if there >= MOST_CHOICES:
        entry.problems.append(("choice", "many"))


def _terms(said: dict[str, Any], choice: RevisionChoice | None, unit: str) -> Terms:
    if choice is None:
        return Terms(said["choice"], Rupiah(said["price"]), said.get("unit") or unit, said.get("weight"))
    price = Rupiah(said["price"]) if "price" in said else choice.price
    return Terms(choice.label, price, said.get("unit") or choice.unit, said.get("weight", choice.net_weight_g))

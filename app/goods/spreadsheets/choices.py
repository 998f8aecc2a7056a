"""Further choices of a product in a list: a line for each size or flavour, below the line of its product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.core.policy import Actor
from app.goods.categories.claims import medical_claims
from app.goods.products import choosing
from app.goods.products import operations as products
from app.goods.products.models import Product, RevisionChoice, Variant
from app.goods.products.queries import Held, Item
from app.goods.products.rules import MOST_CHOICES, Terms, Way, Wording, same_label, terms_of
from app.goods.spreadsheets.rules import OF_PRODUCT, Entry, plain
from app.kit.rupiah import Rupiah


@dataclass(frozen=True)
class Judged:
    """A line with what it would do: to which product (None for a new one), in which wording, to which stock.

    With `terms` it is about a further choice of it, `variant` None for a new one.
    """

    entry: Entry
    outcome: str
    item: Item | None = None
    wording: Wording | None = None
    stock: int | None = None
    terms: Terms | None = None
    variant: Variant | None = None


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
    if held is not None:
        check_stock(entry, held)
    if entry.problems:
        return Judged(entry, "bad", item)
    terms = _terms(said, choice, told["unit"])
    if held is None or choice is None:
        return Judged(entry, "new", item, None, said.get("stock", 0), terms)
    moved = held.counted and said.get("stock", held.on_hand) != held.on_hand
    outcome = "changed" if moved or terms_of(choice) != terms else "same"
    return Judged(entry, outcome, item, None, said.get("stock") if moved else None, terms, held.variant)


def check_stock(entry: Entry, held: Held) -> None:
    """Refuse a number for what nobody counts, and one below what buyers were promised."""
    stock = entry.said.get("stock")
    if stock is not None and not held.counted:
        entry.problems.append(("stock", "ways"))
    elif stock is not None and stock < held.reserved:
        entry.problems.append(("stock", "promised"))


def take(each: Judged, product: Product, terms: Terms, by: Actor) -> None:
    """Do to a choice what its line says; its curator looks at it as if it were typed."""
    if each.variant is None:
        way = Way("counted", quantity=each.stock or 0)
        choosing.add(product, terms, way, first="", version=product.version, by=by)
        return
    if each.outcome == "same":
        return
    choosing.reword(product, each.variant, terms, version=product.version, by=by)
    if each.stock is not None and each.item is not None:
        products.set_count(each.variant, each.stock, seen=each.item.holds(each.variant.id).on_hand, by=by)


def _told(item: Item | None, group: Sequence[Judged]) -> dict[str, Any]:
    """Return what is said of the whole product: as it stands, then as its first line says it."""
    told: dict[str, Any] = dict.fromkeys((*OF_PRODUCT, "unit"), "")
    if item is not None:
        newest = item.newest
        told |= {"name": newest.name, "category": newest.category.name, "unit": newest.unit}
        told |= {"description": newest.description, "ingredients": newest.ingredients}
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

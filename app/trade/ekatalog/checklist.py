"""The automatic check of each item of the checklist: facts of a day in, results out. Pure, like rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from app.trade.ekatalog import rules
from app.trade.ekatalog.rules import Check, Facts, Item, Paper

LICENCES: Final = ("pirt", "bpom", "slhs")
FOOD: Final = frozenset({"pirt", "halal", "md"})
FROM_PRODUCT: Final = frozenset({"name", "weight", "description"})

Result = tuple[str, str]
_OK: Final[Result] = ("ok", "")


def assess(items: Sequence[Item], facts: Facts) -> dict[str, Check]:
    """Check every item that a set asks for."""
    return {item.key: Check(item.key, *_assess(item, facts)) for item in items}


def applies(goods: str, legality: frozenset[str]) -> bool:
    """Tell whether an item is asked of goods with this legality.

    >>> applies("semua", frozenset()), applies("izin", frozenset({"halal"})), applies("makanan", frozenset({"halal"}))
    (True, False, True)
    """
    if goods == "makanan":
        return bool(legality & FOOD)
    if goods == "izin":
        return bool(legality & {"pirt", "md"})
    return goods != "halal" or "halal" in legality


def papers_for(items: Sequence[Item], legality: str) -> set[str]:
    """Return the kinds of papers that may stand for the items that a set asks of goods with this legality."""
    asked = (item.key for item in items if item.key in _CHECKS and applies(item.goods, frozenset(legality.split(";"))))
    return {kind for key in asked for kind in papers_of(key)}


def papers_of(key: str) -> tuple[str, ...]:
    """Return the kinds of papers that may stand for an item."""
    return LICENCES if key == "licence" else (key,)


def _assess(item: Item, facts: Facts) -> Result:
    if not applies(item.goods, facts.legality):
        return "n/a", ""
    check = _CHECKS.get(item.key)
    return check(item, facts) if check else ("n/a", "")


def _category(item: Item, facts: Facts) -> Result:
    if facts.category_state == "none":
        return "missing", "category_none"
    if facts.category_state == "closed":
        return "wrong", "category_closed"
    if facts.kbli not in facts.accepted:
        return "wrong", "category_kbli"
    return _OK


def _paper(paper: Paper | None, months: int, day: date) -> Result:
    """Judge one paper; a month before its end is too late when the catalogue asks for half a year."""
    if paper is None:
        return "missing", "paper_none"
    if paper.state in {"expired", "rejected"}:
        return ("expired", "paper_expired") if paper.state == "expired" else ("wrong", "paper_rejected")
    if months and paper.last_day is not None and paper.last_day < rules.months_later(day, months):
        return "expired", "paper_soon"
    return _OK


def _document(item: Item, facts: Facts) -> Result:
    return _paper(facts.papers.get(item.key), item.months, facts.day)


def _licence(item: Item, facts: Facts) -> Result:
    """Take the best of the licences there are; frozen and sterilised food needs BPOM, nothing less."""
    kinds = ("bpom",) if "md" in facts.legality and "pirt" not in facts.legality else LICENCES
    found = [_paper(facts.papers[kind], item.months, facts.day) for kind in kinds if kind in facts.papers]
    return min(found, key=lambda result: result[0] != "ok", default=("missing", "licence_none"))


def _halal(item: Item, facts: Facts) -> Result:
    by_paper = _paper(facts.papers.get("halal"), item.months, facts.day)
    if by_paper[0] == "ok" or not facts.answers.get("halal", {}).get("reason"):
        return by_paper if by_paper[0] != "missing" else ("missing", "halal_none")
    return _OK


def _declared(item: Item, facts: Facts) -> Result:
    answer = facts.answers.get(item.key, {})
    if not answer.get("agreed"):
        return "missing", "not_declared"
    given = date.fromisoformat(answer["on"])
    if item.months and rules.months_later(given, item.months) < facts.day:
        return "expired", "declared_long_ago"
    return _OK


def _identity(item: Item, facts: Facts) -> Result:
    return _OK if facts.known else ("missing", "not_known")


def _name(item: Item, facts: Facts) -> Result:
    if not rules.SHORTEST_NAME <= len(facts.name) <= rules.LONGEST_NAME:
        return "wrong", "name_length"
    return ("wrong", "name_capitals") if facts.name.isupper() else _OK


def _photos(item: Item, facts: Facts) -> Result:
    good = [side for side in facts.photo_sides if side >= rules.LEAST_SIDE]
    if len(facts.photo_sides) < rules.LEAST_PHOTOS:
        return "missing", "photos_few"
    return _OK if len(good) >= rules.LEAST_PHOTOS else ("wrong", "photos_small")


def _weight(item: Item, facts: Facts) -> Result:
    return _OK if facts.weight_g else ("missing", "weight_none")


def _price(item: Item, facts: Facts) -> Result:
    answer = facts.answers.get("price", {})
    if "cost" not in answer:
        return "missing", "cost_none"
    if int(answer["cost"]) > facts.price and not answer.get("below"):
        return "wrong", "price_below_cost"
    return _OK


def _number(item: Item, facts: Facts) -> Result:
    return _OK if facts.answers.get(item.key) else ("missing", f"{item.key}_none")


def _label(item: Item, facts: Facts) -> Result:
    return _OK if facts.label_photos else ("missing", "label_none")


def _description(item: Item, facts: Facts) -> Result:
    return _OK if len(facts.description) >= rules.LONG_DESCRIPTION else ("wrong", "description_short")


_CHECKS: Final[Mapping[str, Callable[[Item, Facts], Result]]] = {
    "category": _category,
    "nib": _document,
    "npwp": _document,
    "identity": _identity,
    "bank": _declared,
    "phone": _declared,
    "local": _declared,
    "name": _name,
    "photos": _photos,
    "label": _label,
    "weight": _weight,
    "price": _price,
    "capacity": _number,
    "lead": _number,
    "kbki": _number,
    "ingredients": _number,
    "licence": _licence,
    "halal": _halal,
    "description": _description,
}

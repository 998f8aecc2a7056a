"""Which lists curators keep, and what differs between two versions of an entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

LISTS: Final = ("category", "reason", "paper")
# Parts of a seller's form that a reason may point at, as its addresses name them.
FIELDS: Final = ("foto", "nama", "harga", "satuan", "jenis", "berat", "keterangan")
PAPERS: Final = ("pirt", "halal", "md", "pkrt")
NONE: Final = "none"
EVERYBODY: Final = "semua"


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """What a category says. `parent_id` None stands on the upper level; `legality` as in its model."""

    name: str
    name_en: str
    slug: str
    parent_id: int | None
    legality: str
    note: str
    position: int
    storage: str
    shelf_life_days: int | None


@dataclass(frozen=True, slots=True)
class ReasonFacts:
    """What a reason says: its sentence, the part of the form it leads to, whether it is offered."""

    sentence: str
    field: str
    active: bool


def said_papers(kinds: list[str]) -> str:
    """Return papers as a category keeps them.

    >>> said_papers(["halal", "pirt"]), said_papers([])
    ('pirt;halal', 'none')
    """
    return ";".join(kind for kind in PAPERS if kind in kinds) or NONE


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what two versions say differently, each side by itself; all of it when there is only one.

    >>> difference({"name": "Kue", "slug": "kue"}, {"name": "Kue basah", "slug": "kue"})
    ({'name': 'Kue'}, {'name': 'Kue basah'})
    >>> difference({}, {"name": "Kue"})
    ({}, {'name': 'Kue'})
    """
    if not before or not after:
        return dict(before), dict(after)
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}

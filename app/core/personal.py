"""What the house keeps about a person: each room says in which tables, tells what stands there, and erases it.

A room that keeps something has a `personal.py` which calls `keeps` once for each part of it. The desk of requests
(`office/requests`) shows, copies and erases through this list alone, so what is not named here is forgotten by both:
`tests/office/requests/test_registry.py` finds every table that leads to a person and is not named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.core.jobs import enqueue, handler
from app.core.policy import Actor
from app.core.storage import private_store, public_store
from app.kit.rupiah import Rupiah

FORGET_JOB = "personal.forget-files"
FILES_AT_ONCE = 200

Plain = str | int | bool | date | datetime | Rupiah | None
Row = dict[str, Plain]


@dataclass(frozen=True)
class Whose:
    """A person as the rooms know her: her account, every shop she owns, her number, and her family."""

    account_id: int | None = None
    shop_ids: tuple[int, ...] = ()
    phone: str | None = None
    kpm_id: int | None = None


Tell = Callable[[Whose, int | None], list[Row]]
Erase = Callable[[Whose, Actor], None]


@dataclass(frozen=True)
class Keeping:
    """One part of what is kept: `tell` returns its rows, newest first and at most so many; `erase` leaves no words.

    `words` are what its fields are called on a screen; `storey` sorts: higher rooms are erased first.
    """

    name: str
    title: object
    storey: int
    tables: tuple[str, ...]
    words: dict[str, Any]
    tell: Tell
    erase: Erase | None = None


_keepings: dict[str, Keeping] = {}


def keeps(
    name: str, title: object, *, storey: int, tables: Iterable[str], words: dict[str, Any] | None = None,
    tell: Tell | None = None, erase: Erase | None = None,
) -> None:  # fmt: skip
    """Register a part of what a room keeps about a person.

    Args:
        name: how the part is called in a copy for machines.
        title: its heading on a screen.
        storey: 10 people, 20 goods, 30 trade, 40 growth, 50 office; rooms of one storey count up.
        tables: every table that it tells of or erases.
        words: what each field of a row is called on a screen.
        tell: returns the rows; left out when what stands there is told by another part.
        erase: leaves ids, amounts, days and states, and takes away every word; left out when there are no words.

    Raises:
        ValueError: another part has this name, and would be forgotten.
    """
    if name in _keepings:
        raise ValueError(f"two parts of what is kept are called {name!r}")
    _keepings[name] = Keeping(name, title, storey, tuple(tables), words or {}, tell or _nothing, erase)


def keepings() -> list[Keeping]:
    """Return every part, lower rooms first."""
    return sorted(_keepings.values(), key=lambda each: each.storey)


def named_tables() -> set[str]:
    """Return the tables that some room tells of or erases."""
    return {table for each in _keepings.values() for table in each.tables}


def erase(whose: Whose, *, by: Actor) -> None:
    """Take away everything that says who somebody is, higher rooms first, inside the caller's transaction."""
    for each in reversed(keepings()):
        if each.erase is not None:
            each.erase(whose, by)


def forget_files(*, public: Iterable[str] = (), private: Iterable[str] = ()) -> None:
    """Delete files once the caller's transaction stands: a rollback leaves them where they are."""
    wanted = [("public", name) for name in public] + [("private", name) for name in private]
    for start in range(0, len(wanted), FILES_AT_ONCE):
        enqueue(FORGET_JOB, {"files": wanted[start : start + FILES_AT_ONCE]})


@handler(FORGET_JOB)
def forget(payload: dict[str, Any]) -> None:
    """Delete these files; those that are gone already are gone."""
    stores = {"public": public_store(), "private": private_store()}
    for store, name in payload["files"]:
        stores[store].delete(name)


def _nothing(_whose: Whose, _most: int | None) -> list[Row]:
    return []

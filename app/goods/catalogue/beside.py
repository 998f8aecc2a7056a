"""What upper rooms read of a product or shop in the question that its page asks anyway, so that it costs none more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import ColumnElement, Label

# Under this name stands whether a shop takes money before the goods: some places are only reached so.
AHEAD: Final = "pays_ahead"
_said: dict[str, dict[str, ColumnElement[Any]]] = defaultdict(dict)


def read(of: str, name: str, said: ColumnElement[Any]) -> None:
    """Register a text about `Product` (`of` product) or `Shop` (`of` shop); its page finds it by name."""
    _said[of][name] = said


def columns(of: str) -> Iterator[Label[Any]]:
    """Yield what is to be asked for."""
    return (said.label(name) for name, said in _said[of].items())


def found(of: str, row: Any) -> dict[str, str]:
    """Return what a row says, by name."""
    return {name: getattr(row, name) or "" for name in _said[of]}

"""What upper rooms read of a product in the question that its page asks anyway, so that it costs none of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Label

_said: dict[str, ColumnElement[Any]] = {}


def read(name: str, said: ColumnElement[Any]) -> None:
    """Register a text about `Product`; its page finds it by name."""
    _said[name] = said


def columns() -> Iterator[Label[Any]]:
    """Yield what is to be asked for."""
    return (said.label(name) for name, said in _said.items())


def found(row: Any) -> dict[str, str]:
    """Return what a row says, by name."""
    return {name: getattr(row, name) or "" for name in _said}

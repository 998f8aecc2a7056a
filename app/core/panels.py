"""Panels: a lower page offers a place, an upper room fills it, and neither imports upward."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from markupsafe import Markup

Filler = Callable[..., str]
_fillers: dict[str, list[tuple[int, Filler]]] = defaultdict(list)


def fill(place: str, order: int = 50) -> Callable[[Filler], Filler]:
    """Fill a place with what the function renders; lower order stands first."""

    def attach(filler: Filler) -> Filler:
        if all(filler is not known for _, known in _fillers[place]):
            _fillers[place].append((order, filler))
            _fillers[place].sort(key=lambda entry: entry[0])
        return filler

    return attach


def panel(place: str, **facts: object) -> Markup:
    """Render everything that upper rooms put in this place."""
    # Fillers render templates, so what they return is escaped already.
    return Markup("").join(Markup(filler(**facts)) for _, filler in _fillers[place])  # noqa: S704

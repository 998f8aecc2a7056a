"""What upper rooms tell machines of a product, beside what goods know of it themselves: parts of its JSON-LD."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.goods.catalogue.detail import Detail

Teller = Callable[[Detail], dict[str, Any]]
_tellers: list[Teller] = []


def tells(teller: Teller) -> Teller:
    """Let a room tell of every product whose page is shown."""
    if teller not in _tellers:
        _tellers.append(teller)
    return teller


def of_product(product: Detail) -> dict[str, Any]:
    """Return all that is told of one."""
    return {name: fact for teller in _tellers for name, fact in teller(product).items()}

"""How goods are told to machines: JSON-LD, prices, and the parts of a site map.

Source: schema.org Product, Offer and LocalBusiness; sitemaps.org 0.9; product data as Google and Meta ask for it.
"""

from __future__ import annotations

import json
from typing import Any, Final

from app.kit.rupiah import Rupiah

MOST_IN_PART: Final = 50_000
MOST_TITLE: Final = 150
MOST_DESCRIPTION: Final = 5_000
MOST_BRAND: Final = 70
NEWEST: Final = 50
_HARMLESS: Final = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def in_script(facts: dict[str, Any]) -> str:
    """Return facts as JSON that no text inside can end or turn into markup; absent facts are left out.

    >>> in_script({"name": "</script><b>", "image": ""})
    '{"name":"\\\\u003c/script\\\\u003e\\\\u003cb\\\\u003e"}'
    """
    text = json.dumps({name: each for name, each in facts.items() if each}, ensure_ascii=False, separators=(",", ":"))
    return text.translate(_HARMLESS)


def price(amount: Rupiah) -> str:
    """Return a price as feeds write it.

    >>> price(Rupiah(19000))
    '19000 IDR'
    """
    return f"{amount.amount} IDR"


def parts_of(last_id: int) -> range:
    """Return the numbers of the parts that hold ids up to the last one; a part never holds too many.

    >>> list(parts_of(0)), list(parts_of(50_000)), list(parts_of(50_001))
    ([], [1], [1, 2])
    """
    return range(1, -(-last_id // MOST_IN_PART) + 1)


def ids_of(part: int) -> tuple[int, int]:
    """Return the first and the last id that stand in a part.

    >>> ids_of(1), ids_of(2)
    ((1, 50000), (50001, 100000))
    """
    return (part - 1) * MOST_IN_PART + 1, part * MOST_IN_PART

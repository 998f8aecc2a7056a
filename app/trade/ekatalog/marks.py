"""The mark of a product that is seen in the e-Katalog: only while that holds, with proof, and with papers that hold."""

from __future__ import annotations

from time import monotonic

from flask import render_template

from app.core import panels
from app.core.vault import settings
from app.trade.ekatalog import queries
from app.trade.ekatalog.cases import cases_of

KEEP_SECONDS = 30.0
_kept: dict[str, tuple[float, frozenset[int]]] = {}


def _may_be_shown() -> frozenset[int]:
    """Return the products that were last seen there, asked once in half a minute for every page."""
    held = _kept.get("all")
    if held is not None and settings().cache and monotonic() - held[0] < KEEP_SECONDS:
        return held[1]
    found = frozenset(queries.list_shown())
    if settings().cache:
        _kept["all"] = (monotonic(), found)
    return found


def is_shown(product_id: int) -> bool:
    """Tell whether a product is seen in the e-Katalog today, as somebody proved, and none of its papers has ended."""
    if product_id not in _may_be_shown():
        return False
    running = queries.find_open(product_id)
    return running is not None and running.state == "shown_outside" and not cases_of([running])[0].ran_out


@panels.fill("product.marks")
def mark(product_id: int) -> str:
    """Say so on its public page."""
    return render_template("trade/ekatalog/_mark.html") if is_shown(product_id) else ""

"""The mark of a product that is seen in the e-Katalog: only while that holds, with proof, and with papers that hold."""

from __future__ import annotations

from flask import render_template

from app.core import panels, stamps
from app.trade.ekatalog import queries
from app.trade.ekatalog.cases import cases_of


def _may_be_shown() -> frozenset[int]:
    """Return the products that were last seen there, asked again only once something changed."""
    return stamps.keep("ekatalog", "shown", lambda: frozenset(queries.list_shown()))


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

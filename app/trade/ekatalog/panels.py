"""What this room adds to pages of lower rooms."""

from __future__ import annotations

from flask import render_template

from app.core.panels import fill
from app.goods.products.queries import Item
from app.trade.ekatalog import queries


@fill("product")
def way_to_ekatalog(*, item: Item) -> str:
    """Show the way to the e-Katalog on the page of a product that is on sale."""
    running = queries.find_open(item.product.id)
    may = item.approved is not None and item.product.state in {"live", "paused"}
    return render_template("trade/ekatalog/_product.html", running=running, product=item.product) if may else ""

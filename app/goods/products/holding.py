"""Taking a product off sale while the office looks at what was said against it, and letting it back."""

from __future__ import annotations

from app.core import audit
from app.core.policy import Actor
from app.goods.products import queries, shelving
from app.goods.products.models import Product
from app.goods.shelf import operations as shelf

HELD = "held"


def hold(product: Product) -> str:
    """Take a product off sale at once; returns the state it had, empty when it was not for sale."""
    queries.lock(product)
    was = product.state
    if was not in {"live", "paused"}:
        return ""
    product.state, product.deleted_from = HELD, was
    shelf.take_down(product.id)
    audit.record(None, "product.held", product)
    return was


def release(product: Product, to: str, *, by: Actor) -> None:
    """Let a held product back to the state it had; one that went another way meanwhile stays there."""
    queries.lock(product)
    if product.state != HELD:
        return
    product.state, product.deleted_from = to, ""
    shelving.shelve(product)
    audit.record(by, "product.released", product)

"""Who may write into a notebook, and who may look at its photos and statements."""

from __future__ import annotations

from app.core.policy import Actor
from app.goods.shops import policies as shops
from app.trade.notebook.models import SalesStatement
from app.trade.notebook.queries import OwnNote


def owns(actor: Actor, note: OwnNote) -> bool:
    """Her own note, whoever wrote it."""
    return shops.owns(actor, note.shop)


def fosters(actor: Actor, note: OwnNote) -> bool:
    """Whoever may write for her: the pendamping of her desa, or a curator of the region."""
    return shops.may_foster(actor, note.shop)


def made(actor: Actor, statement: SalesStatement) -> bool:
    """Her own statement: whoever takes over a shop makes one of his own."""
    return actor.role == "seller" and statement.made_by_id == actor.id

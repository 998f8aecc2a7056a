"""Who may look at what buyers send as proof: the seller herself, and whoever of the office may end the order."""

from __future__ import annotations

from app.core.policy import Actor
from app.trade.orders.policies import may_end, sells
from app.trade.orders.queries import get_order
from app.trade.payments.models import PaymentProof


def got(actor: Actor, proof: PaymentProof) -> bool:
    """The seller who was told of this payment."""
    return sells(actor, get_order(proof.order_id))


def may_look(actor: Actor, proof: PaymentProof) -> bool:
    """An officer who may end the order: whoever settles a quarrel sees what it is about."""
    return may_end(actor, get_order(proof.order_id))

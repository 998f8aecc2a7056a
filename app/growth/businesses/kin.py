"""An order from the phone of the family that runs the shop: its evidence is the seller's own word."""

from __future__ import annotations

from app.core.clock import today
from app.growth.businesses import queries
from app.people.families.queries import has_phone
from app.people.places.queries import settings_of
from app.trade.orders import kin
from app.trade.orders.models import Order


@kin.tells
def is_own_family(order: Order, number: str) -> bool:
    """Tell whether the buyer's number is that of the family which runs the shop today; found without opening it."""
    kpm_id = queries.kpm_of_shop(order.seller_id, today(settings_of(order.regency_code).zone))
    return kpm_id is not None and has_phone(kpm_id, number)

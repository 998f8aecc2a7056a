"""The least valid order of an office: shared, agreed to and placed as the pages do it."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from app.core.clock import now
from app.core.db import transaction
from app.goods.products.models import Product
from app.people.accounts.models import Account
from app.trade.offices import operations, planning, queries
from app.trade.offices.models import OfficePaper, OfficeRequest
from app.trade.offices.operations import Asked
from app.trade.orders import operations as orders
from app.trade.orders import queries as order_queries
from app.trade.orders.meeting import Need
from app.trade.orders.models import Order
from tests.factories.goods import variant_of
from tests.factories.people import KECAMATAN

HALL, OFFICE = "Aula Kecamatan Ciruas", "Kecamatan Ciruas"
ZONE = "Asia/Jakarta"
_phones = iter(range(10**8))


def asked(**given: Any) -> Asked:
    """Who orders."""
    facts = {
        "office": OFFICE, "unit": "Seksi Kesejahteraan Sosial", "purpose": "Rapat koordinasi", "name": "Bu Rini",
        "phone": f"+62857{next(_phones):08d}", "note": "",
    }  # fmt: skip
    return Asked(**(facts | given))


def order_for_office(
    *wanted: tuple[Product, int],
    method: str = "cash_cod",
    at: datetime | None = None,
    kecamatan: str = KECAMATAN,
    key: str = "",
    **given: Any,
) -> OfficeRequest:
    """An office's order of so many of these products, in a week unless `at` says otherwise."""
    need = Need(HALL, at or now() + timedelta(days=7), kecamatan)
    units = {variant_of(product).id: qty for product, qty in wanted}
    plan = planning.make(units, need, ZONE, method)
    parts = planning.agreed(planning.pack(plan, units, need, method), units, need, method)
    assert parts, plan
    with transaction():
        return operations.request(asked(**given), parts, key=key or secrets.token_hex(16))


def parts_of(request: OfficeRequest) -> list[Order]:
    """Each seller's part."""
    return order_queries.list_of_group(request.group_id)


def hand_over(order: Order, by: Account) -> Order:
    """Bring a part to the office, all the way from the seller's yes."""
    for act in (orders.accept, orders.mark_ready, orders.hand_over):
        with transaction():
            act(order, by=by)
    return order


def papers_of(order: Order) -> list[OfficePaper]:
    """The papers that a part has by now."""
    return queries.list_papers([order.id])[order.id]

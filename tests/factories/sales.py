"""The least valid line of the sales book. The maker opens its own transaction and returns the stored row."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from app.core.clock import today
from app.core.db import transaction
from app.goods.shops.models import Shop
from app.kit.rupiah import Rupiah
from app.trade.sales import operations
from app.trade.sales.models import SaleRecord
from app.trade.sales.rules import Sale

_numbers = count(1)


USUAL = Rupiah(25_000)


def make_sale(shop: Shop, *, amount: Rupiah = USUAL, sold_on: date | None = None, **given: Any) -> SaleRecord:
    """A sale that a seller wrote down herself, today unless told otherwise."""
    number = next(_numbers)
    facts: dict[str, Any] = {
        "key": f"contoh:{number}",
        "qty": 1,
        "channel": "manual",
        "grade": "D",
        "reason": "ditulis sendiri",
        "source": ("note", number),
        "free_text": "Keripik",
    }
    sale = Sale(
        shop_id=shop.id,
        regency_code=shop.regency_code,
        amount=amount,
        sold_on=sold_on or today("Asia/Jakarta"),
        **(facts | given),
    )
    with transaction():
        (row,) = operations.record([sale], by_id=shop.owner_id)
    return row

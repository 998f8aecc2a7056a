"""What sold best in a month, and what was left of it where she has reckoned what it costs her to make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.core.db import db
from app.goods.products import costing, costs
from app.goods.products.models import CostSheet, Variant
from app.kit.rupiah import Rupiah
from app.trade.sales import ledger, products
from app.trade.sales.products import ProductTaking

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Best:
    """A product of the month. `cost` is what the units sold cost to make, None where she has not reckoned it."""

    product_id: int
    name: str
    unit: str
    qty: int
    amount: Rupiah
    cost: Rupiah | None

    @property
    def margin(self) -> Rupiah | None:
        """What is left of it."""
        return None if self.cost is None else self.amount - self.cost


@dataclass(frozen=True, slots=True)
class Margin:
    """All products of the month whose cost is known."""

    amount: Rupiah
    cost: Rupiah

    @property
    def left(self) -> Rupiah:
        """What is left of them."""
        return self.amount - self.cost


def best_of_month(shop_id: int, month: date) -> tuple[list[Best], Margin | None]:
    """Return what sold best, and what is left of all products whose cost is known, None when it is known of none."""
    sold = products.list_products(shop_id, month, month)
    if not sold:
        return [], None
    each_costs, names = _costs(sold), ledger.names_of(each.variant_id for each in sold)
    of_product = _products_of(each.variant_id for each in sold)
    found = [
        Best(
            of_product[each.variant_id],
            *names.get(each.variant_id, ("", "")),
            each.qty,
            each.amount,
            each_costs[each.variant_id] * each.qty if each.variant_id in each_costs else None,
        )
        for each in sold
    ]
    known = [(each.amount, each.cost) for each in found if each.cost is not None]
    margin = Margin(Rupiah.total(one for one, _ in known), Rupiah.total(cost for _, cost in known)) if known else None
    return [each for each in found if each.name][:SHOWN], margin


def _products_of(variant_ids: Iterable[int]) -> dict[int, int]:
    query = select(Variant.id, Variant.product_id).where(Variant.id.in_(set(variant_ids)))
    return dict(db.session.execute(query).all())


def _costs(sold: Sequence[ProductTaking]) -> dict[int, Rupiah]:
    """Return what one unit costs to make; a sheet speaks of one kind of unit, so only of products that have one."""
    other = aliased(Variant)
    kinds = select(func.count()).where(other.product_id == Variant.product_id).scalar_subquery()
    query = select(Variant.id, Variant.price, CostSheet).join(CostSheet, CostSheet.product_id == Variant.product_id)
    query = query.where(Variant.id.in_({each.variant_id for each in sold}), kinds == 1)
    return {
        variant_id: costs.reckon(costing.lines_of(sheet), sheet.makes, price).each
        for variant_id, price, sheet in db.session.execute(query)
    }

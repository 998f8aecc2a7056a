"""Sales far above what a seller usually takes: a curator looks at each, and nobody is accused meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.core.db import db
from app.core.errors import NotFound
from app.core.policy import Actor
from app.goods.shops.models import Shop
from app.people.places.queries import inside
from app.trade.sales import ledger
from app.trade.sales.models import MARKED, SaleEvidence, SaleRecord

PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class Unusual:
    """A line of the book that waits for a look. `name` and `unit` are what was sold, `channel` how, in words."""

    sale: SaleRecord
    shop: Shop
    name: str
    unit: str
    channel: str


def get_sale(sale_id: int) -> tuple[SaleRecord, Shop]:
    """Return a line of the book and its shop.

    Raises:
        NotFound: there is none.
    """
    query = select(SaleRecord, Shop).join(Shop, Shop.id == SaleRecord.seller_id).where(SaleRecord.id == sale_id)
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound(sale_id)
    return row[0], row[1]


def list_unusual(after_id: int = 0, limit: int = PAGE, *, scope: Actor) -> list[Unusual]:
    """Return the sales of a region that wait for a look, the oldest first.

    What an office bought has papers, and is looked at beside them; what was taken back whole needs no look.
    """
    later, back = aliased(SaleEvidence), aliased(SaleRecord)
    newer = select(later.id).where(later.sale_id == SaleEvidence.sale_id, later.id > SaleEvidence.id)
    taken = select(func.coalesce(func.sum(back.qty), 0)).where(back.reversal_of == SaleRecord.id).scalar_subquery()
    query = (
        select(SaleRecord, Shop)
        .join(SaleEvidence, SaleEvidence.sale_id == SaleRecord.id)
        .join(Shop, Shop.id == SaleRecord.seller_id)
        .where(MARKED, ~newer.exists(), SaleRecord.id > after_id, SaleRecord.channel != "government")
        .where(inside(SaleRecord.regency_code, [scope.region_code]), SaleRecord.qty + taken > 0)
        .order_by(SaleRecord.id)
        .limit(limit)
    )
    rows = db.session.execute(query).all()
    names = ledger.names_of(sale.variant_id for sale, _shop in rows if sale.variant_id)
    return [
        Unusual(
            sale, shop, *names.get(sale.variant_id or 0, (sale.free_text, "")), str(ledger.BY_CHANNEL[sale.channel])
        )
        for sale, shop in rows
    ]

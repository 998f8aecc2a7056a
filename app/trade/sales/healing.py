"""The night sets the sums of the book right again, a few shops at a time, where they are not what its lines add up to.

Triggers keep them; this is for what no trigger sees: a table restored alone, a hand at the terminal.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import structlog
from sqlalchemy import delete, insert, select

from app.core import jobs
from app.core.clock import today
from app.core.db import advisory_lock, db
from app.goods.shops.models import Shop
from app.trade.sales import operations, recount
from app.trade.sales.models import SaleDay, SaleMonth, SaleProduct, SaleRegion
from app.trade.sales.rules import BOOKS, PARTS

KIND: Final = "sales.heal"
DAY: Final = 86_400
AT_ONCE: Final = 20
OF_SHOPS: Final = (SaleDay, SaleMonth, SaleProduct)
log = structlog.get_logger()


@jobs.every(DAY, "sales.heal-nightly")
def begin() -> None:
    """Ask for the walk through the book of all shops."""
    _ask(0)


def _ask(after: int) -> None:
    facts = {"after": after}
    jobs.enqueue(KIND, facts, key=f"{KIND}:{today('Asia/Jakarta')}:{after}")


@jobs.slow_handler(KIND)
def heal(facts: dict[str, Any]) -> jobs.Finish:
    """Compare some shops without holding up any writer; what it returns mends those that are wrong, and goes on."""
    query = select(Shop.id).where(Shop.id > facts["after"]).order_by(Shop.id).limit(AT_ONCE)
    shop_ids = list(db.session.scalars(query))
    wrong = wrong_shops(shop_ids)
    parts = set() if shop_ids else wrong_parts()

    def finish() -> None:
        for shop_id in wrong:
            mend(shop_id)
        for part in parts:
            mend_part(part)
        if wrong or parts:
            log.warning("sales_sums_healed", shops=len(wrong), parts=len(parts))
        if shop_ids:
            _ask(shop_ids[-1])

    return finish


def wrong_shops(shop_ids: Collection[int]) -> list[int]:
    """Return those of these shops whose sums are not what their lines add up to."""
    found: set[int] = set()
    for table in OF_SHOPS if shop_ids else ():
        place = next(n for n, key in enumerate(recount.keys_of(table)) if key.name == "shop_id")
        found |= {row[place] for row in recount.differences(table, shop_ids)}
    return sorted(found)


def wrong_parts() -> set[int]:
    """Return the parts of regions that are not what the months of their shops add up to."""
    return {row[4] for row in recount.differences(SaleRegion)}


def mend(shop_id: int) -> None:
    """Write the sums of one shop anew from its lines; nobody writes its book meanwhile."""
    operations.lock_books([shop_id])
    for table in OF_SHOPS:
        db.session.execute(delete(table).where(table.shop_id == shop_id))
        _fill(table, recount.told(table, [shop_id]))


def mend_part(part: int) -> None:
    """Write one part of all regions anew from the months of its shops."""
    advisory_lock(BOOKS + part)
    db.session.execute(delete(SaleRegion).where(SaleRegion.part == part))
    _fill(SaleRegion, recount.told(SaleRegion).where(SaleMonth.shop_id % PARTS == part))


def _fill(table: recount.Kept, query: Any) -> None:
    columns = [*(each.name for each in recount.keys_of(table)), *recount.names_of(table)]
    db.session.execute(insert(table).from_select(columns, query))

"""Sales far above what a seller usually takes: a curator looks at each, and nobody is accused meanwhile."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.orm import aliased

from app.core.db import db
from app.core.errors import NotFound
from app.core.i18n import _, tanggal
from app.core.policy import Actor
from app.goods.shops.models import Shop
from app.kit import phone
from app.kit.rupiah import Rupiah
from app.people.accounts.models import Account
from app.people.places.queries import inside
from app.trade.sales import ledger, policies, queries
from app.trade.sales.models import MARKED, SaleEvidence, SaleRecord
from app.trade.sales.operations import A_YEAR

PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class Unusual:
    """A line of the book that waits for a look. `name` and `unit` are what was sold, `channel` how, in words.

    `usual` is what her other sales brought, `ask_url` opens a chat with her; `is_theirs` is false for whoever wrote it.
    """

    sale: SaleRecord
    shop: Shop
    name: str
    unit: str
    channel: str
    usual: Rupiah | None
    ask_url: str
    is_theirs: bool


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
    rows = db.session.execute(_waiting(after_id, scope).limit(limit)).all()
    names = ledger.names_of(sale.variant_id for sale, *_rest in rows if sale.variant_id)
    usual = _usual([sale for sale, *_rest in rows])
    return [
        Unusual(
            sale,
            shop,
            *names.get(sale.variant_id or 0, (sale.free_text, "")),
            str(ledger.BY_CHANNEL[sale.channel]),
            usual.get(sale.id),
            _ask_url(sale, shop, number),
            policies.may_look(scope, (sale, shop)),
        )
        for sale, shop, number in rows
    ]


def _waiting(after_id: int, scope: Actor) -> Select[SaleRecord, Shop, str | None]:
    later, back = aliased(SaleEvidence), aliased(SaleRecord)
    newer = select(later.id).where(later.sale_id == SaleEvidence.sale_id, later.id > SaleEvidence.id)
    taken = select(func.coalesce(func.sum(back.qty), 0)).where(back.reversal_of == SaleRecord.id).scalar_subquery()
    return (
        select(SaleRecord, Shop, Account.phone)
        .join(SaleEvidence, SaleEvidence.sale_id == SaleRecord.id)
        .join(Shop, Shop.id == SaleRecord.seller_id)
        .join(Account, Account.id == Shop.owner_id)
        .where(MARKED, ~newer.exists(), SaleRecord.id > after_id, SaleRecord.channel != "government")
        .where(inside(SaleRecord.regency_code, [scope.region_code]), SaleRecord.qty + taken > 0)
        .order_by(SaleRecord.id)
    )


def _usual(sales: Sequence[SaleRecord]) -> dict[int, Rupiah]:
    """Return beside each sale what the others of its shop brought in the year before it, the one in the middle."""
    if not sales:
        return {}
    found: dict[int, list[int]] = defaultdict(list)
    for sale_id, amount in db.session.execute(union_all(*map(_others, sales))):
        found[sale_id].append(amount.amount)
    return {sale_id: Rupiah(int(median(amounts))) for sale_id, amounts in found.items()}


def _others(sale: SaleRecord) -> Select[int, Rupiah]:
    others = queries.usual_of(sale.seller_id, sale.sold_on - A_YEAR, besides=sale.id).subquery()
    return select(literal(sale.id), others.c.amount)


def _ask_url(sale: SaleRecord, shop: Shop, number: str | None) -> str:
    if not number:
        return ""
    facts = {"shop": shop.name, "amount": sale.amount, "day": tanggal(sale.sold_on)}
    text = _("Halo %(shop)s, ada penjualan %(amount)s pada %(day)s. Boleh diceritakan?", **facts)
    return phone.whatsapp_url(number, text)

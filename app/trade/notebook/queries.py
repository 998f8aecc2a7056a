"""Questions of the notebook: what she can write down, and what she wrote."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from app.core.clock import today
from app.core.db import db
from app.core.errors import NotFound
from app.goods.products.models import Product, Revision, Variant
from app.goods.shops.models import Shop
from app.goods.stock.models import Stock, StockMovement
from app.kit import codes
from app.kit.periods import month_of
from app.kit.rupiah import Rupiah
from app.people.accounts.models import Account
from app.people.places.queries import settings_of
from app.trade.notebook import rules
from app.trade.notebook.models import SalePhoto, SalesStatement
from app.trade.notebook.rules import SOURCE
from app.trade.sales import ledger
from app.trade.sales import queries as book
from app.trade.sales.models import SaleRecord
from app.trade.sales.rules import Span

MOST_WARES = 24
MOST_DIGITS = 12
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Ware:
    """One of her goods, as a button."""

    variant_id: int
    name: str
    unit: str
    price: Rupiah
    counted: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A line of the notebook as it is shown; `writer` is empty when she wrote it herself."""

    id: int
    name: str
    unit: str
    qty: int
    amount: Rupiah
    sold_on: date
    at: datetime
    has_photo: bool
    taken_back: bool
    is_reversal: bool
    writer: str


@dataclass(frozen=True, slots=True)
class OwnNote:
    """A sale of the notebook with its shop."""

    sale: SaleRecord
    shop: Shop


def list_wares(shop_id: int) -> list[Ware]:
    """Return her approved goods, those sold last first."""
    # Her lines are read once, not again for each of her goods.
    sold = select(SaleRecord.variant_id, func.max(SaleRecord.id).label("id")).where(SaleRecord.seller_id == shop_id)
    last = sold.group_by(SaleRecord.variant_id).subquery()
    query = (
        select(Variant, Revision.name, Stock.counted)
        .join(Product, Product.id == Variant.product_id)
        .join(Revision, Revision.id == Product.approved_revision_id)
        .join(Stock, Stock.variant_id == Variant.id, isouter=True)
        .join(last, last.c.variant_id == Variant.id, isouter=True)
        .where(Product.shop_id == shop_id, Product.state != "deleted", Variant.active)
        .order_by(func.coalesce(last.c.id, 0).desc(), Variant.id.desc())
        .limit(MOST_WARES)
    )
    return [
        Ware(each.id, f"{name} · {each.label}" if each.label else name, each.unit, each.price, bool(counted))
        for each, name, counted in db.session.execute(query)
    ]


def list_former_wares(shop_id: int, asked: Iterable[str], known: Iterable[Ware]) -> list[Ware]:
    """Return goods of hers that a note may still name though no button offers them any more: what was sold was sold."""
    ids = {int(each) for each in asked if each.isascii() and each.isdigit() and len(each) <= MOST_DIGITS}
    ids -= {each.variant_id for each in known}
    if not ids:
        return []
    query = select(Variant, Product.slug).join(Product, Product.id == Variant.product_id)
    query = query.where(Product.shop_id == shop_id, Variant.id.in_(ids)).order_by(Variant.id)
    return [Ware(each.id, slug, each.unit, each.price, counted=False) for each, slug in db.session.execute(query)]


def get_note(sale_id: int) -> OwnNote:
    """Return a sale that was written into the notebook, with its shop.

    Raises:
        NotFound: none has this id, or it came from elsewhere.
    """
    query = select(SaleRecord, Shop).join(Shop, Shop.id == SaleRecord.seller_id)
    query = query.where(SaleRecord.id == sale_id, SaleRecord.source_type == SOURCE, SaleRecord.reversal_of.is_(None))
    row = db.session.execute(query).first()
    if row is None:
        raise NotFound(sale_id)
    return OwnNote(row[0], row[1])


def find_photo(sale_id: int) -> SalePhoto | None:
    """Return the photo of a note, or None."""
    return db.session.get(SalePhoto, sale_id)


def list_written(shop: Shop) -> list[Written]:
    """Return what was written last, reversals among it, newest first."""
    back = select(SaleRecord.reversal_of).where(SaleRecord.seller_id == shop.id, SaleRecord.reversal_of.is_not(None))
    query = (
        select(SaleRecord, SalePhoto.file, Account.name, SaleRecord.id.in_(back))
        .join(SalePhoto, SalePhoto.sale_id == SaleRecord.id, isouter=True)
        .join(Account, Account.id == SaleRecord.entered_by_id, isouter=True)
        .where(SaleRecord.seller_id == shop.id, SaleRecord.source_type == SOURCE)
        .order_by(SaleRecord.id.desc())
        .limit(SHOWN)
    )
    rows = db.session.execute(query).all()
    names = ledger.names_of(row[0].variant_id for row in rows if row[0].variant_id)
    return [
        Written(
            sale.id,
            *names.get(sale.variant_id or 0, (sale.free_text, "")),
            abs(sale.qty),
            sale.amount,
            sale.sold_on,
            sale.at,
            file is not None,
            taken_back,
            sale.reversal_of is not None,
            "" if sale.entered_by_id == shop.owner_id else writer or "",
        )
        for sale, file, writer, taken_back in rows
    ]


def count_taken(variant_id: int, sale_id: int) -> int:
    """Return how many units of her counted stock a note took, less what it gave back."""
    query = select(func.sum(StockMovement.on_hand_delta)).where(
        StockMovement.source_type == SOURCE,
        StockMovement.source_id == sale_id,
        StockMovement.variant_id == variant_id,
    )
    return -int(db.session.scalar(query) or 0)


def reckon(shop: Shop, months: int) -> rules.Stated:
    """Return what a statement of her last whole months would say now."""
    firsts = rules.whole_months(today(settings_of(shop.regency_code).zone), months)
    last = month_of(firsts[-1])[1]
    hers = [Span(shop.id)]
    return rules.state(firsts, book.list_months(hers, firsts[0], last), book.count_sale_days(hers, firsts[0], last))


def list_statements(shop: Shop) -> list[SalesStatement]:
    """Return what its owner had made of this shop, newest first."""
    query = select(SalesStatement).where(SalesStatement.made_by_id == shop.owner_id, SalesStatement.shop_id == shop.id)
    return list(db.session.scalars(query.order_by(SalesStatement.id.desc()).limit(SHOWN)))


def get_statement(statement_code: str) -> SalesStatement:
    """Return the statement with this code, however it was typed.

    Raises:
        NotFound: none has it.
    """
    code = codes.normalise(statement_code)
    found = db.session.scalar(select(SalesStatement).where(SalesStatement.code == code))
    if found is None:
        raise NotFound(statement_code)
    return found


def find_statement_by_key(key: str) -> SalesStatement | None:
    """Return the statement that a form made, or None."""
    return db.session.scalar(select(SalesStatement).where(SalesStatement.key == key))

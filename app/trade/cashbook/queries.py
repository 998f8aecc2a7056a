"""Questions of the cash book: one month of hers, with what was sold in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.core.db import db
from app.core.errors import NotFound
from app.goods.shops.models import Shop
from app.kit.periods import month_of
from app.kit.rupiah import ZERO, Rupiah
from app.trade.cashbook import rules
from app.trade.cashbook.models import CashEntry
from app.trade.cashbook.rules import Sums
from app.trade.sales import queries as book

MOST_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as it is shown."""

    id: int
    kind: str
    amount: Rupiah
    on_day: date
    note: str
    is_reversal: bool
    taken_back: bool


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the book. `saved_ever` is what she has set aside in all, to this day."""

    first: date
    last: date
    sums: Sums
    before: Sums
    saved_ever: Rupiah
    entries: tuple[Shown, ...]


def get_entry(cash_id: int) -> CashEntry:
    """Return an entry that may be taken back.

    Raises:
        NotFound: none has this id, or it is a reversal itself.
    """
    found = db.session.get(CashEntry, cash_id)
    if found is None or found.reversal_of is not None:
        raise NotFound(cash_id)
    return found


def find_by_key(key: str) -> CashEntry | None:
    """Return what a form wrote, or None."""
    return db.session.scalar(select(CashEntry).where(CashEntry.key == key))


def find_reversal(entry: CashEntry) -> CashEntry | None:
    """Return what took an entry back, or None."""
    return db.session.scalar(select(CashEntry).where(CashEntry.reversal_of == entry.id))


def month_of_book(shop: Shop, day: date) -> Month:
    """Return the month around a day, and the sums of the one before."""
    first, last = month_of(day)
    before = month_of(date.fromordinal(first.toordinal() - 1))
    return Month(
        first, last, _sums(shop, first, last), _sums(shop, *before), _saved(shop), tuple(_entries(shop, first, last))
    )


def _sums(shop: Shop, first: date, last: date) -> Sums:
    row = CashEntry
    query = select(row.kind, func.sum(row.amount)).where(row.owner_id == shop.owner_id, row.shop_id == shop.id)
    found = db.session.execute(query.where(row.on_day.between(first, last)).group_by(row.kind))
    return rules.add_up(book.takings(shop.id, first, last), [(kind, amount) for kind, amount in found])


def _saved(shop: Shop) -> Rupiah:
    row = CashEntry
    query = select(row.kind, func.sum(row.amount)).where(row.owner_id == shop.owner_id, row.shop_id == shop.id)
    found = db.session.execute(query.where(row.kind.in_(("saving", "withdrawal"))).group_by(row.kind))
    return rules.add_up(ZERO, [(kind, amount) for kind, amount in found]).saved


def _entries(shop: Shop, first: date, last: date) -> list[Shown]:
    row, back = CashEntry, aliased(CashEntry)
    query = select(row, back.id).join(back, back.reversal_of == row.id, isouter=True)
    query = query.where(row.owner_id == shop.owner_id, row.shop_id == shop.id, row.on_day.between(first, last))
    query = query.order_by(row.on_day.desc(), row.id.desc()).limit(MOST_SHOWN)
    return [
        Shown(
            each.id, each.kind, each.amount, each.on_day, each.note, each.reversal_of is not None, reversal is not None
        )
        for each, reversal in db.session.execute(query)
    ]

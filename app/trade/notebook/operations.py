"""Writing a sale into the notebook, taking it back, and making a statement of the book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.core import audit, scans
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.pictures import Master
from app.core.policy import Actor
from app.goods.shops.models import Shop
from app.goods.stock import operations as stock
from app.goods.stock import queries as counts
from app.goods.stock.rules import Cause
from app.kit import codes
from app.people.places.queries import RegionSettings, settings_of
from app.trade.notebook import queries, rules
from app.trade.notebook.models import SalePhoto, SalesStatement
from app.trade.notebook.queries import OwnNote
from app.trade.notebook.rules import SOURCE, Note
from app.trade.sales import operations as sales
from app.trade.sales import queries as book
from app.trade.sales.models import SaleRecord
from app.trade.sales.operations import KeyReused
from app.trade.sales.rules import Sale

BACK_DAYS = "book.back_days"


class NotYet(DomainError):
    """The day is to come."""

    status = 422
    text = _l("Hari itu belum datang. Pilih hari ini atau sebelumnya.")


class TooLongAgo(DomainError):
    """Further back than she may write by herself."""

    status = 422
    text = _l("Paling jauh %(days)s hari ke belakang. Lebih lama? Minta pendamping mencatatnya.")


class ReasonNeeded(DomainError):
    """A pendamping who writes about a day long ago says why."""

    status = 422
    text = _l("Sudah lebih dari %(days)s hari. Tulis alasannya.")


class NothingSold(DomainError):
    """There is nothing to state."""

    status = 422
    text = _l("Belum ada penjualan di bulan-bulan itu.")


def write_down(shop: Shop, note: Note, *, by: Actor, photo: Master | None = None) -> tuple[SaleRecord, int]:
    """Write a sale down once; returns it, and how many units were taken off the counted stock.

    The sale stands whatever the count says: only units that nobody was promised are taken off, the rest she counts.

    Raises:
        NotYet, TooLongAgo, ReasonNeeded: about the day.
        KeyReused: this form stored another sale already.
    """
    is_helper = by.id != shop.owner_id
    _check_day(note, settings_of(shop.regency_code), is_helper=is_helper)
    if note.from_stock and note.variant_id:
        stock.lock([note.variant_id])
    is_known = bool(book.find_by_keys([note.key]))
    sale = sales.record([_sale(shop, note)], by_id=by.id, on_behalf_of_id=shop.owner_id if is_helper else None)[0]
    if is_known:
        return sale, 0
    if photo is not None:
        db.session.add(SalePhoto(sale_id=sale.id, file=scans.keep(photo)))
        db.session.flush()
    if is_helper:
        audit.record(by, "sale.noted_on_behalf", sale, on_behalf_of=shop.owner_id, late=bool(note.reason))
    return sale, _take_off(note, sale, by)


def write_many(shop: Shop, notes: Sequence[Note], *, by: Actor) -> tuple[dict[str, DomainError], set[int]]:
    """Write what a phone kept while there was no signal, each once.

    Returns what stands against each that was refused, and the variants of which fewer were counted here than were sold.

    A note that the book holds already counts as written, however often and in whatever order it comes: even after the
    days in which she might write it by herself, and at today's price when the money was left to the price.
    """
    settings = settings_of(shop.regency_code)
    stock.lock(each.variant_id for each in notes if each.from_stock and each.variant_id)
    sales.lock_books([shop.id])
    known = book.find_by_keys(each.key for each in notes)
    fresh: dict[str, Note] = {}
    refused: dict[str, DomainError] = {}
    for note in notes:
        if note.key in refused:
            continue
        try:
            if note.key in known:
                _check_known(known[note.key], shop, note)
            elif _sale(shop, fresh.setdefault(note.key, note)) != _sale(shop, note):
                raise KeyReused(note.key)
            else:
                _check_day(note, settings, is_helper=False)
        except DomainError as refusal:
            refused[note.key] = refusal
            fresh.pop(note.key, None)
    written = sales.record([_sale(shop, each) for each in fresh.values()], by_id=by.id)
    return refused, _take_off_many(list(zip(fresh.values(), written, strict=True)), by)


def _check_known(known: SaleRecord, shop: Shop, note: Note) -> None:
    sale = _sale(shop, note)
    told = replace(sale, amount=known.amount) if note.at_price else sale
    if not sales.is_same(known, told):
        raise KeyReused(note.key)


def _take_off_many(noted: Sequence[tuple[Note, SaleRecord]], by: Actor) -> set[int]:
    """Take off the counted stock what nobody was promised, the first notes first; returns what was too little."""
    free = counts.available(note.variant_id for note, _sale in noted if note.from_stock and note.variant_id)
    sold = []
    short: set[int] = set()
    for note, sale in noted:
        variant_id = note.variant_id
        units = min(note.qty, free.get(variant_id, 0)) if note.from_stock and variant_id else 0
        if note.from_stock and variant_id and units < note.qty:
            short.add(variant_id)
        if variant_id and units > 0:
            free[variant_id] -= units
            sold.append((variant_id, units, Cause(SOURCE, sale.id, by.id)))
    stock.sell_free(sold)
    return short


def take_back(note: OwnNote, *, by: Actor) -> SaleRecord | None:
    """Take what is left of a note back, and its units into the stock they came from; None when nothing is left."""
    sale = note.sale
    if sale.variant_id:
        stock.lock([sale.variant_id])
    sales.lock_books([sale.seller_id])
    left, _amount = book.left_of(sale)
    if not left:
        return None
    back = sales.reverse(sale, left, by=by, key=f"{SOURCE}:{sale.id}:batal")
    if sale.variant_id and (taken := queries.count_taken(sale.variant_id, sale.id)) > 0:
        stock.return_in(sale.variant_id, taken, source=(SOURCE, sale.id), by_id=by.id)
    return back


def _check_day(note: Note, settings: RegionSettings, *, is_helper: bool) -> None:
    this_day, days = today(settings.zone), int(settings.get(BACK_DAYS))
    if note.sold_on > this_day:
        raise NotYet(note.sold_on)
    if rules.is_too_old(note.sold_on, this_day, days):
        if not is_helper:
            raise TooLongAgo(note.sold_on, days=days)
        if len(note.reason) < rules.LEAST_REASON:
            raise ReasonNeeded(note.sold_on, days=days)


def _sale(shop: Shop, note: Note) -> Sale:
    said = "foto nota" if note.has_photo else "catatan sendiri"
    return Sale(
        key=note.key,
        shop_id=shop.id,
        regency_code=shop.regency_code,
        qty=note.qty,
        amount=note.amount,
        sold_on=note.sold_on,
        channel="manual",
        grade="C" if note.has_photo else "D",
        reason=f"terlambat: {note.reason}"[:60] if note.reason else said,
        source=(SOURCE, None),
        variant_id=note.variant_id,
        free_text=note.free_text,
    )


def _take_off(note: Note, sale: SaleRecord, by: Actor) -> int:
    """Take off the counted stock what nobody was promised, at most what was sold."""
    if not (note.from_stock and note.variant_id):
        return 0
    units = min(note.qty, stock.free(note.variant_id))
    if units > 0:
        cause = Cause(SOURCE, sale.id, by.id, sale.on_behalf_of_id)
        for kind in ("reserve", "sell"):
            stock.move(note.variant_id, kind, units, cause)
    return units


def make_statement(shop: Shop, months: int, key: str, *, by: Actor) -> SalesStatement:
    """Freeze what the book says of her last whole months; the same form a second time finds what it made.

    Raises:
        NothingSold: nothing stands in those months.
    """
    sales.lock_books([shop.id])  # two taps at once, and sales that are being written
    key = f"{shop.id}:{months}:{key}"
    if known := queries.find_statement_by_key(key):
        return known
    stated = queries.reckon(shop, months)
    if not stated.total:
        raise NothingSold(shop)
    statement = SalesStatement(
        code=codes.new_code(codes.CARD_LENGTH),
        key=key,
        shop_id=shop.id,
        first_month=stated.months[0].month,
        last_month=stated.months[-1].month,
        totals=stated.plain(),
        made_at=now(),
        made_by_id=by.id,
    )
    statement.sha256 = statement.sealed()
    db.session.add(statement)
    audit.record(by, "statement.made", statement, months=months)
    return statement

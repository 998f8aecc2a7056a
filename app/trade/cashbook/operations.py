"""Writing the cash book: an entry once, and a line against it; nothing is changed."""

from __future__ import annotations

from datetime import date

from app.core.clock import today
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.goods.shops.models import Shop
from app.kit.rupiah import Rupiah
from app.people.places.queries import settings_of
from app.trade.cashbook import queries, rules
from app.trade.cashbook.models import CashEntry
from app.trade.sales.operations import lock_books


class NotYet(DomainError):
    """The day is to come."""

    status = 422
    text = _l("Hari itu belum datang. Pilih hari ini atau sebelumnya.")


class TooLongAgo(DomainError):
    """Further back than the book takes."""

    status = 422
    text = _l("Terlalu lama. Buku kas menerima catatan sampai sekitar satu tahun ke belakang.")


class KeyReused(DomainError):
    """The form stored another entry already."""

    text = _l("Catatan ini sudah tersimpan dengan isi lain. Buka halamannya lagi, lalu catat.")


def write_down(shop: Shop, kind: str, amount: Rupiah, on_day: date, note: str, *, key: str) -> CashEntry:
    """Write an entry of the shop's owner once; the same form a second time finds what it wrote.

    Raises:
        NotYet, TooLongAgo: about the day.
        KeyReused: this form stored something else.
    """
    lock_books([shop.id])  # two taps at once
    key = f"kas:{shop.owner_id}:{key}"[:64]
    this_day = today(settings_of(shop.regency_code).zone)
    if known := queries.find_by_key(key):
        if (known.shop_id, known.kind, known.amount, known.on_day, known.note) != (shop.id, kind, amount, on_day, note):
            raise KeyReused(key)
        return known
    if on_day > this_day:
        raise NotYet(on_day)
    if rules.is_too_old(on_day, this_day):
        raise TooLongAgo(on_day)
    entry = CashEntry(
        key=key, shop_id=shop.id, owner_id=shop.owner_id, kind=kind, amount=amount, on_day=on_day, note=note
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def take_back(entry: CashEntry) -> CashEntry:
    """Write a line against an entry, once."""
    lock_books([entry.shop_id])
    if known := queries.find_reversal(entry):
        return known
    back = CashEntry(
        key=f"kas:balik:{entry.id}",
        shop_id=entry.shop_id,
        owner_id=entry.owner_id,
        kind=entry.kind,
        amount=-entry.amount,
        on_day=entry.on_day,
        note=entry.note,
        reversal_of=entry.id,
    )
    db.session.add(back)
    db.session.flush()
    return back

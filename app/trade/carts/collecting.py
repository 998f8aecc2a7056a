"""Where each seller's part of a cart is collected: at her place, or on a day of a bazaar at which she stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import request

from app.core.i18n import _, tanggal
from app.trade.bazaars import pickups
from app.trade.bazaars.pickups import NotThere, Pickup
from app.trade.carts.rules import Block
from app.trade.orders.meeting import Spot, read_spot

FIELD = "ambil-"
DAY = "hari-"


def offered(blocks: Sequence[Block]) -> dict[int, list[Pickup]]:
    """Return the days at bazaars that each part of a cart can still be ordered for, if all of it is sold there."""
    days = {block.stall.id: pickups.orderable(block.stall.id) for block in blocks if block.at_bazaars}
    made = {block.stall.id: block.days for block in blocks}
    return {
        shop_id: fit for shop_id, each in days.items() if (fit := [day for day in each if _fits(day, made[shop_id])])
    }


def _fits(pickup: Pickup, days: Sequence[date] | None) -> bool:
    """Tell whether what is made to order can be ready by then; further away than a day can be chosen, it can."""
    return days is None or pickup.day in days or (bool(days) and pickup.day > days[-1])


def lacking(block: Block) -> str:
    """Say how much is missing from the smallest order of a stall; empty when nothing is."""
    if block.lacks is None:
        return ""
    facts = {"shop": block.stall.name, "least": block.stall.least, "rest": block.lacks}
    return _("%(shop)s menerima pesanan mulai %(least)s. Kurang %(rest)s lagi.", **facts)


def full(block: Block) -> str:
    """Say that the day which was chosen for a part is taken, and which is next; empty when it is not."""
    wanted = day_of(block.stall.id)
    if block.days is None or (block.days and wanted in {None, *block.days}):
        return ""
    if not block.days or wanted is None:
        return _("%(shop)s: tidak ada hari yang cukup untuk semuanya. Kurangi jumlahnya.", shop=block.stall.name)
    facts = {"shop": block.stall.name, "day": tanggal(wanted), "next": tanggal(block.days[0])}
    return _("%(shop)s: %(day)s sudah penuh. Yang kosong berikutnya %(next)s.", **facts)


def day_of(shop_id: int) -> date | None:
    """Return the day that was chosen for what is made to order, None for the first that is free."""
    try:
        return date.fromisoformat(request.form.get(f"{DAY}{shop_id}", "")[:10])
    except ValueError:
        return None


def chosen(shop_id: int) -> Spot | None:
    """Return the day that was chosen for a shop, None for her own place.

    Raises:
        NotThere: what was sent names no day.
    """
    typed = request.form.get(f"{FIELD}{shop_id}", "")[:40]
    spot = read_spot(typed)
    if typed and spot is None:
        raise NotThere(typed)
    return spot

"""Where each seller's part of a cart is collected: at her place, or on a day of a bazaar at which she stands."""

from __future__ import annotations

from collections.abc import Iterable

from flask import request

from app.core.i18n import _
from app.trade.bazaars import pickups
from app.trade.bazaars.pickups import NotThere, Pickup
from app.trade.carts.rules import Block
from app.trade.orders.meeting import Spot, read_spot

FIELD = "ambil-"


def offered(blocks: Iterable[Block]) -> dict[int, list[Pickup]]:
    """Return the days at bazaars that each part of a cart can still be ordered for, if all of it is sold there."""
    days = {block.stall.id: pickups.orderable(block.stall.id) for block in blocks if block.at_bazaars}
    return {shop_id: each for shop_id, each in days.items() if each}


def lacking(block: Block) -> str:
    """Say how much is missing from the smallest order of a stall; empty when nothing is."""
    if block.lacks is None:
        return ""
    facts = {"shop": block.stall.name, "least": block.stall.least, "rest": block.lacks}
    return _("%(shop)s menerima pesanan mulai %(least)s. Kurang %(rest)s lagi.", **facts)


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

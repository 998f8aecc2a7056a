"""The rows of a submit: an order as it begins, and its lines with name and price as they are now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from app.goods.delivery.rules import Zone
from app.kit.rupiah import Rupiah
from app.trade.orders import making, queries, rules
from app.trade.orders.meeting import Meeting, Need, before, bounded
from app.trade.orders.rules import Block, Hours, Wanted

Offer = Any  # what is on sale now: a row of what `placing` asks for
MADE: Final = "made_to_order"
Ends = Mapping[str, datetime | None]


def order_row(
    group_id: int,
    block: Block,
    lines: list[tuple[Wanted, Offer]],
    at: Meeting | Zone | None,
    unique: Rupiah,
    moment: datetime,
    day: date | None,
) -> dict[str, Any]:
    """Return one seller's part as it is stored, without its code.

    `at` is the day of a bazaar or the zone she brings it to, if either; `unique` the few rupiah that tell her transfers
    apart, `day` when what is made to order is ready.
    """
    subtotal = Rupiah.total(offer.price * wanted.qty for wanted, offer in lines)
    offer = lines[0][1]
    hours = queries.hours_of(offer.regency_code)
    step = rules.find_step("place", "")
    assert step is not None
    ends = rules.clocks(step, moment, hours, promised_at=moment, pays=False)
    return {
        "group_id": group_id,
        "seller_id": block.shop_id,
        "regency_code": offer.regency_code,
        "state": step.after,
        "method": block.method,
        "subtotal": subtotal,
        "delivery": block.delivery,
        "unique_amount": unique,
        "total": subtotal + block.delivery + unique,
        "created_at": moment,
        "for_office": block.need is not None,
        "to_kecamatan": block.to.kecamatan if block.to else None,
        "to_address": block.to.address if block.to else "",
        "promised_at": making.ready_at(day, hours.ready_at, hours.zone) if day else None,
        **_where(at, block.need, offer, ends, hours),
    }


def _where(at: Meeting | Zone | None, need: Need | None, offer: Offer, ends: Ends, hours: Hours) -> dict[str, Any]:
    """Say where and when it changes hands, which bounds the clocks: at her place, a door, an office, or a bazaar."""
    if not isinstance(at, Meeting):
        nowhere = {"bazaar_id": None, "meet_from": None, "meet_until": None}
        if need is not None:
            return {"pickup_place": need.place, "promised_at": need.at, **nowhere, **before(ends, need.at)}
        place = f"Kecamatan {at.name}" if at else offer.pickup_place
        return {"pickup_place": place, **nowhere, **ends}
    return {
        "pickup_place": at.place,
        "bazaar_id": at.bazaar_id,
        "meet_from": at.opens,
        "meet_until": at.closes,
        "promised_at": at.opens,
        **bounded(ends, at.opens, hours.over(at.closes)),
    }


def is_capped(offer: Offer) -> bool:
    """Tell whether it is made to order and somebody said how many can be made in a day."""
    return offer.stock_mode == MADE and offer.day_capacity is not None


def line_row(order_id: int, wanted: Wanted, offer: Offer, counted: dict[int, int], day: date | None) -> dict[str, Any]:
    """Return a line as it is stored; goods that are counted are held for it, those with a limit are made on a day."""
    booked_on = day if is_capped(offer) else None
    return {
        "order_id": order_id,
        "product_id": offer.product_id,
        "variant_id": wanted.variant_id,
        "name": f"{offer.name} {offer.label}".strip()[:160],
        "unit": offer.unit,
        "price": offer.price,
        "qty_ordered": wanted.qty,
        "qty_agreed": wanted.qty,
        "qty_held": wanted.qty if wanted.variant_id in counted else 0,
        "booked_on": booked_on,
        "qty_booked": wanted.qty if booked_on else 0,
    }

"""An order that the seller brings: where to, for how much, and from which sum on she takes an order at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from app.goods.delivery.queries import terms_of
from app.goods.delivery.rules import Zone
from app.kit.rupiah import Rupiah
from app.trade.orders.rows import Offer
from app.trade.orders.rules import COD, Block, Change

Zones = Mapping[int, Mapping[str, Zone]]
# Shops → how each takes money before the goods now.
Ahead = Callable[[Iterable[int]], Mapping[int, Sequence[str]]]


def zones_for(blocks: Sequence[Block], offers: Mapping[int, Offer], ahead: Ahead | None = None) -> Zones:
    """Return the zones of the sellers who shall bring their part, or can do nothing else; else nothing is asked.

    Of who can do nothing else, those that her buyer could choose: where money comes first, and she takes none, no zone
    is offered and the way is arranged.
    """
    chosen = {block.shop_id for block in blocks if block.to}
    waiting = {block.shop_id for block in blocks if _needs_door(block, offers)}
    if not chosen and not waiting:
        return {}
    takes = ahead(waiting) if ahead and waiting else {}
    terms = terms_of(chosen | waiting)
    offered = {
        shop_id: each if shop_id in chosen else each.paid_by(ahead=bool(takes.get(shop_id)))
        for shop_id, each in terms.items()
    }
    return {shop_id: each.by_code for shop_id, each in offered.items() if each.zones}


def _needs_door(block: Block, offers: Mapping[int, Offer]) -> bool:
    """Tell whether goods are collected that nobody collects: she only brings them. With an office she arranges it."""
    if block.to or block.at or block.need:
        return False
    known = [offers[line.variant_id] for line in block.lines if line.variant_id in offers]
    return any(not offer.pickup and offer.delivered for offer in known)


def list_changes(blocks: Sequence[Block], offers: Mapping[int, Offer], zones: Zones) -> list[Change]:
    """Return what about the parts themselves is not as the buyer saw it, for parts of which everything is known."""
    found = []
    for block in blocks:
        known = [offers[line.variant_id] for line in block.lines if line.variant_id in offers]
        if len(known) < len(block.lines):
            continue
        least, goods = known[0].least, Rupiah.total(line.price_seen * line.qty for line in block.lines)
        if least is not None and goods < least:
            found.append(Change(0, "least", price=least, shop_id=block.shop_id))
        if block.to:
            found += _brought(block, known, zones.get(block.shop_id, {}).get(block.to.kecamatan))
        elif zones.get(block.shop_id):
            found.append(Change(0, "no_door", shop_id=block.shop_id))
    return found


def _brought(block: Block, offers: Sequence[Offer], zone: Zone | None) -> list[Change]:
    stays = any(not offer.delivered for offer in offers)
    if zone is None or stays:
        return [Change(0, "not_brought", shop_id=block.shop_id)]
    if zone.fee != block.delivery:
        return [Change(0, "fee", price=zone.fee, shop_id=block.shop_id)]
    return [Change(0, "pay_first", shop_id=block.shop_id)] if block.method == COD and not zone.cod else []

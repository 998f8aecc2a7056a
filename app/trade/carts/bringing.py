"""Each seller's part of a cart, brought to the buyer: where she goes, what was chosen, what of it no longer holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import request

from app.core.i18n import _
from app.goods.delivery.queries import zones_of
from app.goods.delivery.rules import Zone, read_seen
from app.kit.rupiah import ZERO, Rupiah
from app.people.places.queries import names_of
from app.trade.carts.rules import Block

FIELD: Final = "antar-"
COUNTED: Final = "terhitung-"
LONGEST: Final = 40


@dataclass(frozen=True)
class Way:
    """Where a seller brings her part. `chosen` is counted in the sum, `said` is what is not as it was chosen."""

    zones: tuple[Zone, ...]
    chosen: Zone | None = None
    said: str = ""

    @property
    def fee(self) -> Rupiah:
        """What it costs to have it brought, nothing when it is collected."""
        return self.chosen.fee if self.chosen else ZERO


def offered(blocks: Iterable[Block], ahead: Mapping[int, Sequence[str]], typed: Mapping[str, Any]) -> dict[int, Way]:
    """Return where each part can be brought, and the choice that was typed as far as it still holds.

    `ahead` says who takes money before the goods: without it only those zones are left where cash comes with them.
    """
    parts = [block for block in blocks if block.brings]
    known = zones_of(block.stall.id for block in parts) if parts else {}
    found = {}
    for block in parts:
        zones = tuple(zone for zone in known.get(block.stall.id, {}).values() if zone.cod or ahead.get(block.stall.id))
        found[block.stall.id] = _way(block, zones, read_seen(str(typed.get(f"{FIELD}{block.stall.id}", ""))[:LONGEST]))
    return {shop_id: way for shop_id, way in found.items() if way.zones or way.said}


def _way(block: Block, zones: tuple[Zone, ...], seen: tuple[str, Rupiah] | None) -> Way:
    if seen is None:
        return Way(zones)
    code, fee = seen
    zone = next((each for each in zones if each.code == code), None)
    if zone is None:
        where = names_of({code}).get(code, "")
        return Way(zones, None, _("%(shop)s tidak mengantar ke %(place)s lagi.", shop=block.stall.name, place=where))
    if zone.fee == fee:
        return Way(zones, zone)
    facts = {"shop": block.stall.name, "place": zone.name, "old": fee, "new": zone.fee}
    return Way(zones, zone, _("%(shop)s: ongkos antar ke %(place)s berubah dari %(old)s menjadi %(new)s.", **facts))


def places(blocks: Iterable[Block]) -> dict[int, str]:
    """Name the kecamatan to which each part of a cart can be brought, the cheapest first."""
    parts = [block for block in blocks if block.brings]
    known = zones_of(block.stall.id for block in parts) if parts else {}
    return {shop_id: ", ".join(zone.name for zone in zones.values()) for shop_id, zones in known.items()}


def chosen(shop_id: int) -> tuple[str, Rupiah] | None:
    """Return kecamatan and fee that were chosen for a part, None when it is collected."""
    return read_seen(request.form.get(f"{FIELD}{shop_id}", "")[:LONGEST])


def uncounted(shop_ids: Iterable[int]) -> bool:
    """Tell whether a delivery was chosen, or taken back, that the sum on the page did not hold yet."""
    sent = request.form
    return any(
        sent.get(f"{FIELD}{each}", "")[:LONGEST] != sent.get(f"{COUNTED}{each}", "")[:LONGEST] for each in set(shop_ids)
    )

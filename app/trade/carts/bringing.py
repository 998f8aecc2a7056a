"""Each seller's part of a cart, brought to the buyer: where she goes, what was chosen, what of it no longer holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import request

from app.core.i18n import _
from app.goods.delivery import words
from app.goods.delivery.queries import terms_of
from app.goods.delivery.rules import NOTHING, Terms, Zone, read_seen
from app.kit.rupiah import ZERO, Rupiah
from app.people.places.queries import names_of
from app.trade.carts.rules import Block

FIELD: Final = "antar-"
COUNTED: Final = "terhitung-"
LONGEST: Final = 40


@dataclass(frozen=True)
class Way:
    """Where a seller brings her part. `chosen` is counted in the sum, `said` is what is not as it was chosen.

    `stays` names what of it she never brings: then nothing of it is.
    """

    terms: Terms
    chosen: Zone | None = None
    said: str = ""
    stays: str = ""

    @property
    def fee(self) -> Rupiah:
        """What it costs to have it brought, nothing when it is collected."""
        return self.chosen.fee if self.chosen else ZERO

    @property
    def facts(self) -> list[words.Fact]:
        """Say where and how it is brought, as every page does."""
        return words.said_ways(self.terms)

    @property
    def where(self) -> str:
        """Say where she brings it and for how much."""
        return words.said_where(self.terms)

    @property
    def zones(self) -> tuple[Zone, ...]:
        """Return the kecamatan to choose from."""
        return self.terms.zones


def offered(blocks: Iterable[Block], ahead: Mapping[int, Sequence[str]], typed: Mapping[str, Any]) -> dict[int, Way]:
    """Return where each part can be brought, and the choice that was typed as far as it still holds.

    `ahead` says who takes money before the goods: without it only those zones are left where cash comes with them.
    """
    parts = list(blocks)
    known = terms_of(block.stall.id for block in parts) if parts else {}
    found = {}
    for block in parts:
        shop_id = block.stall.id
        terms = known.get(shop_id, NOTHING).paid_by(ahead=bool(ahead.get(shop_id)))
        if terms.goes and not block.brings:
            found[shop_id] = Way(terms.without_ways(), stays=_stays(block))
        else:
            found[shop_id] = _way(block, terms, read_seen(str(typed.get(f"{FIELD}{shop_id}", ""))[:LONGEST]))
    return {shop_id: way for shop_id, way in found.items() if way.terms.goes or way.said or way.stays}


def _stays(block: Block) -> str:
    names = ", ".join(line.offer.name for line in block.stays if line.offer)
    if len(block.stays) == len(block.lines):
        return _("%(names)s tidak ikut diantar, jadi pesanan ini tidak diantar.", names=names)
    said = _("%(names)s tidak ikut diantar, jadi pesanan ini tidak diantar. Mau yang lain diantar? Pesan terpisah.")
    return said % {"names": names}


def _way(block: Block, terms: Terms, seen: tuple[str, Rupiah] | None) -> Way:
    if seen is None:
        return Way(terms)
    code, fee = seen
    zone = terms.by_code.get(code)
    if zone is None:
        where = names_of({code}).get(code, "")
        return Way(terms, None, _("%(shop)s tidak mengantar ke %(place)s lagi.", shop=block.stall.name, place=where))
    if zone.fee == fee:
        return Way(terms, zone)
    facts = {"shop": block.stall.name, "place": zone.name, "old": fee, "new": zone.fee}
    return Way(terms, zone, _("%(shop)s: ongkos antar ke %(place)s berubah dari %(old)s menjadi %(new)s.", **facts))


def chosen(shop_id: int) -> tuple[str, Rupiah] | None:
    """Return kecamatan and fee that were chosen for a part, None when it is collected."""
    return read_seen(request.form.get(f"{FIELD}{shop_id}", "")[:LONGEST])


def uncounted(shop_ids: Iterable[int]) -> bool:
    """Tell whether a delivery was chosen, or taken back, that the sum on the page did not hold yet."""
    sent = request.form
    return any(
        sent.get(f"{FIELD}{each}", "")[:LONGEST] != sent.get(f"{COUNTED}{each}", "")[:LONGEST] for each in set(shop_ids)
    )

"""Who makes how much of what an office wants, as it is shown before the office agrees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.core.clock import today
from app.core.cookies import SignedCookie
from app.goods.delivery.queries import terms_of
from app.goods.delivery.rules import Zone, read_seen
from app.kit.periods import zone_named
from app.kit.rupiah import ZERO, Rupiah
from app.trade.carts.queries import offers_of
from app.trade.carts.rules import Offer, Stall
from app.trade.offices import queries, rules
from app.trade.offices.rules import Want
from app.trade.orders.meeting import Doorstep, Need
from app.trade.orders.rules import Block, Wanted
from app.trade.payments import queries as payments
from app.trade.payments.rules import fits

# What the page showed, signed: it comes back with the form, so that nobody agrees to anything else.
SHOWN = SignedCookie("pembagian", "office-plan", days=1)


@dataclass(frozen=True)
class Line:
    """So many of one choice."""

    offer: Offer
    qty: int

    @property
    def total(self) -> Rupiah:
        """What it costs."""
        return self.offer.price * self.qty


@dataclass(frozen=True)
class Part:
    """What one seller makes, how she is paid, and the zone she brings it to: None when that is to be arranged."""

    stall: Stall
    lines: tuple[Line, ...]
    method: str
    to: Zone | None = None

    @property
    def fee(self) -> Rupiah:
        """What she takes for bringing it."""
        return self.to.fee if self.to else ZERO

    @property
    def total(self) -> Rupiah:
        """What she is paid."""
        return Rupiah.total([*(line.total for line in self.lines), self.fee])


@dataclass(frozen=True)
class Short:
    """A choice of which nobody can make enough: `lead_days` when it is too late to ask its own seller.

    `least` is the smallest sum that its seller takes, when that is why.
    """

    offer: Offer
    asked: int
    found: int
    lead_days: int = 0
    least: Rupiah | None = None


@dataclass(frozen=True)
class Plan:
    """Every seller's part, and what is missing; an office agrees to it whole or not at all."""

    parts: tuple[Part, ...]
    short: tuple[Short, ...]

    @property
    def total(self) -> Rupiah:
        """What all of it costs."""
        return Rupiah.total(part.total for part in self.parts)


def make(wanted: Mapping[int, int], need: Need, zone: str, method: str) -> Plan:
    """Share what is wanted (choice → units) over sellers who can have it there in time.

    `method` is how the office wishes to pay; who does not take a transfer is paid in cash, and where money must come
    before the goods, cash becomes a transfer.
    """
    clock = zone_named(zone)
    day = clock.day(need.at)
    days = (day - today(zone)).days
    offers = offers_of(wanted)
    known = [each for each in wanted if each in offers]
    leads = queries.leads_of(known)
    room = _room(offers, day)
    others = {each: queries.list_like(each) for each in known if room[each] < wanted[each]}
    helping = {each for several in others.values() for each in several} - offers.keys()
    if helping:
        offers |= offers_of(helping)
        room |= _room({each: offers[each] for each in helping if each in offers}, day)
    wants = [Want(each, wanted[each], tuple(others.get(each, ()))) for each in known]
    shares, small = _shared(wants, room, offers)
    short = []
    for want, given in zip(wants, shares, strict=True):
        if (found := sum(given.values())) < want.qty:
            offer, lead = offers[want.variant_id], leads[want.variant_id]
            least = offer.stall.least if offer.stall.id in small else None
            short.append(Short(offer, want.qty, found, lead if lead > days else 0, least))
    return Plan(_parts(shares, offers, method, need.kecamatan), tuple(short))


def _shared(
    wants: Sequence[Want], room: dict[int, int], offers: Mapping[int, Offer]
) -> tuple[list[dict[int, int]], set[int]]:
    """Share, and share again without the shops whose part would be smaller than they take; returns those too."""
    small: set[int] = set()
    while True:
        able = {each: units for each, units in room.items() if offers[each].stall.id not in small}
        shares = rules.share(wants, able)
        sums: dict[int, Rupiah] = {}
        for variant_id, qty in ((each, qty) for given in shares for each, qty in given.items()):
            stall_id = offers[variant_id].stall.id
            sums[stall_id] = sums.get(stall_id, ZERO) + offers[variant_id].price * qty
        stalls = {offer.stall.id: offer.stall for offer in offers.values()}
        under = {each for each, total in sums.items() if (least := stalls[each].least) and total < least}
        if not under:
            return shares, small
        small |= under


def _room(offers: Mapping[int, Offer], day: date) -> dict[int, int]:
    """Return how many of each can be had for a day; what is made to order has none before it can be ready."""
    found = {}
    for variant_id, offer in offers.items():
        limits = [each for each in (offer.available, offer.room_on(day)) if each is not None]
        found[variant_id] = min([*limits, rules.MOST_QTY]) if offer.on_sale and offer.stall.is_open else 0
    return found


def _parts(
    shares: Sequence[Mapping[int, int]], offers: Mapping[int, Offer], method: str, kecamatan: str
) -> tuple[Part, ...]:
    units: dict[int, int] = {}
    for given in shares:
        for variant_id, qty in given.items():
            units[variant_id] = units.get(variant_id, 0) + qty
    by_shop: dict[int, list[Line]] = {}
    for variant_id, qty in units.items():
        by_shop.setdefault(offers[variant_id].stall.id, []).append(Line(offers[variant_id], qty))
    zones = {
        shop_id: terms.by_code[kecamatan]
        for shop_id, terms in terms_of(by_shop).items()
        if kecamatan in terms.by_code and all(line.offer.delivered for line in by_shop[shop_id])
    }
    ahead = {}
    if method == rules.TRANSFER or (method == rules.CASH and not all(zone.cod for zone in zones.values())):
        ahead = payments.offered(by_shop)
    parts = [Part(lines[0].offer.stall, tuple(lines), method, zones.get(each)) for each, lines in by_shop.items()]
    return tuple(_paid(part, ahead.get(part.stall.id, ())) for part in parts)


def _paid(part: Part, ahead: Sequence[str]) -> Part:
    """Return a part as its seller takes money; where she wants it first and cannot take it, the way is arranged."""
    takes = rules.TRANSFER in ahead and fits(rules.TRANSFER, part.total)
    if part.method == rules.TRANSFER and not takes:
        part = replace(part, method=rules.CASH)
    if part.method == rules.CASH and part.to and not part.to.cod:
        return replace(part, method=rules.TRANSFER) if takes else replace(part, to=None)
    return part


def pack(plan: Plan, wanted: Mapping[int, int], need: Need, method: str) -> str:
    """Return a plan and what it answers as signed text."""
    parts = [
        [
            part.stall.id,
            part.method,
            part.to.seen if part.to else "",
            [[each.offer.variant_id, each.qty, each.offer.price.amount] for each in part.lines],
        ]
        for part in plan.parts
    ]
    return SHOWN.sign([_asked(wanted, need, method), parts])


def agreed(text: str, wanted: Mapping[int, int], need: Need, method: str) -> tuple[Block, ...] | None:
    """Return the parts that a page showed, to be placed; None when they answer something else than is asked now."""
    shown: Any = SHOWN.open(text)
    if not shown or shown[0] != _asked(wanted, need, method):
        return None
    return tuple(_block(need, *part) for part in shown[1])


def _block(need: Need, shop_id: int, method: str, seen: str, lines: list[list[int]]) -> Block:
    wanted = tuple(Wanted(each[0], each[1], Rupiah(each[2])) for each in lines)
    way = read_seen(seen)
    if way is None:
        return Block(shop_id, wanted, method, need=need)
    kecamatan, fee = way
    # The place stands with the office's need; there is no other address to keep.
    return Block(shop_id, wanted, method, fee, need=need, to=Doorstep(kecamatan, ""))


def _asked(wanted: Mapping[int, int], need: Need, method: str) -> list[Any]:
    return [[list(each) for each in sorted(wanted.items())], need.at.isoformat(), need.kecamatan, method]

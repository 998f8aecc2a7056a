"""Who makes how much of what an office wants, as it is shown before the office agrees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.core.clock import today
from app.core.cookies import SignedCookie
from app.kit.periods import zone_named
from app.kit.rupiah import ZERO, Rupiah
from app.trade.carts.queries import offers_of
from app.trade.carts.rules import Offer, Stall
from app.trade.offices import queries, rules
from app.trade.offices.rules import Want
from app.trade.orders.meeting import Need
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
    """What one seller makes, and how she is paid."""

    stall: Stall
    lines: tuple[Line, ...]
    method: str

    @property
    def total(self) -> Rupiah:
        """What she is paid."""
        return Rupiah.total(line.total for line in self.lines)

    @property
    def brings(self) -> bool:
        """Whether she usually brings all of it."""
        return all(line.offer.delivered for line in self.lines)


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


def make(wanted: Mapping[int, int], needed_at: datetime, zone: str, method: str) -> Plan:
    """Share what is wanted (choice → units) over sellers who can have it there in time.

    `method` is how the office wishes to pay; who does not take a transfer is paid in cash.
    """
    clock = zone_named(zone)
    day = clock.day(needed_at)
    days = (day - today(zone)).days
    offers = offers_of(wanted)
    known = [each for each in wanted if each in offers]
    leads = queries.leads_of(known)
    room = _room(offers, leads, days, day)
    others = {each: queries.list_like(each) for each in known if room[each] < wanted[each]}
    helping = {each for several in others.values() for each in several} - offers.keys()
    if helping:
        offers |= offers_of(helping)
        room |= _room({each: offers[each] for each in helping if each in offers}, queries.leads_of(helping), days, day)
    wants = [Want(each, wanted[each], tuple(others.get(each, ()))) for each in known]
    shares, small = _shared(wants, room, offers)
    short = []
    for want, given in zip(wants, shares, strict=True):
        if (found := sum(given.values())) < want.qty:
            offer, lead = offers[want.variant_id], leads[want.variant_id]
            least = offer.stall.least if offer.stall.id in small else None
            short.append(Short(offer, want.qty, found, lead if lead > days else 0, least))
    return Plan(_parts(shares, offers, method), tuple(short))


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


def _room(offers: Mapping[int, Offer], leads: Mapping[int, int], days: int, day: date) -> dict[int, int]:
    """Return how many of each can be had for a day, which is so many days from now."""
    found = {}
    for variant_id, offer in offers.items():
        limits = [each for each in (offer.available, offer.room_on(day)) if each is not None]
        can = offer.on_sale and offer.stall.is_open and leads.get(variant_id, 0) <= days
        found[variant_id] = min([*limits, rules.MOST_QTY]) if can else 0
    return found


def _parts(shares: Sequence[Mapping[int, int]], offers: Mapping[int, Offer], method: str) -> tuple[Part, ...]:
    units: dict[int, int] = {}
    for given in shares:
        for variant_id, qty in given.items():
            units[variant_id] = units.get(variant_id, 0) + qty
    by_shop: dict[int, list[Line]] = {}
    for variant_id, qty in units.items():
        by_shop.setdefault(offers[variant_id].stall.id, []).append(Line(offers[variant_id], qty))
    ahead = payments.offered(by_shop) if method == rules.TRANSFER else {}
    found = []
    for shop_id, lines in by_shop.items():
        total = Rupiah.total(line.total for line in lines)
        takes = method != rules.TRANSFER or (method in ahead.get(shop_id, ()) and fits(method, total))
        found.append(Part(lines[0].offer.stall, tuple(lines), method if takes else rules.CASH))
    return tuple(found)


def pack(plan: Plan, wanted: Mapping[int, int], need: Need, method: str) -> str:
    """Return a plan and what it answers as signed text."""
    parts = [
        [
            part.stall.id,
            part.method,
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
    return tuple(
        Block(shop_id, tuple(Wanted(each[0], each[1], Rupiah(each[2])) for each in lines), way, need=need)
        for shop_id, way, lines in shown[1]
    )


def _asked(wanted: Mapping[int, int], need: Need, method: str) -> list[Any]:
    return [[list(each) for each in sorted(wanted.items())], need.at.isoformat(), method]

"""What a cart holds, and what became of it since it was last seen. Prices are whole rupiah per sale unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.kit.rupiah import Rupiah

MOST_LINES = 40
MOST_EACH = 999
# Of the four numbers of a line: variant, quantity, price, shop.
LARGEST = (10**18, MOST_EACH, 10**12, 10**18)


@dataclass(frozen=True)
class Line:
    """So many of one variant, at the price the buyer saw, and the shop that sells it."""

    variant_id: int
    qty: int
    price: Rupiah
    shop_id: int


Cart = tuple[Line, ...]


def pack(cart: Cart) -> list[list[int]]:
    """Return the cart as short lists, for a cookie.

    >>> pack((Line(7, 2, Rupiah(38_000), 3),))
    [[7, 2, 38000, 3]]
    """
    return [[line.variant_id, line.qty, line.price.amount, line.shop_id] for line in cart]


def unpack(value: Any) -> Cart:
    """Read a cookie back; whatever no cart of ours would hold is left out.

    >>> unpack([[7, 2, 38000, 3], [7, 1, 1, 3], [8, -1, 5, 3], "x", [9, 10**30, 5, 3]])
    (Line(variant_id=7, qty=2, price=Rupiah(amount=38000), shop_id=3),)
    >>> unpack(None), unpack({"a": 1})
    ((), ())
    """
    rows = value if isinstance(value, list) else []
    lines: dict[int, Line] = {}
    for row in rows[:MOST_LINES]:
        if _is_line(row) and row[0] not in lines:
            lines[row[0]] = Line(row[0], row[1], Rupiah(row[2]), row[3])
    return tuple(lines.values())


def _is_line(row: Any) -> bool:
    if not isinstance(row, list) or len(row) != len(LARGEST):
        return False
    return all(type(part) is int and 0 < part <= most for part, most in zip(row, LARGEST, strict=True))


def count(cart: Cart) -> int:
    """Count the things in a cart.

    >>> count((Line(7, 2, Rupiah(1), 3), Line(8, 3, Rupiah(1), 3)))
    5
    """
    return sum(line.qty for line in cart)


def quantity_of(cart: Cart, variant_id: int) -> int:
    """Return how many of a variant are in the cart, 0 when none."""
    return next((line.qty for line in cart if line.variant_id == variant_id), 0)


def is_full(cart: Cart, variant_id: int) -> bool:
    """Tell whether the cart has no room for one more kind of thing."""
    return len(cart) >= MOST_LINES and not quantity_of(cart, variant_id)


def put(cart: Cart, line: Line) -> Cart:
    """Set one line: replaced in its place, added at the end, taken out when its quantity is 0.

    >>> two = put(put((), Line(7, 2, Rupiah(5), 3)), Line(8, 1, Rupiah(9), 3))
    >>> [(line.variant_id, line.qty) for line in put(two, Line(7, 4, Rupiah(5), 3))]
    [(7, 4), (8, 1)]
    >>> [line.variant_id for line in put(two, Line(7, 0, Rupiah(5), 3))]
    [8]
    """
    known = any(each.variant_id == line.variant_id for each in cart)
    lines = tuple(line if each.variant_id == line.variant_id else each for each in cart)
    return tuple(each for each in (lines if known else (*lines, line)) if each.qty > 0)


@dataclass(frozen=True)
class Stall:
    """A shop as a buyer meets it. `closes` are first and last day of a pause to come, `closed_note` says why.

    `least` is the smallest sum that it takes an order for, None for any.
    """

    id: int
    slug: str
    name: str
    pickup_place: str
    pickup_hours: str
    is_open: bool
    closed_note: str = ""
    closes: tuple[date, date] | None = None
    least: Rupiah | None = None


@dataclass(frozen=True)
class Offer:
    """A variant as it is now. `available` is None when nobody counts it; `rooms` is None when it is not made to order.

    Else it says how many can be made on each day to come on which any can, the next first, out of `a_day`.
    """

    variant_id: int
    product_slug: str
    name: str
    unit: str
    price: Rupiah
    available: int | None
    on_sale: bool
    stall: Stall
    at_bazaars: bool = True
    pickup: bool = True
    delivered: bool = True
    photo: str = ""
    drawing: str = ""
    tint: str = ""
    rooms: Mapping[date, int] | None = None
    a_day: int = MOST_EACH

    def room_on(self, day: date) -> int | None:
        """Return how many can be made on a day, None when it is not made to order; `a_day` beyond what is planned."""
        if self.rooms is None:
            return None
        planned = max(self.rooms, default=day)
        return self.rooms.get(day, 0) if day <= planned else self.a_day

    @property
    def most(self) -> int:
        """How many one buyer may have now; 0 when it cannot be bought at all."""
        if not self.on_sale or not self.stall.is_open:
            return 0
        limits = [self.available] if self.available is not None else []
        limits += [max(self.rooms.values(), default=0)] if self.rooms is not None else []
        return max(0, min([*limits, MOST_EACH]))


@dataclass(frozen=True)
class Checked:
    """A line beside what is on offer now. `change` is "", gone, closed, sold_out, full, fewer or price."""

    line: Line
    offer: Offer | None
    qty: int
    price: Rupiah
    change: str

    @property
    def total(self) -> Rupiah:
        """What the line costs now."""
        return self.price * self.qty

    @property
    def accepted(self) -> Line:
        """The line as it would be once the buyer agrees to the change."""
        return replace(self.line, qty=self.qty, price=self.price)


def check(line: Line, offer: Offer | None) -> Checked:
    """Compare what was put in the cart with what can be had now.

    >>> stall = Stall(1, "a", "A", "", "", is_open=True)
    >>> offer = Offer(7, "telur", "Telur", "butir", Rupiah(4_000), available=3, on_sale=True, stall=stall)
    >>> [check(Line(7, q, Rupiah(p), 1), offer).change for q, p in ((3, 4_000), (5, 4_000), (1, 3_500))]
    ['', 'fewer', 'price']
    >>> check(Line(7, 1, Rupiah(4_000), 1), None).change
    'gone'
    """
    if offer is None or not offer.on_sale:
        return Checked(line, offer, 0, line.price, "gone")
    if not offer.stall.is_open:
        return Checked(line, offer, 0, offer.price, "closed")
    if offer.most == 0:
        return Checked(line, offer, 0, offer.price, "sold_out" if offer.rooms is None else "full")
    qty = min(line.qty, offer.most)
    change = "fewer" if qty < line.qty else "price" if offer.price != line.price else ""
    return Checked(line, offer, qty, offer.price, change)


@dataclass(frozen=True)
class Block:
    """One stall's part of the cart: an order of its own once it is sent."""

    stall: Stall
    lines: tuple[Checked, ...]

    @property
    def total(self) -> Rupiah:
        """What this stall will be paid."""
        return Rupiah.total(line.total for line in self.lines)

    @property
    def lacks(self) -> Rupiah | None:
        """How much is missing from the smallest sum that this stall takes; None when nothing is."""
        least = self.stall.least
        return least - self.total if least is not None and self.total < least else None

    @property
    def brings(self) -> bool:
        """Tell whether all of it goes along where she brings her goods."""
        return not self.stays

    @property
    def stays(self) -> list[Checked]:
        """Return the lines that are never brought."""
        return [line for line in self.lines if line.offer is None or not line.offer.delivered]

    @property
    def days(self) -> list[date] | None:
        """The days on which all of it can be ready, the next first; None when nothing of it is made to order."""
        made = [(line.qty, line.offer.rooms) for line in self.lines if line.offer and line.offer.rooms is not None]
        if not made:
            return None
        return [day for day in made[0][1] if all(rooms.get(day, 0) >= qty for qty, rooms in made)]

    @property
    def at_bazaars(self) -> bool:
        """Tell whether all of it is sold at bazaars too."""
        return all(line.offer is not None and line.offer.at_bazaars for line in self.lines)

    @property
    def pickup(self) -> bool:
        """Tell whether all of it can be collected at her place."""
        return all(line.offer is not None and line.offer.pickup for line in self.lines)


def blocks(checked: Sequence[Checked]) -> list[Block]:
    """Group lines by stall, in the order in which the buyer met the stalls; lines of nothing known are left out."""
    stalls: dict[int, Stall] = {}
    lines: dict[int, list[Checked]] = {}
    for each in checked:
        if each.offer is not None:
            stalls.setdefault(each.offer.stall.id, each.offer.stall)
            lines.setdefault(each.offer.stall.id, []).append(each)
    return [Block(stall, tuple(lines[stall_id])) for stall_id, stall in stalls.items()]


def accept(checked: Sequence[Checked]) -> Cart:
    """Return the cart with every change agreed to: new prices, fewer pieces, nothing that cannot be had.

    >>> accept([Checked(Line(7, 5, Rupiah(1), 3), None, 3, Rupiah(2), "fewer"), check(Line(8, 1, Rupiah(1), 3), None)])
    (Line(variant_id=7, qty=3, price=Rupiah(amount=2), shop_id=3),)
    """
    return tuple(each.accepted for each in checked if each.qty > 0)

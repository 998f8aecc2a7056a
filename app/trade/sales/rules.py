"""What a sale is worth, what may still be taken back of it, and which days of which shop are asked about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Final, Protocol

from app.kit.rupiah import ZERO, Rupiah

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SoldLine:
    """Units of one variant that were handed over. `line_id` names the order line; amount leaves delivery out."""

    line_id: int
    variant_id: int
    qty: int
    amount: Rupiah


@dataclass(frozen=True, slots=True)
class SoldOrder:
    """An order that was handed over, in plain values: the book stands below orders."""

    order_id: int
    shop_id: int
    regency_code: str
    sold_on: date
    lines: tuple[SoldLine, ...]
    by_id: int
    channel: str = "online"


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale to be written down, in plain values, whatever its channel.

    `key` names it for ever: the same key a second time adds nothing. `reason` says in a few words what the grade leans
    on. `source` is what caused it, (type, id): an order, a bazaar, a page of the notebook.
    """

    key: str
    shop_id: int
    regency_code: str
    qty: int
    amount: Rupiah
    sold_on: date
    channel: str
    grade: str
    reason: str
    source: tuple[str, int | None]
    variant_id: int | None = None
    free_text: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Days of one shop that count, both ends included; None leaves an end open.

    A family's sales are those of its shops within the days of each link, so whoever asks gives spans, not shops.
    """

    shop_id: int
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Taking:
    """A sum of the book: month (its first day), channel and evidence that counts now. Net of reversals."""

    month: date
    channel: str
    grade: str
    amount: Rupiah
    qty: int
    lines: int


@dataclass(frozen=True, slots=True)
class ShopTaking:
    """A sum of the book for one shop. `day` is the day, or the first day of the month, as the question says."""

    shop_id: int
    day: date
    channel: str
    grade: str
    amount: Rupiah
    qty: int
    lines: int


@dataclass(frozen=True, slots=True)
class MonthSum:
    """What one owner's spans brought in a month. `strong` has evidence A or B; `days` had a sale that stands.

    `channels` holds those with a line in the month, even where everything was taken back.
    """

    owner: int
    month: date
    amount: Rupiah
    strong: Rupiah
    days: int
    first: date | None
    last: date | None
    channels: Mapping[str, Rupiah]


@dataclass(frozen=True, slots=True)
class RegionCell:
    """A sum of the book for a month, or (`by`) one channel, grade or area of it, and how many shops it comes from."""

    by: str
    month: date
    key: str
    shops: int
    amount: Rupiah
    lines: int


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the book as people read it. A reversal is negative and carries the grade of its original."""

    id: int
    shop_id: int
    sold_on: date
    channel: str
    grade: str
    qty: int
    amount: Rupiah
    variant_id: int | None
    free_text: str
    source_type: str
    source_id: int | None
    reversal_of: int | None
    entered_by_id: int
    on_behalf_of_id: int | None


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days of takings, Monday first, and the week before."""

    first: date
    days: tuple[Rupiah, ...]
    total: Rupiah
    last_week: Rupiah


class Compared(Protocol):
    """What a month brought beside the month before, whose first day is `before`, and the same month a year ago."""

    @property
    def total(self) -> Rupiah: ...
    @property
    def before(self) -> date: ...
    @property
    def last_month(self) -> Rupiah: ...
    @property
    def last_year(self) -> Rupiah: ...


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month of takings, the month before, and the same month a year ago.

    `weeks` are (first day, last day, takings) within it.
    """

    first: date
    weeks: tuple[tuple[date, date, Rupiah], ...]
    by_channel: Mapping[str, Rupiah]
    by_grade: Mapping[str, Rupiah]
    days: int
    before: date
    last_month: Rupiah
    last_year: Rupiah = ZERO

    @property
    def total(self) -> Rupiah:
        """All of the month."""
        return Rupiah.total(self.by_channel.values())


def weeks_of(first: date, last: date) -> list[tuple[date, date]]:
    """Return the weeks from Monday to Sunday between two days, the first and the last as short as they must be.

    >>> [(a.day, b.day) for a, b in weeks_of(date(2026, 11, 1), date(2026, 11, 30))]
    [(1, 1), (2, 8), (9, 15), (16, 22), (23, 29), (30, 30)]
    """
    weeks = []
    while first <= last:
        sunday = min(first + timedelta(days=6 - first.weekday()), last)
        weeks.append((first, sunday))
        first = sunday + _DAY
    return weeks


# PostgreSQL lets one transaction at a time write the books of a part of the shops; migration 0072 counts likewise.
BOOKS: Final = 7_301_000_000
PARTS: Final = 64
WEAKEST: Final = "D"
FAR_ABOVE_USUAL: Final = "jauh di atas biasanya"
LOOKED_FITS, LOOKED_STAYS = "dilihat petugas: sesuai", "dilihat petugas: catatan sendiri"
OWN_NUMBER: Final = "nomor penjual sendiri"
# Marks lower the evidence of a sale and accuse nobody; the sale itself counts whole.
MARKS: Final = (FAR_ABOVE_USUAL, OWN_NUMBER)


def part_of(shop_id: int) -> int:
    """Return the part of its region that a shop's sales are counted in."""
    return shop_id % PARTS


def lock_key(shop_id: int) -> int:
    """Return the number under which a shop's book is locked."""
    return BOOKS + part_of(shop_id)


def online_key(order_id: int, line_id: int) -> str:
    """Name the one record that a line of an order may have."""
    return f"order:{order_id}:line:{line_id}"


def reversal_amount(amount: Rupiah, qty: int, left_amount: Rupiah, left_qty: int, back: int) -> Rupiah:
    """Return what `back` units of a sale are worth; the last ones take the rest, so that nothing is lost in rounding.

    >>> reversal_amount(Rupiah(100), 3, Rupiah(100), 3, 1), reversal_amount(Rupiah(100), 3, Rupiah(67), 2, 2)
    (Rupiah(amount=33), Rupiah(amount=67))
    """
    return left_amount if back == left_qty else Rupiah(amount.amount * back // qty)


LEAST_TO_COMPARE: Final = 5


def is_far_above(amount: Rupiah, earlier: Sequence[int], times: int) -> bool:
    """Tell whether a sale is more than so many times her usual one, so that a person should look at it.

    Args:
        amount: of the sale.
        earlier: amounts of her sales before it; with fewer than five nothing is usual yet.
        times: as her kabupaten sets it.

    Source: spec/growth.md, anti-gaming. It lowers the evidence, it accuses nobody.

    >>> is_far_above(Rupiah(200_001), [20_000] * 5, 10), is_far_above(Rupiah(200_000), [20_000] * 5, 10)
    (True, False)
    >>> is_far_above(Rupiah(900_000), [20_000] * 4, 10)
    False
    """
    return len(earlier) >= LEAST_TO_COMPARE and amount.amount > times * int(median(earlier))


EVER: Final = (date(1, 1, 1), date(9999, 12, 31))


def clip(spans: Iterable[Span], first: date = EVER[0], last: date = EVER[1]) -> list[tuple[int, date, date]]:
    """Return the days of each shop that lie between two days, each day once however many spans hold it.

    >>> clip([Span(7, None, date(2026, 5, 10)), Span(7, date(2026, 5, 5))], date(2026, 5, 1), date(2026, 5, 31))
    [(7, datetime.date(2026, 5, 1), datetime.date(2026, 5, 31))]
    >>> clip([Span(7, date(2026, 6, 1))], date(2026, 5, 1), date(2026, 5, 31))
    []
    """
    by_shop: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for span in spans:
        begins, ends = max(span.first or first, first), min(span.last or last, last)
        if begins <= ends:
            by_shop[span.shop_id].append((begins, ends))
    return [(shop_id, *days) for shop_id in sorted(by_shop) for days in _joined(sorted(by_shop[shop_id]))]


def _joined(days: Sequence[tuple[date, date]]) -> list[tuple[date, date]]:
    joined = [days[0]]
    for begins, ends in days[1:]:
        before = joined[-1]
        if before[1] == EVER[1] or begins <= before[1] + _DAY:
            joined[-1] = (before[0], max(before[1], ends))
        else:
            joined.append((begins, ends))
    return joined

"""What follows from a family's takings: indicators, criteria one by one, flags that name their reasons. No sum, ever.

Everything here takes frozen inputs and gives the same answer for ever; `CODE_VERSION` moves when an answer would.
Source: docs/algorithms/graduation.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

CODE_VERSION: Final = "1"
MEASURED: Final = ("I1", "I2", "I3", "I5", "I6", "I7", "I8", "I11")
MET, NOT_MET, UNKNOWN, NOT_APPLICABLE = "met", "not_met", "not_enough_data", "not_applicable"
RESULTS: Final = (MET, NOT_MET, UNKNOWN, NOT_APPLICABLE)
KEPT_MONTHS: Final = 24
SALE_DAYS: Final = 4
"""A month is active from this many days with a sale on."""
TYPICAL, YEAR, QUARTER = 6, 12, 3
LEAST_TYPICAL, LEAST_ACTIVE, LEAST_DIRECTION = 4, 8, 6
PER_MILLE: Final = 1000
# Months that hold a day of Ramadan or of the first week after it: marked on the screen, never left out of a figure.
FASTING: Final = frozenset(
    {(2024, 3), (2024, 4), (2025, 3), (2025, 4), (2026, 2), (2026, 3), (2027, 2), (2027, 3), (2028, 1), (2028, 2)}
)


@dataclass(frozen=True, slots=True)
class Month:
    """One calendar month of a family's takings, net, in rupiah; `strong` is the part with evidence A or B.

    `days` had a sale that stands, `first` and `last` are the edges of those; `channels` says what came by which way.
    """

    month: date
    amount: int
    strong: int
    days: int
    first: date | None
    last: date | None
    channels: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator: a whole number in its unit, or `missing`, how many months or sales it still needs.

    Units: `rupiah`, `per_mille`, `months`, `days`. `n` is how many months (or days, or sales) it was made from,
    `months` the first and the last of them. A shape that is no number stands in `parts`.
    """

    code: str
    unit: str
    value: int | None = None
    n: int = 0
    first: date | None = None
    last: date | None = None
    missing: int = 0
    note: str = ""
    parts: tuple[tuple[str, int], ...] = ()


def months_between(first: date, last: date) -> int:
    """Return how many months lie from one to the other.

    >>> months_between(date(2025, 11, 30), date(2026, 2, 1))
    3
    """
    return (last.year - first.year) * 12 + last.month - first.month


def month_before(month: date, back: int) -> date:
    """Return the first day of the month so many months earlier.

    >>> month_before(date(2026, 2, 17), 3)
    datetime.date(2025, 11, 1)
    """
    number = month.year * 12 + month.month - 1 - back
    return date(number // 12, number % 12 + 1, 1)


def collect(
    months: Iterable[Month],
    as_of: date,
    *,
    sales_used: bool = True,
    visit: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """Return the frozen inputs of an assessment: monthly sums of two years, first and last sale, answers of visits.

    Without consent no sale is looked at, and the inputs say so. No sale after `as_of` may stand in the months.
    """
    book = sorted(months, key=lambda each: each.month) if sales_used else []
    oldest = month_before(as_of, KEPT_MONTHS)
    edges = [day for each in book for day in (each.first, each.last) if day]
    return {
        "as_of": as_of.isoformat(),
        "sales_used": sales_used,
        "first_sale": min(edges).isoformat() if edges else None,
        "last_sale": max(edges).isoformat() if edges else None,
        "months": {
            each.month.isoformat()[:7]: {
                "amount": each.amount, "strong": each.strong, "days": each.days, "channels": dict(each.channels),
            }
            for each in book
            if each.month >= oldest
        },
        "visit": {code: dict(seen) for code, seen in (visit or {}).items()},
    }  # fmt: skip


def median(values: Sequence[int]) -> int:
    """Return the middle, rounded down to a whole number.

    >>> median([3, 1, 2]), median([1, 2]), median([])
    (2, 1, 0)
    """
    ordered = sorted(values)
    half = len(ordered) // 2
    if not ordered:
        return 0
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) // 2


@dataclass(frozen=True)
class Book:
    """Frozen inputs, read: which months are complete, and what each brought."""

    as_of: date
    sales_used: bool
    first_sale: date | None
    last_sale: date | None
    months: Mapping[date, Mapping[str, Any]]
    visit: Mapping[str, Mapping[str, Any]]

    @classmethod
    def read(cls, inputs: Mapping[str, Any]) -> Book:
        """Read what `collect` froze."""
        first, last = (
            date.fromisoformat(inputs[name]) if inputs[name] else None for name in ("first_sale", "last_sale")
        )
        months = {date.fromisoformat(f"{month}-01"): sums for month, sums in inputs["months"].items()}
        return cls(date.fromisoformat(inputs["as_of"]), inputs["sales_used"], first, last, months, inputs["visit"])

    @property
    def complete(self) -> int:
        """How many whole months lie between the first sale's month, which is in part, and this one, which runs."""
        return max(months_between(self.first_sale, self.as_of) - 1, 0) if self.first_sale else 0

    def last_months(self, count: int, skip: int = 0) -> list[date]:
        """Return complete months, latest first: at most `count`, after leaving out the `skip` latest."""
        return [month_before(self.as_of, back) for back in range(1 + skip, 1 + min(count + skip, self.complete))]

    def amount(self, month: date) -> int:
        """Return what a month brought; a month without a sale brought nothing, and counts."""
        return int(self.months[month]["amount"]) if month in self.months else 0

    def sum_of(self, months: Iterable[date], name: str) -> int:
        """Add one part up over months."""
        return sum(int(self.months[month][name]) for month in months if month in self.months)


def indicators(inputs: Mapping[str, Any]) -> dict[str, Figure]:
    """Return every indicator that this house measures, by code."""
    book = Book.read(inputs)
    makers = (_turnover, _typical, _evidence, _active, _steadiness, _direction, _since_last, _channels)
    return {figure.code: figure for figure in (make(book) for make in makers)}


def _turnover(book: Book) -> Figure:
    """I1: what the latest complete month brought; the running one while there is no other."""
    if book.first_sale is None:
        return Figure("I1", "rupiah", missing=1)
    month = (book.last_months(1) or [book.as_of.replace(day=1)])[0]
    return Figure("I1", "rupiah", book.amount(month), 1, month, month)


def _typical(book: Book) -> Figure:
    """I2: the median month of the last six."""
    months = book.last_months(TYPICAL)
    if len(months) < LEAST_TYPICAL:
        return Figure("I2", "rupiah", n=len(months), missing=LEAST_TYPICAL - len(months))
    return Figure("I2", "rupiah", median([book.amount(month) for month in months]), len(months), months[-1], months[0])


def _evidence(book: Book) -> Figure:
    """I3: the share of those months' takings that leans on evidence A or B."""
    months = book.last_months(TYPICAL)
    if len(months) < LEAST_TYPICAL:
        return Figure("I3", "per_mille", n=len(months), missing=LEAST_TYPICAL - len(months))
    whole = book.sum_of(months, "amount")
    if whole <= 0:
        return Figure("I3", "per_mille", n=len(months), missing=1)
    share = book.sum_of(months, "strong") * PER_MILLE // whole
    return Figure("I3", "per_mille", share, len(months), months[-1], months[0])


def _active(book: Book) -> Figure:
    """I5: months of the last twelve with at least four days of sales; with fewer months, of those."""
    months = book.last_months(YEAR)
    if not months:
        return Figure("I5", "months", missing=YEAR)
    active = sum(1 for month in months if book.sum_of([month], "days") >= SALE_DAYS)
    return Figure("I5", "months", active, len(months), months[-1], months[0], YEAR - len(months))


def _steadiness(book: Book) -> Figure:
    """I6: how far months lie from the median month, against it."""
    active = _active(book)
    if active.n < YEAR:
        return Figure("I6", "per_mille", n=active.n, missing=YEAR - active.n)
    if (active.value or 0) < LEAST_ACTIVE:
        return Figure("I6", "per_mille", n=active.n, missing=LEAST_ACTIVE - (active.value or 0), note="active")
    amounts = [book.amount(month) for month in book.last_months(YEAR)]
    middle = median(amounts)
    if middle <= 0:
        return Figure("I6", "per_mille", n=active.n, missing=1)
    spread = median([abs(amount - middle) for amount in amounts])
    return Figure("I6", "per_mille", spread * PER_MILLE // middle, active.n, active.first, active.last)


def _direction(book: Book) -> Figure:
    """I7: the last three months against the same three of last year; without that year, against the three before."""
    if book.complete < LEAST_DIRECTION:
        return Figure("I7", "per_mille", n=book.complete, missing=LEAST_DIRECTION - book.complete)
    recent = book.last_months(QUARTER)
    seasonal = book.complete >= YEAR + QUARTER
    before = book.last_months(QUARTER, skip=YEAR if seasonal else QUARTER)
    base = median([book.amount(month) for month in before])
    note = "" if seasonal else "season_unknown"
    if base <= 0:
        return Figure("I7", "per_mille", n=len(recent), missing=1, note=note)
    change = median([book.amount(month) for month in recent]) * PER_MILLE // base - PER_MILLE
    return Figure("I7", "per_mille", change, len(recent), recent[-1], recent[0], note=note)


def _since_last(book: Book) -> Figure:
    """I8: days since the last sale that stands."""
    if book.last_sale is None:
        return Figure("I8", "days", missing=1)
    return Figure("I8", "days", (book.as_of - book.last_sale).days, 1, book.last_sale, book.last_sale)


def _channels(book: Book) -> Figure:
    """I11: the share of each channel in the last six months."""
    months = book.last_months(TYPICAL)
    if len(months) < LEAST_TYPICAL:
        return Figure("I11", "per_mille", n=len(months), missing=LEAST_TYPICAL - len(months))
    sums: dict[str, int] = defaultdict(int)
    for month in months:
        for channel, amount in book.months.get(month, {}).get("channels", {}).items():
            sums[channel] += amount
    whole = sum(sums.values())
    if whole <= 0:
        return Figure("I11", "per_mille", n=len(months), missing=1)
    shares = tuple((channel, sums[channel] * PER_MILLE // whole) for channel in sorted(sums))
    return Figure("I11", "per_mille", None, len(months), months[-1], months[0], parts=shares)


COMPARATORS: Final = ("at_least", "at_most", "above", "below", "is_true")


def holds(value: int, comparator: str, threshold: int) -> bool:
    """Compare a value with a threshold.

    >>> holds(46, "at_most", 45), holds(8, "at_least", 8), holds(-400, "below", -400), holds(1, "is_true", 1)
    (False, True, False, True)
    """
    return {
        "at_least": value >= threshold,
        "at_most": value <= threshold,
        "above": value > threshold,
        "below": value < threshold,
        "is_true": value == 1,
    }[comparator]


def answer(
    criterion: Mapping[str, Any], inputs: Mapping[str, Any], found: Mapping[str, Figure] | None = None
) -> dict[str, Any]:
    """Return what one criterion says; silence of the data is an answer of its own and never a failure.

    `found` are the indicators of these inputs, where they are known already.
    """
    told: dict[str, Any] = {"code": criterion["code"], "threshold": criterion["threshold"], "value": None, "missing": 0}
    if criterion["source"] == "visit":
        seen = inputs["visit"].get(criterion["code"])
        if seen is None:
            return told | {"result": UNKNOWN, "missing": 1}
        if seen["value"] is None:
            return told | {"result": NOT_APPLICABLE}
        value: int = int(seen["value"])
    else:
        figure = (indicators(inputs) if found is None else found).get(criterion["code"])
        if figure is None or figure.value is None:
            return told | {"result": UNKNOWN, "missing": figure.missing if figure else 0}
        value = figure.value
        if figure.missing and not _certain(figure, criterion):
            return told | {"result": UNKNOWN, "value": value, "missing": figure.missing}
    met = holds(value, criterion["comparator"], criterion["threshold"])
    return told | {"value": value, "result": MET if met else NOT_MET}


def _certain(figure: Figure, criterion: Mapping[str, Any]) -> bool:
    """Tell whether a count of months is enough already, although not all of its months have passed."""
    comparator, threshold = criterion["comparator"], criterion["threshold"]
    return comparator == "at_least" and figure.value is not None and figure.value >= threshold


def flag(flags: Mapping[str, Any], inputs: Mapping[str, Any], found: Mapping[str, Figure] | None = None) -> list[str]:
    """Return the codes of warning signs when enough of them are hit, else none. What is unknown is never hit."""
    hit = [sign["code"] for sign in flags["signs"] if answer(sign, inputs, found)["result"] == MET]
    return hit if len(hit) >= flags["least"] else []


def assess(
    criteria: Sequence[Mapping[str, Any]], flags: Mapping[str, Any], inputs: Mapping[str, Any]
) -> dict[str, Any]:
    """Answer every criterion and name the warning signs; nothing is added up."""
    found = indicators(inputs)
    return {"criteria": [answer(each, inputs, found) for each in criteria], "watch": flag(flags, inputs, found)}


def corrected(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Name the months that were over at the earlier assessment and read differently now: a sale came or went."""
    closed = before["as_of"][:7]
    if not (before["sales_used"] and after["sales_used"]):
        return []
    known = set(before["months"]) | set(after["months"])
    oldest = month_before(date.fromisoformat(after["as_of"]), KEPT_MONTHS).isoformat()[:7]
    return sorted(
        month
        for month in known
        if oldest <= month < closed
        and before["months"].get(month, {}).get("amount", 0) != after["months"].get(month, {}).get("amount", 0)
    )


def _criterion(code: str, comparator: str, threshold: int, unit: str, support: str, *, source: str) -> dict[str, Any]:
    return {
        "code": code, "source": source, "comparator": comparator, "threshold": threshold, "unit": unit,
        "support": support,
    }  # fmt: skip


def _measured(code: str, comparator: str, threshold: int, unit: str, support: str = "") -> dict[str, Any]:
    return _criterion(code, comparator, threshold, unit, support, source="indicator")


def _seen(code: str, comparator: str, threshold: int, unit: str, support: str) -> dict[str, Any]:
    return _criterion(code, comparator, threshold, unit, support, source="visit")


DEFAULT_CRITERIA: Final[tuple[dict[str, Any], ...]] = (
    _measured("I5", "at_least", 8, "months", "bazaar"),
    _measured("I6", "at_most", 600, "per_mille", "mentoring"),
    _measured("I8", "at_most", 45, "days", "bazaar"),
    _measured("I10", "at_most", 600, "per_mille", "market"),
    _measured("I18", "at_least", 1000, "per_mille", "capital"),
    _seen("meals", "is_true", 1, "yes", "social"),
    _seen("savings", "is_true", 1, "yes", "training"),
    _seen("income_sources", "at_least", 2, "count", "training"),
    _seen("school", "is_true", 1, "yes", "social"),
)
DEFAULT_FLAGS: Final[dict[str, Any]] = {
    "least": 2,
    "signs": [
        _measured("I8", "above", 45, "days"),
        _measured("I7", "below", -400, "per_mille"),
        _measured("I5", "below", 6, "months"),
        _seen("shock", "is_true", 1, "yes", ""),
    ],
}
DEFAULT_VERSION: Final = "v0"

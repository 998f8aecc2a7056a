"""What may be written into the notebook, and what a statement says of the book."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from app.kit.rupiah import Rupiah
from app.trade.sales.rules import Taking

SOURCE: Final = "notebook"
MOST_AT_ONCE: Final = 50
"""How many notes a phone may bring in one request. Source: spec/performance.md, budget 13."""
LEAST_REASON: Final = 10
LEAST_AMOUNT: Final = Rupiah(100)
MOST_AMOUNT: Final = Rupiah(1_000_000_000)
MOST_QTY: Final = 100_000


@dataclass(frozen=True, slots=True)
class Note:
    """A sale at home or on the road. `variant_id` or `free_text` says what; `reason` why it comes so late.

    `at_price`: nobody typed the money, it is the price of the day on which the note came.
    """

    key: str
    qty: int
    amount: Rupiah
    sold_on: date
    variant_id: int | None = None
    free_text: str = ""
    from_stock: bool = False
    has_photo: bool = False
    reason: str = ""
    at_price: bool = False


def is_too_old(sold_on: date, today: date, back_days: int) -> bool:
    """Tell whether a day lies further back than a seller may write by herself.

    Args:
        sold_on: the day of the sale.
        today: the day by her own clock.
        back_days: as her kabupaten sets it. Source: spec/trade.md, sales made elsewhere.

    >>> is_too_old(date(2026, 11, 1), date(2026, 12, 2), 31), is_too_old(date(2026, 10, 31), date(2026, 12, 2), 31)
    (False, True)
    """
    return (today - sold_on).days > back_days


LENGTHS: Final = (12, 6)
"""How many whole months a statement may hold. Source: spec/growth.md, KUBE and capital."""
GRADES: Final = ("A", "B", "C", "D")


@dataclass(frozen=True, slots=True)
class StatedMonth:
    """One month of a statement: takings by evidence, and on how many days something was sold."""

    month: date
    by_grade: Mapping[str, Rupiah]
    days: int

    @property
    def total(self) -> Rupiah:
        """All of the month."""
        return Rupiah.total(self.by_grade.values())


@dataclass(frozen=True, slots=True)
class Stated:
    """What a statement says: whole months in order, those without a sale too."""

    months: tuple[StatedMonth, ...]

    @property
    def by_grade(self) -> dict[str, Rupiah]:
        """Takings of all months by evidence."""
        return {grade: Rupiah.total(each.by_grade[grade] for each in self.months) for grade in GRADES}

    @property
    def total(self) -> Rupiah:
        """Takings of all months."""
        return Rupiah.total(each.total for each in self.months)

    @property
    def days(self) -> int:
        """Days with a sale."""
        return sum(each.days for each in self.months)

    def plain(self) -> list[dict[str, Any]]:
        """Return it as it is stored."""
        return [
            {"month": each.month.isoformat(), "days": each.days}
            | {grade: each.by_grade[grade].amount for grade in GRADES}
            for each in self.months
        ]


def read(plain: Iterable[Mapping[str, Any]]) -> Stated:
    """Return what was stored as it was stated."""
    return Stated(
        tuple(
            StatedMonth(
                date.fromisoformat(each["month"]), {grade: Rupiah(each[grade]) for grade in GRADES}, each["days"]
            )
            for each in plain
        )
    )


def whole_months(today: date, count: int) -> list[date]:
    """Return the first days of the last whole months before a day, oldest first.

    >>> whole_months(date(2026, 1, 31), 2)
    [datetime.date(2025, 11, 1), datetime.date(2025, 12, 1)]
    """
    firsts = [today.replace(day=1)]
    for _ in range(count):
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    return firsts[:0:-1]


def state(months: Sequence[date], takings: Iterable[Taking], days: Mapping[date, int]) -> Stated:
    """Put the sums of the book into a statement, whatever their channel."""
    sums: dict[tuple[date, str], int] = defaultdict(int)
    for each in takings:
        sums[each.month, each.grade] += each.amount.amount
    return Stated(
        tuple(
            StatedMonth(month, {grade: Rupiah(sums[month, grade]) for grade in GRADES}, days.get(month, 0))
            for month in months
        )
    )


def seal(code: str, shop_id: int, plain: Sequence[Mapping[str, Any]], made_at: datetime, made_by_id: int) -> str:
    """Return the hash over everything that a statement says; `made_at` in UTC."""
    content = [code, shop_id, list(plain), made_at.isoformat(timespec="microseconds"), made_by_id]
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

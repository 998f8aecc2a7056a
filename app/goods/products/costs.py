"""What a thing costs to make, in the words of the family sessions on money: modal, pendapatan, laba.

Pure: values in, values out. Source of the words: spec/domain.md 1.4.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.kit.rupiah import ZERO, Rupiah

# How many lines of each kind a sheet has.
KINDS: Final = {"bahan": 12, "kemasan": 4, "tenaga": 3, "lain": 4}
FEWEST_SELLERS: Final = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One cost of a batch."""

    kind: str
    name: str
    amount: Rupiah


@dataclass(frozen=True, slots=True)
class Sum:
    """A batch reckoned up: `outlay` in all and for one sale unit, rounded up; `profit` of one at its price."""

    outlay: Rupiah
    each: Rupiah
    price: Rupiah
    income: Rupiah
    makes: int

    @property
    def profit(self) -> Rupiah:
        """What is left of one sold; below nothing when it costs more than it brings."""
        return self.price - self.each

    @property
    def profit_of_all(self) -> Rupiah:
        """What is left of the whole batch."""
        return self.income - self.outlay

    @property
    def at_a_loss(self) -> bool:
        """Tell whether one brings less than it costs."""
        return self.price < self.each

    @property
    def margin_percent(self) -> int:
        """Which share of the price is profit, in whole per cent, rounded down."""
        return self.profit.amount * 100 // self.price.amount


def reckon(lines: Iterable[Line], makes: int, price: Rupiah) -> Sum:
    """Reckon up a batch.

    Args:
        lines: its costs.
        makes: how many sale units come of it, at least 1.
        price: of one.

    >>> found = reckon([Line("bahan", "telur", Rupiah(100_000)), Line("tenaga", "", Rupiah(20_000))], 7, Rupiah(19_000))
    >>> found.outlay, found.each, found.profit, found.margin_percent, found.at_a_loss
    (Rupiah(amount=120000), Rupiah(amount=17143), Rupiah(amount=1857), 9, False)
    """
    outlay = sum((each.amount for each in lines), ZERO)
    return Sum(outlay, Rupiah(-(-outlay.amount // makes)), price, price * makes, makes)

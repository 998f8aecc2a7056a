"""What a month of a cash book comes to, in the words of the family sessions on money.

Source of the words: spec/growth.md (pendapatan, pengeluaran, modal, laba, tabungan).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.kit.rupiah import ZERO, Rupiah

KINDS: Final = ("income", "expense", "capital", "saving", "withdrawal")
# How a kind stands in an address.
PATHS: Final = {
    "pendapatan": "income",
    "pengeluaran": "expense",
    "modal": "capital",
    "tabungan": "saving",
    "ambil-tabungan": "withdrawal",
}
BACK_DAYS: Final = 400
LEAST: Final = Rupiah(100)
MOST: Final = Rupiah(1_000_000_000)


@dataclass(frozen=True, slots=True)
class Sums:
    """A month: what was sold, what else came in, what went out, was put in, set aside and taken back."""

    sales: Rupiah = ZERO
    income: Rupiah = ZERO
    expense: Rupiah = ZERO
    capital: Rupiah = ZERO
    saving: Rupiah = ZERO
    withdrawal: Rupiah = ZERO

    @property
    def earned(self) -> Rupiah:
        """Pendapatan: sales, and what else the business brought."""
        return self.sales + self.income

    @property
    def profit(self) -> Rupiah:
        """Laba: what was earned less what was spent; capital and savings are neither."""
        return self.earned - self.expense

    @property
    def saved(self) -> Rupiah:
        """Tabungan: set aside less taken back."""
        return self.saving - self.withdrawal

    @property
    def left(self) -> Rupiah:
        """What of all this ought to be in her purse."""
        return self.profit + self.capital - self.saved

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing happened."""
        return not any((self.sales, self.income, self.expense, self.capital, self.saving, self.withdrawal))


def add_up(sales: Rupiah, entries: Iterable[tuple[str, Rupiah]]) -> Sums:
    """Put a month together from its sales and its entries; reversals are negative.

    >>> found = add_up(Rupiah(500), [("expense", Rupiah(200)), ("expense", Rupiah(-50)), ("saving", Rupiah(100))])
    >>> found.profit, found.saved, found.left
    (Rupiah(amount=350), Rupiah(amount=100), Rupiah(amount=250))
    """
    sums: dict[str, Rupiah] = dict.fromkeys(KINDS, ZERO)
    for kind, amount in entries:
        sums[kind] += amount
    return Sums(sales=sales, **sums)


def is_too_old(day: date, today: date) -> bool:
    """Tell whether a day lies further back than the book takes."""
    return (today - day).days > BACK_DAYS


def kind_of(path: str) -> str | None:
    """Return the kind that an address names, or None."""
    return PATHS.get(path)

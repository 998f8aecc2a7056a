"""What follows at the stalls: differences, when a reason is due, and what a report is sealed with. Pure values only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.kit.rupiah import Rupiah

WAYS = ("till", "tally")
METHODS = ("cash", "other", "mixed")
SETTLEMENT_STATES = ("submitted", "returned", "signed", "silent")
SELLING: Final = ("running", "closed")
PACKING: Final = ("published", "running")
TENTH: Final = 10
MOST_UNITS: Final = 9_999
REMINDERS: Final = 2
EVIDENCE: Final = "B"
REASON: Final = "hasil bazar ditandatangani"
# The words are part of what is signed; another rule is another version beside it, never an edit.
RULE: Final = (
    "Versi 2026-2. Omzet = jumlah semua catatan penjualan dengan sumber bazar ini dikurangi pembatalannya. "
    "Setiap barang pada satu hari dihitung dari satu cara saja: kasir atau lembar hitung. "
    "Selisih = dibawa - kembali - rusak - terjual. Bukti B = hasil ditandatangani petugas yang bukan pencatat, "
    "selain itu D. Kecamatan = jumlah kecamatan dari lapak yang menjual. "
    "Pembeli pertama kali = nomor HP yang menerima pesanan lewat bazar ini dan belum pernah menerima pesanan lain "
    "sebelumnya; satu sampai empat ditutup. Wajah baru = hitungan penjual, hanya dari lapak yang mengisinya."
)
LEAST: Final = 5
INCIDENTS = ("health", "loss", "quarrel", "weather", "place", "other")


@dataclass(frozen=True, slots=True)
class Line:
    """One product in a basket at the price that stood on the page."""

    variant_id: int
    name: str
    price: Rupiah
    qty: int


@dataclass(frozen=True, slots=True)
class Basket:
    """What is sold in one go. `key` names it for ever."""

    key: str
    method: str
    lines: tuple[Line, ...]

    @property
    def total(self) -> Rupiah:
        """What the buyer pays."""
        return Rupiah.total(line.price * line.qty for line in self.lines)


def expected(taken: int, beyond: int, returned: int, damaged: int) -> int:
    """Return what should have been sold of what was noted as taken along.

    >>> expected(20, 0, 3, 1), expected(14, 4, 0, 0)
    (16, 10)
    """
    return taken - beyond - returned - damaged


def needs_reason(should: int, sold: int) -> bool:
    """Tell whether a difference is more than a tenth, so that a sentence is due. It never blocks.

    >>> needs_reason(20, 18), needs_reason(20, 17), needs_reason(10, 14), needs_reason(0, 1), needs_reason(0, 0)
    (False, True, True, True, False)
    """
    return abs(should - sold) * TENTH > max(should, 0)


def shown(people: int) -> int | None:
    """Return how many people it were, None when so few that the number could point at somebody.

    >>> shown(0), shown(4), shown(5)
    (0, None, 5)
    """
    return None if 0 < people < LEAST else people


def choice_key(day: date, variant_id: int) -> str:
    """Name one product on one day.

    >>> choice_key(date(2026, 12, 5), 7)
    '2026-12-05:7'
    """
    return f"{day.isoformat()}:{variant_id}"


def day_of(today: date, days: Collection[date]) -> date:
    """Return the day that a sale written today belongs to: today, or the nearest day of the bazaar.

    >>> day_of(date(2026, 12, 9), [date(2026, 12, 5), date(2026, 12, 6)])
    datetime.date(2026, 12, 6)
    """
    past = [day for day in sorted(days) if day <= today]
    return past[-1] if past else min(days)


def canonical(figures: Mapping[str, Any]) -> str:
    """Return figures as one text, however the database keeps them."""
    return json.dumps(figures, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def seal(figures: Mapping[str, Any], rule: str) -> str:
    """Return the hash over figures and rule.

    >>> seal({"b": 1, "a": 2}, "x") == seal({"a": 2, "b": 1}, "x") != seal({"a": 2, "b": 1}, "y")
    True
    """
    return hashlib.sha256(f"{canonical(figures)}\n{rule}".encode()).hexdigest()

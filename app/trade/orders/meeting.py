"""Where an order changes hands, when it is not the seller's place: a day of a bazaar, or an office. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.kit import digits

# An order ends because its bazaar will not be; for each of the other reasons the bazaar only lets go of it.
OFF = "bazaar_off"
MOVED, STALL_GONE, OVER = "bazaar_moved", "stall_gone", "bazaar_over"


@dataclass(frozen=True, slots=True)
class Spot:
    """What a buyer chooses: a bazaar and one of its days."""

    bazaar_id: int
    day: date

    def __str__(self) -> str:
        """Return it as a form carries it."""
        return f"{self.bazaar_id}:{self.day.isoformat()}"


def read_spot(text: str) -> Spot | None:
    """Read what a form carries; None when no page of ours wrote it.

    >>> str(read_spot("12:2026-12-05")), read_spot("12"), read_spot("x:2026-12-05"), read_spot("1:2026-13-05")
    ('12:2026-12-05', None, None, None)
    """
    number, _colon, day = text.partition(":")
    bazaar_id = digits.whole(number)
    try:
        return Spot(bazaar_id, date.fromisoformat(day)) if bazaar_id else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where and when the goods change hands: `opens` and `closes` are the hours of that day."""

    bazaar_id: int
    place: str
    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class Need:
    """What an office needs: all of it brought to `place` in a kecamatan, by `at`."""

    place: str
    at: datetime
    kecamatan: str = ""

    def __str__(self) -> str:
        """Return it as a submit is compared by."""
        return f"{self.at.isoformat()}:{self.place}"


@dataclass(frozen=True, slots=True)
class Doorstep:
    """Where a seller brings an order: a kecamatan, and what is written on the parcel."""

    kecamatan: str
    address: str


def before(ends: Mapping[str, datetime | None], needed_at: datetime) -> dict[str, datetime | None]:
    """Return the clocks of an order that an office needs: what must be said and paid is said and paid before."""
    early = ("accept_by", "amend_by", "pay_by")
    return {name: min(end, needed_at) if end and name in early else end for name, end in ends.items()}


def bounded(ends: Mapping[str, datetime | None], opens: datetime, last: datetime) -> dict[str, datetime | None]:
    """Return the clocks of an order as its day allows them; those that do not run stay away.

    What must be said is said before the bazaar opens, and everything ends with its `last` moment.
    """
    latest = {"accept_by": opens, "amend_by": opens, "pay_by": last}
    fixed = {"ready_by": last, "collect_by": last}
    return {name: end and (fixed.get(name) or min(end, latest[name])) for name, end in ends.items()}

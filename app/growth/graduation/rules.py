"""Statuses and their moves, objections and their days, the letter and what it may name: values in, values out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

REGISTERED, VISIT_ONLY, OBSERVING = "registered", "visit_only", "observing"
BY_CONSENT: Final = frozenset({REGISTERED, VISIT_ONLY, OBSERVING})
FROM_SALES: Final = frozenset({"steady", "watch"})
"""What people said of a family because of its book: without its consent to be followed nobody may say it any longer."""
STATUSES: Final = (
    REGISTERED, VISIT_ONLY, OBSERVING, "steady", "watch", "support", "referred", "completed", "closed",
    "with_aid", "self_nominated", "suggested", "accompanied", "proposed", "step_up", "not_yet",
)  # fmt: skip
STEP_UP: Final = ("with_aid", "self_nominated", "suggested", "accompanied", "proposed", "step_up", "not_yet")
MOVES: Final[Mapping[str, tuple[str, ...]]] = {
    REGISTERED: ("closed",),
    VISIT_ONLY: ("support", "referred", "completed", "closed"),
    OBSERVING: ("steady", "watch", "support", "closed"),
    "steady": ("watch", "completed", "closed"),
    "watch": ("steady", "support", "closed"),
    "support": ("steady", "watch", "referred", "closed"),
    "referred": ("support", "closed"),
    "completed": (OBSERVING,),
    "closed": (OBSERVING,),
    "with_aid": ("self_nominated", "suggested", "closed"),
    "self_nominated": ("accompanied", "with_aid", "closed"),
    "suggested": ("accompanied", "with_aid", "closed"),
    "accompanied": ("proposed", "with_aid", "closed"),
    "proposed": ("step_up", "not_yet", "closed"),
    "step_up": (OBSERVING,),
    "not_yet": ("accompanied", "with_aid", "closed"),
}
REVIEW_MONTHS: Final[Mapping[str, int]] = {"steady": 6, "support": 3, "observing": 6, "watch": 1, "not_yet": 0}
LEAST_REASON: Final = 20


BOUNDS: Final[Mapping[str, tuple[int, int]]] = {
    "months": (0, 12), "days": (1, 365), "per_mille": (0, 10_000), "count": (1, 20),
}  # fmt: skip
"""Between what a limit makes sense, by its unit; of what falls, how far."""


def needs_agreement(before: str, after: str) -> bool:
    """Tell whether a move needs the family's agreement: what a facilitator suggested, or a way back to the office.

    >>> needs_agreement("suggested", "accompanied"), needs_agreement("suggested", "with_aid")
    (True, False)
    >>> needs_agreement("support", "referred"), needs_agreement("steady", "watch")
    (True, False)
    """
    return after == "referred" or (before == "suggested" and after == "accompanied")


def by_consent(status: str, *, consents: bool) -> str:
    """Return the status that the family's own consent makes: the only move without a decision.

    Help that runs, and what has ended, does not lean on the book and stays.

    >>> [by_consent(each, consents=False) for each in ("registered", "observing", "steady", "watch", "support")]
    ['registered', 'visit_only', 'visit_only', 'visit_only', 'support']
    >>> [by_consent(each, consents=True) for each in ("registered", "visit_only", "steady")]
    ['observing', 'observing', 'steady']
    """
    if consents:
        return OBSERVING if status in BY_CONSENT else status
    return VISIT_ONLY if status in FROM_SALES | {OBSERVING} else status


def moves_from(status: str, *, consents: bool) -> tuple[str, ...]:
    """Return where people may move a family; without its consent nothing is said that would lean on its sales.

    >>> moves_from("support", consents=True)
    ('steady', 'watch', 'referred', 'closed')
    >>> moves_from("support", consents=False), moves_from("completed", consents=False)
    (('visit_only', 'referred', 'closed'), ('visit_only',))
    """
    return tuple(dict.fromkeys(by_consent(each, consents=consents) for each in MOVES.get(status, ())))


Agreed = tuple[datetime, datetime]
"""A consent to be followed: from a moment until it ended."""


@dataclass(frozen=True, slots=True)
class Move:
    """A decision in the past, and from when until when the family objected to it."""

    at: datetime
    before: str
    outcome: str
    objected_at: datetime | None = None
    answered_at: datetime | None = None

    def contested(self, moment: datetime) -> bool:
        """Whether an objection to it was open: then it held nowhere."""
        asked, told = self.objected_at, self.answered_at
        return asked is not None and asked <= moment and (told is None or moment < told)


@dataclass(slots=True)
class Past:
    """A case since it was opened: where it stands unless somebody moved it, its moves and its consents in order."""

    opened_at: datetime
    first: str
    moves: list[Move] = field(default_factory=list)
    agreed: list[Agreed] = field(default_factory=list)

    def status_at(self, moment: datetime) -> str:
        """Return where the family stood at a moment after the opening.

        What was said because of its book went with a consent that ended since, though it may have come back.

        >>> day = [datetime(2026, 1, number) for number in range(1, 10)]
        >>> moves = [Move(day[1], "observing", "steady", objected_at=day[3], answered_at=day[4])]
        >>> past = Past(day[0], "registered", moves, [(day[1], day[6]), (day[8], day[8].replace(year=2027))])
        >>> [past.status_at(day[n]) for n in (0, 1, 3, 4, 6, 8)]
        ['registered', 'steady', 'observing', 'steady', 'visit_only', 'observing']
        """
        known = [move for move in self.moves if move.at <= moment]
        consents = any(begun <= moment < ended for begun, ended in self.agreed)
        if known:
            last = known[-1]
            status = last.before if last.contested(moment) else last.outcome
            if status in FROM_SALES and not self._lasted(last.at, moment):
                status = OBSERVING
        else:
            status = REGISTERED if self.first in BY_CONSENT else self.first
        if status == REGISTERED and any(self.opened_at < ended <= moment for _begun, ended in self.agreed):
            status = VISIT_ONLY
        return by_consent(status, consents=consents)

    def _lasted(self, since: datetime, moment: datetime) -> bool:
        for begun, ended in self.agreed:
            if begun <= since < ended:
                since = ended
        return moment < since


def working_days_later(day: date, count: int) -> date:
    """Return the day so many working days later; Saturdays and Sundays are none.

    >>> working_days_later(date(2026, 11, 25), 3)
    datetime.date(2026, 11, 30)
    """
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


APPEAL_DAYS: Final = 30
ACKNOWLEDGE_WITHIN, ANSWER_WITHIN = 3, 14
"""Working days."""
OPEN_APPEAL: Final = ("filed", "acknowledged", "in_hearing")
ENDED_APPEAL: Final = ("upheld", "changed", "withdrawn")
CHANNELS: Final = ("page", "form", "phone", "pendamping", "desa")
KINDS: Final = ("self_reliant", "natural", "administrative")
PLACEHOLDERS: Final = (
    "nama", "nik", "kk", "alamat", "desa", "kecamatan", "kabupaten", "tahun_masuk", "jenis_usaha", "mulai_usaha",
    "alasan", "tanggal", "dinas", "pendamping",
)  # fmt: skip


def fill_letter(text: str, facts: Mapping[str, str]) -> str:
    """Put facts where a letter's text names them in braces; any other brace stays as it was typed.

    >>> fill_letter("Saya {nama}, {apa}.", {"nama": "Siti {desa}", "desa": "Ciomas"})
    'Saya Siti {desa}, {apa}.'
    """
    out, rest = "", text
    while "{" in rest:
        before, _, rest = rest.partition("{")
        name, closed, after = rest.partition("}")
        out += before
        if closed and name in facts:
            out, rest = out + facts[name], after
        else:
            out += "{"
    return out + rest


def unknown_placeholders(text: str) -> list[str]:
    """Name what stands in braces and is no fact of a letter.

    >>> unknown_placeholders("{nama} {gaji} {")
    ['gaji']
    """
    parts = [part.partition("}") for part in text.split("{")[1:]]
    return [name for name, closed, _ in parts if closed and name not in PLACEHOLDERS]

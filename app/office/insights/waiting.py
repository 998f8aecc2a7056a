"""What waits for whoever answers for a region: signatures, moves, letters, and objections that are overdue.

Asked once for a page, in one question; its list and the numbers beside the rooms are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flask import g
from sqlalchemy import ColumnElement, select

from app.core.clock import today
from app.core.db import db
from app.core.i18n import _n
from app.core.policy import Actor
from app.growth.capital import queries as capital
from app.growth.graduation import waits
from app.office.requests import queries as requests
from app.office.tickets import queries as tickets
from app.people.places.queries import settings_of
from app.trade.bazaars import asked as bazaars
from app.trade.ekatalog import queries as ekatalog

ANSWERS: Final = frozenset({"head", "approver", "caseworker"})
DECIDE: Final = frozenset({"approver", "caseworker"})
APPROVER: Final = frozenset({"approver"})
HEARS: Final = frozenset({"head", "caseworker"})
CASEWORKER: Final = frozenset({"caseworker"})


@dataclass(frozen=True)
class Wait:
    """Something that waits: in which room, how much, in words; `late` stands in red."""

    url: str
    count: int
    text: str
    late: bool


@dataclass(frozen=True)
class Kind:
    """One kind of thing that waits: whom for, how it is counted and what it is called."""

    url: str
    roles: frozenset[str]
    counted: Callable[[Actor], ColumnElement[int]]
    said: Callable[[int], str]
    late: bool = False


def _late_aid(actor: Actor) -> ColumnElement[int]:
    return capital.late(today(settings_of(actor.region_code).zone), scope=actor)


KINDS: Final = (
    Kind("/dinsos/perkembangan/keberatan", ANSWERS, waits.overdue, late=True, said=lambda n: _n(
        "%(n)s keberatan keluarga lewat waktu", "%(n)s keberatan keluarga lewat waktu", n, n=n)),
    Kind("/dinsos/uep", CASEWORKER, _late_aid, late=True, said=lambda n: _n(
        "%(n)s bantuan UEP kurang surat atau laporan", "%(n)s bantuan UEP kurang surat atau laporan", n, n=n)),
    Kind("/dinsos/perkembangan", DECIDE, waits.objections, lambda n: _n(
        "%(n)s keberatan keluarga belum dijawab", "%(n)s keberatan keluarga belum dijawab", n, n=n)),
    Kind("/dinsos/perkembangan", DECIDE, waits.moves, lambda n: _n(
        "%(n)s usulan langkah keluarga belum dijawab", "%(n)s usulan langkah keluarga belum dijawab", n, n=n)),
    Kind("/dinsos/perkembangan", DECIDE, waits.letters, lambda n: _n(
        "%(n)s graduasi belum disahkan", "%(n)s graduasi belum disahkan", n, n=n)),
    Kind("/dinsos/bazar", APPROVER, bazaars.unsigned, lambda n: _n(
        "%(n)s bazar menunggu tanda tangan kedua", "%(n)s bazar menunggu tanda tangan kedua", n, n=n)),
    Kind("/dinsos/ekatalog", APPROVER, ekatalog.waiting_for, lambda n: _n(
        "%(n)s pengajuan e-Katalog belum dijawab", "%(n)s pengajuan e-Katalog belum dijawab", n, n=n)),
    Kind("/dinsos/perkembangan/aturan", ANSWERS, waits.drafts, lambda n: _n(
        "%(n)s rancangan aturan menunggu orang kedua", "%(n)s rancangan aturan menunggu orang kedua", n, n=n)),
    Kind("/dinsos/aduan", HEARS, tickets.overdue, late=True, said=lambda n: _n(
        "%(n)s aduan lewat waktu", "%(n)s aduan lewat waktu", n, n=n)),
    Kind("/dinsos/aduan", HEARS, tickets.still_open, lambda n: _n(
        "%(n)s aduan belum dijawab", "%(n)s aduan belum dijawab", n, n=n)),
    Kind("/dinsos/permintaan-data", DECIDE, requests.still_open, lambda n: _n(
        "%(n)s permintaan data belum selesai", "%(n)s permintaan data belum selesai", n, n=n)),
)  # fmt: skip


def list_waiting(actor: Actor) -> list[Wait]:
    """Return what waits for an actor now, what is overdue first; nothing for roles that sign nothing."""
    kinds = [each for each in KINDS if actor.role in each.roles]
    if not kinds:
        return []
    kept: dict[int, list[Wait]] = g.setdefault("waiting", {})
    if actor.id not in kept:
        counts = db.session.execute(select(*(each.counted(actor) for each in kinds))).one()
        kept[actor.id] = [
            Wait(each.url, n, each.said(n), each.late) for each, n in zip(kinds, counts, strict=True) if n
        ]
    return kept[actor.id]


def count_in(actor: Actor, url: str) -> int:
    """Count what waits in one room."""
    return sum(each.count for each in list_waiting(actor) if each.url == url)

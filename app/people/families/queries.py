"""Questions about families. What lists families takes `scope` and never answers beyond it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask import g, has_request_context
from sqlalchemy import ColumnElement, String, and_, cast, func, or_, select
from sqlalchemy.orm import joinedload

from app.core import vault
from app.core.clock import today
from app.core.db import db, writing
from app.core.errors import NotFound
from app.core.policy import Actor
from app.core.together import gather
from app.kit import codes
from app.kit import nik as numbers
from app.kit.periods import zone_named
from app.people.accounts.models import Account
from app.people.accounts.policies import areas_of
from app.people.families.models import (
    AccessLog,
    DesilRecord,
    Enrollment,
    FamilyConsent,
    ImportBatch,
    ImportRow,
    Kpm,
    KpmIdentity,
)
from app.people.families.rules import PSEUDONYM_LENGTH, SEES
from app.people.places.models import Region
from app.people.places.queries import inside, settings_of

PAGE = 25
MOST_LOOKS = 100
MOST_BATCHES = 10


@dataclass(frozen=True)
class Standing:
    """What is known of a family: its times in programmes and deciles, newest first; consents that hold, by purpose."""

    enrolled: list[Enrollment]
    desil: list[DesilRecord]
    consents: dict[str, FamilyConsent]


@dataclass(frozen=True)
class Person:
    """A family's identity, opened; numbers stay masked, the whole ones are revealed one by one."""

    name: str
    nik_masked: str
    kk_masked: str | None
    phone: str | None
    address: str


def get_kpm(kpm_id: int) -> Kpm:
    """Return a family with its identity.

    Raises:
        NotFound: no family has this id.
    """
    found = db.session.scalar(select(Kpm).options(joinedload(Kpm.identity)).where(Kpm.id == kpm_id))
    if found is None:
        raise NotFound(kpm_id)
    return found


def in_scope(scope: Actor) -> ColumnElement[bool]:
    """Keep a question about families to those whom the actor may see; to none for everybody else."""
    return inside(Kpm.desa_code, areas_of(scope) if scope.role in SEES else [])


def page_of_kpm(scope: Actor, *, place: str = "", program: str = "", after: int | None = None) -> tuple[list[Kpm], int]:
    """Return families with their identities, newest first, one more than a page; and how many there are in all.

    Args:
        scope: whoever looks.
        place: code of a kecamatan or desa; empty for all.
        program: in which the family stands today or stood; empty for all.
        after: the id of the last family of the page before.
    """
    wanted = _wanted(scope, place, program)
    total = select(func.count(Kpm.id)).where(*wanted).correlate(None).scalar_subquery()
    query = select(Kpm, total).options(joinedload(Kpm.identity)).where(*wanted)
    if after:
        query = query.where(Kpm.id < after)
    rows = db.session.execute(query.order_by(Kpm.id.desc()).limit(PAGE + 1)).all()
    return [kpm for kpm, _total in rows], rows[0][1] if rows else 0


def _wanted(scope: Actor, place: str, program: str) -> list[ColumnElement[bool]]:
    wanted = [in_scope(scope), Kpm.state != "erased"]
    if place:
        wanted.append(inside(Kpm.desa_code, [place]))
    if program:
        enrolled = select(Enrollment.id).where(Enrollment.kpm_id == Kpm.id, Enrollment.program == program)
        wanted.append(enrolled.exists())
    return wanted


def find_by_pseudonym(pseudonym: str, *, scope: Actor) -> Kpm | None:
    """Return the family with this number of ours, or None."""
    return db.session.scalar(select(Kpm).where(in_scope(scope), Kpm.pseudonym == pseudonym))


def draw_pseudonyms(many: int) -> list[str]:
    """Draw numbers of ours that no family has, in an order that says nothing."""
    drawn: dict[str, None] = {}
    while len(drawn) < many:
        drawn |= dict.fromkeys(codes.new_code(PSEUDONYM_LENGTH) for _ in range(many - len(drawn)))
        for taken in db.session.scalars(select(Kpm.pseudonym).where(Kpm.pseudonym.in_(drawn))).all():
            del drawn[taken]
    return list(drawn)


def find_by_number(number: str, *, scope: Actor) -> Kpm | None:
    """Return the family whose NIK or KK this is, if the actor may see it."""
    blinds = (KpmIdentity.nik_blind == nik_blind(number), KpmIdentity.kk_blind == kk_blind(number))
    return db.session.scalar(select(Kpm).join(KpmIdentity).where(in_scope(scope), or_(*blinds)).limit(1))


def nik_blind(nik: str) -> str:
    """Return what finds an equal NIK."""
    return vault.blind(nik, "nik")


def kk_blind(kk: str) -> str:
    """Return what finds an equal family card."""
    return vault.blind(kk, "kk")


def phone_blind(number: str) -> str:
    """Return what tells an equal phone, and equals nothing that is kept of buyers."""
    return vault.blind(number, "kpm_phone")


def has_phone(kpm_id: int, number: str) -> bool:
    """Tell whether this is the number of a family, without opening anything."""
    query = select(KpmIdentity.kpm_id).where(KpmIdentity.kpm_id == kpm_id)
    return db.session.scalar(query.where(KpmIdentity.phone_blind == phone_blind(number))) is not None


def place_of(kpm_id: int, field: str) -> str:
    """Name the place that a field of an identity is sealed to."""
    return f"kpm_identity:{kpm_id}:{field}"


def open_field(identity: KpmIdentity, field: str) -> str | None:
    """Unseal one field: `nik`, `kk`, `name`, `phone` or `address`; the request remembers whose it was."""
    if has_request_context():
        g.setdefault("opened_families", set()).add(identity.kpm_id)
    sealed = getattr(identity, f"{field}_sealed")
    return None if sealed is None else vault.unseal(sealed, place_of(identity.kpm_id, field))


def opened_now() -> set[int]:
    """Return the families whose identity this request has opened."""
    found: set[int] = g.get("opened_families", set())
    return found


def is_visited(kpm_id: int, actor: Actor, read: Iterable[AccessLog] = ()) -> bool:
    """Tell whether it stands written today already that somebody has seen a family; the day is the actor's.

    What was read to stand there, in this request or among looks that were `read` before, is not asked for again.
    """
    known: set[tuple[int, int]] = g.setdefault("visited_families", set()) if has_request_context() else set()
    if (kpm_id, actor.id) in known:
        return True
    zone = settings_of(actor.region_code).zone
    since = zone_named(zone).at(today(zone))
    query = select(AccessLog.id).where(AccessLog.kpm_id == kpm_id, AccessLog.actor_id == actor.id)
    query = query.where(AccessLog.what == "page", AccessLog.at >= since).limit(1)
    seen = (look.actor_id == actor.id and look.what == "page" and look.at >= since for look in read)
    found = any(seen) or db.session.scalar(query) is not None
    if found and not writing():
        known.add((kpm_id, actor.id))
    return found


def person_of(kpm: Kpm) -> Person | None:
    """Return who a family is, numbers masked; None once it was erased. The caller has asked `may_see_family`."""
    identity = kpm.identity
    if identity is None:
        return None
    kk = open_field(identity, "kk")
    return Person(
        name=open_field(identity, "name") or "",
        nik_masked=numbers.mask(open_field(identity, "nik") or ""),
        kk_masked=numbers.mask(kk) if kk else None,
        phone=open_field(identity, "phone"),
        address=open_field(identity, "address") or "",
    )


def name_of(kpm: Kpm) -> str:
    """Return the name of a family; its pseudonym once it was erased."""
    return (open_field(kpm.identity, "name") if kpm.identity else None) or kpm.pseudonym


def list_named(kpm_ids: Iterable[int], *, scope: Actor) -> dict[int, str]:
    """Return the names of those of several families that the actor may see, by id."""
    query = select(Kpm).options(joinedload(Kpm.identity)).where(Kpm.id.in_(list(kpm_ids)), in_scope(scope))
    return {kpm.id: name_of(kpm) for kpm in db.session.scalars(query.where(Kpm.state != "erased").order_by(Kpm.id))}


def list_enrollments(kpm_id: int) -> list[Enrollment]:
    """Return a family's times in programmes, newest first."""
    query = select(Enrollment).where(Enrollment.kpm_id == kpm_id)
    return list(db.session.scalars(query.order_by(Enrollment.started_on.desc(), Enrollment.id.desc())))


def get_enrollment(enrollment_id: int) -> Enrollment:
    """Return one time in a programme.

    Raises:
        NotFound: none has this id.
    """
    found = db.session.get(Enrollment, enrollment_id)
    if found is None:
        raise NotFound(enrollment_id)
    return found


def enrollments_of(kpm_ids: Iterable[int]) -> dict[int, list[Enrollment]]:
    """Return the times in programmes of several families in one question, newest first."""
    found: dict[int, list[Enrollment]] = {}
    query = select(Enrollment).where(Enrollment.kpm_id.in_(list(kpm_ids)))
    for row in db.session.scalars(query.order_by(Enrollment.started_on.desc(), Enrollment.id.desc())):
        found.setdefault(row.kpm_id, []).append(row)
    return found


def list_desil(kpm_id: int) -> list[DesilRecord]:
    """Return a family's deciles, newest first."""
    query = select(DesilRecord).where(DesilRecord.kpm_id == kpm_id)
    return list(db.session.scalars(query.order_by(DesilRecord.as_of.desc(), DesilRecord.id.desc())))


def standing_of(kpm: Kpm, at: datetime) -> Standing:
    """Return the programmes, deciles and standing consents of a family, in one question."""
    rows = gather(
        Kpm,
        [kpm.id],
        (Enrollment, Enrollment.kpm_id == Kpm.id),
        (DesilRecord, DesilRecord.kpm_id == Kpm.id),
        (FamilyConsent, and_(FamilyConsent.kpm_id == Kpm.id, _stands(at, _day(kpm, at)))),
    )[kpm.id]
    return Standing(
        sorted(rows[Enrollment], key=lambda each: (each.started_on, each.id), reverse=True),
        sorted(rows[DesilRecord], key=lambda each: (each.as_of, each.id), reverse=True),
        {each.purpose: each for each in sorted(rows[FamilyConsent], key=lambda each: (each.given_at, each.id))},
    )


def list_consents(kpm_id: int) -> list[FamilyConsent]:
    """Return what a family ever agreed to, newest first."""
    query = select(FamilyConsent).where(FamilyConsent.kpm_id == kpm_id)
    return list(db.session.scalars(query.order_by(FamilyConsent.given_at.desc(), FamilyConsent.id.desc())))


def holds(purpose: str, at: datetime, day: date) -> ColumnElement[bool]:
    """Keep a question to consents that hold at a moment; `day` is that moment's date where the family lives."""
    return and_(FamilyConsent.purpose == purpose, _stands(at, day))


def _stands(at: datetime, day: date) -> ColumnElement[bool]:
    return and_(
        FamilyConsent.given_at <= at,
        or_(FamilyConsent.withdrawn_at.is_(None), FamilyConsent.withdrawn_at > at),
        or_(FamilyConsent.expires_on.is_(None), FamilyConsent.expires_on >= day),
    )


def _day(kpm: Kpm, at: datetime) -> date:
    return zone_named(settings_of(kpm.regency_code).zone).local(at).date()


def find_consent(kpm_id: int, purpose: str, at: datetime) -> FamilyConsent | None:
    """Return the consent for a purpose that holds at a moment, or None: true when asked, whatever a job did."""
    kpm = db.session.get(Kpm, kpm_id)  # mostly the page has her already
    if kpm is None:
        return None
    query = select(FamilyConsent).where(FamilyConsent.kpm_id == kpm_id, holds(purpose, at, _day(kpm, at)))
    return db.session.scalar(query.order_by(FamilyConsent.given_at.desc(), FamilyConsent.id.desc()).limit(1))


def standing_consents(kpm: Kpm, at: datetime) -> dict[str, FamilyConsent]:
    """Return the consents of a family that hold at a moment, the newest for each purpose."""
    query = select(FamilyConsent).where(FamilyConsent.kpm_id == kpm.id, _stands(at, _day(kpm, at)))
    return {each.purpose: each for each in db.session.scalars(query.order_by(FamilyConsent.given_at, FamilyConsent.id))}


def may_use(kpm_id: int, purpose: str, at: datetime) -> bool:
    """Tell whether a family's data may be used for a purpose at a moment."""
    return find_consent(kpm_id, purpose, at) is not None


def list_looks(kpm_id: int) -> list[AccessLog]:
    """Return who looked at a family, latest first."""
    query = select(AccessLog).where(AccessLog.kpm_id == kpm_id)
    return list(db.session.scalars(query.order_by(AccessLog.at.desc(), AccessLog.id.desc()).limit(MOST_LOOKS)))


def list_lookers(kpm_id: int) -> tuple[list[AccessLog], dict[int, str]]:
    """Return the same with the names of those who looked."""
    query = select(AccessLog, Account.name).outerjoin(Account, Account.id == AccessLog.actor_id)
    query = query.where(AccessLog.kpm_id == kpm_id).order_by(AccessLog.at.desc(), AccessLog.id.desc())
    rows = db.session.execute(query.limit(MOST_LOOKS)).all()
    return [look for look, _name in rows], {look.actor_id: name for look, name in rows if name}


def list_kecamatan(scope: Actor) -> list[Region]:
    """Return the kecamatan in which the actor's families live, by name."""
    there = select(Kpm.kecamatan_code).where(in_scope(scope), Kpm.state != "erased")
    return list(db.session.scalars(select(Region).where(Region.code.in_(there)).order_by(Region.name)))


def get_batch(batch_id: int) -> ImportBatch:
    """Return an uploaded list.

    Raises:
        NotFound: none has this id.
    """
    found = db.session.get(ImportBatch, batch_id)
    if found is None:
        raise NotFound(batch_id)
    return found


def list_batches(scope: Actor) -> list[ImportBatch]:
    """Return the lists uploaded for the actor's region, newest first."""
    query = select(ImportBatch).where(inside(ImportBatch.regency_code, [scope.region_code]))
    return list(db.session.scalars(query.order_by(ImportBatch.id.desc()).limit(MOST_BATCHES)))


def list_marked(batch_id: int, after: int, most: int, *, wrong: bool) -> list[ImportRow]:
    """Return the lines of a list that are `wrong`, or else only worth a look, after a line."""
    bad, warned = ImportRow.outcome == "bad", func.length(cast(ImportRow.warnings, String)) > 2
    query = select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.line > after)
    query = query.where(bad if wrong else and_(~bad, warned))
    return list(db.session.scalars(query.order_by(ImportRow.line).limit(most)))

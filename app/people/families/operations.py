"""What is done to families: registered, corrected, enrolled, asked, looked at, erased."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import insert, select, update

from app.core import audit, keyring, vault
from app.core.clock import now
from app.core.db import db
from app.core.errors import DomainError, StaleVersion
from app.core.events import emit
from app.core.i18n import _l
from app.core.policy import Actor
from app.kit.rupiah import Rupiah
from app.people.accounts.operations import lock_key
from app.people.accounts.policies import works_in
from app.people.families import queries, rules
from app.people.families.events import ConsentGiven, ConsentWithdrawn
from app.people.families.models import AccessLog, DesilRecord, Enrollment, FamilyConsent, Kpm, KpmIdentity
from app.people.places.rules import parent_of

LOCK = "kpm-numbers"
NOTE_MOST = 160
SEALED = ("nik", "kk", "name", "phone", "address")


class NikTaken(DomainError):
    """Another family has this NIK."""

    text = _l("NIK ini sudah tercatat pada keluarga lain.")


class KkTaken(DomainError):
    """Another family has this family card."""

    text = _l("Nomor KK ini sudah tercatat pada keluarga lain.")


class NotYourRegion(DomainError):
    """The desa belongs to another office."""

    status = 403
    text = _l("Desa ini di luar wilayah Anda.")


class EnrollmentsOverlap(DomainError):
    """The family was in this programme in that time already."""

    text = _l("Keluarga ini sudah tercatat dalam program yang sama pada waktu itu.")


class NoPurpose(DomainError):
    """A number is opened for a purpose, or not at all."""

    status = 400
    text = _l("Pilih dulu untuk apa nomor ini dibuka.")


class IsErased(DomainError):
    """The identity of this family was erased; nothing is written to it any more."""

    text = _l("Identitas keluarga ini sudah dihapus.")


@dataclass(frozen=True)
class Facts:
    """What is written down of a family; numbers are read and well formed already."""

    nik: str
    kk: str | None
    name: str
    phone: str | None
    address: str
    desa_code: str
    size: int
    head_sex: str | None = None
    wants_to_sell: bool = False
    makes: str = ""


def register(facts: Facts, *, by: Actor) -> Kpm:
    """Write a new family down.

    Raises:
        NotYourRegion: the desa is another office's.
        NikTaken, KkTaken: the number belongs to another family.
    """
    if not works_in(by, facts.desa_code):
        raise NotYourRegion(facts.desa_code)
    lock_key(LOCK)
    refuse_taken(facts, None)
    kpm = Kpm(pseudonym=queries.draw_pseudonyms(1)[0], created_by_id=by.id)
    place(kpm, facts)
    db.session.add(kpm)
    db.session.flush()
    kpm.identity = KpmIdentity(kpm_id=kpm.id)
    seal(kpm.identity, facts)
    db.session.flush()
    audit.record(by, "kpm.registered", kpm)
    return kpm


def correct(kpm: Kpm, facts: Facts, *, version: int, by: Actor) -> Kpm:
    """Write a family's facts anew.

    Raises:
        StaleVersion: somebody saved since this form was opened.
        NotYourRegion, NikTaken, KkTaken: as for a new family.
        IsErased: there is no identity any more.
    """
    if not works_in(by, facts.desa_code):
        raise NotYourRegion(facts.desa_code)
    lock_key(LOCK)
    _move_on(kpm, version)
    refuse_taken(facts, kpm.id)
    identity = db.session.get(KpmIdentity, kpm.id)
    if identity is None:
        raise IsErased(kpm)
    changed = changes(kpm, identity, facts)
    place(kpm, facts)
    seal(identity, facts)
    db.session.flush()
    audit.record(by, "kpm.corrected", kpm, fields=changed)
    return kpm


def changes(kpm: Kpm, identity: KpmIdentity, facts: Facts) -> list[str]:
    """Name what these facts would change of a family."""
    before = facts_of(kpm, identity)
    return [name for name in Facts.__dataclass_fields__ if getattr(before, name) != getattr(facts, name)]


def facts_of(kpm: Kpm, identity: KpmIdentity) -> Facts:
    """Return what is written down of a family, opened."""
    return Facts(
        nik=queries.open_field(identity, "nik") or "",
        kk=queries.open_field(identity, "kk"),
        name=queries.open_field(identity, "name") or "",
        phone=queries.open_field(identity, "phone"),
        address=queries.open_field(identity, "address") or "",
        desa_code=kpm.desa_code,
        size=kpm.size,
        head_sex=kpm.head_sex,
        wants_to_sell=kpm.wants_to_sell,
        makes=kpm.makes,
    )


def refuse_taken(facts: Facts, kpm_id: int | None) -> None:
    """Refuse numbers of another family, wherever it lives."""
    same_nik = select(KpmIdentity.kpm_id).where(KpmIdentity.nik_blind == queries.nik_blind(facts.nik))
    if db.session.scalar(same_nik) not in {None, kpm_id}:
        raise NikTaken
    if facts.kk is None:
        return
    same_kk = select(KpmIdentity.kpm_id).where(KpmIdentity.kk_blind == queries.kk_blind(facts.kk))
    if db.session.scalar(same_kk) not in {None, kpm_id}:
        raise KkTaken


def place(kpm: Kpm, facts: Facts) -> None:
    """Write what is not personal of a family."""
    for name, value in placed(facts).items():
        setattr(kpm, name, value)


def placed(facts: Facts) -> dict[str, Any]:
    """Return the columns of a family that facts fill, its place with those around it."""
    kecamatan = parent_of(facts.desa_code) or facts.desa_code
    return {
        "desa_code": facts.desa_code, "kecamatan_code": kecamatan, "regency_code": parent_of(kecamatan) or kecamatan,
        "size": facts.size, "head_sex": facts.head_sex, "wants_to_sell": facts.wants_to_sell, "makes": facts.makes,
    }  # fmt: skip


def seal(identity: KpmIdentity, facts: Facts) -> None:
    """Fill an identity from facts; `kpm_id` is known."""
    for name, value in sealed(identity.kpm_id, facts).items():
        setattr(identity, name, value)


def sealed(kpm_id: int, facts: Facts) -> dict[str, str | None]:
    """Return the columns of an identity, each field sealed to its place."""
    columns = {
        "nik_blind": queries.nik_blind(facts.nik),
        "kk_blind": queries.kk_blind(facts.kk) if facts.kk else None,
        "phone_blind": queries.phone_blind(facts.phone) if facts.phone else None,
    }
    for field in SEALED:
        value = getattr(facts, field)
        columns[f"{field}_sealed"] = vault.seal(value, queries.place_of(kpm_id, field)) if value else None
    return columns


def _move_on(kpm: Kpm, version: int) -> None:
    """Take the next version if nobody saved since; the UPDATE holds when two save at once."""
    moved = update(Kpm).where(Kpm.id == kpm.id, Kpm.version == version).values(version=version + 1).returning(Kpm.id)
    if db.session.scalar(moved) is None:
        raise StaleVersion(kpm)
    db.session.refresh(kpm)


@dataclass(frozen=True)
class Time:
    """A time in a programme: `ended_on` is its last day, `exit_date` the day the leaving was stated."""

    program: str
    started_on: date
    ended_on: date | None = None
    exit_kind: str | None = None
    exit_date: date | None = None
    monthly_aid: Rupiah | None = None


def time_of(row: Enrollment) -> Time:
    """Return what is written down of a time in a programme."""
    return Time(**{each.name: getattr(row, each.name) for each in fields(Time)})


def enroll(kpm: Kpm, time: Time, *, by: Actor) -> Enrollment:
    """Write down a time in a programme; the same again changes nothing.

    Raises:
        EnrollmentsOverlap: another time in the same programme shares a day with it.
    """
    db.session.execute(select(Kpm.id).where(Kpm.id == kpm.id).with_for_update())
    known = queries.list_enrollments(kpm.id)
    same = next((each for each in known if time_of(each) == time), None)
    if same is not None:
        return same
    _refuse_overlap(time, known)
    row = Enrollment(kpm_id=kpm.id, source="manual", **vars(time))
    db.session.add(row)
    db.session.flush()
    audit.record(by, "kpm.enrolled", row, kpm=kpm.id, program=time.program)
    return row


def correct_enrollment(row: Enrollment, time: Time, *, version: int, by: Actor) -> None:
    """Write a time in a programme anew.

    Raises:
        StaleVersion: somebody saved since this form was opened.
        EnrollmentsOverlap: another time in the same programme shares a day with it.
    """
    db.session.execute(select(Kpm.id).where(Kpm.id == row.kpm_id).with_for_update())
    db.session.refresh(row)
    if row.version != version:
        raise StaleVersion(row)
    before = time_of(row)
    changed = [each.name for each in fields(Time) if getattr(before, each.name) != getattr(time, each.name)]
    if not changed:
        return
    _refuse_overlap(time, [each for each in queries.list_enrollments(row.kpm_id) if each.id != row.id])
    for name in changed:
        setattr(row, name, getattr(time, name))
    row.version += 1
    db.session.flush()
    audit.record(by, "kpm.enrollment_corrected", row, kpm=row.kpm_id, program=time.program, fields=changed)


def _refuse_overlap(time: Time, others: Iterable[Enrollment]) -> None:
    spans = [(each.started_on, each.ended_on) for each in others if each.program == time.program]
    if not rules.free((time.started_on, time.ended_on), spans):
        raise EnrollmentsOverlap


def note_desil(kpm: Kpm, desil: int, as_of: date, *, source: str = "dtsen", by: Actor) -> DesilRecord:
    """Remember a decile as of a day; the same day again corrects it."""
    db.session.execute(select(Kpm.id).where(Kpm.id == kpm.id).with_for_update())
    query = select(DesilRecord).where(DesilRecord.kpm_id == kpm.id, DesilRecord.as_of == as_of)
    known = db.session.scalar(query)
    if known is not None and (known.desil, known.source) == (desil, source):
        return known
    row = known or DesilRecord(kpm_id=kpm.id, as_of=as_of)
    row.desil, row.source = desil, source
    db.session.add(row)
    db.session.flush()
    audit.record(by, "kpm.desil_noted", row, kpm=kpm.id)
    return row


def give_consent(
    kpm: Kpm, purpose: str, *, wording_version: str, method: str, witness: str = "", expires_on: date | None = None,
    by: Actor,
) -> FamilyConsent:  # fmt: skip
    """Remember that a family agreed to one purpose; the same standing consent changes nothing."""
    db.session.execute(select(Kpm.id).where(Kpm.id == kpm.id).with_for_update())
    moment = now()
    standing = queries.find_consent(kpm.id, purpose, moment)
    if standing is not None and (standing.wording_version, standing.expires_on) == (wording_version, expires_on):
        return standing
    consent = FamilyConsent(
        kpm_id=kpm.id, purpose=purpose, wording_version=wording_version, given_at=moment, expires_on=expires_on,
        method=method, recorded_by_id=by.id,
    )  # fmt: skip
    db.session.add(consent)
    db.session.flush()
    consent.witness_sealed = vault.seal(witness, witness_place(consent)) if witness else None
    db.session.flush()
    audit.record(by, "kpm.consent_given", consent, kpm=kpm.id, purpose=purpose, method=method)
    emit(ConsentGiven(kpm.id, purpose))
    return consent


def withdraw_consent(kpm: Kpm, purpose: str, *, by: Actor) -> None:
    """End every standing consent for a purpose, from this moment."""
    db.session.execute(select(Kpm.id).where(Kpm.id == kpm.id).with_for_update())
    standing = (FamilyConsent.kpm_id == kpm.id, FamilyConsent.purpose == purpose, FamilyConsent.withdrawn_at.is_(None))
    rows = list(db.session.scalars(select(FamilyConsent).where(*standing)))
    for row in rows:
        row.withdrawn_at, row.withdrawn_by_id = now(), by.id
        audit.record(by, "kpm.consent_withdrawn", row, kpm=kpm.id, purpose=purpose)
    if rows:
        emit(ConsentWithdrawn(kpm.id, purpose))


def identity_place(field: str, identity: KpmIdentity) -> str:
    """Name the place that a field of an identity is sealed to."""
    return queries.place_of(identity.kpm_id, field)


def witness_place(consent: FamilyConsent) -> str:
    """Name the place that a witness's name is sealed to."""
    return f"family_consent:{consent.id}:witness"


def note_look(kpm: Kpm, what: str, purpose: str, *, by: Actor) -> AccessLog:
    """Write down that somebody looked, and what for."""
    row = AccessLog(**_look(kpm, what, purpose, by))
    db.session.add(row)
    db.session.flush()
    return row


def _look(kpm: Kpm, what: str, purpose: str, by: Actor) -> dict[str, Any]:
    row = {"actor_id": by.id, "actor_role": by.role, "kpm_id": kpm.id, "what": what}
    return row | {"purpose": purpose[:200], "at": now()}


def note_visit(kpm: Kpm, *, by: Actor) -> None:
    """Write down that somebody saw who a family is, once a day for each person."""
    if not queries.is_visited(kpm.id, by):
        note_look(kpm, "page", "", by=by)


def note_list(kpm_ids: Collection[int], page: str, *, by: Actor) -> None:
    """Write down that somebody saw who several families are: on which page, and how many."""
    audit.record(by, "kpm.listed", page, families=len(kpm_ids))


def reveal(kpm: Kpm, fields: Sequence[str], purpose: str, *, by: Actor) -> dict[str, str]:
    """Open NIK, KK or both for one look; each look and its purpose are written down before anything is shown.

    Raises:
        NoPurpose: nobody said what for.
        IsErased: there is nothing to show.
    """
    if not purpose.strip():
        raise NoPurpose
    identity = db.session.get(KpmIdentity, kpm.id)
    opened = {field: queries.open_field(identity, field) for field in fields if identity and field in rules.SECRETS}
    told = {field: number for field, number in opened.items() if number is not None}
    if len(told) < len(fields):
        raise IsErased(kpm)
    looks = insert(AccessLog).values([_look(kpm, field, purpose, by) for field in fields])
    rows = db.session.execute(looks.returning(AccessLog.id, AccessLog.what)).all()
    acts = [{"field": row.what, "look": row.id} for row in sorted(rows, key=lambda row: row.id)]
    audit.record_each(by, "kpm.number_revealed", kpm, acts)
    return told


def erase(kpm: Kpm, *, by: Actor) -> None:
    """Erase who a family is: its identity and the names of witnesses. Sums, links and chains keep their ids."""
    identity = db.session.get(KpmIdentity, kpm.id)
    if identity is not None:
        db.session.delete(identity)
    witnesses = update(FamilyConsent).where(FamilyConsent.kpm_id == kpm.id).values(witness_sealed=None)
    db.session.execute(witnesses)
    kpm.state, kpm.pseudonym, kpm.version = "erased", queries.draw_pseudonyms(1)[0], kpm.version + 1
    kpm.wants_to_sell, kpm.makes = False, ""
    db.session.flush()
    audit.record(by, "kpm.erased", kpm)


keyring.sealed(FamilyConsent.witness_sealed, witness_place)
for _name in SEALED:
    keyring.sealed(getattr(KpmIdentity, f"{_name}_sealed"), partial(identity_place, _name))

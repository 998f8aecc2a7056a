"""The book of families recomputed: every sealed field opens in its place, no time in a programme is told twice."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from app.core import vault
from app.core.books import Finding, book
from app.core.db import db
from app.kit import nik as numbers
from app.people.families import queries
from app.people.families.models import Enrollment, FamilyConsent, Kpm, KpmIdentity

FIELDS = ("nik", "kk", "name", "phone", "address")
AT_ONCE = 500


@book("keluarga")
def check_families() -> list[Finding]:
    """Find sealed fields that do not open, numbers that are found under another, overlaps and broken consents."""
    return [*_sealed(), *_without_identity(), *_overlaps(), *_consents()]


def _sealed() -> Iterator[Finding]:
    for identity in db.session.scalars(select(KpmIdentity).execution_options(yield_per=AT_ONCE)):
        try:
            nik, kk, _name, number, *_rest = (queries.open_field(identity, field) for field in FIELDS)
        except vault.Tampered:
            yield Finding("kpm_identity", identity.kpm_id, "a sealed field does not open")
            continue
        if nik is None or identity.nik_blind != queries.nik_blind(nik):
            yield Finding("kpm_identity", identity.kpm_id, "its NIK is not the one it is found under")
        elif not numbers.is_number(nik):
            yield Finding("kpm_identity", identity.kpm_id, "its NIK is no NIK")
        if identity.kk_blind != (queries.kk_blind(kk) if kk else None):
            yield Finding("kpm_identity", identity.kpm_id, "its KK is not the one it is found under")
        if identity.phone_blind not in {None, queries.phone_blind(number) if number else None}:
            yield Finding("kpm_identity", identity.kpm_id, "its phone is not the one it is found under")


def _without_identity() -> Iterator[Finding]:
    joined = select(Kpm.id, Kpm.state, KpmIdentity.kpm_id).join(KpmIdentity, isouter=True)
    named, erased = KpmIdentity.kpm_id.is_not(None), Kpm.state == "erased"
    wrong = or_(and_(named, erased), and_(~named, ~erased))
    for row in db.session.execute(joined.where(wrong).order_by(Kpm.id)):
        yield Finding("kpm", row[0], "is erased and still named" if row[2] else "has no identity")


def _overlaps() -> Iterator[Finding]:
    other = aliased(Enrollment)
    query = select(Enrollment.id).join(
        other,
        (other.kpm_id == Enrollment.kpm_id) & (other.program == Enrollment.program) & (other.id > Enrollment.id),
    )
    shared = and_(
        or_(Enrollment.ended_on.is_(None), other.started_on <= Enrollment.ended_on),
        or_(other.ended_on.is_(None), Enrollment.started_on <= other.ended_on),
    )
    for number in db.session.scalars(query.where(shared).order_by(Enrollment.id)):
        yield Finding("enrollment", number, "shares days with another time in the same programme")


def _consents() -> Iterator[Finding]:
    query = select(FamilyConsent.id).where(FamilyConsent.withdrawn_at < FamilyConsent.given_at)
    for number in db.session.scalars(query.order_by(FamilyConsent.id)):
        yield Finding("family_consent", number, "was withdrawn before it was given")

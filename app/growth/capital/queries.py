"""Questions about aid. What lists it takes `scope` and stays within its areas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from app.core.db import db
from app.core.errors import NotFound
from app.core.policy import Actor
from app.growth.capital import rules
from app.growth.capital.models import AidGrant, AidProposal, Bast, UseReceipt, UseReport, Verification
from app.kit.rupiah import Rupiah
from app.people.families.models import Kpm
from app.people.families.queries import in_scope
from app.people.places.queries import inside

PAGE = 30
MOST_WAITING = 100


def get_proposal(proposal_id: int) -> AidProposal:
    """Return a proposal with its family and what was found on the spot.

    Raises:
        NotFound: there is none.
    """
    query = select(AidProposal).options(joinedload(AidProposal.verification), _family(AidProposal.kpm))
    found = db.session.scalar(query.where(AidProposal.id == proposal_id))
    if found is None:
        raise NotFound(proposal_id)
    return found


def get_grant(grant_id: int) -> AidGrant:
    """Return a grant with its family and everything that belongs to it.

    Raises:
        NotFound: there is none.
    """
    query = select(AidGrant).options(
        _family(AidGrant.kpm), joinedload(AidGrant.bast), joinedload(AidGrant.report), joinedload(AidGrant.proposal)
    )
    found = db.session.scalar(query.where(AidGrant.id == grant_id))
    if found is None:
        raise NotFound(grant_id)
    return found


def _family(path: Any) -> Any:
    return joinedload(path).joinedload(Kpm.identity)


@dataclass(frozen=True)
class Receipt:
    """A receipt and the grant that it belongs to."""

    receipt: UseReceipt
    grant: AidGrant


def get_receipt(receipt_id: int) -> Receipt:
    """Return a receipt with its grant.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(UseReceipt, receipt_id)
    if found is None:
        raise NotFound(receipt_id)
    return Receipt(found, get_grant(found.grant_id))


def find_verification(proposal_id: int) -> Verification | None:
    """Return what was found on the spot, or None."""
    return db.session.scalar(select(Verification).where(Verification.proposal_id == proposal_id))


def find_grant_of(proposal_id: int) -> AidGrant | None:
    """Return the aid that followed a proposal, or None."""
    return db.session.scalar(select(AidGrant).where(AidGrant.proposal_id == proposal_id))


def find_bast(grant_id: int) -> Bast | None:
    """Return the record of a handover, or None."""
    return db.session.scalar(select(Bast).where(Bast.grant_id == grant_id))


def find_report(grant_id: int) -> UseReport | None:
    """Return the report of use, or None."""
    return db.session.scalar(select(UseReport).where(UseReport.grant_id == grant_id))


def list_receipts(grant_id: int) -> list[UseReceipt]:
    """Return the receipts of a grant, as they were kept."""
    return list(db.session.scalars(select(UseReceipt).where(UseReceipt.grant_id == grant_id).order_by(UseReceipt.id)))


def funds_of(kpm_id: int) -> list[tuple[int, str]]:
    """Return (year, fund) of all aid that a family has had."""
    rows = db.session.execute(select(AidGrant.year, AidGrant.fund).where(AidGrant.kpm_id == kpm_id))
    return [(row.year, row.fund) for row in rows]


def list_of_family(kpm_id: int) -> list[AidGrant]:
    """Return a family's aid, newest first."""
    query = select(AidGrant).options(joinedload(AidGrant.bast), joinedload(AidGrant.report))
    return list(db.session.scalars(query.where(AidGrant.kpm_id == kpm_id).order_by(AidGrant.id.desc())))


def list_waiting(*, scope: Actor) -> list[AidProposal]:
    """Return proposals that wait for a look or for their aid, oldest first, one more than are shown."""
    granted = select(AidGrant.id).where(AidGrant.proposal_id == AidProposal.id).exists()
    refused = select(Verification.id).where(
        Verification.proposal_id == AidProposal.id, Verification.result == "refused"
    )
    query = (
        select(AidProposal)
        .join(Kpm, Kpm.id == AidProposal.kpm_id)
        .options(joinedload(AidProposal.verification), _family(AidProposal.kpm))
        .where(in_scope(scope), ~granted, ~refused.exists())
    )
    return list(db.session.scalars(query.order_by(AidProposal.id).limit(MOST_WAITING + 1)))


def list_grants(
    *, scope: Actor, year: int | None = None, late_on: date | None = None, before: int | None = None
) -> list[AidGrant]:
    """Return grants of the actor's areas, newest first, one more than a page; `late_on` keeps what is late that day."""
    query = (
        _kept(select(AidGrant), scope, year)
        .outerjoin(Bast, Bast.grant_id == AidGrant.id)
        .outerjoin(UseReport, UseReport.grant_id == AidGrant.id)
        .options(_family(AidGrant.kpm), joinedload(AidGrant.bast), joinedload(AidGrant.report))
    )
    if late_on:
        no_bast = and_(Bast.id.is_(None), AidGrant.granted_on < late_on - timedelta(days=rules.BAST_DAYS))
        query = query.where(or_(no_bast, and_(UseReport.id.is_(None), AidGrant.due_report_on < late_on)))
    if before:
        query = query.where(AidGrant.id < before)
    return list(db.session.scalars(query.order_by(AidGrant.id.desc()).limit(PAGE + 1)))


def count_late(day: date, *, scope: Actor) -> int:
    """Count the grants of the actor's areas that owe something on a day."""
    return db.session.scalar(select(late(day, scope=scope))) or 0


def late(day: date, *, scope: Actor) -> ColumnElement[int]:
    """Count the same within another question."""
    query = (
        _kept(select(func.count(AidGrant.id)), scope, None)
        .outerjoin(Bast, Bast.grant_id == AidGrant.id)
        .outerjoin(UseReport, UseReport.grant_id == AidGrant.id)
    )
    no_bast = and_(Bast.id.is_(None), AidGrant.granted_on < day - timedelta(days=rules.BAST_DAYS))
    no_report = and_(UseReport.id.is_(None), AidGrant.due_report_on < day)
    return query.where(or_(no_bast, no_report)).scalar_subquery()


def list_years(*, scope: Actor) -> list[int]:
    """Return the years in which aid was given, newest first."""
    query = _kept(select(AidGrant.year), scope, None).distinct().order_by(AidGrant.year.desc())
    return list(db.session.scalars(query))


def _kept(query: Select[Any], scope: Actor, year: int | None) -> Select[Any]:
    query = query.join(Kpm, Kpm.id == AidGrant.kpm_id).where(in_scope(scope))
    return query.where(AidGrant.year == year) if year else query


@dataclass(frozen=True)
class Sum:
    """Grants that share a key: how many, for how much, how many were handed over and reported."""

    key: str
    grants: int
    value: Rupiah
    handed_over: int
    reported: int


def sums_by(column: str, *, scope: Actor, year: int | None = None) -> list[Sum]:
    """Return grants summed by `business_type_slug`, `kecamatan_code`, `fund` or `year`, the largest count first."""
    key = getattr(AidGrant, column)
    query = (
        select(key, func.count(AidGrant.id), func.sum(AidGrant.value), func.count(Bast.id), func.count(UseReport.id))
        .outerjoin(Bast, Bast.grant_id == AidGrant.id)
        .outerjoin(UseReport, UseReport.grant_id == AidGrant.id)
        .where(inside(AidGrant.regency_code, [scope.region_code]))
        .group_by(key)
        .order_by(func.count(AidGrant.id).desc(), key)
    )
    if year:
        query = query.where(AidGrant.year == year)
    rows = db.session.execute(query).all()
    return [Sum(str(row[0]), row[1], row[2] or Rupiah(0), row[3], row[4]) for row in rows]

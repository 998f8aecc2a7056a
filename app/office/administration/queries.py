"""Questions about accounts of the office, within a region."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.core.audit import AuditEntry
from app.core.db import db
from app.core.policy import Actor
from app.people.accounts.models import Account
from app.people.places import queries as places
from app.people.places.models import Region

PAGE = 30
SHOWN_ACTS = 10


@dataclass(frozen=True)
class Area:
    """A kecamatan with its villages, to choose a pendamping's work from."""

    kecamatan: Region
    desa: tuple[Region, ...]


def list_staff(
    wanted: str = "", role: str = "", state: str = "", after: int | None = None, *, scope: Actor
) -> list[Account]:
    """Return accounts of the office in order of their making, one more than a page."""
    query = select(Account).where(Account.role != "seller", places.inside(Account.region_code, [scope.region_code]))
    if wanted:
        named = Account.name.icontains(wanted, autoescape=True)
        query = query.where(named | Account.username.icontains(wanted, autoescape=True))
    if role:
        query = query.where(Account.role == role)
    if state:
        query = query.where(Account.state == state)
    if after:
        query = query.where(Account.id > after)
    return list(db.session.scalars(query.order_by(Account.id).limit(PAGE + 1)))


def list_acts(account: Account) -> list[AuditEntry]:
    """Return what was last done to an account, newest first."""
    query = select(AuditEntry).where(AuditEntry.subject == f"account:{account.id}")
    return list(db.session.scalars(query.order_by(AuditEntry.id.desc()).limit(SHOWN_ACTS)))


def list_areas(regency_code: str) -> list[Area]:
    """Return the kecamatan of a kabupaten, each with its villages."""
    by_parent: dict[str, list[Region]] = {}
    for desa in places.list_desa(regency_code):
        by_parent.setdefault(desa.parent_code or "", []).append(desa)
    return [Area(each, tuple(by_parent.get(each.code, ()))) for each in places.list_children(regency_code)]


def list_regencies(scope: Actor) -> list[Region]:
    """Return the kabupaten and kota that an administrator may give people to: the own one, or a whole province's."""
    own = places.get_region(scope.region_code)
    return [own, *places.list_children(own.code)] if own.level == "province" else [own]

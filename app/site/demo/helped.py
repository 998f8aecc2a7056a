"""Aid and visits of the demonstration: grants in every state, one of them late, and visits that were and are due."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, select

from app.core.db import db, transaction
from app.growth.capital import operations as capital
from app.growth.capital import queries as aid
from app.growth.capital.models import AidProposal
from app.growth.capital.operations import Thing
from app.growth.mentoring import operations as mentoring
from app.growth.mentoring import queries as visits
from app.kit.rupiah import Rupiah
from app.people.accounts.models import Account
from app.people.accounts.queries import find_staff
from app.people.families.models import Kpm
from app.people.families.queries import get_kpm
from app.site.demo.plan import Plan

GRANTS: Final = 8
KINDS: Final = (
    ("kue-kering-roti", "Mixer dan loyang", (("Mixer", 1, "buah", 650_000), ("Loyang", 5, "buah", 30_000))),
    ("warung-kelontong", "Etalase kecil", (("Etalase kaca", 1, "buah", 1_200_000),)),
    ("kue-basah", "Kompor dan panci kukus", (("Kompor", 1, "buah", 450_000), ("Panci kukus", 2, "buah", 175_000))),
)
SAID: Final = (
    "Pesanan mulai datang dari kantor desa.",
    "Harga bahan naik, ukuran dikecilkan sedikit.",
    "Anak pertama ikut membantu membungkus.",
    "Mesin sempat rusak, sudah diperbaiki sendiri.",
)


def load(plan: Plan) -> int:
    """Give aid to the first families and visit them, once; returns how many grants were added."""
    if db.session.scalar(select(func.count(AidProposal.id))):
        return 0
    people = [find_staff(name) for name in ("pendamping", "petugas", "petugas2")]
    numbers = list(db.session.scalars(select(Kpm.id).order_by(Kpm.id).limit(GRANTS + 4)))
    if not all(people) or len(numbers) < GRANTS:
        return 0
    facilitator, officer, other = (each for each in people if each is not None)
    for place, number in enumerate(numbers[:GRANTS]):
        with transaction():
            _help(plan, place, number, facilitator, officer, other)
    for place, number in enumerate(numbers):
        with transaction():
            _visit(plan, place, number, facilitator)
    return GRANTS


def _help(plan: Plan, place: int, number: int, facilitator: Account, officer: Account, other: Account) -> None:
    """Take one family as far as its place says: asked, looked at, given, handed over, reported."""
    kpm = get_kpm(number)
    slug, wish, goods = KINDS[place % len(KINDS)]
    things = [Thing(name, qty, unit, Rupiah(price)) for name, qty, unit, price in goods]
    value = Rupiah.total(thing.unit_price * thing.qty for thing in things)
    given_on = plan.today - timedelta(days=20 * (place + 1))
    asked = capital.propose(
        kpm,
        key=f"demo:{number}",
        business_type_slug=slug,
        items_asked=wish,
        asked=value,
        year=given_on.year,
        by=facilitator,
    )
    if place == 0:
        return
    capital.verify(
        asked,
        result="fits",
        reason="Usahanya berjalan, tempat dan pembelinya ada.",
        visited_on=given_on - timedelta(days=10),
        running_since=given_on - timedelta(days=700),
        photo=None,
        by=officer,
    )
    if place == 1:
        return
    capital.grant(
        aid.get_proposal(asked.id),
        fund=("province", "regency", "state")[place % 3],
        form="in_kind",
        value=value,
        granted_on=given_on,
        due_report_on=given_on + timedelta(days=90),
        things=things,
        by=officer,
    )
    if place > 2:
        _prove(asked, given_on, place, officer, other)


def _prove(asked: AidProposal, given_on: date, place: int, officer: Account, other: Account) -> None:
    found = aid.find_grant_of(asked.id)
    assert found is not None
    grant = aid.get_grant(found.id)
    capital.hand_over(
        grant,
        number=f"460/{place:02d}/BAST/{given_on.year}",
        signed_on=given_on + timedelta(days=3),
        place="Kantor desa",
        officer_name="Lina Marlina",
        officer_post="Petugas pemberdayaan",
        witnesses="Pendamping dan perangkat desa",
        tested={item.id: "works" for item in grant.items},
        version=grant.version,
        by=officer,
    )
    if place > 4:
        day = given_on + timedelta(days=60)
        capital.report(
            grant, reported_on=day, as_intended=True, note="Dipakai hampir setiap hari.", photo=None, by=other
        )


def _visit(plan: Plan, place: int, number: int, facilitator: Account) -> None:
    """Visit a family some weeks ago; every fourth has not been visited yet."""
    if place % 4 == 3:
        return
    kpm, day = get_kpm(number), plan.today - timedelta(days=7 * (place + 1))
    mentoring.record_visit(
        kpm,
        key=f"demo:{number}",
        visited_on=day,
        mode=("home", "stall", "phone")[place % 3],
        met=("head", "spouse")[place % 2],
        running=True,
        said=SAID[place % len(SAID)],
        help_wanted=[("market", "papers", "capital", "training")[place % 4]],
        answers={"meals": ("yes", "seen"), "savings": ("yes" if place % 2 else "no", "told")},
        booked=visits.booked_months(number, day),
        told={},
        photo=None,
        by=facilitator,
    )

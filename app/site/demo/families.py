"""Families of the demonstration: believable, and nobody's. Their NIK end in 0000, a serial that is never given out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import func, insert, select

from app.core.db import db, transaction
from app.goods.shops.queries import get_shop
from app.growth.businesses import operations as businesses
from app.growth.businesses.queries import list_on_shop
from app.kit import codes
from app.people.accounts.queries import find_staff
from app.people.families import operations, rules
from app.people.families.models import DesilRecord, Enrollment, FamilyConsent, Kpm, KpmIdentity
from app.people.families.operations import Facts
from app.people.families.queries import get_kpm
from app.people.places.queries import list_desa
from app.site.demo import words
from app.site.demo.plan import REGENCY, Plan
from app.site.demo.queries import list_shops

USUAL: Final = 60
AT_ONCE: Final = 500
OFFICER: Final = "petugas"
MAKES: Final = ("keripik singkong", "telur asin", "kue kering", "anyaman bambu", "emping", "warung nasi")
_BORN: Final = date(1955, 1, 1)
_BIRTHDAYS: Final = 16_000


def load(plan: Plan, wanted: int) -> int:
    """Bring the families to this number, and link the first to the first seller; returns how many were added."""
    start = db.session.scalar(select(func.count(Kpm.id))) or 0
    places = [each.code for each in list_desa(REGENCY)]
    for first in range(start, wanted, AT_ONCE):
        with transaction():
            _write(plan, range(first, min(first + AT_ONCE, wanted)), places)
    if start == 0 and wanted:
        with transaction():
            _link_first(plan)
    return max(0, wanted - start)


def nik_of(index: int) -> str:
    """Return the made-up NIK of a family: another birthday or kecamatan each time, serial 0000.

    >>> nik_of(0), nik_of(16_000)
    ('3604054101550000', '3604064101550000')
    """
    born, kecamatan = _BORN + timedelta(days=index % _BIRTHDAYS), 5 + index // _BIRTHDAYS
    return f"3604{kecamatan:02d}{born.day + 40:02d}{born:%m%y}0000"


def _facts(plan: Plan, index: int, places: list[str], first_desa: str) -> Facts:
    dice = plan.chance("family", index)
    sells = dice.random() < 0.4
    return Facts(
        nik=nik_of(index),
        kk=None,
        name=f"{dice.choice(words.FIRST)} {dice.choice(words.LAST)}",
        phone=f"+62899{1_000_000 + index:07d}" if sells or dice.random() < 0.5 else None,
        address=f"{dice.choice(words.HAMLETS)} RT {dice.randint(1, 9):02d} RW {dice.randint(1, 5):02d}",
        desa_code=first_desa if index == 0 else dice.choice(places),
        size=dice.randint(2, 7),
        head_sex=dice.choice("fm"),
        wants_to_sell=sells,
        makes=dice.choice(MAKES) if sells else "",
    )


def _write(plan: Plan, numbers: range, places: list[str]) -> None:
    officer, first_desa = find_staff(OFFICER), get_shop(list_shops()[0].id).desa_code
    by_id = officer.id if officer else None
    told = [_facts(plan, index, places, first_desa) for index in numbers]
    names = [codes.new_code(rules.PSEUDONYM_LENGTH, plan.chance("family-number", index)) for index in numbers]
    rows = [
        operations.placed(facts) | {"pseudonym": name, "created_by_id": by_id, "created_at": plan.at(300, 9)}
        for name, facts in zip(names, told, strict=True)
    ]
    made = db.session.execute(insert(Kpm).returning(Kpm.pseudonym, Kpm.id), rows)
    ids = {row.pseudonym: row.id for row in made}
    sealed = [
        operations.sealed(ids[name], facts) | {"kpm_id": ids[name]} for name, facts in zip(names, told, strict=True)
    ]
    db.session.execute(insert(KpmIdentity), sealed)
    known = [(plan.chance("aid", index), ids[name]) for index, name in zip(numbers, names, strict=True)]
    db.session.execute(insert(Enrollment), [_time(plan, dice, number) for dice, number in known])
    db.session.execute(insert(DesilRecord), [
        {"kpm_id": number, "desil": dice.randint(1, 5), "as_of": plan.today.replace(day=1)} for dice, number in known
    ])  # fmt: skip
    agreed = [_consent(plan, number, by_id) for dice, number in known if by_id and dice.random() < 0.6]
    if agreed:
        db.session.execute(insert(FamilyConsent), agreed)


def _time(plan: Plan, dice: Any, kpm_id: int) -> dict[str, Any]:
    """Return a family's time in PKH or UEP; four of ten PKH families have left by themselves."""
    began = plan.today - timedelta(days=dice.randint(900, 2_500))
    left = began + timedelta(days=dice.randint(400, 800)) if dice.random() < 0.4 else None
    program = "pkh" if dice.random() < 0.7 else "uep"
    left = left if program == "pkh" else None
    return {
        "kpm_id": kpm_id, "program": program, "started_on": began, "ended_on": left, "source": "demo",
        "exit_kind": "self_reliant" if left else None, "exit_date": left,
    }  # fmt: skip


def _consent(plan: Plan, kpm_id: int, by_id: int) -> dict[str, Any]:
    return {
        "kpm_id": kpm_id, "purpose": "graduation_monitoring", "wording_version": rules.WORDING, "method": "paper",
        "given_at": plan.at(200, 10), "recorded_by_id": by_id,
    }  # fmt: skip


def _link_first(plan: Plan) -> None:
    """Let the first seller belong to the first family; the second belongs to none."""
    officer, shop = find_staff(OFFICER), get_shop(list_shops()[0].id)
    first = db.session.scalar(select(Kpm.id).order_by(Kpm.id).limit(1))
    if officer is None or first is None or list_on_shop(shop.id):
        return
    since = plan.today - timedelta(days=400)
    businesses.link(get_kpm(first), shop, started_on=since, capital_source="aid_savings", by=officer)

"""Followed families of the demonstration: a few in several states, an objection, moves that wait, graduations."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Final

from PIL import Image
from sqlalchemy import func, select

from app.core import scans
from app.core.db import db, transaction
from app.core.pictures import Master, read_upload
from app.goods.shops.queries import get_shop
from app.growth.businesses import operations as businesses
from app.growth.businesses.queries import list_on_shop
from app.growth.graduation import appeals, letters, operations
from app.growth.graduation.models import GrowthCase
from app.people.accounts.models import Account
from app.people.accounts.queries import find_staff
from app.people.families import operations as families
from app.people.families import rules
from app.people.families.models import Kpm
from app.people.families.queries import get_kpm
from app.site.demo.plan import Plan
from app.site.demo.queries import list_shops

FAMILIES: Final = 10
MONITORING: Final = "graduation_monitoring"
REASON: Final = "Dibicarakan di rumah keluarga, catatan jualannya dibaca bersama."
VIEW: Final = "Keluarga ingin tetap ditemani dan akan terus mencatat jualan."
MOVES: Final = ("steady", "watch", "support")
"""What the first three were decided to be; the family of the second objects. A move of the fourth waits."""


def load(plan: Plan) -> int:
    """Follow the first families once; returns how many."""
    numbers = list(db.session.scalars(select(Kpm.id).order_by(Kpm.id).limit(FAMILIES)))
    people = [find_staff(name) for name in ("pendamping", "petugas", "petugas2")]
    if len(numbers) < FAMILIES or not all(people) or db.session.scalar(select(func.count(GrowthCase.kpm_id))):
        return 0
    facilitator, officer, other = (each for each in people if each is not None)
    _link(plan, numbers[1:4], officer)
    for place, number in enumerate(numbers[:6]):
        with transaction():
            _follow(place, get_kpm(number), facilitator, officer)
    sheet = _sheet()
    for place, number in enumerate(numbers[6:]):
        with transaction():
            _graduate(plan, place, get_kpm(number), facilitator, other, sheet)
    return FAMILIES


def _link(plan: Plan, numbers: list[int], officer: Account) -> None:
    """Let three more families run a shop; the second seller stays without one."""
    for number, facts in zip(numbers, list_shops()[4:7], strict=False):
        with transaction():
            kpm, shop = get_kpm(number), get_shop(facts.id)
            if not list_on_shop(shop.id) and shop.regency_code == kpm.regency_code:
                businesses.link(kpm, shop, started_on=plan.today - timedelta(days=400), by=officer)


def _follow(place: int, kpm: Kpm, facilitator: Account, officer: Account) -> None:
    if place < 4:
        families.give_consent(kpm, MONITORING, wording_version=rules.WORDING, method="paper", by=officer)
    operations.open_case(kpm, with_aid=place == 5, by=officer)
    operations.follow_consent(kpm.id)
    if place < 4:
        outcome = MOVES[place] if place < len(MOVES) else "steady"
        move = operations.propose(kpm, outcome, reason=REASON, family_view=VIEW, by=facilitator)
        if place < len(MOVES):
            operations.decide(move, reason=REASON, by=officer)
    if place == 1:
        appeals.file(kpm, "Jualan saya sepi karena panen, bukan karena berhenti.", channel="phone", by=facilitator)


def _graduate(plan: Plan, place: int, kpm: Kpm, facilitator: Account, other: Account, sheet: Master) -> None:
    """State a graduation; the first waits for its scan, the others are confirmed by another person."""
    told = {"tahun_masuk": "2019", "jenis_usaha": kpm.makes or "warung", "alasan": "Usaha sudah berjalan sendiri."}
    stated_on = plan.today - timedelta(days=30 + 200 * place)
    kind = "natural" if place == 2 else "self_reliant"
    made = letters.state(kpm, kind, stated_on, told, key=f"demo:{kpm.id}", by=facilitator)
    if place:
        letters.add_scan(made, scans.keep(sheet), by=facilitator)
        letters.confirm(made, version=made.version, by=other)


def _sheet() -> Master:
    """Draw an empty sheet that stands for the photo of a letter."""
    data = io.BytesIO()
    Image.new("RGB", (600, 848), "#f6f3ea").save(data, "JPEG")
    return read_upload(io.BytesIO(data.getvalue()))

"""Bazaars of the demonstration: the first one of 2022, one that is announced, one whose call is open, one to sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import select

from app.core.db import db
from app.goods.shops.models import Shop
from app.kit.periods import zone_named
from app.people.accounts.models import Account
from app.site.demo import days, stalls
from app.site.demo.pictures import Draw
from app.site.demo.plan import REGENCY, Plan
from app.trade.bazaars import judging, pickups, rules, standing, steps
from app.trade.bazaars.models import (
    Application,
    Bazaar,
    BazaarDay,
    BazaarEvent,
    BazaarMessage,
    EventPool,
    Proposal,
    Question,
    Ranking,
    Review,
    Stall,
)  # fmt: skip
from app.trade.orders.meeting import bounded
from app.trade.orders.models import Order
from app.trade.orders.queries import hours_of
from app.trade.orders.rules import CLOCKS

ZONE: Final = "Asia/Jakarta"
FIRST_DAY: Final = date(2022, 8, 16)
YARD: Final = {
    "place": "Halaman belakang kantor Dinas Sosial Kabupaten Serang",
    "latitude": -6.1201,
    "longitude": 106.1503,
}
PROGRAMME: Final = "07.00 Lapak menata dagangan\n08.00 Bazar dibuka\n09.30 Donor darah, di aula\n15.00 Bazar tutup"
REPORTED: Final = ("Anyar", "Pabuaran", "Ciomas", "Tirtayasa", "Waringinkurung")
CONFIRMED, ALL = 10, 14
AHEAD: Final = 6


@dataclass(frozen=True)
class Office:
    """Who runs them."""

    curators: Sequence[Account]
    approver: Account


def load(plan: Plan, draw: Draw, shops: Sequence[Shop], first_five: Sequence[Shop], office: Office) -> int:
    """Store the bazaars and return how many there are."""
    day = plan.moment.astimezone(zone_named(ZONE).offset).date()
    saturday = day + timedelta(days=(5 - day.weekday()) % 7 or 7)
    _past(plan, draw, office, first_five)
    _announced(plan, office, shops, saturday + timedelta(days=7))
    standing.mark_all()
    _order_ahead(shops[:CONFIRMED])
    _calling(plan, office, shops, saturday + timedelta(days=35))
    return 3


def _bazaar(office: Office, slug: str, name: str, day: date, stalls: int, **given: Any) -> Bazaar:
    zone = zone_named(ZONE)
    facts: dict[str, Any] = {
        "creation_key": f"demo-{slug}", "slug": slug, "name": name, "regency_code": REGENCY,
        "contact": "+6281234560000",
        "starts_at": zone.at(day, time(8)), "ends_at": zone.at(day, time(15)), "stall_count": stalls,
        "rubric_version": rules.RUBRIC_VERSION, "created_by_id": office.curators[0].id, "programme": PROGRAMME, **YARD,
    }  # fmt: skip
    bazaar = Bazaar(**(facts | given))
    db.session.add(bazaar)
    db.session.flush()
    db.session.add(BazaarDay(bazaar_id=bazaar.id, day=day, opens=time(8), closes=time(15)))
    db.session.add(EventPool(bazaar_id=bazaar.id, key=rules.TOTAL, kind="max", capacity=stalls))
    return bazaar


def _reserve(bazaar: Bazaar) -> None:
    """Keep places for newcomers until the day the bazaar names."""
    db.session.add(EventPool(bazaar_id=bazaar.id, key=rules.FIRST_TIMER, kind="reserved", capacity=4))


def _apply(bazaar: Bazaar, shop: Shop, number: int, state: str, at: datetime, **given: Any) -> Application:
    application = Application(
        key=f"demo-{bazaar.slug}-{number}", bazaar_id=bazaar.id, shop_id=shop.id, number=number, state=state,
        goods="Dagangan sehari-hari, kira-kira 40 bungkus", pools=[rules.TOTAL], entered_by_id=shop.owner_id,
        submitted_at=at, bonus=2, **given,
    )  # fmt: skip
    db.session.add(application)
    db.session.flush()
    db.session.add(_step(bazaar, "draft", "submitted", at, application, shop.owner_id, "seller"))
    if state != "submitted":
        db.session.add(_step(bazaar, "in_review", state, at + timedelta(days=2), application))
    return application


def _step(
    bazaar: Bazaar, before: str, after: str, at: datetime, application: Application | None = None,
    actor_id: int = 0, role: str = "system",
) -> BazaarEvent:  # fmt: skip
    return BazaarEvent(
        bazaar_id=bazaar.id, application_id=application.id if application else None, from_state=before, to_state=after,
        actor_id=actor_id, actor_role=role, at=at,
    )  # fmt: skip


def _past(plan: Plan, draw: Draw, office: Office, shops: Sequence[Shop]) -> None:
    """Store the bazaar of the news: the Dinsos yard, 16 August 2022, five kecamatan."""
    at = zone_named(ZONE).at(FIRST_DAY - timedelta(days=20))
    bazaar = _bazaar(
        office, "bazar-halaman-dinsos-2022-08", "Bazar Halaman Dinsos", FIRST_DAY, max(5, len(shops)), state="reported",
        host_event="Khitanan massal dan donor darah", opened_at=at, published_at=at + timedelta(days=10),
        story="Bazar pertama: makanan dan kerajinan dari lima kecamatan, di halaman belakang kantor dinas.",
    )  # fmt: skip
    db.session.add(_step(bazaar, "running", "closed", bazaar.ends_at))
    db.session.add(_step(bazaar, "closed", "reported", bazaar.ends_at + timedelta(days=6)))
    applications = []
    for number, shop in enumerate(shops, 1):
        application = _apply(bazaar, shop, number, "settled", at, rank=number, score=800, decision="place")
        db.session.add(Stall(bazaar_id=bazaar.id, number=number, main_application_id=application.id))
        applications.append(application)
    db.session.flush()
    days.load(bazaar, draw, office.curators[0])
    stalls.load(plan, bazaar, applications, (office.curators[0], office.approver))


def _announced(plan: Plan, office: Office, shops: Sequence[Shop], day: date) -> None:
    """Store the next bazaar: most have said yes, one is asked, two wait, one was refused."""
    at = plan.moment - timedelta(days=20)
    bazaar = _bazaar(
        office, f"bazar-akhir-pekan-{day:%Y-%m}", "Bazar Akhir Pekan Halaman Dinsos", day, CONFIRMED + 1,
        state="published", host_event="Donor darah", opened_at=at, published_at=plan.moment - timedelta(days=4),
        soft_deadline=at + timedelta(days=10), hard_deadline=at + timedelta(days=12),
        decision_at=at + timedelta(days=16),
        story="Telur asin, keripik, dan anyaman langsung dari pembuatnya. Boleh pesan dulu, ambil di sini.",
    )  # fmt: skip
    db.session.add(_step(bazaar, "curation", "published", plan.moment - timedelta(days=4)))
    line = []
    for number, shop in enumerate(shops[:ALL], 1):
        state = "confirmed" if number <= CONFIRMED else ("offered", "waitlisted", "waitlisted", "refused")[number - 11]
        line.append(_judged(plan, office, bazaar, shop, number, state, at))
    for number, application in enumerate(line[:CONFIRMED], 1):
        db.session.add(Stall(bazaar_id=bazaar.id, number=number, main_application_id=application.id))
    db.session.add(Stall(bazaar_id=bazaar.id, number=CONFIRMED + 1))
    from_line = [judging.row_of(steps.place_of(each)) for each in line if each.rank]
    db.session.add(Ranking(bazaar_id=bazaar.id, rows=from_line, made_by_id=office.curators[0].id))


def _order_ahead(shops: Sequence[Shop]) -> None:
    """Let some orders that wait already be collected at the next bazaar."""
    days = pickups.coming([shop.id for shop in shops])
    query = select(Order).where(Order.seller_id.in_(days), Order.state.in_(("placed", "accepted")))
    for order in db.session.scalars(query.order_by(Order.id).limit(AHEAD)):
        at = days[order.seller_id][0].meeting
        order.bazaar_id, order.meet_from, order.meet_until = at.bazaar_id, at.opens, at.closes
        order.pickup_place, order.promised_at = at.place, at.opens
        last = hours_of(REGENCY).over(at.closes)
        for name, end in bounded({name: getattr(order, name) for name in CLOCKS}, at.opens, last).items():
            setattr(order, name, end)
    db.session.flush()


def _judged(
    plan: Plan, office: Office, bazaar: Bazaar, shop: Shop, number: int, state: str, at: datetime
) -> Application:  # fmt: skip
    refused = state == "refused"
    points = 10 - number // 2
    application = _apply(
        bazaar, shop, number, state, at + timedelta(hours=number), rank=None if refused else number, score=points * 100,
        decision="refuse" if refused else "place",
        offer_expires_at=plan.moment + timedelta(hours=40) if state == "offered" else None,
        end_reason="Produk belum punya kemasan tertutup." if refused else "",
        ended_at=bazaar.published_at if refused else None,
    )  # fmt: skip
    for reviewer in office.curators[:2]:
        scores, left = {}, points
        for key, most in rules.RUBRIC:
            scores[key] = min(most, left)
            left -= scores[key]
        db.session.add(Review(application_id=application.id, reviewer_id=reviewer.id, scores=scores, total=points))
    facts = {"reason": application.end_reason, "rank": number} if state in {"refused", "waitlisted"} else {}
    kind = "offered" if state == "confirmed" else state
    db.session.add(
        BazaarMessage(
            key=f"demo:{application.id}",
            bazaar_id=bazaar.id,
            application_id=application.id,
            kind=kind,
            facts=facts,
            account_id=shop.owner_id,
            at=bazaar.published_at or plan.moment,
        )
    )
    return application


def _calling(plan: Plan, office: Office, shops: Sequence[Shop], day: date) -> None:
    """Store a bazaar whose call is open, and a draft after it that waits for its second signature."""
    moment = plan.moment
    call = {
        "soft_deadline": moment + timedelta(days=9), "hard_deadline": moment + timedelta(days=12),
        "decision_at": moment + timedelta(days=16), "reserved_until": moment + timedelta(days=25),
    }  # fmt: skip
    bazaar = _bazaar(
        office, f"pasar-awal-bulan-{day:%Y-%m}", "Pasar Awal Bulan", day, 18, state="open_call",
        opened_at=moment - timedelta(days=3), story="Pasar sehari untuk makanan, minuman, dan kerajinan.", **call,
    )  # fmt: skip
    _reserve(bazaar)
    db.session.add(_step(bazaar, "draft", "open_call", moment - timedelta(days=3)))
    for number, shop in enumerate(shops[3:8], 1):
        _apply(bazaar, shop, number, "submitted", moment - timedelta(hours=40 - number))
    db.session.add(
        Question(
            bazaar_id=bazaar.id,
            asked_by_id=shops[4].owner_id,
            text="Boleh bawa kompor?",
            asked_at=moment,
            answer="Boleh, sediakan juga kain basah.",
            answered_by_id=office.curators[0].id,
            answered_at=moment,
        )
    )
    later = day + timedelta(days=28)
    draft = _bazaar(office, f"bazar-menjelang-ramadan-{later:%Y-%m}", "Bazar Menjelang Ramadan", later, 24, **call)
    _reserve(draft)
    db.session.add(_step(draft, "", "draft", moment - timedelta(hours=5)))
    db.session.add(Proposal(bazaar_id=draft.id, kind="open_call", facts={}, asked_by_id=office.curators[0].id))

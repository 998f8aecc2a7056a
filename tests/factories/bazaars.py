"""The least valid bazaars: through the real operations, so that steps, messages and places are as people make them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from app.core.clock import now, today
from app.core.db import db, transaction
from app.goods.shops.models import Shop
from app.kit.periods import zone_named
from app.people.accounts.models import Account
from app.trade.bazaars import applying, changing, judging, operations, rules
from app.trade.bazaars.applying import Wish
from app.trade.bazaars.models import Application, Bazaar
from app.trade.bazaars.operations import Day, Settings
from tests.factories.goods import make_shop
from tests.factories.people import make_account

ZONE = "Asia/Jakarta"
DAYS_AHEAD = 30
POOLS = (rules.Pool("total", 10),)
SCORES = {"readiness": 3, "papers": 2, "capacity": 2, "presentation": 1}


def days_from(days_ahead: int = DAYS_AHEAD, many: int = 1) -> list[Day]:
    """So many days in a row, the first in so many days from today."""
    first, zone = today(ZONE) + timedelta(days=days_ahead), zone_named(ZONE)
    hours = (zone.at(first).time().replace(hour=8, minute=0), zone.at(first).time().replace(hour=15, minute=0))
    return [Day(first + timedelta(days=step), *hours) for step in range(many)]


def settings_for(**given: Any) -> Settings:
    """Settings under which a call may open today."""
    moment = now()
    facts: dict[str, Any] = {
        "name": "Bazar Halaman Dinsos",
        "place": "Halaman belakang kantor Dinsos",
        "contact": "+6281234567890",
        "stall_count": 10,
        "soft_deadline": moment + timedelta(days=7),
        "hard_deadline": moment + timedelta(days=10),
        "decision_at": moment + timedelta(days=14),
        "reserved_until": moment + timedelta(days=20),
    }
    return Settings(**(facts | given))


def make_draft(
    by: Account | None = None,
    *,
    pools: Sequence[rules.Pool] = POOLS,
    days_ahead: int = DAYS_AHEAD,
    many_days: int = 1,
    **given: Any,
) -> Bazaar:
    """A bazaar that a curator has written down."""
    by = by or make_account("curator")
    with transaction():
        days = days_from(days_ahead, many_days)
        return operations.create(secrets.token_hex(8), settings_for(**given), days, pools, by=by)


def open_call(bazaar: Bazaar, by: Account | None = None, approver: Account | None = None) -> None:
    """Let somebody ask and somebody else sign."""
    asks = by or db.session.get_one(Account, bazaar.created_by_id)
    with transaction():
        proposal = operations.ask_to_open(bazaar, by=asks)
    with transaction():
        operations.answer(proposal, "signed", "", by=approver or make_account("approver"))


def make_call(**given: Any) -> Bazaar:
    """A bazaar whose call is open."""
    bazaar = make_draft(**given)
    open_call(bazaar, approver=make_account("approver", region_code=bazaar.regency_code))
    return bazaar


def apply_to(bazaar: Bazaar, shop: Shop | None = None, by: Account | None = None, **given: Any) -> Application:
    """An application of a shop, sent by its owner unless somebody else is named."""
    shop = shop or make_shop()
    wish = Wish(**({"goods": "Telur asin, bawang goreng"} | given))
    with transaction():
        return applying.apply(bazaar, shop, wish, secrets.token_hex(8), by=by or shop.owner)


def close_call(bazaar: Bazaar) -> None:
    """End the call by hand."""
    with transaction():
        changing.close_call(bazaar, "Pendaftar sudah cukup", by=db.session.get_one(Account, bazaar.created_by_id))


def score(application: Application, points: int | None = None, reviewers: Sequence[Account] = ()) -> None:
    """Two reviews alike; `points` out of ten."""
    scores = dict(SCORES) if points is None else spread(points)
    for reviewer in reviewers or (make_account("curator"), make_account("curator")):
        with transaction():
            judging.score(application, scores, by=reviewer)


def spread(points: int) -> dict[str, int]:
    """So many points over the parts of the rubric."""
    scores = {}
    for key, most in rules.RUBRIC:
        scores[key] = min(most, points)
        points -= scores[key]
    return scores


def publish(bazaar: Bazaar, by: Account | None = None, waiver: str = "") -> None:
    """Announce."""
    with transaction():
        judging.publish(bazaar, waiver, by=by or db.session.get_one(Account, bazaar.created_by_id))


def make_published(applicants: int = 3, points: Sequence[int] = (), **given: Any) -> tuple[Bazaar, list[Application]]:
    """An announced bazaar, with its applications in the order they came; `points` says how each was scored."""
    bazaar = make_call(**given)
    applications = [apply_to(bazaar) for _ in range(applicants)]
    close_call(bazaar)
    reviewers = (make_account("curator"), make_account("curator"))
    for place, application in enumerate(applications):
        score(application, points[place] if points else None, reviewers)
    publish(bazaar)
    return bazaar, applications


def confirmed(application: Application) -> Application:
    """Say yes for the owner."""
    with transaction():
        applying.confirm(application, by=application.shop.owner)
    return application


def make_waiting(shop: Shop, by: Account) -> tuple[Bazaar, Application]:
    """An announced bazaar with one place that somebody else was offered; the shop waits."""
    bazaar = make_call(by=by, pools=(rules.Pool("total", 1),))
    near = {"regency_code": shop.regency_code, "kecamatan_code": shop.kecamatan_code, "desa_code": shop.desa_code}
    first, second = apply_to(bazaar, make_shop(**near)), apply_to(bazaar, shop)
    close_call(bazaar)
    reviewers = (make_account("curator"), make_account("curator"))
    score(first, 9, reviewers)
    score(second, 5, reviewers)
    publish(bazaar)
    return bazaar, second

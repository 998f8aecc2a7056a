"""The least valid day at a bazaar: stalls that have said yes, on a day that has begun."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.core.clock import now, today
from app.core.db import db, transaction
from app.goods.products.models import Product, Variant
from app.goods.shops.models import Shop
from app.kit.rupiah import Rupiah
from app.people.accounts.models import Account
from app.trade.bazaars import ground, pickups, standing, steps
from app.trade.bazaars.models import Application, Bazaar, BazaarDay
from app.trade.orders import operations as orders
from app.trade.orders import queries as order_queries
from app.trade.orders.meeting import Spot
from app.trade.orders.models import Order
from app.trade.stalls import happening, operations, passes, queries, reporting, settling
from app.trade.stalls.happening import Happened
from app.trade.stalls.models import Report, Settlement, StallSale
from app.trade.stalls.operations import Hand
from app.trade.stalls.rules import Basket, Line
from app.trade.stalls.settling import Result, Sheet
from tests.factories import bazaars, trade
from tests.factories.goods import make_product, make_shop, variant_of
from tests.factories.people import make_account

__all__ = (
    "Basket", "Hand", "Happened", "Line", "Result", "bazaars", "happening", "operations", "passes", "queries",
    "reporting", "settling",
)  # fmt: skip
PRICE = 19_000


@dataclass(frozen=True)
class Stand:
    """A stall of a bazaar with one kind of goods."""

    bazaar: Bazaar
    application: Application
    shop: Shop
    product: Product
    variant: Variant

    @property
    def owner(self) -> Account:
        """The seller."""
        return self.shop.owner

    @property
    def hand(self) -> Hand:
        """The seller as whoever types."""
        return Hand(self.shop.owner)


def make_stands(many: int = 1, *, qty: int = 20, begun: bool = True, **given: object) -> list[Stand]:
    """Stalls of one bazaar that have said yes, each with `qty` packs of eggs at home."""
    bazaar = bazaars.make_call(**given)
    shops = [make_shop() for _ in range(many)]
    products = [make_product(shop, qty=qty, price=PRICE) for shop in shops]
    applications = [bazaars.apply_to(bazaar, shop) for shop in shops]
    bazaars.close_call(bazaar)
    reviewers = (make_account("curator"), make_account("curator"))
    for application in applications:
        bazaars.score(application, reviewers=reviewers)
    bazaars.publish(bazaar)
    for application in applications:
        bazaars.confirmed(application)
    with transaction():
        ground.fill_stalls(bazaar, by=reviewers[0])
    if begun:
        begin_day(bazaar)
    return [
        Stand(bazaar, application, shop, product, variant_of(product))
        for application, shop, product in zip(applications, shops, products, strict=True)
    ]


def make_stand(**given: object) -> Stand:
    """One stall on a day that has begun."""
    return make_stands(1, **given)[0]  # type: ignore[arg-type]


def make_place(shop: Shop, by: Account, *, over: bool = False) -> Application:
    """A stall at a bazaar of today, or of one that is over, without the way there."""
    with transaction():
        bazaar = bazaars.operations.create(
            secrets.token_hex(8), bazaars.settings_for(), bazaars.days_from(1), bazaars.POOLS, by=by
        )
        application = Application(
            key=secrets.token_hex(8), bazaar_id=bazaar.id, shop_id=shop.id, number=1, state="checked_in",
            goods="Telur asin", pools=["total"], entered_by_id=shop.owner_id, submitted_at=now(),
        )  # fmt: skip
        db.session.add(application)
        db.session.flush()
        steps.note(bazaar.id, "confirmed", "checked_in", by=by, application=application)
        bazaar.state, bazaar.opened_at, bazaar.published_at = "running", now(), now()
    (end_day if over else begin_day)(bazaar)
    with transaction():
        standing.mark([shop.id])
    return application


def begin_day(bazaar: Bazaar) -> None:
    """Let the bazaar be today."""
    _move(bazaar, started=timedelta(minutes=5), ends=timedelta(hours=5), days_ago=0)


def end_day(bazaar: Bazaar, days_ago: int = 0) -> None:
    """Let the bazaar be over, today or some days ago."""
    over = timedelta(days=days_ago)
    _move(bazaar, started=over + timedelta(hours=5), ends=-over - timedelta(minutes=1), days_ago=days_ago)


def _move(bazaar: Bazaar, *, started: timedelta, ends: timedelta, days_ago: int) -> None:
    with transaction():
        held = db.session.get_one(Bazaar, bazaar.id)
        held.starts_at, held.ends_at = now() - started, now() + ends
        day = _day_row(bazaar)
        day.day = today(bazaars.ZONE) - timedelta(days=days_ago)
        db.session.flush()
        steps.begin(bazaar.id)


def line(stand: Stand, qty: int = 1, price: int = PRICE) -> Line:
    """Some packs of a stall's eggs."""
    return Line(stand.variant.id, "Telur asin bebek", Rupiah(price), qty)


def basket(stand: Stand, qty: int = 1, key: str = "", method: str = "cash", price: int = PRICE) -> Basket:
    """A basket of a stall's eggs."""
    return Basket(key or secrets.token_hex(8), method, (line(stand, qty, price),))


def sell(stand: Stand, qty: int = 1, *, by: Hand | None = None, **given: object) -> StallSale:
    """A sale at the till."""
    with transaction():
        return operations.sell(stand.application, basket(stand, qty, **given), by=by or stand.hand)  # type: ignore[arg-type]


def carry(stand: Stand, qty: int) -> None:
    """Packs taken along."""
    with transaction():
        operations.carry(stand.application, {stand.variant.id: qty}, by=stand.hand)


def tally(stand: Stand, qty: int, *, by: Hand | None = None, key: str = "") -> None:
    """A tally sheet of the bazaar's day."""
    with transaction():
        sheet = Sheet(key or secrets.token_hex(8), _day_row(stand.bazaar).day, (line(stand, qty),), Rupiah(PRICE * qty))
        settling.enter_sheet(stand.application, sheet, by=by or stand.hand)


def _day_row(bazaar: Bazaar) -> BazaarDay:
    return db.session.scalars(select(BazaarDay).where(BazaarDay.bazaar_id == bazaar.id)).one()


def submit(stand: Stand, *, by: Hand | None = None, **given: object) -> Settlement:
    """A result handed in; with a reason unless another is given."""
    facts: dict[str, object] = {"cash": Rupiah(PRICE), "other": Rupiah(0), "reason": "Dibagi ke tetangga"}
    with transaction():
        return settling.submit(stand.application, Result(**(facts | given)), by=by or stand.hand)  # type: ignore[arg-type]


def sign(stand: Stand, by: Account) -> None:
    """A result signed."""
    with transaction():
        found = queries.find_settlement(stand.application.id)
        assert found is not None
        settling.sign(found, found.version, by=by)


def pool(stand: Stand) -> tuple[int, int, int, int, int]:
    """Taken, sold, returned, damaged and beyond of a stall's eggs."""
    found = queries.pools_of(stand.application.id).get(stand.variant.id)
    return (found.taken, found.sold, found.returned, found.damaged, found.beyond) if found else (0, 0, 0, 0, 0)


def spot(stand: Stand, place: int = 0) -> Spot:
    """One of the days at which a buyer can collect from a stall."""
    return pickups.coming([stand.shop.id])[stand.shop.id][place].spot


def order_for(stand: Stand, qty: int = 2, state: str = "placed", **given: object) -> Order:
    """An order that is collected at a stall; `state` may be accepted or ready as well."""
    group = trade.place_group((stand.variant, qty), at=spot(stand), meet=pickups.claim, **given)
    order = order_queries.list_of_group(group.id)[0]
    if state in {"accepted", "ready"}:
        with transaction():
            orders.accept(order, by=stand.owner)
    if state == "ready":
        with transaction():
            orders.mark_ready(order, by=stand.owner)
    return order


def make_report(ended: datetime, **told: Any) -> Report:
    """A signed report of a bazaar that ended then; `told` says what stands in it."""
    bazaar, signer = bazaars.make_draft(), make_account("approver")
    figures = {
        "bazaar": bazaar.name, "kecamatan": ["Anyar", "Ciomas"], "kecamatan_all": 29, "sellers": 6, "total": 900_000,
        "first_buyers": 7, "new_buyers": 9,
    }  # fmt: skip
    with transaction() as session:
        row = session.get_one(bazaars.Bazaar, bazaar.id)
        row.starts_at, row.ends_at = ended - timedelta(hours=6), ended
        seal = {"rule": "Versi uji.", "sha256": "0" * 64, "signed_by_id": signer.id, "signed_at": now()}
        report = Report(bazaar_id=bazaar.id, figures=figures | told, **seal)
        session.add(report)
    return report

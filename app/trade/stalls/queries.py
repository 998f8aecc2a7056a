"""Questions about stalls: who sells where, what lies there, what was sold, what is settled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from app.core.db import db
from app.core.errors import NotFound
from app.goods.shops.models import Shop
from app.kit.rupiah import ZERO, Rupiah
from app.people.places.models import Region
from app.people.places.queries import inside, settings_of
from app.trade.bazaars import queries as bazaars
from app.trade.bazaars.models import Application, Bazaar, Stall
from app.trade.orders.models import Order, OrderGroup
from app.trade.sales import ledger
from app.trade.stalls.goods import Good as Good
from app.trade.stalls.goods import goods_of as goods_of
from app.trade.stalls.models import (
    Addendum,
    EventStock,
    HelperPass,
    Report,
    Settlement,
    StallLine,
    StallSale,
    StallSheet,
)  # fmt: skip

PLACED = ("confirmed", "checked_in", "settled")


def get_place(place_id: int) -> Application:
    """Return an application that has its place, with bazaar, days and shop.

    Raises:
        NotFound: none has this id, or it has no place.
    """
    found = db.session.scalar(placed().where(Application.id == place_id))
    if found is None:
        raise NotFound(place_id)
    return found


def list_places(bazaar_id: int) -> list[Application]:
    """Return everybody who has a place, by number."""
    return [each.application for each in list_standing(bazaar_id)]


def placed() -> Select[Application]:
    """Ask for applications that have their place, with bazaar, days and shop."""
    query = select(Application).where(Application.state.in_(PLACED))
    bazaar = joinedload(Application.bazaar).selectinload(Bazaar.days)
    return query.options(bazaar, joinedload(Application.shop))


@dataclass(frozen=True)
class Standing:
    """Who has a place, under which number, from which kecamatan, and what was handed in."""

    application: Application
    number: int | None
    kecamatan: str
    settlement: Settlement | None


def list_standing(bazaar_id: int) -> list[Standing]:
    """Return everybody who has a place, by number of the application."""
    holds = or_(Stall.main_application_id == Application.id, Stall.second_application_id == Application.id)
    number = select(func.max(Stall.number)).where(Stall.bazaar_id == bazaar_id, holds).scalar_subquery()
    query = select(Application, number, Region.name, Settlement).join(Application.shop)
    query = query.outerjoin(Region, Region.code == Shop.kecamatan_code)
    query = query.outerjoin(Settlement, Settlement.application_id == Application.id)
    query = query.options(joinedload(Application.bazaar), contains_eager(Application.shop))
    query = query.where(Application.bazaar_id == bazaar_id, Application.state.in_(PLACED))
    return [Standing(*row) for row in db.session.execute(query.order_by(Application.number))]


def lock_place(application_id: int) -> Application:
    """Queue behind whoever works on this stall; the bazaar cannot be reported meanwhile."""
    bazaar_id = select(Application.bazaar_id).where(Application.id == application_id).scalar_subquery()
    shared = select(Bazaar).where(Bazaar.id == bazaar_id).with_for_update(read=True)
    db.session.scalars(shared.execution_options(populate_existing=True)).one()
    query = select(Application).where(Application.id == application_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def zone_of(bazaar: Bazaar) -> str:
    """Return the zone of a bazaar's clocks."""
    return settings_of(bazaar.regency_code).zone


def list_goods(application: Application) -> list[Good]:
    """Return what a stall can sell, what it brought along first."""
    return goods_of([application.id])[application.id]


def pools_of(application_id: int) -> dict[int, EventStock]:
    """Return the goods of a stall by variant."""
    return {pool.variant_id: pool for pool in pools_at([application_id])[application_id]}


def pools_at(application_ids: Sequence[int]) -> dict[int, list[EventStock]]:
    """Return the goods of several stalls, by application."""
    query = select(EventStock).where(EventStock.application_id.in_(application_ids)).order_by(EventStock.variant_id)
    found: dict[int, list[EventStock]] = {number: [] for number in application_ids}
    for pool in db.session.scalars(query.execution_options(populate_existing=True)):
        found[pool.application_id].append(pool)
    return found


def names_of(variant_ids: Iterable[int]) -> dict[int, str]:
    """Return what variants are called now."""
    return {number: name for number, (name, _unit) in ledger.names_of(variant_ids).items()}


def find_sale(key: str) -> StallSale | None:
    """Return the sale that a key names, or None."""
    return db.session.scalar(select(StallSale).options(selectinload(StallSale.lines)).where(StallSale.key == key))


def find_sale_of(application_id: int, number: int) -> StallSale | None:
    """Return a sale of this stall by its number, or None."""
    query = select(StallSale).options(selectinload(StallSale.lines))
    return db.session.scalar(query.where(StallSale.id == number, StallSale.application_id == application_id))


def get_sale(basket_id: int) -> StallSale:
    """Return a sale with its lines.

    Raises:
        NotFound: none has this id.
    """
    query = select(StallSale).options(selectinload(StallSale.lines)).where(StallSale.id == basket_id)
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(basket_id)
    return found


def list_sales(application_id: int) -> list[StallSale]:
    """Return the sales of a stall, the newest first."""
    query = select(StallSale).options(selectinload(StallSale.lines)).where(StallSale.application_id == application_id)
    return list(db.session.scalars(query.order_by(StallSale.id.desc()).execution_options(populate_existing=True)))


def live_lines(
    application_id: int, way: str = "", day: date | None = None, variant_id: int = 0
) -> list[tuple[StallSale, StallLine]]:
    """Return the lines of a stall that count, with their sales, the oldest first."""
    query = select(StallSale, StallLine).join(StallLine, StallLine.sale_id == StallSale.id)
    query = query.where(StallSale.application_id == application_id, StallLine.reversal_id.is_(None))
    if way:
        query = query.where(StallSale.way == way)
    if day:
        query = query.where(StallSale.day == day)
    if variant_id:
        query = query.where(StallLine.variant_id == variant_id)
    rows = db.session.execute(query.order_by(StallLine.id).execution_options(populate_existing=True))
    return [(row[0], row[1]) for row in rows]


def till_sums(application_id: int) -> dict[str, Rupiah]:
    """Return what the till took and still stands, by way of paying, to be compared with the purse."""
    return sums_of(live_lines(application_id, "till"))


def sums_of(lines: Iterable[tuple[StallSale, StallLine]]) -> dict[str, Rupiah]:
    """Return what lines brought, by way of paying."""
    found = {"cash": ZERO, "other": ZERO}
    for sale, line in lines:
        found[sale.method] += line.price * line.qty
    return found


def find_sheet_by_key(key: str) -> StallSheet | None:
    """Return the sheet that a form key stored, or None."""
    return db.session.scalar(select(StallSheet).where(StallSheet.key == key))


def newest_sheets(application_id: int) -> dict[date, StallSheet]:
    """Return the sheet that counts, by day."""
    query = select(StallSheet).where(StallSheet.application_id == application_id).order_by(StallSheet.id)
    return {sheet.day: sheet for sheet in db.session.scalars(query)}


def enterers(application: Application) -> set[int]:
    """Return who entered anything of a stall, and whose stall it is."""
    return typists(application.id) | {application.shop.owner_id}


def typists(application_id: int) -> set[int]:
    """Return the accounts that entered anything of a stall; helpers have none and stand for nobody."""
    sales = select(StallSale.entered_by_id).where(StallSale.application_id == application_id)
    sheets = select(StallSheet.entered_by_id).where(StallSheet.application_id == application_id)
    settled = select(Settlement.submitted_by_id).where(Settlement.application_id == application_id)
    return {number for query in (sales, sheets, settled) for number in db.session.scalars(query)} - {0}


def find_settlement(application_id: int) -> Settlement | None:
    """Return what a stall reported, or None."""
    query = select(Settlement).where(Settlement.application_id == application_id)
    return db.session.scalar(query.execution_options(populate_existing=True))


def is_handed_in(application_id: int) -> bool:
    """Tell whether a stall's result waits for its signature or has it, so that nothing of it changes any more."""
    settlement = find_settlement(application_id)
    return settlement is not None and settlement.state in {"submitted", "signed"}


def settlements_at(application_ids: Sequence[int]) -> dict[int, Settlement]:
    """Return what several stalls reported, by application."""
    query = select(Settlement).where(Settlement.application_id.in_(application_ids))
    return {each.application_id: each for each in db.session.scalars(query)}


def list_passes(bazaar_id: int) -> list[HelperPass]:
    """Return the passes of a bazaar, the newest first."""
    query = select(HelperPass).where(HelperPass.bazaar_id == bazaar_id)
    return list(db.session.scalars(query.order_by(HelperPass.id.desc())))


def get_pass(pass_id: int) -> HelperPass:
    """Return a pass with its bazaar.

    Raises:
        NotFound: none has this id.
    """
    found = db.session.scalar(select(HelperPass).options(joinedload(HelperPass.bazaar)).where(HelperPass.id == pass_id))
    if found is None:
        raise NotFound(pass_id)
    return found


def lock_pass(pass_id: int) -> HelperPass:
    """Queue behind whoever ends this pass, and read it anew."""
    query = select(HelperPass).where(HelperPass.id == pass_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def find_pass(code_hash: str) -> HelperPass | None:
    """Return the pass that a code opens, or None."""
    query = select(HelperPass).options(joinedload(HelperPass.bazaar)).where(HelperPass.code_hash == code_hash)
    return db.session.scalar(query)


def is_alive(found: HelperPass) -> bool:
    """Tell whether a pass opens anything: not revoked, and its bazaar neither over nor called off."""
    return found.revoked_at is None and bazaars.state_of(found.bazaar) in {"published", "running"}


def stalls_of_pass(found: HelperPass) -> list[Application]:
    """Return the named stalls of a pass that have their place."""
    return [each for each in list_places(found.bazaar_id) if each.id in found.application_ids]


def get_report(bazaar_id: int) -> Report:
    """Return the report of a bazaar.

    Raises:
        NotFound: it was not signed yet.
    """
    found = find_report(bazaar_id)
    if found is None:
        raise NotFound(bazaar_id)
    return found


def get_signed(signed_id: int) -> Report:
    """Return a report with its bazaar.

    Raises:
        NotFound: none has this id.
    """
    found = db.session.scalar(select(Report).options(joinedload(Report.bazaar)).where(Report.id == signed_id))
    if found is None:
        raise NotFound(signed_id)
    return found


def find_report(bazaar_id: int) -> Report | None:
    """Return the report of a bazaar, or None."""
    return db.session.scalar(select(Report).options(joinedload(Report.bazaar)).where(Report.bazaar_id == bazaar_id))


def count_around(bazaar: Bazaar) -> tuple[int, int]:
    """Count the kecamatan of the kabupaten, and the buyers whose first goods ever changed hands through this bazaar.

    Nobody is named.
    """
    areas = select(func.count()).select_from(Region).where(Region.parent_code == bazaar.regency_code)
    row = db.session.execute(select(areas.scalar_subquery(), _first_buyers(bazaar.id).scalar_subquery())).one()
    return row[0], row[1]


def _first_buyers(bazaar_id: int) -> Select[int]:
    here = Order.bazaar_id == bazaar_id
    handed = select(OrderGroup.buyer_phone_hash, func.min(OrderGroup.created_at).label("first"))
    handed = handed.join(Order, Order.group_id == OrderGroup.id).where(Order.state == "handed_over")
    mine = handed.where(here).group_by(OrderGroup.buyer_phone_hash).subquery()
    other = aliased(OrderGroup)
    before = select(other.id).join(Order, Order.group_id == other.id).where(
        other.buyer_phone_hash == mine.c.buyer_phone_hash, Order.state == "handed_over",
        or_(Order.bazaar_id.is_(None), ~here), other.created_at < mine.c.first,
    )  # fmt: skip
    return select(func.count()).select_from(mine).where(~before.exists())


def list_reports(regency_code: str, since: datetime, until: datetime) -> list[Report]:
    """Return the signed reports of the bazaars of a region that ended in a time, in their order."""
    query = select(Report).options(joinedload(Report.bazaar)).join(Bazaar, Bazaar.id == Report.bazaar_id)
    query = query.where(inside(Bazaar.regency_code, [regency_code]), Bazaar.ends_at >= since, Bazaar.ends_at < until)
    return list(db.session.scalars(query.order_by(Bazaar.ends_at, Bazaar.id)))


def list_addenda(report_id: int) -> list[Addendum]:
    """Return what became known later, in order."""
    return list(db.session.scalars(select(Addendum).where(Addendum.report_id == report_id).order_by(Addendum.id)))


def list_lines_of(bazaar_id: int) -> Sequence[tuple[StallSale, StallLine]]:
    """Return every line of a bazaar, those taken back among them."""
    query = select(StallSale, StallLine).join(StallLine, StallLine.sale_id == StallSale.id)
    query = query.join(Application, Application.id == StallSale.application_id)
    query = query.where(Application.bazaar_id == bazaar_id).order_by(StallLine.id)
    return [(row[0], row[1]) for row in db.session.execute(query)]


def names_sold(bazaar_id: int) -> dict[int, str]:
    """Return what goods were called when a bazaar sold them, the last name of each variant."""
    query = select(StallLine.variant_id, StallLine.name).join(StallSale, StallSale.id == StallLine.sale_id)
    query = query.join(Application, Application.id == StallSale.application_id)
    return dict(db.session.execute(query.where(Application.bazaar_id == bazaar_id).order_by(StallLine.id)).all())


def list_told(bazaar_id: int) -> dict[int, tuple[str, str]]:
    """Return by application what stands in words beside the figures of a stall: its name, and the reason it gave."""
    query = select(Application.id, Shop.name, Settlement.reason).join(Application.shop)
    query = query.outerjoin(Settlement, Settlement.application_id == Application.id)
    rows = db.session.execute(query.where(Application.bazaar_id == bazaar_id))
    return {number: (name, reason or "") for number, name, reason in rows}


def get_bazaar(bazaar_id: int) -> Bazaar:
    """Return a bazaar with its days: the loader of the pages of its results.

    Raises:
        NotFound: none has this id.
    """
    query = select(Bazaar).options(joinedload(Bazaar.days)).where(Bazaar.id == bazaar_id)
    found = db.session.scalars(query).unique().one_or_none()
    if found is None:
        raise NotFound(bazaar_id)
    return found

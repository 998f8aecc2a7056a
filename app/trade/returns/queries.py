"""Questions about complaints: what stands at an order, what may still be complained about, what climbed to whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.policy import Actor
from app.goods.categories.models import Category
from app.goods.prints.rules import Known
from app.goods.products.models import Product, Revision
from app.goods.shops.models import Shop
from app.people.accounts.models import Account
from app.people.accounts.policies import areas_of, is_pendamping
from app.people.places.queries import inside, settings_of
from app.trade.orders import later, waits
from app.trade.orders import queries as orders
from app.trade.orders.models import Order, OrderLine
from app.trade.orders.queries import Sheet
from app.trade.returns import rules
from app.trade.returns.models import ReturnCase, ReturnLine


@dataclass(frozen=True)
class Told:
    """A complaint with its order and the lines it is about, each with its units."""

    case: ReturnCase
    sheet: Sheet
    lines: list[tuple[OrderLine, int]]
    phone: str | None = None

    @property
    def late(self) -> bool:
        """Whether whoever it waits for has let the time pass."""
        return rules.is_late(self.case.due_at, now())


def ends_at(order: Order) -> datetime | None:
    """Return until when a buyer may complain; None before the goods were handed over."""
    if order.state != "handed_over" or order.ended_at is None:
        return None
    return due_after(order.regency_code, "return.open_hours", order.ended_at)


def due_after(regency_code: str, setting: str, moment: datetime) -> datetime:
    """Return when a clock of a kabupaten that starts now ends; never in the night."""
    return orders.hours_of(regency_code).after(moment, int(settings_of(regency_code).get(setting)))


def list_of_order(order_id: int) -> list[ReturnCase]:
    """Return the complaints of an order, the newest first."""
    return list(
        db.session.scalars(select(ReturnCase).where(ReturnCase.order_id == order_id).order_by(ReturnCase.id.desc()))
    )


def find_standing(order_id: int) -> ReturnCase | None:
    """Return the complaint of an order that has not ended, or None."""
    query = select(ReturnCase).where(ReturnCase.order_id == order_id, ReturnCase.state.not_in(rules.ENDS))
    return db.session.scalar(query)


def get_case(return_id: int) -> ReturnCase:
    """Return a complaint.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(ReturnCase, return_id)
    if found is None:
        raise NotFound(return_id)
    return found


def units_of(case_id: int) -> dict[int, int]:
    """Return how many units of each line a complaint is about."""
    query = select(ReturnLine.line_id, ReturnLine.qty).where(ReturnLine.case_id == case_id)
    return dict(db.session.execute(query).all())


def units_left(lines: Sequence[OrderLine]) -> dict[int, int]:
    """Return how many units of each line nobody complained about yet: each unit is judged once."""
    query = select(ReturnLine.line_id, func.sum(ReturnLine.qty)).where(
        ReturnLine.line_id.in_(line.id for line in lines)
    )
    told = dict(db.session.execute(query.group_by(ReturnLine.line_id)).all())
    return {line.id: line.qty_handed - int(told.get(line.id, 0)) for line in lines}


def food_of(lines: Sequence[OrderLine]) -> set[int]:
    """Return the products among these lines that people eat or drink."""
    query = select(Product.id, Category.legality).join(Revision, Revision.product_id == Product.id)
    query = query.join(Category, Category.id == Revision.category_id)
    rows = db.session.execute(query.where(Product.id.in_(line.product_id for line in lines)))
    return {number for number, legality in rows if Known(legality).is_food}


def told(case: ReturnCase) -> Told:
    """Return a complaint with everything a page shows of it."""
    order = orders.get_order(case.order_id)
    return _told([case], orders.sheets([order]))[0]


def told_of(sheet: Sheet) -> list[Told]:
    """Return the complaints of an order that is loaded already, the newest first."""
    if sheet.state != "handed_over":
        return []
    return _told(list_of_order(sheet.order.id), [sheet])


def _told(cases: Sequence[ReturnCase], sheets: Sequence[Sheet]) -> list[Told]:
    if not cases:
        return []
    query = select(ReturnLine).where(ReturnLine.case_id.in_(case.id for case in cases)).order_by(ReturnLine.line_id)
    units: dict[int, dict[int, int]] = {}
    for each in db.session.scalars(query):
        units.setdefault(each.case_id, {})[each.line_id] = each.qty
    owners = select(Account.id, Account.phone).where(Account.id.in_({sheet.shop.owner_id for sheet in sheets}))
    phones = dict(db.session.execute(owners).all())
    by_order = {sheet.order.id: sheet for sheet in sheets}
    found = []
    for case in cases:
        sheet, mine = by_order[case.order_id], units.get(case.id, {})
        lines = [(line, mine[line.id]) for line in sheet.lines if line.id in mine]
        found.append(Told(case, sheet, lines, phones.get(sheet.shop.owner_id)))
    return found


def list_waiting(*, scope: Actor, after_id: int = 0, limit: int = 20) -> list[Told]:
    """Return the complaints that climbed to this pendamping or officer, the oldest first."""
    query = select(ReturnCase).join(Order, Order.id == ReturnCase.order_id).join(Shop, Shop.id == Order.seller_id)
    query = query.where(ReturnCase.id > after_id, on_list_of(scope)).order_by(ReturnCase.id).limit(limit)
    cases = list(db.session.scalars(query))
    found = list(db.session.scalars(select(Order).where(Order.id.in_({case.order_id for case in cases}))))
    return _told(cases, orders.sheets(found))


def waiting_in(scope: Actor) -> ColumnElement[int]:
    """Count the complaints that climbed to somebody, within another question."""
    query = select(func.count()).select_from(ReturnCase).join(Order, Order.id == ReturnCase.order_id)
    return query.join(Shop, Shop.id == Order.seller_id).where(on_list_of(scope)).scalar_subquery()


def count_unsafe(scope: Actor) -> ColumnElement[int]:
    """Count the complaints about unsafe food of a region that wait, within another question."""
    query = select(func.count()).select_from(ReturnCase).where(ReturnCase.kind == rules.UNSAFE)
    here = inside(ReturnCase.regency_code, [scope.region_code])
    return query.where(here, ReturnCase.state.in_(rules.WAITING)).scalar_subquery()


def on_list_of(scope: Actor) -> ColumnElement[bool]:
    """A pendamping answers for her desa; the office for unsafe food, for what is objected to, what she left, and shops
    that nobody helps.
    """
    moment = now()
    late = and_(ReturnCase.due_at <= moment, ReturnCase.state.in_(("opened", "answered")))
    climbed = or_(ReturnCase.state == "escalated", late)
    others = Shop.owner_id != scope.id
    if is_pendamping(scope):
        return and_(inside(Shop.desa_code, areas_of(scope)), climbed, others)
    unsafe = and_(ReturnCase.kind == rules.UNSAFE, ReturnCase.state.in_(rules.WAITING))
    patience = int(settings_of(scope.region_code).get("return.close_hours"))
    left = and_(late, ReturnCase.due_at <= orders.hours_of(scope.region_code).begun(moment, patience))
    alone = and_(late, ~inside(Shop.desa_code, waits.helped_areas(scope)))
    mine = or_(unsafe, ReturnCase.state == "escalated", left, alone)
    return and_(inside(ReturnCase.regency_code, [scope.region_code]), mine, others)


@later.waits
def list_open(order_ids: Sequence[int]) -> set[int]:
    """Return those of these orders whose complaint still waits for somebody."""
    query = select(ReturnCase.order_id).where(ReturnCase.order_id.in_(order_ids))
    return set(db.session.scalars(query.where(ReturnCase.state.in_(rules.WAITING))))


def list_old_photos(limit: int) -> list[ReturnCase]:
    """Return complaints whose photo nobody needs any more, long after the goods were handed over."""
    query = select(ReturnCase).join(Order, Order.id == ReturnCase.order_id).where(ReturnCase.photo.is_not(None))
    query = query.where(
        ReturnCase.state.not_in(rules.WAITING), Order.ended_at <= now() - timedelta(days=rules.PHOTO_DAYS)
    )
    return list(db.session.scalars(query.order_by(ReturnCase.id).limit(limit)))


def of_orders(order_ids: Iterable[int]) -> list[ReturnCase]:
    """Return every complaint about these orders, the earliest first."""
    query = select(ReturnCase).where(ReturnCase.order_id.in_(set(order_ids))).order_by(ReturnCase.id)
    return list(db.session.scalars(query))

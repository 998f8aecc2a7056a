"""The silence ladder as questions: what has climbed to the pendamping, what to the office, who may take no money ahead.

Nothing of it is stored: the lists follow from clocks and rows at the moment they are read, with or without a worker.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, and_, case, func, or_, select, true, type_coerce

from app.core.clock import now
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.policy import Actor
from app.goods.shops.models import Shop
from app.people.accounts.models import Account
from app.people.accounts.policies import areas_of, is_pendamping
from app.people.places.queries import inside
from app.trade.orders import queries, rules, rungs
from app.trade.orders.models import MoneyEntry, Order
from app.trade.orders.queries import Sheet
from app.trade.orders.rules import Hours
from app.trade.orders.rungs import Wait


class CashOnly(DomainError):
    """A seller owes money to a buyer for too long: she takes none ahead until it is back."""

    text = _l("Lapak ini sedang hanya menerima bayar tunai. Pilih bayar saat ambil.")


@dataclass(frozen=True)
class Call:
    """An order on somebody's list: why it is there, and the number of whoever runs the shop."""

    sheet: Sheet
    waits: list[Wait]
    phone: str | None


def list_calls(*, scope: Actor, after_id: int = 0, limit: int = 20) -> list[Call]:
    """Return the orders about which to call the seller, the oldest first: a pendamping's, or the office's."""
    query = select(Order).join(Shop, Shop.id == Order.seller_id)
    query = query.where(Order.id > after_id, _on_list_of(scope)).order_by(Order.id).limit(limit)
    sheets = queries.sheets(list(db.session.scalars(query)))
    owners = {sheet.shop.owner_id for sheet in sheets}
    numbers = dict(db.session.execute(select(Account.id, Account.phone).where(Account.id.in_(owners))).all())
    moment = now()
    return [Call(each, climbed_of(each, moment), numbers.get(each.shop.owner_id)) for each in sheets]


def climbed_of(sheet: Sheet, moment: datetime) -> list[Wait]:
    """Return why an order stands on the list of whoever helps."""
    hours = queries.hours_of(sheet.order.regency_code)
    return rungs.climbed(waits_of(sheet), hours, moment)


def waits_of(sheet: Sheet) -> list[Wait]:
    """Return what people must do about an order that is loaded already."""
    claims = [each.at for each in sheet.entries if each.state == "claimed"]
    oldest = min(claims, default=None)
    return rungs.waits(sheet.order, sheet.state, claimed_at=oldest, owes_since=_owes_since(sheet))


def _owes_since(sheet: Sheet) -> datetime | None:
    """Return since when money is owed; of an order that only time has ended, since its clock ran out."""
    if sheet.order.owes_since or sheet.state == sheet.order.state or sheet.money.paid.amount <= 0:
        return sheet.order.owes_since
    return rules.deadline(sheet.order)


def list_at_risk(shop_id: int) -> list[Order]:
    """Return a seller's tasks: each open order whose goods were sold elsewhere, once, the oldest first."""
    moment = now()
    query = select(Order).where(Order.seller_id == shop_id, Order.at_risk_at.is_not(None), *_going(moment))
    return list(db.session.scalars(query.order_by(Order.at_risk_at, Order.id)))


def cash_only(shop_ids: Iterable[int]) -> set[int]:
    """Return which of these shops may take no money ahead now, because they owe some for too long."""
    query = select(Order.seller_id, Order.regency_code).distinct().where(Order.seller_id.in_(set(shop_ids)))
    moment = now()
    found = db.session.execute(query.where(or_(Order.owes_since.is_not(None), queries.is_overdue(moment)))).all()
    shops = set()
    for regency in sorted({row.regency_code for row in found}):
        hours = queries.hours_of(regency)
        mine = [row.seller_id for row in found if row.regency_code == regency]
        late = _owes(hours.begun(moment, hours.refund_late))
        shops |= set(db.session.scalars(select(Order.seller_id).where(Order.seller_id.in_(mine), late)))
    return shops


def check_ahead(shop_ids: Iterable[int]) -> None:
    """Refuse money ahead to whoever may take none.

    Raises:
        CashOnly: one of these shops owes some for too long.
    """
    ahead = set(shop_ids)
    if ahead and cash_only(ahead):
        raise CashOnly


def _on_list_of(scope: Actor) -> ColumnElement[bool]:
    """A pendamping answers for her desa; the office for old debts, for silence, and for shops that nobody helps."""
    hours, moment = queries.hours_of(scope.region_code), now()
    asked = _climbed(hours, moment)
    if is_pendamping(scope):
        return and_(inside(Shop.desa_code, areas_of(scope)), or_(*asked.values()))
    alone = ~inside(Shop.desa_code, helped_areas(scope))
    mine = or_(asked[rungs.SILENT], _owes(hours.begun(moment, hours.refund_late)), and_(alone, or_(*asked.values())))
    return and_(inside(Order.regency_code, [scope.region_code]), mine)


def helped_areas(scope: Actor) -> Sequence[str]:
    """Return the areas in which a pendamping works."""
    query = select(Account.areas).where(Account.role == "pendamping", Account.state == "active")
    found = db.session.scalars(query.where(inside(Account.region_code, [scope.region_code])))
    return sorted({area for areas in found for area in areas})


def _climbed(hours: Hours, moment: datetime) -> dict[str, ColumnElement[bool]]:
    """Say for each reason when an order has climbed: the same as `rungs.climbed`, as the database reads it."""
    last = {why: hours.begun(moment, rungs.patience(why, hours)) for why in rungs.WHYS}
    claimed = select(MoneyEntry.order_id).where(MoneyEntry.state == "claimed", MoneyEntry.at <= last[rungs.CLAIM])
    return {
        rungs.SILENT: and_(Order.state == "placed", Order.created_at <= last[rungs.SILENT], *_going(moment)),
        rungs.AT_RISK: and_(Order.at_risk_at <= last[rungs.AT_RISK], *_going(moment)),
        rungs.LATE: and_(Order.state == "accepted", Order.promised_at <= last[rungs.LATE], *_going(moment)),
        rungs.CLAIM: Order.id.in_(claimed),
        rungs.REFUND: _owes(last[rungs.REFUND]),
        rungs.UNPAID: Order.unpaid_since <= last[rungs.UNPAID],
    }


def _going(moment: datetime) -> tuple[ColumnElement[bool], ...]:
    return Order.state.in_(rules.OPEN), ~func.coalesce(queries.is_overdue(moment), ~true())


def _owes(since: datetime) -> ColumnElement[bool]:
    """Money is owed since then: as it was written down, or because time ended a paid order and nobody wrote it yet."""
    amount = type_coerce(MoneyEntry.amount, BigInteger)
    came = func.sum(case((MoneyEntry.kind == "payment", amount), else_=-amount))
    paid = select(func.coalesce(came, 0)).where(MoneyEntry.order_id == Order.id, MoneyEntry.state == "confirmed")
    return or_(Order.owes_since <= since, and_(queries.is_overdue(since), paid.scalar_subquery() > 0))

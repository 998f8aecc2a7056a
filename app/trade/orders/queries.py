"""Questions about orders. What time has ended is answered as ended, whether or not the job has run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.policy import Actor
from app.core.together import Part, Rows, gather
from app.goods.shops.models import Shop
from app.goods.stock.models import StockMovement
from app.kit import codes
from app.kit.rupiah import Rupiah
from app.people.accounts.models import Account
from app.people.accounts.policies import is_pendamping, works_in
from app.people.places.queries import settings_of
from app.trade.orders import kin, later, links, rules
from app.trade.orders.models import MoneyEntry, Order, OrderEvent, OrderGroup, OrderLine
from app.trade.orders.rules import Entry, Hours, Money, Step

_CODES = select(Order.code).where(Order.group_id == bindparam("group")).order_by(Order.id)
GOING = ("accepted", "ready")


@dataclass(frozen=True)
class Sheet:
    """An order with everything a page shows of it; `state` and `deadline` are true now."""

    order: Order
    shop: Shop
    lines: list[OrderLine]
    entries: list[MoneyEntry]
    state: str
    money: Money
    deadline: datetime | None

    @property
    def place(self) -> str:
        """Where it is collected."""
        return self.order.pickup_place or self.shop.pickup_place

    @property
    def refunded(self) -> Rupiah:
        """What of its sum goes back, or went, for goods that came back or were not as they should be."""
        return Rupiah.total(line.price * line.qty_refunded for line in self.lines)

    @property
    def total(self) -> Rupiah:
        """What of its sum stays."""
        return self.order.total - self.refunded

    @property
    def asks_stock(self) -> bool:
        """Whether the seller has yet to say if what lay packed can be sold again."""
        late = self.order.state == "ready" and self.state == "not_collected"
        return any(line.qty_held if late else line.qty_left for line in self.lines)

    @property
    def waits_for_money(self) -> bool:
        """Whether it cannot be made ready yet, because the money that must come ahead is not right."""
        return self.order.method in rules.PREPAY and self.money.status != "settled"

    @property
    def is_open(self) -> bool:
        """Whether somebody may still act on it."""
        return self.state in rules.OPEN


def hours_of(regency_code: str) -> Hours:
    """Return the clocks of a kabupaten."""
    settings = settings_of(regency_code)
    return Hours.of(settings.get, settings.zone)


def get_order(order_id: int) -> Order:
    """Return an order.

    Raises:
        NotFound: no order has this id.
    """
    found = db.session.get(Order, order_id)
    if found is None:
        raise NotFound(order_id)
    return found


def get_own(code: str, scope: Actor) -> Order:
    """Return an order of the actor's own shop: the loader of the seller's pages.

    Raises:
        NotFound: no such order, or another seller's.
    """
    query = select(Order).join(Shop, Shop.id == Order.seller_id)
    found = db.session.scalar(query.where(Order.code == codes.normalise(code), Shop.owner_id == scope.id))
    if found is None:
        raise NotFound(code)
    return found


def get_by_code(code: str) -> Order:
    """Return an order by the code that people read aloud: the loader of the office's page.

    Raises:
        NotFound: no order has this code.
    """
    found = db.session.scalar(select(Order).where(Order.code == codes.normalise(code)[:16]))
    if found is None:
        raise NotFound(code)
    return found


def get_by_link(code: str, signature: str) -> Order:
    """Return the order of a buyer's signed link.

    Raises:
        NotFound: unknown code or wrong signature; both do the same work.
    """
    plain = codes.normalise(code)[:16]
    found = db.session.scalar(select(Order).where(Order.code == plain))
    if not links.is_signed(plain, signature) or found is None:
        raise NotFound
    return found


def get_by_data_token(code: str, token: str) -> Order:
    """Return the order whose buyer's data a key opens.

    Raises:
        NotFound: unknown code, a wrong key or one that is over; all do the same work.
    """
    plain = codes.normalise(code)[:16]
    found = db.session.scalar(select(Order).where(Order.code == plain))
    if not links.is_data_token(plain, token, int(now().timestamp())) or found is None:
        raise NotFound
    return found


def find_by_phone(code: str, phone: str) -> Order | None:
    """Return the order with this code that somebody with this number placed, or None."""
    query = select(Order).join(OrderGroup, OrderGroup.id == Order.group_id)
    return db.session.scalar(query.where(Order.code == codes.normalise(code)[:16], OrderGroup.buyer_phone == phone))


def list_unfinished(group_ids: Iterable[int]) -> list[Order]:
    """Return the orders of several submits on which somebody still has to act, or that owe somebody money."""
    orders = list(db.session.scalars(select(Order).where(Order.group_id.in_(set(group_ids))).order_by(Order.id)))
    waiting = later.still_waiting([order.id for order in orders])
    return [
        each.order
        for each in sheets(orders)
        if each.order.id in waiting or not rules.is_settled(each.state, each.money.status)
    ]


def groups_of_buyer(phone_hash: str) -> list[OrderGroup]:
    """Return the submits under a number whose words are still kept, newest first."""
    query = select(OrderGroup).where(OrderGroup.buyer_phone_hash == phone_hash, OrderGroup.buyer_phone.is_not(None))
    return list(db.session.scalars(query.order_by(OrderGroup.id.desc())))


def get_group(token: str) -> OrderGroup:
    """Return the group of a submit by the token in its address.

    Raises:
        NotFound: there is no such group.
    """
    found = db.session.scalar(select(OrderGroup).where(OrderGroup.token == token))
    if found is None:
        raise NotFound
    return found


def is_among_themselves(order: Order) -> bool:
    """Tell whether the buyer's number is the seller's own, of her house, or that of the pendamping of her desa."""
    query = (
        select(Account, Shop)
        .join(OrderGroup, OrderGroup.buyer_phone == Account.phone)
        .join(Shop, Shop.id == order.seller_id)
        .where(OrderGroup.id == order.group_id)
    )
    number = get_group_of(order).buyer_phone
    return any(
        account.id == shop.owner_id or (is_pendamping(account) and works_in(account, shop.desa_code))
        for account, shop in db.session.execute(query)
    ) or (number is not None and kin.is_of_the_house(order, number))


def get_group_of(order: Order) -> OrderGroup:
    """Return the submit that an order belongs to."""
    return db.session.get_one(OrderGroup, order.group_id)


def groups_by_id(group_ids: Iterable[int]) -> dict[int, OrderGroup]:
    """Return several submits, by id."""
    return {each.id: each for each in db.session.scalars(select(OrderGroup).where(OrderGroup.id.in_(set(group_ids))))}


def names_of_buyers(group_ids: Iterable[int]) -> dict[int, str]:
    """Return who ordered, by group; whose name was deleted is missing."""
    query = select(OrderGroup.id, OrderGroup.buyer_name).where(OrderGroup.id.in_(set(group_ids)))
    return {row.id: row.buyer_name for row in db.session.execute(query) if row.buyer_name}


def find_group(checkout_key: str) -> OrderGroup | None:
    """Return what an idempotency key has made already, or None."""
    return db.session.scalar(select(OrderGroup).where(OrderGroup.checkout_key == checkout_key))


def list_lines(order_id: int) -> list[OrderLine]:
    """Return the lines of an order, by variant."""
    query = select(OrderLine).where(OrderLine.order_id == order_id)
    return list(db.session.scalars(query.order_by(OrderLine.variant_id)))


def once_held(order_id: int) -> set[int]:
    """Return the variants of an order whose units were held for it at some time: what is counted as it was placed."""
    query = select(StockMovement.variant_id).where(StockMovement.source_type == "order")
    query = query.where(StockMovement.source_id == order_id, StockMovement.kind == "reserve")
    return set(db.session.scalars(query))


def list_entries(order_id: int) -> list[MoneyEntry]:
    """Return the money entries of an order, oldest first."""
    return list(db.session.scalars(select(MoneyEntry).where(MoneyEntry.order_id == order_id).order_by(MoneyEntry.id)))


def list_events(order_id: int) -> list[OrderEvent]:
    """Return what happened to an order, oldest first."""
    return list(db.session.scalars(select(OrderEvent).where(OrderEvent.order_id == order_id).order_by(OrderEvent.id)))


def list_of_group(group_id: int) -> list[Order]:
    """Return every seller's part of a submit."""
    return list(db.session.scalars(select(Order).where(Order.group_id == group_id).order_by(Order.id)))


def list_codes(group_id: int) -> list[str]:
    """Return the code of every seller's part of a submit, in the order of list_of_group."""
    return list(db.session.connection().scalars(_CODES, {"group": group_id}))


def is_overdue(moment: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Return the condition under which a clock of an open order has run out; clocks that do not run are NULL."""
    return or_(*(and_(Order.state == state, getattr(Order, clock) <= moment) for state, clock, _ in rules.LAPSES))


def list_unanswered(shop_id: int, limit: int = 20) -> list[Order]:
    """Return the orders that wait for this seller's answer, the one that ends first on top."""
    query = select(Order).where(*_unanswered(shop_id)).order_by(Order.accept_by, Order.id)
    return list(db.session.scalars(query.limit(limit)))


def waiting_in(shop_id: int) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Count a shop's orders that wait for its answer and those under way, within another question."""
    placed = select(func.count()).select_from(Order).where(*_unanswered(shop_id))
    going = select(func.count()).select_from(Order).where(Order.seller_id == shop_id, Order.state.in_(GOING))
    return placed.scalar_subquery(), going.where(~func.coalesce(is_overdue(now()), False)).scalar_subquery()


def unanswered_of(owner_id: int) -> ColumnElement[int]:
    """Count the orders that wait for whoever runs a shop, within another question."""
    query = select(func.count()).select_from(Shop).join(Order, and_(*_unanswered(Shop.id)))
    return query.where(Shop.owner_id == owner_id, Shop.state != "ended").scalar_subquery()


def _unanswered(shop_id: int | InstrumentedAttribute[int]) -> tuple[ColumnElement[bool], ...]:
    return Order.seller_id == shop_id, Order.state == "placed", Order.accept_by > now()


def list_going(shop_id: int, *, after_id: int = 0, limit: int = 20) -> list[Order]:
    """Return the open orders of a shop, oldest first."""
    query = select(Order).where(Order.id > after_id, Order.seller_id == shop_id, Order.state.in_(rules.OPEN))
    return list(db.session.scalars(query.order_by(Order.id).limit(limit)))


def list_overdue(moment: datetime, limit: int) -> list[int]:
    """Return the ids of orders that time has ended and nobody has written down yet."""
    return list(db.session.scalars(select(Order.id).where(is_overdue(moment)).order_by(Order.id).limit(limit)))


def list_holders(variant_id: int) -> list[int]:
    """Return the ids of open orders that hold units of a variant."""
    query = select(OrderLine.order_id).where(OrderLine.variant_id == variant_id, OrderLine.qty_held > 0)
    return list(db.session.scalars(query))


def list_meeting_at(bazaar_id: int, shop_id: int | None = None) -> list[int]:
    """Return the orders that are to be collected at a bazaar and have not ended, of one shop or of all."""
    query = select(Order.id).where(Order.bazaar_id == bazaar_id, Order.meet_until.is_not(None))
    query = query.where(Order.state.in_(rules.OPEN))
    return list(db.session.scalars(query.where(Order.seller_id == shop_id) if shop_id else query))


def list_at_stall(bazaar_id: int, shop_id: int) -> list[Order]:
    """Return a shop's orders for a bazaar, day by day, in the order they came."""
    query = select(Order).where(Order.bazaar_id == bazaar_id, Order.seller_id == shop_id, Order.meet_until.is_not(None))
    return list(db.session.scalars(query.order_by(Order.meet_from, Order.id)))


def lock_all(order_ids: Iterable[int], *, wait: bool) -> list[Order]:
    """Lock several orders, lowest id first; those that somebody holds are waited for, or left out."""
    query = select(Order).where(Order.id.in_(set(order_ids))).order_by(Order.id)
    query = query.with_for_update(skip_locked=not wait).execution_options(populate_existing=True)
    return list(db.session.scalars(query))


def money_of(order: Order, lines: Sequence[OrderLine], *, state: str | None = None) -> Money:
    """Return where the money of an order stands."""
    return money_from(order, lines, list_entries(order.id), state or order.state)


def money_from(order: Order, lines: Sequence[OrderLine], entries: Sequence[MoneyEntry], state: str) -> Money:
    """Work out the money of an order from rows that are loaded already."""
    units = ((line.price, line.qty_agreed, line.qty_refunded) for line in lines)
    unique = order.unique_amount if order.method == "transfer_seller" else Rupiah(0)
    owed = rules.due(state, units, order.delivery, unique)
    return rules.money(state, owed, [Entry(each.kind, each.state, each.amount) for each in entries])


def lapse(order: Order, moment: datetime) -> Step | None:
    """Return the transition that time has made and nobody has written down yet."""
    step = rules.lapse(order, moment)
    if step is None or step.act != "lapse_unpaid":
        return step
    entries = [Entry(each.kind, each.state, each.amount) for each in list_entries(order.id)]
    return rules.lapse(order, moment, paid=rules.paid(entries))


def effective(order: Order, moment: datetime) -> str:
    """Return the state that holds now."""
    step = lapse(order, moment)
    return step.after if step else order.state


def sheet(order: Order) -> Sheet:
    """Return an order with everything a page shows of it."""
    return sheets([order])[0]


def sheets(orders: Sequence[Order], *, shop: Shop | None = None) -> list[Sheet]:
    """Return several orders with everything a page shows of them, in one question; `shop` was read already."""
    if not orders:
        return []
    parts: list[Part] = [(OrderLine, OrderLine.order_id == Order.id), (MoneyEntry, MoneyEntry.order_id == Order.id)]
    if shop is None:
        parts.append((Shop, Shop.id == Order.seller_id))
    rows, moment = gather(Order, [order.id for order in orders], *parts), now()
    return [_sheet(each, shop, rows[each.id], moment) for each in orders]


def _sheet(order: Order, shop: Shop | None, rows: Rows, moment: datetime) -> Sheet:
    lines, entries = rows[OrderLine], rows[MoneyEntry]
    came = rules.paid(Entry(each.kind, each.state, each.amount) for each in entries)
    state = rules.effective(order, moment, paid=came)
    money = money_from(order, lines, entries, state)
    ends = rules.deadline(order) if state == order.state else None
    return Sheet(order, shop or rows[Shop][0], lines, entries, state, money, ends)

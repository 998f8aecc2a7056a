"""What happens at a stall on the day: she comes, brings goods along, sells, takes a sale back.

Locks in this order: bazaar (shared) and application, orders, stock, the sales book. A sale that happened is always
written down; what nobody had noted as taken along comes out of the stock at home, and online orders give way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from app.core import audit
from app.core.clock import today
from app.core.db import db
from app.core.policy import Actor, Nobody
from app.goods.stock import operations as stock
from app.goods.stock import queries as stock_queries
from app.goods.stock.rules import Cause
from app.kit.rupiah import Rupiah
from app.trade.bazaars import queries as bazaars
from app.trade.bazaars import steps
from app.trade.bazaars.models import Application
from app.trade.sales import operations as book
from app.trade.sales.models import SaleRecord
from app.trade.sales.rules import Sale
from app.trade.stalls import comers, queries, rules
from app.trade.stalls.giving_way import hold_still, sell_at_home
from app.trade.stalls.models import EventStock, HelperPass, StallLine, StallSale
from app.trade.stalls.refusals import (
    KeyReused,
    NotEnoughAtHome,
    NotHere,
    NotHers,
    NothingSold,
    NotOpen,
    Settled,
    TooFew,
)  # fmt: skip
from app.trade.stalls.rules import Basket, Line

BAZAAR = "bazaar"


@dataclass(frozen=True)
class Hand:
    """Who types: an account, or a helper with a pass."""

    actor: Actor
    helper: HelperPass | None = None

    @property
    def pass_id(self) -> int | None:
        """The pass in use."""
        return self.helper.id if self.helper else None

    def behalf(self, application: Application) -> int | None:
        """Whose work this is, unless she does it herself."""
        owner = application.shop.owner_id
        return None if self.actor.id == owner else owner


def helper(found: HelperPass) -> Hand:
    """Return the hand of a helper: nobody's account, and a pass that says whose."""
    return Hand(cast("Actor", Nobody()), found)


def open_place(application_id: int, *states: str) -> Application:
    """Lock a stall, held to the states of its bazaar in which something may be done.

    Raises:
        NotOpen: the bazaar is in another one.
        NotHere: she has no place.
    """
    application = queries.lock_place(application_id)
    if bazaars.state_of(application.bazaar) not in states:
        raise NotOpen(application)
    if application.state not in queries.PLACED:
        raise NotHere(application)
    return application


def check_in(application: Application, *, by: Hand) -> None:
    """Note that a seller has come; a second time changes nothing.

    Raises:
        NotOpen: not the day.
        NotHere: she has no place.
    """
    _arrive(open_place(application.id, *rules.SELLING), by)


def _arrive(application: Application, by: Hand) -> None:
    if application.state == "confirmed":
        note = f"pembantu {by.pass_id}" if by.helper else ""
        steps.move(application, "checked_in", by=None if by.helper else by.actor, reason=note)


def not_here(application: Application, *, by: Hand) -> None:
    """Take back that a seller has come, as long as nothing was written down at her stall.

    Raises:
        AlreadyMoved: something was sold or counted there, or she was not noted.
    """
    application = open_place(application.id, *rules.SELLING)
    if application.state != "checked_in" or application.id in comers.list_started(application.bazaar_id):
        raise steps.AlreadyMoved(application)
    steps.move(application, "confirmed", by=by.actor)


def carry(application: Application, units: Mapping[int, int], *, by: Hand) -> None:
    """Set how many units of each variant come along: they leave the online shelf, or go back to it.

    Raises:
        NotEnoughAtHome: buyers were promised the rest.
        TooFew: more would go back than lies there.
    """
    application = open_place(application.id, *rules.PACKING)
    unsettled(application)
    _hers(application, units)
    for variant_id in sorted(units):
        pool = pool_of(application, variant_id)
        more = units[variant_id] - (pool.taken - pool.beyond)
        if more < 0 and pool.left < -more:
            raise TooFew(pool)
        _shift(application, variant_id, more, by)
        pool.taken += more
    db.session.flush()
    audit.record(by.actor, "stall.carried", application)


def _shift(application: Application, variant_id: int, more: int, by: Hand) -> None:
    """Move counted goods between home and stall; others are not counted at home."""
    if not more or not stock_queries.available([variant_id]):
        return
    cause = Cause(BAZAAR, application.bazaar_id, by.actor.id, by.behalf(application))
    try:
        stock.move(variant_id, "to_event" if more > 0 else "from_event", abs(more), cause)
    except stock.Promised:
        name = queries.names_of([variant_id]).get(variant_id, "")
        raise NotEnoughAtHome(application, name=name, left=stock.free(variant_id)) from None


def bring_back(application: Application, returned: Mapping[int, int], damaged: Mapping[int, int], *, by: Hand) -> None:
    """Set how many units came home whole and how many did not; whole ones are on the online shelf again.

    Raises:
        TooFew: together more than lies there.
    """
    for variant_id, pool in queries.pools_of(application.id).items():
        back, broken = returned.get(variant_id, pool.returned), damaged.get(variant_id, pool.damaged)
        if min(back, broken) < 0 or pool.sold + back + broken > pool.taken:
            raise TooFew(pool)
        _shift(application, variant_id, pool.returned - back, by)
        pool.returned, pool.damaged = back, broken
    db.session.flush()


def sell(application: Application, basket: Basket, *, by: Hand) -> StallSale:
    """Write a basket down, at the prices that were shown; the same key again finds it.

    Raises:
        NotOpen: not the day.
        Settled: the result was handed in.
        KeyReused: the key stands for another basket.
    """
    application = open_place(application.id, *rules.SELLING)
    known = queries.find_sale(basket.key)
    if known is not None:
        if not _is_same(known, application, basket):
            raise KeyReused(known)
        return known
    unsettled(application)
    if not basket.lines:
        raise NothingSold(application)
    _hers(application, [line.variant_id for line in basket.lines])
    _arrive(application, by)
    days = [each.day for each in application.bazaar.days]
    day = rules.day_of(today(queries.zone_of(application.bazaar)), days)
    return write(application, StallSale(key=basket.key, day=day, way="till", method=basket.method), basket.lines, by)


def _is_same(known: StallSale, application: Application, basket: Basket) -> bool:
    held = {(line.variant_id, line.qty, line.price) for line in known.lines}
    told = {(line.variant_id, line.qty, line.price) for line in basket.lines}
    return known.application_id == application.id and known.method == basket.method and held == told


def unsettled(application: Application) -> None:
    """Hold a stall to not having handed its result in.

    Raises:
        Settled: it has.
    """
    if queries.is_handed_in(application.id):
        raise Settled(application)


def _hers(application: Application, variant_ids: Iterable[int]) -> None:
    if set(variant_ids) - {good.variant_id for good in queries.list_goods(application)}:
        raise NotHers(application)


def write(application: Application, sale: StallSale, lines: Iterable[Line], by: Hand) -> StallSale:
    """Write a sale with its lines, here and in the book, and take the goods off the stall."""
    ordered = sorted(lines, key=lambda line: line.variant_id)
    pools = queries.pools_of(application.id)
    short = [each.variant_id for each in ordered if _left(pools, each.variant_id) < each.qty]
    if short:
        hold_still(short)
    for line in ordered:
        _leave(application, line.variant_id, line.qty, by)
    sale.application_id, sale.total = application.id, Rupiah.total(line.price * line.qty for line in ordered)
    sale.entered_by_id, sale.pass_id, sale.on_behalf_of_id = by.actor.id, by.pass_id, by.behalf(application)
    db.session.add(sale)
    db.session.flush()
    written = book.record(
        [_sale(application, sale, line) for line in ordered], by_id=by.actor.id, on_behalf_of_id=sale.on_behalf_of_id
    )
    for line, record in zip(ordered, written, strict=True):
        facts = {"variant_id": line.variant_id, "name": line.name, "price": line.price, "qty": line.qty}
        db.session.add(StallLine(sale_id=sale.id, record_id=record.id, **facts))
    db.session.flush()
    db.session.expire(sale, ["lines"])
    return sale


def _left(pools: Mapping[int, EventStock], variant_id: int) -> int:
    return pools[variant_id].left if variant_id in pools else 0


def _sale(application: Application, sale: StallSale, line: Line) -> Sale:
    return Sale(
        key=f"stall:{sale.id}:{line.variant_id}",
        shop_id=application.shop_id,
        regency_code=application.shop.regency_code,
        qty=line.qty,
        amount=line.price * line.qty,
        sold_on=sale.day,
        channel="bazaar",
        grade="D",
        reason="kasir bazar" if sale.way == "till" else "lembar hitung bazar",
        source=(BAZAAR, application.bazaar_id),
        variant_id=line.variant_id,
    )


def _leave(application: Application, variant_id: int, qty: int, by: Hand) -> None:
    """Take sold units off the stall; those that nobody had noted come out of the stock at home."""
    pool = pool_of(application, variant_id)
    beyond = max(0, qty - pool.left)
    if beyond and stock_queries.available([variant_id]):
        sell_at_home(variant_id, beyond, Cause(BAZAAR, application.bazaar_id, by.actor.id, by.behalf(application)))
    pool.taken, pool.beyond, pool.sold = pool.taken + beyond, pool.beyond + beyond, pool.sold + qty
    db.session.flush()


def pool_of(application: Application, variant_id: int) -> EventStock:
    """Return the goods of one variant on a stall, beginning with none; the application is locked."""
    pools = queries.pools_of(application.id)
    if variant_id not in pools:
        facts = {"bazaar_id": application.bazaar_id, "application_id": application.id, "variant_id": variant_id}
        pools[variant_id] = EventStock(**facts, taken=0, sold=0, returned=0, damaged=0, beyond=0)
        db.session.add(pools[variant_id])
        db.session.flush()
    return pools[variant_id]


def take_back(sale: StallSale, *, by: Hand) -> None:
    """Take a whole sale back: negative lines in the book, the goods on the stall again. A second time changes nothing.

    Raises:
        NotOpen: the bazaar is reported.
        Settled: the result was handed in.
    """
    application = open_place(sale.application_id, *rules.SELLING)
    unsettled(application)
    for line in queries.get_sale(sale.id).lines:
        if line.reversal_id is None:
            reverse_line(application, line, by)
    audit.record(by.actor, "stall.sale_taken_back", sale)


def reverse_line(application: Application, line: StallLine, by: Hand) -> None:
    """Take one line back, here, on the stall and in the book."""
    pool = pool_of(application, line.variant_id)
    pool.sold -= line.qty
    record = db.session.get_one(SaleRecord, line.record_id)
    behalf = by.behalf(application)
    back = book.reverse(record, line.qty, by=by.actor, key=f"stall-back:{line.id}", on_behalf_of_id=behalf)
    line.reversal_id = back.id
    db.session.flush()

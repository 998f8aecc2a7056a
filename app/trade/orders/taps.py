"""A tap that came too late: saying once more what is done already is no trouble, saying something else is.

Then the page names what stands and what was said this time, so that nobody believes it was taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from app.core.errors import DomainError
from app.core.i18n import _, _l, tanggal
from app.goods.stock import queries as stock
from app.kit.periods import zone_named
from app.trade.orders import labels, queries, rules
from app.trade.orders.models import Order, OrderEvent
from app.trade.sales import queries as sales

# What stands and what was said, in words; None when both are the same.
Differs = Callable[[Order, OrderEvent], tuple[str, str] | None]


class SaidOtherwise(DomainError):
    """From this very page something else was said before."""

    text = _l("Yang sudah tercatat lebih dulu: %(stands)s. Yang dikirim kali ini tidak tercatat: %(said)s.")


@dataclass(frozen=True, slots=True)
class Aim:
    """Where an act leads, whose act it is, and how what it says differs from what was said when it was done."""

    state: str
    who: str = "seller"
    differs: Differs = lambda _order, _done: None


def trouble(order: Order, aim: Aim, refusal: DomainError) -> str:
    """Return why an act was refused; empty when just that was done already."""
    if getattr(refusal, "state", None) != aim.state:
        return str(refusal)
    done = queries.list_events(order.id)[-1]
    if (done.to_state, done.actor_kind) != (aim.state, aim.who):
        return str(refusal)
    found = aim.differs(order, done)
    return not_taken(*found) if found else ""


def not_taken(stands: str, said: str) -> str:
    """Say that something else was said before, and what of this time was not kept."""
    return str(SaidOtherwise(stands=stands, said=said))


def offer(agreed: Mapping[int, int], day: date | None) -> Differs:
    """Compare an offer with the one that stands, thing by thing and in its day."""

    def differs(order: Order, done: OrderEvent) -> tuple[str, str] | None:
        lines = queries.list_lines(order.id)
        stands = {line.id: line.qty_agreed for line in lines}
        said = {line.id: agreed.get(line.id, line.qty_ordered) for line in lines}
        zone = zone_named(queries.hours_of(order.regency_code).zone)
        moved = zone.day(order.promised_at) if done.reason == rules.OTHER_DAY and order.promised_at else None
        if (stands, moved) == (said, day):
            return None

        def words(units: Mapping[int, int], on: date | None) -> str:
            things = [f"{units[line.id]} × {line.name}" for line in lines]
            when = [_("siap %(day)s", day=tanggal(on)) if on else _("harinya tetap")] if day or moved else []
            return ", ".join([*things, *when])

        return words(stands, moved), words(said, day)

    return differs


def no(reason: str, counted: Mapping[int, int]) -> Differs:
    """Compare a no with the one that stands: its reason, and how many (variant → units) she says are left."""

    def differs(order: Order, done: OrderEvent) -> tuple[str, str] | None:
        lines = {line.variant_id: line.name for line in queries.list_lines(order.id) if line.variant_id in counted}
        there = {each: stock.get_stock(each).on_hand for each in lines}
        left = {each: counted[each] for each in lines if counted[each] != there[each]}
        if done.reason == reason and not left:
            return None

        def words(why: str, units: Mapping[int, int]) -> str:
            return ", ".join([labels.reason(why), *(f"{units[each]} × {lines[each]}" for each in left)])

        return words(done.reason, there), words(reason, left)

    return differs


def reason(said: str) -> Differs:
    """Compare a reason with the one that stands."""
    return lambda _order, done: None if done.reason == said else (labels.reason(done.reason), labels.reason(said))


def goods(*, back: bool, why: str = "") -> Differs:
    """Compare where the goods go that lay packed, and the reason if there is one, with what stands."""

    def differs(order: Order, done: OrderEvent) -> tuple[str, str] | None:
        lay, wasted = _lay(order, done)
        stands = back if not lay else not wasted
        if (done.reason, stands) == (why, back):
            return None
        told = [(done.reason, stands), (why, back)]
        first, second = (", ".join(filter(None, [labels.reason(each), labels.went(back=kept)])) for each, kept in told)
        return first, second

    return differs


def left_goods(order: Order, *, back: bool) -> str:
    """Say that what lay packed was answered otherwise before; empty when just so, or when nothing was asked."""
    done = queries.list_events(order.id)[-1]
    lay, wasted = _lay(order, done)
    other = done.to_state in rules.TURNED_DOWN and lay and wasted == back
    return not_taken(labels.went(back=not wasted), labels.went(back=back)) if other else ""


def _lay(order: Order, done: OrderEvent) -> tuple[bool, bool]:
    """Tell whether goods lay packed when an order ended, and whether they were written off."""
    before = [each.at for each in queries.list_events(order.id) if each.id < done.id]
    moves = stock.list_of_source("order", order.id)
    since = before[-1] if before else order.created_at
    lay = any(each.kind == "release" and each.actor_id == done.actor_id and each.at >= since for each in moves)
    return lay, any(each.kind == "waste" for each in moves)


def code(typed: str) -> Differs:
    """Compare a hand-over by the buyer's code with the one that stands: one without it is worth less.

    Of somebody who orders from her own number no code makes more, so that nothing tells there whether one was typed.
    """

    def differs(order: Order, _done: OrderEvent) -> tuple[str, str] | None:
        grades = sales.grades_of(each.id for each in sales.list_of_source("order", order.id)).values()
        if not typed or set(grades) <= {"A"} or queries.is_among_themselves(order):
            return None
        return _("diserahkan tanpa kode pembeli"), _("kode %(code)s", code=typed)

    return differs

"""The ground: numbered stalls, and who stands where."""

from __future__ import annotations

from app.core import audit
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.policy import Actor
from app.goods.shops.models import Shop
from app.trade.bazaars import applying, queries, rules, steps, words
from app.trade.bazaars.applying import Wish
from app.trade.bazaars.models import Application, Bazaar, Stall

LAST = 10_000


class StallTaken(DomainError):
    """Two sellers stand there already, or she stands elsewhere."""

    text = _l("Lapak itu sudah terisi.")


class NoRoom(DomainError):
    """A pool that she counts in is full; `pools` are its keys."""

    def __init__(self, bazaar: Bazaar, pools: list[str]) -> None:
        super().__init__(bazaar)
        self.text = _l("Belum ada tempat. Yang penuh: %(pools)s.", pools=", ".join(words.pool_names(pools).values()))


def open_up(bazaar: Bazaar) -> None:
    """Draw the numbered stalls of a bazaar that is announced."""
    taken = {stall.number for stall in queries.list_stalls(bazaar.id)}
    wanted = (number for number in range(1, bazaar.stall_count + 1) if number not in taken)
    db.session.add_all([Stall(bazaar_id=bazaar.id, number=number) for number in wanted])
    db.session.flush()


def place(application: Application, number: int, *, by: Actor) -> None:
    """Give a confirmed seller her stall, alone or beside the one who stands there; number 0 takes her off the plan.

    Raises:
        StallTaken: two stand there already.
        AlreadyMoved: she has not said yes.
    """
    bazaar = steps.begin(application.bazaar_id, "published", "running")
    db.session.refresh(application)
    if application.state not in {"confirmed", "checked_in"}:
        raise steps.AlreadyMoved(application)
    left = queries.find_stall_of(application.id)
    steps.leave_stall(application)
    if not number:
        if left is not None:
            audit.record(by, "bazaar.stall.cleared", application, number=left.number)
        return
    _stand(application, queries.find_stall(bazaar.id, number))
    audit.record(by, "bazaar.stall.placed", application, number=number)


def walk_in(bazaar: Bazaar, shop: Shop, key: str, *, by: Actor) -> Application:
    """Give a seller who has just come a free stall, if each of her pools has room; the same key again finds it.

    Raises:
        NotNow: the day has not begun, or is over.
        AlreadyIn: she has a place, or had one and is still in it.
        ShopResting: her shop is not open, or lies elsewhere.
        NoRoom: a pool is full; `pools` are its keys.
        StallTaken: no stall is left.
    """
    bazaar = steps.begin(bazaar, "running")
    before = queries.find_by_application_key(key)
    if before is not None and (before.bazaar_id, before.shop_id) == (bazaar.id, shop.id):
        return before
    application = applying.draft(bazaar, shop, Wish(goods=""), key, by=by)
    application.state, application.late = "draft", False
    _fits(bazaar, application)
    number = _free(bazaar)
    db.session.add(application)
    db.session.flush()
    steps.move(application, "confirmed", by=by)
    _stand(application, queries.find_stall(bazaar.id, number))
    steps.move(application, "checked_in", by=by)
    audit.record(by, "bazaar.walked_in", application, number=number)
    return application


def _fits(bazaar: Bazaar, application: Application) -> None:
    pools = queries.pools_of(bazaar)
    taken = rules.counts(pools, queries.holders_of(bazaar.id))
    full = rules.full_for(application.pools, pools, taken, reserve=queries.keeps_reserve(bazaar))
    if full:
        raise NoRoom(bazaar, full)


def _free(bazaar: Bazaar) -> int:
    """Return the first stall where nobody stands, else the first that can be shared."""
    stalls = queries.list_stalls(bazaar.id)
    free = [each.number for each in stalls if each.main_application_id is None]
    free += [each.number for each in stalls if each.second_application_id is None]
    if not free:
        raise StallTaken(bazaar)
    return free[0]


def _stand(application: Application, stall: Stall | None) -> None:
    """Put an application on a stall, alone or as the second."""
    if stall is None or stall.second_application_id is not None:
        raise StallTaken(application)
    if stall.main_application_id is None:
        stall.main_application_id = application.id
    else:
        stall.second_application_id = application.id
    db.session.flush()


def absent(application: Application, *, by: Actor) -> None:
    """Note on the day that a seller has not come: her stall is free for somebody who has.

    Raises:
        AlreadyMoved: she has come, or has no place.
    """
    steps.begin(application.bazaar_id, "running")
    db.session.refresh(application)
    if application.state != "confirmed":
        raise steps.AlreadyMoved(application)
    steps.end(application, "no_show", by=by)
    audit.record(by, "bazaar.absent", application)


def fill_stalls(bazaar: Bazaar, *, by: Actor) -> int:
    """Give everybody confirmed and without a stall the next free one, by rank; returns how many were placed."""
    bazaar = steps.begin(bazaar, "published", "running")
    stalls = queries.list_stalls(bazaar.id)
    placed = {number for stall in stalls for number in (stall.main_application_id, stall.second_application_id)}
    waiting = [each for each in queries.list_states(bazaar.id, ("confirmed",)) if each.id not in placed]
    waiting.sort(key=lambda each: (each.rank or LAST, each.number))
    shared = [stall for stall in stalls if stall.second_application_id is None]
    free = [stall for stall in stalls if stall.main_application_id is None] + shared
    pairs = list(zip(waiting, free, strict=False))
    for application, stall in pairs:
        if stall.main_application_id is None:
            stall.main_application_id = application.id
        else:
            stall.second_application_id = application.id
    db.session.flush()
    audit.record(by, "bazaar.stalls.filled", bazaar)
    return len(pairs)

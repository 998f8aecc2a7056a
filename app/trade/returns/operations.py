"""What buyer, seller and whoever helps do with a complaint. Each act locks the order first, then makes one transition
of the table in `rules`; what becomes of goods, money and book follows from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.core import audit, outbox, scans
from app.core.clock import now
from app.core.db import db
from app.core.errors import DomainError, StaleVersion
from app.core.i18n import _l
from app.core.outbox import News
from app.core.personal import forget_files
from app.core.pictures import Master
from app.core.policy import Actor
from app.goods.products.models import Product
from app.goods.reports import operations as reports
from app.trade.orders import later
from app.trade.orders import queries as orders
from app.trade.orders.models import Order
from app.trade.orders.moving import NotNow
from app.trade.returns import queries, rules, settling
from app.trade.returns.models import ReturnCase, ReturnEvent, ReturnLine

AT_ONCE = 200


class TooLate(DomainError):
    """The time in which a buyer may complain is over."""

    text = _l("Waktu mengeluh untuk pesanan ini sudah habis. Hubungi penjual, atau adukan ke dinas.")


class NothingWrong(DomainError):
    """No unit was named, or more than were handed over."""

    status = 422
    text = _l("Isi berapa yang bermasalah, paling banyak sebanyak yang diterima.")


class WrongKind(DomainError):
    """Food is complained about for damage, mistake or danger alone."""

    status = 422
    text = _l("Untuk makanan, pilih rusak, salah barang, atau tidak aman.")


class OtherwiseNow(DomainError):
    """The complaint has moved on, and this act no longer fits."""

    text = _l("Keluhan ini sudah berubah. Lihat keadaannya yang sekarang.")


class Overtaken(StaleVersion):
    """Somebody else acted while this page was open."""

    text = _l("Keluhan ini baru saja berubah. Periksa lagi, lalu jawab.")


def open_case(
    order: Order, kind: str, words: str, wanted: Mapping[int, int], picture: Master | None = None
) -> ReturnCase:
    """Keep what a buyer says is wrong with goods she got; while one complaint stands, sending again gives that one.

    Food that may be unsafe goes off sale in the same breath, and stands first on the lists of its curators.

    Args:
        wanted: units of each line (line id).

    Raises:
        NotNow: nothing was handed over.
        TooLate: it was too long ago.
        NothingWrong: no unit, or more than were handed over.
        WrongKind: food for another reason than damage, mistake or danger.
        StorageFull: the disk took no photo.
    """
    db.session.refresh(order, with_for_update=True)
    if (standing := queries.find_standing(order.id)) is not None:
        return standing
    ends, moment = queries.ends_at(order), now()
    if ends is None:
        raise NotNow(order, orders.effective(order, moment))
    if moment >= ends:
        raise TooLate(order)
    lines = orders.list_lines(order.id)
    if not rules.fits(wanted, queries.units_left(lines)):
        raise NothingWrong(order)
    about = [line for line in lines if wanted.get(line.id)]
    if kind not in rules.kinds(food=bool(queries.food_of(about))):
        raise WrongKind(order)
    case = ReturnCase(
        order_id=order.id, regency_code=order.regency_code, kind=kind, words=words[: rules.MOST_WORDS], state="",
        photo=scans.keep(picture) if picture else None,
    )  # fmt: skip
    _make(case, order, "open", by_id=0)
    db.session.add_all(ReturnLine(case_id=case.id, line_id=line.id, qty=wanted[line.id]) for line in about)
    db.session.flush()
    _tell_seller(order, case, "opened")
    if kind == rules.UNSAFE:
        _warn(order, case, sorted({line.product_id for line in about}))
    return case


def _warn(order: Order, case: ReturnCase, product_ids: list[int]) -> None:
    """Take off sale what may be unsafe: it stands first on the curators' list of reports until one has looked."""
    for number in product_ids:
        reports.report_bought(db.session.get_one(Product, number), case.words, order_id=order.id)


def offer(case: ReturnCase, what: str, words: str, *, by: Actor, version: int) -> None:
    """Let the seller offer to replace or to give the money back.

    Raises:
        Overtaken: it is no longer the version that was shown.
        OtherwiseNow: it was answered before.
    """
    order = _take(case, version)
    case.offer, case.answer = what, words[: rules.MOST_WORDS]
    _make(case, order, "offer", by_id=by.id)


def turn_down(case: ReturnCase, words: str, *, by: Actor, version: int) -> None:
    """Let the seller say no, with her reason; the buyer may object for a while.

    Raises:
        Overtaken: it is no longer the version that was shown.
        OtherwiseNow: it was answered before.
    """
    order = _take(case, version)
    case.answer = words[: rules.MOST_WORDS]
    _make(case, order, "turn_down", by_id=by.id)


def settle(case: ReturnCase, goods: str, *, by: Actor, version: int) -> None:
    """Let the seller say that she did what she offered, and what became of the goods.

    Raises:
        Overtaken: it is no longer the version that was shown.
        OtherwiseNow: nothing was offered, or it is done.
    """
    order = _take(case, version, replaces=case.offer == "replace")
    what = case.offer
    _make(case, order, what or "refund", by_id=by.id)
    settling.settle(order, case, what, goods, by=by)


def escalate(case: ReturnCase, *, version: int) -> None:
    """Let the buyer ask the pendamping to look at a no.

    Raises:
        Overtaken: it is no longer the version that was shown.
        OtherwiseNow: there is no such no, or it is too late.
    """
    order = _take(case, version)
    _make(case, order, "escalate", by_id=0)
    _tell_seller(order, case, "escalated")


def close(case: ReturnCase, decision: str, goods: str, words: str, *, by: Actor, version: int) -> None:
    """Let a pendamping or curator end a complaint: replace, refund, or nothing; both read the sentence.

    Raises:
        Overtaken: it is no longer the version that was shown.
        OtherwiseNow: it waits for the seller or the buyer still.
    """
    order = _take(case, version, replaces=decision == "replace")
    case.decision, case.closing, case.closed_by_id = decision, words[: rules.MOST_WORDS], by.id
    _make(case, order, "close", by_id=by.id)
    if decision != "none":
        settling.settle(order, case, decision, goods, by=by)
    audit.record(by, "return.closed", case, outcome=decision)
    _tell_seller(order, case, "closed")


def note_look(case: ReturnCase, *, by: Actor) -> None:
    """Write down that somebody of the office looks at a buyer's photo."""
    audit.record(by, "return.photo_read", case)


def _take(case: ReturnCase, version: int, *, replaces: bool = False) -> Order:
    """Lock the order of a complaint, and with it the complaint; with it the orders that a replacement may touch."""
    order = orders.get_order(case.order_id)
    variants = [line.variant_id for line in orders.list_lines(order.id)] if replaces else []
    orders.lock_all({order.id, *(each for variant in variants for each in orders.list_holders(variant))}, wait=True)
    db.session.refresh(case)
    if case.version != version:
        raise Overtaken(case)
    return order


def _make(case: ReturnCase, order: Order, act: str, *, by_id: int) -> None:
    """Make a transition: one event, the one clock that runs then."""
    moment = now()
    step = rules.find_step(act, case.state, late=rules.is_late(case.due_at, moment))
    if step is None:
        raise OtherwiseNow(case)
    case.due_at = queries.due_after(order.regency_code, step.starts, moment) if step.starts else None
    case.state = step.after
    if not step.before:
        db.session.add(case)
    else:
        case.version += 1
    db.session.flush()
    event = ReturnEvent(
        case_id=case.id, from_state=step.before, to_state=step.after, actor_kind=step.who, actor_id=by_id, at=moment
    )
    db.session.add(event)
    db.session.flush()


def _tell_seller(order: Order, case: ReturnCase, what: str) -> None:
    whom = ("shop", order.seller_id)
    outbox.tell([News(f"return:{case.id}:{what}", f"return.{what}", whom, order.code)])


@later.forgets
def forget_words(order_ids: Sequence[int]) -> None:
    """Take the buyers' words and photos away; kind, units, days and what came of it stay."""
    _bare(queries.of_orders(order_ids))


def forget_everything(cases: list[ReturnCase]) -> None:
    """Take every word about these complaints away, the seller's and the helper's too."""
    for each in cases:
        each.answer = each.closing = ""
    _bare(cases)


def forget_old() -> int:
    """Delete the photos of complaints that ended long ago; returns how many."""
    old = queries.list_old_photos(AT_ONCE)
    _drop_photos(old)
    return len(old)


def _bare(cases: list[ReturnCase]) -> None:
    for each in cases:
        each.words = ""
    _drop_photos(cases)


def _drop_photos(cases: list[ReturnCase]) -> None:
    forget_files(private=[each.photo for each in cases if each.photo])
    for each in cases:
        each.photo = None
    db.session.flush()

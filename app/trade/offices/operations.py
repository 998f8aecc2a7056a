"""Placing an office's order, giving its papers their numbers, and noting what its treasurer paid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from app.core import audit
from app.core.clock import now, today
from app.core.db import advisory_lock, db
from app.core.errors import DomainError, StaleVersion
from app.core.i18n import _l
from app.core.policy import Actor
from app.kit import codes
from app.kit.rupiah import Rupiah
from app.people.places.queries import settings_of
from app.trade.offices import queries, rules
from app.trade.offices.models import OfficePaper, OfficeRequest
from app.trade.orders import operations as orders
from app.trade.orders import queries as order_queries
from app.trade.orders.meeting import Need
from app.trade.orders.models import Order
from app.trade.orders.queries import Sheet
from app.trade.orders.rules import Block, Checkout
from app.trade.payments import operations as payments

CODE_LENGTH = 13
NOTICE = "office.notice_hours"
_LOCK = 0x0FF1CE << 32


class TooSoon(DomainError):
    """Sellers need some time to answer and to cook."""

    status = 422
    text = _l("Waktunya terlalu dekat. Pesan paling lambat %(hours)s jam sebelumnya.")


class TooFar(DomainError):
    """Nobody can promise for so long."""

    status = 422
    text = _l("Tanggalnya terlalu jauh. Pesan paling lama %(days)s hari sebelumnya.")


@dataclass(frozen=True, slots=True)
class Asked:
    """Who orders: the office as its papers name it, and the person to reach (phone E.164)."""

    office: str
    unit: str
    purpose: str
    name: str
    phone: str
    note: str


def check_time(need: Need, regency_code: str) -> None:
    """Refuse a day that is over, too near to cook for, or too far to promise.

    Raises:
        TooSoon, TooFar: it is.
    """
    hours = settings_of(regency_code).get(NOTICE)
    if need.at < now() + timedelta(hours=hours):
        raise TooSoon(need.at, hours=hours)
    if need.at > now() + timedelta(days=rules.FARTHEST_DAYS):
        raise TooFar(need.at, days=rules.FARTHEST_DAYS)


def request(asked: Asked, parts: tuple[Block, ...], *, key: str, before: OfficeRequest | None = None) -> OfficeRequest:
    """Place an office's order, one for each seller, and number the first paper of each; the same key finds it again.

    Args:
        asked: who orders.
        parts: what the page showed and the office agreed to, each with the same `need`.
        key: of the form.
        before: what this office asked for earlier; heading and signers are taken over from it.

    Raises:
        LinesChanged, TooManyWaiting, CashOnly, KeyReused, NotOffered: as for every submit; nothing was stored.
    """
    submit = Checkout(key, asked.name, asked.phone, asked.note, parts)
    group = orders.place(submit, pays=payments.check)
    known = queries.find_of_group(group.id)
    if known is not None:
        return known
    made = OfficeRequest(group_id=group.id, office=asked.office, unit=asked.unit, purpose=asked.purpose)
    made.heading = "\n".join(filter(None, (asked.office, asked.unit)))
    if before:
        made.heading, made.receiver, made.treasurer = before.heading, before.receiver, before.treasurer
    db.session.add(made)
    db.session.flush()
    placed = order_queries.list_of_group(group.id)
    issue(placed)
    audit.record(None, "office.ordered", made, region=placed[0].regency_code)
    return made


def change_heading(
    asked: OfficeRequest, heading: str, purpose: str, receiver: str, treasurer: str, *, version: int
) -> None:
    """Put other words over the papers of a request; numbers, days and amounts stay.

    Raises:
        StaleVersion: somebody else changed it meanwhile.
    """
    db.session.refresh(asked, with_for_update=True)
    if asked.version != version:
        raise StaleVersion(asked)
    asked.heading, asked.purpose, asked.receiver, asked.treasurer = heading, purpose, receiver, treasurer
    asked.version += 1
    db.session.flush()


def note_paid(order: Order, *, by: Actor) -> None:
    """Note that the treasurer paid, which makes the receipt; a second time changes nothing."""
    rest = order_queries.money_of(order, order_queries.list_lines(order.id)).rest
    if rest.amount > 0:
        orders.receive_payment(order, rest, by=by, key=f"order:{order.id}:treasurer")
    issue([order])


def issue(placed: Iterable[Order]) -> list[OfficePaper]:
    """Number every paper that these orders have by now and that has no number yet; returns the new ones.

    Whoever numbers waits for others that number for the same shop, so that no number is given twice or left out.
    """
    found = sorted(placed, key=lambda each: (each.seller_id, each.id))
    for shop_id in dict.fromkeys(order.seller_id for order in found):
        advisory_lock(_LOCK + shop_id)
    known = queries.list_papers(order.id for order in found)
    made = []
    for sheet in order_queries.sheets(found):
        order, have = sheet.order, {paper.kind for paper in known.get(sheet.order.id, ())}
        for kind in rules.due(order.state, sheet.money.status):
            if kind not in have:
                made.append(_numbered(order, kind, _amount(kind, sheet)))
    return made


def _amount(kind: str, sheet: Sheet) -> Rupiah:
    """Return what a paper is about: what was asked for, what was handed over, or the money that came."""
    order = sheet.order
    if kind == rules.ORDER:
        asked = Rupiah.total(line.price * line.qty_ordered for line in sheet.lines)
        return asked + order.delivery + order.unique_amount
    return sheet.money.due if kind == rules.RECEIPT else order.total


def _numbered(order: Order, kind: str, amount: Rupiah) -> OfficePaper:
    day = today(settings_of(order.regency_code).zone)
    last = select(func.max(OfficePaper.number)).where(
        OfficePaper.shop_id == order.seller_id, OfficePaper.kind == kind, OfficePaper.year == day.year
    )
    paper = OfficePaper(
        order_id=order.id,
        shop_id=order.seller_id,
        kind=kind,
        year=day.year,
        number=(db.session.scalar(last) or 0) + 1,
        amount=amount,
        made_on=day,
        code=codes.new_code(CODE_LENGTH),
    )
    db.session.add(paper)
    db.session.flush()
    return paper

"""Orders that buyers collect at a stall: what to pack, and handing over on the spot."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import DomainError, NotFound, TooMany
from app.core.i18n import _, tanggal, waktu
from app.core.panels import fill
from app.core.policy import allow, current_actor
from app.trade.bazaars import queries as bazaars
from app.trade.bazaars.models import Application
from app.trade.orders import operations, pages
from app.trade.orders import queries as orders
from app.trade.orders.forms import HandOverForm
from app.trade.orders.models import Order
from app.trade.orders.pages import Card
from app.trade.orders.policies import sells
from app.trade.stalls import policies, queries, rules
from app.trade.stalls.door import bp


@dataclass(frozen=True)
class Waiting:
    """One order at a stall: how it looks, and the form with which it is handed over."""

    card: Card
    form: HandOverForm


@dataclass(frozen=True)
class Day:
    """A day at a stall: what to pack (name → units), what waits, and how many orders are done."""

    name: str
    pack: list[tuple[str, int]]
    waiting: list[Waiting]
    done: int


@bp.get("/jualan/bazar/lapak/<id:place_id>/pesanan")
@allow(policies.sells_here, queries.get_place)
def orders_here(application: Application) -> Response:
    """List what buyers collect at her stall, day by day."""
    return _page(application)


@bp.post("/jualan/bazar/pesanan/<code:code>/serah")
@allow(sells, orders.get_own)
def hand_over(order: Order) -> ResponseReturnValue:
    """Hand an order over at the stall; goods that lie there are ready, whether or not she has said so."""
    application = bazaars.find_live(order.bazaar_id or 0, order.seller_id)
    if application is None:
        raise NotFound(order)
    form, code = HandOverForm(), order.code
    if not form.filled():
        return _page(application, form, code, 422)
    try:
        with transaction():
            right = _give(order, form)
    except TooMany:
        form.note("kode", _("Kode salah terlalu sering. Kosongkan kode, atau coba lagi besok."))
        return _page(application, form, code, 429)
    except DomainError as refusal:
        if getattr(refusal, "state", None) == "handed_over":
            return redirect(url_for("stalls.orders_here", place_id=application.id), 303)
        form.note("kode", refusal)
        return _page(application, form, code, refusal.status)
    if not right:
        form.note("kode", _("Kode ini bukan kode pembeli. Minta pembeli membuka halaman pesanannya."))
        return _page(application, form, code, 422)
    flash(_("Pesanan %(code)s diserahkan. Uang diterima dan tercatat.", code=code), "success")
    return redirect(url_for("stalls.orders_here", place_id=application.id), 303)


def _give(order: Order, form: HandOverForm) -> bool:
    """Hand over what lies at the stall; False when the code is wrong, and then it is ready and nothing more."""
    actor, version = current_actor(), form.version()
    if order.state == "accepted":
        operations.mark_ready(order, by=actor, version=version)
        version = None
    return operations.hand_over(order, by=actor, code=form.kode.data or None, version=version)


def _page(application: Application, form: HandOverForm | None = None, code: str = "", status: int = 200) -> Response:
    page = render_template(
        "trade/stalls/orders.html",
        application=application,
        bazaar=application.bazaar,
        begun=bazaars.state_of(application.bazaar) in rules.SELLING,
        days=_days(application, form, code),
        form=form,
    )
    return private_page(page, status)


def _days(application: Application, form: HandOverForm | None, code: str) -> list[Day]:
    """Return the days with orders, the first first; `form` is what was sent for the order with this code."""
    found = orders.sheets(orders.list_at_stall(application.bazaar_id, application.shop_id))
    names = orders.names_of_buyers(sheet.order.group_id for sheet in found)
    days: dict[str, list[orders.Sheet]] = {}
    for sheet in found:
        days.setdefault(tanggal(sheet.order.meet_from or sheet.order.created_at), []).append(sheet)
    return [_day(name, sheets, names, form, code) for name, sheets in days.items()]


def _day(name: str, sheets: list[orders.Sheet], names: dict[int, str], form: HandOverForm | None, code: str) -> Day:
    waiting = [sheet for sheet in sheets if sheet.is_open]
    units: Counter[str] = Counter()
    for sheet in waiting:
        for line in sheet.lines:
            units[line.name] += line.qty_agreed
    return Day(
        name,
        sorted(units.items()),
        [
            Waiting(_of_buyer(card, names), _form(card.code, form if card.code == code else None))
            for card in pages.desk_cards(waiting)
        ],
        sum(1 for sheet in sheets if sheet.state == "handed_over"),
    )


def _of_buyer(card: Card, names: dict[int, str]) -> Card:
    """Name everything in it and who comes; what to do next stands on the buttons, only a deadline is said as well."""
    goods = ", ".join(f"{line.qty_agreed} × {line.name}" for line in card.sheet.lines if line.qty_agreed)
    said = [names.get(card.sheet.order.group_id, ""), card.where if card.sheet.state == "placed" else ""]
    when = waktu(card.sheet.order.created_at)
    return replace(card, title=goods, where=". ".join(filter(None, said)), when=when)


def _form(code: str, sent: HandOverForm | None) -> HandOverForm:
    """Return what was sent, or an empty form; one of many on the page, each field has a name of its own there."""
    form = sent or HandOverForm(formdata=None)
    form.kode.id = f"kode-{code}"
    return form


@fill("order.at_stall")
def lead(bazaar_id: int, shop_id: int) -> str:
    """Lead a seller from an order to all that is collected at her stall."""
    application = bazaars.find_live(bazaar_id, shop_id)
    if application is None:
        return ""
    return render_template("trade/stalls/_at_stall.html", application=application)

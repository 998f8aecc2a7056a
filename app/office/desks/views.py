"""The first page of every role, and the way between its rooms."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, render_template, session

from app.core.cookies import private_page
from app.core.policy import allow, current_actor
from app.goods.shops.models import Shop
from app.goods.shops.policies import owns
from app.goods.shops.queries import get_own_shop
from app.office.desks import navigation, queries
from app.office.insights.waiting import ANSWERS, list_waiting
from app.office.tickets.policies import answers as hears
from app.people.accounts.policies import areas_of, is_partner, is_pendamping, is_staff
from app.trade.orders import calls, pages
from app.trade.sales import ledger

bp = Blueprint("desks", __name__)


@bp.app_context_processor
def ways() -> dict[str, Any]:
    """Give the desk layout its links; nothing is counted until a page shows it."""
    if not session or g.get("without_database"):
        return {"desk_nav": [], "reader": 0}
    actor = current_actor()
    return {"desk_nav": navigation.links_of(actor), "reader": actor.id}


@bp.get("/jualan")
@allow(owns, get_own_shop)
def seller(shop: Shop) -> Response:
    """Show a seller her day: five ways, what waits, what came in."""
    desk = queries.seller_desk(shop)
    page = render_template(
        "office/desks/seller.html",
        desk=desk,
        hello=navigation.greeting(desk.hour),
        cards=pages.desk_cards(desk.new),
        bars=ledger.bars(desk.week),
        change=ledger.compared(desk.week),
    )
    return private_page(page)


@bp.get("/dampingan")
@allow(is_pendamping)
def field() -> Response:
    """Show a pendamping her day: whom to call, who asks, whose goods need help."""
    actor = current_actor()
    desk = queries.field_desk(actor, areas_of(actor))
    return private_page(render_template("office/desks/field.html", desk=desk, calls=calls.rows(desk.calls)))


@bp.get("/dinsos")
@allow(is_staff)
def office() -> Response:
    """Show the office what waits and the figures of this month; a partner only what was shared with it."""
    actor = current_actor()
    if is_partner(actor):
        return private_page(render_template("office/desks/partner.html"))
    page = render_template(
        "office/desks/office.html",
        desk=queries.office_desk(actor),
        actor=actor,
        answers=actor.role in ANSWERS,
        hears=hears(actor),
        waiting=list_waiting(actor),
    )
    return private_page(page)

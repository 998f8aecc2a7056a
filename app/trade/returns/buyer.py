"""What a buyer sees of a complaint: on her order's page, and the one form of it."""

from __future__ import annotations

from flask import Response, redirect, render_template
from werkzeug.wrappers import Response as BaseResponse

from app.core.clock import now
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.panels import fill
from app.core.policy import public
from app.trade.orders import links, messages
from app.trade.orders import queries as orders
from app.trade.orders.buyer import open_link
from app.trade.orders.queries import Sheet
from app.trade.returns import operations, queries, rules, words
from app.trade.returns.door import bp
from app.trade.returns.forms import ComplaintForm, NudgeForm


@fill("order.buyer", order=70)
def panel(sheet: Sheet) -> str:
    """Show a buyer where her complaint stands, or the way to one while she may."""
    ends = queries.ends_at(sheet.order)
    if ends is None:
        return ""
    told, moment = queries.told_of(sheet), now()
    stands = any(not rules.is_over(each.case.state, each.case.due_at, moment) for each in told)
    may = moment < ends and not stands and (not told or any(queries.units_left(sheet.lines).values()))
    if not told and not may:
        return ""
    signature = links.link_signature(sheet.order.code)
    facts = {"sheet": sheet, "told": told, "ends": ends, "may": may, "signature": signature, "words": words}
    return render_template("trade/returns/_buyer.html", present=moment, **facts)


@bp.route("/pesanan/<code:code>/keluhan", methods=["GET", "POST"])
@public
def complain(code: str) -> BaseResponse:
    """Take what a buyer says is wrong; once it is kept, her order's page tells how it stands."""
    order, form = open_link(code), ComplaintForm()
    sheet = orders.sheet(order)
    form.ask(sheet.lines, queries.units_left(sheet.lines), food=bool(queries.food_of(sheet.lines)))
    if not form.filled():
        return _page(sheet, form, 422 if form.is_submitted() else 200)
    try:
        with transaction():
            operations.open_case(order, form.sebab.data, form.kalimat.data, form.wanted(), form.foto.master)
    except DomainError as refusal:
        form.form_errors = [str(refusal)]
        return _page(orders.sheet(order), form, refusal.status)
    return redirect(messages.buyer_url(code), 303)


def _page(sheet: Sheet, form: ComplaintForm, status: int) -> Response:
    order = sheet.order
    ends, standing = queries.ends_at(order), queries.find_standing(order.id)
    page = render_template(
        "trade/returns/complain.html",
        sheet=sheet,
        order=order,
        form=form,
        may=ends is not None and now() < ends and standing is None and bool(form.lines),
        ends=ends,
        signature=links.link_signature(order.code),
        back=messages.buyer_url(order.code),
    )
    return private_page(page, status)


@bp.post("/pesanan/<code:code>/keluhan/bantuan")
@public
def escalate(code: str) -> BaseResponse:
    """Ask the pendamping to look at a no; a second tap finds it asked."""
    order, form = open_link(code), NudgeForm()
    case = queries.find_standing(order.id)
    if case is not None and case.state == "resolved_none":
        with transaction():
            operations.escalate(case, version=form.version())
    return redirect(messages.buyer_url(code), 303)

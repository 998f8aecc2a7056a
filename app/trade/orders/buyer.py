"""The buyer's pages: no account, a signed link per order."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from app.core import limits, papers
from app.core.clock import now
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import DomainError, NotFound
from app.core.policy import public
from app.kit import codes
from app.kit.rupiah import Rupiah
from app.trade.orders import labels, links, messages, operations, pages, pocket, queries, rules, taps
from app.trade.orders.forms import Answer, BuyerCancelForm
from app.trade.orders.models import Order
from app.trade.orders.taps import Aim

bp = Blueprint("orders", __name__)

LOOK_UPS = "order-look-up"
LONGEST_SIGNATURE = 64
CANCEL_AT_ONCE = ("placed", "amended", "accepted")


def count_wrong(link: str) -> None:
    """Count a link that opens nothing, and slow down whoever tries many: at one order, or from one address.

    A right link is never asked: whoever shares an address with others who fail still sees her order.
    """
    with transaction():
        limits.fail(LOOK_UPS, link, request.remote_addr or "")


def open_link(code: str) -> Order:
    """Open a signed link.

    Raises:
        NotFound: unknown code or wrong signature, the same answer for both.
        TooMany: too many such tries at this order, or from this address.
    """
    try:
        return queries.get_by_link(code, request.values.get("s", "")[:LONGEST_SIGNATURE])
    except NotFound:
        count_wrong(codes.normalise(code)[:LONGEST_SIGNATURE])
        raise


@bp.get("/pesan/selesai/<code:token>")
@public
def placed(token: str) -> Response:
    """Show what was ordered: every seller's part with its code, its deadline and its WhatsApp button."""
    try:
        group = queries.get_group(token)
    except NotFound:
        count_wrong(token[:LONGEST_SIGNATURE])
        raise
    sheets = queries.sheets(queries.list_of_group(group.id))
    page = render_template(
        "trade/orders/placed.html",
        sheets=sheets,
        total=Rupiah.total(sheet.money.due for sheet in sheets),
        messages=messages,
        labels=labels,
    )
    return private_page(page)


@bp.get("/pesanan")
@public
def on_this_phone() -> Response:
    """List the orders whose links this phone keeps."""
    moment = now()
    known = pages.list_known(pocket.codes())
    rows = [
        {
            "order": order,
            "shop": shop,
            "first": first,
            "url": messages.buyer_url(order.code),
            "state": pages.short_state(rules.effective(order, moment)),
        }
        for order, shop, first in known
    ]
    return private_page(render_template("trade/orders/on_this_phone.html", rows=rows))


@bp.get("/pesanan/<code:code>")
@public
def show(code: str) -> Response:
    """Show one order: where it stands, what to do next, the code to bring."""
    return _page(open_link(code))


@bp.get("/pesanan/<code:code>/struk")
@public
def receipt(code: str) -> Response:
    """Show the receipt, for paper."""
    order = open_link(code)
    sheet = queries.sheet(order)
    page = render_template(
        "trade/orders/receipt.html",
        labels=labels,
        sheet=sheet,
        state=labels.for_buyer(sheet, pages.last_said(queries.list_events(order.id)).reason),
        back=messages.buyer_url(sheet.order.code),
    )
    return private_page(page)


@bp.post("/pesanan/<code:code>/batal")
@public
def cancel(code: str) -> BaseResponse:
    """Call the order off; once it is packed, ask the seller to."""
    order, form = open_link(code), BuyerCancelForm()
    reason = form.alasan.data if form.filled() else rules.BUYER_REASONS[-1]
    aim = Aim("cancelled_buyer", "buyer", taps.reason(reason))
    return _act(order, aim, lambda: operations.cancel_by_buyer(order, reason, version=form.version()))


@bp.post("/pesanan/<code:code>/minta-batal")
@public
def ask_cancel(code: str) -> BaseResponse:
    """Ask the seller to call off what is packed already."""
    order = open_link(code)
    return _act(order, Aim(""), lambda: operations.ask_cancel(order))


@bp.post("/pesanan/<code:code>/setuju")
@public
def agree(code: str) -> BaseResponse:
    """Take what the seller has."""
    order, form = open_link(code), Answer()
    return _act(order, Aim("accepted", "buyer"), lambda: operations.agree(order, version=form.version()))


@bp.post("/pesanan/<code:code>/sudah-terima")
@public
def received(code: str) -> BaseResponse:
    """Say that the goods came: the sale's evidence is complete then."""
    order = open_link(code)
    return _act(order, Aim(""), lambda: operations.confirm_received(order))


def _act(order: Order, aim: Aim, act: Callable[[], object]) -> BaseResponse:
    """Do it, or show how the order stands now and why it could not be; a second tap on what is done is no trouble."""
    code = order.code
    try:
        with transaction():
            act()
    except DomainError as refusal:
        if why := taps.trouble(order, aim, refusal):
            return _page(order, trouble=why, status=refusal.status)
    return redirect(messages.buyer_url(code), 303)


def _page(order: Order, *, trouble: str = "", status: int = 200) -> Response:
    sheet = queries.sheet(order)
    happened = queries.list_events(order.id)
    # Two codes on one page would be mixed up: first the one to pay, then the one to show.
    packed = sheet.state in {"accepted", "ready"} and not sheet.waits_for_money
    page = render_template(
        "trade/orders/show.html",
        labels=labels,
        sheet=sheet,
        order=sheet.order,
        says=labels.for_buyer(sheet, pages.last_said(happened).reason),
        said=pages.last_said(happened),
        steps=pages.ladder(sheet, happened),
        signature=links.link_signature(order.code),
        link=messages.buyer_link(order.code),
        code=links.handover_code(order.code) if packed else "",
        qr=papers.code(messages.hand_over_link(order.code)) if packed else "",
        whatsapp=messages.ask_seller_url(sheet),
        cancel_form=BuyerCancelForm(formdata=None) if sheet.state in CANCEL_AT_ONCE else None,
        trouble=trouble,
    )
    return private_page(page, status)

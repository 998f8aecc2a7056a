"""The office ends an order that neither buyer nor seller can: found by its code, by its shop, or by its silence.

What lay packed then, or when nobody came in time, is the seller's to answer for.
"""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import DomainError, NotFound, StaleVersion
from app.core.i18n import _
from app.core.panels import fill
from app.core.policy import allow, current_actor
from app.goods.shops import policies as shops
from app.goods.shops.models import Shop
from app.goods.shops.queries import get_shop
from app.kit import codes, digits
from app.people.accounts.policies import is_curator
from app.trade.orders import labels, leftovers, operations, pages, policies, queries, taps, waits
from app.trade.orders.buyer import bp
from app.trade.orders.forms import OfficeForm, StockForm
from app.trade.orders.models import Order

PER_PAGE = 20
LONGEST_SEARCH = 40


@bp.get("/dinsos/pesanan")
@allow(is_curator)
def office() -> BaseResponse:
    """List what no seller answers, or the open orders of one shop; `cari` finds one by its code."""
    sought = request.args.get("cari", "")[:LONGEST_SEARCH]
    if order := _find(sought):
        return redirect(url_for("orders.end", code=order.code), 303)
    shop, after = _shop(), digits.whole(request.args.get("setelah", "")) or 0
    sheets, calls = [], []
    if shop:
        sheets = queries.sheets(queries.list_going(shop.id, after_id=after, limit=PER_PAGE + 1))
    else:
        calls = waits.list_calls(scope=current_actor(), after_id=after, limit=PER_PAGE + 1)
        sheets = [each.sheet for each in calls]
    full, sheets = len(sheets) > PER_PAGE, sheets[:PER_PAGE]
    page = render_template(
        "trade/orders/office.html",
        sheets=sheets,
        shop=shop,
        sought=codes.normalise(sought) or sought,
        more=url_for("orders.office", setelah=sheets[-1].order.id, lapak=shop.id if shop else None) if full else None,
        labels=labels,
        pages=pages,
        whys={each.sheet.order.id: [labels.why(wait.why) for wait in each.waits] for each in calls},
    )
    return private_page(page)


def _find(sought: str) -> Order | None:
    """Return the order with this code, if it is the actor's to end."""
    try:
        order = queries.get_by_code(sought)
    except NotFound:
        return None
    return order if policies.may_end(current_actor(), order) else None


def _shop() -> Shop | None:
    """Return the shop whose orders are asked for, if it is the actor's to look after."""
    number = digits.whole(request.args.get("lapak", ""))
    try:
        shop = get_shop(number) if number else None
    except NotFound:
        return None
    return shop if shop and shops.may_foster(current_actor(), shop) else None


@bp.route("/dinsos/pesanan/<code:code>", methods=["GET", "POST"])
@allow(policies.may_end, queries.get_by_code)
def end(order: Order) -> BaseResponse:
    """Show an order without its buyer, and end it with a reason that buyer and seller read."""
    form, code = OfficeForm(), order.code
    if not form.filled():
        return _page(order, form, status=422 if request.method == "POST" else 200)
    try:
        with transaction():
            operations.cancel_by_admin(
                order, form.alasan.data, by=current_actor(), note=form.kalimat.data or "", version=form.version()
            )
    except StaleVersion as refusal:
        return _page(order, form, status=refusal.status, trouble=str(refusal), versi=order.version)
    except DomainError as refusal:
        return _page(order, form, status=refusal.status, trouble=str(refusal))
    flash(_("Pesanan dibatalkan. Pembeli dan penjual membaca alasannya."), "success")
    return redirect(url_for("orders.end", code=code), 303)


def _page(order: Order, form: OfficeForm, *, status: int = 200, **facts: Any) -> Response:
    sheet, happened = queries.sheet(order), queries.list_events(order.id)
    page = render_template(
        "trade/orders/end.html",
        sheet=sheet,
        order=sheet.order,
        form=form,
        labels=labels,
        state=pages.short_state(sheet.state),
        history=pages.history(sheet, happened),
        said=pages.last_said(happened),
        **{"trouble": "", "versi": form.versi.data or order.version} | facts,
    )
    return private_page(page, status)


@bp.post("/jualan/pesanan/<code:code>/kembali-ke-stok")
@allow(policies.sells, queries.get_own)
def answer_stock(order: Order) -> BaseResponse:
    """Let the seller say whether what nobody fetched can still be sold; a second tap finds it said."""
    form, code = StockForm(), order.code
    if not form.filled():
        flash(_("Pilih ya atau tidak."), "warning")
        return redirect(url_for("orders.manage", code=code), 303)
    back, version = form.stok.data == "ya", form.version()
    try:
        with transaction():
            at_risk = leftovers.answer(order, by=current_actor(), back_to_stock=back, version=version)
    except DomainError as refusal:
        if why := str(refusal) if queries.sheet(order).asks_stock else taps.left_goods(order, back=back):
            flash(why, "warning")
        return redirect(url_for("orders.manage", code=code), 303)
    if at_risk:
        flash(_("Barangnya sudah dipesan orang lain. Pesanan itu perlu stok baru atau dibatalkan."), "warning")
    flash(_("Tercatat. Terima kasih."), "success")
    return redirect(url_for("orders.manage", code=code), 303)


@fill("shop.office")
def orders_of_shop(shop: Shop) -> str:
    """Lead a curator from a shop to its open orders."""
    if not is_curator(current_actor()) or shop.state == "ended":
        return ""
    return render_template("trade/orders/_shop_way.html", shop=shop)

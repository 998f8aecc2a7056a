"""What a buyer sees of paying: the exact code or the account, and "Saya sudah bayar" with a picture if she has one."""

from __future__ import annotations

import secrets

from flask import Response, redirect, render_template
from werkzeug.wrappers import Response as BaseResponse

from app.core.cookies import private_file, private_page
from app.core.db import transaction
from app.core.errors import DomainError, NotFound
from app.core.i18n import _
from app.core.panels import fill
from app.core.policy import public
from app.trade.orders import links, messages, queries
from app.trade.orders.buyer import open_link
from app.trade.orders.models import Order
from app.trade.orders.queries import Sheet
from app.trade.payments import drawing, money, telling
from app.trade.payments.door import bp
from app.trade.payments.forms import ClaimForm

KEY_BYTES = 12


@fill("order.buyer")
def panel(sheet: Sheet) -> str:
    """Show a buyer how to pay now, and where her money stands."""
    return render_template("trade/payments/_buyer.html", **_facts(sheet, None)) if telling.matters(sheet) else ""


def _facts(sheet: Sheet, form: ClaimForm | None) -> dict[str, object]:
    code = telling.code_of(sheet)
    if form is None and telling.may_claim(sheet):
        due = sheet.money.rest if telling.takes_money(sheet) else sheet.order.total
        form = ClaimForm(formdata=None, kunci=secrets.token_urlsafe(KEY_BYTES), jumlah=due)
    return {
        "sheet": sheet,
        "order": sheet.order,
        "says": telling.to_buyer(sheet),
        "takes": telling.takes_money(sheet),
        "code": code,
        "drawn": drawing.on_page(code) if code else "",
        "account": telling.account_of(sheet),
        "told": telling.entries_of(sheet, {}),
        "signature": links.link_signature(sheet.order.code),
        "form": form,
    }


@bp.post("/pesanan/<code:code>/bayar")
@public
def claim(code: str) -> BaseResponse:
    """Take a buyer's word that she paid."""
    order, form = open_link(code), ClaimForm()
    if not form.filled() or not form.key():
        if not form.errors:
            form.form_errors = [_("Halaman ini sudah lama terbuka. Periksa lagi, lalu kirim.")]
        return _page(order, form)
    try:
        with transaction():
            money.claim(order, form.jumlah.data, form.foto.master, key=form.key())
    except DomainError as refusal:
        form.form_errors = [str(refusal)]
        return _page(order, form, refusal.status)
    return redirect(messages.buyer_url(order.code), 303)


def _page(order: Order, form: ClaimForm, status: int = 422) -> Response:
    """Show what is wrong with what was typed, and keep it."""
    sheet = queries.sheet(order)
    if not form.key():
        form.kunci.data = secrets.token_urlsafe(KEY_BYTES)
    facts = _facts(sheet, form) | {"back": messages.buyer_url(order.code), "may": telling.may_claim(sheet)}
    return private_page(render_template("trade/payments/claim.html", **facts), status)


@bp.get("/pesanan/<code:code>/qris")
@public
def picture(code: str) -> Response:
    """Give the code as a picture to keep, for whoever pays with the phone that shows it.

    Raises:
        NotFound: there is nothing to scan now.
    """
    drawn = telling.code_of(queries.sheet(open_link(code)))
    if drawn is None:
        raise NotFound(code)
    return private_file(drawing.as_picture(drawn), "image/png", f"qris-{code}.png")

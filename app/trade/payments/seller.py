"""What a seller does about the money of an order, and what the office may see of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from flask import Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.core import scans
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.i18n import _, _l
from app.core.panels import fill
from app.core.policy import Actor, allow, current_actor
from app.kit import phone
from app.kit.rupiah import ZERO, Rupiah
from app.trade.orders import queries as order_queries
from app.trade.orders.models import Order
from app.trade.orders.policies import sells
from app.trade.orders.queries import Sheet
from app.trade.payments import money, policies, queries, telling
from app.trade.payments.door import bp
from app.trade.payments.forms import MoneyForm
from app.trade.payments.models import PaymentProof

KEY_BYTES = 12
DONE = {
    "masuk": _l("Uang masuk dicatat. Pembeli diberi tahu."),
    "belum": _l("Pembeli diberi tahu bahwa uangnya belum masuk."),
    "terima": _l("Uang masuk dicatat. Pembeli diberi tahu."),
    "tunai": _l("Sisanya dibayar tunai saat barang diterima."),
    "minta": _l("Pembeli diminta membayar sisanya."),
    "kembali": _l("Pengembalian uang dicatat. Pembeli diberi tahu."),
}
NEED_AMOUNT = ("terima", "kembali")


@fill("order.seller")
def panel(sheet: Sheet) -> str:
    """Show a seller where the money of an order stands, and what she can do about it."""
    return render_template("trade/payments/_seller.html", **_hers(sheet)) if telling.matters(sheet) else ""


def _facts(sheet: Sheet) -> dict[str, object]:
    told = telling.entries_of(sheet, queries.proofs_of(sheet.order.id))
    return {
        "sheet": sheet,
        "order": sheet.order,
        "says": telling.to_seller(sheet),
        "told": told,
        "claims": [each for each in told if each.entry.state == "claimed"],
        "waits": telling.takes_money(sheet),
        "back": telling.back_due(sheet),
        "key": secrets.token_urlsafe(KEY_BYTES),
    }


def _hers(sheet: Sheet) -> dict[str, object]:
    """Return what she sees, with the address of WhatsApp that tells her buyer; empty without number or news."""
    number, text = order_queries.get_group_of(sheet.order).buyer_phone, telling.for_whatsapp(sheet)
    return _facts(sheet) | {"tell_url": phone.whatsapp_url(number, text) if number and text else ""}


@bp.get("/jualan/pesanan/<code:code>/uang")
@allow(sells, order_queries.get_own)
def show(order: Order) -> Response:
    """Show everything that can be said about the money of an order."""
    return _page(order, MoneyForm(formdata=None))


@bp.post("/jualan/pesanan/<code:code>/uang")
@allow(sells, order_queries.get_own)
def say(order: Order) -> BaseResponse:
    """Take what the seller says about money."""
    form = MoneyForm()
    act, code = _act(form), order.code
    if act is None:
        return _page(order, form, 422)
    try:
        with transaction():
            act(order, current_actor())
    except DomainError as refusal:
        form.form_errors = [str(refusal)]
        return _page(order, form, refusal.status)
    flash(str(DONE[str(form.apa.data)]), "success")
    return redirect(url_for("orders.manage", code=code), 303)


def _act(form: MoneyForm) -> Callable[[Order, Actor], None] | None:
    """Return what is to be done; None when what was sent cannot be, with the reason in the form."""
    what, version, key = str(form.apa.data or ""), form.version(), form.key()
    if what not in DONE:
        form.form_errors = [_("Pilih salah satu.")]
        return None
    if not form.validate():
        return None
    amount: Rupiah | None = form.jumlah.data
    if what in NEED_AMOUNT and (amount is None or not key):
        form.note("jumlah", _("Isi jumlah uangnya."))
        return None
    acts: dict[str, Callable[[Order, Actor], None]] = {
        "masuk": lambda order, by: _confirm(order, form.entry_id(), amount, by),
        "belum": lambda order, by: money.answer(order, form.entry_id(), None, by=by),
        "terima": lambda order, by: money.receive(order, amount or ZERO, key=key, version=version, by=by),
        "tunai": lambda order, by: money.go_on(order, in_cash=True, version=version, by=by),
        "minta": lambda order, by: money.go_on(order, in_cash=False, version=version, by=by),
        "kembali": lambda order, by: money.give_back(order, amount or ZERO, key=key, version=version, by=by),
    }
    return acts[what]


def _confirm(order: Order, entry_id: int, amount: Rupiah | None, by: Actor) -> None:
    """Confirm a claim: with the amount that came, or as it was told."""
    told = next((each.amount for each in order_queries.list_entries(order.id) if each.id == entry_id), None)
    money.answer(order, entry_id, amount or told, by=by)


def _page(order: Order, form: MoneyForm, status: int = 200) -> Response:
    page = render_template("trade/payments/money.html", form=form, **_hers(order_queries.sheet(order)))
    return private_page(page, status)


@bp.get("/jualan/bukti-bayar/<id:proof_id>")
@allow(policies.got, queries.get_proof)
def own_proof(proof: PaymentProof) -> Response:
    """Show a seller the picture that her buyer sent."""
    return scans.answer(proof.name or "")


@bp.get("/dinsos/bukti-bayar/<id:proof_id>")
@allow(policies.may_look, queries.get_proof)
def proof(proof: PaymentProof) -> Response:
    """Show a proof to an officer who may end the order; that she looked is written down."""
    with transaction():
        money.note_look(proof, by=current_actor())
    return scans.answer(proof.name or "")


@fill("order.office")
def office(sheet: Sheet) -> str:
    """Show an officer where the money stands, and what buyer and seller said about it."""
    return render_template("trade/payments/_office.html", **_facts(sheet)) if telling.matters(sheet) else ""

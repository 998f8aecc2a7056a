"""What a seller does about a complaint: answer it, and say when it is done."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.core import scans
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import DomainError, NotFound
from app.core.i18n import _
from app.core.panels import fill
from app.core.policy import Actor, allow, current_actor
from app.trade.orders import queries as orders
from app.trade.orders.models import Order
from app.trade.orders.policies import sells
from app.trade.orders.queries import Sheet
from app.trade.returns import operations, policies, queries, words
from app.trade.returns.door import bp
from app.trade.returns.forms import CHOICES, GOODS, AnswerForm, SettleForm
from app.trade.returns.models import ReturnCase


@fill("order.seller", order=40)
def panel(sheet: Sheet) -> str:
    """Show a seller what her buyer complains about, before the money."""
    told = queries.told_of(sheet)
    return render_template("trade/returns/_seller.html", told=told, words=words) if told else ""


@bp.get("/jualan/pesanan/<code:code>/keluhan")
@allow(sells, orders.get_own)
def own(order: Order) -> Response:
    """Show the newest complaint about an order, with what she can do about it."""
    return _page(order, AnswerForm(formdata=None), SettleForm(formdata=None))


@bp.post("/jualan/pesanan/<code:code>/keluhan")
@allow(sells, orders.get_own)
def answer(order: Order) -> BaseResponse:
    """Take her answer: replace, give the money back, or no."""
    form, other = AnswerForm(), SettleForm(formdata=None)
    if not form.filled():
        return _page(order, form, other, 422)
    case, what, said = _standing(order), CHOICES[form.jawaban.data], form.kalimat.data or ""

    def act(by: Actor) -> None:
        if what == "none":
            operations.turn_down(case, said, by=by, version=form.version())
        else:
            operations.offer(case, what, said, by=by, version=form.version())

    return _act(
        order, act, form, lambda: _page(order, form, other, 409), _("Jawaban terkirim. Kabari juga pembelinya.")
    )


@bp.post("/jualan/pesanan/<code:code>/keluhan/selesai")
@allow(sells, orders.get_own)
def settle(order: Order) -> BaseResponse:
    """Note that she did what she offered."""
    form, other = SettleForm(), AnswerForm(formdata=None)
    if not form.filled():
        return _page(order, other, form, 422)
    case, goods = _standing(order), GOODS[form.barang.data]

    def act(by: Actor) -> None:
        operations.settle(case, goods, by=by, version=form.version())

    return _act(order, act, form, lambda: _page(order, other, form, 409), _("Tercatat. Terima kasih."))


def _standing(order: Order) -> ReturnCase:
    found = queries.list_of_order(order.id)
    if not found:
        raise NotFound(order.code)
    return found[0]


def _act(
    order: Order,
    act: Callable[[Actor], None],
    form: AnswerForm | SettleForm,
    page: Callable[[], Response],
    done: str,
) -> BaseResponse:
    code = order.code
    try:
        with transaction():
            act(current_actor())
    except DomainError as refusal:
        form.stale(refusal, _standing(order).version)
        return page()
    flash(done, "success")
    return redirect(url_for("orders.manage", code=code), 303)


def _page(order: Order, answered: AnswerForm, settled: SettleForm, status: int = 200) -> Response:
    told = queries.told(_standing(order))
    group = orders.get_group_of(order)
    page = render_template(
        "trade/returns/own.html",
        each=told,
        case=told.case,
        order=order,
        form=settled if told.case.state == "answered" else answered,
        words=words,
        whatsapp=words.tell_buyer_url(told, group.buyer_phone),
    )
    return private_page(page, status)


@bp.get("/jualan/foto-keluhan/<id:return_id>")
@allow(policies.got, queries.get_case)
def own_photo(case: ReturnCase) -> Response:
    """Show a seller the photo that her buyer sent."""
    return scans.answer(case.photo or "")

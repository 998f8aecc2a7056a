"""The till: for the seller at her own stall, and for a helper whose pass names it."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.cookies import SignedCookie, private_page
from app.core.db import transaction
from app.core.errors import DomainError, NotFound, TooMany
from app.core.forms import posted
from app.core.i18n import _
from app.core.policy import allow, current_actor, public
from app.kit import digits
from app.trade.bazaars import queries as bazaars
from app.trade.bazaars.models import Application
from app.trade.stalls import forms, operations, passes, policies, queries, rules
from app.trade.stalls.door import bp
from app.trade.stalls.forms import Typed
from app.trade.stalls.models import HelperPass, StallSale
from app.trade.stalls.operations import Hand
from app.trade.stalls.queries import Good
from app.trade.stalls.refusals import Settled

RECENT = 12
_pass = SignedCookie("kasir", "helper-pass", days=3)


@bp.route("/jualan/bazar/lapak/<id:place_id>/kasir", methods=["GET", "POST"])
@allow(policies.sells_here, queries.get_place)
def till(application: Application) -> ResponseReturnValue:
    """Sell at her own stall."""
    here = url_for("stalls.till", place_id=application.id)
    return _till(application, Hand(current_actor()), here)


@bp.post("/jualan/bazar/jualan/<id:basket_id>/batal")
@allow(policies.sold, queries.get_sale)
def take_back(sale: StallSale) -> ResponseReturnValue:
    """Take a sale of her own back."""
    return _take_back(sale, Hand(current_actor()), url_for("stalls.till", place_id=sale.application_id))


@bp.route("/jualan/bazar/lapak/<id:place_id>/bawa", methods=["GET", "POST"])
@allow(policies.sells_here, queries.get_place)
def carry(application: Application) -> ResponseReturnValue:
    """Say what comes along: it leaves the online shelf."""
    goods, typed = queries.list_goods(application), Typed()
    units = forms.read_carried(goods, typed) if request.method == "POST" else {}
    if request.method != "POST" or typed.errors:
        return _carry_page(application, goods, typed)
    try:
        with transaction():
            operations.carry(application, units, by=Hand(current_actor()))
    except DomainError as refusal:
        typed.trouble = str(refusal)
        return _carry_page(application, goods, typed, refusal.status)
    flash(_("Tersimpan. Barang yang dibawa tidak bisa dipesan lewat HP."), "success")
    return redirect(url_for("stalls.till", place_id=application.id), 303)


def _carry_page(application: Application, goods: list[Good], typed: Typed, status: int | None = None) -> Response:
    page = render_template(
        "trade/stalls/carry.html",
        application=application,
        goods=goods,
        typed=typed,
        settled=Settled.text if queries.is_handed_in(application.id) else "",
        shut=bazaars.state_of(application.bazaar) not in rules.PACKING,
    )
    return private_page(page, status or (422 if typed.errors else 200))


def _till(application: Application, hand: Hand, here: str) -> ResponseReturnValue:
    goods, typed = queries.list_goods(application), Typed()
    if request.method != "POST":
        return _till_page(application, hand, here, goods, typed)
    basket = forms.read_basket(application.id, goods, typed)
    if typed.errors:
        return _till_page(application, hand, here, goods, typed, 422)
    try:
        with transaction():
            sale = operations.sell(application, basket, by=hand)
    except DomainError as refusal:
        typed.trouble = str(refusal)
        return _till_page(application, hand, here, goods, typed, refusal.status)
    return redirect(f"{here}?tercatat={sale.id}", 303)


def _told(application: Application, goods: list[Good]) -> list[tuple[str, str]]:
    """Say what was just written down or taken back, and where the price has moved since the page was opened.

    The address names the sale: helpers have no session in which a sentence could wait.
    """
    for word in ("tercatat", "dibatalkan"):
        number = digits.whole(request.args.get(word, ""))
        sale = queries.find_sale_of(application.id, number) if number else None
        if sale is not None and word == "dibatalkan":
            return [("success", _("Jualan %(total)s dibatalkan. Barangnya kembali ke lapak.", total=sale.total))]
        if sale is not None:
            way = _("tunai") if sale.method == "cash" else _("QRIS atau cara lain")
            return [("success", _("Tercatat %(total)s, %(way)s.", total=sale.total, way=way)), *_moved(sale, goods)]
    return []


def _moved(sale: StallSale, goods: list[Good]) -> list[tuple[str, str]]:
    now = {good.variant_id: good.price for good in goods}
    return [
        (
            "warning",
            _(
                "%(name)s sekarang %(now)s. Yang tadi tetap tercatat %(then)s, sesuai harga yang tampil.",
                name=line.name, now=now[line.variant_id], then=line.price,
            ),
        )
        for line in sale.lines
        if now.get(line.variant_id, line.price) != line.price
    ]  # fmt: skip


def _till_page(
    application: Application, hand: Hand, here: str, goods: list[Good], typed: Typed, status: int = 200
) -> Response:
    sales = queries.list_sales(application.id)
    live = [sale for sale in sales if any(line.reversal_id is None for line in sale.lines)]
    till = [sale for sale in live if sale.way == "till"]
    page = render_template(
        "trade/stalls/helper_till.html" if hand.helper else "trade/stalls/till.html",
        application=application,
        bazaar=application.bazaar,
        state=bazaars.state_of(application.bazaar),
        helper=hand.helper,
        told=_told(application, goods),
        here=here,
        back="stalls.helper_take_back" if hand.helper else "stalls.take_back",
        goods=goods,
        typed=typed,
        key=forms.new_key(),
        prices=forms.seal_prices(application.id, goods),
        recent=live[:RECENT],
        sums=queries.sums_of((sale, line) for sale in till for line in sale.lines if line.reversal_id is None),
        times=len(till),
        settled=queries.is_handed_in(application.id),
    )
    return private_page(page, status)


def _take_back(sale: StallSale, hand: Hand, here: str) -> ResponseReturnValue:
    if sale.way != "till":
        raise NotFound(sale)
    try:
        with transaction():
            operations.take_back(sale, by=hand)
    except DomainError as refusal:
        flash(str(refusal), "error")
        return redirect(here, 303)
    return redirect(f"{here}?dibatalkan={sale.id}", 303)


@bp.route("/kasir", methods=["GET", "POST"])
@public
def helper_door() -> ResponseReturnValue:
    """Let a helper in with the code of the pass, and show the stalls that it names."""
    if request.method == "POST":
        return _enter()
    found = _find_pass()
    if found is None:
        return _door()
    page = render_template("trade/stalls/helper.html", helper=found, stalls=queries.stalls_of_pass(found))
    return private_page(page)


def _enter() -> ResponseReturnValue:
    try:
        with transaction():
            found = passes.enter(posted("kode")[:40], request.remote_addr or "")
    except TooMany as refusal:
        return _door(str(refusal), refusal.status)
    if found is None:
        return _door(_("Kode ini tidak membuka kasir. Mungkin salah ketik, atau bazarnya sudah selesai."), 422)
    response = redirect(url_for("stalls.helper_door"), 303)
    _pass.write(response, [found.id, found.code_hash[:16]])
    return response


def _door(error: str = "", status: int = 200) -> Response:
    code = (request.args.get("kode", "") or posted("kode"))[:40]
    return private_page(render_template("trade/stalls/door.html", error=error, code=code), status)


def _find_pass() -> HelperPass | None:
    """Return the living pass that this phone holds, or None."""
    held = _pass.read()
    if not isinstance(held, list) or len(held) != 2:
        return None
    try:
        found = queries.get_pass(held[0])
    except NotFound:
        return None
    return found if held[1] == found.code_hash[:16] and queries.is_alive(found) else None


def _named_stall(place_id: int) -> tuple[Application, Hand]:
    """Return a stall that the pass on this phone names; any other is like none."""
    found = _find_pass()
    if found is None or place_id not in found.application_ids:
        raise NotFound(place_id)
    return queries.get_place(place_id), operations.helper(found)


@bp.route("/kasir/<id:place_id>", methods=["GET", "POST"])
@public
def helper_till(place_id: int) -> ResponseReturnValue:
    """Sell at a stall that the pass names."""
    application, hand = _named_stall(place_id)
    return _till(application, hand, url_for("stalls.helper_till", place_id=place_id))


@bp.post("/kasir/jualan/<id:basket_id>/batal")
@public
def helper_take_back(basket_id: int) -> ResponseReturnValue:
    """Take a sale of a named stall back."""
    sale = queries.get_sale(basket_id)
    _application, hand = _named_stall(sale.application_id)
    return _take_back(sale, hand, url_for("stalls.helper_till", place_id=sale.application_id))


@bp.post("/kasir/<id:place_id>/datang")
@public
def helper_check_in(place_id: int) -> ResponseReturnValue:
    """Note that the seller of a named stall has come."""
    application, hand = _named_stall(place_id)
    try:
        with transaction():
            operations.check_in(application, by=hand)
    except DomainError as refusal:
        flash(str(refusal), "error")
    return redirect(url_for("stalls.helper_door"), 303)


@bp.post("/kasir/keluar")
@public
def helper_leave() -> ResponseReturnValue:
    """Let this phone forget the pass."""
    response = redirect(url_for("stalls.helper_door"), 303)
    _pass.drop(response)
    return response

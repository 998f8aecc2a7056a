"""The seller's order desk: what came in, what to answer, what to hand over. The buyer's pages stand in `buyer`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import DomainError, TooMany
from app.core.forms import posted
from app.core.i18n import _
from app.core.policy import Actor, allow, current_actor
from app.goods.shops import policies as shops
from app.goods.shops.models import Shop
from app.goods.shops.queries import get_own_shop
from app.goods.stock.capacity import DayFull
from app.goods.stock.operations import Promised
from app.kit import codes, digits
from app.trade.orders import capacity, labels, messages, operations, pages, queries, rules, taps, waits
from app.trade.orders.buyer import bp
from app.trade.orders.forms import Answer, HandOverForm, Left, Offer, RefuseForm, SellerCancelForm, StockForm
from app.trade.orders.models import Order
from app.trade.orders.policies import sells
from app.trade.orders.taps import Aim

__all__ = ("bp",)

PER_PAGE = 20
LONGEST_SEARCH = 40
CANNOT_BE_OFFERED = (operations.NothingLess, operations.NoOtherDay, DayFull)


@bp.get("/jualan/pesanan")
@allow(shops.owns, get_own_shop)
def desk(shop: Shop) -> BaseResponse:
    """List her orders, one list per step; `cari` finds one by its code."""
    sought = request.args.get("cari", "")[:LONGEST_SEARCH]
    if sought.strip():
        return _found(shop, sought)
    tab = request.args.get("daftar", "baru")
    tab = tab if tab in pages.TABS else "baru"
    before_id = digits.whole(request.args.get("sebelum", "")) or 0
    sheets = pages.list_tab(shop.id, tab, before_id, PER_PAGE + 1)
    return _desk_page(
        shop,
        tab=tab,
        cards=pages.desk_cards(sheets[:PER_PAGE]),
        more=url_for("orders.desk", daftar=tab, sebelum=sheets[PER_PAGE - 1].order.id)
        if len(sheets) > PER_PAGE
        else None,
    )


def _found(shop: Shop, sought: str) -> BaseResponse:
    """Go to the order with this code, or say that it is not among hers."""
    plain = codes.normalise(sought)
    order = pages.find_of_shop(shop.id, plain)
    if order is not None:
        return redirect(url_for("orders.manage", code=order.code), 303)
    return _desk_page(shop, tab="", cards=[], more=None, sought=plain or sought)


def _desk_page(shop: Shop, **facts: Any) -> Response:
    counts = pages.count_tabs(shop.id)
    tabs = [
        (str(word), url_for("orders.desk", daftar=name), counts.get(name), name == facts["tab"])
        for name, word in pages.TAB_WORDS.items()
    ]
    facts = {"sought": "", "tasks": waits.list_at_risk(shop.id)} | facts
    return private_page(render_template("trade/orders/desk.html", shop=shop, tabs=tabs, **facts))


@bp.get("/jualan/pesanan/<code:code>")
@allow(sells, queries.get_own)
def manage(order: Order) -> Response:
    """Show one order with everything that can be done about it now."""
    return _page(order)


@bp.post("/jualan/pesanan/<code:code>/terima")
@allow(sells, queries.get_own)
def accept(order: Order) -> BaseResponse:
    """Take the order on."""
    version = Answer().version()
    return _act(
        order,
        Aim("accepted"),
        lambda by: operations.accept(order, by=by, version=version),
        _("Pesanan diterima. Siapkan barangnya."),
    )


@bp.route("/jualan/pesanan/<code:code>/tidak-bisa", methods=["GET", "POST"])
@allow(sells, queries.get_own)
def refuse(order: Order) -> BaseResponse:
    """Say no, with a reason from the list; `habis` may also put the stock right."""
    form, lines = RefuseForm(), queries.list_lines(order.id)
    left = Left(lines, {line.id: posted(f"sisa-{line.id}") for line in lines})
    if not form.filled() or left.errors:
        return _form_page(order, "refuse", form, left=left)
    counted = left.counted if form.alasan.data == rules.OUT_OF_STOCK else {}
    try:
        return _act(
            order,
            Aim("refused", differs=taps.no(form.alasan.data, counted)),
            lambda by: operations.refuse(order, form.alasan.data, by=by, version=form.version(), left=counted),
            _("Pembeli diberi tahu bahwa pesanan ini tidak bisa."),
            beside=(Promised,),
        )
    except Promised as refusal:
        form.note("alasan", refusal)
        return _form_page(order, "refuse", form, status=409, left=left)


@bp.route("/jualan/pesanan/<code:code>/hanya-ada", methods=["GET", "POST"])
@allow(sells, queries.get_own)
def offer_less(order: Order) -> BaseResponse:
    """Offer fewer than were ordered, or another day; the buyer says yes or no."""
    lines, form = queries.list_lines(order.id), Answer()
    typed = {line.id: posted(f"jumlah-{line.id}") for line in lines if f"jumlah-{line.id}" in request.form}
    offer = Offer(lines, typed, posted("hari")[:10])
    facts = {"offer": offer, "days": capacity.other_days(order, lines)}
    wrong = bool(offer.errors or offer.day_error)
    if request.method != "POST" or wrong:
        return _form_page(order, "offer_less", form, status=422 if wrong else 200, **facts)
    try:
        return _act(
            order,
            Aim("amended", differs=taps.offer(offer.agreed, offer.day)),
            lambda by: operations.offer_less(order, offer.agreed, day=offer.day, by=by, version=form.version()),
            _("Tawaran dikirim. Tunggu jawaban pembeli."),
            beside=CANNOT_BE_OFFERED,
        )
    except CANNOT_BE_OFFERED as refusal:
        return _form_page(order, "offer_less", form, status=refusal.status, trouble=str(refusal), **facts)


@bp.post("/jualan/pesanan/<code:code>/siap")
@allow(sells, queries.get_own)
def mark_ready(order: Order) -> BaseResponse:
    """Note that it is packed and waits."""
    version = Answer().version()
    return _act(
        order,
        Aim("ready"),
        lambda by: operations.mark_ready(order, by=by, version=version),
        _("Siap diantar. Kabari pembelinya.") if order.goes_out else _("Pesanan siap diambil. Kabari pembelinya."),
    )


@bp.route("/jualan/pesanan/<code:code>/serah", methods=["GET", "POST"])
@allow(sells, queries.get_own)
def hand_over(order: Order) -> BaseResponse:
    """Hand it over and take the money, both at once; the buyer's code makes the sale's evidence strong."""
    if request.method != "POST":
        return _page(order, hand_over_form=HandOverForm(formdata=None, kode=request.args.get("kode", "")[:12]))
    form = HandOverForm()
    if not form.filled():
        return _page(order, hand_over_form=form, status=422)
    try:
        with transaction():
            right = operations.hand_over(order, by=current_actor(), code=form.kode.data or None, version=form.version())
    except TooMany:
        form.note("kode", _("Kode salah terlalu sering. Kosongkan kode, atau coba lagi besok."))
        return _page(order, hand_over_form=form, status=429)
    except DomainError as refusal:
        return _refused(order, Aim("handed_over", differs=taps.code(form.kode.data or "")), refusal)
    if not right:
        form.note("kode", _("Kode ini bukan kode pembeli. Minta pembeli membuka halaman pesanannya."))
        return _page(order, hand_over_form=form, status=422)
    later = order.method in rules.LATER
    flash(_("Barang diserahkan.") if later else _("Uang diterima dan tercatat."), "success")
    return redirect(url_for("orders.manage", code=order.code), 303)


@bp.route("/jualan/pesanan/<code:code>/tidak-diambil", methods=["GET", "POST"])
@allow(sells, queries.get_own)
def not_collected(order: Order) -> BaseResponse:
    """Note that nobody came, and where the goods go."""
    form = StockForm()
    if not form.filled():
        return _form_page(order, "not_collected", form)
    back = form.stok.data == "ya"
    return _act(
        order,
        Aim("not_collected", differs=taps.goods(back=back)),
        lambda by: operations.not_collected(order, by=by, back_to_stock=back, version=form.version()),
        _("Tercatat: tidak sampai.") if order.goes_out else _("Tercatat: tidak diambil."),
    )


@bp.route("/jualan/pesanan/<code:code>/batal", methods=["GET", "POST"])
@allow(sells, queries.get_own)
def call_off(order: Order) -> BaseResponse:
    """Call off what she had taken on."""
    form = SellerCancelForm()
    if order.cancel_asked_at is None:
        form.leave_out(rules.ASKED_BY_BUYER)
    if not form.filled():
        return _form_page(order, "call_off", form)
    back = form.stok.data == "ya"
    try:
        return _act(
            order,
            Aim("cancelled_seller", differs=taps.goods(back=back, why=form.alasan.data)),
            lambda by: operations.cancel_by_seller(
                order, form.alasan.data, by=by, back_to_stock=back, version=form.version()
            ),
            _("Pesanan dibatalkan. Pembeli diberi tahu."),
            beside=(operations.NotAsked,),
        )
    except operations.NotAsked as refusal:
        form.note("alasan", refusal)
        return _form_page(order, "call_off", form, status=refusal.status)


@bp.post("/jualan/pesanan/<code:code>/ambil-stok")
@allow(sells, queries.get_own)
def hold_again(order: Order) -> BaseResponse:
    """Take the goods back for an order whose goods were sold elsewhere."""
    return _act(
        order, Aim(""), lambda by: operations.hold_again(order, by=by), _("Stok untuk pesanan ini sudah ada lagi.")
    )


def _act(
    order: Order,
    aim: Aim,
    act: Callable[[Actor], object],
    done: str,
    *,
    beside: tuple[type[DomainError], ...] = (),
) -> BaseResponse:
    """Do it and show the order; refusals that belong beside a field go on to the caller."""
    code = order.code
    try:
        with transaction():
            act(current_actor())
    except beside:
        raise
    except DomainError as refusal:
        return _refused(order, aim, refusal)
    flash(done, "success")
    return redirect(url_for("orders.manage", code=code), 303)


def _refused(order: Order, aim: Aim, refusal: DomainError) -> BaseResponse:
    """Show how the order stands now and why; a second tap on what is done already is no trouble."""
    if why := taps.trouble(order, aim, refusal):
        return _page(order, trouble=why, status=refusal.status)
    return redirect(url_for("orders.manage", code=order.code), 303)


def _page(
    order: Order,
    *,
    sheet: queries.Sheet | None = None,
    hand_over_form: HandOverForm | None = None,
    trouble: str = "",
    status: int = 200,
) -> Response:
    sheet = sheet or queries.sheet(order)
    happened = queries.list_events(order.id)
    group = queries.get_group_of(order)
    page = render_template(
        "trade/orders/manage.html",
        labels=labels,
        sheet=sheet,
        order=sheet.order,
        group=group,
        says=labels.for_seller(sheet, pages.last_said(happened).reason),
        said=pages.last_said(happened),
        state=pages.short_state(sheet.state),
        history=pages.history(sheet, happened),
        whatsapp=messages.tell_buyer_url(sheet, group.buyer_phone),
        form=hand_over_form or HandOverForm(formdata=None),
        trouble=trouble,
    )
    return private_page(page, status)


def _form_page(order: Order, name: str, form: Answer, *, status: int = 200, **facts: Any) -> BaseResponse:
    """Show one question about an order; one that no longer fits the order leads back to it."""
    sheet = queries.sheet(order)
    step = {"refuse": "refuse", "offer_less": "offer_less", "not_collected": "not_collected"}.get(
        name, "cancel_by_seller"
    )
    if rules.find_step(step, sheet.state) is None:
        if request.method != "POST":
            return _page(order, sheet=sheet)
        return _page(order, sheet=sheet, trouble=str(operations.NotNow(order, sheet.state)), status=409)
    if request.method == "POST" and status == 200:
        status = 422
    page = render_template(
        f"trade/orders/{name}.html",
        sheet=sheet,
        order=sheet.order,
        form=form,
        labels=labels,
        **{"trouble": "", "offer": None, "days": [], "left": None} | facts,
    )
    return private_page(page, status)

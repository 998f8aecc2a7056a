"""Ordering for an office, without an account: what is needed, who makes it, and the papers for the treasurer."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.core import limits
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import DomainError, NotFound, StaleVersion
from app.core.i18n import _
from app.core.optional import Unavailable
from app.core.panels import fill
from app.core.policy import allow, current_actor, public
from app.kit import codes, digits
from app.kit.periods import Zone, zone_named
from app.people.places.queries import settings_of
from app.trade.carts.basket import JAR, cart_of_phone
from app.trade.carts.queries import offers_of
from app.trade.offices import afterwards, letters, operations, planning, policies, queries, rules
from app.trade.offices.forms import WAYS, Amounts, AskForm, HeadingForm
from app.trade.offices.models import OfficePaper, OfficeRequest
from app.trade.offices.operations import Asked, TooFar, TooSoon
from app.trade.offices.planning import Plan
from app.trade.orders import labels, links, messages, pages, pocket
from app.trade.orders import operations as orders
from app.trade.orders import queries as order_queries
from app.trade.orders.buyer import count_wrong
from app.trade.orders.meeting import Need
from app.trade.orders.models import Order
from app.trade.orders.policies import sells
from app.trade.orders.queries import Sheet
from app.trade.payments.operations import NotOffered

bp = Blueprint("offices", __name__)

Found = TypeVar("Found")
LOOK_UPS = "paper-look-up"
LONGEST_CODE = 40
KEY_BYTES = 16
NOT_AS_SHOWN = (orders.LinesChanged, orders.CashOnly, orders.TooManyWaiting, NotOffered)


@bp.get("/kantor")
@public
def start() -> BaseResponse:
    """Ask what an office needs: of one choice (`varian`), or of everything in the cart (`keranjang=1`)."""
    amounts = _begun()
    return _page(_form(amounts, blank=True), amounts) if amounts.typed else _intro()


def _form(amounts: Amounts, *, blank: bool = False) -> AskForm:
    """Return the form, with the kecamatan to which the goods may have to go."""
    form = AskForm(formdata=None) if blank else AskForm()
    regency = queries.regency_of(next(iter(amounts.typed), 0))
    form.offer_places(queries.list_goals(regency, amounts.typed) if regency else [])
    form.regency = regency
    return form


def _begun() -> Amounts:
    if request.args.get("keranjang"):
        return Amounts({line.variant_id: str(line.qty) for line in cart_of_phone()[: rules.MOST_LINES]})
    variant_id = digits.whole(request.args.get("varian", ""))
    return Amounts({variant_id: ""} if variant_id else {})


def _intro() -> BaseResponse:
    return private_page(render_template("trade/offices/intro.html", filled=bool(cart_of_phone())))


@bp.post("/kantor")
@public
def plan() -> BaseResponse:
    """Show who would make how much, before anything is ordered."""
    amounts = Amounts.posted(request.form.items(multi=True))
    form = _form(amounts)
    if not amounts.typed:
        return _intro()
    asked = _asked(form, amounts)
    return _page(form, amounts, asked, 200 if asked else 422)


@bp.post("/kantor/pesan")
@public
def order() -> BaseResponse:
    """Place what the page showed: once per key, however often it is sent."""
    amounts = Amounts.posted(request.form.items(multi=True))
    form = _form(amounts)
    if not amounts.typed:
        return _intro()
    asked, key = _asked(form, amounts), form.key()
    if asked is None:
        return _page(form, amounts, None, 422)
    parts = planning.agreed(form.isi.data or "", amounts.wanted, asked.need, form.bayar.data)
    if not parts or not key:
        said = _("Isinya berubah. Periksa lagi pembagian di bawah, lalu pesan.")
        return _page(form, amounts, asked, 422, said)
    who = Asked(
        form.kantor.data, form.bagian.data or "", form.keperluan.data or "", form.nama.data, form.telepon.data,
        form.catatan.data or "",
    )  # fmt: skip
    try:
        with transaction():
            before = queries.find_before(pocket.codes(), who.office, who.unit)
            made = operations.request(who, parts, key=key, before=before)
            token, placed = made.group.token, order_queries.list_codes(made.group_id)
    except orders.LinesChanged:
        said = _("Ada yang berubah di lapak, jadi pembagiannya dihitung lagi. Periksa, lalu pesan.")
        return _page(form, amounts, asked, 409, said)
    except NOT_AS_SHOWN as refusal:
        return _page(form, amounts, asked, refusal.status, str(refusal))
    response = redirect(url_for("offices.show", token=token), 303)
    if request.form.get("dari") == "keranjang":
        JAR.drop(response)
    pocket.remember(response, placed)
    return response


class _Answer:
    """What a form that holds asks for, and the kabupaten whose clock it was read on."""

    def __init__(self, form: AskForm, regency: str) -> None:
        self.regency = regency
        self.need: Need = form.need(_zone(regency))


def _zone(regency: str) -> Zone:
    return zone_named(settings_of(regency).zone)


def _asked(form: AskForm, amounts: Amounts) -> _Answer | None:
    """Read what is asked; None with the reasons in the form when it cannot be."""
    holds, counted, regency = form.filled(), amounts.read(), form.regency
    if not holds or not counted or regency is None:
        return None
    answer = _Answer(form, regency)
    try:
        operations.check_time(answer.need, regency)
    except (TooSoon, TooFar) as refusal:
        form.note("tanggal", refusal)
        return None
    return answer


def _page(
    form: AskForm, amounts: Amounts, asked: _Answer | None = None, status: int = 200, trouble: str = ""
) -> BaseResponse:
    offers = offers_of(amounts.typed)
    if not offers:
        return _intro()
    found: Plan | None = None
    if asked:
        zone = settings_of(asked.regency).zone
        found = planning.make(amounts.wanted, asked.need, zone, form.bayar.data)
        if found.parts and not found.short:
            form.isi.data = planning.pack(found, amounts.wanted, asked.need, form.bayar.data)
    page = render_template(
        "trade/offices/ask.html",
        form=form,
        amounts=amounts,
        offers=[offers[each] for each in amounts.typed if each in offers],
        plan=found,
        need=asked.need if asked else None,
        whole=bool(found and found.parts and not found.short),
        ways={method: str(hint) for method, (_word, hint) in WAYS.items() if hint},
        how=labels.HOW,
        key=form.key() or secrets.token_urlsafe(KEY_BYTES),
        of_cart=bool(request.values.get("keranjang") or request.form.get("dari") == "keranjang"),
        trouble=trouble,
    )
    return private_page(page, status)


def _open(ask: Callable[[], Found], token: str) -> Found:
    """Ask for what a secret opens; whoever tries many is slowed down."""
    try:
        return ask()
    except NotFound:
        count_wrong(token[:LONGEST_CODE])
        raise


@bp.get("/kantor/<code:token>")
@public
def show(token: str) -> BaseResponse:
    """Show an office where each part of its order stands, and the papers it has by now."""
    asked, placed = _open(lambda: queries.get_with_orders(token), token)
    sheets = order_queries.sheets(placed)
    page = render_template(
        "trade/offices/show.html",
        filed=asked,
        token=token,
        sheets=sheets,
        papers=queries.list_papers(sheet.order.id for sheet in sheets),
        titles=letters.TITLES,
        labels=labels,
        messages=messages,
        codes={sheet.order.id: links.handover_code(sheet.order.code) for sheet in sheets if _is_coming(sheet)},
        saved=bool(request.args.get("tersimpan")),
        states={sheet.order.id: pages.short_state(sheet.state) for sheet in sheets},
    )
    return private_page(page)


def _is_coming(sheet: Sheet) -> bool:
    """Tell whether the code for the hand-over is wanted: first the one to pay, then the one to show."""
    return sheet.state in {"accepted", "ready"} and not sheet.waits_for_money


@bp.route("/kantor/<code:token>/kop", methods=["GET", "POST"])
@public
def heading(token: str) -> BaseResponse:
    """Change what stands over the papers and who signs them; numbers stay."""
    asked = _open(lambda: queries.get_request(token), token)
    kept = {
        "kop": asked.heading, "keperluan": asked.purpose, "penerima": asked.receiver, "bendahara": asked.treasurer,
        "versi": str(asked.version),
    }  # fmt: skip
    form = HeadingForm(data=kept)
    if not form.filled():
        return _heading_page(form, token, 422 if form.is_submitted() else 200)
    try:
        with transaction():
            operations.change_heading(
                asked, form.kop.data, form.keperluan.data or "", form.penerima.data or "", form.bendahara.data or "",
                version=form.version(),
            )  # fmt: skip
    except StaleVersion as refusal:
        newer = queries.get_request(token)
        form.stale(refusal, newer.version)
        return _heading_page(form, token, refusal.status, newer)
    return redirect(url_for("offices.show", token=token, tersimpan=1), 303)


def _heading_page(form: HeadingForm, token: str, status: int, newer: OfficeRequest | None = None) -> BaseResponse:
    return private_page(render_template("trade/offices/heading.html", form=form, token=token, newer=newer), status)


@bp.get("/kantor/<code:token>/surat")
@public
def paper(token: str) -> BaseResponse:
    """Show an office one of its papers as it is printed: `nomor` of its own, else the first."""
    asked, kept = _paper_of(token)
    where = {
        "back": url_for("offices.show", token=token),
        "file": url_for("offices.pdf", token=token, nomor=kept.id),
    }
    return _sheet(kept, asked, where)


@bp.get("/kantor/<code:token>/surat.pdf")
@public
def pdf(token: str) -> BaseResponse:
    """Give the same sheet as a file."""
    asked, kept = _paper_of(token)
    return _file(kept, asked, url_for("offices.paper", token=token, nomor=kept.id, tanpa=1))


def _paper_of(token: str) -> tuple[OfficeRequest, OfficePaper]:
    return _open(lambda: queries.get_paper_of(token, digits.whole(request.args.get("nomor", ""))), token)


@bp.get("/jualan/pesanan/surat/<id:office_paper_id>")
@allow(policies.signs, queries.get_own_paper)
def own_paper(kept: OfficePaper) -> BaseResponse:
    """Show a seller a paper that she signs."""
    where = {
        "back": url_for("orders.manage", code=kept.order.code),
        "file": url_for("offices.own_pdf", office_paper_id=kept.id),
    }
    return _sheet(kept, queries.get_of_group(kept.order.group_id), where)


@bp.get("/jualan/pesanan/surat/<id:office_paper_id>/surat.pdf")
@allow(policies.signs, queries.get_own_paper)
def own_pdf(kept: OfficePaper) -> BaseResponse:
    """Give her the same sheet as a file."""
    asked = queries.get_of_group(kept.order.group_id)
    return _file(kept, asked, url_for("offices.own_paper", office_paper_id=kept.id, tanpa=1))


def _sheet(kept: OfficePaper, asked: OfficeRequest, where: dict[str, str]) -> BaseResponse:
    undrawn = bool(request.args.get("tanpa"))
    page = render_template("trade/offices/paper.html", **letters.facts(kept, asked), **where, undrawn=undrawn)
    return private_page(page)


def _file(kept: OfficePaper, asked: OfficeRequest, page: str) -> BaseResponse:
    try:
        return letters.pdf(kept, asked)
    except Unavailable:
        return redirect(page, 303)


@bp.post("/jualan/pesanan/<code:code>/bendahara")
@allow(sells, order_queries.get_own)
def paid(order: Order) -> BaseResponse:
    """Note that the treasurer paid; the receipt is there from now on."""
    code = order.code
    try:
        with transaction():
            operations.note_paid(order, by=current_actor())
    except DomainError as refusal:
        flash(str(refusal), "warning")
    else:
        flash(_("Uang dari bendahara tercatat. Kuitansinya sudah ada."), "success")
    return redirect(url_for("orders.manage", code=code), 303)


@bp.get("/surat/<code:paper_code>")
@public
def confirm(paper_code: str) -> BaseResponse:
    """Confirm kind, number, day and amount of a paper to whoever holds it, and say nothing else."""
    try:
        kept = queries.get_by_code(paper_code)
    except NotFound:
        with transaction():
            limits.fail(LOOK_UPS, codes.normalise(paper_code)[:LONGEST_CODE], request.remote_addr or "")
        raise
    now = afterwards.amount_now(kept, order_queries.sheet(kept.order))
    page = render_template("trade/offices/confirm.html", paper=kept, title=letters.TITLES[kept.kind], now=now)
    return private_page(page)


@fill("order.seller", order=20)
def for_seller(sheet: Sheet) -> str:
    """Show a seller which office ordered, where and when it needs it, and the papers to sign."""
    if not sheet.order.for_office:
        return ""
    asked = queries.find_of_group(sheet.order.group_id)
    papers = queries.list_papers([sheet.order.id]).get(sheet.order.id, [])
    return render_template("trade/offices/_seller.html", sheet=sheet, filed=asked, papers=papers, titles=letters.TITLES)


@fill("order.buyer", order=20)
def for_buyer(sheet: Sheet) -> str:
    """Lead the office back to the page of its papers."""
    if not sheet.order.for_office:
        return ""
    token = queries.token_of(sheet.order.group_id)
    return render_template("trade/offices/_buyer.html", token=token)

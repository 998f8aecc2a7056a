"""Pages of reviews: the buyer's by her link, the seller's, the curator's, and the way to report one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from sqlalchemy import ColumnElement
from werkzeug.wrappers import Response as BaseResponse

from app.core import pages
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import DomainError, NotFound, TooMany
from app.core.forms import posted
from app.core.i18n import _
from app.core.panels import fill
from app.core.policy import allow, current_actor, public
from app.goods.catalogue import detail
from app.goods.catalogue.detail import Detail, Stall
from app.goods.machines import further
from app.goods.shops.models import Shop
from app.goods.shops.policies import owns
from app.goods.shops.queries import get_own_shop
from app.kit import digits
from app.people.accounts.policies import is_curator
from app.trade.orders import links, messages
from app.trade.orders import queries as orders
from app.trade.orders.buyer import open_link
from app.trade.orders.models import Order
from app.trade.orders.moving import NotNow
from app.trade.orders.queries import Sheet
from app.trade.reviews import operations, personal, policies, queries, rules, verify, words
from app.trade.reviews.forms import AnswerForm, JudgeForm, ReviewForm
from app.trade.reviews.models import Review
from app.trade.reviews.rules import Heard

# Whoever takes this room in has its book too.
__all__ = ("bp", "personal", "verify")

bp = Blueprint("reviews", __name__)

PER_PAGE = 20


@fill("product.reviews")
def of_product(*, product: Detail) -> str:
    """Show strangers what buyers say about a product."""
    return _heard(queries.heard(product.beside), url_for("reviews.product", slug=product.slug), named=False)


@fill("shop.reviews")
def of_shop(*, shop: Stall) -> str:
    """Show strangers what buyers say about the goods of a shop."""
    return _heard(queries.heard(shop.beside), url_for("reviews.shop", slug=shop.slug), named=True)


def _heard(heard: Heard, more: str, *, named: bool) -> str:
    if not heard.count:
        return ""
    return render_template("trade/reviews/_heard.html", heard=heard, named=named, words=words, more=more)


@further.tells
def told(product: Detail) -> dict[str, Any]:
    """Tell machines what strangers read about a product: the newest reviews, and a mean where there is one."""
    return rules.told(queries.heard(product.beside))


@bp.get("/produk/<slug:slug>/ulasan")
@public
@pages.kept()
def product(slug: str) -> Response:
    """List all that buyers say about a product, the newest first.

    Raises:
        NotFound: no such product, or it is gone.
    """
    found = detail.find_detail(slug)
    if found is None or found.gone:
        raise NotFound(slug)
    crumbs = [(found.stall.name, f"/lapak/{found.stall.slug}"), (found.name, f"/produk/{slug}")]
    return _all(Review.product_id == found.id, queries.heard(found.beside), found.name, crumbs)


@bp.get("/lapak/<slug:slug>/ulasan")
@public
@pages.kept()
def shop(slug: str) -> Response:
    """List all that buyers say about the goods of a shop, the newest first.

    Raises:
        NotFound: no such shop.
    """
    found = detail.find_stall(slug)
    if found is None:
        raise NotFound(slug)
    stall = found[0]
    crumbs = [(stall.name, f"/lapak/{slug}")]
    return _all(Review.shop_id == stall.id, queries.heard(stall.beside), stall.name, crumbs, named=True)


def _all(
    whose: ColumnElement[bool], heard: Heard, name: str, crumbs: list[tuple[str, str]], *, named: bool = False
) -> Response:
    before = digits.whole(request.args.get("sebelum", "")) or 0
    found = queries.list_shown(whose, before, PER_PAGE + 1)
    said = found[:PER_PAGE]
    more = f"{request.path}?sebelum={said[-1].id}" if len(found) > PER_PAGE else None
    page = render_template(
        "trade/reviews/all.html", heard=heard, said=said, more=more, name=name, crumbs=crumbs, named=named,
        words=words, further=before > 0,
    )  # fmt: skip
    return make_response(page)


@fill("order.buyer", order=65)
def offer(sheet: Sheet) -> str:
    """Lead a buyer to what she may say about each thing she got."""
    if sheet.state != "handed_over":
        return ""
    where = url_for("reviews.own", code=sheet.order.code, s=links.link_signature(sheet.order.code))
    return render_template("trade/reviews/_offer.html", where=where)


@fill("shop.own", order=60)
def way(*, shop: Shop) -> str:
    """Lead a seller from her shop to what buyers say."""
    return render_template("trade/reviews/_way.html")


@bp.get("/pesanan/<code:code>/ulasan")
@public
def own(code: str) -> Response:
    """Show a buyer each thing she got, with what she said or may say about it."""
    return _own_page(open_link(code), 0, ReviewForm(formdata=None), 200)


@bp.post("/pesanan/<code:code>/ulasan")
@public
def say(code: str) -> BaseResponse:
    """Keep what she says about one thing; sent twice it is one."""
    order, form, line_id = open_link(code), ReviewForm(), digits.whole(posted("baris")) or 0
    if not form.filled():
        return _own_page(order, line_id, form, 422)
    try:
        with transaction():
            operations.review(order, line_id, int(form.bintang.data), form.kalimat.data or "")
    except NotNow as refusal:
        form.form_errors = [str(refusal)]
        return _own_page(order, line_id, form, refusal.status)
    return redirect(messages.buyer_url(code, "reviews.own"), 303)


def _own_page(order: Order, line_id: int, form: ReviewForm, status: int) -> Response:
    """Show the lines; the form with what was typed stands at its own, fresh ones at the others."""
    sheet = orders.sheet(order)
    said = queries.of_lines(line.id for line in sheet.lines)
    lines = [line for line in sheet.lines if line.qty_handed]
    forms = {
        line.id: form if line.id == line_id else ReviewForm(formdata=None, prefix="")
        for line in lines
        if line.id not in said
    }
    page = render_template(
        "trade/reviews/own.html",
        sheet=sheet,
        order=sheet.order,
        lines=lines,
        said=said,
        forms=forms,
        form=form,
        words=words,
        signature=links.link_signature(order.code),
        back=messages.buyer_url(order.code),
    )
    return private_page(page, status)


@bp.get("/jualan/ulasan")
@allow(owns, get_own_shop)
def inbox(shop: Shop) -> Response:
    """List what buyers say about a seller's goods."""
    before = digits.whole(request.args.get("sebelum", "")) or 0
    found = queries.list_of_shop(shop.id, before, PER_PAGE + 1)
    shown = found[:PER_PAGE]
    more = url_for("reviews.inbox", sebelum=shown[-1][0].id) if len(found) > PER_PAGE else None
    heard = queries.of_shop(shop.id)
    return private_page(render_template("trade/reviews/inbox.html", rows=shown, heard=heard, more=more, words=words))


@bp.route("/jualan/ulasan/<id:review_id>", methods=["GET", "POST"])
@allow(policies.got, queries.get_own)
def answer(review: Review) -> BaseResponse:
    """Take her one answer, which everybody reads."""
    form = AnswerForm()
    if not form.filled():
        return _answer_page(review, form, 422 if form.is_submitted() else 200)
    try:
        with transaction():
            operations.answer(review, form.jawaban.data, by=current_actor())
    except operations.NotInPublic as refusal:
        form.note("jawaban", refusal)
        return _answer_page(review, form, refusal.status)
    except DomainError as refusal:
        form.form_errors = [str(refusal)]
        return _answer_page(review, form, refusal.status)
    flash(_("Jawaban tampil di bawah ulasan."), "success")
    return redirect(url_for("reviews.inbox"), 303)


def _answer_page(review: Review, form: AnswerForm, status: int) -> Response:
    return private_page(render_template("trade/reviews/answer.html", review=review, form=form, words=words), status)


@bp.route("/ulasan/<id:review_id>/laporkan", methods=["GET", "POST"])
@public
def report(review_id: int) -> BaseResponse:
    """Ask once more, then take a review out of sight until a curator has looked."""
    if request.method != "POST":
        return private_page(
            render_template("trade/reviews/report.html", review=queries.get_shown(review_id), words=words)
        )
    review = queries.get_review(review_id)
    try:
        with transaction():
            operations.report(review, address=request.remote_addr or "")
    except TooMany as refusal:
        page = render_template("trade/reviews/report.html", review=review, words=words, trouble=str(refusal))
        return private_page(page, refusal.status)
    return private_page(render_template("trade/reviews/reported.html"))


@bp.get("/dinsos/ulasan")
@allow(is_curator)
def held() -> Response:
    """List the reviews that a curator has to look at, oldest first."""
    after = digits.whole(request.args.get("setelah", "")) or 0
    found = queries.list_held(scope=current_actor(), after_id=after, limit=PER_PAGE + 1)
    shown = found[:PER_PAGE]
    more = url_for("reviews.held", setelah=shown[-1][0].id) if len(found) > PER_PAGE else None
    return private_page(
        render_template("trade/reviews/held.html", rows=shown, more=more, words=words, reasons=rules.REASONS)
    )


@bp.post("/dinsos/ulasan/<id:review_id>")
@allow(policies.may_judge, queries.get_review)
def judge(review: Review) -> BaseResponse:
    """Let a review stand, or take it away."""
    form = JudgeForm()
    try:
        with transaction():
            shown = form.putusan.data == "tampil"
            operations.judge(
                review, shown=shown, version=form.version(), by=current_actor(), reason=form.sebab.data or ""
            )
    except DomainError as refusal:
        flash(str(refusal), "warning")
        return redirect(url_for("reviews.held"), 303)
    flash(_("Ulasan ditampilkan.") if shown else _("Ulasan tidak ditampilkan."), "success")
    return redirect(url_for("reviews.held"), 303)

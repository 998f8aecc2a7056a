"""Reporting a product without an account, and the curator's desk for what was reported."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import NotFound, TooMany
from app.core.i18n import _
from app.core.panels import fill
from app.core.policy import allow, current_actor, public
from app.goods.catalogue import moulds
from app.goods.catalogue.detail import Detail
from app.goods.curation.operations import NoReason
from app.goods.curation.queries import count_waiting as count_revisions
from app.goods.curation.queries import list_reasons
from app.goods.products.models import Product
from app.goods.products.queries import Item
from app.goods.reports import operations, policies, queries
from app.goods.reports.forms import ENDS, KINDS, OUTCOMES, AnswerForm, ReportForm
from app.goods.reports.queries import Case
from app.people.accounts.policies import is_curator

bp = Blueprint("reports", __name__)


@bp.app_template_filter("sebab_laporan")
def kind_word(kind: str) -> str:
    """Say what a report is about."""
    return str(KINDS[kind])


@fill("product.wish", order=90)
def way_to_report(product: Detail) -> str:
    """Lead from a product's page to the form; the page itself stays the same for everybody."""
    return moulds.fill("goods/reports/_way.html", "way", {"slug": product.slug})


@fill("product.first")
def what_to_do(*, item: Item) -> str:
    """Tell a seller first of all why her product is off sale, and what to do."""
    return render_template("goods/reports/_held.html") if item.standing == "held" else ""


@fill("product", order=90)
def told_to_seller(*, item: Item) -> str:
    """Tell a seller what was reported about her product, and what came of it."""
    told = queries.list_told(item.product.id)
    return render_template("goods/reports/_told.html", told=told, outcomes=OUTCOMES) if told else ""


@bp.get("/produk/<slug:slug>/laporkan")
@public
def ask(slug: str) -> Response:
    """Ask what is wrong with a product."""
    return _form_page(_reported(slug), ReportForm(formdata=None))


@bp.post("/produk/<slug:slug>/laporkan")
@public
def send(slug: str) -> ResponseReturnValue:
    """Keep a report; sending it twice is one."""
    product, form = _reported(slug), ReportForm()
    if not form.filled():
        return _form_page(product, form, 422)
    try:
        with transaction():
            operations.report(
                product, form.sebab.data, form.kalimat.data, form.hp.data, address=request.remote_addr or ""
            )
    except (operations.NotForSale, TooMany) as refusal:
        form.form_errors = [str(refusal)]
        return _form_page(product, form, refusal.status)
    return redirect(url_for("reports.thanks", slug=slug), 303)


@bp.get("/produk/<slug:slug>/laporkan/terima-kasih")
@public
def thanks(slug: str) -> Response:
    """Say what happens next; and once it was answered, in which words. Whoever reported can come back to it."""
    product = queries.find_public(slug) or queries.find_answered(slug)
    if product is None:
        raise NotFound(slug)
    name, answered = queries.name_of(product), queries.find_answer(product.id)
    return private_page(render_template("goods/reports/thanks.html", name=name, answered=answered, outcomes=OUTCOMES))


@bp.get("/dinsos/kurasi/laporan")
@allow(is_curator)
def inbox() -> str:
    """Show what was reported and waits: what is off sale first, then the oldest."""
    scope, after = current_actor(), request.args.get("setelah", "")[:40]
    rows = queries.list_waiting(after, scope=scope)
    shown = rows[: queries.PAGE]
    return render_template(
        "goods/reports/inbox.html",
        rows=shown,
        more=shown[-1].place if len(rows) > len(shown) else None,
        first=not after,
        waiting=count_revisions(scope=scope),
        present=now(),
    )


@bp.get("/dinsos/kurasi/laporan/<id:product_id>")
@allow(policies.may_judge, queries.get_case)
def show(case: Case) -> str:
    """Show what people say against a product, the product itself, and the ways to answer."""
    return _case_page(case, _answer_form())


@bp.post("/dinsos/kurasi/laporan/<id:product_id>/jawab")
@allow(policies.may_judge, queries.get_case)
def answer(case: Case) -> ResponseReturnValue:
    """End every report about a product with one answer."""
    form, product = _answer_form(), case.product
    if not form.validate() or form.jawaban.data not in ENDS:
        return _case_page(case, form), 422
    outcome = ENDS[form.jawaban.data]
    try:
        with transaction():
            operations.answer(
                product,
                outcome,
                form.alasan.data or "",
                form.said(),
                seen=form.seen(),
                by=current_actor(),
            )
    except NoReason as refusal:
        form.note("alasan", refusal)
        return _case_page(queries.get_case(product.id), form), refusal.status
    except (operations.AlreadyAnswered, operations.MoreCame) as refusal:
        form.form_errors = [str(refusal)]
        return _case_page(queries.get_case(product.id), form), refusal.status
    name = case.item.shown.name
    words = {
        "unfounded": _("%(name)s: laporan tidak terbukti.", name=name),
        "mended": _("%(name)s: sudah diperbaiki.", name=name),
        "upheld": _("%(name)s ditarik.", name=name),
    }
    flash(words[outcome], "success")
    return redirect(url_for("reports.inbox"), 303)


def _reported(slug: str) -> Product:
    product = queries.find_public(slug)
    if product is None:
        raise NotFound(slug)
    return product


def _answer_form() -> AnswerForm:
    form = AnswerForm()
    form.offer_reasons(list_reasons())
    return form


def _form_page(product: Product, form: ReportForm, status: int = 200) -> Response:
    name = queries.name_of(product)
    return private_page(render_template("goods/reports/ask.html", form=form, name=name, slug=product.slug), status)


def _case_page(case: Case, form: AnswerForm) -> str:
    late = case.deadline is not None and now() > case.deadline
    return render_template("goods/reports/show.html", case=case, form=form, late=late)

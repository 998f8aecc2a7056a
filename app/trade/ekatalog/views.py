"""The seller's way to the e-Katalog, and her pendamping's beside her: how far, what next, one question a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.core import scans
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.forms import posted
from app.core.i18n import _
from app.core.policy import allow, current_actor
from app.goods.permits import forms as permit_forms
from app.goods.permits import policies as permit_policies
from app.goods.permits.models import Permit
from app.goods.permits.queries import get_permit
from app.goods.products.queries import Item as ProductItem
from app.goods.products.queries import get_item
from app.goods.shops.models import Shop
from app.goods.shops.policies import owns as owns_shop
from app.goods.shops.queries import get_own_shop
from app.people.accounts.policies import is_pendamping
from app.trade.ekatalog import expiry, filling, labels, outside, policies, queries, questions, rules
from app.trade.ekatalog.cases import Case, cases_of_each
from app.trade.ekatalog.forms import SentenceForm
from app.trade.ekatalog.lists import bp as bp
from app.trade.ekatalog.models import SubmissionPhoto

Go = Callable[..., str]


def _seller(name: str, **values: Any) -> str:
    return url_for(f"ekatalog.{name}", **values)


def _field(name: str, **values: Any) -> str:
    return url_for(f"ekatalog.field_{name}", **values)


@bp.get("/jualan/ekatalog")
@allow(owns_shop, get_own_shop)
def index(shop: Shop) -> str:
    """Show a seller her rounds, and the goods that may begin one."""
    cases = queries.list_of_shop(shop.id)
    expiring = expiry.list_among(each for each in reversed(cases) if each.submission.state not in rules.ENDED)
    return _index(_seller, expiring, field=False, cases=cases, goods=queries.list_startable(shop.id))


@bp.get("/dampingan/ekatalog")
@allow(is_pendamping)
def field_index() -> str:
    """Show a pendamping the rounds of her caseload, and goods that could begin one."""
    scope = current_actor()
    going = queries.list_in((*rules.FILLING, *queries.WAITING, "approved", *queries.OUTSIDE_NOW), scope=scope)
    cases, touched = cases_of_each(going, expiry.rounds_in(scope))
    goods = queries.list_startable_in(scope)
    return _index(_field, expiry.list_among(touched), field=True, cases=cases, goods=goods)


def _index(go: Go, expiring: list[expiry.Expiring], **facts: Any) -> str:
    page = "trade/ekatalog/index.html"
    return render_template(page, go=go, labels=labels, expiring=expiring, names=permit_forms.NAMES, **facts)


@bp.post("/jualan/ekatalog/surat/<id:permit_id>/tahu")
@allow(permit_policies.holds, get_permit)
def know(permit: Permit) -> Response:
    """Say that she knows that her paper ends."""
    with transaction():
        expiry.read(permit, by=current_actor())
    return redirect(url_for("ekatalog.index"), 303)


@bp.post("/jualan/ekatalog/mulai/<id:product_id>")
@allow(policies.owns_product, get_item)
def start(item: ProductItem) -> Response:
    """Begin a round for one product."""
    return _start(item, _seller)


@bp.post("/dampingan/ekatalog/mulai/<id:product_id>")
@allow(policies.helps_product, get_item)
def field_start(item: ProductItem) -> Response:
    """Begin a round for a seller's product."""
    return _start(item, _field)


@bp.get("/jualan/ekatalog/<id:submission_id>")
@allow(policies.owns, queries.get_case)
def show(case: Case) -> str:
    """Show how far a round is, and the one thing to do next."""
    return _show(case, _seller)


@bp.get("/dampingan/ekatalog/<id:submission_id>")
@allow(policies.helps, queries.get_case)
def field_show(case: Case) -> str:
    """Show the same to her pendamping."""
    return _show(case, _field)


@bp.route("/jualan/ekatalog/<id:submission_id>/isi", methods=["GET", "POST"])
@allow(policies.owns, queries.get_case)
def item(case: Case) -> ResponseReturnValue:
    """Ask one question (`butir`)."""
    return _item(case, _seller)


@bp.route("/dampingan/ekatalog/<id:submission_id>/isi", methods=["GET", "POST"])
@allow(policies.helps, queries.get_case)
def field_item(case: Case) -> ResponseReturnValue:
    """Ask the same of her pendamping."""
    return _item(case, _field)


@bp.post("/jualan/ekatalog/<id:submission_id>/kirim")
@allow(policies.owns, queries.get_case)
def send(case: Case) -> Response:
    """Hand it to the office."""
    return _act(case, _seller, filling.send, _("Terkirim. Petugas memeriksanya, urut dari yang paling lama."))


@bp.post("/dampingan/ekatalog/<id:submission_id>/kirim")
@allow(policies.helps, queries.get_case)
def field_send(case: Case) -> Response:
    """Hand it to the office for her."""
    return _act(case, _field, filling.send, _("Terkirim. Nama Anda dan nama penjual tercatat."))


@bp.post("/jualan/ekatalog/<id:submission_id>/batal")
@allow(policies.owns, queries.get_case)
def withdraw(case: Case) -> Response:
    """Take it back."""
    return _act(case, _seller, filling.withdraw, _("Pengajuan dibatalkan."))


@bp.post("/dampingan/ekatalog/<id:submission_id>/batal")
@allow(policies.helps, queries.get_case)
def field_withdraw(case: Case) -> Response:
    """Take it back for her."""
    return _act(case, _field, filling.withdraw, _("Pengajuan dibatalkan."))


@bp.post("/jualan/ekatalog/<id:submission_id>/lanjut")
@allow(policies.owns, queries.get_case)
def go_on(case: Case) -> Response:
    """Go on in a new round."""
    return _go_on(case, _seller)


@bp.post("/dampingan/ekatalog/<id:submission_id>/lanjut")
@allow(policies.helps, queries.get_case)
def field_go_on(case: Case) -> Response:
    """Go on in a new round for her."""
    return _go_on(case, _field)


@bp.post("/jualan/ekatalog/<id:submission_id>/keberatan")
@allow(policies.owns, queries.get_case)
def appeal(case: Case) -> Response:
    """Object to "not suitable"."""
    return _appeal(case, _seller)


@bp.post("/dampingan/ekatalog/<id:submission_id>/keberatan")
@allow(policies.helps, queries.get_case)
def field_appeal(case: Case) -> Response:
    """Object for her."""
    return _appeal(case, _field)


@bp.get("/jualan/ekatalog/foto/<id:photo_id>")
@allow(policies.holds_photo, queries.get_photo)
def photo(kept: SubmissionPhoto) -> Response:
    """Show a photo of her round."""
    return scans.answer(kept.name)


@bp.get("/dinsos/ekatalog/foto/<id:photo_id>")
@allow(policies.may_see_photo, queries.get_photo)
def field_photo(kept: SubmissionPhoto) -> Response:
    """Show a photo of a round to whoever helps, checks or signs."""
    return scans.answer(kept.name)


def _start(product: ProductItem, go: Go) -> Response:
    profile = posted("versi")
    with transaction():
        started = filling.start(
            product.product, by=current_actor(), profile=profile if profile in rules.PROFILES else rules.PROFILES[0]
        )
        number = started.id
    return redirect(go("show", submission_id=number), 303)


def _show(case: Case, go: Go) -> str:
    course = queries.course_of(case.submission.id)
    return render_template(
        "trade/ekatalog/show.html",
        case=case,
        go=go,
        labels=labels,
        moves=course.moves,
        names=course.names,
        papers=permit_forms.NAMES,
        appeal=course.appeal,
        following=course.following,
        form=SentenceForm(formdata=None),
        goes_on=case.state in rules.GOES_ON,
        may_withdraw=rules.may_move(case.submission.state, "withdrawn", current_actor().role),
    )


def _item(case: Case, go: Go) -> ResponseReturnValue:
    usual = case.next_key or case.items[0].key
    question = questions.Question(case, request.args.get("butir", usual))
    if request.method == "POST" and question.editable:
        try:
            if question.take(by=current_actor()):
                return redirect(go("show", submission_id=case.submission.id), 303)
            if question.stays:
                return redirect(go("item", submission_id=case.submission.id, butir=question.item.key), 303)
        except DomainError as refusal:
            question.form.form_errors = [str(refusal)]
    status = 422 if request.method == "POST" else 200
    context = {"case": case, "question": question, "item": question.item, "go": go, "labels": labels}
    return render_template("trade/ekatalog/item.html", **context), status


def _act(case: Case, go: Go, act: Callable[..., object], said: str) -> Response:
    try:
        with transaction():
            act(case, by=current_actor())
    except DomainError as refusal:
        flash(str(refusal), "error")
    else:
        flash(said, "success")
    return redirect(go("show", submission_id=case.submission.id), 303)


def _go_on(case: Case, go: Go) -> Response:
    with transaction():
        number = outside.go_on(case, by=current_actor()).id
    flash(_("Babak baru dibuka. Isian yang dulu sudah dibawa."), "success")
    return redirect(go("show", submission_id=number), 303)


def _appeal(case: Case, go: Go) -> Response:
    form = SentenceForm()
    if not form.filled():
        flash(_("Tulis satu kalimat."), "error")
        return redirect(go("show", submission_id=case.submission.id), 303)
    with transaction():
        filling.appeal(case, form.sentence.data, by=current_actor())
    flash(_("Keberatan terkirim. Petugas lain yang menjawab."), "success")
    return redirect(go("show", submission_id=case.submission.id), 303)

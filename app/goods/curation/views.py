"""The curator's desk: what waits, one thing at a time, and what was answered."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.clock import now
from app.core.db import transaction
from app.core.errors import DomainError, NotFound
from app.core.i18n import _, _n
from app.core.policy import Actor, allow, current_actor
from app.goods.curation import operations, papers, policies, queries, rules
from app.goods.curation.forms import HINDRANCES, AnswerForm
from app.goods.curation.queries import Case
from app.goods.products import operations as products
from app.goods.products.queries import Item, get_item
from app.goods.products.rules import gram_change, price_change
from app.goods.shops import operations as shops
from app.kit import digits
from app.people.accounts.policies import is_curator

bp = Blueprint("curation", __name__)

QUEUE_SHOWN = 12


@bp.app_template_filter("hindrance")
def hindrance(code: str) -> str:
    """Say why a change must be looked at by itself."""
    return str(HINDRANCES[code])


@bp.get("/dinsos/kurasi")
@allow(is_curator)
def index() -> str:
    """Show what waits, oldest first."""
    scope = current_actor()
    after = rules.read_place(request.args.get("setelah", ""))
    cases = queries.list_waiting(after, scope=scope)
    shown = cases[: queries.PAGE]
    more = str(rules.Place(shown[-1].revision.submitted_at, shown[-1].revision.id)) if len(cases) > len(shown) else None
    return render_template(
        "goods/curation/index.html",
        cases=shown,
        more=more,
        first=after is None,
        waiting=queries.count_waiting(scope=scope),
        present=now(),
    )


@bp.post("/dinsos/kurasi/setujui-bersama")
@allow(is_curator)
def approve_plain() -> Response:
    """Approve the ticked changes, each for itself; say by name which could not be, and why."""
    scope, done, left = current_actor(), 0, []
    for number in dict.fromkeys(request.form.getlist("revisi")[: queries.PAGE]):
        case = _ticked(number, scope)
        if case is None:
            continue
        try:
            with transaction():
                operations.approve_plain(case, by=scope)
            done += 1
        except DomainError as refusal:
            left.append(_("%(name)s: %(why)s", name=case.revision.name, why=str(refusal)))
    if done:
        flash(_n("%(n)s perubahan disetujui.", "%(n)s perubahan disetujui.", done, n=done), "success")
    for sentence in left:
        flash(sentence, "warning")
    if not done and not left:
        flash(_("Centang dulu yang mau disetujui."), "warning")
    return redirect(url_for("curation.index"), 303)


def _ticked(number: str, scope: Actor) -> Case | None:
    """Return what was ticked, None when this curator may not answer it."""
    revision_id = digits.whole(number)
    try:
        case = queries.get_case(revision_id) if revision_id else None
    except NotFound:
        return None
    return case if case and policies.may_decide(scope, case) else None


@bp.get("/dinsos/kurasi/dijawab")
@allow(is_curator)
def decided() -> str:
    """Show who answered what, newest first."""
    scope, before = current_actor(), _before()
    cases = queries.list_decided(before, scope=scope)
    shown = cases[: queries.PAGE]
    more = shown[-1].decision.id if len(cases) > len(shown) and shown[-1].decision else None
    waiting = queries.count_waiting(scope=scope)
    return render_template("goods/curation/decided.html", cases=shown, more=more, first=before is None, waiting=waiting)


@bp.get("/dinsos/kurasi/tampil")
@allow(is_curator)
def live() -> str:
    """Show what is on sale in the region."""
    return _products("live")


@bp.get("/dinsos/kurasi/ditarik")
@allow(is_curator)
def withdrawn() -> str:
    """Show what was taken off the market."""
    return _products("withdrawn")


@bp.get("/dinsos/kurasi/<id:revision_id>")
@allow(policies.may_decide, queries.get_case)
def review(case: Case) -> str:
    """Show one wording with everything needed to answer it."""
    return _review_page(case, _form())


@bp.post("/dinsos/kurasi/<id:revision_id>/jawab")
@allow(policies.may_decide, queries.get_case)
def answer(case: Case) -> Response | tuple[str, int]:
    """Approve, send back or refuse; then show the next."""
    form, scope = _form(), current_actor()
    if not form.validate() or form.answer.data not in {"setujui", *rules.ANSWERS}:
        return _review_page(case, form), 422
    following = queries.find_next(case, scope=scope)
    name = case.revision.name
    try:
        with transaction():
            if form.answer.data == "setujui":
                operations.approve(case.revision, by=scope)
            else:
                operations.turn_down(
                    case.revision, form.answer.data, form.reason.data or "", form.sentence.data or "", by=scope
                )
    except operations.NoReason as refusal:
        form.note("reason", refusal)
        return _review_page(queries.get_case(case.revision.id), form), refusal.status
    except (operations.AlreadyAnswered, operations.Overtaken) as refusal:
        return _review_page(queries.get_case(case.revision.id), form), refusal.status
    words = {
        "setujui": _("Disetujui: %(name)s"),
        "kembalikan": _("Dikembalikan: %(name)s"),
        "tolak": _("Ditolak: %(name)s"),
    }
    flash(words[form.answer.data] % {"name": name}, "success")
    if following and following != case.revision.id:
        return redirect(url_for("curation.review", revision_id=following), 303)
    return redirect(url_for("curation.index"), 303)


@bp.post("/dinsos/kurasi/<id:revision_id>/hubungan")
@allow(policies.may_step_back, queries.get_case)
def declare_kin(case: Case) -> Response:
    """Hand everything of a shop to other officers."""
    with transaction():
        shops.declare_kin(case.shop, by=current_actor())
    flash(_("Dicatat. Produk %(shop)s diperiksa petugas lain.", shop=case.shop.name), "success")
    return redirect(url_for("curation.index"), 303)


@bp.get("/dinsos/kurasi/produk/<id:product_id>")
@allow(policies.may_watch, get_item)
def product(item: Item) -> str:
    """Show a product on sale, and the way to take it off the market."""
    return _product_page(item, _form())


@bp.post("/dinsos/kurasi/produk/<id:product_id>/tarik")
@allow(policies.may_watch, get_item)
def withdraw(item: Item) -> Response | tuple[str, int]:
    """Take a product off the market, with a reason."""
    form = _form()
    if not form.validate():
        return _product_page(item, form), 422
    try:
        with transaction():
            operations.withdraw(item.product, form.reason.data or "", form.sentence.data or "", by=current_actor())
    except operations.NoReason as refusal:
        form.note("reason", refusal)
        return _product_page(get_item(item.product.id), form), refusal.status
    undo = url_for("curation.reinstate", product_id=item.product.id)
    flash({"text": _("%(name)s ditarik.", name=item.shown.name), "url": undo}, "undo")  # type: ignore[arg-type]
    return redirect(url_for("curation.product", product_id=item.product.id), 303)


@bp.post("/dinsos/kurasi/produk/<id:product_id>/pulihkan")
@allow(policies.may_watch, get_item)
def reinstate(item: Item) -> Response:
    """Let a withdrawn product back on the market."""
    with transaction():
        products.reinstate(item.product, by=current_actor())
    if item.product.state == "live":
        flash(_("%(name)s tampil lagi.", name=item.shown.name), "success")
    else:
        flash(_("%(name)s dipulihkan. Penjualnya sendiri menyembunyikannya.", name=item.shown.name), "success")
    return redirect(url_for("curation.product", product_id=item.product.id), 303)


def _form() -> AnswerForm:
    form = AnswerForm()
    form.offer_reasons(queries.list_reasons())
    return form


def _before() -> int | None:
    return digits.whole(request.args.get("setelah", ""))


def _products(state: str) -> str:
    scope, after = current_actor(), rules.read_place(request.args.get("setelah", ""))
    cases = queries.list_products(state, after, scope=scope)
    shown = cases[: queries.PAGE]
    last = shown[-1].product if len(cases) > len(shown) else None
    return render_template(
        "goods/curation/products.html",
        cases=shown,
        state=state,
        more=str(rules.Place(last.published_at, last.id)) if last and last.published_at else None,
        first=after is None,
        waiting=queries.count_waiting(scope=scope),
    )


def _review_page(case: Case, form: AnswerForm) -> str:
    scope = current_actor()
    former, following = queries.find_neighbours(case, scope=scope)
    before = case.before
    return render_template(
        "goods/curation/review.html",
        case=case,
        form=form,
        former=former,
        following=following,
        queue=queries.list_queue(QUEUE_SHOWN, scope=scope),
        prices=queries.find_price_range(case.revision.category_id),
        moved=price_change(before.price, case.revision.price) if before else 0,
        weighed=gram_change(before, case.revision) if before else 0,
        newer=queries.find_newest_waiting(case.product) if case.revision.state == "superseded" else None,
        late=now() > case.deadline,
        advice=papers.advise(case.revision, case.shop),
    )


def _product_page(item: Item, form: AnswerForm) -> str:
    return render_template("goods/curation/product.html", item=item, form=form)

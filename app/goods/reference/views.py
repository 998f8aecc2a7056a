"""The lists that everybody's pages rest on, as curators keep them, with their history."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.db import transaction
from app.core.errors import DomainError
from app.core.i18n import _, _n
from app.core.policy import allow, current_actor
from app.goods.categories.models import Category
from app.goods.categories.queries import get_category, list_categories
from app.goods.curation.models import RefusalReason
from app.goods.reference import forms, operations, policies, queries
from app.goods.reference.door import bp
from app.goods.reference.forms import CategoryForm, MergeForm, PapersForm, ReasonForm
from app.goods.reference.rules import EVERYBODY
from app.kit import digits
from app.people.accounts.policies import is_curator


@bp.app_template_filter("bidang")
def sector_word(sector: str) -> str:
    """Name a sector of business as a heading."""
    return _("Semua usaha") if sector == EVERYBODY else sector.replace("-", " ").capitalize()


@bp.get("/dinsos/acuan")
@allow(is_curator)
def index() -> str:
    """List the lists."""
    return render_template("goods/reference/index.html")


@bp.get("/dinsos/acuan/riwayat")
@allow(is_curator)
def history() -> str:
    """Show who changed what, newest first."""
    before = digits.whole(request.args.get("setelah", ""))
    rows = queries.list_changes(before_id=before)
    shown = rows[: queries.PAGE]
    return _page("history", rows=shown, more=shown[-1].row.id if len(rows) > len(shown) else None, first=before is None)


@bp.get("/dinsos/acuan/jenis")
@allow(is_curator)
def categories() -> str:
    """Show the tree of categories with how many products each holds."""
    return _page("categories", tops=queries.tree())


@bp.route("/dinsos/acuan/jenis/baru", methods=["GET", "POST"])
@allow(is_curator)
def add_category() -> ResponseReturnValue:
    """Make a new category."""
    form = CategoryForm()
    form.offer_parents(list_categories())
    if form.filled():
        try:
            with transaction():
                operations.add_category(form.facts(), by=current_actor())
        except (operations.AddressTaken, operations.TwoLevels) as refusal:
            _beside(form, refusal)
            return _page("category", form=form, category=None, newer=None), refusal.status
        flash(_("Tersimpan."), "success")
        return redirect(url_for("reference.categories"), 303)
    return _page("category", form=form, category=None, newer=None), 422 if form.is_submitted() else 200


@bp.route("/dinsos/acuan/jenis/<id:category_id>", methods=["GET", "POST"])
@allow(policies.may_keep, get_category)
def category(category: Category) -> ResponseReturnValue:
    """Change a category."""
    form, newer = CategoryForm(), None
    form.offer_parents([each for each in list_categories() if each.id != category.id])
    if not form.is_submitted():
        form.show(category)
        return _category_page(category, form)
    if not form.validate():
        return _category_page(category, form), 422
    try:
        with transaction():
            operations.edit_category(category, form.facts(), version=form.seen(), by=current_actor())
    except operations.Stale as refusal:
        newer = get_category(category.id)
        form.form_errors, form.versi.data = [str(refusal)], str(newer.version)
        return _category_page(newer, form, newer=newer), refusal.status
    except (operations.AddressTaken, operations.TwoLevels, operations.UpperAddress) as refusal:
        _beside(form, refusal)
        return _category_page(get_category(category.id), form), refusal.status
    flash(_("Tersimpan. Pasar dan pencarian langsung mengikuti."), "success")
    return redirect(url_for("reference.category", category_id=category.id), 303)


@bp.post("/dinsos/acuan/jenis/<id:category_id>/gabung")
@allow(policies.may_keep, get_category)
def merge(category: Category) -> ResponseReturnValue:
    """Put a category into another."""
    merging = MergeForm()
    merging.offer(queries.list_mergers(category), list_categories())
    if not merging.validate() or not merging.pengganti.data:
        return _category_page(category, None, merging=merging), 422
    name = category.name
    try:
        with transaction():
            into = get_category(int(merging.pengganti.data))
            moved = operations.merge_category(category, into, version=merging.seen(), by=current_actor())
    except DomainError as refusal:
        merging.form_errors = [str(refusal)]
        return _category_page(get_category(category.id), None, merging=merging), refusal.status
    flash(
        _n(
            "%(name)s digabung. %(n)s produk yang tampil ikut pindah.",
            "%(name)s digabung. %(n)s produk yang tampil ikut pindah.",
            moved,
            name=name,
            n=moved,
        ),
        "success",
    )
    return redirect(url_for("reference.categories"), 303)


@bp.get("/dinsos/acuan/alasan")
@allow(is_curator)
def reasons() -> str:
    """List the sentences that sellers read, with the part of the form each leads to."""
    return _page("reasons", reasons=queries.list_reasons())


@bp.route("/dinsos/acuan/alasan/baru", methods=["GET", "POST"])
@allow(is_curator)
def add_reason() -> ResponseReturnValue:
    """Offer one more reason."""
    form = ReasonForm()
    if form.filled() and form.kode.data:
        try:
            with transaction():
                operations.add_reason(form.kode.data, form.facts(), by=current_actor())
        except operations.CodeTaken as refusal:
            form.note("kode", refusal)
            return _page("reason", form=form, reason=None, newer=None, changes=[]), refusal.status
        flash(_("Tersimpan."), "success")
        return redirect(url_for("reference.reasons"), 303)
    if not form.is_submitted():
        form.dipakai.data = True
    elif not form.kode.data and not form.kode.errors:
        form.note("kode", _("Tulis kode pendek, misalnya foto-buram."))
    page = _page("reason", form=form, reason=None, newer=None, changes=[])
    return page, 422 if form.is_submitted() else 200


@bp.route("/dinsos/acuan/alasan/<slug:reason>", methods=["GET", "POST"])
@allow(policies.may_keep, queries.get_reason)
def reason(reason: RefusalReason) -> ResponseReturnValue:
    """Change a reason."""
    form = ReasonForm()
    if not form.is_submitted():
        form.kalimat.data, form.isian.data, form.dipakai.data = reason.sentence, reason.field, reason.active
        form.versi.data = str(reason.version)
        return _reason_page(reason, form)
    if not form.validate():
        return _reason_page(reason, form), 422
    try:
        with transaction():
            operations.edit_reason(reason, form.facts(), version=form.seen(), by=current_actor())
    except operations.Stale as refusal:
        newer = queries.get_reason(reason.code)
        form.form_errors, form.versi.data = [str(refusal)], str(newer.version)
        return _reason_page(newer, form, newer=newer), refusal.status
    flash(_("Tersimpan."), "success")
    return redirect(url_for("reference.reasons"), 303)


@bp.get("/dinsos/acuan/surat")
@allow(is_curator)
def papers() -> str:
    """List which papers each sector of business needs."""
    return _page("papers", sectors=queries.list_sectors(), needs=queries.papers_by_sector())


@bp.route("/dinsos/acuan/surat/<slug:sector>", methods=["GET", "POST"])
@allow(policies.may_keep, queries.get_sector)
def sector(sector: str) -> ResponseReturnValue:
    """Say which papers a sector needs."""
    form, held = PapersForm(), queries.papers_by_sector().get(sector, [])
    if not form.is_submitted():
        form.surat.data, form.tadi.data = held, ";".join(held)
        return _sector_page(sector, form)
    if not form.validate():
        return _sector_page(sector, form), 422
    seen = [each for each in (form.tadi.data or "")[:200].split(";") if each]
    try:
        with transaction():
            operations.set_papers(sector, form.surat.data or [], seen=seen, by=current_actor())
    except operations.Stale as refusal:
        form.form_errors, form.tadi.data = [str(refusal)], ";".join(held)
        return _sector_page(sector, form, newer=held), refusal.status
    flash(_("Tersimpan."), "success")
    return redirect(url_for("reference.papers"), 303)


def _page(name: str, **facts: Any) -> str:
    return render_template(f"goods/reference/{name}.html", forms=forms, **facts)


def _beside(form: CategoryForm, refusal: DomainError) -> None:
    form.note("induk" if isinstance(refusal, operations.TwoLevels) else "alamat", refusal)


def _category_page(
    category: Category, form: CategoryForm | None, *, merging: MergeForm | None = None, newer: Category | None = None
) -> str:
    known = list_categories()
    if form is None:
        form = CategoryForm(formdata=None)
        form.offer_parents([each for each in known if each.id != category.id])
        form.show(category)
    if merging is None:
        merging = MergeForm(formdata=None, data={"versi": str(category.version)})
        merging.offer(queries.list_mergers(category), known)
    return _page(
        "category",
        form=form,
        category=category,
        merging=merging,
        newer=newer,
        products=queries.count_products(category.id).get(category.id, 0),
        below=queries.has_children(category.id),
        parents={each.id: each.name for each in known},
        changes=queries.list_changes(("category", str(category.id))),
    )


def _reason_page(reason: RefusalReason, form: ReasonForm, newer: RefusalReason | None = None) -> str:
    return _page("reason", form=form, reason=reason, newer=newer, changes=queries.list_changes(("reason", reason.code)))


def _sector_page(sector: str, form: PapersForm, newer: list[str] | None = None) -> str:
    changes = queries.list_changes(("paper", sector))
    return _page("sector", form=form, sector=sector, newer=newer, changes=changes)

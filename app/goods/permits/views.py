"""A seller's papers, the curator's look at them, and the scan for whoever may see it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from app.core import scans
from app.core.clock import today
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.panels import fill
from app.core.policy import allow, current_actor
from app.core.storage import StorageFull
from app.goods.permits import forms, operations, policies, queries, rules
from app.goods.permits.forms import JudgeForm, PermitForm
from app.goods.permits.models import Permit
from app.goods.shops import operations as shops
from app.goods.shops import policies as shop_policies
from app.goods.shops.models import Shop
from app.goods.shops.queries import get_own_shop
from app.kit import digits
from app.people.accounts.policies import is_curator, is_pendamping
from app.people.places.queries import settings_of

bp = Blueprint("permits", __name__)

ANSWERS = {"benar": "verified", "tolak": "rejected"}


@bp.app_context_processor
def words() -> dict[str, Any]:
    """Give pages the names of papers and what their states are called."""
    return {"paper_names": forms.NAMES}


@fill("shop.own")
def way_to_papers(*, shop: Shop) -> str:
    """Lead a seller from her shop to her papers, and say which of them end soon."""
    day = today(settings_of(shop.regency_code).zone)
    ending = [each for each in queries.list_of(shop.id) if not each.replaced_at and _watch(each, day) is not None]
    return render_template("goods/permits/_way.html", ending=len(ending))


@bp.get("/jualan/surat")
@allow(shop_policies.owns, get_own_shop)
def index(shop: Shop) -> str:
    """Show a seller all her papers: how each stands, and until when."""
    day, every = today(settings_of(shop.regency_code).zone), queries.list_of(shop.id)
    current = {each.kind: each for each in every if each.replaced_at is None}
    kinds = [*rules.OWN, *(kind for kind in current if kind not in rules.OWN)]
    rows = [(kind, current.get(kind), *_standing(current.get(kind), day)) for kind in kinds]
    return render_template("goods/permits/index.html", rows=rows, why=forms.WHY)


@bp.route("/jualan/surat/isi", methods=["GET", "POST"])
@allow(shop_policies.owns, get_own_shop)
def fill_in(shop: Shop) -> str | Answer | tuple[str, int]:
    """Take one paper: its number, its days, its photo; a newer one takes the place of the one before."""
    answer = _fill_in(shop, _kind(shop), None)
    return redirect(url_for("permits.index"), 303) if isinstance(answer, Permit) else answer


@bp.route("/dampingan/surat/<id:permit_id>", methods=["GET", "POST"])
@allow(policies.helps, queries.get_permit)
def field_fill_in(permit: Permit) -> str | Answer | tuple[str, int]:
    """Take a newer paper for a seller; who typed it stands beside her name."""
    current = queries.find_current(permit.shop_id, permit.kind)
    if current is not None and current.id != permit.id:
        return redirect(url_for("permits.field_fill_in", permit_id=current.id), 303)
    answer = _fill_in(permit.shop, permit.kind, permit.shop.owner_id)
    if isinstance(answer, Permit):
        return redirect(url_for("permits.field_fill_in", permit_id=answer.id), 303)
    return answer


def _fill_in(shop: Shop, kind: str, for_id: int | None) -> Permit | str | tuple[str, int]:
    """Ask for a paper, or keep what was sent and return it; `for_id` is the owner when another hand types."""
    day, before = today(settings_of(shop.regency_code).zone), queries.find_current(shop.id, kind)
    renews = before is not None and _renews(before, day)
    form = PermitForm(data=_held(before, renews=renews)).ask((kind,), renews=renews)
    if not form.is_submitted():
        return _paper_page(shop, kind, form, for_id)
    paper = form.read(shop.regency_code, day, shop.business_type_slug)
    if paper is None:
        return _paper_page(shop, kind, form, for_id), 422
    try:
        with transaction():
            permit = operations.enter(shop, paper, form.photo.master, by=current_actor(), on_behalf_of_id=for_id)
    except (operations.NoScan, StorageFull) as refusal:
        form.note("photo", refusal)
        return _paper_page(shop, kind, form, for_id), refusal.status
    for warning in form.warnings:
        flash(forms.sentence_of(warning), "warning")
    flash(_("%(paper)s tersimpan. Petugas memeriksa dulu sebelum tampil.", paper=forms.NAMES[kind]), "success")
    return permit


def _renews(before: Permit, day: date) -> bool:
    """Whether what comes now is another paper, so that the photo of the one before cannot stand for it."""
    return before.state == "verified" or _watch(before, day) is not None


@bp.get("/jualan/surat/<id:permit_id>")
@allow(policies.holds, queries.get_permit)
def own_scan(permit: Permit) -> Response:
    """Show a seller her own paper."""
    return _scan(permit)


@bp.get("/dinsos/surat")
@allow(is_curator)
def inbox() -> str:
    """Show the papers that wait to be checked, the longest waiting first."""
    scope, after = current_actor(), digits.whole(request.args.get("setelah", ""))
    found = queries.list_waiting(after, scope=scope)
    more = found[queries.PAGE - 1].id if len(found) > queries.PAGE else None
    shown = found[: queries.PAGE]
    return render_template("goods/permits/inbox.html", permits=shown, more=more, first=after is None)


@bp.get("/dinsos/surat/segera-habis")
@allow(is_curator)
def ending() -> str:
    """Show the papers of the region that end within 60 days or have ended."""
    return _ending_page(field_work=False)


@bp.get("/dampingan/surat")
@allow(is_pendamping)
def field_ending() -> str:
    """Show a pendamping those of her caseload, each leading to where she takes a newer one."""
    return _ending_page(field_work=True)


def _ending_page(*, field_work: bool) -> str:
    scope = current_actor()
    day = today(settings_of(scope.region_code).zone)
    rows = [(each, *_standing(each, day)) for each in queries.list_ending(day, scope=scope)]
    facts = {"rows": rows, "most": queries.MOST_ENDING, "field_work": field_work}
    return render_template("goods/permits/ending.html", **facts)


@bp.get("/dinsos/surat/<id:permit_id>")
@allow(policies.may_read, queries.get_permit)
def scan(permit: Permit) -> Response:
    """Show a paper to whoever helps, checks or signs."""
    return _scan(permit)


@bp.route("/dinsos/surat/<id:permit_id>/periksa", methods=["GET", "POST"])
@allow(policies.may_judge, queries.get_permit)
def check(permit: Permit) -> str | Answer | tuple[str, int]:
    """Show what was typed beside the paper, and take the answer."""
    form, scope = JudgeForm(), current_actor()
    if not form.is_submitted():
        return _check_page(permit, form)
    note, state = form.note_for_her(), ANSWERS.get(form.answer.data or "")
    if not form.validate() or state is None:
        return _check_page(permit, form), 422
    if state == "rejected" and not note:
        form.note("reason", _("Pilih alasannya dulu."))
        return _check_page(permit, form), 422
    try:
        with transaction():
            operations.answer(permit, state, note if state == "rejected" else "", seen=form.seen.data or "", by=scope)
    except operations.AlreadyJudged as refusal:
        return _check_page(queries.get_permit(permit.id), JudgeForm(formdata=None), refusal), refusal.status
    said = _("%(paper)s dinyatakan benar.") if state == "verified" else _("%(paper)s dikembalikan ke penjual.")
    flash(said % {"paper": forms.NAMES[permit.kind]}, "success")
    following = queries.list_waiting(permit.id, 1, scope=scope)
    if following:
        return redirect(url_for("permits.check", permit_id=following[0].id), 303)
    return redirect(url_for("permits.inbox"), 303)


@bp.post("/dinsos/surat/<id:permit_id>/hubungan")
@allow(policies.may_step_back, queries.get_permit)
def declare_kin(permit: Permit) -> Answer:
    """Hand everything of a shop to other officers."""
    with transaction():
        shops.declare_kin(permit.shop, by=current_actor())
    flash(_("Dicatat. Surat dan produk %(shop)s diperiksa petugas lain.", shop=permit.shop.name), "success")
    return redirect(url_for("permits.inbox"), 303)


def _kind(shop: Shop) -> str:
    """Return the paper that is asked for: one that most have, or one that this shop has."""
    asked = request.values.get("surat", "")
    known = asked in rules.OWN or (asked in rules.KINDS and queries.find_current(shop.id, asked) is not None)
    return asked if known else rules.OWN[0]


def _held(before: Permit | None, *, renews: bool) -> dict[str, Any]:
    """Begin with what is kept; a sealed number is typed again, and another paper has days of its own."""
    if before is None:
        return {}
    held = {"number": "" if before.number_sealed else before.number, "kbli": before.kbli_code}
    days = {} if renews else {"issued_on": before.issued_on, "expires_on": before.expires_on}
    return held | days | {"kbli_version": before.kbli_version or rules.KBLI_VERSIONS[0]}


def _watch(permit: Permit, day: date) -> tuple[int, int] | None:
    return rules.watch(permit.last_day, day) if permit.state != "rejected" else None


def _standing(permit: Permit | None, day: date) -> tuple[str, tuple[int, int] | None]:
    """Return how a paper stands on a day, and how near its end it is (`rules.watch`)."""
    if permit is None:
        return "none", None
    return rules.state_on(permit.state, permit.last_day, day), _watch(permit, day)


def _paper_page(shop: Shop, kind: str, form: PermitForm, for_id: int | None) -> str:
    day = today(settings_of(shop.regency_code).zone)
    every = [each for each in queries.list_of(shop.id) if each.kind == kind]
    rows = [(each, *_standing(each, day)) for each in every]
    facts = {"kind": kind, "form": form, "rows": rows, "why": forms.WHY.get(kind, "")}
    return render_template("goods/permits/paper.html", shop=shop, field_work=for_id is not None, **facts)


def _check_page(permit: Permit, form: JudgeForm, refusal: DomainError | None = None) -> str:
    form.seen.data = permit.state
    day = queries.day_of(permit)
    standing, watch = _standing(permit, day)
    before = [each for each in queries.list_of(permit.shop_id) if each.kind == permit.kind and each.id < permit.id]
    doubts = [forms.sentence_of(code) for code in _doubts(permit, day)]
    return render_template(
        "goods/permits/check.html", permit=permit, form=form, standing=standing, watch=watch, doubts=doubts,
        before=[(each, *_standing(each, day)) for each in before], refusal=refusal,
    )  # fmt: skip


def _doubts(permit: Permit, day: date) -> tuple[str, ...]:
    """Say again what looked strange when it was typed; a sealed number is not opened for that."""
    if permit.number_sealed:
        return ()
    reading = rules.read(permit.kind, permit.number, region=permit.shop.regency_code, issued_on=permit.issued_on)
    of_days = rules.doubts(permit.kind, permit.number, permit.issued_on, permit.expires_on, day)
    version, code = permit.kbli_version, permit.kbli_code
    of_class = queries.doubts_of_kbli(version or "", code, permit.shop.business_type_slug) if code else ()
    return *reading.warnings, *of_days, *of_class


def _scan(permit: Permit) -> Response:
    with transaction():
        operations.note_look(permit, by=current_actor())
    return scans.answer(permit.scan or "")

"""The desk of those who run bazaars and of the one who signs."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.db import transaction
from app.core.errors import DomainError, StaleVersion, Unreadable
from app.core.forms import posted
from app.core.i18n import _
from app.core.policy import allow, current_actor
from app.kit import digits
from app.people.accounts.policies import is_curator
from app.people.places.queries import settings_of
from app.trade.bazaars import asked, changing, ground, judging, operations, policies, queries, rules, steps, words
from app.trade.bazaars.door import bp
from app.trade.bazaars.forms import (
    BazaarForm,
    CallForm,
    DatesForm,
    days_between,
    differing,
    end_of,
    filled_from,
    first_guess,
)
from app.trade.bazaars.models import Application, Bazaar, Objection, Proposal, Question
from app.trade.bazaars.showing import leaf_of

FIX_DAYS = 3
Stored = Sequence[tuple[str, str]]


@bp.get("/dinsos/bazar")
@allow(policies.runs_bazaars)
def desk() -> str:
    """List the region's bazaars and what waits for a signature."""
    actor = current_actor()
    return render_template(
        "trade/bazaars/desk.html",
        leaves=[leaf_of(each) for each in queries.list_office(actor)],
        unsigned=asked.list_unsigned(actor),
        actor=actor,
    )


@bp.route("/dinsos/bazar/baru", methods=["GET", "POST"])
@allow(is_curator)
def create() -> ResponseReturnValue:
    """Write a new bazaar down."""
    region = current_actor().region_code
    form = BazaarForm(data=first_guess(region, queries.find_last_made(region)))
    form.offer(region)
    if not form.filled() or not _sound(form, region):
        form.kunci.data = (form.kunci.data or "")[:64] or secrets.token_urlsafe(16)
        return _form_page(form)
    key = form.kunci.data or secrets.token_urlsafe(16)
    try:
        with transaction():
            bazaar = operations.create(key, form.settings(region), form.days(), form.pools(), by=current_actor())
    except DomainError as refusal:
        form.form_errors, form.kunci.data = [str(refusal)], secrets.token_urlsafe(16)
        return _form_page(form, refusal.status)
    flash(_("Tersimpan sebagai konsep. Minta tanda tangan untuk membuka pendaftaran."), "success")
    return redirect(url_for("bazaars.manage", bazaar_id=bazaar.id), 303)


@bp.route("/dinsos/bazar/<id:bazaar_id>/ubah", methods=["GET", "POST"])
@allow(policies.may_run, queries.get_bazaar)
def edit(bazaar: Bazaar) -> ResponseReturnValue:
    """Change a draft."""
    if bazaar.state != "draft":
        return redirect(url_for("bazaars.manage", bazaar_id=bazaar.id), 303)
    region = bazaar.regency_code
    form = BazaarForm(data=filled_from(bazaar))
    form.offer(region)
    if not form.filled() or not _sound(form, region):
        return _form_page(form, bazaar=bazaar)
    change = (form.version(), form.settings(region), form.days(), form.pools())
    try:
        with transaction():
            operations.edit(bazaar, *change, by=current_actor())
    except StaleVersion as refusal:
        form.stale(refusal, bazaar.version)
        return _form_page(form, refusal.status, bazaar, differing(form, bazaar))
    except DomainError as refusal:
        form.form_errors = [str(refusal)]
        return _form_page(form, refusal.status, bazaar=bazaar)
    return _back(bazaar, _("Konsep tersimpan."))


def _sound(form: BazaarForm, region: str) -> bool:
    """Say beside each field what cannot be."""
    if not form.days():
        form.note("selesai", _("Hari dan jam belum benar: tutup harus sesudah buka, paling lama 14 hari."))
        return False
    problems = operations.problems_of(form.settings(region), form.days(), form.pools(), region)
    for field, why in problems.items():
        form.note(form.field_of(field), words.problem(field, why))
    return not problems


def _form_page(
    form: BazaarForm, status: int | None = None, bazaar: Bazaar | None = None, stored: Stored = ()
) -> ResponseReturnValue:
    status = status or (422 if form.is_submitted() else 200)
    return render_template("trade/bazaars/edit.html", form=form, bazaar=bazaar, stored=stored), status


@bp.get("/dinsos/bazar/<id:bazaar_id>")
@allow(policies.may_look, queries.get_bazaar)
def manage(bazaar: Bazaar) -> str:
    """Show a bazaar to the office: state, pools, who applied, what can be done now."""
    applications = queries.list_applications(bazaar.id)
    pools = [rules.Pool(pool.key, pool.capacity, pool.kind) for pool in bazaar.pools]
    order = {place.id: rank for rank, place in enumerate(judging.preview(applications), 1)}
    proposals = asked.list_proposals(bazaar.id)
    area = rules.KECAMATAN + bazaar.kecamatan_code if bazaar.kecamatan_code else ""
    names = words.pool_names([*(pool.key for pool in pools), *filter(None, [area])])
    applications.sort(key=lambda each: (each.rank or order.get(each.id, ground.LAST), each.number))
    return render_template(
        "trade/bazaars/manage.html",
        bazaar=bazaar,
        leaf=leaf_of(bazaar),
        state=queries.state_of(bazaar),
        actor=current_actor(),
        pools=pools,
        pool_names=names,
        taken=rules.counts(pools, queries.holders_of(bazaar.id)),
        applications=[
            (each, queries.now_of(each), order.get(each.id), queries.answer_by(each)) for each in applications
        ],
        words=words,
        stalls=queries.list_stalls(bazaar.id),
        proposals=proposals,
        waits={each.kind for each in proposals if not each.answer},
        area=names.get(area, ""),
        questions=asked.list_questions(bazaar.id),
        objections=asked.list_objections(bazaar.id),
    )


@bp.post("/dinsos/bazar/<id:bazaar_id>/langkah")
@allow(policies.may_run, queries.get_bazaar)
def step(bazaar: Bazaar) -> ResponseReturnValue:
    """Take one of the steps that a curator takes by hand."""
    actor, reason = current_actor(), posted("alasan")[:300]
    acts: dict[str, Any] = {
        "minta-buka": lambda: operations.ask_to_open(bazaar, by=actor),
        "tambah-tempat": lambda: operations.ask_for_more(
            bazaar, posted("kuota"), digits.whole(posted("jumlah")) or 0, reason, by=actor
        ),
        "tutup": lambda: changing.close_call(bazaar, reason, by=actor),
        "umumkan": lambda: judging.publish(bazaar, reason, by=actor),
        "tunda": lambda: changing.postpone(bazaar, reason, by=actor),
        "batal": lambda: changing.call_off(bazaar, reason, by=actor),
        "isi-lapak": lambda: ground.fill_stalls(bazaar, by=actor),
    }
    return _do(acts, url_for("bazaars.manage", bazaar_id=bazaar.id))


@bp.route("/dinsos/bazar/<id:bazaar_id>/tanggal", methods=["GET", "POST"])
@allow(policies.may_run, queries.get_bazaar)
def dates(bazaar: Bazaar) -> ResponseReturnValue:
    """Move the dates of an open call on, or give a postponed bazaar new ones."""
    if bazaar.state not in {"open_call", "postponed"}:
        return redirect(url_for("bazaars.manage", bazaar_id=bazaar.id), 303)
    form = CallForm(data=filled_from(bazaar)) if bazaar.state == "open_call" else DatesForm(data=filled_from(bazaar))
    if not form.filled():
        return _dates_page(form, bazaar)
    zone = settings_of(bazaar.regency_code).zone
    call = [end_of(each.data, zone) for each in (form.daftar, form.terakhir, form.umum)]
    days = _days_of(form, bazaar)
    if not days or not all(call):
        form.note("umum", _("Tanggal ini tidak bisa dipakai."))
        return _dates_page(form, bazaar)
    try:
        with transaction():
            if bazaar.state == "open_call":
                changing.extend(bazaar, *call, version=form.version(), by=current_actor())  # type: ignore[arg-type]
            else:
                changing.resume(bazaar, days, *call, version=form.version(), by=current_actor())
    except StaleVersion as refusal:
        form.stale(refusal, bazaar.version)
        return _dates_page(form, bazaar, refusal.status, differing(form, bazaar))
    except DomainError as refusal:
        form.form_errors = [str(refusal)]
        for problem, why in getattr(refusal, "problems", {}).items():
            form.note(_beside(form, problem), words.problem(problem, why))
        return _dates_page(form, bazaar, refusal.status)
    return _back(bazaar, _("Tanggal baru tersimpan. Semua pendaftar dikabari."))


def _days_of(form: CallForm, bazaar: Bazaar) -> list[operations.Day]:
    """Return the days that were typed, or those that stay."""
    opens, closes = bazaar.days[0].opens, bazaar.days[0].closes
    if isinstance(form, DatesForm):
        return days_between(form.mulai.data, form.selesai.data, opens, closes)
    return [operations.Day(each.day, each.opens, each.closes) for each in bazaar.days]


def _beside(form: CallForm, problem: str) -> str:
    """Return the field beside which a problem of the dates is said; what no field asks goes to the last one."""
    named = {"soft": "daftar", "hard": "terakhir", "day": "mulai"}.get(problem, "umum")
    return named if named in form else "umum"


def _dates_page(form: CallForm, bazaar: Bazaar, status: int | None = None, stored: Stored = ()) -> ResponseReturnValue:
    status = status or (422 if form.is_submitted() else 200)
    hours = settings_of(bazaar.regency_code).get("bazaar.reask_hours")
    return render_template("trade/bazaars/dates.html", form=form, bazaar=bazaar, hours=hours, stored=stored), status


@bp.get("/dinsos/bazar/pendaftaran/<id:application_id>")
@allow(policies.may_judge, queries.get_application)
def judge(application: Application) -> str:
    """Show one application to a reviewer, with the points he may give."""
    bazaar = application.bazaar
    reviews = queries.list_reviews([application.id])[application.id]
    own = any(each.reviewer_id == current_actor().id for each in reviews)
    wanted = rules.reviews_wanted([each.total for each in reviews])
    return render_template(
        "trade/bazaars/judge.html",
        bazaar=bazaar,
        application=application,
        state=queries.state_of(bazaar),
        now_state=queries.now_of(application),
        answer_by=queries.answer_by(application),
        parts=queries.get_rubric(bazaar.rubric_version).parts,
        words=words,
        reviews=reviews,
        may=judging.may_review(current_actor(), application),
        may_score=not own and len(reviews) < wanted,
        wanted=wanted,
        stalls=queries.list_stalls(bazaar.id),
        pool_names=words.pool_names(list(application.pools)),
    )


@bp.post("/dinsos/bazar/pendaftaran/<id:application_id>")
@allow(policies.may_judge, queries.get_application)
def decide(application: Application) -> ResponseReturnValue:
    """Score, return, refuse, take back, declare kin, remove or place one application."""
    actor, reason = current_actor(), posted("alasan")[:300]
    points = {
        name.removeprefix("nilai-"): digits.whole(value)
        for name, value in request.form.items()
        if name.startswith("nilai-")
    }
    scores = {name: -1 if value is None else value for name, value in points.items()}
    until = min(now() + timedelta(days=FIX_DAYS), application.bazaar.starts_at)
    acts: dict[str, Any] = {
        "nilai": lambda: judging.score(application, scores, reason, by=actor),
        "kembalikan": lambda: judging.send_back(application, reason, until, by=actor),
        "tolak": lambda: judging.decide_refusal(application, reason, by=actor),
        "batal-tolak": lambda: judging.take_back_refusal(application, by=actor),
        "keluarga": lambda: judging.declare_kin(application, by=actor),
        "keluarkan": lambda: judging.remove(application, reason, by=actor),
        "lapak": lambda: ground.place(application, digits.whole(posted("nomor")) or 0, by=actor),
    }
    return _do(acts, url_for("bazaars.judge", application_id=application.id))


@bp.post("/dinsos/bazar/tanda-tangan/<id:proposal_id>")
@allow(policies.may_sign, asked.get_proposal)
def sign(proposal: Proposal) -> ResponseReturnValue:
    """Give the second signature, or send the question back."""
    actor, reason = current_actor(), posted("alasan")[:300]
    acts: dict[str, Any] = {
        "setuju": lambda: operations.answer(proposal, "signed", reason, by=actor),
        "kembalikan": lambda: operations.answer(proposal, "returned", reason, by=actor),
    }
    return _do(acts, url_for("bazaars.manage", bazaar_id=proposal.bazaar_id))


@bp.post("/dinsos/bazar/tanya/<id:question_id>")
@allow(policies.may_answer, asked.get_question)
def reply(question: Question) -> ResponseReturnValue:
    """Answer a question for everybody to read."""
    text = posted("jawaban")[:500]
    if not text:
        raise steps.NoReason(question)
    acts: dict[str, Any] = {"": lambda: judging.answer_question(question, text, by=current_actor())}
    return _do(acts, url_for("bazaars.manage", bazaar_id=question.bazaar_id))


@bp.post("/dinsos/bazar/keberatan/<id:objection_id>")
@allow(policies.may_hear, asked.get_objection)
def hear(objection: Objection) -> ResponseReturnValue:
    """Answer an objection."""
    actor, text = current_actor(), posted("jawaban")[:500]
    acts: dict[str, Any] = {
        "diterima": lambda: judging.answer_objection(objection, text, upheld=True, by=actor),
        "tetap": lambda: judging.answer_objection(objection, text, upheld=False, by=actor),
    }
    return _do(acts, url_for("bazaars.manage", bazaar_id=objection.application.bazaar_id))


def _do(acts: dict[str, Any], after: str) -> ResponseReturnValue:
    """Do the step that a button named, and say on the page before why it could not be."""
    act = acts.get(posted("langkah"))
    if act is None:
        raise Unreadable
    try:
        with transaction():
            act()
    except DomainError as refusal:
        flash(words.refused(refusal), "error")
        return redirect(after, 303)
    flash(_("Tersimpan."), "success")
    return redirect(after, 303)


def _back(bazaar: Bazaar, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("bazaars.manage", bazaar_id=bazaar.id), 303)

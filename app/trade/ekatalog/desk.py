"""The office's side of the e-Katalog: queue, one round item by item, signature, package, what happens outside."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core import scans
from app.core.clock import now
from app.core.cookies import private_file
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.forms import posted
from app.core.i18n import _
from app.core.policy import allow, current_actor
from app.core.steps import step
from app.goods.permits.forms import NAMES
from app.kit import digits
from app.kit.rupiah import Rupiah
from app.people.accounts.policies import is_curator
from app.trade.ekatalog import bundles, expiry, labels, outside, policies, queries, reference, reviewing, rules
from app.trade.ekatalog.cases import Case, cases_of_each
from app.trade.ekatalog.forms import OutsideForm
from app.trade.ekatalog.models import OutsideStatus

bp = Blueprint("ekatalog", __name__)

PAPERS = "surat"
LISTS = {
    "": queries.WAITING,
    "tanda-tangan": ("approved",),
    "luar": queries.OUTSIDE_NOW,
    "penjual": rules.FILLING,
    "selesai": rules.ENDED,
}


@bp.get("/dinsos/ekatalog")
@allow(policies.is_office)
def desk() -> str:
    """Show what waits, the longest waiting first; `daftar` names another list."""
    scope = current_actor()
    usual = "" if is_curator(scope) else "tanda-tangan"
    asked = request.args.get("daftar", usual)
    if asked == PAPERS:
        return _papers(expiry.list_in(scope))
    name = asked if asked in LISTS else usual
    after = digits.whole(request.args.get("setelah", ""), 6) or 0
    listed, appealed, touched = cases_of_each(
        queries.list_in(LISTS[name], after, scope=scope),
        queries.list_appealed(scope=scope) if name == "tanda-tangan" else [],
        expiry.rounds_in(scope),
    )
    return render_template(
        "trade/ekatalog/desk.html",
        cases=listed[: queries.PAGE],
        appealed=appealed,
        name=name,
        before=after,
        more=after + queries.PAGE if len(listed) > queries.PAGE else None,
        counts=_counts(expiry.list_among(touched)),
        labels=labels,
        actor=scope,
    )


def _counts(expiring: list[expiry.Expiring]) -> dict[str, int]:
    return queries.count_lists(LISTS, scope=current_actor()) | {PAPERS: len(expiring)}


def _papers(expiring: list[expiry.Expiring]) -> str:
    """Show the papers that end, with the rounds that they touch."""
    facts = {"expiring": expiring, "counts": _counts(expiring), "name": PAPERS}
    return render_template("trade/ekatalog/papers.html", names=NAMES, **facts)


@bp.get("/dinsos/ekatalog/<id:submission_id>")
@allow(policies.may_look, queries.get_case)
def review(case: Case) -> str:
    """Show one round with everything needed to check, sign or follow it."""
    return _page(case)


@bp.post("/dinsos/ekatalog/<id:submission_id>/periksa")
@allow(policies.may_review, queries.get_case)
def take(case: Case) -> ResponseReturnValue:
    """Begin to look."""
    return _act(case, lambda: reviewing.take(case, by=current_actor()), "")


@bp.post("/dinsos/ekatalog/<id:submission_id>/jawab")
@allow(policies.may_review, queries.get_case)
def answer(case: Case) -> ResponseReturnValue:
    """Keep the marks, send back, approve, or say that it does not belong there."""
    results, word, actor = _results(case), posted("jawaban"), current_actor()
    sentence = posted("kalimat")
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "simpan": (lambda: reviewing.mark(case, results, by=actor), _("Tanda tersimpan.")),
        "kembalikan": (lambda: reviewing.send_back(case, results, by=actor), _("Dikembalikan ke penjual.")),
        "setujui": (lambda: reviewing.approve(case, results, by=actor), _("Disetujui. Menunggu tanda tangan kedua.")),
        "tidak-cocok": (lambda: reviewing.not_suitable(case, sentence, by=actor), _("Ditandai tidak cocok.")),
    }
    act, said = acts.get(word, acts["simpan"])
    return _act(case, act, said)


@bp.post("/dinsos/ekatalog/<id:submission_id>/tanda-tangan")
@allow(policies.may_sign, queries.get_case)
def sign(case: Case) -> ResponseReturnValue:
    """Give the second signature, and freeze the package."""
    return _act(case, lambda: reviewing.sign(case, by=current_actor()), _("Ditandatangani. Paketnya sudah dikunci."))


@bp.post("/dinsos/ekatalog/<id:submission_id>/kembali")
@allow(policies.may_sign, queries.get_case)
def give_back(case: Case) -> ResponseReturnValue:
    """Give it back instead of signing."""
    key, sentence = posted("butir"), posted("kalimat")
    return _act(
        case, lambda: reviewing.give_back(case, key, sentence, by=current_actor()), _("Dikembalikan ke penjual.")
    )


@bp.post("/dinsos/ekatalog/<id:submission_id>/keberatan")
@allow(policies.may_sign, queries.get_case)
def answer_appeal(case: Case) -> ResponseReturnValue:
    """Answer an objection."""
    granted, sentence = posted("jawaban") == "terima", posted("kalimat")
    act = reviewing.answer_appeal
    return _act(
        case, lambda: act(case, granted=granted, sentence=sentence, by=current_actor()), _("Keberatan dijawab.")
    )


@bp.get("/dinsos/ekatalog/<id:submission_id>/paket")
@allow(policies.may_look, queries.get_case)
def package(case: Case) -> ResponseReturnValue:
    """Hand the frozen package out; its link lives a day and every download is written down."""
    bundle = queries.find_bundle(case.submission.id)
    back = redirect(url_for("ekatalog.review", submission_id=case.submission.id), 303)
    if bundle is None:
        return back
    try:
        with transaction():
            until, given = request.args.get("sampai", "0"), request.args.get("tanda", "")
            data = bundles.take_away(bundle, until, given, by=current_actor())
    except bundles.LinkDied as refusal:
        flash(str(refusal), "warning")
        return back
    return private_file(data, "application/zip", f"{bundles.code_of(case).lower()}.zip")


@bp.post("/dinsos/ekatalog/<id:submission_id>/luar")
@allow(policies.may_review, queries.get_case)
def record_outside(case: Case) -> ResponseReturnValue:
    """Write down what was done or seen in the official system."""
    form = _outside_form(case)
    return step(
        form,
        lambda: outside.record(case, form.sighting(), form.photo.master, by=current_actor()),
        lambda status: (_page(queries.get_case(case.submission.id), form), status),
        done=lambda _made: url_for("ekatalog.review", submission_id=case.submission.id),
        said=_("Tercatat."),
    )


@bp.post("/dinsos/ekatalog/<id:submission_id>/lanjut")
@allow(policies.may_review, queries.get_case)
def next_round(case: Case) -> ResponseReturnValue:
    """Open the next round for the seller."""
    return _act(case, lambda: outside.go_on(case, by=current_actor()), _("Babak baru dibuka untuk penjual."))


@bp.post("/dinsos/ekatalog/<id:submission_id>/tutup")
@allow(policies.may_review, queries.get_case)
def close(case: Case) -> ResponseReturnValue:
    """End a round that nobody goes on with."""
    note = posted("kalimat")
    return _act(case, lambda: outside.close(case, note, by=current_actor()), _("Pengajuan ditutup."))


@bp.get("/dinsos/ekatalog/bukti/<id:outside_id>")
@allow(policies.may_see_proof, queries.get_outside)
def proof(seen: OutsideStatus) -> Response:
    """Show the proof of what was seen outside."""
    return scans.answer(seen.proof or "")


def _results(case: Case) -> dict[str, tuple[str, str]]:
    """Return what was said about each item that was marked."""
    said = {item.key: (posted(f"hasil-{item.key}"), posted(f"catatan-{item.key}")) for item in case.items}
    return {key: value for key, value in said.items() if value[0]}


def _outside_form(case: Case) -> OutsideForm:
    role = current_actor().role
    offered = [to for to in rules.OUTSIDE if rules.may_move(case.state, to, role)]
    return OutsideForm().offer([(to, str(labels.OUTSIDE[to])) for to in offered], reference.reasons())


def _act(case: Case, act: Callable[[], object], said: str) -> ResponseReturnValue:
    try:
        with transaction():
            act()
    except DomainError as refusal:
        return _page(queries.get_case(case.submission.id), said_no=refusal), refusal.status
    if said:
        flash(said, "success")
    return _back(case)


def _back(case: Case) -> ResponseReturnValue:
    return redirect(url_for("ekatalog.review", submission_id=case.submission.id), 303)


def _page(case: Case, form: OutsideForm | None = None, said_no: DomainError | None = None) -> str:
    actor, number = current_actor(), case.submission.id
    course = queries.course_of(number)
    offered = [to for to in rules.OUTSIDE if rules.may_move(case.state, to, actor.role)]
    return render_template(
        "trade/ekatalog/review.html",
        case=case,
        actor=actor,
        labels=labels,
        moves=course.moves,
        names=_names(course),
        papers=NAMES,
        bundle=course.bundle,
        link=bundles.link_of(course.bundle, actor.id, now()) if course.bundle else None,
        seen=course.seen,
        reasons=reference.reasons(),
        form=form or (_outside_form(case) if offered else None),
        said_no=said_no,
        said={key: posted(f"catatan-{key}") for key in case.checks} if said_no else {},
        marked_now=_results(case) if said_no else {},
        appeal=course.appeal,
        following=course.following,
        own=actor.id in case.enterers,
        goes_on=case.state in rules.GOES_ON,
        may_close=rules.may_move(case.state, "closed", actor.role),
        cost=Rupiah(case.answers["price"].value["cost"]) if "price" in case.answers else "",
        best_week=queries.best_week(case.submission.product_id, case.day),
        stale=case.seen is not None and rules.is_stale(case.seen.checked_on, case.day),
        results=[each for each in rules.RESULTS if each != "n/a"],
        beside=case.beside,
    )


def _names(course: queries.Course) -> dict[int, str]:
    """Return who took part; those for whom somebody acted are named to a curator alone."""
    if is_curator(current_actor()):
        return course.names
    shown = {step.by_id for step in course.moves if step.by_role != "seller"}
    return {number: name for number, name in course.names.items() if number in shown}

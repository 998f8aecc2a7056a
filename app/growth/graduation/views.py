"""How a family's livelihood holds, as those who work with it read it: figures, criteria, moves by two people."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now, today
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.forms import posted
from app.core.i18n import _
from app.core.panels import fill
from app.core.policy import allow, current_actor
from app.growth.graduation import (
    display,
    hearings,
    measure,
    operations,
    own,
    policies,
    published,
    queries,
    reckoning,
    rulebook,
    rules,
    statements,
    words,
)
from app.growth.graduation.door import bp
from app.growth.graduation.forms import AnswerForm, ProposalForm
from app.growth.graduation.known import list_decided, panel_of
from app.growth.graduation.models import Proposal
from app.growth.graduation.pieces import rows_page
from app.growth.mentoring.policies import oversees
from app.kit import digits
from app.people.accounts.queries import names_of
from app.people.families import queries as families
from app.people.families.models import Kpm
from app.people.places import queries as places
from app.people.places.queries import settings_of

__all__ = ("bp", "hearings", "own", "published", "rulebook", "statements")

SHOWN = 12


@fill("family.page", order=20)
def family_panel(kpm: Kpm) -> str:
    """Say on a family's page where it stands, and lead on."""
    standing, graduations = panel_of(kpm)
    return render_template(
        "growth/graduation/_panel.html",
        kpm=kpm,
        standing=standing,
        graduations=graduations,
        words=words,
        may_state=policies.may_propose(current_actor(), kpm),
    )


@fill("families.row")
def row_panel(kpm: Kpm, page: list[Kpm]) -> str:
    """Say beside a family of a list that it runs a shop, and what that brought last month where it agreed to that."""
    zone = settings_of(current_actor().region_code[:5]).zone
    month = reckoning.month_before(today(zone), 1)
    if "taken" not in g:
        g.taken = measure.taken_in(month, [each.id for each in page], now(), today(zone))
    facts = {"taken": g.taken.get(kpm.id), "month": month}
    return render_template("growth/graduation/_row.html", **facts) if kpm.id in g.taken else ""


@bp.get("/dinsos/perkembangan")
@allow(policies.watches)
def index() -> ResponseReturnValue:
    """List the families that are followed by where they stand, and what waits for somebody's answer."""
    actor = current_actor()
    if not policies.follows(actor):
        return redirect(url_for("graduation.late_appeals"), 303)
    status, after = request.args.get("status", "")[:15], digits.whole(request.args.get("setelah", ""))
    found = queries.list_cases(actor, status=status, flagged=request.args.get("tanda") == "1", after=after)
    page = found[: queries.PAGE]
    return private_page(render_template(
        "growth/graduation/index.html",
        cases=page,
        name_of=families.name_of,
        places=places.names_of({case.kpm.desa_code for case in page}),
        counts=queries.count_by_status(actor),
        status=status,
        flagged=request.args.get("tanda") == "1",
        after=page[-1].kpm_id if len(found) > len(page) else None,
        proposals=[(each, policies.may_decide(actor, each)) for each in queries.list_proposals(actor)],
        appeals=queries.list_open_appeals(actor),
        unconfirmed=queries.list_unconfirmed(actor),
        most=queries.MOST_WAITING,
        today=today(settings_of(actor.region_code[:5]).zone),
        words=words,
        signs=[(case.kpm_id, words.names_of(case.watch)) for case in page if case.watch],
        oversees=oversees(actor),
    ))  # fmt: skip


@bp.get("/dinsos/keluarga/<id:kpm_id>/perkembangan")
@allow(policies.may_see, families.get_kpm)
def show(kpm: Kpm) -> ResponseReturnValue:
    """Show everything that is known of a family's livelihood now."""
    return private_page(render_template("growth/graduation/show.html", **facts_of(kpm)))


def facts_of(kpm: Kpm) -> dict[str, Any]:
    """Return what the page of a family shows."""
    actor, growth = current_actor(), display.growth_of(kpm, SHOWN)
    (decisions, people), waiting = list_decided(kpm.id), growth.waiting
    may_propose, standing = policies.may_propose(actor, kpm), growth.standing
    moves = rules.moves_from(standing.status, consents=standing.consents) if standing else ()
    free = growth.case is not None and waiting is None and not growth.case.held_status
    return {
        "kpm": kpm,
        "name": families.name_of(kpm),
        "growth": growth,
        "waiting": waiting,
        "may_decide": waiting is not None and policies.may_decide(actor, waiting),
        "decisions": decisions,
        "appeals": queries.list_appeals(kpm.id),
        "assessments": growth.assessments,
        "said": queries.words_of(kpm.id),
        "people": people | growth.people,
        "may_work": may_propose,
        "moves": free and may_propose and bool(moves),
        "words": words,
    }


def _moves(kpm: Kpm) -> tuple[str, ...]:
    case = queries.find_case(kpm.id)
    return queries.moves_of(case) if case else ()


@bp.post("/dinsos/keluarga/<id:kpm_id>/perkembangan/mulai")
@allow(policies.may_propose, families.get_kpm)
def begin(kpm: Kpm) -> ResponseReturnValue:
    """Begin to follow a family."""
    with transaction():
        operations.open_case(kpm, with_aid=posted("masih") == "1", by=current_actor())
    flash(_("Keluarga ini mulai diikuti."))
    return redirect(url_for("graduation.show", kpm_id=kpm.id), 303)


@bp.post("/dinsos/keluarga/<id:kpm_id>/perkembangan/simpan")
@allow(policies.may_propose, families.get_kpm)
def assess(kpm: Kpm) -> ResponseReturnValue:
    """Keep what is measured now, with all it is made from."""
    with transaction():
        operations.assess(kpm, by=current_actor())
    flash(_("Hasil hari ini disimpan."))
    return redirect(url_for("graduation.show", kpm_id=kpm.id), 303)


@bp.get("/dinsos/keluarga/<id:kpm_id>/perkembangan/ukuran")
@allow(policies.may_see, families.get_kpm)
def rows(kpm: Kpm) -> ResponseReturnValue:
    """Show the lines of the sales book behind a figure."""
    back = url_for("graduation.show", kpm_id=kpm.id)
    if "apa" not in request.args:
        return redirect(back, 303)
    return private_page(rows_page(kpm, families.name_of(kpm), back))


@bp.route("/dinsos/keluarga/<id:kpm_id>/perkembangan/usul", methods=["GET", "POST"])
@allow(policies.may_propose, families.get_kpm)
def propose(kpm: Kpm) -> ResponseReturnValue:
    """Propose a move after talking with the family."""
    form, status = ProposalForm(_moves(kpm)), 200
    if form.filled():
        try:
            with transaction():
                operations.propose(
                    kpm, form.langkah.data, reason=form.alasan.data, family_view=form.pandangan.data,
                    agreed=form.setuju.data, by=current_actor(),
                )  # fmt: skip
        except DomainError as refusal:
            form.form_errors = [str(refusal)]
            status = refusal.status
        else:
            flash(_("Usulan dicatat. Orang lain yang memutuskan."))
            return redirect(url_for("graduation.show", kpm_id=kpm.id), 303)
    page = render_template(
        "growth/graduation/propose.html", form=form, kpm=kpm, name=families.name_of(kpm), words=words
    )
    return private_page(page, status)


@bp.route("/dinsos/perkembangan/usulan/<id:move_id>", methods=["GET", "POST"])
@allow(policies.may_decide, queries.get_proposal)
def decide(proposal: Proposal) -> ResponseReturnValue:
    """Decide what somebody else proposed, or say no; with a reason either way."""
    form, status = AnswerForm(), 200
    if form.filled():
        try:
            with transaction():
                act = operations.decide if posted("jawaban") == "ya" else operations.decline
                act(proposal, reason=form.alasan.data, by=current_actor())
        except DomainError as refusal:
            form.form_errors = [str(refusal)]
            status = refusal.status
        else:
            flash(_("Jawaban dicatat."))
            return redirect(url_for("graduation.show", kpm_id=proposal.kpm_id), 303)
    assessment = queries.get_assessment(proposal.assessment_id)
    page = render_template(
        "growth/graduation/decide.html", form=form, proposal=proposal, name=families.name_of(proposal.kpm),
        said=queries.words_of(proposal.kpm_id), people=names_of({proposal.proposed_by_id}), words=words,
        results=queries.results_of(assessment), assessment=assessment,
    )  # fmt: skip
    return private_page(page, status)

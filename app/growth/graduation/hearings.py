"""Objections as the office meets them: written down for a family, taken, heard and answered by a third person."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import today
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.forms import posted
from app.core.i18n import _
from app.core.policy import allow, current_actor
from app.growth.graduation import appeals, policies, queries, words
from app.growth.graduation.door import bp
from app.growth.graduation.forms import AnswerForm, OnBehalfForm
from app.growth.graduation.models import Appeal
from app.people.accounts.queries import names_of
from app.people.families import queries as families
from app.people.families.models import Kpm
from app.people.places import queries as places
from app.people.places.queries import settings_of


@bp.get("/dinsos/perkembangan/keberatan")
@allow(policies.watches)
def late_appeals() -> ResponseReturnValue:
    """List the open objections of a region, the overdue ones in red; by number and place, without names."""
    actor = current_actor()
    day = today(settings_of(actor.region_code[:5]).zone)
    found = queries.list_open_appeals(actor)
    page = render_template(
        "growth/graduation/appeals.html",
        appeals=found,
        most=queries.MOST_WAITING,
        late={each.id for each in queries.list_open_appeals(actor, late_on=day)},
        places=places.names_of({each.kpm.kecamatan_code for each in found}),
        people=names_of({each.handler_id for each in found if each.handler_id}),
        opens=policies.follows(actor),
        words=words,
    )
    return private_page(page)


@bp.route("/dinsos/keluarga/<id:kpm_id>/perkembangan/keberatan", methods=["GET", "POST"])
@allow(policies.may_propose, families.get_kpm)
def object_for(kpm: Kpm) -> ResponseReturnValue:
    """Write down an objection that a family made by phone, on paper or in the village."""
    form, status = OnBehalfForm(), 200
    if form.filled():
        try:
            with transaction():
                appeal = appeals.file(kpm, form.ucapan.data, channel=form.lewat.data, by=current_actor())
        except DomainError as refusal:
            form.form_errors = [str(refusal)]
            status = refusal.status
        else:
            flash(_("Keberatan dicatat. Orang lain yang memeriksa."))
            return redirect(url_for("graduation.appeal", appeal_id=appeal.id), 303)
    page = render_template("growth/graduation/object.html", form=form, kpm=kpm, name=families.name_of(kpm))
    return private_page(page, status)


@bp.get("/dinsos/perkembangan/keberatan/<id:appeal_id>")
@allow(policies.may_see_appeal, queries.get_appeal)
def appeal(found: Appeal) -> ResponseReturnValue:
    """Show one objection and what may follow."""
    return private_page(_page(found, AnswerForm(formdata=None)))


def _page(found: Appeal, form: AnswerForm) -> str:
    actor = current_actor()
    involved = {found.proposed_by_id, found.decided_by_id, found.filed_by_id, found.handler_id} - {None}
    return render_template(
        "growth/graduation/appeal.html",
        appeal=found,
        contested=queries.find_decision(found.decision_id),
        name=families.name_of(found.kpm),
        said=queries.words_of(found.kpm_id),
        people=names_of({each for each in involved if each}),
        may_hear=policies.may_hear(actor, found),
        may_withdraw=policies.may_withdraw(actor, found),
        today=today(settings_of(found.kpm.regency_code).zone),
        form=form,
        words=words,
    )


@bp.post("/dinsos/perkembangan/keberatan/<id:appeal_id>/terima")
@allow(policies.may_hear, queries.get_appeal)
def take_appeal(found: Appeal) -> ResponseReturnValue:
    """Take an objection, or begin its hearing: the next step by the same person."""
    with transaction():
        (appeals.acknowledge if found.state == "filed" else appeals.hear)(found, by=current_actor())
    flash(_("Langkah dicatat."))
    return redirect(url_for("graduation.appeal", appeal_id=found.id), 303)


@bp.post("/dinsos/perkembangan/keberatan/<id:appeal_id>/jawab")
@allow(policies.may_hear, queries.get_appeal)
def answer_appeal(found: Appeal) -> ResponseReturnValue:
    """Answer an objection with a reason."""
    form = AnswerForm()
    if not form.filled():
        return private_page(_page(found, form), 200)
    try:
        with transaction():
            appeals.answer(found, changed=posted("hasil") == "ubah", reason=form.alasan.data, by=current_actor())
    except DomainError as refusal:
        form.form_errors = [str(refusal)]
        return private_page(_page(found, form), refusal.status)
    flash(_("Jawaban dicatat dan bisa dibaca keluarga."))
    return redirect(url_for("graduation.appeal", appeal_id=found.id), 303)


@bp.post("/dinsos/perkembangan/keberatan/<id:appeal_id>/cabut")
@allow(policies.may_withdraw, queries.get_appeal)
def withdraw_appeal(found: Appeal) -> ResponseReturnValue:
    """Take an objection back, as the family told its pendamping or caseworker."""
    with transaction():
        appeals.withdraw(found, by=current_actor())
    flash(_("Keberatan dicabut."))
    return redirect(url_for("graduation.show", kpm_id=found.kpm_id), 303)

"""Visits as a pendamping writes them at a doorstep, and her families by need."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core import scans
from app.core.clock import today
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import NotFound
from app.core.forms import posted
from app.core.i18n import _
from app.core.panels import fill
from app.core.policy import allow, current_actor
from app.core.steps import key_of, step
from app.growth.mentoring import agreed, caseloads, operations, policies, queries, rules, words
from app.growth.mentoring.forms import VisitForm, field_of, visit_form
from app.growth.mentoring.models import AgreedAction, MonitoringVisit
from app.kit import digits
from app.kit.periods import bulan
from app.people.accounts.queries import get_account
from app.people.families import queries as families
from app.people.families.models import Kpm
from app.people.places import queries as places
from app.people.places.queries import settings_of

bp = Blueprint("mentoring", __name__)
bp.add_app_template_filter(words.help_word, "kunjungan_bantuan")
bp.add_app_template_filter(bulan, "bulan")


@fill("family.page", order=20)
def family_panel(kpm: Kpm) -> str:
    """Show when the next visit is due and the last ones, on a family's page."""
    case, standing = queries.case_of(kpm, _today(kpm))
    visits, actions = agreed.list_with_visits(kpm.id, 4)
    return render_template(
        "growth/mentoring/_family.html",
        kpm=kpm,
        case=case,
        standing=standing,
        today=_today(kpm),
        visits=visits,
        actions=told_actions(actions),
        words=words,
        may_visit=policies.may_visit(current_actor(), kpm),
    )


@bp.get("/dampingan/keluarga")
@allow(policies.visits_families)
def caseload() -> ResponseReturnValue:
    """Show the families of the actor's areas by need: whoever waits longest stands first."""
    actor = current_actor()
    day = today(settings_of(actor.region_code).zone)
    cases = queries.list_cases(day, scope=actor)
    due = [case for case in cases if case.waits(day)]
    every = request.args.get("semua") == "1"
    start = digits.whole(request.args.get("setelah", ""), 5) or 0
    shown = (cases if every else due)[start : start + queries.PAGE]
    page = render_template(
        "growth/mentoring/caseload.html",
        cases=[(case, families.name_of(case.kpm)) for case in shown],
        places=places.names_of({case.kpm.desa_code for case in shown}),
        due_count=len(due),
        work=agreed.work_since(day - agreed.A_YEAR, scope=actor),
        count=len(cases),
        every=every,
        today=day,
        more=start + queries.PAGE if len(cases if every else due) > start + queries.PAGE else None,
        words=words,
        oversees=policies.oversees(actor),
    )
    return private_page(page)


@bp.get("/dinsos/pendamping")
@allow(policies.oversees)
def helpers() -> ResponseReturnValue:
    """Show how the work lies on each pendamping of the region: numbers, no family."""
    actor = current_actor()
    found = caseloads.list_caseloads(today(settings_of(actor.region_code).zone), scope=actor)
    page = render_template(
        "growth/mentoring/helpers.html",
        caseloads=found,
        places=places.names_of({code for each in found for code in each.areas}),
    )
    return private_page(page)


@bp.route("/dinsos/keluarga/<id:kpm_id>/kunjungan", methods=["GET", "POST"])
@allow(policies.may_visit, families.get_kpm)
def visit(kpm: Kpm) -> ResponseReturnValue:
    """Write a visit down; the last three months of the book are filled in already."""
    booked = queries.booked_months(kpm.id, _today(kpm))
    form = _filled_in(_today(kpm), booked)
    key = key_of(form)
    return step(
        form,
        lambda: operations.record_visit(
            kpm,
            key=key,
            visited_on=form.tanggal.data,
            mode=form.cara.data,
            met=form.ditemui.data,
            running=form.jalan.data == "ya",
            said=form.berubah.data or "",
            help_wanted=form.perlu.data or [],
            answers=form.answers(),
            booked=booked,
            told=form.told(list(booked)),
            photo=form.foto.keep(),
            agreed=form.agreed(),
            alone=form.wish(),
            filled_in=bool(form.terisi.data),
            by=current_actor(),
        ),
        lambda status: _page(kpm, form, booked, status),
        done=lambda made: url_for("mentoring.show", visit_id=made.id),
        said=_("Kunjungan tersimpan."),
        draft=_draft(kpm),
    )


@bp.get("/dinsos/kunjungan/<id:visit_id>")
@allow(policies.may_see_visit, queries.get_visit)
def show(made: MonitoringVisit) -> ResponseReturnValue:
    """Show one visit."""
    page = render_template(
        "growth/mentoring/visit.html",
        visit=made,
        name=families.name_of(made.kpm),
        said=queries.said_of(made),
        who=get_account(made.by_id).name,
        actions=told_actions(agreed.list_of_visit(made.id)),
        wish=agreed.find_wish_of_visit(made.id),
        today=_today(made.kpm),
        may_visit=policies.may_visit(current_actor(), made.kpm),
        words=words,
    )
    return private_page(page)


@bp.post("/dinsos/kunjungan/langkah/<id:action_id>")
@allow(policies.may_close, agreed.get_action)
def close_action(action: AgreedAction) -> ResponseReturnValue:
    """End an action that was agreed on: done, or given up."""
    outcome = posted("hasil")
    with transaction():
        agreed.close(action, outcome if outcome in rules.OUTCOMES else "done", by=current_actor())
    flash(_("Langkah ditutup."))
    return redirect(url_for("mentoring.show", visit_id=action.visit_id), 303)


def told_actions(found: Iterable[AgreedAction]) -> list[tuple[AgreedAction, str]]:
    """Return actions with their words. The caller has asked who may see the family."""
    return [(each, agreed.what_of(each)) for each in found]


@bp.get("/dinsos/kunjungan/<id:visit_id>/foto")
@allow(policies.may_see_visit, queries.get_visit)
def photo(made: MonitoringVisit) -> ResponseReturnValue:
    """Show the photo of a visit."""
    if made.photo is None:
        raise NotFound(made)
    return scans.answer(made.photo)


def _filled_in(day: date, booked: dict[date, Any]) -> VisitForm:
    """Return the form with what the book knows, and the mark that it does."""
    data = {field_of(month): amount for month, amount in booked.items()}
    data["terisi"] = "1" if rules.is_open(booked) else ""
    return visit_form(day, list(booked), tanggal=day, jalan="ya", tahu="told", **data)


def _draft(kpm: Kpm) -> str:
    """Return the key of what a phone keeps while somebody writes: never another officer's words of a family."""
    return f"kunjungan-{kpm.id}-{current_actor().id}"


def _page(kpm: Kpm, form: VisitForm, booked: dict[date, Any], status: int) -> ResponseReturnValue:
    if status != 200:  # perhaps because the book was closed meanwhile
        booked = queries.booked_months(kpm.id, _today(kpm))
    consented = rules.is_open(booked)
    if form.terisi.data and not consented:
        form.empty(list(booked))
    page = render_template(
        "growth/mentoring/new.html",
        kpm=kpm,
        form=form,
        name=families.name_of(kpm),
        fields=[(field_of(month), month, amount) for month, amount in booked.items()],
        questions=list(words.QUESTIONS),
        steps=[(f"langkah-{n}", f"oleh-{n}", f"batas-{n}") for n in range(1, rules.ACTIONS + 1)],
        waiting=told_actions(agreed.list_of_family(kpm.id, only_open=True)),
        draft=_draft(kpm),
        consented=consented,
        last=queries.list_visits(kpm.id, 1),
        words=words,
        said_of=queries.said_of,
    )
    return private_page(page, status)


def _today(kpm: Kpm) -> date:
    return today(settings_of(kpm.regency_code).zone)

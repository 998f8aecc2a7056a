"""The data-protection officer's desk: what was done by whom, and whether the log itself was touched."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core import audit
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.i18n import _
from app.core.policy import allow, current_actor
from app.kit import digits, text
from app.office.oversight import facts, policies, queries, reports, words
from app.office.oversight.queries import Asked, Sought
from app.people.accounts.queries import names_of
from app.people.families import looks as looking
from app.people.files import operations as files

bp = Blueprint("oversight", __name__)
bp.add_app_template_filter(words.act, "perbuatan")
bp.add_app_template_filter(facts.subject, "tentang")
bp.add_app_template_filter(looking.what, "dilihat")
bp.add_app_template_filter(looking.purpose, "untuk_apa")


@bp.get("/dinsos/catatan")
@allow(policies.is_steward)
def acts() -> ResponseReturnValue:
    """List what was done, newest first; keep to an act, a person, a thing or days."""
    asked, before = _asked(), digits.whole(request.args.get("setelah", ""))
    found = queries.list_acts(asked, before, scope=current_actor())
    shown = found[: queries.PAGE]
    page = render_template(
        "office/oversight/acts.html",
        acts=shown,
        told=facts.told,
        names=names_of(facts.people_in(each.entry for each in shown)),
        more=shown[-1].entry.id if len(found) > len(shown) else None,
        first=before is None,
        asked=asked,
        kept=_kept(asked),
        known=sorted(words.ACTS, key=words.act),
        heads=len(audit.exported_heads()),
    )
    return private_page(page)


@bp.post("/dinsos/catatan/unduh")
@allow(policies.is_steward)
def export() -> ResponseReturnValue:
    """Order the shown acts as CSV; the order itself is written down."""
    actor, asked = current_actor(), _asked()
    with transaction():
        wanted = files.ask(reports.EXPORT, _("Catatan perbuatan"), reports.facts_of(asked, actor.id), by=actor)
        audit.record(actor, "audit.exported", wanted)
    return redirect(url_for("files.show", file_id=wanted.id), 303)


@bp.post("/dinsos/catatan/periksa")
@allow(policies.is_steward)
def check() -> ResponseReturnValue:
    """Order a recomputation of the whole chain."""
    actor = current_actor()
    with transaction():
        wanted = files.ask(reports.CHAIN, _("Pemeriksaan rantai catatan"), {}, by=actor)
    return redirect(url_for("files.show", file_id=wanted.id), 303)


@bp.get("/dinsos/akses")
@allow(policies.is_steward)
def looks() -> ResponseReturnValue:
    """List who looked at which family, newest first; families stand by our own number alone."""
    sought, before = _sought(), digits.whole(request.args.get("setelah", ""))
    found = queries.list_looks(sought, before, scope=current_actor())
    shown = found[: queries.PAGE]
    page = render_template(
        "office/oversight/looks.html",
        looks=shown,
        more=shown[-1].row.id if len(found) > len(shown) else None,
        first=before is None,
        sought=sought,
        kept=_kept_looks(sought),
    )
    return private_page(page)


@bp.post("/dinsos/akses/unduh")
@allow(policies.is_steward)
def export_looks() -> ResponseReturnValue:
    """Order the shown looks as CSV; the order itself is written down."""
    actor, sought = current_actor(), _sought()
    with transaction():
        wanted = files.ask(reports.LOOKS, _("Catatan akses"), reports.facts_of(sought, actor.id), by=actor)
        audit.record(actor, "access.exported", wanted)
    return redirect(url_for("files.show", file_id=wanted.id), 303)


def _sought() -> Sought:
    given = request.values
    return Sought(
        actor_id=digits.whole(given.get("siapa", "")),
        pseudonym=text.clean_line(given.get("keluarga", "")[:12]).upper(),
        first=_day(given.get("dari", "")),
        last=_day(given.get("sampai", "")),
    )


def _kept_looks(sought: Sought) -> dict[str, str]:
    given = {
        "siapa": str(sought.actor_id or ""),
        "keluarga": sought.pseudonym,
        "dari": sought.first.isoformat() if sought.first else "",
        "sampai": sought.last.isoformat() if sought.last else "",
    }
    return {name: value for name, value in given.items() if value}


def _asked() -> Asked:
    given = request.values
    act = given.get("perbuatan", "")
    return Asked(
        act=act if act in words.ACTS else "",
        actor_id=digits.whole(given.get("siapa", "")),
        subject=text.clean_line(given.get("tentang", "")[:80]),
        first=_day(given.get("dari", "")),
        last=_day(given.get("sampai", "")),
    )


def _kept(asked: Asked) -> dict[str, str]:
    """Return what the list is kept to, as an address says it."""
    given = {
        "perbuatan": asked.act,
        "siapa": str(asked.actor_id or ""),
        "tentang": asked.subject,
        "dari": asked.first.isoformat() if asked.first else "",
        "sampai": asked.last.isoformat() if asked.last else "",
    }
    return {name: value for name, value in given.items() if value}


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None

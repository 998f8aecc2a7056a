"""The page of a region: one sheet of sums for a phone, a desk and a printer, each figure with its definition."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core import audit
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.i18n import _
from app.core.policy import allow, current_actor
from app.office.insights import policies, queries, reports, words
from app.office.insights.definitions import DEFINITIONS, Definition, get_definition
from app.office.insights.waiting import list_waiting
from app.people.files import operations as files

bp = Blueprint("insights", __name__)
bp.add_app_template_filter(words.month, "bulan")
bp.add_app_template_filter(words.in_short, "ringkas")
bp.add_app_template_filter(words.exact, "tepat")


@bp.get("/dinsos/ringkasan")
@allow(policies.reads_insights)
def show() -> ResponseReturnValue:
    """Show a month of the region beside the month before and the same month of last year."""
    actor = current_actor()
    day = queries.today_in(actor)
    seen = queries.overview(_month(day), scope=actor)
    chosen = next((each for each in seen.areas if each.code and each.code == request.args.get("wilayah", "")), None)
    facts = reports.facts(seen)
    page = render_template(
        "office/insights/show.html",
        chosen=chosen,
        months=queries.list_months(day),
        waiting=list_waiting(actor),
        **facts,
    )
    return private_page(page)


@bp.get("/dinsos/ringkasan/cetak")
@allow(policies.reads_insights)
def paper() -> ResponseReturnValue:
    """Show the same as a sheet for the printer."""
    actor = current_actor()
    seen = queries.overview(_month(queries.today_in(actor)), scope=actor)
    return private_page(render_template("office/insights/paper.html", **reports.facts(seen)))


@bp.get("/dinsos/ringkasan/<slug:definition>")
@allow(policies.reads_definition, get_definition)
def define(definition: Definition) -> ResponseReturnValue:
    """Say what a figure means, over which days, from which rows, and what it is now."""
    actor = current_actor()
    seen = queries.overview(_month(queries.today_in(actor)), scope=actor)
    others = [each for each in DEFINITIONS if each is not definition]
    page = render_template(
        "office/insights/definition.html", definition=definition, others=others, **reports.facts(seen)
    )
    return private_page(page)


@bp.post("/dinsos/ringkasan/pdf")
@allow(policies.reads_insights)
def order_pdf() -> ResponseReturnValue:
    """Order the report of a month as PDF."""
    return _order(reports.PDF)


@bp.post("/dinsos/ringkasan/excel")
@allow(policies.reads_insights)
def order_xlsx() -> ResponseReturnValue:
    """Order the figures of a month as a workbook."""
    return _order(reports.WORKBOOK)


def _order(kind: str) -> ResponseReturnValue:
    actor = current_actor()
    month = _month(queries.today_in(actor))
    title = _("Ringkasan %(month)s", month=words.month(month))
    with transaction():
        wanted = files.ask(kind, title, {"month": month.isoformat(), "reader": actor.id}, by=actor)
        audit.record(actor, "insights.exported", wanted, month=f"{month:%Y-%m}")
    return redirect(url_for("files.show", file_id=wanted.id), 303)


def _month(day: date) -> date:
    """Read the month that the address names; one that cannot be, or is not offered, is this one."""
    known = {f"{month:%Y-%m}": month for month in queries.list_months(day)}
    return known.get(request.values.get("bulan", ""), day.replace(day=1))

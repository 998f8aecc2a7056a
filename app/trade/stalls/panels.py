"""What stalls put on the pages of bazaars: the ways to till, results and report, and what a reported bazaar sold."""

from __future__ import annotations

from flask import render_template, url_for

from app.core import papers
from app.core.addresses import origin
from app.core.panels import fill
from app.core.policy import current_actor
from app.kit.rupiah import Rupiah
from app.trade.bazaars import queries as bazaars
from app.trade.bazaars.models import Application, Bazaar
from app.trade.stalls import happening, queries

DAYS = ("published", "running", "closed", "reported")


@fill("bazaar.office")
def office(bazaar: Bazaar, state: str) -> str:
    """Lead officers to results, helpers' passes and the report."""
    return render_template("trade/stalls/_office.html", bazaar=bazaar) if state in DAYS else ""


@fill("bazaar.place")
def place(application: Application) -> str:
    """Lead a seller to her till and her result, and her pendamping to the result."""
    state = bazaars.state_of(application.bazaar)
    if application.state not in queries.PLACED or state not in DAYS:
        return ""
    own = current_actor().role == "seller"
    waits = own and application.state == "confirmed" and state in ("published", "running")
    address = origin() + url_for("stalls.arrival", place_id=application.id)
    code = papers.code(address) if waits else ""
    return render_template("trade/stalls/_place.html", application=application, state=state, own=own, code=code)


@fill("bazaar.caseload")
def caseload() -> str:
    """Lead a pendamping to the results of her sellers."""
    return render_template("trade/stalls/_caseload.html")


@fill("bazaar.public")
def public(bazaar: Bazaar) -> str:
    """Show the photos of a bazaar and, once it is reported, what it sold; on the day, lead helpers to their door."""
    state = bazaars.state_of(bazaar)
    if state not in DAYS[1:]:
        return ""
    report = queries.find_report(bazaar.id) if state == "reported" else None
    return render_template(
        "trade/stalls/_public.html",
        bazaar=bazaar,
        running=state == "running",
        figures=report.figures if report else None,
        total=Rupiah(report.figures["total"]) if report else None,
        photos=happening.shown(bazaar.id),
    )

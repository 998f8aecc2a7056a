"""Bazaars as visitors see them: the months, one bazaar, its poster, the calendar."""

from __future__ import annotations

from datetime import date

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core import pages, panels, papers
from app.core.addresses import origin
from app.core.clock import now, today
from app.core.errors import NotFound
from app.core.i18n import _
from app.core.optional import Unavailable
from app.core.policy import public
from app.goods.catalogue.queries import list_by_ids
from app.kit.periods import WIB
from app.people.places import queries as places
from app.trade.bazaars import asked, queries, showing, words
from app.trade.bazaars.door import bp
from app.trade.bazaars.models import Bazaar

GOODS = 8
MOST_KECAMATAN = 10


@bp.get("/bazar")
@public
def index() -> str:
    """List the bazaars by month, or lay one month out as a calendar."""
    month = showing.read_month(request.args.get("bulan", ""))
    chosen = [code for code in request.args.getlist("kecamatan") if len(code) <= 13][:MOST_KECAMATAN]
    found = queries.list_public(*showing.window(month), chosen)
    coming = [each for each in found if month or each.ends_at > now()]
    first = month or places_month()
    return render_template(
        "trade/bazaars/index.html",
        months=showing.months(coming),
        past=[] if month else [showing.leaf_of(each) for each in reversed(found) if each.ends_at <= now()],
        weeks=showing.weeks(month, [showing.leaf_of(each) for each in found]) if month else [],
        month=month,
        before=showing.step_month(first, -1),
        after=showing.step_month(first, 1),
        here=first,
        chosen=chosen,
        kecamatan=places.names_of({each.kecamatan_code for each in found if each.kecamatan_code} | set(chosen)),
    )


def places_month() -> date:
    """Return the first day of this month where the market is."""
    return today(WIB.name).replace(day=1)


def _public(slug: str) -> Bazaar:
    found = queries.find_public(slug)
    if found is None:
        raise NotFound(slug)
    return found


@bp.get("/bazar/<slug:slug>")
@public
def show(slug: str) -> str:
    """Show one bazaar: when, where, who, what."""
    bazaar = _public(slug)
    people = queries.list_participants(bazaar.id) if queries.is_announced(bazaar) else []
    region = bazaar.kecamatan_code or bazaar.regency_code
    return render_template(
        "trade/bazaars/show.html",
        bazaar=bazaar,
        leaf=showing.leaf_of(bazaar),
        reason=words.reason,
        people=people,
        names=places.names_of({each.shop.kecamatan_code for each, _number in people} | {region}),
        region=region,
        spots=showing.plan(bazaar.stall_count, people) if people else [],
        goods=list_by_ids(queries.list_goods(bazaar.id, GOODS)) if people else [],
        programme=showing.programme_of(bazaar.programme),
        questions=[each for each in asked.list_questions(bazaar.id) if each.answer],
        address=origin() + url_for("bazaars.show", slug=bazaar.slug),
    )


@bp.get("/bazar/<slug:slug>/poster.pdf")
@public
def poster(slug: str) -> ResponseReturnValue:
    """Give the poster of a bazaar for a printer; of one that is over, put off or called off, nobody prints the day."""
    bazaar = _public(slug)
    leaf = showing.leaf_of(bazaar)
    if leaf.leaf == "past":
        return redirect(url_for("bazaars.show", slug=bazaar.slug), 303)
    address = origin() + url_for("bazaars.show", slug=bazaar.slug)
    try:
        drawn = papers.draw_for_all(
            "trade/bazaars/poster.html",
            "poster.css",
            bazaar=bazaar,
            leaf=leaf,
            address=address,
            code=papers.code(address),
        )
    except Unavailable:
        flash(_("PDF belum bisa dibuat di sini. Cetak dari halaman ini."), "warning")
        return redirect(url_for("bazaars.show", slug=bazaar.slug), 303)
    return papers.pdf_response(drawn, "poster-bazar.pdf")


@bp.get("/bazar.ics")
@public
def calendar() -> Response:
    """Give all bazaars to a calendar."""
    file = showing.calendar_file(queries.list_public(*showing.window(None)))
    response = Response(file, content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=900" if pages.for_nobody() else "private, no-cache"
    response.vary.add("Cookie")
    return response


@panels.fill("home.strip")
def strip() -> str:
    """Show the next bazaar on the home page; nothing when there is none."""
    bazaar = queries.find_next()
    if bazaar is None:
        return ""
    pages.holds_until(bazaar.ends_at)
    return render_template("trade/bazaars/_strip.html", leaf=showing.leaf_of(bazaar))

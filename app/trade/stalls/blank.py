"""Tally sheets to print and fill in by hand: for her own stall, for a seller without a phone, for a whole bazaar."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, render_template, url_for

from app.core.cookies import private_page
from app.core.policy import allow
from app.trade.bazaars.models import Application, Bazaar
from app.trade.stalls import policies, queries, reporting
from app.trade.stalls.door import bp


@bp.get("/jualan/bazar/lapak/<id:place_id>/lembar-kosong")
@allow(policies.sells_here, queries.get_place)
def blank_sheet(application: Application) -> Response:
    """Print her own tally sheet."""
    return _page(application.bazaar, [application], url_for("stalls.sheet", place_id=application.id))


@bp.get("/hasil-bazar/<id:place_id>/lembar-kosong")
@allow(policies.may_settle, queries.get_place)
def blank_sheet_for(application: Application) -> Response:
    """Print the tally sheet of one seller."""
    return _page(application.bazaar, [application], url_for("stalls.sheet_for", place_id=application.id))


@bp.get("/dinsos/bazar/<id:bazaar_id>/lembar-kosong")
@allow(policies.may_look, queries.get_bazaar)
def blank_sheets(bazaar: Bazaar) -> Response:
    """Print the tally sheets of everybody, by stall number."""
    return _page(bazaar, queries.list_places(bazaar.id), url_for("stalls.overview", bazaar_id=bazaar.id))


def _page(bazaar: Bazaar, places: Sequence[Application], back: str) -> Response:
    """Show a sheet for each stall and each day."""
    numbers, goods = reporting.numbers_of(bazaar.id), queries.goods_of([each.id for each in places])
    page = render_template(
        "trade/stalls/blank.html",
        bazaar=bazaar,
        sheets=[
            (place, numbers.get(place.id), day.day, goods[place.id])
            for place in sorted(places, key=lambda each: (numbers.get(each.id, 0), each.number))
            for day in bazaar.days
        ],
        back=back,
    )
    return private_page(page)

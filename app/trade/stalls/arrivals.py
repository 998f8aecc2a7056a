"""The morning of a bazaar: who has come, who has not, and who comes without having asked."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.forms import posted
from app.core.i18n import _
from app.core.policy import allow, current_actor
from app.goods.shops.queries import get_shop
from app.kit import digits
from app.trade.bazaars import ground, steps
from app.trade.bazaars import queries as bazaars
from app.trade.bazaars.models import Application, Bazaar
from app.trade.stalls import comers, forms, operations, policies, queries, reporting
from app.trade.stalls.door import bp, do
from app.trade.stalls.operations import Hand

LONGEST_SEARCH = 60


@bp.get("/dinsos/bazar/<id:bazaar_id>/kehadiran")
@allow(policies.may_look, bazaars.get_bazaar)
def arrivals(bazaar: Bazaar) -> Response:
    """Show who is at the stall, and find sellers who came on the spot."""
    numbers = reporting.numbers_of(bazaar.id)
    places = sorted(queries.list_places(bazaar.id), key=lambda each: (numbers.get(each.id, ground.LAST), each.number))
    sought = request.args.get("cari", "").strip()[:LONGEST_SEARCH]
    page = render_template(
        "trade/stalls/arrivals.html",
        bazaar=bazaar,
        state=bazaars.state_of(bazaar),
        places=places,
        numbers=numbers,
        sold=comers.list_started(bazaar.id),
        may_run=policies.may_run(current_actor(), bazaar),
        sought=sought,
        found=comers.list_comers(bazaar, sought) if sought else [],
        key=forms.new_key(),
    )
    return private_page(page)


@bp.post("/dinsos/bazar/<id:bazaar_id>/datang-langsung")
@allow(policies.may_run, bazaars.get_bazaar)
def walk_in(bazaar: Bazaar) -> ResponseReturnValue:
    """Give a stall to a seller who has just come."""
    shop = get_shop(digits.whole(posted("lapak")) or 0)
    here, key = url_for("stalls.arrivals", bazaar_id=bazaar.id), forms.read_key()
    try:
        with transaction():
            steps.begin(bazaar.id)  # what time has to do is done before, for itself
        with transaction():
            application = ground.walk_in(bazaar, shop, key, by=current_actor())
            number = reporting.numbers_of(bazaar.id)[application.id]
    except DomainError as refusal:
        flash(str(refusal), "error")
        return redirect(here, 303)
    flash(_("%(shop)s mendapat lapak nomor %(n)s.", shop=shop.name, n=number), "success")
    return redirect(here, 303)


@bp.get("/hadir-bazar/<id:place_id>")
@allow(policies.may_settle, queries.get_place)
def arrival(application: Application) -> Response:
    """Show whoever scanned a seller's code that it is she, and let them say that she has come."""
    page = render_template(
        "trade/stalls/arrival.html",
        application=application,
        bazaar=application.bazaar,
        state=bazaars.state_of(application.bazaar),
        number=reporting.numbers_of(application.bazaar_id).get(application.id),
        staff=policies.may_look(current_actor(), application.bazaar),
    )
    return private_page(page)


@bp.post("/hadir-bazar/<id:place_id>")
@allow(policies.may_settle, queries.get_place)
def arrive(application: Application) -> ResponseReturnValue:
    """Note that she has come, that it was somebody else's row, or that she does not come."""
    actor = current_actor()
    acts: dict[str, Any] = {
        "datang": lambda: operations.check_in(application, by=Hand(actor)),
        "bukan": lambda: operations.not_here(application, by=Hand(actor)),
    }
    if policies.may_run(actor, application.bazaar):
        acts["tidak-datang"] = lambda: ground.absent(application, by=actor)
    listed = policies.may_look(actor, application.bazaar)
    after = url_for("stalls.arrivals", bazaar_id=application.bazaar_id) if listed else None
    return do(acts, after or url_for("stalls.arrival", place_id=application.id))

"""Tally sheets and results: by the seller herself, or by staff for her; and the second signature."""

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
from app.kit import digits
from app.people.accounts.policies import is_pendamping
from app.people.accounts.queries import names_of
from app.trade.bazaars import queries as bazaars
from app.trade.bazaars.models import Application
from app.trade.stalls import comers, forms, policies, queries, rules, settling
from app.trade.stalls.door import bp, do
from app.trade.stalls.forms import Typed
from app.trade.stalls.models import Settlement
from app.trade.stalls.operations import Hand
from app.trade.stalls.refusals import Settled


@bp.route("/jualan/bazar/lapak/<id:place_id>/lembar", methods=["GET", "POST"])
@allow(policies.sells_here, queries.get_place)
def sheet(application: Application) -> ResponseReturnValue:
    """Copy her own tally sheet."""
    return _sheet(application, url_for("stalls.settle", place_id=application.id))


@bp.route("/hasil-bazar/<id:place_id>/lembar", methods=["GET", "POST"])
@allow(policies.may_settle, queries.get_place)
def sheet_for(application: Application) -> ResponseReturnValue:
    """Copy the tally sheet of a seller without a phone."""
    return _sheet(application, url_for("stalls.result", place_id=application.id))


def _sheet(application: Application, after: str) -> ResponseReturnValue:
    typed = Typed()
    if request.method != "POST":
        return _sheet_page(application, after, typed)
    days = [each.day for each in application.bazaar.days]
    told = forms.read_sheet(queries.list_goods(application), days, typed)
    if typed.errors:
        return _sheet_page(application, after, typed, 422)
    try:
        with transaction():
            settling.enter_sheet(application, told, by=Hand(current_actor()))
    except DomainError as refusal:
        typed.trouble = str(refusal)
        return _sheet_page(application, after, typed, refusal.status)
    flash(_("Lembar hitung tersimpan."), "success")
    return redirect(after, 303)


def _sheet_page(application: Application, after: str, typed: Typed, status: int = 200) -> Response:
    page = render_template(
        "trade/stalls/sheet.html",
        application=application,
        goods=queries.list_goods(application),
        days=[each.day for each in application.bazaar.days],
        typed=typed,
        key=forms.new_key(),
        back=after,
        settled=Settled.text if queries.is_handed_in(application.id) else "",
        open=bazaars.state_of(application.bazaar) in rules.SELLING,
    )
    return private_page(page, status)


@bp.route("/jualan/bazar/lapak/<id:place_id>/setor", methods=["GET", "POST"])
@allow(policies.sells_here, queries.get_place)
def settle(application: Application) -> ResponseReturnValue:
    """Hand her own result in."""
    here = url_for("stalls.settle", place_id=application.id)
    return _result(application, here, url_for("stalls.sheet", place_id=application.id))


@bp.route("/hasil-bazar/<id:place_id>", methods=["GET", "POST"])
@allow(policies.may_settle, queries.get_place)
def result(application: Application) -> ResponseReturnValue:
    """Show the result of a stall to staff, who may hand it in for her."""
    here = url_for("stalls.result", place_id=application.id)
    return _result(application, here, url_for("stalls.sheet_for", place_id=application.id))


def _result(application: Application, here: str, sheet_url: str) -> ResponseReturnValue:
    typed = Typed()
    if request.method != "POST":
        return _result_page(application, here, sheet_url, typed)
    rows, conflicts = settling.list_rows(application), settling.list_conflicts(application)
    told = forms.read_result(rows, conflicts, typed)
    if typed.errors:
        return _result_page(application, here, sheet_url, typed, 422)
    try:
        with transaction():
            settling.submit(application, told, by=Hand(current_actor()))
    except DomainError as refusal:
        typed.trouble = str(refusal)
        return _result_page(application, here, sheet_url, typed, refusal.status)
    flash(_("Hasil bazar sudah disetor. Petugas lain akan memeriksa dan menandatangani."), "success")
    return redirect(here, 303)


def _result_page(application: Application, here: str, sheet_url: str, typed: Typed, status: int = 200) -> Response:
    actor = current_actor()
    settlement = queries.find_settlement(application.id)
    page = render_template(
        "trade/stalls/result.html",
        application=application,
        bazaar=application.bazaar,
        state=bazaars.state_of(application.bazaar),
        rows=settling.list_rows(application),
        conflicts=settling.list_conflicts(application) if settling.is_open(application) else [],
        sheets=queries.newest_sheets(application.id),
        till=queries.till_sums(application.id),
        settlement=settlement,
        names=_hands(settlement),
        open=settling.is_open(application),
        may_sign=_may_sign(application, settlement),
        may_mark=actor.role != "seller" and settlement is None and settling.may_be_silent(application),
        is_staff=actor.role != "seller",
        home=_home(application),
        here=here,
        sheet_url=sheet_url,
        typed=typed,
    )
    return private_page(page, status)


def _hands(settlement: Settlement | None) -> dict[int, str]:
    """Return the names of whoever handed a result in and signed it, by id."""
    if settlement is None:
        return {}
    return names_of({each for each in (settlement.submitted_by_id, settlement.signed_by_id) if each})


def _home(application: Application) -> str:
    """Return where a reader came from: her own bazaars, those of her sellers, or all stalls of this one."""
    actor = current_actor()
    if policies.sells_here(actor, application):
        return url_for("bazaars.mine")
    if policies.may_look(actor, application.bazaar):
        return url_for("stalls.overview", bazaar_id=application.bazaar_id)
    return url_for("stalls.caseload")


def _may_sign(application: Application, settlement: Settlement | None) -> bool:
    actor = current_actor()
    waits = settlement is not None and settlement.state == "submitted"
    return waits and actor.role != "seller" and actor.id not in queries.enterers(application)


@bp.post("/hasil-bazar/<id:place_id>/jawab")
@allow(policies.may_settle, queries.get_place)
def answer(application: Application) -> ResponseReturnValue:
    """Sign a result, send it back, or mark a stall as silent."""
    actor, version = current_actor(), digits.whole(posted("versi"), digits.VERSION_DIGITS) or 0
    settlement = queries.find_settlement(application.id)
    acts: dict[str, Any] = {"tidak-melapor": lambda: settling.mark_silent(application, by=actor)}
    if settlement is not None:
        acts["setuju"] = lambda: settling.sign(settlement, version, by=actor)
        acts["kembalikan"] = lambda: settling.send_back(settlement, version, posted("alasan")[:300], by=actor)
    return do(acts, url_for("stalls.result", place_id=application.id))


@bp.get("/dampingan/bazar/hasil")
@allow(is_pendamping)
def caseload() -> Response:
    """List the stalls of a pendamping's sellers whose day has come, and what they handed in."""
    places = comers.list_helped(current_actor())
    settled = queries.settlements_at([each.id for each in places])
    page = render_template(
        "trade/stalls/caseload.html",
        places=[(each, settled.get(each.id), bazaars.state_of(each.bazaar)) for each in places],
    )
    return private_page(page)

"""The list of whoever helps: complaints that climbed, and the page on which one is decided.

Other pages stand in `buyer` and `seller`.
"""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.core import scans
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.policy import allow, current_actor
from app.kit import digits
from app.people.accounts.policies import fosters
from app.trade.returns import buyer, jobs, operations, personal, policies, queries, rules, seller, verify, words
from app.trade.returns.door import bp
from app.trade.returns.forms import CHOICES, GOODS, CloseForm
from app.trade.returns.models import ReturnCase

# Whoever takes this room in has its other pages, its clock and its book too.
__all__ = ("bp", "buyer", "jobs", "personal", "seller", "verify")

PER_PAGE = 20


@bp.get("/dampingan/keluhan")
@allow(fosters)
def inbox() -> Response:
    """List the complaints that somebody has to decide, the oldest first."""
    after = digits.whole(request.args.get("setelah", "")) or 0
    found = queries.list_waiting(scope=current_actor(), after_id=after, limit=PER_PAGE + 1)
    shown = found[:PER_PAGE]
    more = url_for("returns.inbox", setelah=shown[-1].case.id) if len(found) > PER_PAGE else None
    return private_page(render_template("trade/returns/inbox.html", told=shown, more=more, words=words))


@bp.route("/dampingan/keluhan/<id:return_id>", methods=["GET", "POST"])
@allow(policies.may_close, queries.get_case)
def show(case: ReturnCase) -> BaseResponse:
    """Show a complaint without its buyer, and end it with a decision that both read."""
    form = CloseForm()
    if not form.filled():
        return _page(case, form, 422 if form.is_submitted() else 200)
    decision, goods, said = CHOICES[form.putusan.data], GOODS[form.barang.data], form.kalimat.data
    try:
        with transaction():
            operations.close(case, decision, goods, said, by=current_actor(), version=form.version())
    except DomainError as refusal:
        form.stale(refusal, queries.get_case(case.id).version)
        return _page(case, form, refusal.status)
    flash(_("Putusan tersimpan. Pembeli dan penjual membacanya."), "success")
    return redirect(url_for("returns.inbox"), 303)


def _page(case: ReturnCase, form: CloseForm, status: int) -> Response:
    told = queries.told(case)
    may = rules.find_step("close", told.case.state, late=told.late) is not None
    page = render_template("trade/returns/show.html", each=told, case=told.case, form=form, may=may, words=words)
    return private_page(page, status)


@bp.get("/dampingan/keluhan/<id:return_id>/foto")
@allow(policies.may_close, queries.get_case)
def photo(case: ReturnCase) -> Response:
    """Show the photo to whoever decides; that somebody looked is written down."""
    with transaction():
        operations.note_look(case, by=current_actor())
    return scans.answer(case.photo or "")

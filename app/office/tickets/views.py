"""Complaining to the office about anything, following it by number, and the officers' list, overdue first."""

from __future__ import annotations

import secrets

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.core.addresses import origin
from app.core.clock import now
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import DomainError, NotFound
from app.core.i18n import _
from app.core.policy import allow, current_actor, public
from app.core.vault import settings
from app.kit import codes, digits
from app.office.tickets import jobs, operations, personal, policies, queries, verify, words
from app.office.tickets.forms import AnswerForm, FindForm, TicketForm
from app.office.tickets.models import Ticket
from app.trade.orders.buyer import count_wrong

# Whoever takes this room in has its clock, its book and what it keeps of people too.
__all__ = ("bp", "jobs", "personal", "verify")

bp = Blueprint("tickets", __name__)

KEY_BYTES = 16
KEY_SIGNS = 64
PER_PAGE = 20


@bp.route("/aduan", methods=["GET", "POST"])
@public
def complain() -> BaseResponse:
    """Take a complaint about anything; its page says the number and by when it is answered."""
    form = TicketForm()
    if not form.filled():
        return _form_page(form, 422 if form.is_submitted() else 200)
    try:
        with transaction():
            ticket = operations.complain(
                form.tentang.data,
                form.cerita.data,
                form.telepon.data,
                key=form.kunci.data or secrets.token_urlsafe(KEY_BYTES),
                regency_code=settings().regency_code,
                address=request.remote_addr or "",
            )
            code = ticket.code
    except DomainError as refusal:
        form.form_errors = [str(refusal)]
        return _form_page(form, refusal.status)
    return redirect(_link(code), 303)


def _form_page(form: TicketForm, status: int) -> Response:
    form.kunci.data = (form.kunci.data or "")[:KEY_SIGNS] or secrets.token_urlsafe(KEY_BYTES)
    return private_page(render_template("office/tickets/complain.html", form=form), status)


def _link(code: str) -> str:
    return url_for("tickets.follow", code=code, s=queries.signature_of(code))


@bp.get("/aduan/<code:code>")
@public
def follow(code: str) -> Response:
    """Show where a complaint stands, and its answer with the officer's name."""
    try:
        ticket = queries.get_by_link(code, request.args.get("s", "")[:KEY_SIGNS])
    except NotFound:
        count_wrong(codes.normalise(code)[:KEY_SIGNS])
        raise
    late, link = now() > ticket.due_at, origin() + _link(code)
    page = render_template("office/tickets/follow.html", ticket=ticket, words=words, late=late, link=link)
    return private_page(page)


@bp.route("/aduan/cari", methods=["GET", "POST"])
@public
def find() -> BaseResponse:
    """Lead to a complaint by its number and the phone on it; what does not fit is answered alike."""
    form = FindForm()
    if not form.filled():
        return _find_page(form, 422 if form.is_submitted() else 200)
    found = queries.find_by_phone(form.kode.data, form.telepon.data)
    if found is None:
        count_wrong(codes.normalise(form.kode.data)[:KEY_SIGNS])
        form.form_errors = [_("Nomor aduan dan nomor HP ini tidak cocok. Periksa lagi.")]
        return _find_page(form, 404)
    return redirect(_link(found.code), 303)


def _find_page(form: FindForm, status: int) -> Response:
    return private_page(render_template("office/tickets/find.html", form=form), status)


@bp.get("/dinsos/aduan")
@allow(policies.answers)
def inbox() -> Response:
    """List what waits for an answer, overdue first, and what was answered."""
    actor, before = current_actor(), digits.whole(request.args.get("sebelum", "")) or 0
    done = queries.list_answered(scope=actor, before_id=before, limit=PER_PAGE + 1)
    shown = done[:PER_PAGE]
    page = render_template(
        "office/tickets/inbox.html",
        waiting=[] if before else queries.list_open(scope=actor),
        done=shown,
        first=not before,
        present=now(),
        words=words,
        more=url_for("tickets.inbox", sebelum=shown[-1].id) if len(done) > PER_PAGE else None,
    )
    return private_page(page)


@bp.route("/dinsos/aduan/<code:code>", methods=["GET", "POST"])
@allow(policies.may_answer, queries.get_ticket)
def answer(ticket: Ticket) -> BaseResponse:
    """Show a complaint, and take the one answer, with the officer's own name under it."""
    form = AnswerForm()
    if not form.filled():
        return _answer_page(ticket, form, 422 if form.is_submitted() else 200)
    try:
        with transaction():
            operations.answer(ticket, form.jawaban.data, by=current_actor())
    except DomainError as refusal:
        form.form_errors = [str(refusal)]
        return _answer_page(queries.get_ticket(ticket.code), form, refusal.status)
    flash(_("Jawaban tersimpan. Pelapor membacanya di halaman aduannya."), "success")
    return redirect(url_for("tickets.answer", code=ticket.code), 303)


def _answer_page(ticket: Ticket, form: AnswerForm, status: int) -> Response:
    page = render_template(
        "office/tickets/answer.html",
        ticket=ticket,
        form=form,
        words=words,
        late=now() > ticket.due_at,
        tell=words.tell_url(ticket, origin() + _link(ticket.code)) if ticket.answered_at else "",
    )
    return private_page(page, status)

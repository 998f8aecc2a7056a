"""*Buku kas*: a month of money in the words of the family sessions, for the seller alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.core import papers
from app.core.clock import today
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import NotFound
from app.core.i18n import _
from app.core.optional import Unavailable
from app.core.policy import allow
from app.goods.shops.models import Shop
from app.goods.shops.policies import owns
from app.goods.shops.queries import get_own_shop
from app.people.places.queries import settings_of
from app.trade.cashbook import operations, policies, queries, rules, words
from app.trade.cashbook.forms import EntryForm
from app.trade.cashbook.models import CashEntry
from app.trade.cashbook.rules import Sums
from app.trade.sales import ledger

bp = Blueprint("cashbook", __name__)

OLDEST = date(2020, 1, 1)


@bp.get("/jualan/buku-kas")
@allow(owns, get_own_shop)
def show(shop: Shop) -> Response:
    """Show one month: `bulan` like 2026-11, else this one."""
    facts = _facts(shop)
    month, this_day = facts["month"], facts["this_day"]
    before, after = month.first - timedelta(days=1), month.last + timedelta(days=1)
    page = render_template(
        "trade/cashbook/show.html",
        **facts,
        bars=_bars(month.sums),
        before=f"{before:%Y-%m}" if before >= OLDEST else None,
        after=f"{after:%Y-%m}" if after <= this_day else None,
    )
    return private_page(page)


@bp.route("/jualan/buku-kas/tulis/<slug:entry_kind>", methods=["GET", "POST"])
@allow(owns, get_own_shop)
def write(shop: Shop, entry_kind: str) -> BaseResponse:
    """Ask one question, and write the answer down."""
    kind = rules.kind_of(entry_kind)
    if kind is None:
        raise NotFound(entry_kind)
    form = EntryForm()
    if not form.is_submitted():
        form.begin(today(settings_of(shop.regency_code).zone))
        return _form_page(kind, form)
    if not form.validate():
        return _form_page(kind, form, 422)
    try:
        with transaction():
            entry = operations.write_down(
                shop, kind, form.amount.data, form.day.data, form.remark.data or "", key=form.own_key()
            )
    except (operations.NotYet, operations.TooLongAgo) as refusal:
        form.note("day", refusal)
        return _form_page(kind, form, refusal.status)
    except operations.KeyReused as refusal:
        form.form_errors = [str(refusal)]
        form.begin(form.day.data)
        return _form_page(kind, form, refusal.status)
    flash(_("Tercatat: %(amount)s.", amount=entry.amount), "success")
    return redirect(url_for("cashbook.show", bulan=f"{entry.on_day:%Y-%m}"), 303)


@bp.post("/jualan/buku-kas/catatan/<id:cash_id>/batalkan")
@allow(policies.wrote, queries.get_entry)
def take_back(entry: CashEntry) -> BaseResponse:
    """Take an entry back: a line against it, never a rubber."""
    with transaction():
        operations.take_back(entry)
    flash(_("Catatan dibatalkan."), "success")
    return redirect(url_for("cashbook.show", bulan=f"{entry.on_day:%Y-%m}"), 303)


@bp.get("/jualan/buku-kas/cetak")
@allow(owns, get_own_shop)
def paper(shop: Shop) -> Response:
    """Show the month as it is printed."""
    return private_page(render_template("trade/cashbook/paper.html", **_facts(shop)))


@bp.get("/jualan/buku-kas/buku-kas.pdf")
@allow(owns, get_own_shop)
def pdf(shop: Shop) -> BaseResponse:
    """Give the same sheet as a file."""
    facts = _facts(shop)
    try:
        drawn = papers.draw("trade/cashbook/paper_pdf.html", "letter.css", **facts)
    except Unavailable:
        flash(_("PDF belum bisa dibuat di sini. Cetak dari halaman ini."), "warning")
        return redirect(url_for("cashbook.paper", bulan=facts["bulan"]), 303)
    return papers.pdf_response(drawn, f"buku-kas-{facts['bulan']}.pdf")


def _facts(shop: Shop) -> dict[str, Any]:
    this_day = today(settings_of(shop.regency_code).zone)
    month = queries.month_of_book(shop, _asked(this_day))
    return {
        "shop": shop,
        "month": month,
        "sums": month.sums,
        "this_day": this_day,
        "bulan": f"{month.first:%Y-%m}",
        "titles": words.TITLES,
    }


def _bars(sums: Sums) -> list[tuple[str, int, str]]:
    """Return what came in, went out, is left, and was set aside, as bars with numbers."""
    parts = (
        (_("Uang masuk"), sums.earned),
        (_("Uang keluar"), sums.expense),
        (_("Laba"), sums.profit),
        (_("Tabungan"), sums.saved),
    )
    return [(name, amount.amount, ledger.thousands(amount)) for name, amount in parts]


def _asked(this_day: date) -> date:
    """Read the month that the address names; one that cannot be, or is to come, is this one."""
    try:
        day = date.fromisoformat(request.args.get("bulan", "") + "-01")
    except ValueError:
        return this_day
    return day if OLDEST <= day <= this_day else this_day


def _form_page(kind: str, form: EntryForm, status: int = 200) -> Response:
    question, hint = words.QUESTIONS[kind]
    page = render_template(
        "trade/cashbook/write.html", form=form, question=question, hint=hint, title=words.TITLES[kind]
    )
    return private_page(page, status)

"""Shops of families: linked from a day to a day, and opened for many at once with their cards."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.core import briefly, papers
from app.core.clock import today
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.i18n import _, _n
from app.core.optional import Unavailable
from app.core.panels import fill
from app.core.policy import allow, current_actor
from app.goods.categories.queries import list_business_types
from app.goods.fostering import cards
from app.goods.fostering.forms import kind_choices
from app.goods.shops.queries import get_shop
from app.growth.businesses import operations, policies, queries
from app.growth.businesses.forms import CAPITAL, AccountsForm, EndForm, LinkForm
from app.growth.businesses.models import Business
from app.kit import digits
from app.people.families.models import Kpm
from app.people.families.policies import may_ask_family
from app.people.families.queries import get_kpm, name_of
from app.people.places import queries as places

bp = Blueprint("businesses", __name__)

SLOT = "family_cards"


@fill("families.list")
def way_to_accounts() -> str:
    """Lead from the list of families to those who want to sell."""
    return render_template("growth/businesses/_way.html", waiting=queries.count_waiting(current_actor()))


@fill("family.page", order=40)
def panel(kpm: Kpm) -> str:
    """Show a family's shops on its page."""
    rows = queries.list_businesses(kpm.id)
    return render_template(
        "growth/businesses/_panel.html",
        kpm=kpm,
        rows=rows,
        shops=queries.shops_by_id(row.shop_id for row in rows),
        capital=CAPITAL,
        asks=may_ask_family(current_actor(), kpm),
    )


@bp.route("/dinsos/keluarga/<id:kpm_id>/usaha", methods=["GET", "POST"])
@allow(may_ask_family, get_kpm)
def link(kpm: Kpm) -> ResponseReturnValue:
    """Say which shop a family runs, since when."""
    form, status = LinkForm(queries.list_free_shops(kpm, scope=current_actor()), _today(kpm)), 200
    if form.filled() and form.mulai.data:
        try:
            with transaction():
                operations.link(
                    kpm, get_shop(int(form.lapak.data)), started_on=form.mulai.data, ended_on=form.selesai.data,
                    capital_source=form.modal.data or None, kbli=form.kbli.data or None, nib=form.nib.data or None,
                    by=current_actor(),
                )  # fmt: skip
        except DomainError as refusal:
            form.form_errors = [str(refusal)]
            status = refusal.status
        else:
            flash(_("Usaha tercatat."))
            return redirect(url_for("families.show", kpm_id=kpm.id), 303)
    page = render_template("growth/businesses/link.html", form=form, kpm=kpm, name=name_of(kpm))
    return private_page(page, status)


def _today(kpm: Kpm) -> date:
    return today(places.settings_of(kpm.regency_code).zone)


@bp.route("/dinsos/keluarga/usaha/<id:business_id>/selesai", methods=["GET", "POST"])
@allow(policies.may_end, queries.get_shown)
def end(found: tuple[Business, Kpm]) -> ResponseReturnValue:
    """Let a link end with a day."""
    business, kpm = found
    form, status = EndForm(_today(kpm), data={"versi": str(business.version)}), 200
    if form.filled() and form.selesai.data:
        version = digits.whole(form.versi.data or "", digits.VERSION_DIGITS) or 0
        try:
            with transaction():
                operations.end(business, form.selesai.data, version=version, by=current_actor())
        except DomainError as refusal:
            form.form_errors = [str(refusal)]
            status = refusal.status
        else:
            flash(_("Usaha berakhir pada hari itu."))
            return redirect(url_for("families.show", kpm_id=kpm.id), 303)
    shop = queries.shops_by_id([business.shop_id])[business.shop_id]
    page = render_template("growth/businesses/end.html", form=form, kpm=kpm, business=business, shop=shop)
    return private_page(page, status)


@bp.route("/dinsos/keluarga/akun-penjual", methods=["GET", "POST"])
@allow(policies.opens_accounts)
def accounts() -> ResponseReturnValue:
    """Choose families that want to sell, and open accounts and shops for them."""
    actor, form = current_actor(), AccountsForm()
    form.jenis.choices = kind_choices(list_business_types())
    chosen = {number for each in request.form.getlist("pilih") if (number := digits.whole(each)) is not None}
    if form.filled() and chosen:
        return _open(chosen, form.jenis.data)
    if request.method == "POST" and not chosen:
        form.form_errors = [_("Pilih dulu keluarganya.")]
    families = queries.list_waiting(actor)
    page = render_template(
        "growth/businesses/accounts.html",
        form=form,
        families=[(kpm, name_of(kpm)) for kpm in families],
        places=places.names_of({kpm.desa_code for kpm in families}),
        chosen=chosen,
        total=queries.count_waiting(actor),
        known=len(briefly.find_all(SLOT)),
    )
    return private_page(page)


def _open(chosen: set[int], kind: str) -> ResponseReturnValue:
    actor = current_actor()
    region = places.settings_of(actor.region_code)
    with transaction():
        codes = operations.open_accounts(
            queries.list_waiting(actor, chosen), business_type_slug=kind, today=today(region.zone), by=actor,
            wording_version=region.get("consent.publish_version"),
        )  # fmt: skip
    if codes:
        briefly.keep_all(SLOT, codes)
        flash(_n("%(n)s akun dibuat.", "%(n)s akun dibuat.", len(codes), n=len(codes)))
    return redirect(url_for("businesses.cards_page"), 303)


def _cards() -> list[dict[str, object]]:
    codes = briefly.find_all(SLOT)
    shops = queries.shops_by_id(codes)
    known = ((shops[shop_id], code) for shop_id, code in sorted(codes.items()) if shop_id in shops)
    return [{"shop": shop, **cards.shown(code)} for shop, code in known]


@bp.get("/dinsos/keluarga/akun-penjual/kartu")
@allow(policies.opens_accounts)
def cards_page() -> Response:
    """Show the new cards on paper while their codes are known."""
    return private_page(render_template("growth/businesses/cards.html", cards=_cards()))


@bp.get("/dinsos/keluarga/akun-penjual/kartu.pdf")
@allow(policies.opens_accounts)
def cards_pdf() -> ResponseReturnValue:
    """Give the same cards as a file, eight on a sheet."""
    found = _cards()
    if not found:
        return redirect(url_for("businesses.cards_page"), 303)
    try:
        drawn = papers.draw("growth/businesses/cards_pdf.html", "login-cards.css", cards=found)
    except Unavailable:
        flash(_("PDF belum bisa dibuat di sini. Cetak dari halaman ini."), "warning")
        return redirect(url_for("businesses.cards_page"), 303)
    return papers.pdf_response(drawn, "kartu-masuk.pdf")

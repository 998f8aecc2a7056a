"""Shops of families: linked from a day to a day, and opened for many at once with their cards."""

from __future__ import annotations

import secrets
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.core import briefly, papers
from app.core.addresses import origin
from app.core.clock import today
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import DomainError, NotFound
from app.core.forms import posted
from app.core.i18n import _, _n
from app.core.optional import Unavailable
from app.core.panels import fill
from app.core.policy import allow, current_actor
from app.goods.categories.queries import list_business_types
from app.goods.fostering import cards
from app.goods.fostering.forms import kind_choices
from app.goods.shops.queries import get_shop
from app.growth.businesses import kin as kin  # what it knows must be known wherever orders change hands
from app.growth.businesses import opening, operations, policies, queries
from app.growth.businesses.forms import CAPITAL, WHY, AccountsForm, EndForm, LinkForm, read_key
from app.growth.businesses.models import AccountBatch, Business
from app.kit import digits, text
from app.people.accounts import proving
from app.people.families.models import Kpm
from app.people.families.policies import may_ask_family
from app.people.families.queries import get_kpm, list_kecamatan, name_of
from app.people.places import queries as places

bp = Blueprint("businesses", __name__)

SLOT = "family_cards"
LONGEST_PLACE = 13
WAIT_SECONDS = 3


@fill("families.list")
def way_to_accounts() -> str:
    """Lead from the list of families to those who want to sell."""
    return render_template("growth/businesses/_way.html", waiting=queries.count_waiting(current_actor()))


@fill("family.page", order=40)
def panel(kpm: Kpm) -> str:
    """Show a family's shops on its page."""
    return render_template(
        "growth/businesses/_panel.html",
        kpm=kpm,
        rows=queries.list_run_by(kpm.id),
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
    """Choose families that want to sell, or all of a place, and open accounts and shops for them."""
    actor, form = current_actor(), AccountsForm(proved=proving.is_fresh())
    form.jenis.choices = kind_choices(list_business_types())
    place, everybody = text.clean_line(request.values.get("wilayah", ""))[:LONGEST_PLACE], bool(posted("semua"))
    chosen = {number for each in request.form.getlist("pilih") if (number := digits.whole(each)) is not None}
    filled = form.filled()
    if request.method == "POST" and not (everybody or chosen):
        form.form_errors = [_("Pilih dulu keluarganya.")]
    elif filled and proving.is_said(form):
        return _ask(place, form.jenis.data) if everybody else _open(chosen, form.jenis.data)
    families = queries.list_waiting(actor, place=place)
    kecamatan = place[: len("00.00.00")]
    total, silent = queries.count_wishes(actor, place)
    page = render_template(
        "growth/businesses/accounts.html",
        form=form,
        families=[(kpm, name_of(kpm)) for kpm in families],
        places=places.names_of({kpm.desa_code for kpm in families} | {place}),
        place=place,
        kecamatan=list_kecamatan(actor),
        desa=places.list_children(kecamatan) if kecamatan else [],
        chosen=chosen,
        total=total,
        silent=silent,
        known=len(briefly.find_all(SLOT)),
        batches=queries.list_batches(actor),
        key=secrets.token_urlsafe(16),
    )
    return private_page(page, 422 if request.method == "POST" else 200)


def _ask(place: str, kind: str) -> ResponseReturnValue:
    actor = current_actor()
    region = places.settings_of(actor.region_code)
    with transaction():
        batch = opening.ask(
            place, key=read_key(), business_type_slug=kind, today=today(region.zone), origin=origin(), by=actor,
            wording_version=region.get("consent.publish_version"),
        )  # fmt: skip
    return redirect(url_for("businesses.batch", account_batch_id=batch.id), 303)


@bp.get("/dinsos/keluarga/akun-penjual/<id:account_batch_id>")
@allow(policies.may_follow, queries.get_batch)
def batch(batch: AccountBatch) -> Response:
    """Show how far a batch of accounts is, and which families got none and why; it asks again by itself."""
    after = digits.whole(request.args.get("setelah", "")) or 0
    left = queries.list_left_out(batch.id, after) if batch.state != "waiting" else []
    counts = queries.count_turns(batch.id)
    page = render_template(
        "growth/businesses/batch.html",
        batch=batch,
        counts=counts,
        total=sum(counts.values()),
        opened=counts.get("opened", 0),
        left=[(turn, kpm, name_of(kpm)) for turn, kpm in left[: queries.PAGE]],
        more=left[queries.PAGE - 1][0].id if len(left) > queries.PAGE else None,
        places=places.names_of({kpm.desa_code for _turn, kpm in left} | {batch.place}),
        why=WHY,
        cards=queries.has_cards(batch.id),
    )
    response = private_page(page)
    if batch.state == "waiting":
        response.headers["Refresh"] = str(WAIT_SECONDS)
    return response


@bp.post("/dinsos/keluarga/akun-penjual/<id:account_batch_id>/kartu")
@allow(policies.may_follow, queries.get_batch)
def batch_cards(batch: AccountBatch) -> ResponseReturnValue:
    """Have the cards of a batch drawn on one paper, as long as their codes are known."""
    if not queries.has_cards(batch.id):
        raise NotFound(batch)
    with transaction():
        wanted = opening.order_cards(batch, origin(), by=current_actor())
    return redirect(url_for("files.show", file_id=wanted.id), 303)


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

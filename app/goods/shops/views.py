"""The seller's own shop page, and the public wish to sell."""

from __future__ import annotations

import secrets
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core import limits
from app.core.clock import today
from app.core.db import transaction
from app.core.errors import StaleVersion, TooMany
from app.core.i18n import _
from app.core.panels import fill
from app.core.policy import allow, current_actor, public
from app.core.vault import settings
from app.goods.shops import operations, policies, queries, rules, words
from app.goods.shops.forms import ClosedForm, DeclineForm, ShopForm, WishForm
from app.goods.shops.models import SellingRequest, Shop
from app.kit import digits
from app.people.accounts import queries as people
from app.people.accounts.operations import PUBLISH, KeyReused
from app.people.accounts.policies import fosters
from app.people.places import queries as places
from app.people.places.forms import desa_choices

bp = Blueprint("shops", __name__)


@fill("account.label")
def label(account_id: int) -> str:
    """Name a seller by her shop, where several share a phone."""
    shop = queries.find_own_shop(account_id)
    return shop.name if shop else ""


@fill("account.consents")
def consent_link(account_id: int) -> str:
    """Lead a seller from her own page to her consent."""
    shop = queries.find_own_shop(account_id)
    return render_template("goods/shops/_consent.html", shop=shop) if shop else ""


@bp.route("/ingin-jualan", methods=["GET", "POST"])
@public
def ask() -> ResponseReturnValue:
    """Take somebody's wish to sell; the pendamping of the desa gets it."""
    form = WishForm()
    form.desa.choices = desa_choices(places.list_desa(settings().regency_code))
    if not form.filled():
        form.kunci.data = (form.kunci.data or "")[:64] or secrets.token_urlsafe(16)
        return render_template("goods/shops/ask.html", form=form), 422 if form.is_submitted() else 200
    try:
        with transaction():
            _count(form.telepon.data)
            operations.ask_to_sell(
                key=form.kunci.data or secrets.token_urlsafe(16),
                name=form.nama.data,
                phone=form.telepon.data,
                desa_code=form.desa.data,
                makes=form.barang.data,
            )
    except (TooMany, KeyReused) as refusal:
        form.form_errors = [str(refusal)]
        return render_template("goods/shops/ask.html", form=form), refusal.status
    return redirect(url_for("shops.asked"), 303)


def _count(phone: str) -> None:
    """Count a wish before it is kept: here each one is what must not become too many."""
    limits.fail("wish", phone, request.remote_addr or "")


@bp.get("/ingin-jualan/terima-kasih")
@public
def asked() -> str:
    """Say what happens next."""
    return render_template("goods/shops/asked.html")


@bp.get("/dampingan/permintaan")
@bp.get("/dinsos/permintaan", endpoint="list_office_requests")
@allow(fosters)
def list_requests() -> str:
    """List who wants to sell in the officer's areas, the longest waiting first."""
    states = ("done", "declined") if request.args.get("lihat") == "dijawab" else ("new",)
    after = digits.whole(request.args.get("setelah", ""))
    found = queries.list_requests(current_actor(), states, after)
    page, more = found[: queries.PAGE], len(found) > queries.PAGE
    return render_template(
        "goods/shops/requests.html",
        wishes=page,
        waiting=states == ("new",),
        names=places.names_of({wish.desa_code for wish in page}),
        after=page[-1].id if more else None,
    )


@bp.route("/dampingan/permintaan/<id:request_id>/tolak", methods=["GET", "POST"])
@allow(policies.may_answer, queries.get_request)
def decline(wish: SellingRequest) -> ResponseReturnValue:
    """Say no, with a reason for the file."""
    form = DeclineForm()
    if not form.filled():
        status = 422 if form.is_submitted() else 200
        return render_template("goods/shops/decline.html", form=form, wish=wish), status
    with transaction():
        operations.answer(wish, "declined", form.alasan.data, by=current_actor())
    flash(_("Permintaan sudah ditutup."), "success")
    return redirect(url_for("shops.list_requests"), 303)


@bp.post("/dampingan/permintaan/<id:request_id>/selesai")
@allow(policies.may_answer, queries.get_request)
def settle(wish: SellingRequest) -> ResponseReturnValue:
    """Mark as done: she was registered some other way."""
    with transaction():
        operations.answer(wish, "done", by=current_actor())
    flash(_("Permintaan sudah selesai."), "success")
    return redirect(url_for("shops.list_requests"), 303)


@bp.get("/jualan/lapak")
@allow(policies.owns, queries.get_own_shop)
def own(shop: Shop) -> str:
    """Show the seller her shop: open or closed, and what buyers read."""
    return _own(shop, _described(shop), _closing(shop))


@bp.post("/jualan/lapak")
@allow(policies.owns, queries.get_own_shop)
def describe(shop: Shop) -> ResponseReturnValue:
    """Save what buyers read."""
    form = ShopForm()
    if not form.filled():
        return _own(shop, form, _closing(shop)), 422
    try:
        with transaction():
            operations.describe(
                shop,
                story=form.cerita.data or "",
                pickup_place=form.tempat.data or "",
                pickup_hours=form.waktu.data or "",
                street=form.alamat.data or "",
                phone=shop.owner.phone if form.tampil_hp.data else None,
                version=form.version(),
                by=current_actor(),
            )
    except StaleVersion as refusal:
        form.stale(refusal, shop.version)
        return _own(shop, form, _closing(shop), newer=shop), 409
    flash(_("Tersimpan."), "success")
    return redirect(url_for("shops.own"), 303)


@bp.post("/jualan/lapak/tutup")
@allow(policies.owns, queries.get_own_shop)
def close(shop: Shop) -> ResponseReturnValue:
    """Close for some days with a sentence."""
    form = ClosedForm(_today(shop))
    if not form.filled() or form.sampai.data is None:
        return _own(shop, _described(shop, sent=True), form), 422
    until, note = form.sampai.data, form.kalimat.data or ""
    try:
        with transaction():
            operations.close_for_days(shop, until, note, start=form.start(), version=form.version(), by=current_actor())
    except StaleVersion as refusal:
        form.stale(refusal, shop.version)
        return _own(shop, _described(shop, sent=True), form), 409
    if form.start():
        flash(_("Sudah dicatat. Pembeli membacanya mulai sekarang, dan lapak tutup sendiri pada harinya."), "success")
    else:
        flash(_("Lapak tutup sementara. Buka lagi sendiri setelah hari itu."), "success")
    return redirect(url_for("shops.own"), 303)


@bp.post("/jualan/lapak/jeda")
@allow(policies.owns, queries.get_own_shop)
def pause(shop: Shop) -> ResponseReturnValue:
    """Rest the shop until she opens it."""
    with transaction():
        operations.pause(shop, by=current_actor())
    flash(_("Lapak istirahat. Produk tidak tampil sampai dibuka lagi."), "success")
    return redirect(url_for("shops.own"), 303)


@bp.post("/jualan/lapak/buka")
@allow(policies.owns, queries.get_own_shop)
def open_again(shop: Shop) -> ResponseReturnValue:
    """Open the shop again."""
    with transaction():
        operations.open_again(shop, by=current_actor())
    flash(_("Lapak buka. Produk tampil dan bisa dipesan."), "success")
    return redirect(url_for("shops.own"), 303)


@bp.get("/jualan/izin")
@allow(policies.owns, queries.get_own_shop)
def consent(shop: Shop) -> str:
    """Show what she agreed to, and the way to take it back or to give it again."""
    version, wording = _wording(shop)
    given = people.find_consent(shop.owner_id, PUBLISH)
    if given is not None:
        version, wording = words.publish(given.wording_version)
    return render_template("goods/shops/consent.html", shop=shop, given=given, version=version, wording=wording)


@bp.post("/jualan/izin/tarik")
@allow(policies.owns, queries.get_own_shop)
def withhold(shop: Shop) -> ResponseReturnValue:
    """Take the consent back: nothing of hers is public from this moment."""
    with transaction():
        operations.withhold(shop, by=current_actor())
    flash(_("Izin ditarik. Lapak dan produk tidak tampil lagi."), "success")
    return redirect(url_for("shops.consent"), 303)


@bp.post("/jualan/izin/beri")
@allow(policies.owns, queries.get_own_shop)
def publish(shop: Shop) -> ResponseReturnValue:
    """Give the consent again, in the wording that was on the page."""
    version, _words = _wording(shop)
    if request.form.get("versi") != version:
        flash(_("Bunyi izin baru saja berubah. Baca dulu, lalu setujui."), "warning")
        return redirect(url_for("shops.consent"), 303)
    with transaction():
        operations.publish(shop, version, by=current_actor())
    flash(_("Terima kasih. Lapak dan produk tampil lagi."), "success")
    return redirect(url_for("shops.consent"), 303)


def _wording(shop: Shop) -> tuple[str, str]:
    """Return the consent that holds in the shop's kabupaten: version and words."""
    return words.publish(str(places.settings_of(shop.regency_code).get("consent.publish_version")))


def _described(shop: Shop, *, sent: bool = False) -> ShopForm:
    facts = {
        "versi": str(shop.version),
        "cerita": shop.story,
        "tempat": shop.pickup_place,
        "waktu": shop.pickup_hours,
        "alamat": shop.street,
        "tampil_hp": shop.phone is not None,
    }
    return ShopForm(formdata=None, data=facts) if sent else ShopForm(data=facts)


def _closing(shop: Shop) -> ClosedForm:
    return ClosedForm(_today(shop), formdata=None, data={"versi": str(shop.version)})


def _own(shop: Shop, form: ShopForm, closed: ClosedForm, newer: Shop | None = None) -> str:
    return render_template(
        "goods/shops/own.html",
        shop=shop,
        form=form,
        closed=closed,
        newer=newer,
        open_now=rules.is_open(shop.state, shop.closed_from, shop.closed_until, _today(shop)),
        planned=rules.is_planned(shop.closed_from, shop.closed_until, _today(shop)),
    )


def _today(shop: Shop) -> date:
    return today(places.settings_of(shop.regency_code).zone)

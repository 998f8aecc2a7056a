"""Sellers as their pendamping or curator meets them: registered, helped, moved, handed on."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core import papers
from app.core.db import transaction
from app.core.errors import DomainError, StaleVersion
from app.core.forms import Form, Versioned
from app.core.i18n import _
from app.core.optional import Unavailable
from app.core.policy import Actor, allow, current_actor
from app.goods.categories import queries as categories
from app.goods.fostering import cards, operations
from app.goods.fostering.forms import EndForm, HeirForm, MoveForm, NameForm, NumberForm, SellerForm, kind_choices
from app.goods.shops import operations as shops
from app.goods.shops import policies, queries, words
from app.goods.shops.models import SellingRequest, Shop
from app.kit import digits, phone, text
from app.people.accounts import proving
from app.people.accounts import queries as people
from app.people.accounts.forms import ProofForm
from app.people.accounts.policies import fosters
from app.people.places import queries as places
from app.people.places.forms import desa_choices

bp = Blueprint("fostering", __name__)

Act = Callable[..., operations.IssuedCard | None]


@bp.get("/dampingan/penjual")
@allow(fosters)
def list_sellers() -> str:
    """List the sellers of the officer's areas; search by name."""
    wanted = text.clean_line(request.args.get("q", "")[:80])
    withheld = request.args.get("izin") == "ditarik"
    found = queries.list_fostered(current_actor(), wanted, _after(), withheld=withheld)
    page, more = found[: queries.PAGE], len(found) > queries.PAGE
    return render_template(
        "goods/fostering/list.html",
        shops=page,
        names=places.names_of({shop.desa_code for shop in page}),
        wanted=wanted,
        after=page[-1].id if more else None,
        waiting=queries.count_requests(current_actor()),
        withheld=withheld,
        withheld_count=queries.count_withheld(current_actor()),
    )


@bp.route("/dampingan/penjual/baru", methods=["GET", "POST"])
@allow(fosters)
def register() -> ResponseReturnValue:
    """Register a seller on the spot and go on to her card."""
    actor, wish = current_actor(), _wish()
    form = SellerForm(proved=proving.is_fresh(), data=_from_wish(wish))
    form.desa.choices = desa_choices(queries.list_desa_of(actor))
    form.jenis.choices = kind_choices(categories.list_business_types())
    version, wording = _wording(actor)
    if not form.filled() or not proving.is_said(form):
        form.kunci.data = (form.kunci.data or "")[:64] or secrets.token_urlsafe(16)
        return _form_page("register", form, wording=wording, wish=wish)
    try:
        with transaction():
            shop, issued = operations.register(
                key=form.kunci.data or secrets.token_urlsafe(16),
                name=form.nama.data,
                phone=form.telepon.data,
                desa_code=form.desa.data,
                business_type_slug=form.jenis.data,
                shop_name=form.lapak.data,
                wording_version=version,
                by=actor,
                wish=wish if wish is not None and wish.state == "new" else None,
            )
    except DomainError as refusal:
        form.form_errors = [str(refusal)]
        return _form_page("register", form, refusal.status, wording=wording, wish=wish)
    cards.keep(issued)
    return redirect(url_for("fostering.card", shop_id=shop.id), 303)


@bp.get("/dampingan/penjual/<id:shop_id>")
@allow(policies.may_foster, queries.get_shop)
def show(shop: Shop) -> str:
    """Show one seller and everything that can be done for her."""
    return render_template(
        "goods/fostering/show.html",
        shop=shop,
        desa=places.get_region(shop.desa_code),
        kecamatan=places.get_region(shop.kecamatan_code),
        card=people.find_live_card(shop.owner_id),
        devices=people.list_devices(shop.owner_id),
        consent=people.find_consent(shop.owner_id, "publish"),
    )


@bp.get("/dampingan/penjual/<id:shop_id>/kartu")
@allow(policies.may_foster, queries.get_shop)
def card(shop: Shop) -> str:
    """Show the card on paper while its code is known; afterwards only a new one helps."""
    live = people.find_live_card(shop.owner_id)
    code = cards.find_code(live.id if live else None)
    facts = cards.shown(code) if code else {}
    return render_template("goods/fostering/card.html", shop=shop, known=code is not None, **facts)


@bp.get("/dampingan/penjual/<id:shop_id>/kartu.pdf")
@allow(policies.may_foster, queries.get_shop)
def card_pdf(shop: Shop) -> ResponseReturnValue:
    """Give the same card as a file for a printer."""
    live = people.find_live_card(shop.owner_id)
    code = cards.find_code(live.id if live else None)
    if code is None:
        return redirect(url_for("fostering.card", shop_id=shop.id), 303)
    try:
        drawn = cards.as_pdf(shop=shop, **cards.shown(code))
    except Unavailable:
        flash(_("PDF belum bisa dibuat di sini. Cetak dari halaman ini."), "warning")
        return redirect(url_for("fostering.card", shop_id=shop.id), 303)
    response = papers.pdf_response(drawn, "kartu-masuk.pdf")
    return response


@bp.post("/dampingan/penjual/<id:shop_id>/kartu")
@allow(policies.may_foster, queries.get_shop)
def new_card(shop: Shop) -> ResponseReturnValue:
    """Print another card; the old one dies."""
    told = _("Buat kartu baru"), _("Kartu lama tidak berlaku lagi.")
    return _proved(shop, told) or _with_card(shop, operations.issue)


@bp.post("/dampingan/penjual/<id:shop_id>/hp-hilang")
@allow(policies.may_foster, queries.get_shop)
def lost_phone(shop: Shop) -> ResponseReturnValue:
    """Shut every phone of hers and print another card."""
    told = _("Kunci semua HP"), _("Semua HP penjual ini dikunci, dan kartu baru langsung dibuat.")
    return _proved(shop, told) or _with_card(shop, operations.lost_phone)


@bp.post("/dampingan/penjual/<id:shop_id>/lupa-pin")
@allow(policies.may_foster, queries.get_shop)
def forgotten_pin(shop: Shop) -> ResponseReturnValue:
    """Forget the PIN and print another card."""
    told = _("Hapus PIN"), _("PIN penjual ini dihapus, dan kartu baru langsung dibuat.")
    return _proved(shop, told) or _with_card(shop, operations.forgotten_pin)


@bp.route("/dampingan/penjual/<id:shop_id>/nomor", methods=["GET", "POST"])
@allow(policies.may_foster, queries.get_shop)
def change_number(shop: Shop) -> ResponseReturnValue:
    """Write down another number and print another card."""
    form = NumberForm(proved=proving.is_fresh(), data={"versi": shop.version})
    if not form.filled() or not proving.is_said(form):
        return _form_page("number", form, shop=shop)
    try:
        return _with_card(shop, operations.changed_number, form.telepon.data, version=form.version())
    except StaleVersion as refusal:
        return _stale("number", form, refusal, shop, phone.show(shop.owner.phone or ""))


def _proved(shop: Shop, act: tuple[str, str]) -> ResponseReturnValue | None:
    """Ask for the officer's own password, unless it was said a moment ago; None when the act may go on."""
    if proving.is_fresh():
        return None
    if "sandi" not in request.form:
        return _form_page("proof", ProofForm(formdata=None), 200, shop=shop, act=act)
    form = ProofForm()
    if form.filled() and proving.is_proved(form, form.sandi, people.get_own(current_actor())):
        return None
    return _form_page("proof", form, shop=shop, act=act)


def _with_card(shop: Shop, act: Act, *facts: object, **more: object) -> ResponseReturnValue:
    with transaction():
        issued = act(shop, *facts, **more, by=current_actor())
    cards.keep(issued)
    return redirect(url_for("fostering.card", shop_id=shop.id), 303)


@bp.route("/dampingan/penjual/<id:shop_id>/nama", methods=["GET", "POST"])
@allow(policies.may_foster, queries.get_shop)
def rename(shop: Shop) -> ResponseReturnValue:
    """Change the name of the shop."""
    form = NameForm(data={"lapak": shop.name, "versi": shop.version})
    if not form.filled():
        return _form_page("rename", form, shop=shop)
    try:
        with transaction():
            shops.rename(shop, form.lapak.data, version=form.version(), by=current_actor())
    except StaleVersion as refusal:
        return _stale("rename", form, refusal, shop, shop.name)
    return _back(shop, _("Nama lapak sudah diganti."))


@bp.route("/dampingan/penjual/<id:shop_id>/pindah", methods=["GET", "POST"])
@allow(policies.may_foster, queries.get_shop)
def move(shop: Shop) -> ResponseReturnValue:
    """Take the shop to another desa of the kabupaten; another pendamping may take over with it."""
    form = MoveForm(data={"desa": shop.desa_code, "versi": shop.version})
    form.desa.choices = desa_choices(places.list_desa(shop.regency_code))
    if not form.filled():
        return _form_page("move", form, shop=shop)
    try:
        with transaction():
            shops.move(shop, form.desa.data, version=form.version(), by=current_actor())
    except StaleVersion as refusal:
        return _stale("move", form, refusal, shop, places.get_region(shop.desa_code).full_name)
    flash(_("Lapak sudah pindah desa."), "success")
    still = policies.may_foster(current_actor(), shop)
    return redirect(url_for("fostering.show", shop_id=shop.id) if still else url_for("fostering.list_sellers"), 303)


@bp.route("/dampingan/penjual/<id:shop_id>/alihkan", methods=["GET", "POST"])
@allow(policies.may_foster, queries.get_shop)
def hand_on(shop: Shop) -> ResponseReturnValue:
    """Let another family member run the shop."""
    form = HeirForm(proved=proving.is_fresh(), data={"versi": shop.version})
    version, wording = _wording(current_actor())
    if not form.filled() or not proving.is_said(form):
        form.kunci.data = (form.kunci.data or "")[:64] or secrets.token_urlsafe(16)
        return _form_page("hand_on", form, shop=shop, wording=wording)
    try:
        with transaction():
            _heir, issued = operations.hand_on(
                shop,
                key=form.kunci.data or secrets.token_urlsafe(16),
                name=form.nama.data,
                phone=form.telepon.data,
                wording_version=version,
                version=form.version(),
                by=current_actor(),
            )
    except StaleVersion as refusal:
        return _stale("hand_on", form, refusal, shop, f"{shop.name} · {shop.owner.name}", wording=wording)
    except DomainError as refusal:
        form.form_errors = [str(refusal)]
        return _form_page("hand_on", form, refusal.status, shop=shop, wording=wording)
    cards.keep(issued)
    return redirect(url_for("fostering.card", shop_id=shop.id), 303)


@bp.route("/dampingan/penjual/<id:shop_id>/akhiri", methods=["GET", "POST"])
@allow(policies.may_foster, queries.get_shop)
def finish(shop: Shop) -> ResponseReturnValue:
    """End the shop for good; this cannot be undone, so it asks."""
    form = EndForm(data={"versi": shop.version})
    if not form.filled():
        return _form_page("finish", form, shop=shop)
    try:
        with transaction():
            operations.finish(shop, version=form.version(), by=current_actor())
    except StaleVersion as refusal:
        return _stale("finish", form, refusal, shop, f"{shop.name} · {shop.owner.name}")
    return _back(shop, _("Lapak sudah berakhir. Riwayatnya tetap tersimpan."))


@bp.post("/dampingan/penjual/<id:shop_id>/jeda")
@allow(policies.may_foster, queries.get_shop)
def pause(shop: Shop) -> ResponseReturnValue:
    """Take the shop off the shelf."""
    with transaction():
        shops.pause(shop, by=current_actor())
    return _back(shop, _("Lapak istirahat. Produknya tidak tampil."))


@bp.post("/dampingan/penjual/<id:shop_id>/buka")
@allow(policies.may_foster, queries.get_shop)
def open_again(shop: Shop) -> ResponseReturnValue:
    """Put the shop on the shelf again."""
    with transaction():
        shops.open_again(shop, by=current_actor())
    return _back(shop, _("Lapak buka lagi."))


@bp.post("/dampingan/penjual/<id:shop_id>/nonaktif")
@allow(policies.may_foster, queries.get_shop)
def shut_out(shop: Shop) -> ResponseReturnValue:
    """Disable the account."""
    with transaction():
        operations.shut_out(shop, by=current_actor())
    return _back(shop, _("Akun ditutup. Penjual tidak bisa masuk."))


@bp.post("/dampingan/penjual/<id:shop_id>/aktif")
@allow(policies.may_foster, queries.get_shop)
def let_in(shop: Shop) -> ResponseReturnValue:
    """Enable the account."""
    with transaction():
        operations.let_in(shop, by=current_actor())
    return _back(shop, _("Akun dibuka lagi. Buka juga lapaknya kalau sudah siap."))


def _back(shop: Shop, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("fostering.show", shop_id=shop.id), 303)


def _stale(
    name: str, form: Versioned, refusal: StaleVersion, shop: Shop, stored: str, **facts: Any
) -> ResponseReturnValue:
    """Show what was typed beside what somebody else saved meanwhile."""
    form.stale(refusal, shop.version)
    return _form_page(name, form, refusal.status, shop=shop, stored=stored, **facts)


def _form_page(name: str, form: Form, status: int | None = None, **facts: Any) -> ResponseReturnValue:
    status = status or (422 if form.is_submitted() else 200)
    return render_template(f"goods/fostering/{name}.html", form=form, **{"stored": ""} | facts), status


def _wording(actor: Actor) -> tuple[str, str]:
    """Return the consent that holds in the actor's kabupaten: version and words."""
    return words.publish(str(places.settings_of(actor.region_code).get("consent.publish_version")))


def _wish() -> SellingRequest | None:
    """Return the wish that this registration answers, if it is the actor's to answer."""
    number = digits.whole(request.values.get("permintaan", ""))
    wish = queries.find_request(number) if number else None
    return wish if wish and policies.may_answer(current_actor(), wish) else None


def _from_wish(wish: SellingRequest | None) -> dict[str, Any]:
    if wish is None:
        return {}
    return {"permintaan": str(wish.id), "nama": wish.name, "telepon": wish.phone, "desa": wish.desa_code}


def _after() -> int | None:
    return digits.whole(request.args.get("setelah", ""))

"""Her own account: sessions, phones, PIN, password, second factor, and what she agreed to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.db import transaction
from app.core.forms import Form
from app.core.i18n import _
from app.core.policy import allow, current_actor
from app.kit import phone
from app.people.accounts import hashing, operations, policies, proving, queries, rules, sessions, totp, words
from app.people.accounts.forms import NewPasswordForm, NewPinForm, NewTotpForm
from app.people.accounts.models import Account, Device, WebSession
from app.people.places import queries as places

bp = Blueprint("accounts", __name__)
bp.add_app_template_filter(phone.mask, "hp_samar")
bp.add_app_template_filter(phone.show, "hp")
bp.add_app_template_filter(words.role, "peran")
bp.add_app_template_filter(words.purpose, "keperluan")


@bp.get("/saya")
@allow(policies.is_self, queries.get_own)
def show(account: Account) -> str:
    """Show what is stored about the way in, and every open session."""
    open_ = [each for each in queries.list_sessions(account.id) if sessions.is_alive(each)]
    return render_template(
        "people/accounts/show.html",
        account=account,
        region=places.get_region(account.region_code),
        sessions=open_,
        current=sessions.current_id(),
        devices=queries.list_devices(account.id),
        consents=queries.list_consents(account.id),
        home=rules.home_of(account.role),
    )


@bp.post("/saya/sesi/<id:session_id>/akhiri")
@allow(policies.owns_session, queries.get_session)
def end_session(row: WebSession) -> ResponseReturnValue:
    """Sign one browser out."""
    with transaction():
        operations.end_session(row)
    if row.id == sessions.current_id():
        sessions.sign_out_cookie()
        return redirect("/masuk?keluar=1", 303)
    flash(_("Sudah dikeluarkan dari perangkat itu."), "success")
    return redirect(url_for("accounts.show"), 303)


@bp.post("/saya/sesi/akhiri-semua")
@allow(policies.is_self, queries.get_own)
def end_all_sessions(account: Account) -> ResponseReturnValue:
    """Sign out everywhere, here too."""
    with transaction():
        operations.end_all_sessions(account)
    sessions.sign_out_cookie()
    return redirect("/masuk?keluar=1", 303)


@bp.post("/saya/hp/<id:device_id>/lupakan")
@allow(policies.owns_device, queries.get_device)
def forget_phone(device: Device) -> ResponseReturnValue:
    """Let a phone forget her: there, the card is needed again."""
    here = queries.get_session(sessions.current_id()).device_id == device.id
    with transaction():
        operations.forget_phone(device, by=current_actor())
    if here:
        sessions.sign_out_cookie()
        return redirect("/masuk?keluar=1", 303)
    flash(_("HP itu sudah dilupakan. Masuk lagi di sana perlu kartu."), "success")
    return redirect(url_for("accounts.show"), 303)


@bp.route("/saya/pin", methods=["GET", "POST"])
@allow(policies.is_seller_self, queries.get_own)
def change_pin(account: Account) -> ResponseReturnValue:
    """Choose another PIN."""
    form = NewPinForm(account.phone or "")
    if not form.filled() or not proving.is_proved(form, form.pin_sekarang, account):
        return _page("pin", form)
    fresh = hashing.hash_pin(form.pin.data)
    with transaction():
        way = operations.current_way(sessions.current_id())
        operations.set_pin(account, fresh, by=account)
        sessions.begin(account, *way)
    return _saved()


@bp.route("/saya/kata-sandi", methods=["GET", "POST"])
@allow(policies.is_staff_self, queries.get_own)
def change_password(account: Account) -> ResponseReturnValue:
    """Choose another password."""
    form = NewPasswordForm()
    if not form.filled() or not proving.is_proved(form, form.sandi_sekarang, account):
        return _page("password", form)
    fresh = hashing.hash_password(form.sandi.data)
    with transaction():
        way = operations.current_way(sessions.current_id())
        operations.set_password(account, fresh, by=account)
        sessions.begin(account, *way)
    return _saved()


@bp.route("/saya/kode", methods=["GET", "POST"])
@allow(policies.is_staff_self, queries.get_own)
def change_totp(account: Account) -> ResponseReturnValue:
    """Set another second factor: the password first, then the first code of the new one."""
    form = NewTotpForm()
    sealed = request.form.get("baru", "")
    if totp.find_new(sealed, account) is None:
        sealed = totp.new_sealed(account)
    secret = totp.unseal_new(sealed, account)
    facts = totp.shown(account, secret) | {"sealed": sealed}
    if not form.filled() or not proving.is_proved(form, form.sandi_sekarang, account):
        return _page("totp", form, **facts)
    step = rules.matching_step(secret, form.kode.data, now().timestamp(), 0)
    if step is None:
        form.note("kode", _("Kode belum cocok. Tunggu kode berikutnya."))
        return _page("totp", form, **facts)
    with transaction():
        way = operations.current_way(sessions.current_id())
        operations.set_totp(account, secret, step, by=account)
        sessions.begin(account, *way)
    return _saved()


def _page(name: str, form: Form, **facts: Any) -> ResponseReturnValue:
    status = 422 if form.is_submitted() else 200
    return render_template(f"people/accounts/{name}.html", form=form, **facts), status


def _saved() -> ResponseReturnValue:
    """Lead back; every other device has just been signed out."""
    return redirect(url_for("accounts.show", tersimpan=1), 303)

"""The door: phone and PIN, card, password and second factor, and the way out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.addresses import safe_next
from app.core.clock import now
from app.core.db import transaction
from app.core.i18n import _
from app.core.panels import panel
from app.core.policy import current_actor, public
from app.core.vault import token_hash
from app.people.accounts import hashing, totp
from app.people.accounts import operations as accounts
from app.people.accounts import queries as people
from app.people.accounts.models import Account
from app.people.accounts.rules import device_words, home_of, matching_step
from app.people.entrance import operations, pending, queries, rules
from app.people.entrance.answers import (
    address,
    counted,
    half_way,
    inside,
    keep_phone,
    onward,
    page,
    phone_token,
    start_again,
    wrong,
)
from app.people.entrance.forms import CardForm, ChoiceForm, PasswordForm, PhoneForm, PinForm, TotpForm, choices_of
from app.people.entrance.pending import Pending

bp = Blueprint("entrance", __name__)

STAFF = "entrance.enter_as_staff"


@bp.get("/masuk")
@public
def show() -> ResponseReturnValue:
    """Show the way in that fits this phone: PIN where it is known, else the card."""
    actor = current_actor()
    target = request.args.get("next", "")
    if not actor.is_anonymous:
        return redirect(safe_next(target) or home_of(actor.role), 303)
    way = request.args.get("cara", "")
    if way not in {"pin", "kartu"}:
        way = "pin" if queries.knows_phone(phone_token()) else "kartu"
    return page(PinForm(data={"next": target}) if way == "pin" else CardForm(data={"next": target}))


@bp.post("/masuk")
@public
def enter_as_seller() -> ResponseReturnValue:
    """Take phone and PIN, or phone and card: what was sent decides."""
    if "kode_kartu" in request.form:
        card_form = CardForm()
        return counted(_by_card, card_form) if card_form.filled() else page(card_form)
    pin_form = PinForm()
    return counted(_by_pin, pin_form) if pin_form.filled() else page(pin_form)


def _by_pin(form: PinForm) -> ResponseReturnValue:
    phone, token = form.telepon.data, phone_token()
    key = _pin_key(phone)
    with transaction():
        operations.count_try(rules.PIN, key, address(), known=bool(queries.list_known(token, phone)))
        doors = {device.account_id: device for device in operations.spend_pins(token, phone)}
    found = queries.list_accounts(list(doors))
    right = [account for account in found if hashing.is_pin(account.pin_hash, form.pin.data)]
    if not found:
        hashing.is_pin(None, form.pin.data)  # an unknown number must take as long
    if not right:
        sentence = _("Nomor HP atau PIN belum cocok. HP baru, atau sudah salah 5 kali? Pakai kartu.")
        return wrong(form, rules.PIN, sentence)
    chosen = right[0] if len(right) == 1 else None
    with transaction():
        operations.give_back([door for owner, door in doors.items() if chosen is None or owner != chosen.id])
        if chosen is not None:
            operations.enter(chosen, limit=rules.PIN, key=key, device=doors[chosen.id])
    if chosen is None:
        ids = [account.id for account in right]
        return onward("entrance.choose", Pending("choice", ids, pending.mark_of(*right), form.next.data or ""))
    _refresh_pin(chosen, form.pin.data)
    return inside(chosen, form.next.data)


def _pin_key(phone: str) -> str:
    """Name the counter: strangers who try a public number elsewhere never lock its owner out of her own phone."""
    token = phone_token()
    return f"{phone}|{token_hash(token) if queries.knows_phone(token) else ''}"


def _refresh_pin(account: Account, pin: str) -> None:
    """Hash again when the settings ask for more work than they did."""
    if account.pin_hash and hashing.is_outdated(account.pin_hash):
        fresh = hashing.hash_pin(pin)
        with transaction():
            operations.renew_pin(account, fresh)


def _by_card(form: CardForm) -> ResponseReturnValue:
    with transaction():
        operations.count_try(rules.CARD, form.telepon.data, address())
    card = queries.find_card(form.telepon.data, form.kode_kartu.data)
    if card is None:
        return wrong(form, rules.CARD, _("Nomor HP atau kode kartu belum cocok. Kartu hilang? Hubungi pendamping."))
    with transaction():
        operations.forgive(rules.CARD, form.telepon.data)
    account = people.get_account(card.account_id)
    mark = pending.mark_of(account)
    return onward("entrance.bind", Pending("phone", [account.id], mark, form.next.data or "", card_id=card.id))


@bp.route("/masuk/hp", methods=["GET", "POST"])
@public
def bind() -> ResponseReturnValue:
    """Ask whose phone it is and for the PIN, then let the phone know her."""
    waiting, account = half_way("phone")
    if waiting is None or account is None or queries.find_live_card(waiting.card_id) is None:
        return start_again()
    form = PhoneForm(account.phone or "")
    if account.pin_hash is not None:
        del form.pin_lagi
    if not form.filled():
        return page(form, name=account.name)
    return counted(_bind, form, account, waiting, name=account.name)


def _bind(form: PhoneForm, account: Account, waiting: Pending, **facts: Any) -> ResponseReturnValue:
    key, chosen = str(account.id), None
    if account.pin_hash is None:
        chosen = hashing.hash_pin(form.pin.data)
    else:
        with transaction():
            operations.count_try(rules.NEW_PHONE, key, address())
        if not hashing.is_pin(account.pin_hash, form.pin.data):
            return wrong(form, rules.NEW_PHONE, _("PIN belum cocok. Lupa PIN? Hubungi pendamping."), **facts)
    with transaction():
        card = queries.find_live_card(waiting.card_id)
        if card is None or pending.mark_of(account) != waiting.mark:
            return start_again()
        if chosen is not None:
            accounts.set_pin(account, chosen, by=account)
        device, token = operations.bind_phone(
            account,
            card,
            phone_token(),
            label=device_words(request.user_agent.string),
            shared=form.hp.data == "bersama",
        )
        operations.enter(account, limit=rules.NEW_PHONE, key=key, device=device)
    return keep_phone(inside(account, waiting.target), token)


@bp.route("/masuk/pilih", methods=["GET", "POST"])
@public
def choose() -> ResponseReturnValue:
    """Ask which shop, when sellers share phone, number and PIN."""
    waiting, first = half_way("choice")
    if waiting is None or first is None:
        return start_again()
    found = {account.id: account for account in queries.list_accounts(waiting.account_ids)}
    form = ChoiceForm()
    labels = {number: panel("account.label", account_id=number) or each.name for number, each in found.items()}
    form.akun.choices = choices_of(labels)
    if not form.filled():
        return page(form)
    account = found[form.akun.data]
    known = {device.account_id: device for device in queries.list_known(phone_token(), account.phone or "")}
    if account.id not in known:
        return start_again()
    with transaction():
        operations.enter(account, limit=rules.PIN, key=_pin_key(account.phone or ""), device=known[account.id])
    return inside(account, waiting.target)


@bp.route("/masuk/petugas", methods=["GET", "POST"])
@public
def enter_as_staff() -> ResponseReturnValue:
    """Take user name and password; the second factor follows, always."""
    actor = current_actor()
    if not actor.is_anonymous:
        return redirect(home_of(actor.role), 303)
    form = PasswordForm(data={"next": request.args.get("next", "")})
    return counted(_by_password, form) if form.filled() else page(form)


def _by_password(form: PasswordForm) -> ResponseReturnValue:
    username, password = form.nama_pengguna.data.casefold(), form.kata_sandi.data
    with transaction():
        operations.count_try(rules.PASSWORD, username, address())
    account = people.find_staff(username)
    stored = account.password_hash if account and account.is_active else None
    if not hashing.is_password(stored, password) or account is None:
        return wrong(form, rules.PASSWORD, _("Nama pengguna atau kata sandi belum cocok."))
    fresh = hashing.hash_password(password) if stored and hashing.is_outdated(stored) else None
    with transaction():
        operations.forgive(rules.PASSWORD, username)
        if fresh is not None:
            operations.renew_password(account, fresh)
    known, target = [account.id], form.next.data or ""
    if account.totp_sealed:
        return onward("entrance.second_factor", Pending("code", known, pending.mark_of(account), target))
    sealed = totp.new_sealed(account)
    return onward("entrance.enrol", Pending("enrol", known, pending.mark_of(account), target, sealed))


@bp.route("/masuk/kode", methods=["GET", "POST"])
@public
def second_factor() -> ResponseReturnValue:
    """Take the six digits of the authenticator."""
    waiting, account = half_way("code")
    if waiting is None or account is None or account.totp_sealed is None:
        return start_again(STAFF)
    form = TotpForm()
    return counted(_by_code, form, account, waiting) if form.filled() else page(form)


def _by_code(form: TotpForm, account: Account, waiting: Pending) -> ResponseReturnValue:
    key = str(account.id)
    with transaction():
        operations.count_try(rules.CODE, key, address())
    step = matching_step(totp.stored(account), form.kode.data, now().timestamp(), account.totp_last_step)
    with transaction():
        if step is not None and operations.use_code(account, step):
            operations.enter(account, limit=rules.CODE, key=key)
            return inside(account, waiting.target)
    return wrong(form, rules.CODE, _("Kode belum cocok, atau sudah dipakai. Tunggu kode berikutnya."))


@bp.route("/masuk/pasang-kode", methods=["GET", "POST"])
@public
def enrol() -> ResponseReturnValue:
    """Show a new second factor and take its first code."""
    waiting, account = half_way("enrol")
    if waiting is None or account is None or account.totp_sealed is not None:
        return start_again(STAFF)
    form, secret = TotpForm(), totp.unseal_new(waiting.sealed, account)
    facts = totp.shown(account, secret)
    return counted(_enrol, form, account, waiting, **facts) if form.filled() else page(form, **facts)


def _enrol(form: TotpForm, account: Account, waiting: Pending, **facts: Any) -> ResponseReturnValue:
    key = str(account.id)
    with transaction():
        operations.count_try(rules.CODE, key, address())
    secret = totp.unseal_new(waiting.sealed, account)
    step = matching_step(secret, form.kode.data, now().timestamp(), account.totp_last_step)
    if step is None:
        return wrong(form, rules.CODE, _("Kode belum cocok. Tunggu kode berikutnya."), **facts)
    with transaction():
        if account.totp_sealed is not None:
            return start_again(STAFF)
        accounts.set_totp(account, secret, step, by=account)
        operations.enter(account, limit=rules.CODE, key=key)
    return inside(account, waiting.target)


@bp.get("/keluar")
@public
def ask_to_leave() -> ResponseReturnValue:
    """Ask; a link never signs anybody out."""
    return render_template("people/entrance/leave.html")


@bp.post("/keluar")
@public
def leave() -> ResponseReturnValue:
    """End this browser's session on the server."""
    with transaction():
        operations.leave()
    return redirect(url_for("entrance.show", keluar=1), 303)

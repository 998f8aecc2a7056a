"""The administrator's desk: accounts of the office, and the settings of a kabupaten. No family is ever read here."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind

from app.core import briefly
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import DomainError, StaleVersion
from app.core.forms import Form
from app.core.i18n import _
from app.core.policy import allow, current_actor
from app.kit import codes, digits, text
from app.office.administration import adjustable, forms, operations, policies, queries, rules
from app.office.administration.adjustable import Group
from app.people.accounts import hashing, proving
from app.people.accounts import operations as accounts
from app.people.accounts.models import STATES, Account
from app.people.accounts.queries import get_account, list_sessions
from app.people.places import queries as places
from app.people.places.rules import DEFAULTS

bp = Blueprint("administration", __name__)

FIRST_PASSWORD = "first_password"  # noqa: S105 - the name of a slot
PASSWORD_SIGNS = 16


@bp.get("/dinsos/akun")
@allow(policies.is_admin)
def index() -> ResponseReturnValue:
    """List the accounts of the office; search by name, keep to one role or state."""
    wanted = text.clean_line(request.args.get("q", "")[:80])
    role = request.args.get("peran", "") if request.args.get("peran") in forms.STAFF_ROLES else ""
    state = request.args.get("keadaan", "") if request.args.get("keadaan") in STATES else ""
    after = digits.whole(request.args.get("setelah", ""))
    found = queries.list_staff(wanted, role, state, after, scope=current_actor())
    shown = found[: queries.PAGE]
    page = render_template(
        "office/administration/list.html",
        accounts=shown,
        more=shown[-1].id if len(found) > len(shown) else None,
        names=places.names_of({each.region_code for each in shown}),
        wanted=wanted,
        role=role,
        state=state,
        roles=forms.STAFF_ROLES,
    )
    return private_page(page)


@bp.route("/dinsos/akun/baru", methods=["GET", "POST"])
@allow(policies.is_admin)
def new() -> ResponseReturnValue:
    """Make an account; its first password is shown once."""
    actor, form = current_actor(), forms.NewStaffForm()
    regencies = queries.list_regencies(actor)
    form.daerah.choices = [SelectChoice(value=each.code, label=each.full_name) for each in regencies]
    region = form.daerah.data if form.daerah.data in {each.code for each in regencies} else regencies[-1].code
    areas = _offer_areas(form, region)
    if not form.filled():
        form.kunci.data = (form.kunci.data or "")[:64] or secrets.token_urlsafe(16)
        return _page("new", form, areas=areas)
    password = codes.new_code(PASSWORD_SIGNS)
    hashed = hashing.hash_password(codes.grouped(password))
    try:
        with transaction():
            made = accounts.register_staff(
                key=form.kunci.data,
                role=form.peran.data,
                username=form.nama_pengguna.data,
                name=form.nama.data,
                region_code=form.daerah.data,
                areas=sorted(form.wilayah.data or []),
                password_hash=hashed,
                by=actor,
            )
            fresh = made.password_hash == hashed
    except DomainError as refusal:
        form.note("nama_pengguna", refusal)
        return _page("new", form, refusal.status, areas=areas)
    if fresh:
        briefly.keep(FIRST_PASSWORD, made.id, codes.grouped(password))
    return redirect(url_for("administration.show", account_id=made.id), 303)


@bp.get("/dinsos/akun/<id:account_id>")
@allow(policies.may_see, get_account)
def show(account: Account) -> ResponseReturnValue:
    """Show one account: task, villages, what is open, what was done to it, and the first password while it is fresh."""
    page = render_template(
        "office/administration/show.html",
        account=account,
        region=places.get_region(account.region_code),
        areas=places.names_of(set(account.areas)),
        sessions=list_sessions(account.id),
        acts=queries.list_acts(account),
        password=briefly.find(FIRST_PASSWORD, account.id),
        own=account.id == current_actor().id,
    )
    return private_page(page)


@bp.route("/dinsos/akun/<id:account_id>/tugas", methods=["GET", "POST"])
@allow(policies.may_change, get_account)
def change_work(account: Account) -> ResponseReturnValue:
    """Give another task or other villages."""
    form = forms.WorkForm(data={"peran": account.role, "wilayah": account.areas, "versi": str(account.version)})
    areas = _offer_areas(form, account.region_code)
    if not form.filled():
        return _page("work", form, account=account, areas=areas)
    try:
        with transaction():
            accounts.change_work(
                account,
                role=form.peran.data,
                areas=sorted(form.wilayah.data or []),
                version=digits.whole(form.versi.data or "", digits.VERSION_DIGITS) or 0,
                by=current_actor(),
            )
    except (StaleVersion, accounts.LastAdmin) as refusal:
        form.form_errors = [str(refusal)]
        form.versi.data = str(account.version)
        return _page("work", form, refusal.status, account=account, areas=areas)
    return _done(account, _("Tugas diganti. Orangnya perlu masuk lagi."))


@bp.route("/dinsos/akun/<id:account_id>/akses-baru", methods=["GET", "POST"])
@allow(policies.may_change, get_account)
def renew(account: Account) -> ResponseReturnValue:
    """Make a new first password and forget the second factor, after the administrator's own password."""
    form = forms.RenewForm()
    if not form.filled() or not proving.is_proved(form, form.sandi, get_account(current_actor().id)):
        return _page("renew", form, account=account)
    password = codes.grouped(codes.new_code(PASSWORD_SIGNS))
    hashed = hashing.hash_password(password)
    with transaction():
        accounts.renew_access(account, hashed, by=current_actor())
    briefly.keep(FIRST_PASSWORD, account.id, password)
    return _done(account, _("Kata sandi baru sudah dibuat. Kode 6 angka dipasang lagi saat masuk."))


@bp.post("/dinsos/akun/<id:account_id>/nonaktif")
@allow(policies.may_change, get_account)
def disable(account: Account) -> ResponseReturnValue:
    """Shut an account; it can be opened again."""
    try:
        with transaction():
            accounts.disable(account, by=current_actor())
    except accounts.LastAdmin as refusal:
        flash(str(refusal), "error")
        return redirect(url_for("administration.show", account_id=account.id), 303)
    return _done(account, _("Akun ditutup. Semua perangkatnya dikeluarkan."))


@bp.post("/dinsos/akun/<id:account_id>/aktif")
@allow(policies.may_change, get_account)
def enable(account: Account) -> ResponseReturnValue:
    """Open an account again."""
    with transaction():
        accounts.enable(account, by=current_actor())
    return _done(account, _("Akun dibuka lagi."))


@bp.get("/dinsos/pengaturan")
@allow(policies.is_admin)
def settings() -> ResponseReturnValue:
    """Show what this kabupaten has set."""
    stored = places.stored_settings(current_actor().region_code)
    page = render_template(
        "office/administration/settings.html",
        groups=adjustable.GROUPS,
        values=DEFAULTS | stored,
        stored=stored,
        region=places.get_region(current_actor().region_code),
    )
    return private_page(page)


@bp.route("/dinsos/pengaturan/<slug:group>", methods=["GET", "POST"])
@allow(policies.may_set, adjustable.get_group)
def change_settings(chosen: Group) -> ResponseReturnValue:
    """Change the settings of one group; a stale page is shown beside what stands now."""
    actor = current_actor()
    keys = [each.key for each in chosen.settings]
    facts: dict[str, Any] = {"group": chosen, "names": [forms.field_name(key) for key in keys]}
    values = DEFAULTS | places.stored_settings(actor.region_code)
    form = forms.settings_form(chosen, values, operations.version_token(actor.region_code, keys))
    if not form.filled():
        return _page("group", form, **facts)
    wanted = {key: form[forms.field_name(key)].data for key in keys}
    if broken := rules.clash(wanted):
        form.note(forms.field_name(broken), _("Jam mulai dan selesai tidak boleh sama."))
        return _page("group", form, **facts)
    try:
        with transaction():
            operations.save_settings(actor.region_code, wanted, form["versi"].data or "", by=actor)
    except StaleVersion as refusal:
        form.form_errors = [str(refusal)]
        form["versi"].data = operations.version_token(actor.region_code, keys)
        newer = DEFAULTS | places.stored_settings(actor.region_code)
        return _page("group", form, refusal.status, **facts, newer=newer)
    flash(_("Pengaturan disimpan."), "success")
    return redirect(url_for("administration.settings"), 303)


def _offer_areas(form: forms.NewStaffForm | forms.WorkForm, region_code: str) -> list[queries.Area]:
    areas = queries.list_areas(region_code)
    form.offer([each.kecamatan.code for each in areas] + [desa.code for each in areas for desa in each.desa])
    return areas


def _done(account: Account, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("administration.show", account_id=account.id), 303)


def _page(name: str, form: Form, status: int | None = None, **facts: Any) -> ResponseReturnValue:
    status = status or (422 if form.is_submitted() else 200)
    return private_page(render_template(f"office/administration/{name}.html", form=form, **facts), status)

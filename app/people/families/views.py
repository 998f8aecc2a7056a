"""Families as those who work with them meet them: found, read, corrected, asked.

Lists stand in `uploads`, times in programmes and deciles in `programs`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.core.clock import now, today
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import DomainError, NotFound, StaleVersion
from app.core.forms import posted
from app.core.i18n import _
from app.core.policy import allow, current_actor
from app.kit import codes, digits, nik
from app.people.families import operations, policies, queries, rules, words
from app.people.families import phones as phones  # its job must be known wherever the pages are
from app.people.families.forms import (
    ConsentForm,
    FamilyForm,
    FindForm,
    RevealForm,
)
from app.people.families.models import AccessLog, Kpm
from app.people.families.operations import Facts
from app.people.families.uploads import bp
from app.people.places import queries as places
from app.people.places.forms import desa_choices

__all__ = ("bp",)

LONGEST_PLACE = 13
Lookers = tuple[list[AccessLog], dict[int, str]]
FAILED = 500


@bp.after_app_request
def write_looks_down(response: Response) -> Response:
    """Let no answer of the house show who a family is without a line that says who looked; her own she may read."""
    opened = queries.opened_now()
    if not opened or response.location or response.status_code >= FAILED or current_actor().role == "seller":
        return response
    if len(opened) > 1:
        with transaction():
            operations.note_list(opened, f"page:{request.path}", by=current_actor())
    elif not queries.is_visited(min(opened), current_actor()):
        with transaction():
            operations.note_visit(queries.get_kpm(min(opened)), by=current_actor())
    return response


@bp.get("/dinsos/keluarga")
@allow(policies.sees_families)
def index() -> Response:
    """List the families of the actor's work; by place and programme, never by a name in an address."""
    actor = current_actor()
    wanted = request.args.get("desa", "")[:LONGEST_PLACE], request.args.get("program", "")[:10]
    after = digits.whole(request.args.get("setelah", ""))
    found, total = queries.page_of_kpm(actor, place=wanted[0], program=wanted[1], after=after)
    page, more = found[: queries.PAGE], len(found) > queries.PAGE
    return private_page(render_template(
        "people/families/list.html",
        families=[(kpm, queries.name_of(kpm)) for kpm in page],
        enrolled=queries.enrollments_of([kpm.id for kpm in page]),
        places=places.names_of({code for kpm in page for code in (kpm.desa_code, kpm.kecamatan_code)}),
        kecamatan=queries.list_kecamatan(actor),
        wanted=wanted,
        find=FindForm(formdata=None),
        after=page[-1].id if more else None,
        total=total,
        words=words,
        keeps=policies.keeps_families(actor),
    ))  # fmt: skip


@bp.post("/dinsos/keluarga/cari")
@allow(policies.sees_families)
def find() -> ResponseReturnValue:
    """Go to the family with a number, NIK or KK; the number travels in the body only."""
    form, scope = FindForm(), current_actor()
    typed = codes.normalise(form.nomor.data or "") if form.filled() else ""
    sought = "".join(sign for sign in digits.plain(form.nomor.data or "") if sign.isdigit())
    by_number = queries.find_by_number(sought, scope=scope) if nik.is_number(sought) else None
    found = by_number or queries.find_by_pseudonym(typed, scope=scope)
    if found is None:
        flash(_("Tidak ada keluarga dengan nomor itu di wilayah Anda."), "warning")
        return redirect(url_for("families.index"), 303)
    return redirect(url_for("families.show", kpm_id=found.id), 303)


@bp.get("/dinsos/keluarga/<id:kpm_id>")
@allow(policies.may_see_family, queries.get_kpm)
def show(kpm: Kpm) -> Response:
    """Show one family; the look is written down before, so that it stands on the page itself."""
    actor, lookers = current_actor(), queries.list_lookers(kpm.id)
    if not queries.is_visited(kpm.id, actor, lookers[0]):
        with transaction():
            operations.note_visit(kpm, by=actor)
        lookers = queries.list_lookers(kpm.id)
    return private_page(_page(kpm, RevealForm(formdata=None), lookers))


def _page(kpm: Kpm, form: RevealForm, lookers: Lookers, opened: tuple[str, str] | None = None) -> str:
    actor, known = current_actor(), queries.standing_of(kpm, now())
    looks, people = lookers
    return render_template(
        "people/families/show.html",
        kpm=kpm,
        person=queries.person_of(kpm),
        places=places.names_of({kpm.desa_code, kpm.kecamatan_code}),
        enrolled=known.enrolled,
        desil=known.desil,
        consents=known.consents,
        looks=looks,
        people=people,
        form=form,
        opened=opened,
        words=words,
        keeps=policies.may_keep_family(actor, kpm),
        asks=policies.may_ask_family(actor, kpm),
    )


@bp.post("/dinsos/keluarga/<id:kpm_id>/buka")
@allow(policies.may_see_family, queries.get_kpm)
def reveal(kpm: Kpm) -> Response:
    """Open a NIK or KK for one look, in the answer to this form and nowhere else."""
    form = RevealForm()
    if not form.filled():
        return private_page(_page(kpm, form, queries.list_lookers(kpm.id)), 400 if request.method == "POST" else 200)
    purpose = form.keperluan.data + (f":{form.catatan.data}" if form.catatan.data else "")
    with transaction():
        (told,) = operations.reveal(kpm, [str(form.bagian.data)], purpose, by=current_actor()).items()
    return private_page(_page(kpm, RevealForm(formdata=None), queries.list_lookers(kpm.id), told))


def _told(form: FamilyForm, before: Facts | None) -> Facts:
    blank = before or Facts("", None, "", None, "", "", 1)
    return replace(
        blank,
        nik=form.nik.data or blank.nik,
        kk=form.kk.data or blank.kk,
        name=form.nama.data,
        phone=form.telepon.data,
        address=form.alamat.data or "",
        desa_code=form.desa.data,
        size=form.anggota.data,
        head_sex=form.kepala.data or None,
        wants_to_sell=form.mau_jualan.data,
        makes=form.barang.data or "",
    )


def _look_again(number: str | None) -> None:
    """Say what is odd about a NIK that was taken: nobody is refused for where or when it was given out."""
    if number and not nik.has_serial(number):
        flash(words.mark(("nik", "serial")), "warning")
    if number and not places.is_numbered(nik.region_of(number)):
        flash(words.mark(("nik", "region")), "warning")


def _form(*, new: bool, **data: Any) -> FamilyForm:
    form = FamilyForm(new=new, data=data)
    form.desa.choices = desa_choices(places.list_desa(current_actor().region_code))
    return form


@bp.route("/dinsos/keluarga/baru", methods=["GET", "POST"])
@allow(policies.keeps_families)
def register() -> ResponseReturnValue:
    """Write one family down by hand."""
    form, status = _form(new=True), 200
    if form.filled():
        try:
            with transaction():
                kpm = operations.register(_told(form, None), by=current_actor())
        except (operations.NikTaken, operations.KkTaken) as refusal:
            form.note("nik" if isinstance(refusal, operations.NikTaken) else "kk", refusal)
            status = refusal.status
        else:
            flash(_("Keluarga tercatat."))
            _look_again(form.nik.data)
            return redirect(url_for("families.show", kpm_id=kpm.id), 303)
    return private_page(render_template("people/families/edit.html", form=form, kpm=None, newer=None), status)


@bp.route("/dinsos/keluarga/<id:kpm_id>/ubah", methods=["GET", "POST"])
@allow(policies.may_keep_family, queries.get_kpm)
def edit(kpm: Kpm) -> ResponseReturnValue:
    """Correct a family; a stale form is shown beside what was saved meanwhile."""
    if kpm.identity is None:
        raise NotFound(kpm)
    before, newer, status = operations.facts_of(kpm, kpm.identity), None, 200
    form = _form(
        new=False, versi=str(kpm.version), nama=before.name, telepon=before.phone, desa=before.desa_code,
        alamat=before.address, anggota=before.size, kepala=before.head_sex or "", mau_jualan=before.wants_to_sell,
        barang=before.makes,
    )  # fmt: skip
    if form.filled():
        version = digits.whole(form.versi.data or "", digits.VERSION_DIGITS) or 0
        try:
            with transaction():
                operations.correct(kpm, _told(form, before), version=version, by=current_actor())
        except StaleVersion as stale:
            newer, status = before, stale.status
            form.versi.data = str(kpm.version)
        except (operations.NikTaken, operations.KkTaken) as refusal:
            form.note("nik" if isinstance(refusal, operations.NikTaken) else "kk", refusal)
            status = refusal.status
        else:
            flash(_("Perubahan tersimpan."))
            _look_again(form.nik.data)
            return redirect(url_for("families.show", kpm_id=kpm.id), 303)
    page = render_template("people/families/edit.html", form=form, kpm=kpm, newer=newer)
    return private_page(page, status)


@bp.route("/dinsos/keluarga/<id:kpm_id>/persetujuan", methods=["GET", "POST"])
@allow(policies.may_ask_family, queries.get_kpm)
def consents(kpm: Kpm) -> ResponseReturnValue:
    """Write down what a family agrees to, one purpose at a time."""
    form = ConsentForm(today(places.settings_of(kpm.regency_code).zone))
    if form.filled():
        with transaction():
            operations.give_consent(
                kpm, form.untuk.data, wording_version=rules.WORDING, method=form.cara.data,
                witness=form.saksi.data or "", expires_on=form.sampai.data, by=current_actor(),
            )  # fmt: skip
        flash(_("Persetujuan tercatat."))
        return redirect(url_for("families.consents", kpm_id=kpm.id), 303)
    page = render_template(
        "people/families/consents.html", form=form, kpm=kpm, name=queries.name_of(kpm), words=words,
        standing=queries.standing_consents(kpm, now()),
    )  # fmt: skip
    return private_page(page)


@bp.post("/dinsos/keluarga/<id:kpm_id>/persetujuan/cabut")
@allow(policies.may_ask_family, queries.get_kpm)
def withdraw(kpm: Kpm) -> ResponseReturnValue:
    """Take an agreement back, as easily as it was given, from this moment."""
    purpose = posted("untuk")
    if purpose not in words.CONSENTS:
        raise UnknownPurpose(purpose)
    with transaction():
        operations.withdraw_consent(kpm, purpose, by=current_actor())
    flash(_("Persetujuan dicabut, berlaku sejak sekarang."))
    return redirect(url_for("families.consents", kpm_id=kpm.id), 303)


class UnknownPurpose(DomainError):
    """A purpose that no page of ours offers."""

    status = 400

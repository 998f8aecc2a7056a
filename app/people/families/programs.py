"""What a family is told apart by from outside, written down by hand: its times in programmes, and its deciles."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import today
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import StaleVersion
from app.core.i18n import _
from app.core.policy import allow, current_actor
from app.kit import digits
from app.people.families import operations, policies, queries, words
from app.people.families.forms import DesilForm, EnrollmentForm
from app.people.families.models import Enrollment, Kpm
from app.people.families.operations import Time
from app.people.families.uploads import bp
from app.people.places import queries as places


def _form(kpm: Kpm, **data: object) -> EnrollmentForm:
    return EnrollmentForm(today(places.settings_of(kpm.regency_code).zone), data=data)


def _time(form: EnrollmentForm) -> Time:
    assert form.mulai.data is not None  # the form requires it
    return Time(
        program=form.program.data, started_on=form.mulai.data, ended_on=form.selesai.data,
        exit_kind=form.cara.data or None, exit_date=form.selesai.data if form.cara.data else None,
        monthly_aid=form.bantuan.data,
    )  # fmt: skip


def _page(kpm: Kpm, form: EnrollmentForm, status: int, stored: Enrollment | None = None) -> ResponseReturnValue:
    newer = stored if status == StaleVersion.status else None
    page = render_template(
        "people/families/program.html",
        form=form,
        kpm=kpm,
        name=queries.name_of(kpm),
        stored=stored,
        newer=newer,
        words=words,
    )
    return private_page(page, status)


def _saved(kpm: Kpm, sentence: str) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for("families.show", kpm_id=kpm.id), 303)


@bp.route("/dinsos/keluarga/<id:kpm_id>/program", methods=["GET", "POST"])
@allow(policies.may_keep_family, queries.get_kpm)
def enroll(kpm: Kpm) -> ResponseReturnValue:
    """Write down a time in a programme."""
    form, status = _form(kpm), 200
    if form.filled():
        try:
            with transaction():
                operations.enroll(kpm, _time(form), by=current_actor())
        except operations.EnrollmentsOverlap as refusal:
            form.note("mulai", refusal)
            status = refusal.status
        else:
            return _saved(kpm, _("Program tercatat."))
    return _page(kpm, form, status)


@bp.route("/dinsos/keluarga/program/<id:enrollment_id>", methods=["GET", "POST"])
@allow(policies.may_keep_enrollment, queries.get_enrollment)
def correct(enrollment: Enrollment) -> ResponseReturnValue:
    """Correct a time in a programme; a stale form is shown beside what was saved meanwhile."""
    held = operations.time_of(enrollment)
    form, status = _form(
        enrollment.kpm, versi=str(enrollment.version), program=held.program, mulai=held.started_on,
        selesai=held.ended_on, cara=held.exit_kind or "", bantuan=held.monthly_aid,
    ), 200  # fmt: skip
    if form.filled():
        version = digits.whole(form.versi.data or "", digits.VERSION_DIGITS) or 0
        try:
            with transaction():
                operations.correct_enrollment(enrollment, _time(form), version=version, by=current_actor())
        except StaleVersion as stale:
            status, form.versi.data = stale.status, str(enrollment.version)
        except operations.EnrollmentsOverlap as refusal:
            form.note("mulai", refusal)
            status = refusal.status
        else:
            return _saved(enrollment.kpm, _("Perubahan tersimpan."))
    return _page(enrollment.kpm, form, status, enrollment)


@bp.route("/dinsos/keluarga/<id:kpm_id>/desil", methods=["GET", "POST"])
@allow(policies.may_keep_family, queries.get_kpm)
def note_desil(kpm: Kpm) -> ResponseReturnValue:
    """Write down a decile with its day."""
    form = DesilForm(today(places.settings_of(kpm.regency_code).zone))
    if form.filled() and form.tanggal.data:
        with transaction():
            operations.note_desil(kpm, form.desil.data, form.tanggal.data, by=current_actor())
        return _saved(kpm, _("Desil tercatat."))
    page = render_template("people/families/desil.html", form=form, kpm=kpm, name=queries.name_of(kpm))
    return private_page(page)

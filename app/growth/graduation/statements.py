"""Graduations on the screen: stated, printed from an editable text, scanned, acknowledged by another, counted."""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import groupby
from operator import itemgetter
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core import papers, scans
from app.core.clock import today
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import NotFound
from app.core.i18n import _, bulan
from app.core.optional import Unavailable
from app.core.policy import Actor, allow, current_actor
from app.core.steps import key_of, step
from app.growth.graduation import letters, policies, queries, rules, words
from app.growth.graduation.door import bp
from app.growth.graduation.forms import GraduationForm, ScanForm
from app.growth.graduation.models import Graduation
from app.kit import digits, masking
from app.people.accounts.queries import names_of
from app.people.families import operations as family_operations
from app.people.families import queries as families
from app.people.families.models import Kpm
from app.people.places import queries as places
from app.people.places.queries import settings_of

LETTER = "graduation.letter"
BLANK = "…" * 6
TOLD = ("tahun_masuk", "jenis_usaha", "mulai_usaha", "alasan")


@bp.route("/dinsos/keluarga/<id:kpm_id>/graduasi", methods=["GET", "POST"])
@allow(policies.may_propose, families.get_kpm)
def state_graduation(kpm: Kpm) -> ResponseReturnValue:
    """Write down that a family leaves its programme, with what its letter will say."""
    day = today(settings_of(kpm.regency_code).zone)
    form = GraduationForm(day, data={"tanggal": day, "jenis_usaha": kpm.makes})
    key, facts = key_of(form), {"form": form, "kpm": kpm, "name": families.name_of(kpm)}
    return step(
        form,
        lambda: letters.state(
            kpm, form.cara.data, form.tanggal.data, {name: form[name].data or "" for name in TOLD}, key=key,
            number=form.nomor.data or "", by=current_actor(),
        ),
        lambda status: private_page(render_template("growth/graduation/state.html", **facts), status),
        done=lambda made: url_for("graduation.statement", graduation_id=made.id),
        said=_("Graduasi dicatat. Cetak suratnya, minta tanda tangan, lalu foto."),
    )  # fmt: skip


@bp.get("/dinsos/graduasi/<id:graduation_id>")
@allow(policies.may_see_graduation, queries.get_graduation)
def statement(found: Graduation) -> ResponseReturnValue:
    """Show one graduation and what is still missing."""
    return private_page(_page(found, ScanForm(formdata=None)))


def _page(found: Graduation, form: ScanForm) -> str:
    actor = current_actor()
    people = {each for each in (found.recorded_by_id, found.scanned_by_id, found.acknowledged_by_id) if each}
    return render_template(
        "growth/graduation/statement.html",
        graduation=found,
        name=families.name_of(found.kpm),
        people=names_of(people),
        may_scan=policies.may_scan(actor, found),
        may_acknowledge=policies.may_acknowledge(actor, found),
        form=form,
        words=words,
    )


@bp.get("/dinsos/graduasi/<id:graduation_id>/surat")
@allow(policies.may_see_graduation, queries.get_graduation)
def letter(found: Graduation) -> ResponseReturnValue:
    """Show the statement letter on paper; the whole numbers stand in it, so the look is written down."""
    return private_page(render_template("growth/graduation/letter.html", **_letter(found.id)))


@bp.get("/dinsos/graduasi/<id:graduation_id>/surat.pdf")
@allow(policies.may_see_graduation, queries.get_graduation)
def letter_pdf(found: Graduation) -> ResponseReturnValue:
    """Give the same letter as a file for a printer."""
    facts = _letter(found.id)
    try:
        drawn = papers.draw("growth/graduation/letter_pdf.html", "letter.css", **facts)
    except Unavailable:
        flash(_("PDF belum bisa dibuat di sini. Cetak dari halaman ini."), "warning")
        return redirect(url_for("graduation.letter", graduation_id=facts["id"]), 303)
    return papers.pdf_response(drawn, "surat-pernyataan.pdf")


def _letter(graduation_id: int) -> dict[str, Any]:
    """Return the letter with the family's facts; every look at whole numbers is written down with its purpose.

    All of it is read within the transaction that writes the looks down, so that nothing is read again.
    """
    with transaction():
        found = queries.get_graduation(graduation_id)
        facts = _facts(found) | _revealed(found.kpm)
        text = rules.fill_letter(settings_of(found.regency_code).get(LETTER), facts)
        paragraphs = [part for part in text.splitlines() if part.strip()]
        return {"id": found.id, "number": found.letter_number, "facts": facts, "paragraphs": paragraphs}


def _facts(found: Graduation) -> dict[str, str]:
    kpm = found.kpm
    office, names = settings_of(kpm.regency_code), places.names_of({kpm.desa_code, kpm.kecamatan_code})
    told = json.loads(queries.words_of(kpm.id).get(f"graduation:{found.id}:letter", "{}"))
    return {name: told.get(name, "") or BLANK for name in TOLD} | {
        "desa": names.get(kpm.desa_code, ""),
        "kecamatan": names.get(kpm.kecamatan_code, ""),
        "kabupaten": office.region_name,
        "tanggal": f"{found.stated_on.day} {bulan(found.stated_on)}",
        "dinas": office.get("office.name"),
        "pendamping": found.recorded_by.name,
    }


def _revealed(kpm: Kpm) -> dict[str, str]:
    identity = kpm.identity
    if identity is None:
        raise NotFound(kpm)
    fields = ["nik", "kk"] if identity.kk_sealed else ["nik"]
    told = {"nama": families.name_of(kpm), "alamat": families.open_field(identity, "address") or BLANK, "kk": BLANK}
    return told | family_operations.reveal(kpm, fields, "letter", by=current_actor())


@bp.post("/dinsos/graduasi/<id:graduation_id>/pindaian")
@allow(policies.may_scan, queries.get_graduation)
def scan(found: Graduation) -> ResponseReturnValue:
    """Take the signed letter in; it is drawn anew and kept privately."""
    form = ScanForm()
    return step(
        form,
        lambda: letters.add_scan(found, form.foto.keep() or "", by=current_actor()),
        lambda status: private_page(_page(found, form), status),
        done=lambda _made: url_for("graduation.statement", graduation_id=found.id),
        said=_("Surat bertanda tangan tersimpan."),
    )


@bp.post("/dinsos/graduasi/<id:graduation_id>/pindaian/putar")
@allow(policies.may_scan, queries.get_graduation)
def turn_scan(found: Graduation) -> ResponseReturnValue:
    """Turn the scan by a quarter."""
    with transaction():
        letters.turn_scan(found, by=current_actor())
    return redirect(url_for("graduation.statement", graduation_id=found.id), 303)


@bp.get("/dinsos/graduasi/<id:graduation_id>/pindaian")
@allow(policies.may_see_graduation, queries.get_graduation)
def show_scan(found: Graduation) -> ResponseReturnValue:
    """Show the scan to whoever may see the family."""
    if found.scan is None:
        raise NotFound(found)
    return scans.answer(found.scan)


@bp.post("/dinsos/graduasi/<id:graduation_id>/sahkan")
@allow(policies.may_acknowledge, queries.get_graduation)
def acknowledge(found: Graduation) -> ResponseReturnValue:
    """Acknowledge a graduation by name."""
    version = digits.whole(request.form.get("versi", ""), digits.VERSION_DIGITS) or 0
    with transaction():
        letters.confirm(found, version=version, by=current_actor())
    flash(_("Graduasi disahkan atas nama Anda."))
    return redirect(url_for("graduation.statement", graduation_id=found.id), 303)


@bp.get("/dinsos/graduasi")
@allow(policies.watches)
def graduations() -> ResponseReturnValue:
    """Count confirmed graduations by year and kecamatan; families are named only where somebody may see them."""
    actor = current_actor()
    named = policies.follows(actor)
    page = render_template(
        "growth/graduation/graduations.html",
        table_rows=_by_kind(actor) if named else _masked(actor),
        waiting=queries.list_unconfirmed(actor) if named else [],
        most=queries.MOST_WAITING,
        named=named,
        area=_("Kecamatan") if named or "." in actor.region_code else _("Kabupaten atau kota"),
        name_of=families.name_of,
        words=words,
    )
    return private_page(page)


Row = tuple[int, str, dict[str, int | None]]


def _by_kind(actor: Actor) -> list[Row]:
    rows: dict[tuple[int, str], dict[str, int | None]] = defaultdict(dict)
    for year, place, kind, count in queries.count_graduations(actor.region_code):
        rows[year, place][kind] = count
    names = places.names_of({place for _year, place in rows})
    found = sorted(((year, names.get(place, place), kinds) for (year, place), kinds in rows.items()), key=_order)
    return [row for _year, those in groupby(found, itemgetter(0)) for row in _with_sum(list(those))]


def _with_sum(rows: list[Row]) -> list[Row]:
    """Put the sum of a year below its kecamatan, where there are several."""
    if len(rows) < 2:
        return rows
    whole: dict[str, int | None] = {
        kind: sum(kinds.get(kind) or 0 for _year, _place, kinds in rows) for kind in rules.KINDS
    }
    return [*rows, (rows[0][0], _("Semua kecamatan"), whole)]


def _masked(actor: Actor) -> list[Row]:
    """Return the families by year and area as whoever sees none may read them: what is closed gives nothing back."""
    names = {each.code: each.name for each in places.list_children(actor.region_code)}
    return sorted(
        (
            (year, names.get(place, place), {"all": count})
            for year, counts in queries.count_graduated(actor.region_code).items()
            for place, count in masking.shown_table(counts, names).items()
            if count != 0
        ),
        key=_order,
    )


def _order(row: Row) -> tuple[int, str]:
    return -row[0], row[1]

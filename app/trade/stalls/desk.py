"""The curator's side: who has handed in, helpers' passes, and the report as page, PDF and XLSX."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core import briefly, papers, sheets
from app.core.addresses import origin
from app.core.cookies import private_file, private_page
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.forms import posted
from app.core.i18n import _
from app.core.optional import Unavailable
from app.core.policy import allow, current_actor
from app.kit import codes, digits
from app.kit.periods import Zone, zone_named
from app.kit.rupiah import Rupiah
from app.people.accounts.queries import names_of
from app.people.files import operations as files
from app.people.files.operations import Made, builder
from app.people.places.queries import settings_of
from app.trade.bazaars import queries as bazaars
from app.trade.bazaars.models import Bazaar
from app.trade.stalls import forms, happening, passes, policies, queries, reporting
from app.trade.stalls.door import bp, do
from app.trade.stalls.models import HelperPass, Report

SLOT = "helper-pass"
KIND = "bazaar-report"
# So many rows are drawn while somebody waits; a longer report is drawn by the worker.
ROWS_AT_ONCE = 150


@bp.get("/dinsos/bazar/<id:bazaar_id>/hasil")
@allow(policies.may_look, queries.get_bazaar)
def overview(bazaar: Bazaar) -> Response:
    """Show a bazaar's stalls with what they took and handed in, the helpers' passes, and the way to the report."""
    state = reporting.progress(bazaar)
    page = render_template(
        "trade/stalls/overview.html",
        bazaar=bazaar,
        state=bazaars.state_of(bazaar),
        progress=state,
        total=Rupiah.total(state.takings.values()),
        numbers=state.numbers,
        passes=[(each, queries.is_alive(each)) for each in queries.list_passes(bazaar.id)],
        report=queries.find_report(bazaar.id),
        may_run=policies.may_run(current_actor(), bazaar),
    )
    return private_page(page)


@bp.post("/dinsos/bazar/<id:bazaar_id>/pembantu")
@allow(policies.may_run, bazaars.get_bazaar)
def issue_pass(bazaar: Bazaar) -> ResponseReturnValue:
    """Make a helper's pass."""
    numbers = [digits.whole(each) or 0 for each in request.form.getlist("lapak")]
    try:
        with transaction():
            found, code = passes.issue(bazaar, posted("nama"), numbers, by=current_actor())
    except DomainError as refusal:
        flash(str(refusal), "error")
        return redirect(url_for("stalls.overview", bazaar_id=bazaar.id), 303)
    briefly.keep(SLOT, found.id, code)
    return redirect(url_for("stalls.show_pass", pass_id=found.id), 303)


@bp.get("/dinsos/bazar/pembantu/<id:pass_id>")
@allow(policies.may_revoke, queries.get_pass)
def show_pass(found: HelperPass) -> Response:
    """Show a fresh pass to whoever made it, for a quarter of an hour; afterwards only that it exists."""
    code = briefly.find(SLOT, found.id) if found.revoked_at is None else None
    address = origin() + url_for("stalls.helper_door", kode=codes.grouped(code)) if code else ""
    page = render_template(
        "trade/stalls/pass.html",
        helper=found,
        stalls=queries.stalls_of_pass(found),
        alive=queries.is_alive(found),
        code=codes.grouped(code) if code else "",
        drawing=papers.code(address) if code else "",
        door=origin() + url_for("stalls.helper_door"),
    )
    return private_page(page)


@bp.post("/dinsos/bazar/pembantu/<id:pass_id>/cabut")
@allow(policies.may_revoke, queries.get_pass)
def revoke_pass(found: HelperPass) -> ResponseReturnValue:
    """End a pass at once."""
    with transaction():
        passes.revoke(found, by=current_actor())
    flash(_("Kartu pembantu dicabut. Kasirnya langsung tertutup."), "success")
    return redirect(url_for("stalls.overview", bazaar_id=found.bazaar_id), 303)


@bp.route("/dinsos/bazar/<id:bazaar_id>/laporan", methods=["GET", "POST"])
@allow(policies.may_look, queries.get_bazaar)
def report(bazaar: Bazaar) -> ResponseReturnValue:
    """Show the report of a bazaar, or what it would say, and let it be signed or added to."""
    actor, found = current_actor(), queries.find_report(bazaar.id)
    if request.method == "POST":
        acts: dict[str, Any] = {"tanda-tangan": lambda: reporting.freeze(bazaar, by=actor)}
        if found is not None:
            if posted("langkah") == "pdf":
                return _ask_for_pdf(found)
            key, text = forms.read_key(), posted("susulan")[:500]
            acts = {"susulan": lambda: reporting.add_addendum(found, key, text, by=actor)}
        return do(acts, url_for("stalls.report", bazaar_id=bazaar.id))
    waiting, figures = ([], reporting.told(bazaar.id, found.figures)) if found else reporting.drafted(bazaar)
    page = render_template(
        "trade/stalls/report.html",
        bazaar=bazaar,
        state=bazaars.state_of(bazaar),
        waiting=waiting,
        figures=figures,
        photos=happening.shown(bazaar.id),
        key=forms.new_key(),
        long=is_long(figures),
        **_signed(found),
    )
    return private_page(page)


def is_long(figures: Mapping[str, Any]) -> bool:
    """Tell whether a report takes longer to draw than anybody should wait."""
    return len(figures["stalls"]) + len(figures["products"]) > ROWS_AT_ONCE


def _ask_for_pdf(found: Report) -> ResponseReturnValue:
    title = _("Laporan bazar %(name)s", name=found.figures["bazaar"][:80])
    with transaction():
        wanted = files.ask(KIND, title, {"report": found.id}, by=current_actor())
    return redirect(url_for("files.show", file_id=wanted.id), 303)


@builder(KIND)
def build_report(facts: dict[str, Any]) -> Made:
    """Draw a long report."""
    return Made(_drawn(queries.get_signed(facts["report"])), "laporan-bazar.pdf", "application/pdf")


def _drawn(found: Report) -> bytes:
    figures, pictures = reporting.told(found.bazaar_id, found.figures), happening.drawn(found.bazaar_id)
    office = settings_of(found.bazaar.regency_code).get("office.name")
    facts = {"bazaar": found.bazaar, "figures": figures, "pictures": pictures, "office": office}
    return papers.draw("trade/stalls/report_paper.html", "bazaar-report.css", **facts, **_signed(found))


def _signed(found: Report | None) -> dict[str, Any]:
    addenda = queries.list_addenda(found.id) if found else []
    names = names_of({found.signed_by_id, *(each.by_id for each in addenda)}) if found else {}
    return {
        "report": found,
        "signer": names[found.signed_by_id] if found else "",
        "addenda": [(each, names[each.by_id]) for each in addenda],
        "rupiah": Rupiah,
        "kinds": forms.INCIDENTS,
    }


@bp.get("/dinsos/bazar/laporan/<id:signed_id>.pdf")
@allow(policies.may_read, queries.get_signed)
def report_pdf(found: Report) -> ResponseReturnValue:
    """Give the signed report for a printer; a long one is ordered on its page."""
    if is_long(found.figures):
        return redirect(url_for("stalls.report", bazaar_id=found.bazaar_id), 303)
    try:
        drawn = _drawn(found)
    except Unavailable:
        flash(_("PDF belum bisa dibuat di sini. Cetak dari halaman ini."), "warning")
        return redirect(url_for("stalls.report", bazaar_id=found.bazaar_id), 303)
    return papers.pdf_response(drawn, "laporan-bazar.pdf")


@bp.get("/dinsos/bazar/laporan/<id:signed_id>.xlsx")
@allow(policies.may_read, queries.get_signed)
def report_xlsx(found: Report) -> Response:
    """Give the signed report to a spreadsheet program."""
    return private_file(sheets.write_xlsx(workbook(found)), sheets.XLSX, "laporan-bazar.xlsx")


def coverage(figures: Mapping[str, Any]) -> str:
    """Say how many kecamatan of all were there."""
    return _("%(n)s dari %(all)s", n=len(figures["kecamatan"]), all=figures["kecamatan_all"])


def first_buyers(figures: Mapping[str, Any]) -> str:
    """Say how many bought for the first time; a few are not counted out."""
    return _("ditutup") if figures["first_buyers"] is None else str(figures["first_buyers"])


def workbook(found: Report) -> list[sheets.Sheet]:
    """Return a report as tables: stalls, goods, and what it is signed with."""
    figures = reporting.told(found.bazaar_id, found.figures)
    stalls = [
        (
            each["number"], each["shop"], each["kecamatan"], Rupiah(each["amount"]), each["taken"], each["sold"],
            each["returned"], each["damaged"], each["unexplained"], each["reason"],
        )
        for each in figures["stalls"]
    ]  # fmt: skip
    head = [
        _("Nomor"), _("Lapak"), _("Kecamatan"), _("Omzet"), _("Dibawa"), _("Terjual"), _("Kembali"), _("Rusak"),
        _("Selisih"), _("Alasan"),
    ]  # fmt: skip
    goods = [(each["name"], each["qty"], Rupiah(each["amount"])) for each in figures["products"]]
    zone = zone_named(queries.zone_of(found.bazaar))
    happened = [
        (f"{zone.local(each.happened_at):%Y-%m-%d %H.%M}", str(forms.INCIDENTS[each.kind]), each.text, each.done)
        for each in figures["incidents"]
    ]
    return [
        sheets.Sheet(_("Lapak"), head, stalls),
        sheets.Sheet(_("Barang"), [_("Barang"), _("Jumlah"), _("Omzet")], goods),
        sheets.Sheet(_("Kejadian"), [_("Jam"), _("Jenis"), _("Kejadian"), _("Yang dilakukan")], happened),
        sheets.Sheet(_("Keterangan"), [_("Hal"), _("Isi")], _told(found, figures, zone)),
    ]


def _told(found: Report, figures: Mapping[str, Any], zone: Zone) -> list[tuple[sheets.Cell, sheets.Cell]]:
    """Return what a report says of the bazaar as a whole, and what it is signed with."""
    return [
        (_("Bazar"), figures["bazaar"]),
        (_("Tempat"), figures["place"]),
        (_("Hari"), ", ".join(figures["days"])),
        (_("Omzet"), Rupiah(figures["total"])),
        *((_("Bukti %(grade)s", grade=grade), Rupiah(part)) for grade, part in sorted(figures["grades"].items())),
        (_("Lapak yang menjual"), figures["sellers"]),
        (_("Kecamatan terwakili"), coverage(figures)),
        (_("Kecamatan"), ", ".join(figures["kecamatan"])),
        *((_("Pembeli pertama kali"), first_buyers(figures)) for _each in range("first_buyers" in figures)),
        (_("Wajah baru di lapak"), figures["new_buyers"]),
        (_("Lapak yang mengisi wajah baru"), figures["new_buyers_from"]),
        (_("Ditandatangani"), names_of({found.signed_by_id})[found.signed_by_id]),
        (_("Tanggal tanda tangan"), f"{zone.day(found.signed_at):%Y-%m-%d}"),
        (_("Sidik angka (SHA-256)"), found.sha256),
        (_("Aturan hitung"), found.rule),
        *((f"{zone.day(each.at):%Y-%m-%d}", each.text) for each in queries.list_addenda(found.id)),
    ]

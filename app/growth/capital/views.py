"""Aid as caseworkers and pendamping meet it: proposals, the look on the spot, the grant, its papers and its reports."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core import papers, scans
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import NotFound, StaleVersion
from app.core.i18n import _
from app.core.optional import Unavailable
from app.core.panels import fill
from app.core.policy import allow, current_actor
from app.core.steps import key_of, step
from app.growth.capital import forms, operations, pages, policies, proofs, queries, reports, rules, words
from app.growth.capital.models import AidGrant, AidProposal
from app.growth.capital.queries import Receipt
from app.kit import digits
from app.people.families import queries as families
from app.people.families.models import Kpm

bp = Blueprint("capital", __name__)
bp.add_app_template_filter(words.word, "uep")

DUE_DAYS = 90


@fill("family.page", order=30)
def family_panel(kpm: Kpm) -> str:
    """Show a family's aid on its page."""
    return render_template(
        "growth/capital/_family.html",
        kpm=kpm,
        grants=queries.list_of_family(kpm.id),
        may_propose=policies.may_propose(current_actor(), kpm),
    )


@bp.get("/dinsos/uep")
@allow(policies.sees_aid)
def index() -> ResponseReturnValue:
    """Show what waits for a look or for its aid, what was given, and what is late."""
    actor = current_actor()
    day, late = pages.day_of(actor.region_code), request.args.get("terlambat") == "1"
    year, before = digits.whole(request.args.get("tahun", ""), 4), digits.whole(request.args.get("setelah", ""))
    found = queries.list_grants(scope=actor, year=year, late_on=day if late else None, before=before)
    shown = found[: queries.PAGE]
    page = render_template(
        "growth/capital/index.html",
        waiting=[] if late or before else queries.list_waiting(scope=actor),
        most=queries.MOST_WAITING,
        grants=[(each, families.name_of(each.kpm), pages.owes(each, day)) for each in shown],
        more=shown[-1].id if len(found) > len(shown) else None,
        late=late,
        late_count=queries.count_late(day, scope=actor),
        year=year,
        years=queries.list_years(scope=actor),
        types=pages.types(),
        name_of=families.name_of,
        may_report=policies.keeps_aid(actor),
    )
    return private_page(page)


@bp.get("/dinsos/uep/rekap")
@allow(policies.keeps_aid)
def sums() -> ResponseReturnValue:
    """Show the aid of a year by type of business, kecamatan and fund."""
    actor, year = current_actor(), digits.whole(request.args.get("tahun", ""), 4)
    page = render_template(
        "growth/capital/sums.html", tables=reports.tables(actor, year), year=year, years=queries.list_years(scope=actor)
    )
    return private_page(page)


@bp.get("/dinsos/uep/rekap.xlsx")
@allow(policies.keeps_aid)
def sums_sheet() -> ResponseReturnValue:
    """Give the same tables as a workbook."""
    return reports.workbook(current_actor(), digits.whole(request.args.get("tahun", ""), 4))


@bp.route("/dinsos/keluarga/<id:kpm_id>/usulan", methods=["GET", "POST"])
@allow(policies.may_propose, families.get_kpm)
def propose(kpm: Kpm) -> ResponseReturnValue:
    """Write down what a family would work with."""
    day = pages.day_of(kpm.regency_code)
    form = forms.ProposalForm(day, data={"tahun": day.year})
    form.jenis.choices, key = pages.type_choices(), key_of(form)
    return step(
        form,
        lambda: operations.propose(
            kpm,
            key=key,
            business_type_slug=form.jenis.data,
            items_asked=form.barang.data,
            asked=form.nilai.data,
            year=form.tahun.data,
            by=current_actor(),
        ),
        lambda status: pages.form_page("propose", form, status, kpm=kpm, name=families.name_of(kpm)),
        done=lambda made: url_for("capital.proposal", proposal_id=made.id),
        said=_("Usulan dicatat. Petugas lain memeriksanya di tempat."),
    )


@bp.get("/dinsos/uep/usulan/<id:proposal_id>")
@allow(policies.may_see_proposal, queries.get_proposal)
def proposal(asked: AidProposal) -> ResponseReturnValue:
    """Show one proposal and what may follow."""
    actor, given = current_actor(), queries.find_grant_of(asked.id)
    if given is not None:
        return redirect(url_for("capital.show", grant_id=given.id), 303)
    page = render_template(
        "growth/capital/proposal.html",
        asked=asked,
        name=families.name_of(asked.kpm),
        type_name=pages.types().get(asked.business_type_slug, ""),
        may_verify=policies.may_verify(actor, asked),
        may_grant=policies.may_grant(actor, asked),
    )
    return private_page(page)


@bp.route("/dinsos/uep/usulan/<id:proposal_id>/periksa", methods=["GET", "POST"])
@allow(policies.may_verify, queries.get_proposal)
def verify(asked: AidProposal) -> ResponseReturnValue:
    """Write down the look on the spot."""
    day = pages.day_of(asked.kpm.regency_code)
    form = forms.VerificationForm(day, data={"tanggal": day})
    return step(
        form,
        lambda: operations.verify(
            asked,
            result=form.hasil.data,
            reason=form.alasan.data,
            visited_on=form.tanggal.data,
            running_since=form.sejak.data,
            photo=form.foto.keep(),
            by=current_actor(),
        ),
        lambda status: pages.form_page("verify", form, status, asked=asked, name=families.name_of(asked.kpm)),
        done=lambda _made: url_for("capital.proposal", proposal_id=asked.id),
        said=_("Hasil kunjungan dicatat."),
    )


@bp.get("/dinsos/uep/usulan/<id:proposal_id>/foto")
@allow(policies.may_see_proposal, queries.get_proposal)
def visit_photo(asked: AidProposal) -> ResponseReturnValue:
    """Show the photo of the look on the spot."""
    return scans.answer(pages.kept(asked.verification.photo if asked.verification else None))


@bp.route("/dinsos/uep/usulan/<id:proposal_id>/bantuan", methods=["GET", "POST"])
@allow(policies.may_grant, queries.get_proposal)
def grant(asked: AidProposal) -> ResponseReturnValue:
    """Write down aid that was decided."""
    day = pages.day_of(asked.kpm.regency_code)
    form = forms.GrantForm(day, data={"nilai": asked.asked, "tanggal": day, "laporan": day + timedelta(days=DUE_DAYS)})
    facts = {"asked": asked, "name": families.name_of(asked.kpm), "before": queries.list_of_family(asked.kpm_id)}
    return step(
        form,
        lambda: operations.grant(
            asked,
            fund=form.dana.data,
            form=form.bentuk.data,
            value=form.nilai.data,
            granted_on=form.tanggal.data,
            due_report_on=form.laporan.data,
            things=form.things,
            considered=bool(form.dipertimbangkan.data),
            by=current_actor(),
        ),
        lambda status: pages.form_page("grant", form, status, **facts),
        done=lambda given: url_for("capital.show", grant_id=given.id),
        said=_("Bantuan dicatat. BAST ditandatangani paling lambat %(days)s hari.", days=rules.BAST_DAYS),
        beside={operations.HelpedLastYear: "dipertimbangkan"},
    )


@bp.get("/dinsos/uep/<id:grant_id>")
@allow(policies.may_see_grant, queries.get_grant)
def show(given: AidGrant) -> ResponseReturnValue:
    """Show one grant, its papers, and what it still owes."""
    return pages.grant_page(given)


@bp.route("/dinsos/uep/<id:grant_id>/serah-terima", methods=["GET", "POST"])
@allow(policies.may_keep_grant, queries.get_grant)
def hand_over(given: AidGrant) -> ResponseReturnValue:
    """Write down the handover, and what each thing showed when it was tried."""
    day = pages.day_of(given.regency_code)
    form = forms.BastForm(day, data={"versi": str(given.version), "tanggal": day, "petugas": current_actor().name})
    tested = {item.id: request.form.get(f"uji-{item.id}", "") for item in given.items}

    def page(status: int) -> ResponseReturnValue:
        if status == StaleVersion.status:
            form.versi.data = str(given.version)
        return pages.form_page("hand_over", form, status, given=given, name=families.name_of(given.kpm), tested=tested)

    return step(
        form,
        lambda: operations.hand_over(
            given,
            number=form.nomor.data,
            signed_on=form.tanggal.data,
            place=form.tempat.data,
            officer_name=form.petugas.data,
            officer_post=form.jabatan.data,
            witnesses=form.saksi.data,
            tested={item: seen for item, seen in tested.items() if seen in rules.TESTS},
            version=digits.whole(form.versi.data or "", digits.VERSION_DIGITS) or 0,
            by=current_actor(),
        ),
        page,
        done=lambda _made: url_for("capital.bast", grant_id=given.id),
        said=_("Serah terima dicatat. Cetak BAST, minta tanda tangan, lalu foto."),
    )


@bp.get("/dinsos/uep/<id:grant_id>/bast")
@allow(policies.may_keep_grant, queries.get_grant)
def bast(given: AidGrant) -> ResponseReturnValue:
    """Show the record of the handover as one sheet for both parties to sign."""
    return private_page(render_template("growth/capital/bast.html", **pages.bast_facts(given)))


@bp.get("/dinsos/uep/<id:grant_id>/bast.pdf")
@allow(policies.may_keep_grant, queries.get_grant)
def bast_pdf(given: AidGrant) -> ResponseReturnValue:
    """Give the same sheet as a file for a printer."""
    facts = pages.bast_facts(given)
    try:
        drawn = papers.draw("growth/capital/bast_pdf.html", "letter.css", **facts)
    except Unavailable:
        flash(_("PDF belum bisa dibuat di sini. Cetak dari halaman ini."), "warning")
        return redirect(url_for("capital.bast", grant_id=given.id), 303)
    return papers.pdf_response(drawn, "bast.pdf")


@bp.route("/dinsos/uep/<id:grant_id>/pindaian", methods=["GET", "POST"])
@allow(policies.may_see_grant, queries.get_grant)
def scan(given: AidGrant) -> ResponseReturnValue:
    """Show the signed paper, or take it in."""
    if request.method != "POST":
        return scans.answer(pages.kept(given.bast.scan if given.bast else None))
    form = forms.ScanForm()
    if not policies.may_keep_grant(current_actor(), given):
        raise NotFound(given)
    return step(
        form,
        lambda: proofs.keep_scan(given, pages.kept(form.foto.keep()), by=current_actor()),
        lambda status: pages.grant_page(given, status, scan_form=form),
        done=lambda _made: url_for("capital.show", grant_id=given.id),
        said=_("BAST bertanda tangan tersimpan."),
    )


@bp.post("/dinsos/uep/<id:grant_id>/pindaian/putar")
@allow(policies.may_keep_grant, queries.get_grant)
def turn_scan(given: AidGrant) -> ResponseReturnValue:
    """Turn the signed paper by a quarter."""
    with transaction():
        proofs.turn_scan(given, by=current_actor())
    return redirect(url_for("capital.show", grant_id=given.id, _anchor="bast"), 303)


@bp.post("/dinsos/uep/<id:grant_id>/nota")
@allow(policies.may_report, queries.get_grant)
def receipt(given: AidGrant) -> ResponseReturnValue:
    """Keep one receipt."""
    form = forms.ReceiptForm(pages.day_of(given.regency_code))
    key = key_of(form)
    return step(
        form,
        lambda: proofs.add_receipt(
            given,
            key=key,
            what=form.barang.data,
            amount=form.nilai.data,
            bought_on=form.tanggal.data,
            photo=pages.kept(form.foto.keep()),
            by=current_actor(),
        ),
        lambda status: pages.grant_page(given, status, receipt_form=form),
        done=lambda _made: url_for("capital.show", grant_id=given.id, _anchor="nota"),
        said=_("Nota tersimpan."),
    )


@bp.get("/dinsos/uep/nota/<id:receipt_id>")
@allow(policies.may_see_receipt, queries.get_receipt)
def receipt_photo(kept: Receipt) -> ResponseReturnValue:
    """Show the photo of a receipt."""
    return scans.answer(kept.receipt.photo)


@bp.post("/dinsos/uep/nota/<id:receipt_id>/putar")
@allow(policies.may_turn_receipt, queries.get_receipt)
def turn_receipt(kept: Receipt) -> ResponseReturnValue:
    """Turn the photo of a receipt by a quarter."""
    with transaction():
        proofs.turn_receipt(kept.receipt, by=current_actor())
    return redirect(url_for("capital.show", grant_id=kept.receipt.grant_id, _anchor=f"nota-{kept.receipt.id}"), 303)


@bp.route("/dinsos/uep/<id:grant_id>/laporan", methods=["GET", "POST"])
@allow(policies.may_report, queries.get_grant)
def report(given: AidGrant) -> ResponseReturnValue:
    """Close the report of what became of the aid."""
    day = pages.day_of(given.regency_code)
    form = forms.ReportForm(day, data={"tanggal": day})
    return step(
        form,
        lambda: operations.report(
            given,
            reported_on=form.tanggal.data,
            as_intended=form.sesuai.data == "ya",
            note=form.catatan.data,
            photo=form.foto.keep(),
            by=current_actor(),
        ),
        lambda status: pages.form_page("report", form, status, given=given, name=families.name_of(given.kpm)),
        done=lambda _made: url_for("capital.show", grant_id=given.id),
        said=_("Laporan penggunaan tersimpan."),
    )


@bp.get("/dinsos/uep/<id:grant_id>/foto")
@allow(policies.may_see_grant, queries.get_grant)
def report_photo(given: AidGrant) -> ResponseReturnValue:
    """Show the photo of the aid in use."""
    return scans.answer(pages.kept(given.report.photo if given.report else None))

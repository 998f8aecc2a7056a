"""Aid from the proposal to the report: who may do which step, what is refused, and what is late when."""

from __future__ import annotations

import io
import re
import threading
from datetime import date, timedelta

import pytest
import time_machine
import weasyprint
from PIL import Image
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from app.core import jobs
from app.core.clock import now, today
from app.core.db import db, transaction
from app.core.i18n import tanggal
from app.core.storage import private_store
from app.goods.categories.queries import list_business_types
from app.growth.capital import operations, queries, rules
from app.growth.capital.models import AidGrant, AidProposal, Bast, UseReceipt, UseReport, Verification
from app.growth.capital.operations import AnotherFund, NotVerified, OwnProposal, Thing
from app.kit.rupiah import Rupiah
from app.people.families.queries import list_looks
from tests.factories.capital import make_grant, make_proposal, make_proved, make_verified
from tests.factories.families import make_kpm
from tests.factories.people import OTHER_DESA, make_account, sign_in
from tests.factories.phone_photos import phone_photo
from tests.support.paper import pages_of, text_of

GOODS = "Mixer; 1 buah; 650rb\nLoyang; 5 buah; 30.000"


@pytest.fixture
def caseworker(app):
    return make_account("caseworker")


@pytest.fixture
def pendamping(app):
    return make_account("pendamping")


@pytest.fixture
def kpm(app):
    return make_kpm(name="Ibu Sarinah")


@pytest.fixture
def desk(client, caseworker):
    sign_in(client, caseworker)
    return client


def day(offset=0):
    return (today("Asia/Jakarta") + timedelta(days=offset)).isoformat()


def photo(name="nota.jpg"):
    return (io.BytesIO(phone_photo("PNG", (400, 300))), name)


def paper_pdf():
    return weasyprint.HTML(string="<style>@page{size:A4}</style><p>BAST bertanda tangan</p>").write_pdf()


def private_names():
    return set(private_store().list_names())


def count(table):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table))


def grant_fields(**given):
    return {
        "dana": "province",
        "bentuk": "in_kind",
        "nilai": "800000",
        "barang": GOODS,
        "tanggal": day(),
        "laporan": day(90),
    } | given


def test_a_mixer_from_the_wish_to_the_proof(client, app, kpm, caseworker, pendamping):
    sign_in(client, pendamping)
    made = client.post(
        f"/dinsos/keluarga/{kpm.id}/usulan",
        data={"kunci": "k1", "jenis": "kue-basah", "barang": "Mixer dan loyang", "nilai": "800rb", "tahun": day()[:4]},
    )
    assert made.status_code == 303, made.text
    proposal = db.session.scalars(select(AidProposal)).one()

    sign_in(client, caseworker)
    look = {"hasil": "fits", "tanggal": day(), "sejak": "2022-03-01", "alasan": "Oven ada, kue dijual tiap hari."}
    assert client.post(f"/dinsos/uep/usulan/{proposal.id}/periksa", data=look | {"foto": photo()}).status_code == 303
    assert client.get(f"/dinsos/uep/usulan/{proposal.id}/foto").mimetype == "image/jpeg"
    answer = client.post(f"/dinsos/uep/usulan/{proposal.id}/bantuan", data=grant_fields())
    given = db.session.scalars(select(AidGrant)).one()
    assert answer.location.endswith(f"/dinsos/uep/{given.id}")
    assert [(item.name, item.qty, item.unit_price) for item in given.items] == [
        ("Mixer", 1, Rupiah(650_000)),
        ("Loyang", 5, Rupiah(30_000)),
    ]

    mixer, tins = given.items
    bast = {
        "versi": given.version,
        "nomor": "460/12/BAST/2026",
        "tanggal": day(),
        "tempat": "Kantor desa",
        "petugas": "Ibu Ratna",
        "jabatan": "Kepala seksi",
        "saksi": "Pak Lurah dan Bu Pendamping",
        f"uji-{mixer.id}": "broken",
        f"uji-{tins.id}": "works",
    }
    assert client.post(f"/dinsos/uep/{given.id}/serah-terima", data=bast).location.endswith("/bast")
    sheet = client.get(f"/dinsos/uep/{given.id}/bast").text
    assert "Ibu Sarinah" in sheet
    assert "tidak berfungsi" in sheet
    assert client.get(f"/dinsos/uep/{given.id}/pindaian").status_code == 404
    assert client.post(f"/dinsos/uep/{given.id}/pindaian", data={"foto": photo()}).status_code == 303
    assert client.get(f"/dinsos/uep/{given.id}/pindaian").headers["Cache-Control"] == "no-store"

    sign_in(client, pendamping)
    receipt = {"kunci": "n1", "barang": "Tepung", "nilai": "50rb", "tanggal": day(), "foto": photo()}
    assert client.post(f"/dinsos/uep/{given.id}/nota", data=receipt).status_code == 303
    told = {"sesuai": "ya", "tanggal": day(), "catatan": "Mixer dipakai tiap pagi."}
    assert client.post(f"/dinsos/uep/{given.id}/laporan", data=told).status_code == 303
    page = client.get(f"/dinsos/uep/{given.id}").text
    assert "Dilaporkan" in page
    assert "Mixer dan loyang (perkiraan Rp800.000)" in page, "what was asked stands beside what was given"
    assert "Bantuan usaha (UEP)" in client.get(f"/dinsos/keluarga/{kpm.id}").text


@pytest.mark.parametrize("result", ["fits", "changed"])
def test_money_is_given_after_a_look_that_says_yes_or_yes_with_changes(desk, kpm, result):
    proposal = make_verified(kpm, result=result)
    seen = {"fits": "Sesuai usulan", "changed": "Sesuai, dengan perubahan"}[result]
    assert seen in desk.get(f"/dinsos/uep/usulan/{proposal.id}").text

    answer = desk.post(
        f"/dinsos/uep/usulan/{proposal.id}/bantuan", data=grant_fields(bentuk="cash", barang="", nilai="2jt")
    )

    given = db.session.scalars(select(AidGrant)).one()
    assert (given.form, given.value, given.items) == ("cash", Rupiah(2_000_000), [])
    page = desk.get(answer.location).text
    assert "Uang" in page
    assert "Laporan paling lambat" in page
    assert str(tanggal(given.due_report_on)) in page


def test_a_look_that_says_no_leads_to_no_aid(desk, kpm):
    proposal = make_verified(kpm, result="refused")

    page = desk.get(f"/dinsos/uep/usulan/{proposal.id}").text

    assert "Tidak bisa dibantu" in page
    assert f"/dinsos/uep/usulan/{proposal.id}/bantuan" not in page


def test_the_longest_record_is_still_one_sheet_with_room_for_four_signatures(desk):
    things = [
        Thing(f"Etalase kaca dua pintu dengan lampu dan kunci ukuran besar nomor {number}", 10, "buah", Rupiah(100_000))
        for number in range(rules.MOST_ITEMS)
    ]
    kpm = make_kpm(name="Ibu " + "Siti Nurhasanah " * 3, address="Kampung Pasir Gadung Kaler RT 012 RW 004 " * 3)
    given = make_grant(kpm, value=Rupiah(12_000_000), things=things, handed_over=True)

    paper = desk.get(f"/dinsos/uep/{given.id}/bast.pdf").data
    words = " ".join(text_of(paper).split())

    assert pages_of(paper) == 1
    assert f"nomor {rules.MOST_ITEMS - 1}" in words
    for each in ("PIHAK KEDUA", "PIHAK PERTAMA", "Saksi-saksi: Pak Lurah dan Bu Pendamping", "1.", "2.", "Ibu Ratna"):
        assert each in words
    assert str(tanggal(given.due_report_on)) in words


def test_the_record_fits_one_sheet_and_says_who_what_and_how_it_worked(desk, kpm):
    given = make_grant(kpm, handed_over=True)

    drawn = desk.get(f"/dinsos/uep/{given.id}/bast.pdf")

    assert drawn.mimetype == "application/pdf"
    assert pages_of(drawn.data) == 1
    words = text_of(drawn.data)
    for each in ("Ibu Sarinah", "Mixer", "Loyang", "5 buah", "Dicoba, berfungsi", "PIHAK KEDUA", "Kepala seksi"):
        assert each in words
    page = desk.get(f"/dinsos/uep/{given.id}/bast").text
    assert "Dinas Sosial Kabupaten Serang</b>" in page
    assert "Lapak Mandiri</b>" not in page, "a paper of the office stands under its own name"


def test_nobody_verifies_what_they_entered(desk, kpm, caseworker):
    proposal = make_proposal(kpm, by=caseworker)

    assert desk.get(f"/dinsos/uep/usulan/{proposal.id}/periksa").status_code == 404
    with pytest.raises(OwnProposal), transaction():
        operations.verify(
            proposal,
            result="fits",
            reason="x" * 20,
            visited_on=date(2026, 1, 1),
            running_since=date(2025, 1, 1),
            photo=None,
            by=caseworker,
        )
    assert count(Verification) == 0


def test_aid_needs_a_look_that_found_a_business(desk, kpm, caseworker):
    proposal = make_proposal(kpm)
    refused = make_verified(make_kpm(), result="refused")
    nothing_runs = make_verified(make_kpm(), running_since=None)

    for asked in (proposal, refused, nothing_runs):
        answer = desk.post(f"/dinsos/uep/usulan/{asked.id}/bantuan", data=grant_fields())
        assert answer.status_code == 409
        assert "setelah usulan diperiksa" in answer.text
    assert count(AidGrant) == 0


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"barang": ""}, "Tulis barangnya"),
        ({"barang": "Mixer satu"}, "belum terbaca"),
        ({"barang": "Mixer; 0 buah; 650rb"}, "paling sedikit 1"),
        ({"barang": "Mixer; 1 buah; 1"}, "Samakan"),
        ({"nilai": "nol"}, "Isi uangnya dengan angka"),
        ({"nilai": "900 juta"}, "Isi antara"),
        ({"nilai": "0"}, "Isi antara"),
        ({"tanggal": "2999-01-01", "laporan": "2999-02-01"}, "belum terjadi"),
        ({"laporan": "2001-01-01"}, "setelah bantuan diberikan"),
        ({"dana": "bank"}, "Pilih salah satu"),
    ],
)
def test_a_grant_that_cannot_be_is_refused_beside_its_field(desk, kpm, fields, sentence):
    proposal = make_verified(kpm)

    answer = desk.post(f"/dinsos/uep/usulan/{proposal.id}/bantuan", data=grant_fields(**fields))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert count(AidGrant) == 0


@pytest.mark.parametrize("step", ["periksa", "serah-terima", "nota", "laporan"])
def test_a_day_to_come_is_refused_beside_its_field_and_nothing_is_kept(desk, kpm, step):
    asked, given = make_proposal(make_kpm()), make_grant(kpm)
    at = f"/dinsos/uep/usulan/{asked.id}/{step}" if step == "periksa" else f"/dinsos/uep/{given.id}/{step}"
    told = {
        "tanggal": day(2), "hasil": "fits", "sejak": "2022-03-01", "alasan": "Oven ada, kue dijual tiap hari.",
        "versi": given.version, "nomor": "1", "tempat": "Desa", "petugas": "A", "jabatan": "B", "saksi": "C dan D",
        "kunci": "n", "barang": "Tepung", "nilai": "50rb", "sesuai": "ya", "catatan": "Dipakai tiap pagi.",
    }  # fmt: skip

    answer = desk.post(at, data=told | ({"foto": photo()} if step == "nota" else {}))

    assert answer.status_code == 422
    assert "Tanggal ini belum terjadi." in answer.text
    assert [count(table) for table in (Bast, UseReceipt, UseReport)] == [0, 0, 0]
    assert queries.find_verification(asked.id) is None
    again = desk.post(at, data=told | {"tanggal": day()} | ({"foto": photo()} if step == "nota" else {}))
    assert again.status_code == 303, "all else was right"


def test_a_second_fund_in_a_year_is_refused_and_a_year_after_must_be_considered(desk, kpm):
    year = int(day()[:4])
    make_grant(kpm, year=year, fund="state")
    again = make_verified(kpm, year=year)
    answer = desk.post(f"/dinsos/uep/usulan/{again.id}/bantuan", data=grant_fields())
    assert answer.status_code == 409
    assert "sumber dana lain" in answer.text

    following = make_verified(kpm, year=year + 1)
    address = f"/dinsos/uep/usulan/{following.id}/bantuan"
    answer = desk.post(address, data=grant_fields())
    assert answer.status_code == 409
    assert "tahun yang berurutan" in answer.text
    assert desk.post(address, data=grant_fields(dipertimbangkan="1")).status_code == 303


def test_the_same_wish_twice_is_one_and_other_words_under_its_key_are_refused(desk, kpm):
    fields = {"kunci": "k", "jenis": "kue-basah", "barang": "Oven", "nilai": "1jt", "tahun": day()[:4]}
    address = f"/dinsos/keluarga/{kpm.id}/usulan"

    assert desk.post(address, data=fields).location == desk.post(address, data=fields).location
    for changed in ({"barang": "Freezer"}, {"jenis": "warung-kelontong"}):
        assert desk.post(address, data=fields | changed).status_code == 409
    assert count(AidProposal) == 1


def test_cash_is_shown_by_receipts_and_a_receipt_counts_once(desk, kpm):
    given = make_grant(kpm, form="cash")
    told = {"sesuai": "ya", "tanggal": day(), "catatan": "Dipakai beli bahan baku."}
    answer = desk.post(f"/dinsos/uep/{given.id}/laporan", data=told)
    assert answer.status_code == 409
    assert "paling sedikit satu nota" in answer.text

    receipt = {"kunci": "n", "barang": "Tepung", "nilai": "50rb", "tanggal": day()}
    for _tap in range(2):
        sent = desk.post(f"/dinsos/uep/{given.id}/nota", data=receipt | {"foto": photo()})
        assert sent.status_code == 303
    assert count(UseReceipt) == 1
    for changed in ({"nilai": "5jt"}, {"barang": "Emas"}):
        other = desk.post(f"/dinsos/uep/{given.id}/nota", data=receipt | changed | {"foto": photo()})
        assert other.status_code == 409
    elsewhere = make_grant(make_kpm(), form="cash")
    other = desk.post(f"/dinsos/uep/{elsewhere.id}/nota", data=receipt | {"foto": photo()})
    assert (other.status_code, count(UseReceipt)) == (409, 1)
    assert desk.post(f"/dinsos/uep/{given.id}/laporan", data=told).status_code == 303
    assert desk.post(f"/dinsos/uep/{given.id}/laporan", data=told).status_code == 409
    assert count(UseReport) == 1
    late = desk.post(f"/dinsos/uep/{given.id}/nota", data=receipt | {"kunci": "n2", "foto": photo()})
    assert "Laporan penggunaan sudah ada" in late.text


def test_a_receipt_without_a_true_photo_loses_nothing_that_was_typed(desk, kpm):
    given = make_grant(kpm)
    receipt = {"kunci": "n", "barang": "Tepung ketan", "nilai": "50rb", "tanggal": day()}

    for sent in ({}, {"foto": (io.BytesIO(b"%PDF-1.7 nota"), "nota.pdf")}):
        answer = desk.post(f"/dinsos/uep/{given.id}/nota", data=receipt | sent)
        assert answer.status_code == 422
        assert "Tepung ketan" in answer.text
    assert count(UseReceipt) == 0


def test_a_signed_paper_comes_as_pdf_and_is_shown_as_a_picture_that_can_be_turned(desk, kpm, caseworker):
    given = make_grant(kpm, handed_over=True)
    address = f"/dinsos/uep/{given.id}/pindaian"

    assert desk.post(address, data={"foto": (io.BytesIO(paper_pdf()), "bast.pdf")}).status_code == 303
    upright = Image.open(io.BytesIO(desk.get(address).data))
    before = private_names()
    assert desk.post(f"{address}/putar").location.endswith(f"/dinsos/uep/{given.id}#bast")
    lying = Image.open(io.BytesIO(desk.get(address).data))
    jobs.run_due()

    assert (upright.format, upright.size, lying.size) == ("JPEG", (1080, 1528), (1528, 1080))
    assert len(private_names()) == len(before)
    assert db.session.scalars(select(Bast.scan)).one() in private_names() - before


def test_a_better_scan_takes_the_place_of_the_one_before_and_its_file(desk, kpm):
    given = make_grant(kpm, handed_over=True)
    address = f"/dinsos/uep/{given.id}/pindaian"
    desk.post(address, data={"foto": photo()})
    first = db.session.scalars(select(Bast.scan)).one()

    desk.post(address, data={"foto": photo()})
    jobs.run_due()

    assert first not in private_names()
    assert db.session.scalars(select(Bast.scan)).one() in private_names()


@pytest.mark.parametrize("sent", [b"%PDF-1.7 nota", b"%PDF-1.7\n" + b"[" * 90_000])
def test_a_hostile_pdf_is_a_sentence_beside_the_field(desk, kpm, sent):
    given = make_grant(kpm, handed_over=True)
    before = private_names()

    answer = desk.post(f"/dinsos/uep/{given.id}/pindaian", data={"foto": (io.BytesIO(sent), "bast.pdf")})

    assert answer.status_code == 422
    assert "PDF ini tidak bisa dibaca" in answer.text
    assert private_names() == before


def test_a_receipt_is_turned_by_whoever_may_enter_one_and_says_what_it_said(client, desk, kpm, app):
    given = make_grant(kpm)
    receipt = {"kunci": "n", "barang": "Tepung", "nilai": "50rb", "tanggal": day(), "foto": photo()}
    desk.post(f"/dinsos/uep/{given.id}/nota", data=receipt)
    kept = db.session.scalars(select(UseReceipt)).one()
    address = f"/dinsos/uep/nota/{kept.id}"

    assert desk.post(f"{address}/putar").status_code == 303
    assert Image.open(io.BytesIO(desk.get(address).data)).size == (300, 400)
    db.session.refresh(kept)
    assert (kept.what, kept.amount) == ("Tepung", Rupiah(50_000))
    sign_in(client, make_account("approver"))
    assert client.post(f"{address}/putar").status_code in {403, 404}
    sign_in(client, make_account("pendamping", areas=[OTHER_DESA]))
    assert client.post(f"{address}/putar").status_code == 404


def test_what_is_late_stands_on_the_list_from_the_day_it_is_late(desk, kpm):
    make_grant(kpm, granted_on=today("Asia/Jakarta"), due_report_on=today("Asia/Jakarta") + timedelta(days=30))
    assert "Tidak ada yang terlambat" in desk.get("/dinsos/uep?terlambat=1").text

    for passed, sentence in ((14, None), (15, "BAST terlambat 1 hari"), (31, "BAST terlambat 17 hari")):
        with time_machine.travel(now() + timedelta(days=passed), tick=False):
            sign_in(desk, make_account("caseworker"))
            page = desk.get("/dinsos/uep?terlambat=1").text
        assert (sentence or "Tidak ada yang terlambat") in page


def test_a_use_report_is_late_from_the_day_after_it_is_due_unless_it_came(desk, kpm):
    due = today("Asia/Jakarta") + timedelta(days=20)
    given = make_grant(kpm, handed_over=True, form="cash", due_report_on=due)
    make_proved(make_kpm(name="Ibu Tepat"), due_report_on=due)  # what is reported is never late

    for passed, owed in ((20, 0), (21, 1), (90, 70)):
        with time_machine.travel(now() + timedelta(days=passed), tick=False):
            officer = make_account("caseworker")
            sign_in(desk, officer)
            page, local = desk.get("/dinsos/uep?terlambat=1").text, today("Asia/Jakarta")
            late = [each.id for each in queries.list_grants(scope=officer, late_on=local)]
            counted = queries.count_late(local, scope=officer)
        assert (late, counted) == ([given.id] if owed else [], bool(owed))
        assert (f"Laporan terlambat {owed} hari" if owed else "Tidak ada yang terlambat") in page
        assert "Ibu Tepat" not in page


def test_a_stale_page_hands_nothing_over_twice(desk, kpm):
    given = make_grant(kpm)
    bast = {
        "versi": given.version, "nomor": "1", "tanggal": day(), "tempat": "Desa", "petugas": "A", "jabatan": "B",
        "saksi": "C dan D",
    }  # fmt: skip
    address = f"/dinsos/uep/{given.id}/serah-terima"
    assert desk.post(address, data=bast | {"versi": given.version + 5}).status_code == 409
    assert desk.post(address, data=bast).status_code == 303
    assert desk.post(address, data=bast).status_code == 409
    assert count(Bast) == 1


def test_sums_by_kind_place_fund_and_year_equal_the_rows_on_the_page_and_in_the_workbook(desk, app):
    make_grant(make_kpm(), value=Rupiah(1_000_000), form="cash", fund="state", year=2025)
    make_grant(make_kpm(), value=Rupiah(500_000), form="cash", fund="state", year=2026)
    make_grant(make_kpm(desa_code="36.01.01.2001"), value=Rupiah(9_000_000), form="cash", year=2026)

    page = desk.get("/dinsos/uep/rekap").text
    assert "Rp1.500.000" in page
    assert "Rp9.000.000" not in page
    assert "Rp500.000" in desk.get("/dinsos/uep/rekap?tahun=2026").text
    book = CalamineWorkbook.from_filelike(io.BytesIO(desk.get("/dinsos/uep/rekap.xlsx").data))
    (row,) = book.get_sheet_by_name("Sumber dana").to_python()[1:]
    assert row[:3] == ["APBN", 2.0, 1_500_000.0]


def test_aid_is_reported_by_type_of_business_kecamatan_and_year_as_the_rows_say(desk, app):
    """Each table on the page and each sheet of the workbook, row by row, the whole and one year of it."""
    make_grant(make_kpm(), kind="kue-basah", value=Rupiah(1_000_000), form="cash", year=2025)
    make_grant(make_kpm(), kind="kue-basah", value=Rupiah(500_000), form="cash", year=2026, handed_over=True)
    make_proved(make_kpm(desa_code=OTHER_DESA), kind="warung-kelontong", value=Rupiah(300_000), form="cash", year=2026)
    make_grant(make_kpm(desa_code="36.01.01.2001"), kind="kue-basah", value=Rupiah(9_000_000), form="cash", year=2026)
    types = {each.slug: each.name for each in list_business_types()}
    cakes, stall = types["kue-basah"], types["warung-kelontong"]
    whole = {
        "Jenis usaha": [[cakes, 2, 1_500_000, 1, 0], [stall, 1, 300_000, 1, 1]],
        "Kecamatan": [["Ciomas", 2, 1_500_000, 1, 0], ["Pontang", 1, 300_000, 1, 1]],
        "Tahun": [["2026", 2, 800_000, 2, 1], ["2025", 1, 1_000_000, 0, 0]],
    }
    of_2026 = {
        "Jenis usaha": [[cakes, 1, 500_000, 1, 0], [stall, 1, 300_000, 1, 1]],
        "Kecamatan": [["Pontang", 1, 300_000, 1, 1], ["Ciomas", 1, 500_000, 1, 0]],
    }

    for asked, told in (("", whole), ("?tahun=2026", of_2026)):
        page = desk.get(f"/dinsos/uep/rekap{asked}").text
        book = CalamineWorkbook.from_filelike(io.BytesIO(desk.get(f"/dinsos/uep/rekap.xlsx{asked}").data))
        assert {name: cells_of(page, name) for name in told} == {
            name: [[row[0], str(row[1]), str(Rupiah(row[2])), *map(str, row[3:])] for row in rows]
            for name, rows in told.items()
        }
        assert {name: book.get_sheet_by_name(name).to_python()[1:] for name in told} == told
    assert "Menurut tahun" not in desk.get("/dinsos/uep/rekap?tahun=2026").text
    assert "Belum ada bantuan tercatat" in desk.get("/dinsos/uep/rekap?tahun=2019").text


def cells_of(page, head):
    """The rows of the table whose first column has this head, as they are read."""
    table = next(each for each in page.split("<table")[1:] if re.search(rf"<th[^>]*>\s*{head}\s*</th>", each))
    rows = table.partition("<tbody")[2].partition("</table>")[0].split("<tr>")[1:]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]


def test_a_pendamping_meets_only_her_villages(client, app, pendamping):
    mine, other = make_grant(make_kpm()), make_grant(make_kpm(desa_code=OTHER_DESA, name="Ibu Seberang"))
    sign_in(client, pendamping)

    assert client.get(f"/dinsos/uep/{mine.id}").status_code == 200
    assert client.get(f"/dinsos/uep/{other.id}").status_code == 404
    assert "Ibu Seberang" not in client.get("/dinsos/uep").text
    assert client.get("/dinsos/uep/rekap").status_code == 403
    assert client.post(f"/dinsos/uep/{mine.id}/pindaian", data={"foto": photo()}).status_code == 404


def test_a_queue_that_stops_says_so(desk, monkeypatch):
    monkeypatch.setattr(queries, "MOST_WAITING", 2)
    for name in ("Ibu Satu", "Ibu Dua"):
        make_proposal(make_kpm(name=name))
    assert "menyusul" not in desk.get("/dinsos/uep").text
    make_proposal(make_kpm(name="Ibu Tiga"))

    page = desk.get("/dinsos/uep").text

    assert "Tampil 2 terlama; sisanya menyusul." in page
    assert "Ibu Dua" in page
    assert "Ibu Tiga" not in page


def race(app, *acts):
    """Run each act in a thread and a context of its own; return what each raised, or None."""
    gate, raised = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        with app.app_context():
            try:
                gate.wait()
                with transaction():
                    act()
            except Exception as problem:
                raised[place] = problem
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def grant_now(proposal_id, fund, by):
    operations.grant(
        queries.get_proposal(proposal_id),
        fund=fund,
        form="cash",
        value=Rupiah(1_000_000),
        granted_on=date(2026, 1, 5),
        due_report_on=date(2026, 4, 5),
        by=by,
    )


def two_at_once(app, kpm, caseworker):
    asked = [make_verified(kpm, year=2026).id for _each in range(2)]
    acts = [lambda n=n, f=f: grant_now(n, f, caseworker) for n, f in zip(asked, ("state", "province"), strict=True)]
    return race(app, *acts)


@pytest.mark.race
def test_two_funds_at_once_give_one_grant(app, kpm, caseworker):
    raised = two_at_once(app, kpm, caseworker)

    assert [type(each) for each in raised if each] == [AnotherFund]
    assert count(AidGrant) == 1


@pytest.mark.race
def test_without_the_lock_two_funds_get_through(app, kpm, caseworker, monkeypatch):
    if db.engine.dialect.name == "sqlite":
        return  # its writers queue at BEGIN IMMEDIATE already; the lock is for the other engine
    both = threading.Barrier(2)
    funds_of = queries.funds_of

    def meet(kpm_id):
        found = funds_of(kpm_id)
        both.wait(timeout=20)
        return found

    monkeypatch.setattr(operations, "lock", lambda table, number: None)
    monkeypatch.setattr(operations.queries, "funds_of", meet)

    assert two_at_once(app, kpm, caseworker) == [None, None]
    assert count(AidGrant) == 2


def test_a_proposal_of_nobody_is_not_granted_by_the_operation_either(app, kpm, caseworker):
    proposal = make_proposal(kpm)

    with pytest.raises(NotVerified), transaction():
        grant_now(proposal.id, "state", caseworker)


def test_the_page_of_a_grant_has_no_number_of_the_family(desk, kpm):
    given = make_grant(kpm, handed_over=True)

    for address in (f"/dinsos/uep/{given.id}", f"/dinsos/uep/{given.id}/bast", "/dinsos/uep"):
        assert re.search(r"\b\d{16}\b", desk.get(address).text) is None


def test_whoever_reads_a_family_on_a_page_of_aid_stands_in_its_list_of_looks(desk, caseworker):
    handed, wished = make_grant(make_kpm(), handed_over=True), make_proposal(make_kpm())
    pages = {f"/dinsos/uep/{handed.id}/bast": handed.kpm_id, f"/dinsos/uep/usulan/{wished.id}": wished.kpm_id}

    for address, kpm_id in pages.items():
        assert desk.get(address).status_code == 200
        assert [look.actor_id for look in list_looks(kpm_id)] == [caseworker.id]


def test_another_language_and_other_looks_come_back_to_the_very_proposal(desk, pendamping, kpm):
    proposal = make_proposal(kpm, by=pendamping)
    page = desk.get(f"/dinsos/uep/usulan/{proposal.id}").text

    assert '<a href="?bahasa=en"' in page
    assert f'name="kembali" value="/dinsos/uep/usulan/{proposal.id}"' in page

"""Families on the screen: found without an address that tells, opened with a purpose, uploaded and looked at first."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from app.core import sheets
from app.core.audit import AuditEntry
from app.core.clock import now, today
from app.core.db import db
from app.core.sheets import Sheet, write_csv, write_xlsx
from app.kit.rupiah import Rupiah
from app.people.families import lists, operations, queries, words
from app.people.families.models import AccessLog, FamilyConsent, ImportBatch, Kpm
from tests.factories.families import kk_number, make_enrollment, make_kpm, make_list, nik_number
from tests.factories.people import DESA, OTHER_DESA, make_account, sign_in
from tests.support.pages import words_of

HEADS = [heads[0] for heads in lists.COLUMNS.values()]


@pytest.fixture
def officer(client):
    """A caseworker, signed in."""
    account = make_account("caseworker")
    sign_in(client, account)
    return account


def upload(client, data, name="daftar.csv"):
    return client.post("/dinsos/keluarga/impor", data={"berkas": (io.BytesIO(data), name)})


def listed(**cells):
    told = {"nik": nik_number()[:-1] + "1", "name": "Ibu Daftar", "desa": DESA, "size": "4"} | cells
    return [told.get(column, "") for column in lists.COLUMNS]


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


@pytest.mark.parametrize("number", ["nik", "kk", "pseudonym"])
def test_a_family_is_found_by_a_number_that_stands_in_no_address(client, officer, number):
    kpm = make_kpm(officer, kk=kk_number())
    typed = kpm.pseudonym if number == "pseudonym" else queries.open_field(kpm.identity, number)

    answer = client.post("/dinsos/keluarga/cari", data={"nomor": typed})

    assert (answer.status_code, answer.location) == (303, f"/dinsos/keluarga/{kpm.id}")


def test_a_family_of_another_region_is_not_found(client, officer):
    kpm = make_kpm(desa_code="36.01.01.2001")

    answer = client.post("/dinsos/keluarga/cari", data={"nomor": queries.open_field(kpm.identity, "nik")})
    answer = client.get(answer.location)

    assert "Tidak ada keluarga dengan nomor itu" in answer.text


def test_the_page_masks_numbers_and_writes_the_look_down(client, officer):
    kpm = make_kpm(officer, nik="3604274101800000", name="Ibu Sarinah", phone="+6281290007001")
    make_enrollment(kpm, "pkh", officer)

    page = client.get(f"/dinsos/keluarga/{kpm.id}")

    assert "Ibu Sarinah" in page.text
    assert "3604**********00" in page.text
    assert "3604274101800000" not in page.text
    assert page.headers["Cache-Control"].startswith("no-store")
    assert [(look.actor_id, look.what) for look in queries.list_looks(kpm.id)] == [(officer.id, "page")]


def test_a_family_card_is_masked_and_opened_for_a_purpose_like_a_nik(client, officer):
    kpm = make_kpm(officer, kk="3604270101199999")
    closed = client.get(f"/dinsos/keluarga/{kpm.id}").text

    opened = client.post(f"/dinsos/keluarga/{kpm.id}/buka", data={"bagian": "kk", "keperluan": "verify"}).text
    again = client.get(f"/dinsos/keluarga/{kpm.id}").text

    assert "3604**********99" in closed
    assert "3604270101199999" not in closed + again
    assert "3604270101199999" in opened
    assert [(look.what, look.purpose) for look in queries.list_looks(kpm.id) if look.what != "page"] == [
        ("kk", "verify")
    ]
    assert "Membuka nomor KK" in again


def listed_by(account):
    """Return (page, families) of every list of families that somebody saw."""
    query = select(AuditEntry).where(AuditEntry.action == "kpm.listed", AuditEntry.actor_id == account.id)
    return [(entry.subject, entry.facts["families"]) for entry in db.session.scalars(query.order_by(AuditEntry.id))]


def test_a_list_of_families_is_a_look_too(client, officer):
    one, other = make_kpm(officer), make_kpm(officer)

    client.get("/dinsos/keluarga")
    client.get("/dinsos/keluarga?program=uep")  # shows nobody

    assert listed_by(officer) == [("page:/dinsos/keluarga", 2)]
    assert queries.list_looks(one.id) == queries.list_looks(other.id) == []


@pytest.mark.parametrize("page", ["ubah", "program", "desil", "persetujuan", "perkembangan", "usaha"])
def test_every_page_that_names_a_family_writes_the_look_down_once_a_day(client, officer, page):
    kpm = make_kpm(officer)

    for _again in range(2):
        assert client.get(f"/dinsos/keluarga/{kpm.id}/{page}").status_code == 200

    assert [(look.actor_id, look.what) for look in queries.list_looks(kpm.id)] == [(officer.id, "page")]
    assert listed_by(officer) == []


def test_finding_a_family_that_is_not_shown_is_no_look(client, officer):
    kpm = make_kpm(officer)

    client.post("/dinsos/keluarga/cari", data={"nomor": kpm.pseudonym})

    assert queries.list_looks(kpm.id) == []


def test_what_cannot_be_written_down_is_not_shown(client, officer, monkeypatch):
    make_kpm(officer, name="Ibu Sarinah")
    make_kpm(officer)

    def broken(*_args, **_rest):
        raise RuntimeError("no")

    monkeypatch.setattr(operations, "note_list", broken)
    monkeypatch.setitem(client.application.config, "TESTING", False)  # as on a server, where nothing flies past

    answer = client.get("/dinsos/keluarga")

    assert answer.status_code == 500
    assert "Ibu Sarinah" not in answer.text


def test_a_number_is_shown_once_for_a_purpose_and_the_family_can_see_that(client, officer):
    kpm = make_kpm(officer, nik="3604274101800000")

    opened = client.post(f"/dinsos/keluarga/{kpm.id}/buka", data={"bagian": "nik", "keperluan": "aid"})
    again = client.get(f"/dinsos/keluarga/{kpm.id}")

    assert (opened.status_code, "3604274101800000" in opened.text) == (200, True)
    assert opened.headers["Cache-Control"].startswith("no-store")
    assert "3604274101800000" not in again.text
    assert "Membuka NIK" in again.text
    assert "Menyalurkan bantuan" in again.text


@pytest.mark.parametrize("typed", [{}, {"keperluan": ""}, {"keperluan": "iseng"}, {"keperluan": "other"}])
def test_without_a_purpose_no_number_is_shown(client, officer, typed):
    kpm = make_kpm(officer, nik="3604274101800000")

    answer = client.post(f"/dinsos/keluarga/{kpm.id}/buka", data={"bagian": "nik"} | typed)

    assert (answer.status_code, "3604274101800000" in answer.text) == (400, False)
    assert db.session.scalars(select(AccessLog).where(AccessLog.what != "page")).all() == []


def test_another_purpose_is_written_out(client, officer):
    kpm = make_kpm(officer)

    client.post(
        f"/dinsos/keluarga/{kpm.id}/buka", data={"bagian": "nik", "keperluan": "other", "catatan": "rapat desa"}
    )

    assert [each.purpose for each in queries.list_looks(kpm.id) if each.what == "nik"] == ["other:rapat desa"]


def test_a_family_is_written_down_by_hand_and_corrected(client, officer):
    told = {"nik": "3604 2741 0180 0001", "nama": "Ibu Baru", "desa": DESA, "anggota": "4", "kepala": "f"}
    made = client.post("/dinsos/keluarga/baru", data=told)
    assert made.status_code == 303
    kpm = queries.page_of_kpm(officer)[0][0]

    changed = client.post(
        f"/dinsos/keluarga/{kpm.id}/ubah",
        data={"versi": "1", "nama": "Ibu Baru", "desa": OTHER_DESA, "anggota": "5", "telepon": "0812 9000 7001"},
    )

    assert changed.status_code == 303
    after = queries.get_kpm(kpm.id)
    assert (after.desa_code, after.size, queries.person_of(after).phone) == (OTHER_DESA, 5, "+6281290007001")
    assert queries.open_field(after.identity, "nik") == "3604274101800001"


def test_a_stale_form_is_shown_beside_what_was_saved(client, officer):
    kpm = make_kpm(officer, name="Ibu Sarinah")
    told = {"versi": "1", "nama": "Ibu Sarinem", "desa": DESA, "anggota": "4"}
    client.post(f"/dinsos/keluarga/{kpm.id}/ubah", data=told)

    late = client.post(f"/dinsos/keluarga/{kpm.id}/ubah", data=told | {"nama": "Ibu Telat"})

    assert late.status_code == 409
    assert "Ibu Sarinem" in late.text
    assert 'value="Ibu Telat"' in late.text
    assert queries.name_of(queries.get_kpm(kpm.id)) == "Ibu Sarinem"


@pytest.mark.parametrize(
    ("nik", "odd"),
    [("3604274101800001", ""), ("3604014101800001", "kode wilayahnya lama"), ("9999994101800001", "tidak dikenal"),
     ("3604274101800000", "nomor urutnya 0000")],
)  # fmt: skip
def test_an_odd_nik_is_taken_and_said_to_be_worth_a_look(client, officer, nik, odd):
    told = {"nik": nik, "nama": "Ibu Baru", "desa": DESA, "anggota": "4"}

    made = client.post("/dinsos/keluarga/baru", data=told)
    page = client.get(made.location).text

    assert (made.status_code, count(Kpm)) == (303, 1)
    warned = re.findall(r"NIK: [^<]+", page)
    assert (len(warned), odd in "".join(warned)) == (1 if odd else 0, True)


@pytest.mark.parametrize("nik", ["", "123", "3604273213800001", "abc", "1" * 17])
def test_a_wrong_nik_is_refused_beside_its_field(client, officer, nik):
    answer = client.post("/dinsos/keluarga/baru", data={"nik": nik, "nama": "Ibu", "desa": DESA, "anggota": "4"})

    assert (answer.status_code, count(Kpm)) == (200, 0)
    assert 'id="nik-error-1"' in answer.text


def test_a_nik_of_another_family_is_refused_beside_its_field(client, officer):
    make_kpm(officer, nik=(nik := nik_number()))

    answer = client.post("/dinsos/keluarga/baru", data={"nik": nik, "nama": "Ibu", "desa": DESA, "anggota": "4"})

    assert answer.status_code == 409
    assert "NIK ini sudah tercatat pada keluarga lain." in answer.text


def test_programmes_and_deciles_are_written_down(client, officer):
    kpm = make_kpm(officer)

    client.post(
        f"/dinsos/keluarga/{kpm.id}/program", data={"program": "pkh", "mulai": "2021-03-01", "bantuan": "250rb"}
    )
    client.post(f"/dinsos/keluarga/{kpm.id}/desil", data={"desil": "2", "tanggal": "2026-09-01"})
    again = client.post(f"/dinsos/keluarga/{kpm.id}/program", data={"program": "pkh", "mulai": "2022-03-01"})

    page = client.get(f"/dinsos/keluarga/{kpm.id}").text
    assert "1 Maret 2021" in page
    assert "Rp250.000 sebulan" in page
    assert "Desil 2" in page
    assert again.status_code == 409


def test_a_time_in_a_programme_is_corrected_and_a_stale_form_is_shown_beside_what_was_saved(client, officer):
    row = make_enrollment(make_kpm(officer), "pkh", officer, monthly_aid=Rupiah(250_000))
    address = f"/dinsos/keluarga/program/{row.id}"
    shown = client.get(address).text
    assert f'href="{address}"' in client.get(f"/dinsos/keluarga/{row.kpm_id}").text
    assert 'value="2021-03-01"' in shown
    assert 'value="250.000"' in shown
    told = {"versi": "1", "program": "pkh", "mulai": "2021-03-01", "bantuan": "250.000", "selesai": "", "cara": ""}

    saved = client.post(address, data=told | {"selesai": "2024-05-31", "cara": "natural"})
    late = client.post(address, data=told | {"bantuan": "300.000"})
    again = client.post(address, data=told | {"bantuan": "300.000", "versi": "2"})

    assert (saved.status_code, late.status_code, again.status_code) == (303, 409, 303)
    assert "31 Mei 2024" in late.text
    assert "Graduasi alamiah" in late.text
    assert 'name="versi" type="hidden" value="2"' in late.text
    assert 'value="300.000"' in late.text
    db.session.refresh(row)
    assert (row.ended_on, row.monthly_aid, row.version) == (None, Rupiah(300_000), 3)


def test_another_region_s_time_in_a_programme_is_not_there(client, officer):
    row = make_enrollment(make_kpm(desa_code="36.01.01.2001"), "pkh")

    assert client.get(f"/dinsos/keluarga/program/{row.id}").status_code == 404
    assert client.post(f"/dinsos/keluarga/program/{row.id}", data={}).status_code == 404


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("program", {"program": "pkh", "mulai": "2999-01-01"}),
        ("program", {"program": "pkh", "mulai": "2021-01-01", "selesai": "2020-01-01"}),
        ("program", {"program": "kube", "mulai": "2021-01-01"}),
        ("program", {"program": "pkh", "mulai": "2021-01-01", "cara": "natural"}),
        ("desil", {"desil": "11", "tanggal": "2026-09-01"}),
        ("desil", {"desil": "2", "tanggal": "2999-09-01"}),
        ("persetujuan", {"untuk": "marketplace"}),
        ("persetujuan", {"untuk": "marketplace", "cara": "spoken"}),
        ("persetujuan", {"untuk": "semua", "cara": "paper"}),
        ("persetujuan", {"untuk": "marketplace", "cara": "paper", "sampai": "2020-01-01"}),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(client, officer, path, data):
    kpm = make_kpm(officer)

    answer = client.post(f"/dinsos/keluarga/{kpm.id}/{path}", data=data)

    assert "Ada yang perlu diperbaiki" in answer.text
    assert queries.list_enrollments(kpm.id) == queries.list_desil(kpm.id) == queries.list_consents(kpm.id) == []


def test_a_pendamping_writes_down_what_her_families_agree_to_and_takes_it_back(client):
    pendamping = make_account("pendamping", areas=[DESA])
    sign_in(client, pendamping)
    kpm = make_kpm(desa_code=DESA)

    given = {"untuk": "graduation_monitoring", "cara": "spoken", "saksi": "Pak RT"}
    client.post(f"/dinsos/keluarga/{kpm.id}/persetujuan", data=given)
    consent = db.session.scalars(select(FamilyConsent)).one()
    assert (consent.recorded_by_id, consent.method, consent.withdrawn_at) == (pendamping.id, "spoken", None)
    client.post(f"/dinsos/keluarga/{kpm.id}/persetujuan/cabut", data={"untuk": "graduation_monitoring"})

    db.session.expire_all()
    assert db.session.scalars(select(FamilyConsent)).one().withdrawn_at is not None
    assert client.post(f"/dinsos/keluarga/{kpm.id}/persetujuan/cabut", data={"untuk": "x"}).status_code == 400


@pytest.mark.parametrize("purpose", words.CONSENTS)
def test_a_family_agrees_to_one_purpose_and_to_no_other(client, officer, purpose):
    kpm, address = make_kpm(officer), "persetujuan"
    page = client.get(f"/dinsos/keluarga/{kpm.id}/{address}").text
    client.post(f"/dinsos/keluarga/{kpm.id}/{address}", data={"untuk": purpose, "cara": "paper"})
    given = set(queries.standing_consents(kpm, now()))
    shown = client.get(f"/dinsos/keluarga/{kpm.id}").text

    client.post(f"/dinsos/keluarga/{kpm.id}/{address}/cabut", data={"untuk": purpose})

    assert all(str(said) in page for pair in words.CONSENTS.values() for said in pair)
    assert given == {purpose}
    assert shown.count(">Setuju<") == 1
    assert queries.standing_consents(kpm, now()) == {}


def test_a_list_is_uploaded_looked_at_and_saved(client, officer):
    looked = upload(client, write_xlsx([Sheet("Daftar", HEADS, [listed(), listed()])]), "daftar.xlsx")
    page = client.get(looked.location).text
    assert "Simpan semua" in page

    client.post(f"{looked.location}/simpan")
    client.post(f"{looked.location}/simpan")

    assert count(Kpm) == 2
    assert "sudah tersimpan" in client.get(looked.location).text


def test_wrong_lines_are_named_and_nothing_can_be_saved(client, officer):
    looked = upload(client, write_csv(HEADS, [listed(), listed(nik="3,6E+15", name="Ibu Bulat")]))
    page = client.get(looked.location).text

    assert "Simpan semua" not in page
    assert re.search(r"Ibu Bulat.*dibulatkan oleh lembar kerja", page, re.S)
    told = client.post(f"{looked.location}/simpan")
    assert "Masih ada baris yang salah" in client.get(told.location).text
    assert count(Kpm) == 0


def marked(page):
    """What a preview says of each line that it shows, by its number."""
    rows = re.findall(r'data-label="Baris">(\d+)<(.*?)</tr>', page, re.S)
    return {int(number): words_of(f"<{rest}") for number, rest in rows}


def test_wrong_lines_stand_before_those_worth_a_look_and_every_one_can_be_reached(client, officer):
    older = [listed(nik=f"999999{nik_number()[6:-1]}1") for _number in range(60)]
    wrong = [listed(nik="123", name=f"Ibu Salah {number}") for number in range(52)]
    looked = upload(client, write_csv(HEADS, [*older, *wrong])).location

    first, later = client.get(looked).text, client.get(f"{looked}?lihat=1").text
    pages = {**marked(first), **marked(client.get(f"{looked}{next_of(first)}").text)}
    others = {**marked(later), **marked(client.get(f"{looked}{next_of(later)}").text)}

    assert set(pages) == set(range(62, 114))
    assert all("NIK: harus 16 angka" in said for said in pages.values())
    assert set(others) == set(range(2, 62))
    assert all("kode wilayahnya lama" in said for said in others.values())
    assert "Perbaiki 52 baris" in first


def next_of(page):
    """The link to what follows on a list."""
    return re.search(r'href="(\?setelah=[^"]+)" rel="next"', page)[1].replace("&amp;", "&")


def workbook(rows):
    """A workbook as an office keeps it: each row is written by itself."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADS)
    for number, row in enumerate(rows, 1):
        row(sheet, number, book)
    book.close()
    return out.getvalue()


def row_of(**cells):
    """A good row, but for the cells that are written otherwise: a value, or who writes it."""

    def write(sheet, number, book):
        for at, (column, cell) in enumerate(zip(lists.COLUMNS, listed(), strict=True)):
            given = cells.get(column, cell)
            if callable(given):
                given(sheet, number, at, book)
            elif given != "":
                sheet.write(number, at, given)

    return write


def test_a_workbook_as_offices_keep_it_is_read_cell_by_cell_and_each_fault_named(client, officer):
    def dated(sheet, row, at, book):
        day = today("Asia/Jakarta") + timedelta(days=2)
        sheet.write_datetime(row, at, day, book.add_format({"num_format": "d/m/yy"}))

    twice = nik_number()[:-1] + "1"
    rows = [
        row_of(size=4, phone=81290007001, desil=2, desil_as_of=date(2026, 9, 1).isoformat()),
        row_of(nik="3604 2741 0180 0001"),
        row_of(nik=3604274101800001),
        row_of(nik=lambda sheet, row, at, _book: sheet.write_formula(row, at, "=A2+1", None, 1)),
        row_of(name=lambda sheet, row, at, _book: sheet.merge_range(row, at, row, at + 1, "Ibu")),
        row_of(program="PKH", started_on=dated),
        row_of(nik="360427410180000"),
        row_of(nik="3604273213800001"),
        row_of(nik=twice),
        row_of(nik=twice),
        row_of(kk=3604270101199999),
    ]

    looked = upload(client, workbook(rows), "daftar.xlsx")

    said = marked(client.get(looked.location).text)
    for line, reason in {
        4: "NIK: dibulatkan oleh lembar kerja", 5: "NIK: berisi rumus", 6: "Nama: sel digabung",
        7: "Mulai: tanggalnya belum terjadi", 8: "NIK: harus 16 angka", 9: "NIK: tanggal lahir",
        10: "NIK: sama dengan baris 11", 11: "NIK: sama dengan baris 10", 12: "Nomor KK: dibulatkan",
    }.items():  # fmt: skip
        assert reason in said[line], line
    assert set(said) == set(range(4, 13))
    assert count(Kpm) == 0


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Pilih dulu filenya."), (b"%PDF-1.7 \x00", "bukan tabel"), (b"PK\x03\x04rusak", "bukan tabel"),
        (b"apa;saja\n1;2\n", "Judul kolomnya tidak ditemukan"),
        (b"NIK;Nama\n1;2\n", "Kolom ini belum ada: Desa, Jumlah anggota."),
        (b"NIK;Nama;Desa;Jumlah anggota\n" + b"1;a;b;1\n" * (sheets.MOST_ROWS + 1), "Barisnya terlalu banyak"),
    ],
    ids=["nothing", "pdf", "broken", "no heads", "missing heads", "too long"],
)  # fmt: skip
def test_a_file_that_is_no_list_is_refused_in_one_sentence(client, officer, data, sentence):
    answer = upload(client, data)

    assert 400 <= answer.status_code < 500
    assert sentence in answer.text
    assert count(ImportBatch) == 0


def test_the_example_is_a_list_that_can_be_read(client, officer):
    answer = client.get("/dinsos/keluarga/impor/contoh.xlsx")

    first = next(iter(sheets.read_rows(answer.data)))[1]
    assert set(lists.find_heads(first)) == set(lists.COLUMNS)
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    told = book.get_sheet_by_name("Petunjuk").to_python()[1:]
    assert [row[0] for row in told] == HEADS
    assert all(row[1] for row in told)
    assert "/dinsos/keluarga/impor/contoh.xlsx" in client.get("/dinsos/keluarga/impor").text


def test_a_list_of_another_region_is_not_there(client, officer):
    far = make_list(make_account("caseworker", region_code="36.01"), desa="36.01.01.2001")

    assert client.get(f"/dinsos/keluarga/impor/{far.id}").status_code == 404
    assert client.post(f"/dinsos/keluarga/impor/{far.id}/simpan").status_code == 404

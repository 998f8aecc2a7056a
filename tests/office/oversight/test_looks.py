"""Who looked at which family: the steward reads it by our number alone, within the region, and takes it along."""

from __future__ import annotations

import csv
import io

import pytest

from app.core import jobs
from app.core.db import transaction
from app.office.oversight import queries
from app.people.families import operations as families
from tests.factories.families import make_kpm
from tests.factories.people import make_account, sign_in


@pytest.fixture
def desk(client):
    sign_in(client, make_account("steward"))
    return client


def look(kpm, by, what="nik", purpose="verify"):
    with transaction():
        families.note_look(kpm, what, purpose, by=by)


def test_a_look_is_found_by_family_person_and_day_and_no_name_of_a_family_stands_there(desk):
    one, other = make_kpm(name="Keluarga Satu"), make_kpm(name="Keluarga Dua")
    deden, siti = make_account("pendamping", name="Pak Deden"), make_account("caseworker", name="Bu Siti")
    look(one, deden)
    look(other, siti, "kk", "other:surat desa")

    page = desk.get("/dinsos/akses").text
    for word in ("Pak Deden", "Bu Siti", one.pseudonym, other.pseudonym, "Membuka NIK", "Keperluan lain: surat desa"):
        assert word in page, word
    assert "Keluarga Satu" not in page
    for narrow in (f"siapa={deden.id}", f"keluarga={one.pseudonym.lower()}"):
        kept = desk.get(f"/dinsos/akses?{narrow}").text
        assert "Pak Deden" in kept
        assert "Bu Siti" not in kept
    assert "Tidak ada catatan yang cocok" in desk.get("/dinsos/akses?dari=2020-01-01&sampai=2020-01-02").text
    assert desk.get("/dinsos/akses?dari=kemarin&siapa=x&setelah=-1&keluarga=%25").status_code == 200


def test_looks_at_families_of_another_kabupaten_are_not_hers(desk):
    far = make_kpm(desa_code="36.01.01.2001")
    look(far, make_account("caseworker", region_code="36.01", name="Petugas Jauh"))

    assert "Petugas Jauh" not in desk.get("/dinsos/akses").text


def test_pages_follow_each_other_without_a_gap(desk, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    kpm, actor = make_kpm(), make_account("caseworker")
    for number in range(5):
        look(kpm, actor, purpose=f"other:nomor {number}")

    seen, address = [], "/dinsos/akses"
    while address:
        page = desk.get(address).text
        seen += [number for number in range(5) if f"nomor {number}" in page]
        more = page.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0] if 'rel="next"' in page else ""
        address = more.replace("&amp;", "&")

    assert seen == [3, 4, 1, 2, 0]


def test_the_export_holds_what_was_asked_for(desk):
    kpm = make_kpm(name="Keluarga Satu")
    look(kpm, make_account("caseworker", name="=HYPERLINK(1)"))
    look(make_kpm(), make_account("caseworker", name="Bu Siti"))

    location = desk.post("/dinsos/akses/unduh", data={"keluarga": kpm.pseudonym}).location
    jobs.run_due()
    answer = desk.get(f"{location}/unduh")

    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert [row[4] for row in rows[1:]] == [kpm.pseudonym]
    assert rows[1][2] == "'=HYPERLINK(1)"
    assert b"Keluarga Satu" not in answer.data


@pytest.mark.parametrize("role", ["admin", "head", "caseworker", "seller"])
def test_nobody_else_reads_it(client, role):
    sign_in(client, make_account(role))

    assert client.get("/dinsos/akses").status_code == 403

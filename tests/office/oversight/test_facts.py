"""What stands beside an act: in words, whatever room wrote it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from app.core import audit
from app.core.db import transaction
from app.office.oversight import facts
from tests.factories.people import make_account, sign_in

APP = Path(__file__).resolve().parents[3] / "app"


def written(source):
    """Name the facts that the calls of `audit.record` in a text write down."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    ours = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "record"]
    return {word.arg for call in ours if ast.unparse(call.func) == "audit.record" for word in call.keywords if word.arg}


def wordless(root):
    found = {name for path in root.rglob("*.py") for name in written(path.read_text(encoding="utf-8"))}
    return sorted(found - set(facts.NAMES))


def test_every_fact_that_the_house_writes_down_has_a_word():
    assert wordless(APP) == []


def test_the_twin_with_a_fact_that_nobody_worded_is_named(tmp_path):
    (tmp_path / "room.py").write_text('audit.record(by, "shop.opened", shop, umbrella=1, kpm=2)\n', encoding="utf-8")

    assert wordless(tmp_path) == ["umbrella"]


@pytest.fixture
def shown(client, app):
    """Return the log after one act."""
    steward, officer = make_account("steward"), make_account("caseworker", name="Petugas Satu")

    def show(action, subject, **given):
        with transaction():
            audit.record(officer, action, subject, **given)
        sign_in(client, steward)
        return client.get("/dinsos/catatan").text

    return show


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "pirt"}, "Jenis: P-IRT"),
        ({"kind": "erase"}, "Jenis: Penghapusan data"),
        ({"kind": "appeal"}, "Jenis: Setelah keberatan"),
        ({"kind": "transfer"}, "Jenis: Transfer bank"),
        ({"kind": "photo"}, "Jenis: Fotonya punya orang lain"),
        ({"kind": "quarrel"}, "Jenis: Keributan atau keluhan"),
        ({"purpose": "graduation_monitoring"}, "Untuk: Pendampingan dengan catatan jualan"),
        ({"before": "steady", "outcome": "watch"}, "Sebelum: "),
        ({"fund": "state"}, "Sumber dana: APBN"),
        ({"role": "approver"}, "Tugas: Kepala seksi"),
        ({"shared": True}, "HP bersama: ya"),
        ({"was": 24, "becomes": 1000}, "Tadinya: 24"),
        ({"was": False, "becomes": True}, "Jadinya: ya"),
        ({"month": "2026-11"}, "Bulan: November 2026"),
        ({"until": "2026-12-05"}, "Sampai: Sabtu 5 Desember 2026"),
        ({"key": "clock.accept_hours"}, "Pengaturan: Penjual menjawab"),
        ({"sha256": "ab" * 32}, "Sidik: abababababab<"),
        ({"fields": ["nik", "phone"]}, "Bagian: nik, phone"),
        ({"stalls": [1, 2]}, "Jumlah lapak: 1, 2"),
    ],
)
def test_codes_are_shown_as_words(shown, given, said):
    page = shown("kpm.corrected", "kpm:7", **given)

    assert said in page
    assert "Keluarga 7" in page


def test_an_account_is_named_and_nobody_is_left_out(shown, app):
    seller = make_account(name="Bu Sari")

    page = shown("ekatalog.started", "ekatalog_submission:3", on_behalf_of=seller.id)
    assert "Atas nama: Bu Sari" in page
    assert "Pengajuan e-Katalog 3" in page
    assert (
        "Atas nama"
        not in shown("permit.entered", "permit:4", on_behalf_of=0).split("Surat izin 4")[1].split("</tr>")[0]
    )


def test_a_page_is_called_one_and_a_phone_that_is_none_is_not_told(shown):
    assert "Halaman /dinsos/uep" in shown("kpm.listed", "page:/dinsos/uep", families=2)

    page = shown("account.entered", "account:8", device=0)

    assert "HP: 0" not in page
    assert "HP: 3" in shown("account.entered", "account:8", device=3)


def test_what_no_room_worded_is_still_shown_and_harms_nothing(shown):
    page = shown("shop.opened", "mystery:5", wonder="<b>x</b>", until="kapan-kapan")

    assert "mystery:5" in page
    assert "wonder: &lt;b&gt;x&lt;/b&gt;" in page
    assert "Sampai: kapan-kapan" in page

"""Walk 1: a caseworker takes this year's list, mends it, saves it, opens a NIK for a purpose, and prints cards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from app.core.sheets import Sheet, write_csv, write_xlsx
from app.people.families import lists
from tests.factories.people import DESA, make_account
from tests.journeys import steps

pytestmark = pytest.mark.journey

HEADS = [heads[0] for heads in lists.COLUMNS.values()]
MANY = 1_000


@pytest.fixture
def lina(app):
    return make_account("caseworker", username="lina", name="Lina Marlina")


def line(number: int, **cells: str) -> list[str]:
    """One family of the list; a NIK of its own for each number."""
    born = date(1960, 1, 1) + timedelta(days=number * 7)
    told = {
        "nik": f"360427{born.day + 40:02d}{born:%m%y}0007", "name": f"Ibu Daftar {number}", "desa": DESA, "size": "4",
        "program": "PKH", "started_on": "1/3/2021", "phone": f"08129000{number:04d}", "wants_to_sell": "ya",
    }  # fmt: skip
    return [(told | cells).get(column, "") for column in lists.COLUMNS]


def upload(page: Page, name: str, data: bytes) -> None:
    page.goto("/dinsos/keluarga/impor")
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": data})
    steps.press(page, "Periksa daftar")
    steps.heading(page, "Periksa daftar")


def test_a_list_is_mended_saved_read_and_leads_to_cards(new_page, lina, eyes):
    desk = new_page(1280, 900)
    eyes.watch(desk)
    steps.let_in(desk, lina)
    rows = [line(number) for number in range(MANY)]
    wrong = [*rows[:3], line(3, nik="3,60427E+15"), *rows[4:]]

    upload(desk, "daftar.xlsx", write_xlsx([Sheet("Daftar", HEADS, wrong)]))
    eyes.look(desk, "1-daftar-salah")
    expect(desk.get_by_text("dibulatkan oleh lembar kerja")).to_be_visible()
    expect(desk.get_by_role("button", name="Simpan semua")).to_have_count(0)

    upload(desk, "daftar.csv", write_csv(HEADS, rows))
    eyes.look(desk, "1-daftar-benar")
    steps.press(desk, "Simpan semua")
    expect(desk.get_by_text("sudah tersimpan")).to_be_visible()
    upload(desk, "daftar.xlsx", write_xlsx([Sheet("Daftar", HEADS, rows)]))
    expect(desk.get_by_text("Tidak ada yang berubah")).to_be_visible()

    desk.goto("/dinsos/keluarga")
    eyes.look(desk, "1-keluarga")
    desk.get_by_label("NIK, nomor KK, atau nomor keluarga").fill(rows[0][0])
    steps.press(desk, "Cari")
    steps.heading(desk, "Ibu Daftar 0")
    assert rows[0][0] not in desk.content() + desk.url
    desk.get_by_text("Buka nomor lengkap").click()
    desk.get_by_label("Untuk apa").select_option("verify")
    steps.press(desk, "Buka NIK")
    expect(desk.get_by_text(rows[0][0])).to_be_visible()
    eyes.look(desk, "1-nik-terbuka")

    desk.goto("/dinsos/keluarga/akun-penjual")
    desk.locator("input[name=pilih]").nth(0).check()
    desk.locator("input[name=pilih]").nth(1).check()
    desk.get_by_label("Jenis usaha kalau belum tertulis").select_option("warung-kelontong")
    desk.get_by_label("Setiap keluarga yang dipilih").check()
    steps.press(desk, "Buat akun dan kartu")
    steps.heading(desk, "Kartu masuk penjual")
    expect(desk.locator(".login-card")).to_have_count(2)
    eyes.look(desk, "1-kartu")

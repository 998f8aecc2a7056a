"""Suggestions in a real browser: with the keyboard alone, with a tap, and the same search without a script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.factories import goods

pytestmark = pytest.mark.journey


@pytest.fixture
def market(app: object) -> None:
    shop = goods.make_shop(name="Lapak Uji")
    for name in ("Telur asin bebek", "Telur asin asap", "Telur puyuh"):
        goods.make_product(shop, name)


def test_the_keyboard_alone_chooses_a_suggestion(market: None, new_page: Callable[..., Page]) -> None:
    page = new_page(360, 640)
    page.goto("/produk")
    field = page.get_by_role("combobox", name="Cari")
    expect(field).to_have_attribute("aria-expanded", "false")

    field.press_sequentially("telor a")
    expect(page.get_by_role("option")).to_have_count(2)
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", "saran-0")
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()

    field.press_sequentially("s")
    expect(page.get_by_role("option")).to_have_count(2)
    field.press("ArrowUp")
    field.press("Enter")
    expect(page).to_have_url("/produk?q=telur+asap")
    expect(page.get_by_role("heading", level=1)).to_contain_text("telur asap")


def test_a_tap_chooses_too_and_without_a_script_the_field_just_searches(
    market: None, new_page: Callable[..., Page]
) -> None:
    page = new_page(360, 640)
    page.goto("/")
    page.get_by_role("combobox", name="Cari").press_sequentially("puy")
    page.get_by_role("option", name="puyuh").click()
    expect(page).to_have_url("/produk?q=puyuh")

    plain = new_page(360, 640, javascript=False)
    plain.goto("/")
    plain.get_by_label("Cari").first.fill("telur puyuh")
    plain.get_by_label("Cari").first.press("Enter")
    expect(plain).to_have_url("/produk?q=telur+puyuh")

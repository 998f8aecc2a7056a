"""Walk 8: a family's page, read figure by figure; a move by two people, an objection before a third, and her own no."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from app.growth.graduation import reckoning
from tests.factories.families import make_business, make_consent, make_kpm
from tests.factories.goods import make_product, make_shop
from tests.factories.growth import LONG_AGO, TODAY, make_case, make_decision, make_proposal, make_sale
from tests.factories.people import make_account
from tests.journeys import steps

pytestmark = pytest.mark.journey

REASON = "Dibicarakan di rumahnya bersama suaminya."
VIEW = "Kami ingin tetap ditemani dulu."
OBJECTION = "Penjualan saya tidak turun, bulan itu panen."
ANSWER = "Catatannya dibaca bersama, jualannya memang berjalan."


def day(back: int, number: int) -> date:
    """A day of the month so many months ago."""
    return reckoning.month_before(TODAY, back).replace(day=number)


# Fourteen months, the first of them in part: three sales of 20.000 that somebody saw, one of 40.000 at a bazaar that
# nobody counted: 100.000 a month, 60.000 of it proven. On the 20th of last month 100.000 more without proof.
LAST = day(1, 20)
# The figure, its value, its period in months, and what the rows behind it add up to.
FIGURES = {
    "Jualan sebulan": ("Rp200.000", "", 200_000),
    # The middle of 200, 100, 100, 100, 100, 100.
    "Jualan bulan biasa": ("Rp100.000", "6 bulan", 700_000),
    # 6 x 60 of 700.
    "Bagian yang ada buktinya": ("51,4 %", "6 bulan", 700_000),
    "Bulan aktif": ("12 bulan", "12 bulan", 1_300_000),
    # Eleven of twelve months lie where the middle lies.
    "Naik turun": ("0 %", "12 bulan", 1_300_000),
    # 200, 100, 100 against the three months before: thirteen whole months are too few for last year.
    "Arah": ("tetap", "musiman belum diketahui", 700_000),
    "Sejak jualan terakhir": (f"{(TODAY - LAST).days} hari", "jualan terakhir 20", 100_000),
    # 6 x 40 of 700, and the rest.
    "Lewat mana terjual": ("Bazar 34,2 %, Catat jualan 65,7 %", "6 bulan", 700_000),
}


@pytest.fixture
def seller(app):
    return make_account(name="Nurhayati")


@pytest.fixture
def kpm(seller):
    """Her family, which agreed to be followed."""
    kpm, shop = make_kpm(name="Ibu Nurhayati"), make_shop(seller, slug="telur-asin-bu-nur")
    make_product(shop, "Telur asin asap", slug="telur-asin-asap")
    make_business(kpm, shop, started_on=LONG_AGO)
    make_consent(kpm)
    for back in range(14, 0, -1):
        for number in (1, 2, 3):
            make_sale(shop, day(back, number), 20_000)
        make_sale(shop, day(back, 4), 40_000, channel="bazaar", grade="D")
    make_sale(shop, LAST, 100_000, grade="D")
    return kpm


@pytest.fixture
def people(app):
    """Four who work with families, each in one place only."""
    return {
        "dewi": make_account("pendamping", username="dewi", name="Dewi Anggraini"),
        "lina": make_account("caseworker", username="lina", name="Lina Marlina"),
        "hadi": make_account("approver", username="hadi", name="Hadi Santoso"),
    }


def row(page: Page, title: str):
    """The line of a figure or criterion."""
    return page.locator("li.list__row").filter(has=page.locator("strong", has_text=re.compile(f"^{title}$")))


def read_figures(page: Page) -> dict[str, str]:
    """Read every figure with its period and proof; return where its rows stand."""
    expect(row(page, "Jualan sebulan").first).to_contain_text("30 % ada buktinya")
    expect(row(page, "Jualan bulan biasa").first).to_contain_text("51,4 % ada buktinya")
    ways = {}
    for title, (value, basis, _rupiah) in FIGURES.items():
        line = row(page, title).first
        expect(line.get_by_role("link")).to_have_text(value)
        expect(line).to_contain_text(basis)
        ways[title] = line.get_by_role("link").get_attribute("href") or ""
    return ways


def add_up(page: Page, title: str, way: str) -> None:
    """Open the rows behind a figure, and reckon it from them."""
    page.goto(way)
    steps.heading(page, f"Catatan di balik {title}")
    amounts = page.locator("td.table__number").all_inner_texts()
    assert sum(int(re.sub(r"\D", "", each)) for each in amounts) == FIGURES[title][-1], title


def read_criteria(page: Page) -> None:
    """Read the criteria one by one: met, and what nobody knows is no failure."""
    for title, answer in {
        "Bulan aktif": "Terpenuhi",
        "Naik turun": "Terpenuhi",
        "Sejak jualan terakhir": "Terpenuhi",
    }.items():
        expect(row(page, title).last.locator(".badge")).to_have_text(answer)
    for title in (
        "Bagian pembeli terbesar",
        "Laba dibanding bantuan dulu",
        "Makan cukup setiap hari",
        "Punya tabungan",
    ):
        expect(row(page, title).locator(".badge")).to_have_text("Data belum cukup")
    expect(row(page, "Makan cukup setiap hari")).to_contain_text("Belum ada hasil kunjungan. Syarat:")
    expect(page.locator("main")).to_contain_text("Tidak dijumlahkan dan tidak jadi nilai")
    expect(page.locator("main")).not_to_contain_text("Belum terpenuhi")


def write(page: Page, words: str) -> None:
    page.get_by_label("Alasan", exact=True).fill(words)


def test_a_family_is_read_moved_by_two_heard_by_a_third_and_left_alone_when_it_says_no(
    new_page, seller, kpm, people, eyes, script
):
    dewi = new_page(360, 640, javascript=script, has_touch=True, is_mobile=True)
    lina, hadi = (new_page(1280, 800, javascript=script) for _ in range(2))
    hers = new_page(360, 640, javascript=script, has_touch=True, is_mobile=True)
    eyes.watch(dewi, lina, hadi, hers)

    # The pendamping reads, and proposes after talking with the family.
    steps.sign_in_staff(dewi, people["dewi"])
    dewi.goto("/dampingan/keluarga")
    steps.follow(dewi, "Lihat semua keluarga")
    steps.follow(dewi, "Ibu Nurhayati")
    steps.follow(dewi, "Lihat perkembangan")
    steps.press(dewi, "Mulai ikuti")
    expect(dewi.locator("main")).to_contain_text("Diamati")
    read_criteria(dewi)
    eyes.look(dewi, "8-perkembangan")
    family = dewi.url
    for title, way in read_figures(dewi).items():
        add_up(dewi, title, way)
    eyes.look(dewi, "8-catatan")
    dewi.goto(family)
    steps.follow(dewi, "Usulkan langkah")
    dewi.get_by_label("Dipantau dekat").check()
    write(dewi, "sepi")
    dewi.get_by_label("Pandangan keluarga").fill(VIEW)
    steps.press(dewi, "Kirim usulan")
    expect(dewi.get_by_role("alert")).to_contain_text("Paling sedikit 20 huruf")
    eyes.look(dewi, "8-usul")
    write(dewi, REASON)
    steps.press(dewi, "Kirim usulan")
    expect(dewi.locator("main")).to_contain_text("Harus orang lain yang menjawab.")
    expect(dewi.locator("main")).to_contain_text("Diamati")

    # Another person decides, by name and with a reason.
    steps.let_in(lina, people["lina"])
    steps.follow(lina, "1 usulan langkah keluarga belum dijawab")
    steps.follow(lina, "Ibu Nurhayati")
    expect(lina.locator("main")).to_contain_text(VIEW)
    eyes.look(lina, "8-jawab-usulan")
    write(lina, REASON)
    steps.press(lina, "Putuskan")
    expect(lina.locator("main")).to_contain_text("diusulkan Dewi Anggraini, diputuskan Lina Marlina")
    title, way = next(iter(read_figures(lina).items()))
    add_up(lina, title, way)

    # She reads all of it in plain words, and objects.
    steps.let_in(hers, seller, "/saya")
    steps.follow(hers, "Lihat perkembangan saya")
    for words in ("Dipantau dekat", REASON, VIEW, "Rp200.000", "tidak pernah dipakai untuk mencabut bantuan"):
        expect(hers.locator("main")).to_contain_text(words)
    expect(hers.locator("main")).to_contain_text("Dewi Anggraini")
    eyes.look(hers, "8-milik-saya")
    hers.get_by_label("Apa yang menurut Anda tidak benar?").fill(OBJECTION)
    steps.press(hers, "Saya keberatan")
    expect(hers.locator("main")).to_contain_text("tidak berlaku sampai keberatan Anda dijawab")
    expect(hers.locator("main")).to_contain_text("Diamati")

    # Whoever proposed or decided may not hear it; a third person does.
    for page in (dewi, lina):
        page.goto(family)
        expect(page.locator("main")).to_contain_text("Keluarga keberatan")
        page.locator("section", has=page.get_by_role("heading", name="Keputusan")).get_by_role("link").first.click()
        steps.heading(page, "Keberatan Ibu Nurhayati")
        expect(page.get_by_role("button", name="Terima, saya yang memeriksa")).to_have_count(0)
    steps.let_in(hadi, people["hadi"], "/dinsos/ringkasan")
    steps.follow(hadi, "1 keberatan keluarga belum dijawab")
    steps.follow(hadi, "Ibu Nurhayati")
    steps.press(hadi, "Terima, saya yang memeriksa")
    steps.press(hadi, "Mulai memeriksa")
    hadi.get_by_label("Jawaban untuk keluarga").fill(ANSWER)
    eyes.look(hadi, "8-keberatan")
    steps.press(hadi, "Ubah keputusan")
    hers.goto("/jualan/perkembangan")
    expect(hers.locator("main")).to_contain_text(f"Jawaban: {ANSWER}")
    expect(hers.locator("main")).to_contain_text("Keputusan diubah")
    expect(hers.locator(".badge", has_text="Diamati")).to_be_visible()

    # She says no: from that minute nobody reads her sales, and what leaned on them is over.
    make_decision(make_proposal(kpm, "steady", by=people["dewi"]), people["lina"])
    dewi.goto(family)
    expect(dewi.locator(".badge", has_text="Berjalan baik")).to_be_visible()
    hers.goto("/jualan/perkembangan")
    steps.press(hers, "Cabut izin")
    expect(hers.locator("main")).to_contain_text("Catatan jualan Anda tidak dipakai.")
    eyes.look(hers, "8-tanpa-izin")
    for page in (hers, dewi, lina):
        page.goto(family if page is not hers else "/jualan/perkembangan")
        expect(page.locator(".badge", has_text="Kunjungan saja")).to_be_visible()
        expect(page.locator("#ukuran ~ ul")).to_contain_text("catatan jualan tidak dipakai")
        expect(page.locator("main")).not_to_contain_text("Rp")
        rows = "/jualan/perkembangan/ukuran?apa=i1" if page is hers else f"{family}/ukuran?apa=i1"
        answer = page.goto(rows)
        assert answer is not None
        assert answer.status == 404
    answer = hers.goto("/produk/telur-asin-asap")
    assert answer is not None
    assert answer.status == 200


def test_a_flag_names_its_reasons_and_what_is_missing_is_said_in_months(new_page, people, eyes):
    gone, new = make_kpm(name="Ibu Wati"), make_kpm(name="Ibu Baru")
    # Four days a month until five months ago, and a family that began three months ago.
    for kpm, months in ((gone, range(20, 4, -1)), (new, range(3, 0, -1))):
        shop = make_shop()
        make_business(kpm, shop, started_on=LONG_AGO)
        make_consent(kpm)
        make_case(kpm)
        for back in months:
            for number in (1, 2, 3, 25):
                make_sale(shop, day(back, number), 25_000)
    phone = new_page(360, 640, has_touch=True, is_mobile=True)
    eyes.watch(phone)
    steps.let_in(phone, people["dewi"], f"/dinsos/keluarga/{gone.id}/perkembangan")
    flag = phone.locator(".notice", has_text="Tanda: perlu ditengok")
    expect(flag).to_contain_text(f"Sejak jualan terakhir: {(TODAY - day(5, 25)).days} hari (di atas 45 hari)")
    # Nothing in the last three months against 100.000 a month a year before.
    expect(flag).to_contain_text("Arah: turun 100 % (turun lebih dari 40 %)")
    expect(flag).to_contain_text("bukan keputusan")
    expect(phone.locator("main")).to_contain_text("Bantuan yang cocok: stan di bazar terdekat")
    expect(phone.locator(".badge--info", has_text="Diamati")).to_be_visible()
    eyes.look(phone, "8-tanda")

    # Two whole months lie between the first, which is in part, and the running one.
    phone.goto(f"/dinsos/keluarga/{new.id}/perkembangan")
    expect(row(phone, "Jualan bulan biasa").first).to_contain_text("Data belum cukup (perlu 2 bulan lagi)")
    expect(row(phone, "Naik turun").first).to_contain_text("Data belum cukup (perlu 10 bulan lagi)")
    expect(row(phone, "Arah").first).to_contain_text("Data belum cukup (perlu 4 bulan lagi)")
    expect(row(phone, "Bulan aktif").first).to_contain_text("2 bulan dari 2 bulan yang sudah lewat")
    expect(phone.locator("main")).not_to_contain_text("Tanda: perlu ditengok")
    expect(phone.locator("main")).not_to_contain_text("Belum terpenuhi")
    eyes.look(phone, "8-belum-cukup")

"""The pages of a region's sums: who may read them, what each figure means, how much they ask, and the papers."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app.core import jobs
from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.growth.graduation.models import Graduation
from app.kit.periods import bulan
from app.kit.rupiah import Rupiah
from app.office.insights.definitions import BY_SLUG, DEFINITIONS
from app.people.places import shapes
from app.people.places.queries import list_children
from tests.factories.capital import make_grant, make_proved
from tests.factories.families import make_kpm
from tests.factories.goods import make_shop
from tests.factories.growth import make_graduation, make_sale
from tests.factories.people import make_account, sign_in
from tests.factories.stalls import make_report
from tests.factories.trade import make_stall
from tests.support.clocks import TODAY
from tests.support.paper import pages_of, readable, text_of
from tests.support.queries import count_queries

PAGES = ("/dinsos/ringkasan", "/dinsos/ringkasan/cetak", "/dinsos/ringkasan/uang-masuk")
FIRST = TODAY.replace(day=1)


@pytest.fixture
def head(app):
    return make_account("head")


@pytest.fixture
def desk(client, head):
    sign_in(client, head)
    return client


def trade(many=6, **given):
    shops = [make_stall(**given)[1] for _ in range(many)]
    for shop in shops:
        make_sale(shop, FIRST, 250_000, channel="online", grade="A")
        make_sale(shop, FIRST - timedelta(days=20), 100_000)
    return shops


def download(desk, path, **fields):
    location = desk.post(path, data=fields).location
    jobs.run_due()
    return desk.get(f"{location}/unduh")


def test_an_empty_region_says_so_and_breaks_nothing(desk):
    page = desk.get("/dinsos/ringkasan").text

    assert "Belum ada uang masuk" in page
    assert "Belum ada kecamatan dengan penjualan bulan ini" in page
    for path in PAGES:
        assert desk.get(path).status_code == 200


def test_the_title_of_a_picture_is_its_finding(desk):
    trade()
    page = desk.get("/dinsos/ringkasan").text

    assert "Uang masuk 2,5 kali" in page
    assert "100% uang masuk punya bukti kuat" in page
    assert "Pesanan di situs membawa 100% uang masuk" in page
    assert "Lapak menjual di 1 dari 29 kecamatan, terbanyak di Ciomas" in page
    assert "Rp1,5 jt" in page


def test_every_figure_on_the_page_opens_its_definition(desk):
    trade()
    last = FIRST - timedelta(days=1)
    make_report(datetime(last.year, last.month, 3, 9, tzinfo=UTC))
    page = desk.get(f"/dinsos/ringkasan?bulan={last:%Y-%m}").text
    figures = re.findall(r'<a class="card stat" href="([^"]+)" data-figure="(\w+)"', page)
    ways = {*(url for url, _ in figures), *re.findall(r'<a href="(/dinsos/ringkasan/[^"]+)">Artinya', page)}

    assert {name for _, name in figures} <= {each.id for each in DEFINITIONS}
    assert {way.rpartition("/")[2].partition("?")[0] for way in ways} == set(BY_SLUG)
    assert page.count('class="card stat"') == len(figures)
    for way in ways:
        slug = way.rpartition("/")[2].partition("?")[0]
        meaning = desk.get(way.replace("&amp;", "&")).text
        known = BY_SLUG[slug]
        for words in (known.id, known.name, known.unit, known.formula, known.period, known.source, "Dihitung"):
            assert str(words) in meaning
    assert desk.get("/dinsos/ringkasan/tidak-ada").status_code == 404


def test_graduations_and_aid_have_their_tables_on_page_paper_and_workbook(desk):
    for _ in range(5):
        kpm = make_kpm()
        make_grant(kpm)
        with transaction() as session:
            graduation = session.get_one(Graduation, make_graduation(kpm, stated_on=FIRST).id)
            graduation.scan, graduation.scanned_by_id = "surat.pdf", graduation.recorded_by_id
            graduation.acknowledged_by_id, graduation.confirmed_on = make_account("caseworker").id, FIRST
    rows = '<th scope="row">Ciomas</th><td class="table__number">5</td><td class="table__number">0</td>'

    for path in PAGES[:2]:
        assert desk.get(path).text.count(rows) == 2
    assert desk.get("/dinsos/ringkasan").text.count("5 keluarga graduasi pada") == 1
    assert download(desk, "/dinsos/ringkasan/pdf").mimetype == "application/pdf"
    assert download(desk, "/dinsos/ringkasan/excel").mimetype.endswith("sheet")


def test_families_by_state_and_reports_stand_beside_last_month_and_last_year_everywhere(desk):
    for _ in range(6):
        make_proved(make_kpm())
    last = FIRST - timedelta(days=1)
    heads = ("Sekarang", f"Akhir {bulan(last)}", f"Akhir {bulan(FIRST.replace(year=FIRST.year - 1))}")
    row = '<tr><th scope="row">Belum didampingi</th>' + "".join(
        f'<td class="table__number" data-label="{head}">{count}</td>'
        for head, count in zip(heads, (6, 0, 0), strict=True)
    )

    for path in PAGES[:2]:
        page = desk.get(path).text
        assert row in page
        told = re.search(r'data-figure="REPORTS".*?</(?:a|div)>', page, re.DOTALL)[0]
        assert '<span class="stat__value">6</span>' in told
        assert f"Bertambah 6 dari {bulan(last)}" in told
        assert f"{bulan(FIRST.replace(year=FIRST.year - 1))}: 0" in told
    pdf = text_of(download(desk, "/dinsos/ringkasan/pdf").data)
    assert "Laporan penggunaan UEP" in pdf
    assert heads[1] in pdf
    book = CalamineWorkbook.from_filelike(io.BytesIO(download(desk, "/dinsos/ringkasan/excel").data))
    assert book.get_sheet_by_name("Keluarga").to_python() == [["Status", *heads], ["Belum didampingi", 6, 0, 0]]
    figures = {each[0]: each[3:] for each in book.get_sheet_by_name("Angka").to_python()[1:]}
    assert figures["REPORTS"] == [6, 0, 0]


def test_takings_by_channel_and_evidence_stand_beside_last_month_and_last_year_everywhere(desk):
    last, year = FIRST - timedelta(days=20), FIRST.replace(year=FIRST.year - 1)
    for shop in (make_stall()[1] for _ in range(6)):
        make_sale(shop, FIRST, 250_000, channel="online", grade="A")
        make_sale(shop, last, 100_000, channel="manual", grade="D")
        make_sale(shop, year, 50_000, channel="bazaar", grade="B")
    told = {
        "Pesanan di situs": (1_500_000, 0, 0), "Catatan sendiri": (0, 600_000, 0), "Bazar": (0, 0, 300_000),
        "A · kode pembeli cocok": (1_500_000, 0, 0), "D · catatan sendiri": (0, 600_000, 0),
        "B · dicocokkan petugas bazar": (0, 0, 300_000),
    }  # fmt: skip

    papers = [desk.get(path).text for path in PAGES[:2]]
    pdf = " ".join(readable(download(desk, "/dinsos/ringkasan/pdf").data).split())
    book = CalamineWorkbook.from_filelike(io.BytesIO(download(desk, "/dinsos/ringkasan/excel").data))

    cells = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    for name, amounts in told.items():
        for page in papers:
            rows = re.findall(rf'<th scope="row">{name}</th>(.+?)</tr>', page, re.S)
            shown = [[int(re.sub(r"\D", "", each)) for each in re.findall(r">(Rp[\d.]+)<", row)] for row in rows]
            assert list(amounts) in shown, name
        assert f"{name} {' '.join(str(Rupiah(each)) for each in amounts)}" in pdf, name
        assert [name, *amounts] in cells, name


def test_definitions_are_told_apart_and_shadow_no_page():
    assert len({each.id for each in DEFINITIONS}) == len(DEFINITIONS) == len(BY_SLUG)
    assert not {"cetak", "pdf", "excel"} & set(BY_SLUG)


def test_a_month_may_be_chosen_and_nonsense_is_this_month(desk):
    trade()
    before = FIRST - timedelta(days=1)
    page = desk.get(f"/dinsos/ringkasan?bulan={before:%Y-%m}").text

    assert "Bulan ini belum selesai" not in page
    assert "Rp600.000" in page
    for nonsense in ("2026-13", "kemarin", "1066-01", "9999-12", "-1"):
        assert "Bulan ini belum selesai" in desk.get(f"/dinsos/ringkasan?bulan={nonsense}&wilayah={nonsense}").text


def test_a_kecamatan_is_a_way_of_its_own_on_the_map(desk):
    trade()
    page = desk.get("/dinsos/ringkasan").text
    assert len(re.findall(r'href="[^"]+#wilayah"', page)) == 29

    way = re.search(r'href="([^"]+)" aria-label="Ciomas: 6 lapak, Rp1\.500\.000"', page)
    chosen = desk.get(way[1].replace("&amp;", "&").partition("#")[0]).text

    assert 'role="status"' in chosen
    assert "<details open>" in chosen
    assert "aria-current" in chosen


def test_a_desk_page_asks_at_most_twelve_questions_however_many_sell(desk, app):
    def asked():
        with count_queries(app) as found:
            assert desk.get("/dinsos/ringkasan").status_code == 200
        return len(found)

    trade(5)
    few = asked()
    trade(20)

    assert asked() == few <= 12


def test_the_page_stays_light(desk):
    trade(20)

    assert len(desk.get("/dinsos/ringkasan").data) <= 90_000


def test_a_closed_sum_is_nowhere_on_page_or_paper(desk):
    for number, shop in enumerate(trade(4)):
        make_sale(shop, FIRST, 7_777_700 + number)
    everything = "".join(desk.get(path).text for path in PAGES)
    papers = [readable(download(desk, f"/dinsos/ringkasan/{kind}").data) for kind in ("excel", "pdf")]
    everything += "".join(papers)

    assert [word.count("ditutup") > 3 for word in papers] == [True, True]
    assert 'aria-label="Ciomas: ditutup"' in everything
    assert re.search(r'stroke-dasharray="7 6"><title>Ciomas: ditutup</title>', everything)
    # Four times 250.000 and 7.777.700 and a little, or any of the parts.
    assert not re.search(r"32[.,]1|31[.,]1|8[.,]0277|7[.,]?777", everything)


def test_no_family_stands_on_it(desk):
    kpm = make_kpm(name="Ibu Rahasia Sekali")
    trade()
    pages = "".join(desk.get(path).text for path in PAGES)

    assert "Rahasia Sekali" not in pages
    assert kpm.pseudonym not in pages


@pytest.mark.parametrize("role", ["approver", "caseworker"])
def test_who_answers_for_the_region_may_read_it(client, app, role):
    sign_in(client, make_account(role))

    for path in PAGES:
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("role", ["curator", "pendamping", "steward", "admin", "seller"])
def test_nobody_else_may(client, app, role):
    person = make_account(role)
    if role == "seller":
        make_shop(person)
    sign_in(client, person)

    assert [client.get(path).status_code for path in PAGES] == [403, 403, 404]
    assert client.post("/dinsos/ringkasan/pdf").status_code == 403
    assert client.post("/dinsos/ringkasan/excel").status_code == 403


def test_a_visitor_is_asked_to_sign_in(client, app):
    assert client.get("/dinsos/ringkasan").status_code in {302, 303, 401}


def test_the_head_of_a_province_sees_its_kabupaten(client, app):
    sign_in(client, make_account("head", region_code="36"))
    trade()
    page = client.get("/dinsos/ringkasan").text

    assert "Lapak menjual di 1 dari 8 kabupaten dan kota" in page
    assert len(re.findall(r'href="[^"]+#wilayah"', page)) == 8


def test_a_region_without_an_outline_has_its_table(client, app):
    sign_in(client, make_account("head", region_code="36.01"))

    page = client.get("/dinsos/ringkasan").text
    assert 'class="map"' not in page
    assert "<details open>" in page


def test_the_workbook_holds_the_same_figures_and_is_written_down(desk, head):
    trade()

    answer = download(desk, "/dinsos/ringkasan/excel", bulan=f"{FIRST:%Y-%m}")

    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    figures = {row[0]: row[3:] for row in book.get_sheet_by_name("Angka").to_python()[1:]}
    assert figures["TAKINGS"][:2] == [1_500_000, 600_000]
    assert figures["SHOPS"][:2] == [6, 6]
    areas = {row[1]: row[2:] for row in book.get_sheet_by_name("Wilayah").to_python()[1:]}
    assert areas["Ciomas"] == [6, 1_500_000]
    assert {row[0] for row in book.get_sheet_by_name("Arti angka").to_python()[1:]} == {each.id for each in DEFINITIONS}
    (noted,) = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "insights.exported"))
    assert noted.actor_id == head.id


def test_the_report_is_a_pdf_of_few_pages(desk):
    trade()
    answer = download(desk, "/dinsos/ringkasan/pdf")

    assert answer.data.startswith(b"%PDF")
    assert answer.mimetype == "application/pdf"
    assert pages_of(answer.data) <= 4


def test_shapes_are_all_areas_of_the_register(app):
    for code in shapes.FILES:
        known = {each.code for each in list_children(code)}
        assert {shape.code for shape in shapes.outline(code).shapes} == known


def test_english_readers_read_english(desk):
    trade()
    page = desk.get("/dinsos/ringkasan?bahasa=en").text

    assert "Summary of" in page
    assert "Uang masuk" not in page

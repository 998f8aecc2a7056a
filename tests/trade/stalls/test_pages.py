"""The pages of a stall's day: the seller's till, a helper's, staff's results, the curator's report."""

from __future__ import annotations

import io
import re

import pytest
from python_calamine import CalamineWorkbook

from app.core import books, jobs, sheets
from app.core.clock import today
from app.core.db import db, transaction
from app.goods.products.models import Variant
from app.kit.rupiah import Rupiah
from app.trade.sales import queries as book
from app.trade.stalls import desk, passes, queries, reporting
from tests.factories import stalls
from tests.factories.goods import make_shop
from tests.factories.people import OTHER_DESA, make_account, sign_in, sign_out
from tests.support.paper import readable


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]+)"', page.text).group(1)


def basket(page, stand, qty, **given):
    """What the till's form would send."""
    facts = {"kunci": hidden(page, "kunci"), "harga": hidden(page, "harga"), "bayar": "tunai"}
    return facts | {f"n-{stand.variant.id}": str(qty)} | given


def sold(stand):
    return [each.amount.amount for each in book.list_of_source("bazaar", stand.bazaar.id)]


def till_of(stand):
    return f"/jualan/bazar/lapak/{stand.application.id}/kasir"


def wrong():
    return [str(finding) for _, findings in books.verify() for finding in findings]


@pytest.fixture
def at_the_stall(stand, client):
    sign_in(client, stand.owner)
    return client


@pytest.fixture
def helping(stand, client, curator):
    """A helper's phone with a pass for one stall."""
    with transaction():
        found, code = passes.issue(stand.bazaar, "Relawan Budi", [stand.application.id], by=curator)
    answer = client.post("/kasir", data={"kode": code})
    assert answer.status_code == 303
    return found


def test_a_seller_says_what_comes_along_and_sells_it(stand, at_the_stall):
    at_the_stall.get(f"/jualan/bazar/lapak/{stand.application.id}/bawa")
    at_the_stall.post(f"/jualan/bazar/lapak/{stand.application.id}/bawa", data={f"n-{stand.variant.id}": "12"})
    page = at_the_stall.get(till_of(stand))
    assert "sisa 12" in page.text

    answer = at_the_stall.post(till_of(stand), data=basket(page, stand, 2))

    page = at_the_stall.get(answer.location)
    assert "Tercatat Rp38.000, tunai." in page.text
    assert "sisa 10" in page.text
    assert sold(stand) == [38_000]


def test_goods_come_before_the_ways_on_until_the_bazaar_is_over(stand, at_the_stall):
    def order():
        page = at_the_stall.get(till_of(stand)).text
        return page.index("Setor hasil") > page.index('class="tiles"')

    assert order()
    stalls.end_day(stand.bazaar)
    assert not order()


def test_a_double_tap_is_one_sale(stand, at_the_stall):
    form = basket(at_the_stall.get(till_of(stand)), stand, 2)

    answers = [at_the_stall.post(till_of(stand), data=form).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert sold(stand) == [38_000]


def test_after_the_back_button_another_basket_is_asked_about_and_kept(stand, at_the_stall):
    form = basket(at_the_stall.get(till_of(stand)), stand, 2)
    at_the_stall.post(till_of(stand), data=form)

    page = at_the_stall.post(till_of(stand), data=form | {f"n-{stand.variant.id}": "3"})
    assert page.status_code == 409
    assert 'value="3"' in page.text
    at_the_stall.post(till_of(stand), data=basket(page, stand, 3))

    assert sold(stand) == [38_000, 57_000]


def test_the_price_that_was_shown_is_the_price_that_was_paid(stand, at_the_stall):
    page = at_the_stall.get(till_of(stand))
    with transaction():
        db.session.get_one(Variant, stand.variant.id).price = Rupiah(21_000)

    answer = at_the_stall.post(till_of(stand), data=basket(page, stand, 2))

    assert sold(stand) == [38_000]
    page = at_the_stall.get(answer.location)
    assert "Telur asin bebek sekarang Rp21.000. Yang tadi tetap tercatat Rp19.000" in page.text


def test_a_price_that_we_never_showed_is_no_price(stand, at_the_stall):
    page = at_the_stall.get(till_of(stand))
    given = hidden(page, "harga")
    forged = ("B" if given[0] == "A" else "A") + given[1:]

    answer = at_the_stall.post(till_of(stand), data=basket(page, stand, 2, harga=forged))

    assert answer.status_code == 400
    assert sold(stand) == []


@pytest.mark.parametrize("typed", ["dua", "-1", "99999"])
def test_what_cannot_be_read_is_said_and_nothing_is_written(stand, at_the_stall, typed):
    page = at_the_stall.get(till_of(stand))

    page = at_the_stall.post(till_of(stand), data=basket(page, stand, typed))

    assert page.status_code == 422
    assert "Isi dengan angka, misalnya 3." in page.text
    assert f'value="{typed}"' in page.text
    assert sold(stand) == []


def test_an_empty_basket_is_no_sale(stand, at_the_stall):
    page = at_the_stall.post(till_of(stand), data=basket(at_the_stall.get(till_of(stand)), stand, 0))

    assert page.status_code == 422
    assert "Pilih dulu barangnya." in page.text


def test_a_sale_is_taken_back_from_the_list(stand, at_the_stall):
    sale = stalls.sell(stand, 2)

    at_the_stall.post(f"/jualan/bazar/jualan/{sale.id}/batal")

    assert sold(stand) == [38_000, -38_000]


def test_another_seller_has_no_till_there_and_takes_nothing_back(app, client):
    stand, other = stalls.make_stands(2)
    sale = stalls.sell(stand, 2)
    sign_in(client, other.owner)

    assert client.post(f"/jualan/bazar/jualan/{sale.id}/batal").status_code == 404
    sign_in(client, make_account("seller"))
    assert client.get(till_of(stand)).status_code == 404
    assert sold(stand) == [38_000]


def test_a_helper_sells_at_the_named_stall_without_an_account(stand, client, helping):
    page = client.get("/kasir")
    assert stand.shop.name in page.text
    client.post(f"/kasir/{stand.application.id}/datang")
    till = f"/kasir/{stand.application.id}"

    answer = client.post(till, data=basket(client.get(till), stand, 2, bayar="lain"))
    assert "Tercatat Rp38.000, QRIS atau cara lain." in client.get(answer.location).text

    (sale,) = queries.list_sales(stand.application.id)
    assert (sale.method, sale.entered_by_id, sale.pass_id) == ("other", 0, helping.id)
    assert sold(stand) == [38_000]
    client.post(f"/kasir/jualan/{sale.id}/batal")
    assert sold(stand) == [38_000, -38_000]
    assert wrong() == []


def test_a_till_without_goods_leads_its_seller_and_a_helper_on(client, curator):
    owner = make_account()
    place = stalls.make_place(make_shop(owner), curator)
    with transaction():
        _found, code = passes.issue(place.bazaar, "Relawan Budi", [place.id], by=curator)

    sign_in(client, owner)
    own = client.get(f"/jualan/bazar/lapak/{place.id}/kasir").text
    sign_out(client)
    client.post("/kasir", data={"kode": code})
    helped = client.get(f"/kasir/{place.id}").text

    assert 'href="/jualan/produk">Lihat produk saya</a>' in own
    assert "Minta penjualnya menambah produk" in helped
    assert 'button--outline" href="/kasir">Semua lapak saya</a>' in helped


def test_a_helper_opens_no_other_stall(app, client, curator):
    stand, other = stalls.make_stands(2)
    with transaction():
        _found, code = passes.issue(stand.bazaar, "Relawan Budi", [stand.application.id], by=curator)
    client.post("/kasir", data={"kode": code})

    assert client.get(f"/kasir/{stand.application.id}").status_code == 200
    assert client.get(f"/kasir/{other.application.id}").status_code == 404
    assert client.post(f"/kasir/{other.application.id}/datang").status_code == 404
    assert client.get(f"/jualan/bazar/lapak/{stand.application.id}/kasir").status_code == 303


def test_a_revoked_pass_and_a_dead_one_open_nothing_from_the_next_tap(stand, client, curator, helping):
    till = f"/kasir/{stand.application.id}"
    form = basket(client.get(till), stand, 2)

    with transaction():
        passes.revoke(helping, by=curator)

    assert client.post(till, data=form).status_code == 404
    assert "Kode kartu pembantu" in client.get("/kasir").text
    assert sold(stand) == []


def test_a_pass_dies_in_the_phone_when_the_bazaar_is_over(stand, client, helping):
    stalls.end_day(stand.bazaar)

    assert client.get(f"/kasir/{stand.application.id}").status_code == 404


def test_a_wrong_code_is_answered_beside_what_was_typed(client, app):
    page = client.post("/kasir", data={"kode": "K7QF-9X2M"})

    assert page.status_code == 422
    assert 'value="K7QF-9X2M"' in page.text


def test_a_helper_may_put_the_phone_down(client, helping):
    client.post("/kasir/keluar")

    assert "Kode kartu pembantu" in client.get("/kasir").text


def test_pages_that_change_a_stall_show_no_form_once_its_result_is_in(stand, client):
    sign_in(client, stand.shop.owner)
    stalls.sell(stand, 2)
    here = f"/jualan/bazar/lapak/{stand.application.id}"
    carried, copied = pages = [f"{here}/{page}" for page in ("bawa", "lembar")]
    for page in pages:
        assert f'action="{page}"' in client.get(page).text

    stalls.end_day(stand.bazaar)
    assert f'action="{carried}"' not in client.get(carried).text, "nothing comes along to a bazaar that is over"
    assert "Bawaan hanya bisa diubah sebelum dan selama bazar." in client.get(carried).text
    assert f'action="{copied}"' in client.get(copied).text
    stalls.submit(stand)

    for page in pages:
        shown = client.get(page).text
        assert f'action="{page}"' not in shown
        assert "Hasil lapak ini sudah disetor, jadi catatannya tidak bisa diubah lagi." in shown


def test_a_pendamping_copies_a_sheet_and_hands_the_result_in(stand, client):
    pendamping = make_account("pendamping")
    sign_in(client, pendamping)
    here = f"/hasil-bazar/{stand.application.id}"
    page = client.get(f"{here}/lembar")
    form = {"kunci": hidden(page, "kunci"), "hari": hidden(page, "hari"), f"n-{stand.variant.id}": "4"}

    client.post(f"{here}/lembar", data=form | {"tunai": "76rb", "lain": ""})

    assert sold(stand) == [76_000]
    stalls.end_day(stand.bazaar)
    assert stand.shop.name in client.get("/dampingan/bazar/hasil").text
    page = client.post(here, data={"tunai": "76rb", "lain": "0", "alasan": ""})
    assert page.status_code == 422
    assert "Selisihnya lebih dari sepersepuluh" in page.text
    client.post(here, data={"tunai": "76rb", "lain": "0", "alasan": "Bawaan belum dicatat"})
    assert queries.find_settlement(stand.application.id).cash == Rupiah(76_000)
    settled = client.get(here).text
    assert "Anda ikut mencatat lapak ini" in settled
    assert "<dt>Jumlah uang</dt><dd>Rp76.000</dd>" in settled.replace("\n", "")
    assert '<p><a href="/dampingan/bazar/hasil">Bazar</a></p>' in settled
    sign_in(client, make_account("curator"))
    assert f'<p><a href="/dinsos/bazar/{stand.bazaar.id}/hasil">Bazar</a></p>' in client.get(here).text


def test_money_that_cannot_be_read_is_said_beside_the_field(stand, at_the_stall):
    stalls.end_day(stand.bazaar)

    page = at_the_stall.post(f"/jualan/bazar/lapak/{stand.application.id}/setor", data={"tunai": "banyak", "lain": ""})

    assert page.status_code == 422
    assert "Isi dengan angka, misalnya 150.000." in page.text
    assert queries.find_settlement(stand.application.id) is None


def test_goods_that_were_counted_twice_are_chosen_on_the_page(stand, at_the_stall):
    stalls.sell(stand, 3)
    stalls.tally(stand, 5)
    stalls.end_day(stand.bazaar)
    here = f"/jualan/bazar/lapak/{stand.application.id}/setor"
    page = at_the_stall.get(here)
    name = re.search(r'name="(cara-[^"]+)"', page.text).group(1)

    assert at_the_stall.post(here, data={"tunai": "", "lain": "", "alasan": "x"}).status_code == 422
    at_the_stall.post(here, data={"tunai": "95000", "lain": "", "alasan": "Bawaan lupa dicatat", name: "tally"})

    assert sum(sold(stand)) == 95_000


def test_an_officer_signs_or_sends_back_and_the_seller_reads_who(stand, client):
    stalls.sell(stand, 2)
    stalls.end_day(stand.bazaar)
    stalls.submit(stand)
    sign_in(client, make_account("curator", name="Dedi Penanda"))
    here = f"/hasil-bazar/{stand.application.id}"
    version = hidden(client.get(here), "versi")

    client.post(f"{here}/jawab", data={"langkah": "kembalikan", "versi": version, "alasan": "Hitung lagi uangnya"})
    assert "Hitung lagi uangnya" in client.get(here).text
    stalls.submit(stand)
    version = hidden(client.get(here), "versi")
    client.post(f"{here}/jawab", data={"langkah": "setuju", "versi": version})

    assert "Ditandatangani" in client.get(here).text
    sign_in(client, stand.owner)
    assert "Dedi Penanda" in client.get(f"/jualan/bazar/lapak/{stand.application.id}/setor").text
    assert [book.grade_of(each.id) for each in book.list_of_source("bazaar", stand.bazaar.id)] == ["B"]


@pytest.mark.parametrize("who", [("pendamping", {"areas": [OTHER_DESA]}), ("curator", {"region_code": "36.02"})])
def test_a_stall_elsewhere_is_like_none(stand, client, who):
    role, given = who
    sign_in(client, make_account(role, **given))

    for path in ("", "/lembar"):
        assert client.get(f"/hasil-bazar/{stand.application.id}{path}").status_code == 404


def test_a_curator_makes_a_pass_that_is_shown_once_and_revoked(stand, client, curator):
    sign_in(client, curator)
    desk = f"/dinsos/bazar/{stand.bazaar.id}"
    data = {"nama": "Relawan Budi", "lapak": str(stand.application.id)}

    page = client.get(client.post(f"{desk}/pembantu", data=data).location)

    code = re.search(r'class="code">([\w-]+)<', page.text).group(1)
    assert "<svg" in page.text
    with transaction():
        assert passes.enter(code, "203.0.113.7") is not None
    sign_out(client)
    sign_in(client, make_account("curator"))
    found = queries.list_passes(stand.bazaar.id)[0]
    assert code not in client.get(f"/dinsos/bazar/pembantu/{found.id}").text
    client.post(f"/dinsos/bazar/pembantu/{found.id}/cabut")
    assert "tidak berlaku" in client.get(f"{desk}/hasil").text


@pytest.fixture
def reported(stand, curator, approver):
    stalls.carry(stand, 5)
    stalls.sell(stand, 5)
    stalls.end_day(stand.bazaar)
    stalls.submit(stand, reason="")
    stalls.sign(stand, curator)
    return stand


def test_an_approver_signs_the_report_and_adds_to_it(reported, client, approver):
    sign_in(client, approver)
    here = f"/dinsos/bazar/{reported.bazaar.id}/laporan"
    assert "angkanya masih bisa berubah" in client.get(here).text

    client.post(here, data={"langkah": "tanda-tangan"})

    page = client.get(here)
    report = queries.get_report(reported.bazaar.id)
    assert report.sha256 in page.text
    assert "Rp95.000" in page.text
    client.post(
        here, data={"langkah": "susulan", "kunci": hidden(page, "kunci"), "susulan": "Lembar lapak 2 ditemukan"}
    )
    assert "Lembar lapak 2 ditemukan" in client.get(here).text


def test_the_report_is_a_pdf_and_a_workbook_with_figures_rule_hash_and_signer(reported, client, approver):
    with transaction():
        report = reporting.freeze(reported.bazaar, by=approver)
    sign_in(client, approver)
    here = f"/dinsos/bazar/laporan/{report.id}"

    drawn, sheet = client.get(f"{here}.pdf"), client.get(f"{here}.xlsx")

    assert (drawn.mimetype, sheet.mimetype) == ("application/pdf", sheets.XLSX)
    paper = " ".join(readable(drawn.data).split())
    for said in (report.sha256, "Rp95.000", "Bukti B: Rp95.000", approver.name, reported.shop.name, report.rule[:40]):
        assert said in paper, said
    book = CalamineWorkbook.from_filelike(io.BytesIO(sheet.data))
    said = dict(book.get_sheet_by_name("Keterangan").to_python()[1:])
    assert (said["Sidik angka (SHA-256)"], said["Aturan hitung"]) == (report.sha256, report.rule)
    assert (said["Ditandatangani"], said["Tanggal tanda tangan"]) == (approver.name, str(today("Asia/Jakarta")))
    assert (said["Hari"], said["Bukti B"]) == (str(reported.bazaar.days[0].day), 95_000)
    (stall,) = book.get_sheet_by_name("Lapak").to_python()[1:]
    assert stall[1:8] == [reported.shop.name, "Ciomas", 95_000, 5, 5, 0, 0]


def test_a_long_report_is_drawn_by_the_worker_while_its_page_says_so(reported, client, approver, monkeypatch):
    monkeypatch.setattr(desk, "ROWS_AT_ONCE", 1)
    with transaction():
        report = reporting.freeze(reported.bazaar, by=approver)
    sign_in(client, approver)
    page = f"/dinsos/bazar/{reported.bazaar.id}/laporan"
    assert "Siapkan PDF" in (shown := client.get(page).text)
    assert "Unduh PDF" not in shown
    assert client.get(f"/dinsos/bazar/laporan/{report.id}.pdf").location == page

    ordered = client.post(page, data={"langkah": "pdf"}).location

    assert "Sedang disiapkan" in client.get(ordered).text
    jobs.run_due()
    drawn = client.get(f"{ordered}/unduh")
    assert drawn.mimetype == "application/pdf"
    assert report.sha256 in readable(drawn.data)


def test_a_report_of_nobody_says_so(stand, client, approver):
    stalls.end_day(stand.bazaar)
    sign_in(client, approver)

    page = client.get(f"/dinsos/bazar/{stand.bazaar.id}/laporan").text

    assert "Tidak ada lapak yang datang." in page
    assert "Setiap lapak" not in page


def test_before_the_signature_there_is_no_paper(stand, client, approver):
    sign_in(client, approver)

    assert client.get("/dinsos/bazar/laporan/1.pdf").status_code == 404


def test_a_tally_sheet_is_printed_for_each_stall_and_day(app, client, curator):
    stand, other = stalls.make_stands(2, begun=False, many_days=2)
    sign_in(client, curator)

    page = client.get(f"/dinsos/bazar/{stand.bazaar.id}/lembar-kosong").text

    assert [page.count(f"{number}. {each.shop.name}") for number, each in ((1, stand), (2, other))] == [2, 2]
    assert page.count("Telur asin bebek") == 4
    assert "lembar-kosong" in client.get(f"/dinsos/bazar/{stand.bazaar.id}/hasil").text
    assert client.get(f"/hasil-bazar/{stand.application.id}/lembar-kosong").text.count("Telur asin bebek") == 2
    sign_in(client, stand.owner)
    here = f"/jualan/bazar/lapak/{stand.application.id}/lembar"
    assert f'href="{here}-kosong"' in client.get(here).text
    assert client.get(f"{here}-kosong").status_code == 200
    sign_in(client, other.owner)
    assert client.get(f"{here}-kosong").status_code == 404

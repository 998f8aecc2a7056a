"""An office orders without an account, agrees to a sharing, and comes back for its papers."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from html import unescape

import pytest
from sqlalchemy import func, select

from app.core.clock import here
from app.core.db import db, transaction
from app.kit.periods import WIB, WIT, WITA
from app.kit.rupiah import Rupiah
from app.kit.spelled import spelled
from app.people.places import queries as places
from app.people.places.models import Region
from app.trade.offices import letters, operations, personal, queries
from app.trade.offices.models import OfficePaper, OfficeRequest
from app.trade.orders import links
from app.trade.orders.models import Order
from tests.factories.goods import make_product, make_zones, variant_of
from tests.factories.offices import HALL, ZONE, hand_over, order_for_office, parts_of
from tests.factories.people import KECAMATAN, REGENCY, sign_in
from tests.factories.trade import make_stall, place_order
from tests.support.paper import text_of

OFFICE = "Kecamatan Ciruas"
ACROSS = "36.73.06"


@pytest.fixture
def stalls(app):
    """Two sellers of snack boxes: one has 80, the other 60."""
    (first, one), (second, two) = make_stall(name="Dapur Bu Sarmi"), make_stall(name="Kue Neneng")
    boxes = make_product(one, "Snack box", price=15_000, qty=80, unit="kotak", category="roti-bolu")
    more = make_product(two, "Kotak kue", price=16_000, qty=60, unit="kotak", category="roti-bolu")
    return (first, boxes), (second, more)


def day(days):
    return (here(ZONE) + timedelta(days=days)).date().isoformat()


def typed(product, qty="120", **given):
    facts = {
        f"jumlah-{variant_of(product).id}": qty, "kantor": OFFICE, "bagian": "", "nama": "Bu Rini",
        "telepon": "0812-3456-7890", "tanggal": day(7), "jam": "09:00", "tempat": HALL, "kecamatan": KECAMATAN,
        "keperluan": "Rapat", "catatan": "", "bayar": "cash_cod",
    }  # fmt: skip
    return facts | given


def hidden(page):
    return {name: unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1]) for name in ("kunci", "isi")}


def count(table=OfficeRequest):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table))


def ordered(client, product, qty="120", **given):
    """Go all the way; returns the answer to the submit."""
    told = typed(product, qty, **given)
    return client.post("/kantor/pesan", data=told | hidden(client.post("/kantor", data=told).text))


def test_the_sharing_is_shown_before_anything_is_ordered(client, stalls):
    (_first, boxes), _other = stalls
    page = client.post("/kantor", data=typed(boxes))

    assert page.status_code == 200
    assert "80 dari Dapur Bu Sarmi" in page.text
    assert "40 dari Kue Neneng" in page.text
    assert "Semuanya Rp1.840.000" in page.text
    assert count() == 0


def test_what_was_agreed_to_is_ordered_and_its_page_lists_the_papers(client, stalls):
    (_first, boxes), _other = stalls
    answer = ordered(client, boxes)

    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).text
    assert page.count("Surat Pesanan") >= 2
    assert "Menunggu jawaban penjual" in page
    assert (count(), count(Order), count(OfficePaper)) == (1, 2, 2)
    assert "Pesanan di HP ini" in client.get("/pesanan").text
    assert client.get("/pesanan").text.count("<article") == 2


def test_the_same_submit_again_is_the_same_order(client, stalls):
    (_first, boxes), _other = stalls
    told = typed(boxes)
    told |= hidden(client.post("/kantor", data=told).text)
    first, second = client.post("/kantor/pesan", data=told), client.post("/kantor/pesan", data=told)

    assert first.headers["Location"] == second.headers["Location"]
    assert count() == 1


@pytest.mark.parametrize("qty", ["", "0", "-5", "1,5", "enam", "5001", "9" * 30, "\x00", "120 kotak kotak" * 9])
def test_a_number_that_cannot_be_is_named_and_nothing_typed_is_lost(client, stalls, qty):
    (_first, boxes), _other = stalls
    page = client.post("/kantor", data=typed(boxes, qty))

    assert page.status_code == 422
    assert "Isi angka dari 1 sampai 5.000." in page.text
    assert OFFICE in page.text
    assert HALL in page.text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("tanggal", "", "Isi tanggal, misalnya 2026-12-05."),
        ("tanggal", "2020-01-01", "Waktunya terlalu dekat."),
        ("tanggal", "2999-01-01", "Tanggalnya terlalu jauh."),
        ("tanggal", "besok", "Isi tanggal, misalnya 2026-12-05."),
        ("jam", "", "Isi jam, misalnya 09.00."),
        ("jam", "99:99", "Isi jam, misalnya 09.00."),
        ("kantor", "", "Tulis nama kantornya."),
        ("kantor", "1234", "Isi nama dengan huruf"),
        ("kantor", "K" * 121, "Terlalu panjang."),
        ("tempat", "", "Tulis tempatnya"),
        ("kecamatan", "", "Pilih kecamatannya."),
        ("kecamatan", ACROSS, "Pilih salah satu."),
        ("telepon", "12", "Nomor HP belum benar"),
        ("nama", "😀", "Isi nama dengan huruf"),
        ("catatan", "x" * 301, "Terlalu panjang."),
        ("bayar", "emas", "Pilih salah satu."),
    ],
)
def test_each_mistake_has_its_sentence_on_both_steps(client, stalls, field, value, said):
    (_first, boxes), _other = stalls
    for address in ("/kantor", "/kantor/pesan"):
        page = client.post(address, data=typed(boxes, **{field: value}))
        assert page.status_code == 422
        assert said in page.text
    assert count() == 0


@pytest.mark.parametrize("clock", ["00:00", "06:59", "23:59"])
@pytest.mark.parametrize(("day", "said"), [("0001-01-01", "terlalu dekat"), ("9999-12-31", "terlalu jauh")])
def test_the_ends_of_the_calendar_have_their_sentence(client, stalls, day, clock, said):
    (_first, boxes), _other = stalls
    page = client.post("/kantor", data=typed(boxes, tanggal=day, jam=clock))

    assert page.status_code == 422
    assert said in page.text


@pytest.mark.parametrize("zone", [WIB, WITA, WIT])
def test_the_hour_is_that_of_the_kabupaten_s_clocks(client, stalls, zone):
    (_first, boxes), _other = stalls
    with transaction():
        db.session.get_one(Region, REGENCY).zone = zone.name
    places.forget_settings()

    shown = client.get(ordered(client, boxes, "5", jam="14:30").headers["Location"]).text

    (order,) = db.session.scalars(select(Order))
    assert order.promised_at == zone.at(date.fromisoformat(day(7)), time(14, 30))
    assert f"14.30 {zone.label}" in shown


@pytest.mark.parametrize(
    "change",
    [
        {"isi": "palsu"},
        {"isi": ""},
        {"more": "121"},
        {"jam": "10:00"},
        {"kecamatan": "36.04.12"},
        {"bayar": "paid_elsewhere"},
    ],
)
def test_a_submit_that_is_not_what_the_page_showed_comes_back_with_a_new_sharing(client, stalls, change):
    (_first, boxes), _other = stalls
    told = typed(boxes)
    more = {f"jumlah-{variant_of(boxes).id}": change["more"]} if "more" in change else change
    told |= hidden(client.post("/kantor", data=told).text) | more
    answer = client.post("/kantor/pesan", data=told)

    assert answer.status_code == 422
    assert "Isinya berubah." in answer.text
    assert count() == 0
    assert client.post("/kantor/pesan", data=told | hidden(answer.text)).status_code == 303


def test_goods_that_went_meanwhile_lead_to_a_new_sharing(client, stalls):
    (_first, boxes), _other = stalls
    told = typed(boxes)
    told |= hidden(client.post("/kantor", data=told).text)
    place_order(boxes, 5)
    answer = client.post("/kantor/pesan", data=told)

    assert answer.status_code == 409
    assert "75 dari Dapur Bu Sarmi" in answer.text
    assert count() == 0
    assert client.post("/kantor/pesan", data=told | hidden(answer.text)).status_code == 303


def test_too_much_for_everybody_is_said_and_cannot_be_ordered(client, stalls):
    (_first, boxes), _other = stalls
    page = client.post("/kantor", data=typed(boxes, "500"))

    assert "Snack box: baru ada 140 dari 500." in page.text
    assert "Pesan sekarang" not in page.text
    assert 'name="isi"' not in page.text


def test_a_seller_without_an_account_is_paid_in_cash(client, stalls):
    (_first, boxes), _other = stalls
    page = client.post("/kantor", data=typed(boxes, "10", bayar="transfer_seller"))

    assert "Tunai saat diantar" in page.text


def test_a_page_without_goods_explains_itself(client, stalls):
    asked = [client.get(f"/kantor{tail}") for tail in ("", "?varian=999999", "?varian=x", "?keranjang=1")]
    sent = [client.post(f"/kantor{tail}", data={"jumlah-x": "1", "jumlah-": "2"}) for tail in ("", "/pesan")]
    for page in (*asked, *sent):
        assert page.status_code == 200
        assert "Pilih produk" in page.text


def test_the_cart_becomes_an_office_s_order_and_is_empty_afterwards(client, stalls):
    (_first, boxes), (_second, more) = stalls
    for product in (boxes, more):
        client.post("/keranjang", data={"varian": variant_of(product).id, "jumlah": 7})
    assert "/kantor?keranjang=1" in client.get("/keranjang").text
    page = client.get("/kantor?keranjang=1").text
    assert 'name="dari" value="keranjang"' in page
    assert page.count('value="7"') == 2

    told = typed(boxes, "7", dari="keranjang") | {f"jumlah-{variant_of(more).id}": "7"}
    told |= hidden(client.post("/kantor", data=told).text)
    assert client.post("/kantor/pesan", data=told).status_code == 303
    assert "Keranjang masih kosong" in client.get("/keranjang").text


def test_the_product_s_page_leads_here(client, stalls):
    (_first, boxes), _other = stalls

    assert f'href="/kantor?varian={variant_of(boxes).id}"' in client.get(f"/produk/{boxes.slug}").text


def test_a_heading_is_changed_by_whoever_has_the_address_and_stale_pages_keep_what_was_typed(client, stalls):
    (_first, boxes), _other = stalls
    request = order_for_office((boxes, 5))
    address, paper = f"/kantor/{request.group.token}", queries.list_papers([parts_of(request)[0].id])
    number = next(iter(paper.values()))[0].numbered
    told = {
        "kop": "PEMERINTAH KABUPATEN SERANG\nKecamatan Ciruas",
        "penerima": "Drs. Umar",
        "bendahara": "",
        "keperluan": "",
    }
    assert client.post(f"{address}/kop", data=told | {"versi": "1"}).status_code == 303

    page = client.get(address).text
    assert "PEMERINTAH KABUPATEN SERANG" in page
    assert number in page
    late = client.post(f"{address}/kop", data=told | {"versi": "1", "kop": "Kop yang terlambat"})
    assert late.status_code == 409
    assert "Kop yang terlambat" in late.text
    stored = late.text.partition("Yang tersimpan sekarang")[2].partition("<form")[0]
    assert "Kecamatan Ciruas" in stored and "Drs. Umar" in stored
    assert client.post(f"{address}/kop", data=told | {"versi": "2", "kop": ""}).status_code == 422


@pytest.mark.parametrize(
    ("same_phone", "asked", "kept"),
    [
        (True, {}, True), (False, {}, False), (True, {"kantor": "SDN Ciruas 1"}, False),
        (True, {"bagian": "Bidang Sosial"}, False),
    ],
)  # fmt: skip
def test_the_heading_of_an_office_holds_for_its_next_order_from_the_same_phone(
    app, client, stalls, same_phone, asked, kept
):
    (_first, boxes), _other = stalls
    address = ordered(client, boxes, "5").headers["Location"]
    told = {"kop": "PEMERINTAH KABUPATEN SERANG", "penerima": "Drs. Umar", "bendahara": "Siti", "keperluan": "Rapat"}
    client.post(f"{address}/kop", data=told | {"versi": "1"})
    phone = client if same_phone else app.test_client()

    page = phone.get(ordered(phone, boxes, "5", **asked).headers["Location"]).text

    for words in ("PEMERINTAH KABUPATEN SERANG", "Drs. Umar", "Siti"):
        assert (words in page) is kept


def test_a_wrong_address_opens_nothing_and_is_counted(client, stalls):
    (_first, boxes), (_second, more) = stalls
    mine, theirs = order_for_office((boxes, 5)), order_for_office((more, 5))
    plain = place_order(boxes, 1)
    token = queries.token_of(plain.group_id)
    their_paper = queries.list_papers([parts_of(theirs)[0].id])[parts_of(theirs)[0].id][0]

    for wrong in ("0" * 40, mine.group.token[:-1] + "x", token):
        for tail in ("", "/kop", "/surat", f"/surat?nomor={their_paper.id}", f"/surat.pdf?nomor={their_paper.id}"):
            assert client.get(f"/kantor/{wrong}{tail}").status_code in {404, 429}
    assert client.get(f"/kantor/{mine.group.token}/surat?nomor={their_paper.id}").status_code == 404


def papers_of(client, request):
    """Every paper of a request, as its page shows it, by kind."""
    kept = [each for order in parts_of(request) for each in queries.list_papers([order.id])[order.id]]
    return {each.kind: (each, client.get(f"/kantor/{request.group.token}/surat?nomor={each.id}").text) for each in kept}


@pytest.mark.parametrize(("qty", "worth"), [(50, "Rp5.000.000"), (51, "Rp5.100.000")])
def test_the_four_papers_say_what_a_treasurer_needs(client, stalls, qty, worth):
    (seller, boxes), _other = stalls
    with transaction():
        variant_of(boxes).price = Rupiah(100_000)
    request = order_for_office((boxes, qty), at=WIB.at(here(ZONE).date() + timedelta(days=7), time(9, 30)))
    with transaction():
        operations.change_heading(
            request, "PEMERINTAH KABUPATEN SERANG", "Rapat", "Drs. Umar", "Siti Aminah", version=1
        )
    hand_over(parts_of(request)[0], seller)
    papers = papers_of(client, request)

    assert set(papers) == {"order", "bill", "handover", "receipt"}
    for kind, (paper, text) in papers.items():
        assert "PEMERINTAH KABUPATEN SERANG" in text
        assert f"Nomor: {paper.numbered}" in text
        assert worth in text
        assert f"{qty} kotak" in text
        assert OFFICE in text and boxes.shop.name in text
        assert spelled(paper.amount.amount).capitalize() in text
        assert ("Meterai Rp10.000" in text) is (kind == "receipt" and qty == 51)
        assert (HALL in text) is (kind in {"order", "handover"})
    assert "09.30 WIB" in papers["order"][1]
    assert "Drs. Umar" in papers["handover"][1] and "Siti Aminah" in papers["receipt"][1]


def test_each_paper_is_a_file_for_the_office_and_for_the_seller(client, stalls):
    (seller, boxes), _other = stalls
    request = order_for_office((boxes, 5))
    hand_over(parts_of(request)[0], seller)
    sign_in(client, seller)

    for kind, (kept, _text) in papers_of(client, request).items():
        for address in (f"/kantor/{request.group.token}/surat.pdf?nomor={kept.id}",
                        f"/jualan/pesanan/surat/{kept.id}/surat.pdf"):  # fmt: skip
            drawn = client.get(address)
            assert (drawn.mimetype, drawn.data[:5]) == ("application/pdf", b"%PDF-")
            assert letters.FILES[kind] in drawn.headers["Content-Disposition"]
            assert kept.numbered in text_of(drawn.data)


def test_the_seller_sees_the_office_its_day_and_her_papers(client, stalls):
    (seller, boxes), (other, _more) = stalls
    (order,) = parts_of(order_for_office((boxes, 5)))
    sign_in(client, seller)
    desk, page = client.get("/jualan/pesanan").text, client.get(f"/jualan/pesanan/{order.code}").text
    paper = queries.list_papers([order.id])[order.id][0]

    assert "kantor perlu paling lambat" in desk
    assert "Pesanan kantor" in page
    assert OFFICE in page
    assert HALL in page
    assert client.get(f"/jualan/pesanan/surat/{paper.id}").status_code == 200
    sign_in(client, other)
    assert client.get(f"/jualan/pesanan/surat/{paper.id}").status_code == 404
    assert client.post(f"/jualan/pesanan/{order.code}/bendahara").status_code == 404


def test_the_seller_notes_what_the_treasurer_paid_and_two_taps_are_one(client, stalls):
    (seller, boxes), _other = stalls
    (order,) = parts_of(order_for_office((boxes, 5), method="paid_elsewhere"))
    sign_in(client, seller)
    address = f"/jualan/pesanan/{order.code}"
    assert client.post(f"{address}/bendahara").status_code == 303
    assert "Kuitansi" not in client.get(address).text

    hand_over(order, seller)
    assert "Menunggu Rp75.000 dari bendahara." in client.get(address).text
    for _tap in range(2):
        client.post(f"{address}/bendahara")
        said = client.get(address).text
        assert "Uang dari bendahara tercatat." in said
        assert "Kuitansi" in said
    assert "Menunggu Rp75.000" not in said


def test_a_code_on_paper_confirms_number_day_and_amount_and_names_nobody(client, stalls):
    (_first, boxes), _other = stalls
    request = order_for_office((boxes, 5))
    (paper,) = queries.list_papers([parts_of(request)[0].id])[parts_of(request)[0].id]
    page = client.get(f"/surat/{paper.code.lower()}").text

    assert paper.numbered in page
    assert "Rp75.000" in page
    for name in (OFFICE, "Bu Rini", "Dapur Bu Sarmi", HALL):
        assert name not in page
    assert client.get("/surat/TIDAK-ADA").status_code == 404


def test_the_buyer_s_page_of_a_part_leads_back_to_the_papers(client, stalls):
    (_first, boxes), _other = stalls
    request = order_for_office((boxes, 5))
    (order,) = parts_of(request)
    page = client.get(f"/pesanan/{order.code}?s={links.link_signature(order.code)}").text

    assert f"/kantor/{request.group.token}" in page
    assert "Diantar ke" in page


def test_what_was_forgotten_is_on_no_paper(client, stalls):
    (_first, boxes), _other = stalls
    request = order_for_office((boxes, 5))
    with transaction():
        operations.change_heading(request, "Kecamatan", "Rapat", "Drs. Umar", "Siti", version=1)
        request.group.buyer_phone = None
    with transaction():
        personal.forget_old()
    (paper,) = queries.list_papers([parts_of(request)[0].id])[parts_of(request)[0].id]

    assert "Drs. Umar" not in client.get(f"/kantor/{request.group.token}/surat?nomor={paper.id}").text


def test_what_each_seller_takes_for_bringing_it_is_shown_and_stands_in_the_order(client, stalls):
    (_first, boxes), _other = stalls
    make_zones(boxes.shop, {KECAMATAN: 25_000})
    page = client.post("/kantor", data=typed(boxes)).text

    assert "Ongkos antar ke" in page and "Rp1.225.000" in page
    assert page.count("Ongkos antarnya belum pasti.") == 1
    assert "Semuanya Rp1.865.000" in page
    shown = client.get(ordered(client, boxes).headers["Location"]).text
    assert "Rp1.225.000" in shown


def test_an_office_elsewhere_orders_and_settles_what_it_costs_to_bring_it(client, stalls):
    (_first, boxes), _other = stalls
    make_zones(boxes.shop, {KECAMATAN: 25_000})
    page = client.post("/kantor", data=typed(boxes, kecamatan="lain")).text

    assert "Lainnya, ongkos dibicarakan" in page
    assert page.count("Ongkos antarnya belum pasti.") == 2
    shown = client.get(ordered(client, boxes, kecamatan="lain").headers["Location"]).text
    assert "Rp1.200.000" in shown and "Ongkos antar" not in shown


def test_a_kecamatan_across_the_border_to_which_the_seller_goes_has_its_fee(client, stalls):
    (_first, boxes), (_second, more) = stalls
    make_zones(boxes.shop, {ACROSS: 30_000})
    offered = [re.findall(r'<option value="([^"]*)"', client.get(f"/kantor?varian={variant_of(each).id}").text)
               for each in (boxes, more)]  # fmt: skip

    assert offered[0][-2:] == [ACROSS, "lain"]
    page = client.post("/kantor", data=typed(boxes, kecamatan=ACROSS)).text
    assert "Rp1.230.000" in page and page.count("Ongkos antarnya belum pasti.") == 1
    assert "Rp1.230.000" in client.get(ordered(client, boxes, kecamatan=ACROSS).headers["Location"]).text


def test_a_kecamatan_across_the_border_to_which_only_a_helper_goes_is_offered_with_her_fee(client, stalls):
    (_first, boxes), (_second, more) = stalls
    make_zones(more.shop, {ACROSS: 20_000})
    egg = make_product(boxes.shop, "Telur asin", price=4_000, qty=50, unit="butir")
    offered = [re.findall(r'<option value="([^"]*)"', client.get(f"/kantor?varian={variant_of(each).id}").text)
               for each in (boxes, egg)]  # fmt: skip

    assert offered[0][-2:] == [ACROSS, "lain"]
    assert ACROSS not in offered[1]
    page = client.post("/kantor", data=typed(boxes, kecamatan=ACROSS)).text
    assert "Rp660.000" in page and page.count("Ongkos antarnya belum pasti.") == 1
    assert ordered(client, boxes, kecamatan=ACROSS).status_code == 303
    assert [each.delivery.amount for each in db.session.scalars(select(Order).order_by(Order.id))] == [0, 20_000]

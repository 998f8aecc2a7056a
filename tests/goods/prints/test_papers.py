"""What a seller prints: everything the law asks is there or named, nothing is cut off the paper."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.core import jobs, papers
from app.core.clock import now
from app.core.db import db, transaction
from app.core.optional import Unavailable
from app.core.storage import public_store
from app.goods.curation.papers import advise
from app.goods.permits import operations as permits
from app.goods.prints import labels, posters, rules
from app.goods.prints.rules import SIZES
from app.goods.products import shelving
from app.goods.products.models import Product
from app.goods.products.queries import get_item
from app.people.accounts.models import Account
from app.people.files.models import PreparedFile
from app.people.places.models import Region
from tests.factories.ekatalog import master
from tests.factories.goods import (
    make_photo,
    make_product,
    make_shop,
    make_waiting_product,
    picture_bytes,
    revision_of,
    variant_of,
)
from tests.factories.people import make_account, sign_in
from tests.support.paper import holds_qr, leaves, pages_of, photos_of, sizes_of, text_of

SITE = "http://localhost"
LONGEST = ("Keripik singkong balado pedas manis daun jeruk " * 3)[:120]


@pytest.fixture
def shop(app):
    return make_shop(name="Dapur Bu Nur")


@pytest.fixture
def seller(client, shop):
    account = db.session.get_one(Account, shop.owner_id)
    sign_in(client, account)
    return account


@pytest.fixture
def crackers(shop):
    """A product that says everything itself, and nothing about its papers."""
    product = make_product(shop, "Keripik singkong", slug="keripik-nur", category="keripik-kerupuk", price=12_000)
    with transaction():
        wording = revision_of(product)
        wording.ingredients, wording.allergens, wording.storage = "singkong, minyak, garam", ["soy"], "cool"
        wording.shelf_life_days, variant_of(product).net_weight_g = 90, 250
        wording.origin, wording.warnings = "minyak sawit", []
    return product


def words(pdf):
    return " ".join(text_of(pdf).split())


def squeezed(text):
    """Words without what lies between them: where lines end says nothing."""
    return "".join(text.split())


def ask(client, product, **given):
    asked = {"ukuran": "sedang", "jumlah": "10", "pilihan": variant_of(product).id} | given
    return client.get(f"/jualan/produk/{product.id}/label.pdf", query_string=asked)


def test_a_label_says_all_that_the_law_asks(client, seller, crackers):
    with transaction():
        revision_of(crackers).warnings = ["sweetener"]

    answer = ask(client, crackers, dibuat="2026-11-01", harga="y")

    said = words(answer.data)
    assert answer.mimetype == "application/pdf"
    for each in (
        "Keripik singkong", "Berat bersih: 250 g", "Komposisi: singkong, minyak, garam", "Mengandung: kedelai",
        "Asal bahan: minyak sawit", "Peringatan: mengandung pemanis buatan", "Diproduksi: 1 November 2026, kode 011126",
        "Simpan: Tempat sejuk dan kering", "Dapur Bu Nur", "Kabupaten Serang", "30 Januari 2027", "011126", "Rp12.000",
    ):  # fmt: skip
        assert each in said
    assert holds_qr(answer.data, f"{SITE}/produk/keripik-nur")
    assert pages_of(answer.data) == 1


def test_a_label_is_in_indonesian_for_who_reads_the_site_in_english(client, seller, crackers):
    page = client.get(f"/jualan/produk/{crackers.id}/label?bahasa=en")
    assert '<html lang="en"' in page.text

    said = squeezed(words(ask(client, crackers, dibuat="2026-12-01", bahasa="en").data))

    for each in ("Berat bersih: 250 g", "Mengandung: kedelai", "Diproduksi: 1 Desember 2026", "Baik sebelum: 1 Maret"):
        assert squeezed(each) in said


def test_a_label_names_its_maker_to_the_desa(client, seller, shop, crackers):
    desa, kecamatan = (db.session.get_one(Region, code) for code in (shop.desa_code, shop.kecamatan_code))

    said = words(ask(client, crackers).data)

    whole = f"Dibuat oleh: Dapur Bu Nur, {shop.street}, {desa.full_name}, Kec. {kecamatan.name}, Kabupaten Serang"
    assert squeezed(whole) in squeezed(said)
    assert desa.full_name.split()[0] in {"Desa", "Kelurahan"}


def test_goods_with_pig_say_so_and_nothing_of_halal(client, seller, shop, crackers):
    with transaction():
        permit = permits.enter(shop, permits.Paper("halal", "ID36110000123450925"), master(), by=seller)
        permits.verify(permit, by=make_account("curator"))
    assert "HALAL INDONESIA: ID36110000123450925" in words(ask(client, crackers).data)
    assert "ID36110000123450925" in client.get("/produk/keripik-nur").text

    with transaction():
        revision_of(crackers).warnings = ["pig_contact"]
        shelving.shelve(db.session.get_one(Product, crackers.id))

    said = words(ask(client, crackers).data)
    warned = "Peringatan: pada proses pembuatannya bersentuhan dengan bahan bersumber babi"
    assert squeezed(warned) in squeezed(said)
    assert "HALAL" not in said
    item = get_item(crackers.id)
    assert labels.list_missing(item, item.held[0]) == ["pirt"]
    page = client.get("/produk/keripik-nur").text
    assert "ID36110000123450925" not in page
    assert "alat atau tempat yang dipakai juga untuk babi" in page
    assert "halal" not in dict(advise(revision_of(crackers), shop).needs)


def test_days_that_nobody_knows_are_lines_to_write_on(client, seller, crackers):
    said = words(ask(client, crackers).data)

    assert f"Baik sebelum: {labels.LINE}" in said
    assert f"Diproduksi: {labels.SHORT}, kode {labels.SHORT}" in said
    assert "Rp" not in said


def test_a_number_stands_on_the_label_only_while_it_is_checked_and_holds(client, seller, shop, crackers):
    with transaction():
        permit = permits.enter(shop, permits.Paper("pirt", "2033604010012-30"), master(), by=seller)
    assert "2033604010012-30" not in words(ask(client, crackers).data)

    with transaction():
        permits.verify(permit, by=make_account("curator"))
    assert "P-IRT No.: 2033604010012-30" in words(ask(client, crackers).data)

    with transaction():
        permit.expires_on = date(2020, 1, 1)
    assert "2033604010012-30" not in words(ask(client, crackers).data)


def test_a_renewal_that_waits_leaves_the_number_that_holds_on_the_label(client, seller, shop, crackers):
    with transaction():
        permits.verify(
            permits.enter(shop, permits.Paper("pirt", "2033604010012-30"), master(), by=seller),
            by=make_account("curator"),
        )
    with transaction():
        newer = permits.enter(shop, permits.Paper("pirt", "2033604010012-35"), master(), by=seller)

    assert "P-IRT No.: 2033604010012-30" in words(ask(client, crackers).data)
    assert "nomor P-IRT yang sudah diperiksa" not in client.get(f"/jualan/produk/{crackers.id}/label").text

    with transaction():
        permits.verify(newer, by=make_account("curator"))
    assert "P-IRT No.: 2033604010012-35" in words(ask(client, crackers).data)


@pytest.mark.parametrize(
    ("name", "category", "storage", "days", "asked"),
    [
        ("Keripik singkong", "keripik-kerupuk", "room", 60, ""),
        ("Nugget ayam", "olahan-daging", "frozen", 60, "bpom"),
        ("Susu bubuk", "minuman-serbuk", "room", 60, "bpom"),
        ("Bolu pandan", "roti-bolu", "room", 3, ""),
        ("Nasi uduk", "nasi-lauk", "room", 1, ""),
    ],
)
def test_a_pirt_stands_on_a_label_only_where_it_applies(client, seller, shop, name, category, storage, days, asked):
    product = make_product(shop, name, category=category)
    with transaction():
        wording = revision_of(product)
        wording.ingredients, wording.allergens, wording.storage, wording.shelf_life_days = "bahan", [], storage, days
        wording.origin, wording.warnings = "", []
        variant_of(product).net_weight_g = 100
        for kind, number in (("pirt", "2033604010012-30"), ("halal", "ID36110000123450925")):
            permits.verify(
                permits.enter(shop, permits.Paper(kind, number), master(), by=seller), by=make_account("curator")
            )

    said = words(ask(client, product).data)

    assert ("P-IRT" in said) is (name == "Keripik singkong")
    assert "ID36110000123450925" in said
    item = get_item(product.id)
    assert labels.list_missing(item, item.held[0]) == ([asked] if asked else [])


def test_what_the_label_lacks_is_named_with_the_way_to_fill_it(client, seller, shop):
    product = make_product(shop, "Keripik pisang", category="keripik-kerupuk")

    page = client.get(f"/jualan/produk/{product.id}").text
    assert "Label belum lengkap: berat bersih." in page

    page = client.get(f"/jualan/produk/{product.id}/label").text
    for each in (
        "berat bersih",
        "bahan",
        "pemicu alergi",
        "asal bahan tertentu",
        "peringatan",
        "nomor P-IRT yang sudah diperiksa",
    ):
        assert each in page
    assert f"/jualan/produk/{product.id}/isi/berat" in page


def test_an_address_without_a_street_is_named_before_it_is_printed_and_stands_on_labels_alone(client, seller, shop):
    with transaction():
        shop.street = ""
    product = make_product(shop, "Keripik pisang", category="keripik-kerupuk")
    item = get_item(product.id)
    assert "alamat" in labels.list_missing(item, item.held[0])
    page = client.get(f"/jualan/produk/{product.id}/label").text
    assert 'href="/jualan/lapak#alamat"' in page
    assert "alamat pembuat: jalan atau kampung, RT dan RW" in page

    answer = client.post("/jualan/lapak", data={"versi": str(shop.version), "alamat": " Kp. Pasir  RT 01/RW 04 "})

    assert answer.status_code == 303
    assert 'value="Kp. Pasir RT 01/RW 04"' in client.get("/jualan/lapak").text
    item = get_item(product.id)
    assert "alamat" not in labels.list_missing(item, item.held[0])
    assert squeezed("Kp. Pasir RT 01/RW 04") in squeezed(words(ask(client, product).data))
    for public in (f"/lapak/{shop.slug}", f"/produk/{product.slug}", "/lapak", "/umpan/google"):
        assert "Kp. Pasir" not in client.get(public).text


def test_what_is_not_eaten_needs_no_food_label(client, seller, shop):
    product = make_product(shop, "Gelang manik", category="perhiasan-imitasi")

    assert "Label belum lengkap" not in client.get(f"/jualan/produk/{product.id}/label").text
    assert "Baik sebelum" not in words(ask(client, product).data)


@pytest.mark.one_engine
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("length", [10, 60, 140, 260, 420, 700, 1000])
def test_nothing_is_cut_off_a_label(app, shop, crackers, size, length):
    with transaction():
        wording = revision_of(crackers)
        wording.name, wording.ingredients = LONGEST[: max(20, length // 8)].strip(), "GULA MERAH, santan kelapa; " * 40
        wording.ingredients = wording.ingredients[:length]
        shop.name = "Dapur Kue Kering Bu Hajah Nurhasanah Waringinkurung"
    item = get_item(crackers.id)
    try:
        label = labels.write(item, item.held[0], SIZES[size], origin=SITE, price=True)
    except labels.TooMuch:
        assert length >= {"kecil": 60, "sedang": 420, "besar": 700}[size]  # the largest holds them all
        return

    assert spilled("labels_paper.html", "labels.css", label_facts(label, SIZES[size])) == []


def offered_sizes(client, product):
    """Which size the page has chosen, and which it says are too small."""
    page = client.get(f"/jualan/produk/{product.id}/label").text
    cards = re.findall(r'<input ([^>]*)name="ukuran"[^>]* value="(\w+)">.*?choice__hint">([^<]*)<', page, re.S)
    chosen = [key for tags, key, _hint in cards if "checked" in tags]
    return chosen, [key for _tags, key, hint in cards if "tidak muat" in hint]


@pytest.mark.parametrize(
    ("length", "chosen", "too_small"),
    [(20, "sedang", []), (300, "sedang", ["kecil"]), (1000, "penuh", ["kecil", "sedang"])],
)
def test_the_size_that_holds_all_of_a_label_is_chosen_for_her(client, seller, crackers, length, chosen, too_small):
    with transaction():
        revision_of(crackers).ingredients = ("gula merah, santan kelapa; " * 40)[:length]

    assert offered_sizes(client, crackers) == ([chosen], too_small)
    assert ask(client, crackers, ukuran=chosen, dibuat="2026-11-01", jumlah="1").mimetype == "application/pdf"


@pytest.mark.one_engine
def test_a_label_that_is_cut_is_noticed(app, shop, crackers):
    """The red twin: letters too large for their label."""
    with transaction():
        revision_of(crackers).ingredients = "gula merah, " * 30
    item = get_item(crackers.id)
    label = labels.write(item, item.held[0], SIZES["besar"], origin=SITE)
    small = labels.Label(label.name, label.lines, "", label.address, 8.0)

    assert spilled("labels_paper.html", "labels.css", label_facts(small, SIZES["kecil"]))


def label_facts(label, size):
    return {"label": label, "size": size, "code": papers.code(label.address), "sheets": [size.on_a_sheet]}


def spilled(template, style, facts, inside="section"):
    """Lines of a paper that stick out of their label, card or sheet."""
    found = []
    for leaf in leaves(f"goods/prints/{template}", style, facts):
        _look(leaf, None, inside, found)
    return found


def _look(box, frame, inside, found):
    if box.element_tag == inside:
        frame = box
    if frame is not None and type(box).__name__ == "TextBox" and box.text.strip():
        bottom, right = frame.content_box_y() + frame.height, frame.content_box_x() + frame.width
        if box.position_y + box.height > bottom + 0.5 or box.position_x + box.width > right + 0.5:
            found.append(box.text)
    for child in getattr(box, "children", ()):
        _look(child, frame, inside, found)


def test_words_that_fit_nowhere_are_refused_with_a_sentence(client, seller, crackers):
    with transaction():
        revision_of(crackers).ingredients = "gula merah, " * 80

    answer = ask(client, crackers, ukuran="kecil")

    assert answer.status_code == 422
    assert "Pilih yang lebih besar" in answer.text


@pytest.mark.parametrize(
    "given",
    [{"ukuran": "raksasa"}, {"jumlah": "0"}, {"jumlah": "999999"}, {"jumlah": "x"}, {"pilihan": "99999"},
     {"pilihan": ""}, {"dibuat": "kemarin"}, {"dibuat": "1900-01-01"}, {"ukuran": "", "jumlah": ""}],
)  # fmt: skip
def test_odd_wishes_are_answered_beside_their_field(client, seller, crackers, given):
    assert ask(client, crackers, **given).status_code == 422


def test_many_labels_are_drawn_by_the_worker(client, seller, crackers):
    answer = ask(client, crackers, ukuran="kecil", jumlah="100")
    again = ask(client, crackers, ukuran="kecil", jumlah="100")

    assert answer.status_code == again.status_code == 303
    assert answer.location == again.location
    jobs.run_due()
    wanted = db.session.scalars(select(PreparedFile)).one()
    assert wanted.state == "ready"
    drawn = client.get(f"{answer.location}/unduh")
    assert pages_of(drawn.data) == 5


def test_labels_of_somebody_else_are_nobodys(client, seller):
    other = make_product(make_shop(make_account()))

    assert ask(client, other).status_code == 404
    assert client.get(f"/jualan/produk/{other.id}/label").status_code == 404


def test_a_product_that_nobody_checked_yet_can_be_tried(client, seller, shop):
    product = make_waiting_product(shop)

    assert "masih diperiksa" in client.get(f"/jualan/produk/{product.id}/label").text
    assert ask(client, product).mimetype == "application/pdf"


def test_a_machine_without_the_drawing_library_says_so(client, seller, crackers, monkeypatch):
    def lack(*_args, **_facts):
        raise Unavailable("weasyprint")

    monkeypatch.setattr(papers, "draw", lack)

    assert "PDF belum bisa dibuat" in ask(client, crackers).text
    assert client.get("/jualan/lapak/poster.pdf").location == "/jualan/lapak/cetak"
    assert "PDF belum bisa dibuat" in client.get("/jualan/lapak/cetak").text


def test_every_choice_on_sale_gets_a_price_card(client, seller, shop, crackers):
    hidden = make_product(shop, "Opak tersembunyi")
    with transaction():
        db.session.get_one(Product, hidden.id).state = "paused"

    answer = client.get("/jualan/lapak/kartu-harga.pdf")

    said = words(answer.data)
    assert "Keripik singkong" in said
    assert "Rp12.000" in said
    assert "Opak tersembunyi" not in said
    assert holds_qr(answer.data, f"{SITE}/produk/keripik-nur")


def test_the_sign_and_the_poster_lead_to_the_shop(client, seller, shop, crackers):
    for name in ("papan-nama", "poster"):
        pdf = client.get(f"/jualan/lapak/{name}.pdf").data

        assert "Dapur Bu Nur" in words(pdf)
        assert holds_qr(pdf, f"{SITE}/lapak/{shop.slug}")
        assert pages_of(pdf) == 1


def test_a_poster_shows_photos_and_a_number_only_with_her_word(client, seller, shop):
    photo = make_photo(shop)
    make_product(shop, "Telur asin", photo=photo)
    lost = client.get("/jualan/lapak/poster.pdf").data
    assert lost.startswith(b"%PDF") and photos_of(lost) == []

    public_store().put(f"{photo.stem}-640.webp", picture_bytes((640, 640), "WEBP"))
    (seen,) = photos_of(client.get("/jualan/lapak/poster.pdf").data)
    assert seen.getpixel((5, 5)) == pytest.approx((159, 208, 196), abs=6)

    with transaction():
        shop.phone = "+6281234567890"

    assert "0812-3456-7890" in words(client.get("/jualan/lapak/poster.pdf").data)


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "name", ["A", "Telur", "W" * 80, "Dapur Kue Kering Bu Hajah Nurhasanah Waringinkurung " + "Asli " * 5]
)
def test_names_stay_on_the_paper(app, shop, name):
    with transaction():
        shop.name = name[:80]
    make = {"sign_paper.html": posters.SIGN, "poster_paper.html": posters.POSTER}
    for template, steps in make.items():
        facts = {
            "shop": shop, "place": ("Waringinkurung", "Kabupaten Serang"), "address": f"{SITE}/lapak/{shop.slug}",
            "code": "", "letters": rules.heading_letters(shop.name, *steps), "goods": [], "number": "",
        }  # fmt: skip
        style = {"sign_paper.html": "shop-sign.css", "poster_paper.html": "shop-poster.css"}[template]

        with app.test_request_context():
            assert spilled(template, style, facts, inside="main") == []


def test_the_papers_are_reached_from_shop_and_product(client, seller, shop, crackers):
    assert "/jualan/lapak/cetak" in client.get("/jualan/lapak").text
    page = client.get("/jualan/lapak/cetak").text
    for each in ("papan-nama.pdf", "poster.pdf", "kartu-harga.pdf", f"/jualan/produk/{crackers.id}/label"):
        assert each in page


def test_a_best_before_day_follows_the_day_it_was_made(client, seller, crackers):
    tomorrow = (now().date() + timedelta(days=1)).isoformat()

    assert ask(client, crackers, dibuat=tomorrow).status_code == 200


def test_labels_without_a_size_are_asked_for_first(client, seller, crackers):
    answer = client.get(f"/jualan/produk/{crackers.id}/label.pdf")

    assert (answer.status_code, answer.location) == (303, f"/jualan/produk/{crackers.id}/label")


@pytest.mark.one_engine
def test_every_paper_is_plain_a4(client, seller, shop, crackers):
    """Nothing is scaled by a printer: each sheet is 210 × 297 mm, the sign lies across."""
    label = ask(client, crackers, ukuran="kecil", jumlah="30").data
    assert sizes_of(label) == [(210, 297)] * 2
    for name, size in (("kartu-harga", (210, 297)), ("papan-nama", (297, 210)), ("poster", (210, 297))):
        assert sizes_of(client.get(f"/jualan/lapak/{name}.pdf").data) == [size], name

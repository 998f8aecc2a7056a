"""Lists of goods, from file to shop: read with care, taken whole or not at all, and twice is once."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from sqlalchemy import func, select

from app.core.db import db, transaction
from app.core.sheets import Sheet, write_csv, write_xlsx
from app.goods.curation import operations as curation
from app.goods.products import choosing
from app.goods.products import operations as products
from app.goods.products.models import Product, Revision, Variant
from app.goods.products.queries import get_item, list_items, list_variants
from app.goods.products.rules import Terms, Way
from app.goods.spreadsheets import operations
from app.goods.spreadsheets.models import GoodsList
from app.goods.stock import operations as stock
from app.kit.rupiah import Rupiah
from tests.factories.goods import make_product, make_shop, revision_of, variant_of
from tests.factories.people import make_account, sign_in
from tests.factories.trade import place_order

WAY = "/jualan/produk/daftar"
HEAD = ["Kode", "Nama", "Harga", "Satuan", "Jenis", "Berat bersih", "Stok", "Keterangan", "Bahan"]
NEW = ["", "Keripik singkong", "12rb", "bungkus", "Keripik & Kerupuk", "250 g", "10", "Renyah.", "Singkong, garam"]


@pytest.fixture
def shop(app):
    """A stall."""
    return make_shop()


@pytest.fixture
def seller(client, shop):
    """Its seller, signed in."""
    sign_in(client, shop.owner)
    return shop.owner


def send(client, data: bytes, name: str = "daftar.csv"):
    """Upload a file; returns the page that follows."""
    answer = client.post(WAY, data={"berkas": (io.BytesIO(data), name)})
    return client.get(answer.location) if answer.status_code == 303 else answer


def table(*rows: list[object]) -> bytes:
    return write_csv(HEAD, rows)


def newest() -> GoodsList:
    db.session.rollback()
    return db.session.scalars(select(GoodsList).order_by(GoodsList.id.desc()).limit(1)).one()


def take(client):
    return client.get(client.post(f"{WAY}/{newest().id}/simpan").location)


def goods_of(shop) -> list[str]:
    db.session.rollback()
    return sorted(item.newest.name for item in list_items(shop.id))


def test_new_goods_wait_for_the_curator_as_if_they_were_typed(client, shop, seller):
    page = send(client, table(NEW)).text
    assert "Semua 1 baris bisa disimpan." in page
    assert '<th scope="row">Keripik singkong</th><td class="table__number" data-label="Baris">2</td>' in page
    assert goods_of(shop) == []

    assert "sudah tersimpan" in take(client).text

    (item,) = list_items(shop.id)
    said = item.newest
    assert (said.name, said.price.amount, said.unit, said.net_weight_g) == ("Keripik singkong", 12_000, "bungkus", 250)
    assert (said.category.slug, said.ingredients, said.state, item.on_hand) == (
        "keripik-kerupuk", "Singkong, garam", "waiting", 10,
    )  # fmt: skip


def test_the_same_file_twice_changes_nothing(client, shop, seller):
    for _again in range(2):
        send(client, table(NEW))
        take(client)

    assert goods_of(shop) == ["Keripik singkong"]
    assert "sudah tidak berlaku" not in take(client).text
    assert "Tidak ada yang berubah." in send(client, table(NEW)).text
    assert db.session.scalar(select(func.count()).select_from(Revision)) == 1


def test_what_was_taken_away_as_a_list_comes_back_and_changes_nothing(client, shop, seller):
    make_product(shop, "Telur asin", description="Gurih.")
    make_product(shop, "=1+1 bukan rumus")
    make_product(shop, "'Aini, kue kering", description="- renyah\n- gurih")

    for path in (f"{WAY}.xlsx", f"{WAY}.csv"):
        page = send(client, client.get(path).data, path).text
        assert "Salah" in page
        assert newest().counts == {"new": 0, "changed": 0, "same": 3, "bad": 0, "rows": 3}, path


def test_a_changed_line_is_a_revision_and_a_count_and_the_rest_stays(client, shop, seller):
    product = make_product(shop, "Telur asin", price=19_000, description="Gurih.")

    send(client, write_csv(["Kode", "Nama", "Harga", "Stok"], [[product.slug, "", "21.500", "7"]]))
    take(client)

    waiting = revision_of(product, "waiting")
    assert (waiting.name, waiting.price.amount, waiting.description) == ("Telur asin", 21_500, "Gurih.")
    assert get_item(product.id).on_hand == 7
    assert variant_of(product).price.amount == 19_000


def test_all_or_nothing_with_the_reason_of_every_line(client, shop, seller):
    bad = [
        ["", "Kue satu", "gratis", "pak", "", "", "", "", ""],
        ["", "Jamu sakti", "5000", "botol", "Minuman lain", "", "", "Menyembuhkan kanker", ""],
        ["", "", "5000", "botol", "", "", "", "", ""],
        ["", "Keripik singkong", "5000", "pak", "", "berat sekali", "banyak", "", ""],
    ]
    page = send(client, table(NEW, *bad)).text

    for words in (
        "Harga: bukan harga", "Jenis: jenis ini tidak ada", "Keterangan: tidak boleh disebut menyembuhkan",
        "Nama: belum diisi", "Berat bersih: bukan berat", "Stok: harus angka bulat", "Nama: sama dengan baris 2",
    ):  # fmt: skip
        assert words in page, words
    assert "Masih ada baris yang salah" in take(client).text
    assert goods_of(shop) == []


@pytest.mark.parametrize("typed", ["12000", "12.000", "Rp 12.000", "Rp12.000,00", "12rb", "12 ribu", 12000, 12000.0])
def test_prices_are_read_in_any_form_people_type_them(client, shop, seller, typed):
    sheet = Sheet("Daftar", ["Nama", "Harga", "Satuan", "Jenis"], [["Telur asin", typed, "butir", "Telur Asin"]])
    send(client, write_xlsx([sheet]), "daftar.xlsx")

    assert [row["said"].get("price") for row in newest().rows] == [12_000]


def test_a_formula_is_refused_in_its_cell(client, shop, seller):
    page = send(client, b"Nama;Harga;Satuan\nTelur asin;=1000*12;butir\n=HYPERLINK(1);12000;butir\n").text

    assert "Harga: berisi rumus" in page
    assert "Nama: berisi rumus" in page


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_letters_are_read_as_they_were_written(client, shop, seller, encoding):
    send(
        client,
        "Daftar jualan\n\nNama;Harga;Satuan;Jenis\nKué apé;5rb;buah;Kue Basah & Jajanan Pasar\n".encode(encoding),
    )
    take(client)

    assert goods_of(shop) == ["Kué apé"]


@pytest.mark.parametrize(
    "name",
    [
        b"Ku\xc3\xa9 ap\xff",
        "Kué apé".encode("cp850"),
        "Kué apé".encode("mac-roman"),
        "KuÃ© apÃ©".encode(),
        b"Kacang \xef\xbf\xbd",
    ],
)
def test_letters_that_arrive_broken_are_named_and_nothing_is_taken(client, shop, seller, name):
    page = send(client, b"Nama;Harga;Satuan;Jenis\n" + name + b";5rb;buah;Kue Basah & Jajanan Pasar\n").text

    assert "Nama: hurufnya rusak; simpan ulang filenya sebagai XLSX, atau CSV UTF-8" in page
    assert "Masih ada baris yang salah" in take(client).text
    assert goods_of(shop) == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Pilih dulu filenya."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "bukan tabel"),
        (b"PK\x03\x04 broken", "bukan tabel"),
        (b"satu;dua\n1;2\n", "Judul kolomnya tidak ditemukan"),
        (b"Nama;Harga;Satuan\n", "tidak berisi barang"),
        (b"Nama;Harga;Satuan\n" + b"Aa;1;b\n" * 50_000, "terlalu banyak"),
    ],
)
def test_what_is_no_list_is_said_beside_the_file(client, shop, seller, data, sentence):
    answer = send(client, data)

    assert 400 <= answer.status_code < 500
    assert sentence in answer.text


def test_less_than_is_promised_and_what_was_deleted_are_refused(client, shop, seller):
    promised, gone = make_product(shop, "Telur asin"), make_product(shop, "Kue satu")
    place_order(promised, qty=3)
    with transaction():
        products.delete(gone, by=seller)

    page = send(client, table(*[[each.slug, "", "", "", "", "", "1", "", ""] for each in (promised, gone)])).text

    assert "lebih sedikit daripada yang sudah dipesan" in page
    assert "sudah dihapus" in page


def test_somebody_elses_code_makes_a_product_of_her_own(client, shop, seller):
    other = make_product(make_shop(), "Telur orang")

    send(client, table([other.slug, "Telur saya", "5000", "butir", "Telur Asin", "", "", "", ""]))
    take(client)

    assert goods_of(shop) == ["Telur saya"]
    assert revision_of(other).name == "Telur orang"


def test_a_line_that_went_wrong_since_it_was_looked_at_stops_all(client, shop, seller):
    product = make_product(shop, "Telur asin")
    send(client, table(NEW, [product.slug, "Telur masir", "", "", "", "", "", "", ""]))
    with transaction():
        products.delete(product, by=seller)

    assert "Masih ada baris yang salah" in take(client).text
    assert goods_of(shop) == []


def test_a_list_is_its_sellers_and_is_dropped_or_forgotten(client, shop, seller):
    send(client, table(NEW))
    number = newest().id
    sign_in(client, make_shop().owner)
    assert client.get(f"{WAY}/{number}").status_code == 404
    assert client.post(f"{WAY}/{number}/simpan").status_code == 404
    sign_in(client, make_account("curator"))
    assert client.get(WAY).status_code in {403, 404}

    sign_in(client, seller)
    client.post(f"{WAY}/{number}/batal")
    assert newest().rows == []
    assert "sudah tidak berlaku" in take(client).text
    send(client, table(NEW))
    with transaction():
        newest_list = db.session.scalars(select(GoodsList).order_by(GoodsList.id.desc())).first()
        newest_list.expires_at = newest_list.uploaded_at
    with transaction():
        operations.sweep()
    assert newest().rows == []


def test_a_list_whose_day_is_over_is_not_taken_although_no_job_ran(client, shop, seller):
    send(client, table(NEW))
    with transaction() as session:
        late = session.scalars(select(GoodsList)).one()
        late.expires_at = late.uploaded_at

    page = client.get(f"{WAY}/{late.id}").text

    assert f"{WAY}/{late.id}/simpan" not in page
    assert "sudah tidak berlaku" in take(client).text
    assert goods_of(shop) == []


def test_a_list_that_waits_is_found_again(client, shop, seller):
    send(client, table(NEW))

    assert f"{WAY}/{newest().id}" in client.get(WAY).text
    take(client)
    assert f"{WAY}/{newest().id}" not in client.get(WAY).text


def test_hostile_words_are_shown_as_words(client, shop, seller):
    page = send(client, table(["", "<script>alert(1)</script>", "5000", "butir", "Telur Asin", "", "", "", ""])).text

    assert "<script>alert" not in page


def test_her_page_of_goods_leads_there(client, shop, seller):
    assert WAY in client.get("/jualan/produk").text
    make_product(shop)
    assert WAY in client.get("/jualan/produk").text
    assert db.session.scalar(select(func.count()).select_from(Product)) == 1


CHOICES = ["Kode", "Nama", "Pilihan", "Harga", "Satuan", "Jenis", "Stok"]
THREE = [
    ["", "Telur asin", "Isi 5", "19.000", "pak", "Telur Asin", 4],
    ["", "", "Isi 10", "36.000", "", "", 2],
    ["", "Telur asin", "Isi 30", "100.000", "peti", "", ""],
]


def book(*rows: list[object], head: list[str] = CHOICES) -> bytes:
    """A real workbook."""
    return write_xlsx([Sheet("Daftar", head, rows)])


def choices_of(shop) -> list[tuple[str, int, str, int]]:
    db.session.rollback()
    (item,) = list_items(shop.id)
    item = get_item(item.product.id)
    terms = item.terms
    return [
        (terms[each.variant.id].label, terms[each.variant.id].price.amount, terms[each.variant.id].unit, each.on_hand)
        for each in item.offered
    ]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_lines_of_one_product_are_its_choices(client, shop, seller, form):
    data = book(*THREE) if form == "xlsx" else write_csv(CHOICES, THREE)
    for _again in range(2):
        send(client, data, f"daftar.{form}")
        take(client)

    assert choices_of(shop) == [
        ("Isi 5", 19_000, "pak", 4), ("Isi 10", 36_000, "pak", 2), ("Isi 30", 100_000, "peti", 0),
    ]  # fmt: skip
    assert "Tidak ada yang berubah." in send(client, data, f"daftar.{form}").text


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_every_choice_is_taken_away_and_comes_back_changed_alone(client, shop, seller, form):
    send(client, book(*THREE), "daftar.xlsx")
    take(client)

    away = client.get(f"{WAY}.{form}").data
    send(client, away, f"daftar.{form}")
    assert newest().counts == {"new": 0, "changed": 0, "same": 3, "bad": 0, "rows": 3}

    (item,) = list_items(shop.id)
    send(
        client,
        book(
            [item.product.slug, "", "isi 10", "39.000", "", "", 7], [item.product.slug, "", "Isi 2", "8rb", "", "", ""]
        ),
        "x.xlsx",
    )
    assert newest().counts == {"new": 1, "changed": 1, "same": 0, "bad": 0, "rows": 2}
    take(client)
    assert choices_of(shop) == [
        ("Isi 5", 19_000, "pak", 4), ("Isi 10", 39_000, "pak", 7), ("Isi 30", 100_000, "peti", 0),
        ("Isi 2", 8_000, "pak", 0),
    ]  # fmt: skip


def test_what_choices_cannot_be_is_said_line_by_line_and_nothing_is_lost(client, shop, seller):
    rows = [
        ["", "Kue satu", "", "5000", "pak", "Kue Basah & Jajanan Pasar", ""],
        ["", "", "Besar", "9000", "", "", ""],
        ["", "Opak", "Kecil", "5000", "pak", "", ""],
        ["", "", "kecil", "6000", "", "", ""],
        ["", "", "Sedang", "", "", "Kue Basah & Jajanan Pasar", ""],
        ["", "", "Obat kuat", "6000", "", "", ""],
        ["", "Emping", "No 1", "5000", "pak", "", ""],
        *[["", "", f"No {number}", "5000", "", "", ""] for number in range(2, 12)],
    ]
    page = send(client, book(*rows), "daftar.xlsx").text

    for words in (
        "Pilihan: barang ini punya beberapa baris", "Nama: sama dengan baris 4", "Harga: belum diisi",
        "Jenis: tulis di baris pertama barang ini saja", "Pilihan: tidak boleh disebut menyembuhkan",
        "Pilihan: pilihannya terlalu banyak",
    ):  # fmt: skip
        assert words in page, words
    assert "Masih ada baris yang salah" in take(client).text
    assert goods_of(shop) == []


def test_a_line_about_one_choice_alone_is_judged_like_any_other(client, shop, seller):
    """It begins no product, so nothing else would say that this one is deleted, or that more of it was promised."""
    gone, made = make_product(shop, "Telur asin"), make_product(shop, "Emping")
    ten = Terms("Isi 10", Rupiah(36_000), "pak", 700)
    with transaction():
        for product in (gone, made):
            choosing.add(product, ten, Way("counted", quantity=9), first="Isi 5", version=1, by=seller)
    for product in (gone, made):
        with transaction():
            curation.approve(revision_of(product, "waiting"), by=make_account("curator"))
    second = next(each.id for each in list_variants(made.id) if each.label == ten.label)
    with transaction():
        products.delete(gone, by=seller)
        stock.reserve({second: 6}, source=("order", 1))
        variant = db.session.get_one(Variant, second)
        choosing.sell_so(made, variant, Way("unlimited"), seen=Way("counted"), by=seller)
    head = ["Kode", "Nama", "Pilihan", "Harga", "Cara jual", "Stok"]
    rows = [[gone.slug, "", ten.label, "39000", "", ""], [made.slug, "", ten.label, "", "dihitung", ""]]

    page = send(client, book(*rows, head=head), "daftar.xlsx").text

    assert "Kode: produk ini sudah dihapus" in page
    assert "Stok: lebih sedikit daripada yang sudah dipesan pembeli" in page
    assert "Masih ada baris yang salah" in take(client).text


def test_merged_cells_and_formulas_of_a_real_workbook_are_named(client, shop, seller):
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer)
    page = made.add_worksheet()
    page.write_row(0, 0, ["Nama", "Harga", "Satuan"])
    page.merge_range(1, 0, 2, 0, "Telur asin")
    page.write_row(1, 1, [5000, "butir"])
    page.write_row(2, 1, [9000, "pak"])
    page.write_row(3, 0, ["Kue satu"])
    page.write_formula(3, 1, "=1000*12", None, 12000)
    page.write_string(3, 2, "buah")
    made.close()

    said = send(client, buffer.getvalue(), "daftar.xlsx").text

    assert said.count("Nama: sel digabung; pisahkan dulu") == 2
    assert "Harga: berisi rumus; tempel nilainya saja" in said
    assert goods_of(shop) == []


@pytest.mark.parametrize("most", [501, 50_000])
def test_a_workbook_with_too_many_lines_is_refused_whole(client, shop, seller, most):
    answer = send(client, book(*[["Aa", 1]] * (most + 20), head=["Nama", "Harga"]), "daftar.xlsx")

    assert answer.status_code == 413
    assert "terlalu banyak" in answer.text
    assert goods_of(shop) == []


def test_no_unit_of_a_list_promises_a_cure(client, seller, shop):
    """Of a first choice and of a further one."""
    head = [*HEAD, "Pilihan"]
    rows = [
        ["", "Madu hutan", "50rb", "botol obat", "Gula & Madu", "250 g", "3", "", "", "Kecil"],
        ["", "Madu hutan", "90rb", "obat", "Gula & Madu", "500 g", "3", "", "", "Besar"],
    ]

    page = send(client, write_csv(head, rows))

    assert page.text.count("Satuan: tidak boleh disebut menyembuhkan") == 2
    assert goods_of(shop) == []

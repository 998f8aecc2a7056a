"""What a list says beside name and price: it comes back as it went, and a changed cell changes exactly that."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.core.db import db, transaction
from app.core.sheets import Sheet, read_rows, write_xlsx
from app.goods.products import choosing, filling, queries, wordings
from app.goods.products import operations as products
from app.goods.products.models import Product
from app.goods.products.rules import Terms, Way, way_of
from app.goods.spreadsheets.models import GoodsList
from app.goods.spreadsheets.views import HEADS
from app.kit.rupiah import Rupiah
from tests.factories.goods import make_product, make_shop, variant_of
from tests.factories.people import sign_in
from tests.factories.trade import place_order

PATH = "/jualan/produk/daftar"


@pytest.fixture
def shop(app):
    """A stall."""
    return make_shop()


@pytest.fixture
def inside(client, shop):
    """Her phone, signed in."""
    sign_in(client, shop.owner)
    return client


@pytest.fixture
def cake(shop):
    """A product of which everything is said, with a choice that is made to order."""
    by, made = shop.owner, make_product(shop, "Kue jojorong")
    with transaction():
        said = {
            "net_weight_g": 200, "ingredients": "tepung beras, gula aren", "allergens": ("milk", "shellfish"),
            "shelf_life_days": 14, "storage": "chilled", "label": "Isi 5", "origin": "gula aren Pandeglang",
            "warnings": ("sweetener", "pig_contact"),
        }  # fmt: skip
        wording = replace(wordings.read(queries.newest_revision(made)), **said)
        products.revise(made, wording, version=made.version, by=by)
        choosing.add(
            made, Terms("Isi 10", Rupiah(36_000), "kotak", 400), Way("made_to_order", 2, 30), first="",
            version=made.version, by=by,
        )  # fmt: skip
        filling.can_be_had(made, pickup=True, delivered=True, at_bazaars=False, seen=made.places_seen, by=by)
    return made


def known(product: Product) -> tuple[object, ...]:
    """Everything that a list can change."""
    db.session.rollback()
    item = queries.get_item(product.id)
    ways = [(way_of(each.variant), each.on_hand) for each in item.held]
    had = (item.product.pickup, item.product.delivered, item.product.at_bazaars)
    return (wordings.read(item.newest), ways, had)


def rows_of(client) -> list[list[object]]:
    """What her goods are as a list, without the head."""
    found = [list(cells) for _line, cells in read_rows(client.get(f"{PATH}.xlsx").data, 100)]
    at = next(number for number, cells in enumerate(found) if cells[0] == HEADS[0])
    return [cells + [""] * (len(HEADS) - len(cells)) for cells in found[at + 1 :]]


def send(client, rows: list[list[object]]) -> tuple[int, dict[str, int]]:
    """Upload a list and say yes to it; returns its number and what it would do."""
    data = write_xlsx([Sheet("Daftar", HEADS, rows)])
    client.post(PATH, data={"berkas": (io.BytesIO(data), "daftar.xlsx")})
    db.session.rollback()
    sent = db.session.scalars(select(GoodsList).order_by(GoodsList.id.desc()).limit(1)).one()
    number, counts = sent.id, dict(sent.counts)
    client.post(f"{PATH}/{number}/simpan")
    return number, counts


def test_an_origin_that_was_said_to_be_none_comes_back_unchanged(inside, shop):
    cake = make_product(shop, "Kue satu")
    with transaction():
        wording = replace(wordings.read(queries.newest_revision(cake)), origin="Tidak ada")
        products.revise(cake, wording, version=cake.version, by=shop.owner)

    _number, counts = send(inside, rows_of(inside))

    assert counts["same"] == 1
    assert known(cake)[0].origin == "Tidak ada"


def at(head: str) -> int:
    return HEADS.index(head)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_everything_that_is_said_of_goods_comes_back_and_changes_nothing(inside, shop, cake, form):
    make_product(shop, "Telur asin")
    before, rows = known(cake), rows_of(inside)
    first, second = (row for row in rows if row[0] == cake.slug)
    assert first[at("Pemicu alergi") :] == [
        "susu, udang", "gula aren Pandeglang", "pemanis buatan, alat dipakai juga untuk babi", 14, "kulkas",
        "dihitung", "", "", "ya", "ya", "tidak",
    ]  # fmt: skip
    assert second[at("Cara jual") : at("Diambil di lapak")] == ["dibuat kalau dipesan", 2, 30]

    data = inside.get(f"{PATH}.{form}").data
    inside.post(PATH, data={"berkas": (io.BytesIO(data), f"daftar.{form}")})
    db.session.rollback()
    sent = db.session.scalars(select(GoodsList)).one()

    assert sent.counts == {"new": 0, "changed": 0, "same": 3, "bad": 0, "rows": 3}
    inside.post(f"{PATH}/{sent.id}/simpan")
    assert known(cake) == before


CELLS = [
    (0, "Berat bersih", "250 g", {"net_weight_g": 250}),
    (0, "Bahan", "tepung ketan", {"ingredients": "tepung ketan"}),
    (0, "Pemicu alergi", "Telur; udang, kepiting, atau kerang", {"allergens": ("egg", "shellfish")}),
    (0, "Pemicu alergi", "tidak ada", {"allergens": ()}),
    (0, "Asal bahan", "gelatin sapi", {"origin": "gelatin sapi"}),
    (0, "Asal bahan", "tidak ada", {"origin": ""}),
    (0, "Peringatan", "Bahan dari babi", {"warnings": ("pig",)}),
    (0, "Peringatan", "tidak ada", {"warnings": ()}),
    (0, "Tahan (hari)", "1 bulan", {"shelf_life_days": 30}),
    (0, "Cara simpan", "Suhu ruang", {"storage": "room"}),
    (0, "Cara jual", "selalu ada", Way("unlimited")),
    (1, "Hari tunggu", 3, Way("made_to_order", 3, 30)),
    (1, "Paling banyak sehari", "bebas", Way("made_to_order", 2, None)),
    (0, "Diambil di lapak", "tidak", (False, True, False)),
    (0, "Ikut diantar", "tidak", (True, False, False)),
    (0, "Dijual di bazar", "ya", (True, True, True)),
]


@pytest.mark.parametrize(("line", "head", "typed", "meant"), CELLS)
def test_a_changed_cell_changes_exactly_that(inside, cake, line, head, typed, meant):
    wording, ways, had = known(cake)
    rows = rows_of(inside)
    rows[line][at(head)] = typed
    if head == "Cara jual":
        rows[line][at("Stok")] = None

    _number, counts = send(inside, rows)

    assert (counts["changed"], counts["same"], counts["bad"]) == (1, 1, 0)
    if isinstance(meant, dict):
        assert known(cake) == (replace(wording, **meant), ways, had)
    elif isinstance(meant, tuple):
        assert known(cake) == (wording, ways, meant)
    else:
        now = known(cake)
        assert (now[0], now[2], now[1][line][0], now[1][1 - line]) == (wording, had, meant, ways[1 - line])


@pytest.mark.parametrize("typed", ["\u200b", "'", "\u202e\u00ad"])
def test_a_cell_that_shows_nothing_does_not_say_that_there_is_no_origin(inside, shop, cake, typed):
    before, rows = known(cake), rows_of(inside)
    rows[0][at("Asal bahan")] = typed

    _number, counts = send(inside, rows)

    assert (counts["same"], counts["bad"]) == (2, 0)
    assert known(cake) == before


def test_a_new_line_may_say_everything_at_once(inside, shop):
    row: list[object] = [""] * len(HEADS)
    told = {
        "Nama": "Kue satu", "Harga": "12rb", "Satuan": "pak", "Jenis": "Kue Basah & Jajanan Pasar",
        "Pemicu alergi": "tidak ada", "Asal bahan": "tidak ada", "Peringatan": "pemanis",
        "Tahan (hari)": "2 minggu", "Cara simpan": "freezer",
        "Cara jual": "dibuat kalau dipesan", "Hari tunggu": "2", "Paling banyak sehari": "40",
        "Diambil di lapak": "ya", "Ikut diantar": "5", "Dijual di bazar": "tidak",
    }  # fmt: skip
    for head, cell in told.items():
        row[at(head)] = cell

    for _again in range(2):
        send(inside, [row])

    made = db.session.scalars(select(Product)).one()
    wording, ways, had = known(made)
    assert (wording.allergens, wording.shelf_life_days, wording.storage) == ((), 14, "frozen")
    assert (wording.origin, wording.warnings) == ("", ("sweetener",))
    assert [way for way, _count in ways] == [Way("made_to_order", 2, 40)]
    assert had == (True, True, False)


@pytest.mark.parametrize(
    ("head", "typed", "sentence"),
    [
        ("Pemicu alergi", "debu", "Pemicu alergi: tidak dikenal"),
        ("Peringatan", "awas", "Peringatan: tidak dikenal"),
        ("Asal bahan", "gelatin " * 40, "Asal bahan: terlalu panjang"),
        ("Asal bahan", "madu obat", "Asal bahan: tidak boleh disebut menyembuhkan"),
        ("Tahan (hari)", "lama", "Tahan (hari): bukan lamanya"),
        ("Tahan (hari)", "100 bulan", "Tahan (hari): bukan lamanya"),
        ("Cara simpan", "lemari", "Cara simpan: pilih: suhu ruang"),
        ("Cara jual", "borongan", "Cara jual: pilih: dihitung"),
        ("Cara jual", "dibuat kalau dipesan", "Hari tunggu: belum diisi"),
        ("Hari tunggu", "3", "Hari tunggu: hanya untuk yang dibuat"),
        ("Hari tunggu", "31", "Hari tunggu: harus angka"),
        ("Paling banyak sehari", "0", "Paling banyak sehari: harus angka"),
        ("Ikut diantar", "jauh", "Ikut diantar: isi ya atau tidak"),
        ("Ikut diantar", "²", "Ikut diantar: isi ya atau tidak"),
        ("Ikut diantar", "9" * 5_000, "Ikut diantar: isi ya atau tidak"),
        ("Dijual di bazar", "kadang", "Dijual di bazar: isi ya atau tidak"),
    ],
)
def test_what_cannot_be_is_said_beside_its_line_and_nothing_is_taken(inside, cake, head, typed, sentence):
    before, rows = known(cake), rows_of(inside)
    rows[0][at(head)] = typed

    number, _counts = send(inside, rows)

    assert sentence in inside.get(f"{PATH}/{number}").text
    assert known(cake) == before


def test_nowhere_at_all_and_fewer_than_promised_are_refused(inside, shop):
    eggs = make_product(shop, "Telur asin")
    with transaction():
        filling.can_be_had(eggs, pickup=True, delivered=False, at_bazaars=False, seen=eggs.places_seen, by=shop.owner)
    place_order(eggs, qty=3)
    rows = rows_of(inside)
    rows[0][at("Diambil di lapak")], rows[0][at("Stok")] = "tidak", 1

    number, _counts = send(inside, rows)

    page = inside.get(f"{PATH}/{number}").text
    assert "Diambil di lapak: pilih paling sedikit satu tempat" in page
    assert "lebih sedikit daripada yang sudah dipesan" in page
    assert way_of(variant_of(eggs)) == Way("counted")

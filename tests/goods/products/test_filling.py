"""What a product page does not say yet: a list, one question at a time, and photos with words."""

from __future__ import annotations

import io
import re

import pytest

from app.core.db import db, transaction
from app.goods.curation import operations as curation
from app.goods.products import filling, queries, rules, wordings
from app.goods.products.models import Product
from app.goods.products.operations import StaleWording
from app.goods.products.rules import Shot, Wording
from app.goods.shelf.models import ShelfItem
from app.kit.rupiah import Rupiah
from app.people.accounts.models import Account
from tests.factories.goods import make_photo, make_product, make_shop, make_zones, picture_bytes, variant_of
from tests.factories.people import KECAMATAN, make_account, sign_in
from tests.support.log import did, log
from tests.support.queries import count_queries


@pytest.fixture
def shop(app):
    """A stall."""
    return make_shop()


@pytest.fixture
def seller(shop):
    """Who runs it."""
    return db.session.get_one(Account, shop.owner_id)


@pytest.fixture
def eggs(shop):
    """A product on sale that says no more than the quick form asks."""
    return make_product(shop, "Telur asin", photo=make_photo(shop))


@pytest.fixture
def inside(client, seller):
    """Her phone, signed in."""
    sign_in(client, seller)
    return client


def said(product: Product) -> Wording:
    """What the newest wording says."""
    return wordings.read(queries.newest_revision(product))


def open_gaps(product: Product) -> list[str]:
    """What is still asked."""
    return [gap.key for gap in filling.list_gaps(queries.get_item(product.id)) if not gap.done]


def test_food_is_asked_what_its_label_must_say(eggs):
    assert open_gaps(eggs) == [
        "berat", "bahan", "alergi", "asal", "peringatan", "tahan", "simpan", "foto", "ambil", "surat",
    ]  # fmt: skip


def test_what_nobody_eats_is_asked_less(shop):
    assert open_gaps(make_product(shop, "Kain batik", category="batik-tenun")) == ["berat", "foto", "ambil"]


ANSWERS = [
    ("berat", {"berat": "250 g"}, "net_weight_g", 250),
    ("bahan", {"bahan": "telur bebek, garam"}, "ingredients", "telur bebek, garam"),
    ("alergi", {"alergi": ["egg", "fish"]}, "allergens", ("egg", "fish")),
    ("alergi", {"alergi": ["tidak-ada"]}, "allergens", ()),
    ("asal", {"asal": " gelatin sapi "}, "origin", "gelatin sapi"),
    ("asal", {"asal": ""}, "origin", ""),
    ("asal", {"asal": "Tidak ada."}, "origin", ""),
    ("peringatan", {"peringatan": ["sweetener", "pig_contact"]}, "warnings", ("sweetener", "pig_contact")),
    ("peringatan", {"peringatan": ["tidak-ada"]}, "warnings", ()),
    ("tahan", {"tahan": "2", "satuan": "minggu"}, "shelf_life_days", 14),
    ("simpan", {"simpan": "cool"}, "storage", "cool"),
]


@pytest.mark.parametrize(("key", "typed", "name", "meant"), ANSWERS)
def test_one_answer_goes_into_the_wording_and_back_to_the_list(inside, eggs, key, typed, name, meant):
    address = f"/jualan/produk/{eggs.id}/isi/{key}"
    assert "0 dari 11" not in inside.get(address).text

    answer = inside.post(address, data={"versi": str(eggs.version)} | typed)

    assert answer.status_code == 303
    assert answer.location.endswith(f"/jualan/produk/{eggs.id}#kurang")
    assert getattr(said(eggs), name) == meant
    assert key not in open_gaps(eggs)
    page = inside.get(f"/jualan/produk/{eggs.id}").text
    assert "3 dari 12 sudah diisi" in page
    assert inside.get(address).status_code == 200


# What the issue names beside the five fields: each is one question on one screen, in words that sellers use.
SCREENS = [
    ("berat", "Berapa berat bersihnya?"), ("bahan", "Bahannya apa saja?"),
    ("alergi", "Ada yang bisa bikin alergi?"), ("tahan", "Tahan berapa lama?"), ("simpan", "Disimpan di mana?"),
    ("foto", "Foto Telur asin"), ("ambil", "Bisa didapat di mana?"), ("stok", "Cara jual"), ("surat", "Surat"),
    ("asal", "Bahan tertentu berasal dari apa?"), ("peringatan", "Ada yang perlu diperingatkan?"),
    ("jenis", "Ini barang jenis apa?"),
]  # fmt: skip
# What a screen asks when its one question has more than one field.
ASKED = {
    "tahan": {"tahan", "satuan"}, "ambil": {"ambil", "antar", "bazar"},
    "stok": {"cara", "jumlah", "hari", "sehari"},
}  # fmt: skip


def test_no_item_of_the_list_is_without_a_screen(eggs):
    assert {gap.key for gap in filling.list_gaps(queries.get_item(eggs.id))} == {key for key, _heading in SCREENS}


@pytest.mark.parametrize(("key", "heading"), SCREENS)
def test_the_list_leads_to_each_question_on_its_own_screen_and_the_phone_keeps_what_is_typed(
    inside, eggs, key, heading
):
    listed = inside.get(f"/jualan/produk/{eggs.id}").text.partition('id="kurang"')[2].partition("</section>")[0]
    leads = {
        "foto": f"/jualan/produk/{eggs.id}/isi/foto", "surat": "/jualan/surat",
        "stok": f"/jualan/pilihan/{variant_of(eggs).id}/cara",
    }.get(key, f"/jualan/produk/{eggs.id}/isi/{key}")  # fmt: skip
    assert f'href="{leads}"' in listed

    page = inside.get(leads).text

    assert heading in page.partition("<h1")[2].partition("</h1>")[0]
    if key not in ("surat", "foto"):
        form = page.partition("<main")[2].partition("<form")[2].partition("</form>")[0]
        fields = set(re.findall(r'<(?:input|select|textarea)[^>]*name="([\w-]+)"', form))
        assert fields - {"csrf_token", "versi", "tadi"} == ASKED.get(key, {key})
    if key != "surat":
        assert 'data-behaviour="once keep-draft" data-draft="' in page
        assert "data-draft-note" in page


def test_where_she_brings_is_asked_only_where_it_shows(app, inside, eggs):
    asks = {}
    for key in ("berat", "ambil"):
        with count_queries(app) as asked:
            inside.get(f"/jualan/produk/{eggs.id}/isi/{key}")
        asks[key] = any("delivery_plan.least" in statement for statement, _facts in asked)

    assert asks == {"berat": False, "ambil": True}


@pytest.mark.parametrize(
    ("address", "typed", "draft"),
    [
        ("/jualan/produk/{id}/isi/bahan", {"bahan": "telur, garam"}, "isi-{id}-bahan-"),
        ("/jualan/produk/{id}/isi/foto", {"langkah": "simpan"}, "isi-{id}-foto-"),
        ("/jualan/pilihan/{variant}/cara", {"cara": "unlimited", "tadi": "counted:0:"}, "cara-{id}-{variant}-"),
    ],
)
def test_what_has_reached_us_is_no_draft_any_more(inside, seller, eggs, address, typed, draft):
    known = {"id": eggs.id, "variant": variant_of(eggs).id}

    answer = inside.post(address.format(**known), data={"versi": str(eggs.version)} | typed)

    assert answer.status_code == 303
    assert f'data-draft-done="{draft.format(**known)}{seller.id}"' in inside.get(answer.location).text


def test_the_same_answer_twice_is_one_wording(inside, eggs):
    data = {"versi": str(eggs.version), "berat": "250"}
    for _time in range(2):
        assert inside.post(f"/jualan/produk/{eggs.id}/isi/berat", data=data).status_code == 303

    assert queries.newest_revision(eggs).number == 2


def test_an_answer_on_an_old_page_stands_beside_the_newer_one(inside, seller, eggs):
    with transaction():
        filling.answer(eggs, {"net_weight_g": 300}, version=1, by=seller)

    answer = inside.post(f"/jualan/produk/{eggs.id}/isi/berat", data={"versi": "1", "berat": "250 g"})

    assert answer.status_code == 409
    assert "300 gram" in answer.text
    assert 'value="250 g"' in answer.text
    assert said(eggs).net_weight_g == 300
    with pytest.raises(StaleWording), transaction():
        filling.answer(eggs, {"net_weight_g": 250}, version=1, by=seller)


POOR = [
    ("berat", {"berat": ""}, "Timbang satu"),
    ("berat", {"berat": "berat sekali"}, "Isi berat"),
    ("bahan", {"bahan": ""}, "Tulis bahannya."),
    ("bahan", {"bahan": "jahe obat kanker"}, "tidak boleh disebut menyembuhkan"),
    ("alergi", {}, "Kalau tidak ada, pilih Tidak ada."),
    ("alergi", {"alergi": ["egg", "tidak-ada"]}, "Jangan dua-duanya."),
    ("asal", {"asal": "x" * 301}, "Terlalu panjang"),
    ("asal", {"asal": "gelatin penyembuh luka"}, "tidak boleh disebut menyembuhkan"),
    ("peringatan", {}, "Kalau tidak ada, pilih Tidak ada."),
    ("peringatan", {"peringatan": ["pig", "tidak-ada"]}, "Jangan dua-duanya."),
    ("peringatan", {"peringatan": ["<script>"]}, "Tidak ada"),
    ("tahan", {"tahan": "999", "satuan": "bulan"}, "Paling lama 5 tahun."),
    ("tahan", {"tahan": "x", "satuan": "hari"}, "angka bulat"),
    ("simpan", {"simpan": "<script>"}, "Pilih salah satu."),
    ("jenis", {"jenis": "0"}, "Pilih salah satu."),
    ("ambil", {}, "Pilih paling sedikit satu."),
]


@pytest.mark.parametrize(("key", "typed", "sentence"), POOR)
def test_a_poor_answer_is_explained_and_changes_nothing(inside, eggs, key, typed, sentence):
    answer = inside.post(f"/jualan/produk/{eggs.id}/isi/{key}", data={"versi": "1"} | typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert queries.newest_revision(eggs).number == 1


def test_where_it_can_be_had_holds_at_once(inside, shop, seller, eggs):
    address = f"/jualan/produk/{eggs.id}/isi/ambil"
    assert inside.post(address, data={"ambil": "y", "antar": "y", "versi": "1111"}).status_code == 303
    assert log("product.can_be_had") == [did(seller, eggs)]

    db.session.expire_all()
    assert (eggs.pickup, eggs.delivered, eggs.at_bazaars) == (True, True, False)
    assert not db.session.get_one(ShelfItem, eggs.id).at_bazaars
    assert "ambil" in open_gaps(eggs), "neither a place of hers nor a fee is known"
    assert "Lapak ini belum mengantar ke mana pun." in inside.get(address).text
    make_zones(shop, {KECAMATAN: 4_000})
    assert "ambil" not in open_gaps(eggs)
    assert "Rp4.000 ke Ciomas" in inside.get(address).text


def test_what_stands_at_bazaars_alone_is_not_asked_for_again(inside, eggs):
    """The list would ask for ever for a place of hers that she does not want to name."""
    assert "ambil" in open_gaps(eggs)
    answer = inside.post(f"/jualan/produk/{eggs.id}/isi/ambil", data={"bazar": "y", "versi": "1111"})

    assert answer.status_code == 303
    db.session.expire_all()
    assert "ambil" not in open_gaps(eggs)


def test_where_it_can_be_had_is_not_overwritten_from_an_old_page(inside, seller, eggs):
    address = f"/jualan/produk/{eggs.id}/isi/ambil"
    with transaction():
        filling.can_be_had(eggs, pickup=True, delivered=True, at_bazaars=False, seen=1111, by=seller)

    answer = inside.post(address, data={"bazar": "y", "versi": "1111"})

    assert answer.status_code == 409
    assert "<strong>Diambil di lapak, Ikut diantar</strong>" in answer.text
    assert re.search(r'name="versi"[^>]* value="1110"', answer.text)
    db.session.expire_all()
    assert (eggs.pickup, eggs.delivered, eggs.at_bazaars) == (True, True, False)
    assert inside.post(address, data={"bazar": "y", "versi": "1110"}).status_code == 303


def test_where_it_can_be_had_and_the_wording_ask_nothing_of_each_other(inside, eggs):
    address = f"/jualan/produk/{eggs.id}/isi"
    seen = re.search(r'name="versi"[^>]* value="(\d+)"', inside.get(f"{address}/ambil").text)[1]

    assert inside.post(f"{address}/berat", data={"versi": "1", "berat": "200"}).status_code == 303
    assert inside.post(f"{address}/ambil", data={"versi": seen, "bazar": "y"}).status_code == 303
    assert inside.post(f"{address}/tahan", data={"versi": "2", "tahan": "7", "satuan": "hari"}).status_code == 303

    db.session.expire_all()
    assert (eggs.pickup, eggs.delivered, eggs.at_bazaars) == (False, False, True)
    assert (said(eggs).net_weight_g, said(eggs).shelf_life_days) == (200, 7)


def test_photos_have_an_order_a_cover_and_words(inside, shop, seller, eggs):
    address = f"/jualan/produk/{eggs.id}/isi/foto"
    first = queries.newest_revision(eggs).photo_id
    data = {"versi": "1", "langkah": "simpan", f"alt-{first}": "Lima telur di piring", "alt-baru": "Satu dibelah"}
    sent = data | {"foto": (io.BytesIO(picture_bytes()), "IMG_2.jpg")}
    assert inside.post(address, data=sent, content_type="multipart/form-data").status_code == 303

    shots = rules.as_shots(said(eggs))
    assert [each.alt for each in shots] == ["Lima telur di piring", "Satu dibelah"]
    second = shots[1].photo_id
    assert "foto" not in open_gaps(eggs)

    alts = {f"alt-{first}": "Lima telur di piring", f"alt-{second}": "Telur dibelah dua"}
    inside.post(address, data={"versi": "2", "langkah": f"utama-{second}"} | alts)
    assert rules.as_shots(said(eggs)) == [Shot(second, "Telur dibelah dua"), Shot(first, "Lima telur di piring")]

    third = make_photo(shop).id
    with transaction():
        filling.arrange(eggs, lambda shots: [*shots, Shot(third, "Kotaknya")], version=3, by=seller)
    inside.post(address, data={"versi": "4", "langkah": f"naik-{third}", f"alt-{third}": "Kotaknya"} | alts)
    assert [each.photo_id for each in rules.as_shots(said(eggs))] == [second, third, first]
    inside.post(address, data={"versi": "5", "langkah": f"hapus-{third}"} | alts)

    inside.post(address, data={"versi": "6", "langkah": f"hapus-{first}"} | alts)
    assert rules.as_shots(said(eggs)) == [Shot(second, "Telur dibelah dua")]
    last = inside.post(address, data={"versi": "7", "langkah": f"hapus-{second}"} | alts)
    assert last.status_code == 409
    assert "Satu foto harus tetap ada." in last.text


def test_two_tabs_that_change_photos_are_shown_the_difference_and_overwrite_nothing(inside, shop, seller, eggs):
    address = f"/jualan/produk/{eggs.id}/isi/foto"
    first, second, gone, added = (make_photo(shop).id for _each in range(4))
    begun = [Shot(first, "Telur"), Shot(second, "Piring"), Shot(gone, "Kotak")]
    theirs = [Shot(second, "Piring"), Shot(first, "Telur bebek"), Shot(added, "Dibelah")]
    with transaction():
        filling.arrange(eggs, lambda _shots: begun, version=1, by=seller)
    with transaction():
        filling.arrange(eggs, lambda _shots: theirs, version=2, by=seller)

    typed = {f"alt-{first}": "Telur asin", f"alt-{second}": "Piring biru", f"alt-{gone}": "Kotak"}
    answer = inside.post(address, data={"versi": "2", "langkah": "simpan"} | typed)

    assert answer.status_code == 409
    for words in ("Foto 2 sekarang: “Telur bebek”.", "Foto 3 baru ditambahkan.", "1 foto sudah dihapus.", "Urutannya"):
        assert words in answer.text
    for number, alt in ((first, "Telur asin"), (second, "Piring biru"), (added, "Dibelah")):
        assert re.search(rf'name="alt-{number}"[^>]* value="{alt}"', answer.text)
    assert f'name="alt-{gone}"' not in answer.text
    assert rules.as_shots(said(eggs)) == theirs

    version = re.search(r'name="versi"[^>]* value="(\d+)"', answer.text)[1]
    inside.post(address, data={"versi": version, "langkah": "simpan", f"alt-{added}": "Dibelah"} | typed)
    kept = [Shot(second, "Piring biru"), Shot(first, "Telur asin"), Shot(added, "Dibelah")]
    assert rules.as_shots(said(eggs)) == kept


def test_words_that_only_the_other_tab_wrote_about_a_photo_are_kept(inside, shop, seller, eggs):
    address = f"/jualan/produk/{eggs.id}/isi/foto"
    first, second = queries.newest_revision(eggs).photo_id, make_photo(shop).id
    with transaction():
        filling.arrange(eggs, lambda shots: [*shots, Shot(second, "")], version=1, by=seller)
    with transaction():
        filling.arrange(eggs, lambda shots: [Shot(first, "Lima telur"), shots[1]], version=2, by=seller)

    sent = {"versi": "2", "langkah": "simpan", f"alt-{first}": "", f"alt-{second}": "Piring"}
    page = inside.post(address, data=sent).text

    assert re.search(rf'name="alt-{first}"[^>]* value="Lima telur"', page)
    assert re.search(rf'name="alt-{second}"[^>]* value="Piring"', page)
    assert "Foto 1 sekarang" not in page


def test_an_old_page_of_photos_says_when_something_else_changed(inside, seller, eggs):
    first = queries.newest_revision(eggs).photo_id
    with transaction():
        filling.answer(eggs, {"net_weight_g": 300}, version=1, by=seller)

    sent = {"versi": "1", "langkah": "simpan", f"alt-{first}": "Lima telur"}
    answer = inside.post(f"/jualan/produk/{eggs.id}/isi/foto", data=sent)

    assert answer.status_code == 409
    assert "Fotonya sendiri tidak berubah." in answer.text
    assert 'value="Lima telur"' in answer.text


def test_there_is_an_end_to_photos(shop, seller, eggs):
    more = [Shot(make_photo(shop).id, "") for _each in range(5)]
    with transaction():
        filling.arrange(eggs, lambda shots: [*shots, *more], version=1, by=seller)

    one_more = Shot(make_photo(shop).id)
    with pytest.raises(filling.TooManyPhotos), transaction():
        filling.arrange(eggs, lambda shots: [*shots, one_more], version=2, by=seller)


def test_a_file_that_is_no_photo_loses_no_words(inside, eggs):
    first = queries.newest_revision(eggs).photo_id
    data = {"versi": "1", "langkah": "simpan", f"alt-{first}": "Telur", "foto": (io.BytesIO(b"a letter"), "a.jpg")}

    answer = inside.post(f"/jualan/produk/{eggs.id}/isi/foto", data=data, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert 'value="Telur"' in answer.text


def test_a_curator_sees_what_was_filled_in(client, seller, eggs):
    with transaction():
        filling.answer(eggs, {"ingredients": "telur bebek", "allergens": ("egg",)}, version=1, by=seller)
    sign_in(client, make_account("curator", region_code="36.04"))

    page = client.get(f"/dinsos/kurasi/{queries.newest_revision(eggs).id}").text

    assert "telur bebek" in page
    assert "Pemicu alergi" in page


def test_a_returned_product_is_mended_by_one_answer(seller, eggs):
    curator = make_account("curator", region_code="36.04")
    with transaction():
        filling.answer(eggs, {"net_weight_g": 1}, version=1, by=seller)
    with transaction():
        curation.turn_down(queries.newest_revision(eggs), "kembalikan", "berat-belum-ada", "", by=curator)
    with transaction():
        filling.answer(eggs, {"net_weight_g": 250}, version=2, by=seller)

    assert queries.newest_revision(eggs).state == "waiting"
    assert said(eggs).price == Rupiah(19_000)


def test_nobody_answers_for_another_seller(client, eggs):
    sign_in(client, db.session.get_one(Account, make_shop().owner_id))

    for key in ("berat", "foto", "ambil"):
        assert client.get(f"/jualan/produk/{eggs.id}/isi/{key}").status_code == 404
        assert client.post(f"/jualan/produk/{eggs.id}/isi/{key}", data={"berat": "1"}).status_code == 404
    assert client.get(f"/jualan/produk/{eggs.id}/isi/lain").status_code == 404


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "${7*7}", "A" * 70_000, "%s %d", "\u202ebahan"])
def test_hostile_answers_break_nothing(inside, eggs, text):
    answer = inside.post(f"/jualan/produk/{eggs.id}/isi/bahan", data={"versi": "1", "bahan": text})

    assert answer.status_code in {303, 422}
    page = inside.get(f"/jualan/produk/{eggs.id}").text
    assert "<script>alert(1)" not in page
    assert "49" not in said(eggs).ingredients

"""No word of a seller that buyers read promises a cure: each is stopped kindly, and nothing typed is lost."""

from __future__ import annotations

import io

import pytest

from app.core.db import db
from app.goods.products import queries
from app.goods.products.models import ProductDraft
from app.people.accounts.models import Account
from tests.factories.goods import category_id, make_photo, make_product, make_shop, picture_bytes, variant_of
from tests.factories.people import sign_in

SAID = "Makanan dan barang tidak boleh disebut menyembuhkan. Ganti “penyembuh”, ya."
TYPED = "Penyembuh batuk asli"
WHOLE = {"versi": "1", "nama": "Madu hutan", "harga": "50000", "satuan": "botol", "keterangan": "Manis."}
CHOICE = {"versi": "1", "pertama": "Kecil", "pilihan": "Besar", "harga": "90rb", "satuan": "botol", "cara": "unlimited"}
WAYS = [
    ("/ubah", WHOLE, "nama"), ("/ubah", WHOLE, "satuan"), ("/ubah", WHOLE, "keterangan"),
    ("/pilihan/baru", CHOICE, "pertama"), ("/pilihan/baru", CHOICE, "pilihan"), ("/pilihan/baru", CHOICE, "satuan"),
    ("/isi/bahan", {"versi": "1"}, "bahan"), ("/isi/asal", {"versi": "1"}, "asal"),
    ("/isi/foto", {"versi": "1", "langkah": "simpan"}, "alt-baru"),
    ("/isi/foto", {"versi": "1", "langkah": "simpan"}, "alt-{photo}"),
]  # fmt: skip


@pytest.fixture
def honey(client, app):
    """Honey on sale, its seller signed in."""
    shop = make_shop()
    sign_in(client, db.session.get_one(Account, shop.owner_id))
    return make_product(shop, "Madu hutan", photo=make_photo(shop), category="gula-madu")


@pytest.mark.parametrize(("way", "facts", "field"), WAYS)
def test_each_word_about_goods_that_promises_a_cure_is_stopped(client, honey, way, facts, field):
    name = field.format(photo=queries.newest_revision(honey).photo_id)
    sent = {"jenis": str(category_id("gula-madu"))} | facts | {name: TYPED}

    answer = client.post(f"/jualan/produk/{honey.id}{way}", data=sent, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert SAID in answer.text
    assert TYPED in answer.text
    assert queries.newest_revision(honey).number == 1
    assert len(queries.list_variants(honey.id)) == 1


def test_the_words_of_a_choice_that_is_there_are_read_too(client, honey):
    sent = {"versi": "1", "pilihan": TYPED, "harga": "90rb", "satuan": "botol"}

    answer = client.post(f"/jualan/pilihan/{variant_of(honey).id}", data=sent)

    assert (answer.status_code, SAID in answer.text, TYPED in answer.text) == (422, True, True)


def test_a_draft_may_say_what_it_likes_until_it_is_sent(client, honey):
    sent = {"kunci": "k" * 22, "nama": TYPED, "harga": "50000", "satuan": "botol", "jumlah": "3"}
    photo = {"foto": (io.BytesIO(picture_bytes()), "IMG_1.jpg")}
    assert client.post("/jualan/produk/baru", data=sent | {"langkah": "draf"}).status_code == 303
    assert db.session.query(ProductDraft).one().typed["nama"] == TYPED

    answer = client.post("/jualan/produk/baru", data=sent | photo, content_type="multipart/form-data")

    assert (answer.status_code, SAID in answer.text) == (422, True)

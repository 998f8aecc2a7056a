"""Drafts: what was begun is kept until it is sent or thrown away; and two tabs that change one product."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.core.clock import now
from app.core.db import db, transaction
from app.goods.photos.models import Photo
from app.goods.products import drafting, listeners, queries
from app.goods.products.models import Product, ProductDraft
from app.kit.rupiah import Rupiah
from app.people.accounts.models import Account
from tests.factories.goods import category_id, make_photo, make_product, make_shop, picture_bytes, revision_of
from tests.factories.people import sign_in

NEW = "/jualan/produk/baru"
KEY = "k" * 22


@pytest.fixture
def shop(app):
    """A stall."""
    return make_shop()


@pytest.fixture
def inside(client, shop):
    """Her phone, signed in."""
    sign_in(client, db.session.get_one(Account, shop.owner_id))
    return client


def keep(client: Any, **typed: Any) -> Any:
    """Press the button that keeps a draft."""
    facts = {"kunci": KEY, "langkah": "draf", "nama": "Rengginang", "harga": "lima belas ribu", "satuan": "pak"}
    return client.post(NEW, data=facts | typed, content_type="multipart/form-data")


def drafts() -> list[ProductDraft]:
    """Every draft there is."""
    db.session.expire_all()
    return list(db.session.scalars(select(ProductDraft).order_by(ProductDraft.id)))


def test_an_unfinished_product_is_kept_word_by_word_with_its_photo(inside):
    answer = keep(inside, foto=(io.BytesIO(picture_bytes()), "IMG_1.jpg"))

    assert answer.status_code == 303
    page = inside.get("/jualan/produk").text
    assert "Rengginang" in page
    draft = drafts()[0]
    page = inside.get(f"{NEW}?draf={draft.id}").text
    assert 'value="lima belas ribu"' in page
    assert "Foto sekarang" in page
    assert db.session.scalar(select(func.count()).select_from(Product)) == 0


def test_a_draft_that_is_sent_is_a_draft_no_more(inside, shop):
    keep(inside, foto=(io.BytesIO(picture_bytes()), "IMG_1.jpg"))
    page = inside.get(f"{NEW}?draf={drafts()[0].id}").text
    ticket = re.search(r'name="foto-tersimpan"[^>]*value="([^"]+)"', page)
    assert ticket
    sent = {
        "kunci": KEY, "nama": "Rengginang", "harga": "15000", "satuan": "pak", "jumlah": "5",
        "jenis": str(category_id()), "foto-tersimpan": ticket[1],
    }  # fmt: skip

    assert inside.post(NEW, data=sent, content_type="multipart/form-data").status_code == 303

    assert drafts() == []
    assert queries.count_products(shop.id) == 1


def test_keeping_twice_is_one_draft_and_an_old_page_makes_its_own(inside):
    keep(inside)
    keep(inside)
    assert len(drafts()) == 1
    keep(inside, harga="16000", **{"versi-draf": "1"})
    assert [each.typed["harga"] for each in drafts()] == ["16000"]

    keep(inside, harga="17000", **{"versi-draf": "1"})

    assert [each.typed["harga"] for each in drafts()] == ["16000", "17000"]
    assert "disimpan sebagai draf sendiri" in inside.get("/jualan/produk").text


def test_nothing_is_no_draft_and_there_is_an_end(inside, shop):
    answer = keep(inside, nama="", harga="")
    assert answer.status_code == 422
    assert "Belum ada yang diisi." in answer.text
    with transaction():
        for number in range(drafting.MOST):
            drafting.save(shop, f"{number}" * 20, {"nama": "x"}, None, version=0)

    answer = keep(inside)

    assert answer.status_code == 409
    assert 'value="Rengginang"' in answer.text


def test_a_draft_is_thrown_away_by_her_alone(inside, client, shop):
    keep(inside)
    draft = drafts()[0].id
    sign_in(client, db.session.get_one(Account, make_shop().owner_id))
    assert client.post(f"/jualan/produk/draf/{draft}/hapus").status_code == 404
    assert 'value="Rengginang"' not in client.get(f"{NEW}?draf={draft}").text

    sign_in(client, db.session.get_one(Account, shop.owner_id))
    assert client.post(f"/jualan/produk/draf/{draft}/hapus").status_code == 303

    assert drafts() == []
    assert client.post(f"/jualan/produk/draf/{draft}/hapus").status_code == 404


def test_the_photo_of_a_draft_is_not_swept_away(app, shop):
    photo = make_photo(shop)
    with transaction():
        photo.created_at = now() - timedelta(days=9)
        drafting.save(shop, KEY, {"nama": "Rengginang"}, photo, version=0)

    with transaction():
        listeners.forget_loose_photos()

    assert db.session.get(Photo, photo.id) is not None


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "${7*7}", "A" * 70_000, "%s", "a\x00b", "\u202ex"])
def test_hostile_drafts_break_nothing(inside, text):
    assert keep(inside, nama=text, harga=text, kunci=text).status_code == 303
    assert "<script>alert(1)" not in inside.get("/jualan/produk").text
    assert inside.get(f"{NEW}?draf={drafts()[0].id}").status_code == 200
    assert inside.get(NEW, query_string={"draf": text[:50].replace("\x00", "")}).status_code == 200


@pytest.fixture
def eggs(shop):
    """A product on sale."""
    return make_product(shop, "Telur asin", photo=make_photo(shop), price=19_000)


def edit(client: Any, product: Product, **typed: str) -> Any:
    """Save the page that changes a product."""
    facts = {"versi": "1", "nama": "Telur asin", "harga": "19000", "satuan": "pak", "jenis": str(category_id())}
    return client.post(f"/jualan/produk/{product.id}/ubah", data=facts | typed)


def test_what_two_tabs_changed_stands_side_by_side(inside, eggs):
    edit(inside, eggs, harga="20000")

    answer = edit(inside, eggs, harga="21000")

    assert answer.status_code == 409
    for said in ("Isian Anda", "Tersimpan sekarang", "Rp20.000", "Rp21.000"):
        assert said in answer.text
    assert 'value="21000"' in answer.text
    assert revision_of(eggs, "waiting").price == Rupiah(20_000)


def test_what_only_the_other_tab_changed_is_kept(inside, eggs):
    edit(inside, eggs, keterangan="Diasinkan dua minggu", berat="300 g")

    answer = edit(inside, eggs, nama="Telur asin asap")

    assert answer.status_code == 409
    # Nobody changed the name in the other tab, nobody these two here: each stands in the field, ready to be saved.
    assert re.search(r"<textarea[^>]*>\s*Diasinkan dua minggu</textarea>", answer.text)
    for field, value in (("berat", "300 g"), ("nama", "Telur asin asap")):
        assert re.search(rf'name="{field}"[^>]*value="{value}"', answer.text), field
    edit(inside, eggs, versi="2", nama="Telur asin asap", keterangan="Diasinkan dua minggu", berat="300 g")
    newest = queries.newest_revision(eggs)
    assert (newest.name, newest.description, newest.net_weight_g) == ("Telur asin asap", "Diasinkan dua minggu", 300)


def test_a_product_whose_versions_ran_ahead_of_its_wordings_is_merged_with_what_its_page_showed(inside, eggs):
    with transaction():
        db.session.get_one(Product, eggs.id).version = 2
    for price in ("20000", "25000"):
        edit(inside, eggs, versi=str(queries.get_item(eggs.id).product.version), harga=price)

    answer = edit(inside, eggs, versi="2", nama="Telur asin asap")
    sent = edit(inside, eggs, versi="2", harga="20000")

    assert (answer.status_code, sent.status_code) == (409, 409)
    assert "Tersimpan sekarang" not in answer.text, "only the name was changed here, and only the price there"
    assert 'value="20000"' in sent.text, "what was typed is not taken for what another page had said"


def test_the_choices_of_another_tab_survive_a_save(inside, eggs):
    address = f"/jualan/produk/{eggs.id}/pilihan/baru"
    choice = {"versi": "1", "pertama": "Isi 5", "pilihan": "Isi 10", "harga": "36000", "satuan": "pak"}
    inside.post(address, data=choice | {"cara": "unlimited"})

    assert edit(inside, eggs, nama="Telur asin asap").status_code == 409
    assert edit(inside, eggs, nama="Telur asin asap", versi="2").status_code == 303

    assert [each.label for each in queries.newest_revision(eggs).choices] == ["Isi 10"]

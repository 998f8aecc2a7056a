"""Sizes and flavours: added, reworded, rested, removed, and sold in their own way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.db import db, transaction
from app.goods.catalogue import queries as queries_of_cards
from app.goods.curation import operations as curation
from app.goods.products import choosing, operations, queries, wordings
from app.goods.products.models import Product, Revision, Variant
from app.goods.products.operations import StaleWording
from app.goods.products.rules import Terms, Way, way_of
from app.goods.shelf.models import ShelfItem
from app.goods.stock import operations as stock
from app.goods.stock.queries import available
from app.kit.rupiah import Rupiah
from app.people.accounts.models import Account
from tests.factories.goods import make_product, make_shop, make_waiting_product, variant_of
from tests.factories.people import make_account, sign_in
from tests.support.log import did, log

TEN = Terms("Isi 10", Rupiah(36_000), "pak", 700)
COUNTED = Way("counted", quantity=4)


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
    """A product on sale with one choice."""
    return make_product(shop, "Telur asin", price=19_000, qty=10)


@pytest.fixture
def inside(client, seller):
    """Her phone, signed in."""
    sign_in(client, seller)
    return client


def add(product: Product, by: Account, terms: Terms = TEN, way: Way = COUNTED, first: str = "Isi 5") -> Variant:
    """Add a choice as her form does."""
    with transaction():
        return choosing.add(product, terms, way, first=first, version=product.version, by=by)


def approve(product: Product) -> None:
    """A curator says yes to what waits."""
    with transaction():
        curation.approve(queries.newest_revision(product), by=make_account("curator", region_code="36.04"))


def offered(product: Product) -> list[str]:
    """The names of what is sold now."""
    return [each.label for each in queries.list_variants(product.id) if each.active]


def test_a_new_choice_waits_with_its_stock_and_is_sold_once_approved(seller, eggs):
    made = add(eggs, seller)

    assert not made.active
    assert available([made.id]) == {made.id: 4}
    assert offered(eggs) == [""]

    approve(eggs)

    assert offered(eggs) == ["Isi 5", "Isi 10"]
    card = db.session.get_one(ShelfItem, eggs.id)
    assert (card.price, card.spread) == (Rupiah(19_000), True)


def test_the_same_choice_sent_twice_is_one(seller, eggs):
    version = eggs.version
    first = add(eggs, seller)
    with transaction():
        second = choosing.add(eggs, TEN, COUNTED, first="Isi 5", version=version, by=seller)

    assert second.id == first.id
    assert len(queries.list_variants(eggs.id)) == 2


@pytest.mark.parametrize("label", ["isi  10", "ISI 5"])
def test_two_choices_never_have_one_name(seller, eggs, label):
    add(eggs, seller)

    with pytest.raises(choosing.SameLabel), transaction():
        choosing.add(eggs, replace(TEN, label=label, unit="dus"), COUNTED, first="", version=eggs.version, by=seller)


def test_a_choice_made_on_an_old_page_is_refused_and_leaves_nothing(seller, eggs):
    add(eggs, seller)

    with pytest.raises(StaleWording), transaction():
        choosing.add(eggs, replace(TEN, label="Isi 20"), COUNTED, first="", version=1, by=seller)

    assert len(queries.list_variants(eggs.id)) == 2


def test_there_is_an_end_to_choices(seller, eggs):
    for number in range(1, 10):
        add(eggs, seller, replace(TEN, label=f"Rasa {number}"))

    with pytest.raises(choosing.TooManyChoices), transaction():
        choosing.add(eggs, replace(TEN, label="Rasa akhir"), COUNTED, first="", version=eggs.version, by=seller)


def test_rewording_waits_and_the_others_keep_their_words(seller, eggs):
    made = add(eggs, seller)
    approve(eggs)
    with transaction():
        choosing.reword(eggs, made, replace(TEN, price=Rupiah(40_000)), version=eggs.version, by=seller)
    assert made.price == Rupiah(36_000)

    approve(eggs)

    assert [each.price for each in queries.list_variants(eggs.id)] == [Rupiah(19_000), Rupiah(40_000)]


def test_the_first_choice_is_reworded_like_any_other(seller, eggs):
    add(eggs, seller)
    first = queries.list_variants(eggs.id)[0]
    with transaction():
        choosing.reword(eggs, first, Terms("Isi 6", Rupiah(21_000), "pak", 400), version=eggs.version, by=seller)

    said = wordings.read(queries.newest_revision(eggs))
    assert (said.label, said.price, said.net_weight_g, len(said.choices)) == ("Isi 6", Rupiah(21_000), 400, 1)


def test_a_rested_choice_is_off_at_once_and_comes_back(seller, eggs):
    made = add(eggs, seller)
    approve(eggs)
    with transaction():
        choosing.rest(eggs, made, by=seller)
        choosing.rest(eggs, made, by=seller)
    assert offered(eggs) == ["Isi 5"]
    assert not db.session.get_one(ShelfItem, eggs.id).spread

    with transaction():
        choosing.wake(eggs, made, by=seller)

    assert offered(eggs) == ["Isi 5", "Isi 10"]
    acts = log("product.choice_rested"), log("product.choice_woken")
    assert acts == ([did(seller, eggs, variant=made.id)],) * 2


def test_the_last_choice_cannot_rest(seller, eggs):
    only = variant_of(eggs)
    with pytest.raises(choosing.LastChoice), transaction():
        choosing.rest(eggs, only, by=seller)

    add(eggs, seller)
    with pytest.raises(choosing.LastChoice), transaction():  # the other one is not approved yet
        choosing.rest(eggs, only, by=seller)


def test_what_rests_leaves_nobody_alone_with_what_goes(seller, eggs):
    """Buyers would be left with a page on which there is nothing to order, now or once the wording is approved."""
    only, second = variant_of(eggs), add(eggs, seller)
    approve(eggs)
    with transaction():
        choosing.rest(eggs, only, by=seller)
    with pytest.raises(choosing.LastChoice), transaction():
        choosing.drop(eggs, second, version=eggs.version, by=seller)
    with transaction():
        choosing.wake(eggs, only, by=seller)
        choosing.drop(eggs, second, version=eggs.version, by=seller)
        choosing.wake(eggs, second, by=seller)

    with pytest.raises(choosing.LastChoice), transaction():
        choosing.rest(eggs, only, by=seller)
    assert offered(eggs) == ["Isi 5", "Isi 10"]


def test_a_choice_that_rested_before_anybody_looked_is_woken_and_waits_on(seller, eggs):
    second = add(eggs, seller)
    with transaction():
        choosing.rest(eggs, second, by=seller)
        choosing.wake(eggs, second, by=seller)
    assert not second.active

    approve(eggs)

    assert offered(eggs) == ["Isi 5", "Isi 10"]


def test_the_card_goes_with_the_stock_of_every_choice_and_with_how_it_is_sold(client, seller, eggs):
    """Said to be sold out in every list, it would not be ordered, though the second size is there."""
    first, second = variant_of(eggs), add(eggs, seller)
    approve(eggs)
    assert (second.net_weight_g, second.unit) == (700, "pak")

    def sold_out() -> bool:
        db.session.rollback()
        return queries_of_cards.list_by_ids([eggs.id])[0].sold_out

    with transaction():
        stock.waste(first.id, 10, by=seller)
    assert not sold_out()
    with transaction():
        stock.waste(second.id, 4, by=seller)
    assert sold_out()
    with transaction():
        choosing.sell_so(eggs, second, Way("made_to_order", 2), seen=Way("counted"), by=seller)
    assert not sold_out()
    with transaction():
        choosing.sell_so(eggs, second, Way("counted"), seen=Way("made_to_order", 2), by=seller)
    assert sold_out()


def test_another_weight_of_a_choice_is_sold_by_once_it_is_approved(seller, eggs):
    second = add(eggs, seller)
    approve(eggs)
    with transaction():
        choosing.reword(eggs, second, replace(TEN, net_weight_g=650), version=eggs.version, by=seller)
    assert second.net_weight_g == 700

    approve(eggs)

    assert second.net_weight_g == 650


def test_a_removed_choice_is_off_at_once_and_gone_once_approved(seller, eggs):
    made = add(eggs, seller)
    approve(eggs)
    version = eggs.version
    with transaction():
        choosing.drop(eggs, made, version=version, by=seller)
    with transaction():
        choosing.drop(eggs, made, version=version, by=seller)
    assert offered(eggs) == ["Isi 5"]

    approve(eggs)

    assert len(queries.get_item(eggs.id).offered) == 1
    with pytest.raises(choosing.FirstStays), transaction():
        choosing.drop(eggs, queries.list_variants(eggs.id)[0], version=eggs.version, by=seller)


def test_editing_the_product_keeps_its_choices(inside, seller, eggs):
    add(eggs, seller)

    inside.post(
        f"/jualan/produk/{eggs.id}/ubah",
        data={
            "versi": eggs.version,
            "nama": "Telur asin asap",
            "harga": "20rb",
            "satuan": "pak",
            "jenis": str(queries.get_item(eggs.id).newest.category_id),
            "foto-tersimpan": "",
            "keterangan": "Asap kelapa",
        },
        content_type="multipart/form-data",
    )

    newest = db.session.query(Revision).filter_by(product_id=eggs.id).order_by(Revision.number.desc()).first()
    assert [each.label for each in newest.choices] == ["Isi 10"]
    assert newest.label == "Isi 5"


def test_made_to_order_needs_no_count_and_counting_begins_anew(seller, eggs):
    only, way = variant_of(eggs), Way("made_to_order", 2, 30)
    with transaction():
        choosing.sell_so(eggs, only, way, seen=Way("counted"), by=seller)
        choosing.sell_so(eggs, only, way, seen=Way("counted"), by=seller)
    assert (available([only.id]), way_of(only)) == ({}, way)
    assert log("product.sold_so") == [did(seller, eggs, variant=only.id, way="made_to_order")]
    with pytest.raises(operations.NotCounted), transaction():
        operations.set_count(only, 3, seen=10, by=seller)

    with transaction():
        choosing.sell_so(eggs, only, Way("counted", quantity=7), seen=way, by=seller)

    assert available([only.id]) == {only.id: 7}


def test_a_way_that_changed_meanwhile_is_not_overwritten(seller, eggs):
    only = variant_of(eggs)
    with transaction():
        choosing.sell_so(eggs, only, Way("unlimited"), seen=Way("counted"), by=seller)

    with pytest.raises(choosing.StaleWay), transaction():
        choosing.sell_so(eggs, only, Way("made_to_order", 3), seen=Way("counted"), by=seller)

    assert only.stock_mode == "unlimited"


def test_what_was_promised_cannot_be_counted_away(seller, eggs):
    only = variant_of(eggs)
    with transaction():
        stock.reserve({only.id: 6}, source=("order", 1))
        choosing.sell_so(eggs, only, Way("unlimited"), seen=Way("counted"), by=seller)

    with pytest.raises(stock.Promised), transaction():
        choosing.sell_so(eggs, only, Way("counted", quantity=2), seen=Way("unlimited"), by=seller)


def typed(product: Product, **given: str) -> dict[str, str]:
    """The form of a new choice as she fills it."""
    facts = {
        "versi": str(product.version), "pertama": "Isi 5", "pilihan": "Isi 10", "harga": "36rb", "satuan": "pak",
        "berat": "700 g", "cara": "counted", "jumlah": "4",
    }  # fmt: skip
    return facts | given


def test_a_seller_adds_a_choice_on_her_page(inside, eggs):
    page = inside.get(f"/jualan/produk/{eggs.id}/pilihan").text
    assert f'href="/jualan/produk/{eggs.id}/pilihan/baru"' in page

    answer = inside.post(f"/jualan/produk/{eggs.id}/pilihan/baru", data=typed(eggs))

    assert answer.status_code == 303
    page = inside.get(answer.location).text
    assert "Isi 5" in page
    assert "Isi 10" in page
    assert "Rp36.000" in page
    assert "700 gram" in page


def test_what_is_missing_is_said_and_nothing_typed_is_lost(inside, eggs):
    address = f"/jualan/produk/{eggs.id}/pilihan/baru"
    answer = inside.post(address, data=typed(eggs, pilihan="", pertama="", jumlah=""))
    assert answer.status_code == 422
    assert "Tulis namanya, misalnya Isi 10 atau Pedas." in answer.text
    assert "supaya pembeli bisa membedakan" in answer.text
    assert 'value="36rb"' in answer.text

    answer = inside.post(address, data=typed(eggs, cara="made_to_order", jumlah="", hari=""))
    assert answer.status_code == 422
    assert "Tulis berapa hari." in answer.text
    assert inside.post(address, data={}).status_code == 422
    assert len(queries.list_variants(eggs.id)) == 1


def test_an_old_page_of_a_choice_shows_what_is_there_now_beside_what_was_typed(inside, seller, eggs):
    made = add(eggs, seller)
    version = eggs.version
    with transaction():
        choosing.reword(eggs, made, replace(TEN, price=Rupiah(40_000)), version=version, by=seller)

    data = {"versi": str(version), "pilihan": "Isi sepuluh", "harga": "38rb", "satuan": "pak"}
    answer = inside.post(f"/jualan/pilihan/{made.id}", data=data)

    assert answer.status_code == 409
    assert "Rp40.000" in answer.text
    assert 'value="38rb"' in answer.text
    again = data | {"versi": str(version + 1)}
    assert inside.post(f"/jualan/pilihan/{made.id}", data=again).status_code == 303


def test_resting_waking_and_removing_are_one_tap_each(inside, seller, eggs):
    made = add(eggs, seller)
    approve(eggs)
    here = f"/jualan/produk/{eggs.id}/pilihan"

    assert inside.post(f"/jualan/pilihan/{made.id}/istirahat").status_code == 303
    assert "Pilihan ini istirahat dulu." in inside.get(here).text
    inside.post(f"/jualan/pilihan/{made.id}/jual")
    assert offered(eggs) == ["Isi 5", "Isi 10"]
    inside.post(f"/jualan/pilihan/{made.id}/hapus", data={"versi": "1"})
    assert "Produk ini baru saja diubah." in inside.get(here).text
    db.session.expire_all()
    inside.post(f"/jualan/pilihan/{made.id}/hapus", data={"versi": str(eggs.version)})
    inside.post(f"/jualan/pilihan/{made.id}/hapus", data={"versi": str(eggs.version)})
    assert [each.variant.id for each in queries.get_item(eggs.id).offered] == [variant_of_first(eggs)]


def test_the_way_of_selling_has_a_page_of_its_own(inside, eggs):
    only = variant_of(eggs)
    address = f"/jualan/pilihan/{only.id}/cara"
    assert 'name="tadi"' in inside.get(address).text
    data = {"cara": "made_to_order", "hari": "2", "sehari": "30", "tadi": "counted:0:"}

    assert inside.post(address, data=data).status_code == 303
    assert "Dibuat 2 hari" in inside.get(f"/jualan/produk/{eggs.id}/pilihan").text
    stale = inside.post(address, data={"cara": "unlimited", "tadi": "counted:0:"})
    assert stale.status_code == 409
    assert "Cara jualnya baru saja diubah" in stale.text
    assert inside.post(address, data={"cara": "<b>", "tadi": "x" * 500}).status_code == 422


def test_the_stock_of_each_choice_is_set_on_its_own(inside, seller, eggs):
    made = add(eggs, seller)

    inside.post(f"/jualan/produk/{eggs.id}/stok", data={"jumlah": "9", "tadi": "4", "varian": str(made.id)})

    assert available([made.id, variant_of_first(eggs)]) == {made.id: 9, variant_of_first(eggs): 10}
    assert (
        inside.post(f"/jualan/produk/{eggs.id}/stok", data={"jumlah": "9", "tadi": "4", "varian": "999"}).status_code
        == 404
    )


def variant_of_first(product: Product) -> int:
    """The id of the choice that a product keeps."""
    return queries.list_variants(product.id)[0].id


def test_another_sellers_choices_are_like_missing_ones(client, eggs):
    only = variant_of(eggs)
    sign_in(client, db.session.get_one(Account, make_shop().owner_id))

    for end in ("", "/baru"):
        assert client.get(f"/jualan/produk/{eggs.id}/pilihan{end}").status_code == 404
    for end in ("", "/cara"):
        assert client.get(f"/jualan/pilihan/{only.id}{end}").status_code == 404
    for end in ("istirahat", "jual", "hapus"):
        assert client.post(f"/jualan/pilihan/{only.id}/{end}").status_code == 404


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "${7*7}", "A" * 5_000, "%s %d", "\u202eIsi 10"])
def test_hostile_names_break_nothing(inside, eggs, text):
    answer = inside.post(f"/jualan/produk/{eggs.id}/pilihan/baru", data=typed(eggs, pilihan=text, pertama=text))

    assert answer.status_code in {303, 409, 422}
    assert "<script>alert(1)" not in inside.get(f"/jualan/produk/{eggs.id}/pilihan").text


def test_the_curator_sees_every_choice_before_and_after(client, seller, eggs):
    made = add(eggs, seller)
    approve(eggs)
    with transaction():
        choosing.reword(eggs, made, replace(TEN, price=Rupiah(41_000)), version=eggs.version, by=seller)
    sign_in(client, make_account("curator", region_code="36.04"))

    page = client.get(f"/dinsos/kurasi/{queries.newest_revision(eggs).id}").text

    assert page.count("Isi 10") >= 2
    assert "Rp36.000" in page
    assert "Rp41.000" in page


def test_a_new_product_can_have_choices_before_anybody_looked(seller, shop):
    product = make_waiting_product(shop)
    add(product, seller)

    approve(product)

    assert offered(product) == ["Isi 5", "Isi 10"]

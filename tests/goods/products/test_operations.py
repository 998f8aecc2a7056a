"""Offering, changing, hiding and removing goods."""

from __future__ import annotations

import io
import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.core import jobs
from app.core.audit import AuditEntry
from app.core.clock import now
from app.core.db import db, transaction
from app.core.jobs import Job
from app.core.pictures import read_upload
from app.core.storage import public_store
from app.goods.photos import operations as photos
from app.goods.photos.models import Photo
from app.goods.products import listeners, operations, queries
from app.goods.products.models import Product, Revision
from app.goods.products.rules import Wording
from app.goods.shelf.models import ShelfItem
from app.goods.stock.models import StockMovement
from app.goods.stock.operations import Promised, reserve
from app.kit.rupiah import Rupiah
from app.people.accounts.models import Account
from tests.factories.goods import (
    category_id,
    make_photo,
    make_product,
    make_shop,
    make_waiting_product,
    picture_bytes,
    revision_of,
    variant_of,
)
from tests.factories.people import make_account

KEY = "k" * 22


@pytest.fixture
def shop(app):
    """A stall."""
    return make_shop()


@pytest.fixture
def seller(shop):
    """Who runs it."""
    return db.session.get_one(Account, shop.owner_id)


def worded(name: str = "Telur asin isi 5", price: int = 19_000, **given: Any) -> Wording:
    """The least wording."""
    facts = {"unit": "pak", "category_id": category_id(), "photo_id": None} | given
    return Wording(name=name, price=Rupiah(price), **facts)


def card_of(product: Product) -> ShelfItem | None:
    """What buyers see of a product."""
    return db.session.get(ShelfItem, product.id)


def test_a_new_product_waits_has_stock_and_is_on_no_shelf(shop, seller):
    with transaction():
        product = operations.offer(shop, worded(), 12, key=KEY, by=seller)

    item = queries.get_item(product.id)
    assert (item.standing, item.on_hand, item.newest.number) == ("waiting", 12, 1)
    assert product.slug == "telur-asin-isi-5"
    assert card_of(product) is None
    assert db.session.scalars(select(AuditEntry.action)).all() == ["product.offered"]


def test_each_act_on_a_product_stands_in_the_log_once(shop, seller):
    officer = make_account("curator")
    product = make_product(shop)
    version = product.version
    acts = {
        "product.revised": lambda: operations.revise(product, worded(price=21_000), version=version, by=seller),
        "product.paused": lambda: operations.pause(product, by=seller),
        "product.shown": lambda: operations.show(product, by=seller),
        "product.deleted": lambda: operations.delete(product, by=seller),
        "product.restored": lambda: operations.restore(product, live=True, by=seller),
        "product.withdrawn": lambda: operations.withdraw(product, "Ditarik.", reason="foto-gelap", by=officer),
        "product.reinstated": lambda: operations.reinstate(product, by=officer),
    }
    before = db.session.scalar(select(func.max(AuditEntry.id))) or 0

    for act in acts.values():
        for _twice in range(2):  # a second tap changes nothing, and is no act
            with transaction():
                act()

    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.id > before).order_by(AuditEntry.id)).all()
    assert [row.action for row in rows] == list(acts)
    assert {row.actor_id for row in rows} == {seller.id, officer.id}


def test_the_same_form_sent_twice_makes_one_product(shop, seller):
    with transaction():
        first = operations.offer(shop, worded(photo_id=make_photo(shop).id), 12, key=KEY, by=seller)
    again = make_photo(shop)
    with transaction():
        second = operations.offer(shop, worded(photo_id=again.id), 12, key=KEY, by=seller)

    assert second.id == first.id
    assert db.session.scalar(select(func.count()).select_from(Product)) == 1


def test_a_used_form_with_other_contents_is_refused_and_stores_nothing(shop, seller):
    with transaction():
        operations.offer(shop, worded(), 12, key=KEY, by=seller)

    with pytest.raises(operations.AlreadyOffered), transaction():
        operations.offer(shop, worded("Emping"), 12, key=KEY, by=seller)

    assert db.session.scalar(select(func.count()).select_from(Product)) == 1


def test_two_shops_may_use_the_same_key(shop, seller):
    other = make_shop()
    with transaction():
        mine = operations.offer(shop, worded(), 1, key=KEY, by=seller)
        theirs = operations.offer(other, worded(), 1, key=KEY, by=seller)

    assert mine.id != theirs.id
    assert theirs.slug.startswith("telur-asin-isi-5-")


def test_a_name_without_latin_letters_still_has_an_address(shop, seller):
    with transaction():
        product = operations.offer(shop, worded("蛋蛋蛋"), 1, key=KEY, by=seller)

    assert product.slug


def test_many_sellers_at_once_get_an_address_each(app, shop, seller):
    sellers_shop, sellers_id, errors = shop.id, seller.id, []
    shop_type, account_type = type(shop), type(seller)
    db.session.rollback()

    def offer(number: int) -> None:
        with app.app_context():
            try:
                with transaction():
                    operations.offer(
                        db.session.get_one(shop_type, sellers_shop),
                        worded(),
                        1,
                        key=f"{number}" * 20,
                        by=db.session.get_one(account_type, sellers_id),
                    )
            except Exception as error:
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=offer, args=(number,)) for number in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert errors == []
    slugs = db.session.scalars(select(Product.slug)).all()
    assert len(slugs) == len(set(slugs)) == 6


def test_editing_a_live_product_leaves_the_approved_wording_on_sale(shop, seller):
    product = make_product(shop, "Telur asin", price=19_000)

    with transaction():
        operations.revise(product, worded("Telur asin masir", 25_000), version=1, by=seller)

    item = queries.get_item(product.id)
    assert (item.standing, item.change, item.shown.name) == ("live", "waiting", "Telur asin")
    card = card_of(product)
    assert card is not None
    assert (card.name, card.price) == ("Telur asin", Rupiah(19_000))
    assert variant_of(product).price == Rupiah(19_000)


def test_editing_while_waiting_sets_the_former_wording_aside(shop, seller):
    product = make_waiting_product(shop)

    with transaction():
        operations.revise(product, worded("Keripik"), version=1, by=seller)

    states = db.session.scalars(select(Revision.state).order_by(Revision.number)).all()
    assert states == ["superseded", "waiting"]


def test_saving_without_a_change_makes_no_revision(shop, seller):
    product = make_product(shop, "Telur asin")

    with transaction():
        same = operations.revise(product, worded("Telur asin"), version=1, by=seller)

    assert same is None
    assert product.version == 1


def test_a_stale_save_is_refused_and_nothing_is_overwritten(shop, seller):
    product = make_product(shop, "Telur asin")
    with transaction():
        operations.revise(product, worded("Dari HP satu"), version=1, by=seller)

    with pytest.raises(operations.StaleWording), transaction():
        operations.revise(product, worded("Dari HP dua"), version=1, by=seller)

    assert queries.newest_revision(product).name == "Dari HP satu"


def test_approval_of_a_change_reaches_price_unit_and_card(shop, seller):
    product = make_product(shop, "Telur asin", price=19_000)
    with transaction():
        revision = operations.revise(product, worded("Telur masir", 25_000, unit="kotak"), version=1, by=seller)
    assert revision is not None

    with transaction():
        operations.publish(revision, by=seller)

    card, variant = card_of(product), variant_of(product)
    assert card is not None
    assert (card.name, card.price, card.unit) == ("Telur masir", Rupiah(25_000), "kotak")
    assert (variant.price, variant.unit) == (Rupiah(25_000), "kotak")


def test_a_change_makes_no_product_new_again(shop, seller):
    """Else whoever changes a word every day would stand first among the newest."""
    product = make_product(shop)
    with transaction():
        product.published_at = first = now() - timedelta(days=9)
        revision = operations.revise(product, worded("Baru"), version=1, by=seller)
        assert revision is not None
        operations.publish(revision, by=seller)

    assert product.published_at == first


def test_a_hidden_product_stays_hidden_when_its_change_is_approved(shop, seller):
    product = make_product(shop)
    with transaction():
        operations.pause(product, by=seller)
        revision = operations.revise(product, worded("Baru"), version=1, by=seller)
        assert revision is not None
        operations.publish(revision, by=seller)

    assert product.state == "paused"
    assert card_of(product) is None


def test_hiding_and_showing_move_the_card_and_may_be_repeated(shop, seller):
    product = make_product(shop)

    for _time in range(2):
        with transaction():
            operations.pause(product, by=seller)
        assert card_of(product) is None
    for _time in range(2):
        with transaction():
            operations.show(product, by=seller)
        assert card_of(product) is not None


@pytest.mark.parametrize("act", [operations.pause, operations.show])
def test_what_nobody_approved_can_be_neither_hidden_nor_shown(shop, seller, act):
    product = make_waiting_product(shop)

    with pytest.raises(operations.NotYetApproved), transaction():
        act(product, by=seller)


def test_deleting_takes_the_card_away_and_can_be_undone(shop, seller):
    product = make_product(shop)

    with transaction():
        was_live = operations.delete(product, by=seller)
    assert was_live
    assert card_of(product) is None
    assert queries.list_items(shop.id) == []

    with transaction():
        operations.restore(product, live=was_live, by=seller)
    assert product.state == "live"
    assert card_of(product) is not None


def test_restoring_what_was_never_approved_shows_it_to_nobody(shop, seller):
    product = make_waiting_product(shop)
    with transaction():
        operations.delete(product, by=seller)
        operations.restore(product, live=True, by=seller)

    assert product.state == "draft"
    assert card_of(product) is None


def test_a_withdrawn_product_cannot_be_shown_hidden_or_deleted_by_its_seller(shop, seller):
    product = make_product(shop)
    with transaction():
        operations.withdraw(product, "Perlu izin.", reason="izin-belum-ada", by=seller)
    assert card_of(product) is None

    for act in (operations.pause, operations.show, operations.delete):
        with pytest.raises(operations.Withdrawn), transaction():
            act(product, by=seller)

    with transaction():
        operations.reinstate(product, by=seller)
    assert (product.state, product.withdrawn_note) == ("live", "")
    assert card_of(product) is not None


def test_a_mended_wording_brings_a_withdrawn_product_back(shop, seller):
    product = make_product(shop)
    with transaction():
        operations.withdraw(product, "Perlu izin.", reason="izin-belum-ada", by=seller)
        revision = operations.revise(product, worded("Sudah ada izin"), version=1, by=seller)
        assert revision is not None
        operations.publish(revision, by=seller)

    assert (product.state, product.withdrawn_note) == ("live", "")


def test_where_nobody_knows_what_it_was_its_seller_decides(shop, seller):
    """A row that was put back by hand, say: shown with one tap, but not ordered before."""
    product = make_product(shop)
    with transaction():
        operations.withdraw(product, "Perlu izin.", reason="izin-belum-ada", by=seller)
        product.deleted_from = ""
        operations.reinstate(product, by=seller)
    assert product.state == "paused"

    with transaction():
        operations.show(product, by=seller)
    assert product.state == "live"


def test_what_its_seller_hid_stays_hidden_when_the_office_lets_it_back(shop, seller):
    """She may have no more of it: it would be ordered, and she would not know that it is shown."""
    product = make_product(shop)
    with transaction():
        operations.pause(product, by=seller)
    for back in ("reinstate", "mend"):
        with transaction():
            operations.withdraw(product, "Perlu izin.", reason="izin-belum-ada", by=seller)
            if back == "reinstate":
                operations.reinstate(product, by=seller)
            else:
                revision = operations.revise(product, worded("Sudah ada izin"), version=product.version, by=seller)
                operations.publish(revision, by=seller)
        assert (product.state, product.withdrawn_note) == ("paused", ""), back
        assert db.session.get(ShelfItem, product.id) is None
    with transaction():
        operations.show(product, by=seller)
        operations.withdraw(product, "Perlu izin.", reason="izin-belum-ada", by=seller)
        operations.reinstate(product, by=seller)
    assert product.state == "live"
    assert db.session.get(ShelfItem, product.id) is not None


def test_a_deleted_product_cannot_be_published(shop, seller):
    product = make_waiting_product(shop)
    with transaction():
        operations.delete(product, by=seller)

    with pytest.raises(operations.Deleted), transaction():
        operations.publish(revision_of(product, "waiting"), by=seller)


def test_more_is_restocked_and_less_is_a_correction(shop, seller):
    variant = variant_of(make_product(shop, qty=10))

    with transaction():
        operations.set_count(variant, 15, seen=10, by=seller)
    with transaction():
        operations.set_count(variant, 4, seen=15, by=seller)

    kinds = db.session.execute(select(StockMovement.kind, StockMovement.on_hand_delta).order_by(StockMovement.id)).all()
    assert [tuple(row) for row in kinds] == [("restock", 10), ("restock", 5), ("correction", -11)]


def test_a_count_set_from_two_phones_asks_and_a_repeated_one_does_not(shop, seller):
    variant = variant_of(make_product(shop, qty=10))
    with transaction():
        operations.set_count(variant, 5, seen=10, by=seller)

    with transaction():
        operations.set_count(variant, 5, seen=10, by=seller)
    with pytest.raises(operations.StockMoved) as refused, transaction():
        operations.set_count(variant, 8, seen=10, by=seller)

    assert refused.value.subject == 5


def test_a_count_below_what_is_promised_is_refused(shop, seller):
    variant = variant_of(make_product(shop, qty=10))
    with transaction():
        reserve({variant.id: 6}, source=("order", 1))

    with pytest.raises(Promised), transaction():
        operations.set_count(variant, 5, seen=10, by=seller)


def test_a_photo_is_kept_at_once_and_its_sizes_follow_by_a_job(shop, seller):
    master = read_upload(io.BytesIO(picture_bytes((1600, 1200))))
    with transaction():
        photo = photos.keep(master, shop.id)
    product = make_product(shop, photo=photo)
    assert public_store().has(f"{photo.stem}.jpg")
    assert card_of(product).photo == ""  # type: ignore[union-attr]

    assert jobs.run_due() >= 1

    db.session.rollback()
    assert db.session.get_one(Photo, photo.id).ready
    assert public_store().has(f"{photo.stem}-320.webp")
    assert card_of(product).photo == photo.stem  # type: ignore[union-attr]
    assert db.session.scalars(select(Job.kind)).all() == []


def test_photos_that_nobody_came_back_for_are_removed_with_their_files(shop, seller):
    master = read_upload(io.BytesIO(picture_bytes()))
    with transaction():
        loose, used, young = (photos.keep(master, shop.id) for _each in range(3))
        for photo in (loose, used):
            photo.created_at = now() - timedelta(days=2)
    make_waiting_product(shop, photo=used)
    stem = loose.stem

    with transaction():
        listeners.forget_loose_photos()

    assert set(db.session.scalars(select(Photo.id))) == {used.id, young.id}
    assert not public_store().has(f"{stem}.jpg")
    assert public_store().has(f"{used.stem}.jpg")


def test_what_came_back_is_counted_once_mended_no_more(shop, seller):
    product = make_waiting_product(shop)
    with transaction():
        revision_of(product, "waiting").state = "returned"
    assert queries.count_returned(shop.id) == 1

    with transaction():
        operations.revise(product, worded(), version=1, by=seller)
    assert queries.count_returned(shop.id) == 0


def test_pages_of_goods_follow_each_other_without_gap_or_repeat(shop):
    made = [make_waiting_product(shop).id for _each in range(5)]

    first = queries.list_items(shop.id, limit=2)
    second = queries.list_items(shop.id, after=first[1].product.id, limit=2)

    assert [item.product.id for item in first[:2] + second[:2]] == made[:0:-1]

"""The lists that curators keep: nothing is lost, what buyers find follows at once, and every change is a line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from app.core.db import db, transaction
from app.goods.categories.models import BusinessType, Category
from app.goods.categories.queries import find_successor, get_category
from app.goods.curation import papers
from app.goods.products import operations as products
from app.goods.products.models import Product, Revision
from app.goods.reference import operations, queries
from app.goods.reference.models import ReferenceChange
from app.goods.reference.rules import CategoryFacts, ReasonFacts
from app.goods.search import queries as search
from app.goods.search import rules as asking
from app.goods.shelf import listeners
from app.goods.shelf import operations as shelf
from app.goods.shelf.models import ShelfCount, ShelfItem, ShelfPaused
from app.goods.shops import operations as shops
from app.trade.bazaars.queries import categories_of
from app.trade.bazaars.words import pool_names
from tests.factories.goods import category_id, make_product, make_shop, make_waiting_product, revision_of
from tests.factories.people import make_account
from tests.support.log import did, log


@pytest.fixture
def curator(app):
    """An officer."""
    return make_account("curator")


@pytest.fixture
def eggs(curator):
    """The category of salted eggs."""
    return get_category(category_id())


def edit(category, *, by, version=None, **facts) -> bool:
    wanted = replace(operations.facts_of(category), **facts)
    with transaction():
        return operations.edit_category(category, wanted, version=version or category.version, by=by)


def merge(category, into, *, by, version=None) -> int:
    with transaction():
        return operations.merge_category(category, into, version=version or category.version, by=by)


def found(text: str) -> list[int]:
    db.session.rollback()
    answer = search.find(asking.read(text), asking.Scope())
    return [] if answer.loose else [each.product_id for each in answer.ranked]


def findings() -> list[object]:
    db.session.rollback()
    return listeners.check()


def test_a_new_name_is_found_at_once_and_the_old_one_no_more(eggs, curator):
    product = make_product(make_shop(), "Bebek masir")
    with transaction():
        products.pause(product, by=curator)
        products.show(product, by=curator)
    assert product.id in found("telur asin")

    assert edit(eggs, name="Endog gurih", by=curator)

    assert found("gurih") == [product.id]
    assert found("telur asin") == []
    assert findings() == []
    assert log("category.changed") == [did(curator, eggs)]
    (change,) = queries.list_changes(("category", str(eggs.id)))
    assert (change.row.before, change.row.after, change.by) == (
        {"name": "Telur Asin"}, {"name": "Endog gurih"}, curator.name,
    )  # fmt: skip


def test_what_says_nothing_new_is_no_change(eggs, curator):
    assert not edit(eggs, version=99, by=curator)
    assert db.session.scalar(select(func.count()).select_from(ReferenceChange)) == 0


def test_another_parent_takes_cards_and_counts_along(eggs, curator):
    product, target = make_product(make_shop()), category_id("kue-roti")

    edit(eggs, parent_id=target, by=curator)

    assert db.session.get_one(ShelfItem, product.id).top_category_id == target
    assert set(db.session.scalars(select(ShelfCount.top_category_id).where(ShelfCount.category_id == eggs.id))) == {
        target
    }
    assert findings() == []


def test_other_papers_change_what_a_product_needs(eggs, curator):
    shop = make_shop()
    revision = revision_of(make_product(shop))
    assert "pirt" in dict(papers.advise(revision, shop).needs)

    edit(eggs, legality="md;halal", by=curator)

    needs = dict(papers.advise(revision_of(revision.product), shop).needs)
    assert "bpom" in needs
    assert "pirt" not in needs


def test_how_such_goods_keep_counts_where_the_seller_said_nothing(eggs, curator):
    shop = make_shop()
    product = make_product(shop)

    edit(eggs, storage="frozen", by=curator)

    assert papers.advise(revision_of(product), shop).why_not
    with transaction():
        revision_of(product).storage = "room"
    assert not papers.advise(revision_of(product), shop).why_not


def test_a_new_address_is_led_to_from_the_old_one_and_business_types_follow(eggs, curator):
    kind = db.session.scalars(select(BusinessType).where(BusinessType.category_slug == "telur-asin")).first()

    edit(eggs, slug="telur-asin-bebek", by=curator)

    assert find_successor("telur-asin").id == eggs.id
    assert kind is None or db.session.get_one(BusinessType, kind.slug).category_slug == "telur-asin-bebek"
    edit(get_category(eggs.id), slug="telur-asin", by=curator)
    assert find_successor("telur-asin") is None
    assert find_successor("telur-asin-bebek").id == eggs.id


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"slug": "keripik-kerupuk"}, operations.AddressTaken),
        ({"parent_id": 999_999}, operations.TwoLevels),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(eggs, curator, facts, refusal):
    with pytest.raises(refusal):
        edit(eggs, by=curator, **facts)

    assert db.session.scalar(select(func.count()).select_from(ReferenceChange)) == 0


def test_two_levels_and_addresses_of_upper_ones_stay(curator):
    top, other = get_category(category_id("lauk-olahan")), category_id("kue-roti")

    with pytest.raises(operations.TwoLevels):
        edit(top, parent_id=other, by=curator)
    with pytest.raises(operations.UpperAddress):
        edit(top, slug="lauk", by=curator)


def test_an_upper_one_hands_what_stands_below_it_to_another(curator):
    top, into, eggs = (get_category(category_id(slug)) for slug in ("lauk-olahan", "makanan-ringan", "telur-asin"))
    shop = make_shop()
    live, waiting = make_product(shop), make_waiting_product(shop)
    below, number = queries.list_below(top.id), top.id
    assert into in queries.list_mergers(top)
    assert eggs not in queries.list_mergers(top)

    assert merge(top, into, by=curator) == 1

    assert db.session.get(Category, number) is None
    assert {each.parent_id for each in below} == {into.id}
    assert db.session.get_one(ShelfItem, live.id).top_category_id == into.id
    assert revision_of(waiting, "waiting").category_id == eggs.id
    assert find_successor("lauk-olahan").id == find_successor(number).id == into.id
    assert findings() == []
    assert queries.list_changes(("category", str(eggs.id)))[0].row.after == {"parent_id": into.id}
    assert queries.list_changes(("category", str(number)))[0].row.after == {}
    assert {"lauk-olahan", "makanan-ringan", "telur-asin"} <= categories_of(shop.id)
    assert pool_names(["category:lauk-olahan"]) == {"category:lauk-olahan": into.name}


def test_an_upper_one_with_goods_of_its_own_stays_as_one_below(curator):
    top, into = get_category(category_id("lauk-olahan")), get_category(category_id("makanan-ringan"))
    product = make_product(make_shop(), "Lauk campur", category="lauk-olahan")

    merge(top, into, by=curator)

    assert get_category(top.id).parent_id == into.id
    assert log("category.changed") == [did(curator, top)]
    card = db.session.get_one(ShelfItem, product.id)
    assert (card.category_id, card.top_category_id) == (top.id, into.id)
    assert findings() == []


def test_an_upper_one_goes_only_into_another_that_holds_no_goods_itself(curator, eggs):
    top = get_category(category_id("lauk-olahan"))
    facts = CategoryFacts("Aneka", "Mixed", "aneka", None, "none", "", 99, "", None)
    with transaction():
        bare = operations.add_category(facts, by=curator)
    make_product(make_shop(), "Aneka rupa", category="aneka")

    for into in (eggs, top, bare):
        with pytest.raises(operations.NotBeside):
            merge(top, into, by=curator)
    with pytest.raises(operations.Stale):
        merge(top, get_category(category_id("makanan-ringan")), version=9, by=curator)
    assert {each.parent_id for each in queries.list_below(top.id)} == {top.id}
    assert findings() == []


def test_an_upper_one_with_nothing_below_goes_where_goods_may_stand(curator, eggs):
    facts = CategoryFacts("Aneka", "Mixed", "aneka", None, "none", "", 99, "", None)
    with transaction():
        bare = operations.add_category(facts, by=curator)
    product = make_product(make_shop(), "Aneka rupa", category="aneka")

    assert merge(bare, eggs, by=curator) == 1

    assert db.session.get_one(ShelfItem, product.id).category_id == eggs.id
    assert find_successor("aneka").id == eggs.id
    assert findings() == []


def test_merging_moves_every_product_whatever_its_state_and_loses_none(app, eggs, curator):
    shop, away = make_shop(), make_shop()
    live, paused, waiting = make_product(shop), make_product(shop), make_waiting_product(shop)
    old, hidden = make_product(shop, "Telur lama"), make_product(away)
    with transaction():
        products.pause(paused, by=curator)
        products.delete(old, by=curator)
        shops.pause(away, by=curator)
    into, number = get_category(category_id("kue-basah")), eggs.id

    assert merge(eggs, into, by=curator) == 1

    assert db.session.get(Category, number) is None
    assert db.session.scalar(select(func.count()).where(Revision.category_id == number)) == 0
    goods = (live, paused, waiting, old, hidden)
    rows = db.session.scalars(select(Revision.category_id).where(Revision.product_id.in_([each.id for each in goods])))
    assert set(rows) == {into.id}
    assert db.session.get_one(ShelfItem, live.id).category_id == into.id
    assert db.session.get_one(ShelfPaused, hidden.id).card["category_id"] == into.id
    with transaction():
        shops.open_again(away, by=curator)
        products.show(paused, by=curator)
        products.restore(old, live=True, by=curator)
    assert findings() == []
    assert find_successor(number).id == into.id
    assert find_successor("telur-asin").id == into.id
    assert log("category.merged") == [did(curator, f"category:{number}", into=into.id, products=1)]


def test_merging_twice_leads_on_from_the_first_address_too(eggs, curator):
    first, second = get_category(category_id("kue-basah")), get_category(category_id("kue-kering"))

    merge(eggs, first, by=curator)
    merge(get_category(first.id), get_category(second.id), by=curator)

    assert find_successor("telur-asin").id == second.id


def test_it_goes_neither_into_itself_nor_into_what_only_holds_others(eggs, curator):
    for into in (eggs, get_category(category_id("lauk-olahan"))):
        with pytest.raises(operations.NotBelow):
            merge(eggs, into, by=curator)


@pytest.mark.parametrize("act", ["edit", "merge"])
def test_a_stale_version_changes_nothing(eggs, curator, act):
    into = get_category(category_id("kue-basah"))
    with pytest.raises(operations.Stale):
        edit(eggs, name="Lain", version=9, by=curator) if act == "edit" else merge(eggs, into, version=9, by=curator)

    assert get_category(category_id()).name == "Telur Asin"
    assert findings() == []


def test_twin_cards_that_are_not_taken_out_first_spoil_the_counts(eggs, curator):
    make_product(make_shop())
    with transaction():
        shelf.move_category(eggs.id, category_id("kue-basah"))

    assert findings() != []


def test_a_new_category_takes_products(curator):
    facts = CategoryFacts("Abon", "Floss", "abon", category_id("lauk-olahan"), "pirt;halal", "", 99, "room", 90)
    with transaction():
        made = operations.add_category(facts, by=curator)

    product = make_product(make_shop(), "Abon ikan", category="abon")

    assert found("abon") == [product.id]
    assert findings() == []
    with pytest.raises(operations.AddressTaken), transaction():
        operations.add_category(facts, by=curator)
    assert queries.list_changes(("category", str(made.id)))[0].row.before == {}
    assert log("category.added") == [did(curator, made)]


def test_a_reason_says_something_else_from_now_on_and_old_answers_stay(curator):
    reason = queries.get_reason("foto-gelap")
    with transaction():
        assert operations.edit_reason(reason, ReasonFacts("Foto di luar, ya.", "foto", False), version=1, by=curator)

    with pytest.raises(operations.Stale), transaction():
        operations.edit_reason(reason, ReasonFacts("Lain lagi.", "foto", True), version=1, by=curator)
    with pytest.raises(operations.CodeTaken), transaction():
        operations.add_reason("foto-gelap", ReasonFacts("Foto lagi, ya.", "foto", True), by=curator)

    (change,) = queries.list_changes(("reason", "foto-gelap"))
    assert change.row.after == {"sentence": "Foto di luar, ya.", "active": False}
    assert log("reason.changed") == [did(curator, "refusal_reason:foto-gelap")]


def test_a_reason_that_is_added_stands_last(curator):
    with transaction():
        made = operations.add_reason("foto-miring", ReasonFacts("Fotonya miring, ya.", "foto", True), by=curator)

    assert queries.list_reasons()[-1] == made
    assert log("reason.added") == [did(curator, "refusal_reason:foto-miring")]


def test_papers_of_a_sector_are_changed_by_whoever_saw_the_latest(curator):
    shop = make_shop()
    revision = revision_of(make_product(shop))
    with transaction():
        operations.set_papers("semua", ["nib", "npwp"], seen=["nib"], by=curator)

    assert "npwp" in dict(papers.advise(revision, shop).needs)
    line = db.session.scalars(select(ReferenceChange)).one()
    assert (line.list, line.key, line.by_id) == ("paper", "semua", curator.id)
    assert log("papers.changed") == [did(curator, "paper_need:semua")]
    assert (line.before, line.after) == ({"papers": ["nib"]}, {"papers": ["nib", "npwp"]})
    with pytest.raises(operations.Stale), transaction():
        operations.set_papers("semua", [], seen=["nib"], by=curator)
    with transaction():
        assert not operations.set_papers("semua", ["npwp", "nib"], seen=[], by=curator)
    assert db.session.get_one(Product, revision.product_id)

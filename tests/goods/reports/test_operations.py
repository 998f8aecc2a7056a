"""Reports: unsafe food goes off sale at once, no single voice silences a shop, and an answer ends all that waits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.core import personal
from app.core.audit import AuditEntry
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import TooMany
from app.core.personal import Whose
from app.goods.curation import operations as curation
from app.goods.curation.operations import NoReason
from app.goods.products import operations as products
from app.goods.products.models import Product
from app.goods.reports import operations, queries, rules
from app.goods.reports.models import Hold, Report
from app.goods.shelf.models import ShelfItem
from tests.factories.goods import make_product, make_revision, make_shop
from tests.factories.people import make_account
from tests.factories.reports import make_report
from tests.support.log import did, log
from tests.support.together import at_once

ELSEWHERE = "203.0.113.7"


@pytest.fixture
def shop(app):
    """A stall."""
    return make_shop()


@pytest.fixture
def eggs(shop):
    """Something on sale."""
    return make_product(shop)


@pytest.fixture
def curator(app):
    """An officer of the region."""
    return make_account("curator")


def state_of(product) -> str:
    db.session.rollback()
    return db.session.get_one(Product, product.id).state


def answer(product, outcome="unfounded", reason="", sentence="", *, by, seen=10**9) -> None:
    with transaction():
        operations.answer(product, outcome, reason, sentence, seen=seen, by=by)


def acts_about(product) -> list[str]:
    query = select(AuditEntry.action).where(AuditEntry.subject == f"product:{product.id}").order_by(AuditEntry.id)
    return list(db.session.scalars(query))


def test_unsafe_food_goes_off_sale_in_the_same_breath(eggs):
    make_report(eggs)

    assert state_of(eggs) == "held"
    assert db.session.get(ShelfItem, eggs.id) is None
    assert acts_about(eggs) == ["report.made", "product.held"]


@pytest.mark.parametrize("kind", [kind for kind in rules.KINDS if kind != "unsafe"])
def test_whatever_else_is_reported_waits_for_the_office(eggs, kind):
    make_report(eggs, kind)

    assert state_of(eggs) == "live"
    assert db.session.get(ShelfItem, eggs.id) is not None


def test_one_address_counts_once_and_may_still_say_that_it_is_worse(eggs):
    for _again in range(3):
        make_report(eggs, "photo", address=ELSEWHERE)
    assert db.session.scalar(select(func.count()).select_from(Report)) == 1

    make_report(eggs, "unsafe", address=ELSEWHERE)

    assert db.session.scalars(select(Report.kind)).all() == ["unsafe"]
    assert state_of(eggs) == "held"


def test_what_was_found_harmless_is_held_again_by_two_people_only(eggs, curator):
    make_report(eggs)
    answer(eggs, by=curator)
    assert state_of(eggs) == "live"

    make_report(eggs, address=ELSEWHERE)
    make_report(eggs, address=ELSEWHERE)
    assert state_of(eggs) == "live"
    assert queries.count_waiting(scope=curator) == 1

    make_report(eggs)
    assert state_of(eggs) == "held"


def test_the_trust_ends_after_its_days_and_is_not_given_to_what_was_mended(eggs, curator):
    make_report(eggs)
    answer(eggs, by=curator)
    with transaction():
        db.session.execute(update(Hold).values(ended_at=now() - rules.TRUSTED_FOR - timedelta(hours=1)))
    make_report(eggs)
    assert state_of(eggs) == "held"

    answer(eggs, "mended", by=curator)
    make_report(eggs)
    assert state_of(eggs) == "held"


def test_one_address_stops_one_product_of_a_shop_and_few_in_all(app, shop):
    own = [make_product(shop) for _each in range(3)]
    others = [make_product(make_shop()) for _each in range(4)]

    for product in (*own, *others):
        make_report(product, address=ELSEWHERE)

    assert [state_of(each) for each in own] == ["held", "live", "live"]
    assert [state_of(each) for each in others] == ["held", "held", "live", "live"]
    assert db.session.scalar(select(func.count()).select_from(Report)) == 7


def test_many_addresses_do_not_silence_a_whole_shop_one_voice_each(shop):
    goods = [make_product(shop) for _each in range(5)]

    for product in goods:
        make_report(product)

    assert [state_of(each) for each in goods] == ["held", "held", "live", "live", "live"]
    make_report(goods[4])
    assert state_of(goods[4]) == "held"


def test_twin_without_the_rule_of_voices_the_shop_falls_silent(shop, monkeypatch):
    monkeypatch.setattr(rules, "voices_needed", lambda **_facts: 1)
    goods = [make_product(shop) for _each in range(4)]

    for product in goods:
        make_report(product)

    assert {state_of(each) for each in goods} == {"held"}


def test_a_flood_about_one_product_ends_at_the_limit_and_the_product_waits_in_one_line(eggs, curator):
    for _each in range(20):
        make_report(eggs, "other")

    with pytest.raises(TooMany):
        make_report(eggs, "other")

    (row,) = queries.list_waiting(scope=curator)
    assert row.people == 20


def test_a_hidden_product_is_held_and_comes_back_hidden(eggs, shop, curator):
    with transaction():
        products.pause(eggs, by=shop.owner)
    make_report(eggs)
    assert state_of(eggs) == "held"

    answer(eggs, by=curator)

    assert state_of(eggs) == "paused"
    assert db.session.get(ShelfItem, eggs.id) is None


def test_a_hidden_product_that_was_reported_and_withdrawn_comes_back_hidden(eggs, shop, curator):
    with transaction():
        products.pause(eggs, by=shop.owner)
    make_report(eggs)
    answer(eggs, "upheld", "izin-belum-ada", by=curator)
    assert state_of(eggs) == "withdrawn"

    with transaction():
        products.reinstate(eggs, by=curator)

    assert state_of(eggs) == "paused"
    assert db.session.get(ShelfItem, eggs.id) is None


def test_lifting_sells_it_again_and_forgets_who_reported(eggs, curator):
    make_report(eggs, contact="+6281234567890")
    make_report(eggs, "photo")

    answer(eggs, by=curator, sentence="Contoh sudah dicek, aman.")

    assert state_of(eggs) == "live"
    assert db.session.get(ShelfItem, eggs.id) is not None
    rows = db.session.execute(select(Report.contact, Report.reporter, Report.outcome, Report.answer)).all()
    assert set(rows) == {(None, "", "unfounded", "Contoh sudah dicek, aman.")}
    assert db.session.scalars(select(Hold.reporter)).all() == [""]
    assert acts_about(eggs)[-2:] == ["product.released", "report.unfounded"]


def test_upholding_takes_it_off_the_market_with_a_reason(eggs, curator):
    make_report(eggs)
    with pytest.raises(NoReason):
        answer(eggs, "upheld", by=curator)
    assert state_of(eggs) == "held"

    answer(eggs, "upheld", "tidak-boleh-dijual", "", by=curator)

    assert state_of(eggs) == "withdrawn"
    assert db.session.get_one(Product, eggs.id).withdrawn_note == "Barang ini tidak boleh dijual di sini."
    assert acts_about(eggs)[-2:] == ["product.withdrawn", "report.upheld"]


def test_what_came_while_the_curator_was_reading_is_read_first(eggs, curator):
    seen = make_report(eggs, "photo").id
    make_report(eggs)

    with pytest.raises(operations.MoreCame):
        answer(eggs, by=curator, seen=seen)

    assert state_of(eggs) == "held"


def test_it_is_answered_once(eggs, curator):
    make_report(eggs)
    answer(eggs, by=curator)

    with pytest.raises(operations.AlreadyAnswered):
        answer(eggs, "upheld", "kembar", by=make_account("curator"))

    assert state_of(eggs) == "live"


def test_its_seller_can_neither_show_hide_nor_delete_it_meanwhile(eggs, shop):
    make_report(eggs)

    for act in (products.show, products.pause, products.delete):
        with pytest.raises(products.Held), transaction():
            act(eggs, by=shop.owner)

    assert state_of(eggs) == "held"


def test_a_mended_wording_is_approved_and_the_product_stays_held_until_it_is_let_go(eggs, curator):
    make_report(eggs)
    mended = make_revision(eggs, name="Telur asin baru")
    with transaction():
        curation.approve(mended, by=curator)
    assert state_of(eggs) == "held"
    assert db.session.get(ShelfItem, eggs.id) is None

    answer(eggs, "mended", by=curator)

    assert db.session.get_one(ShelfItem, eggs.id).name == "Telur asin baru"
    assert log("product.released") == [did(curator, eggs)]
    assert log("report.mended") == [did(curator, eggs, reports=1)]


def test_what_is_gone_cannot_be_reported(eggs, shop):
    with transaction():
        products.delete(eggs, by=shop.owner)

    with pytest.raises(operations.NotForSale):
        make_report(eggs)


@pytest.mark.race
def test_two_reports_at_the_same_moment_hold_it_once(app, eggs):
    number = eggs.id

    def send(address: str) -> None:
        with transaction():
            operations.report(db.session.get_one(Product, number), "unsafe", "Berjamur.", None, address=address)

    answers = at_once(app, [lambda place=place: send(f"198.51.100.{place}") for place in range(8)])

    assert answers == ["ya"] * 8
    assert db.session.scalar(select(func.count()).select_from(Hold)) == 1
    assert db.session.scalar(select(func.count()).select_from(Report)) == 8


def test_single_voices_at_the_same_moment_do_not_silence_a_whole_shop(app, shop):
    """Each would see as many on sale as before the others, and stop one more."""
    numbers = [make_product(shop, f"Kue {number}").id for number in range(6)]

    def send(place: int) -> None:
        with transaction():
            product = db.session.get_one(Product, numbers[place])
            operations.report(product, "unsafe", "Berjamur.", None, address=f"198.51.100.{place}")

    assert at_once(app, [lambda place=place: send(place) for place in range(6)]) == ["ya"] * 6

    assert db.session.scalar(select(func.count()).select_from(Hold)) == rules.HELD_BY_ONE_VOICE


def test_the_inbox_shows_the_region_only_never_ones_own_and_what_is_off_sale_first(app, curator):
    first = make_product(make_shop(), "Kue satu")
    held = make_product(make_shop(), "Sate bandeng")
    far = make_product(make_shop(desa_code="36.01.01.2001"))
    own = make_product(make_shop(curator))
    for product in (first, far, own):
        make_report(product, "photo")
    make_report(held)

    assert [row.name for row in queries.list_waiting(scope=curator)] == ["Sate bandeng", "Kue satu"]
    assert queries.count_waiting(scope=curator) == 2


def test_a_person_is_told_of_the_report_she_sent_and_can_have_her_number_forgotten(eggs, shop):
    make_report(eggs, contact="+6281234567890")
    parts = {each.name: each for each in personal.keepings()}
    sender = Whose(phone="+6281234567890")

    assert [row["about"] for row in parts["reported"].tell(sender, None)] == ["Makanan tidak aman"]
    assert "words" not in parts["reports"].tell(Whose(shop_ids=(shop.id,)), None)[0]
    with transaction():
        parts["reported"].erase(sender, make_account("steward"))

    assert db.session.scalars(select(Report.contact)).all() == [None]


def test_erasing_a_seller_ends_what_waits_and_takes_the_sentences_away(eggs, shop):
    make_report(eggs)
    part = {each.name: each for each in personal.keepings()}["reports"]

    with transaction():
        part.erase(Whose(shop_ids=(shop.id,)), make_account("steward"))

    assert db.session.execute(select(Report.sentence, Report.outcome, Report.reporter)).one() == ("", "gone", "")
    assert db.session.scalars(select(Hold.outcome)).one() == "gone"

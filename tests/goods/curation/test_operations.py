"""Answering wordings: at most once, by somebody else, and the shelf follows."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import func, select

from app.core.db import db, transaction
from app.goods.curation import operations, queries, rules
from app.goods.curation.models import Decision, RefusalReason
from app.goods.curation.operations import AlreadyAnswered, NoReason, Overtaken, OwnEntry
from app.goods.products import operations as products
from app.goods.products.models import Product, Revision
from app.goods.shelf.models import ShelfItem
from app.people.accounts.models import Account
from tests.factories.goods import make_product, make_revision, make_shop, make_waiting_product, revision_of
from tests.factories.people import make_account
from tests.support.log import did, log


@pytest.fixture
def shop(app):
    """A stall."""
    return make_shop()


@pytest.fixture
def curator(app):
    """An officer of the region."""
    return make_account("curator")


@pytest.fixture
def waiting(shop):
    """A wording that nobody has looked at."""
    return revision_of(make_waiting_product(shop), "waiting")


def test_there_are_reasons_enough_each_a_sentence_with_a_known_field(app):
    reasons = queries.list_reasons()

    assert len(reasons) >= 10
    assert all(reason.sentence.endswith((".", "?")) and len(reason.sentence) > 20 for reason in reasons)
    fields = {"", "foto", "nama", "harga", "satuan", "jenis", "berat", "keterangan", "surat"}
    assert {reason.field for reason in reasons} <= fields


def test_loading_the_reasons_again_adds_none(app):
    with transaction():
        assert operations.load() == 0
    assert db.session.scalar(select(func.count()).select_from(RefusalReason)) == len(rules.REASONS)


def test_approving_puts_the_product_on_the_shelf_and_in_the_log(waiting, curator):
    with transaction():
        operations.approve(waiting, by=curator)

    assert (waiting.state, waiting.product.state) == ("approved", "live")
    assert waiting.product.approved_revision_id == waiting.id
    assert db.session.get_one(ShelfItem, waiting.product_id).name == waiting.name
    assert log("revision.approved") == [did(curator, waiting)]


@pytest.mark.parametrize(
    ("answer", "kind", "state", "told"),
    [("kembalikan", "return", "returned", "revision.returned"), ("tolak", "refuse", "refused", "revision.refused")],
)
def test_turning_down_leaves_the_seller_a_sentence_and_the_field(waiting, curator, answer, kind, state, told):
    with transaction():
        decision = operations.turn_down(waiting, answer, "foto-gelap", "", by=curator)

    assert (decision.kind, waiting.state, waiting.answer_field) == (kind, state, "foto")
    assert waiting.answer.startswith("Fotonya gelap")
    assert db.session.get(ShelfItem, waiting.product_id) is None
    assert log(told) == [did(curator, waiting, reason="foto-gelap")]


def test_the_sentence_may_be_the_curators_own(waiting, curator):
    with transaction():
        operations.turn_down(waiting, "kembalikan", "foto-gelap", "Coba foto di teras pagi hari.", by=curator)

    assert waiting.answer == "Coba foto di teras pagi hari."


@pytest.mark.parametrize("code", ["", "tidak-ada", "foto-gelap'--", "foto-gelap"])
def test_nobody_is_turned_down_without_a_reason_that_is_in_use(waiting, curator, code):
    with transaction():
        queries.find_reason("foto-gelap").active = False

    with pytest.raises(NoReason), transaction():
        operations.turn_down(waiting, "tolak", code, "Maaf.", by=curator)

    assert waiting.state == "waiting"
    assert db.session.scalar(select(Decision)) is None


def test_a_second_answer_is_refused(waiting, curator):
    with transaction():
        operations.approve(waiting, by=curator)

    with pytest.raises(AlreadyAnswered), transaction():
        operations.turn_down(waiting, "tolak", "kembar", "", by=make_account("curator"))

    assert waiting.state == "approved"


def test_two_curators_at_once_make_one_answer(app, waiting, curator):
    other, number = make_account("curator"), waiting.id
    outcomes: list[str] = []
    ids = [curator.id, other.id]
    db.session.rollback()

    def answer(curator_id: int) -> None:
        with app.app_context():
            try:
                with transaction():
                    by = db.session.get_one(Account, curator_id)
                    operations.approve(db.session.get_one(Revision, number), by=by)
                outcomes.append("yes")
            except AlreadyAnswered:
                outcomes.append("late")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=answer, args=(curator_id,)) for curator_id in ids]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(outcomes) == ["late", "yes"]
    assert db.session.scalar(select(func.count()).select_from(Decision)) == 1


def test_a_wording_that_the_seller_changed_meanwhile_is_not_approved(shop, curator):
    product = make_waiting_product(shop)
    old = revision_of(product, "waiting")
    with transaction():
        old.state = "superseded"
    newer = make_revision(product, name="Baru")

    with pytest.raises(Overtaken), transaction():
        operations.approve(old, by=curator)

    assert queries.find_newest_waiting(product) == newer.id


def test_what_its_seller_deleted_is_not_approved(waiting, curator):
    with transaction():
        products.delete(waiting.product, by=curator)

    with pytest.raises(products.Deleted), transaction():
        operations.approve(waiting, by=curator)


def test_nobody_decides_what_they_entered(shop, curator):
    entered = revision_of(make_waiting_product(shop, by=curator), "waiting")

    with pytest.raises(OwnEntry), transaction():
        operations.approve(entered, by=curator)

    assert queries.list_waiting(scope=curator) == []
    assert queries.count_waiting(scope=make_account("curator")) == 1


def test_the_inbox_holds_the_own_region_oldest_first_without_deleted_goods(app, curator):
    here, there = make_shop(), make_shop(regency_code="36.73", kecamatan_code="36.73.01", desa_code="36.73.01.1001")
    first, second = make_waiting_product(here), make_waiting_product(here)
    make_waiting_product(there)
    gone = make_waiting_product(here)
    with transaction():
        products.delete(gone, by=curator)

    cases = queries.list_waiting(scope=curator)

    assert [case.product.id for case in cases] == [first.id, second.id]
    assert queries.count_waiting(scope=curator) == 2


def test_what_a_helper_entered_for_the_curator_s_own_shop_is_for_others(curator):
    own = make_shop(curator)
    revision = revision_of(make_waiting_product(own), "waiting")
    with transaction():
        revision.submitted_by_id = make_account("pendamping").id

    assert (queries.list_waiting(scope=curator), queries.count_waiting(scope=curator)) == ([], 0)
    with pytest.raises(OwnEntry), transaction():
        operations.approve(revision, by=curator)
    assert queries.count_waiting(scope=make_account("curator")) == 1


def test_pages_of_the_inbox_follow_each_other(shop, curator):
    made = [make_waiting_product(shop).id for _each in range(5)]

    first = queries.list_waiting(limit=2, scope=curator)
    last = first[1].revision
    second = queries.list_waiting(rules.Place(last.submitted_at, last.id), limit=2, scope=curator)

    assert [case.product.id for case in first[:2] + second[:2]] == made[:4]


def test_after_an_answer_the_next_by_age_follows_and_at_the_end_the_oldest(shop, curator):
    made = [revision_of(make_waiting_product(shop), "waiting").id for _each in range(3)]
    cases = {number: queries.get_case(number) for number in made}

    assert queries.find_next(cases[made[0]], scope=curator) == made[1]
    assert queries.find_next(cases[made[2]], scope=curator) == made[0]
    assert queries.find_neighbours(cases[made[1]], scope=curator) == (made[0], made[2])


def test_a_change_is_shown_beside_what_sells_now(shop):
    product = make_product(shop, "Telur asin")
    change = make_revision(product, name="Telur masir")

    case = queries.get_case(change.id)

    assert case.before is not None
    assert case.before.name == "Telur asin"


def test_withdrawing_takes_the_card_and_keeps_the_sentence(shop, curator):
    product = make_product(shop)

    with transaction():
        operations.withdraw(product, "izin-belum-ada", "", by=curator)

    assert product.state == "withdrawn"
    assert product.withdrawn_note.startswith("Barang ini perlu izin")
    assert db.session.get(ShelfItem, product.id) is None
    assert [case.product.id for case in queries.list_products("withdrawn", scope=curator)] == [product.id]


def test_a_curators_pages_ask_the_same_number_of_questions_for_one_and_for_many(app, curator):
    stall = make_shop()

    def asked() -> int:
        db.session.rollback()
        return len(_statements(lambda: queries.list_waiting(scope=curator)))

    make_waiting_product(stall)
    one = asked()
    for _each in range(6):
        make_waiting_product(make_shop())

    assert asked() == one
    assert db.session.scalar(select(func.count()).select_from(Product)) == 7


def _statements(work) -> list[str]:
    """Return what was asked of the database meanwhile."""
    said: list[str] = []
    engine = db.engine

    def hear(connection, cursor, statement, *rest) -> None:
        said.append(statement)

    sqlalchemy_event.listen(engine, "before_cursor_execute", hear)
    try:
        work()
    finally:
        sqlalchemy_event.remove(engine, "before_cursor_execute", hear)
    return said

"""Tally sheets, one way per product and day, the result and its second signature."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.core import books
from app.core.db import db, transaction
from app.core.errors import StaleVersion
from app.kit.rupiah import Rupiah
from app.trade.bazaars import steps
from app.trade.sales import queries as book
from app.trade.stalls import queries, reminding, settling
from app.trade.stalls.operations import Hand, NotOpen, Settled, TooFew
from app.trade.stalls.settling import NoReason, NotADay, OwnResult, Sheet, TooEarly, Unchosen
from tests.factories import stalls
from tests.factories.people import make_account
from tests.support.log import did, log


def sold(stand):
    """What the book says that a stall sold: units and rupiah."""
    lines = book.list_of_source("bazaar", stand.bazaar.id)
    return sum(each.qty for each in lines), sum(each.amount.amount for each in lines)


def grades(stand):
    lines = book.list_of_source("bazaar", stand.bazaar.id)
    return [book.grade_of(each.id) for each in lines if each.reversal_of is None]


def wrong():
    return [str(finding) for _, findings in books.verify() for finding in findings]


def choices(stand, way):
    return {each.key: way for each in settling.list_conflicts(queries.get_place(stand.application.id))}


@pytest.fixture
def pendamping(app):
    return make_account("pendamping")


def test_a_sheet_writes_the_days_sales_with_both_names(stand, pendamping):
    stalls.carry(stand, 10)

    stalls.tally(stand, 7, by=Hand(pendamping))

    (line,) = book.list_of_source("bazaar", stand.bazaar.id)
    assert (line.qty, line.entered_by_id, line.on_behalf_of_id) == (7, pendamping.id, stand.owner.id)
    assert stalls.pool(stand) == (10, 7, 0, 0, 0)
    assert wrong() == []


def test_a_sheet_sent_twice_is_one_and_a_newer_one_replaces_it(stand):
    stalls.tally(stand, 7, key="the same sheet")
    stalls.tally(stand, 7, key="the same sheet")
    assert sold(stand) == (7, 133_000)

    stalls.tally(stand, 9)

    assert sold(stand) == (9, 171_000)
    assert stalls.pool(stand)[1] == 9
    assert wrong() == []


def test_the_bazaar_must_have_been_open_that_day(stand):
    sheet = Sheet("k", stalls.bazaars.days_from(90)[0].day, (stalls.line(stand),))

    with pytest.raises(NotADay), transaction():
        settling.enter_sheet(stand.application, sheet, by=stand.hand)


def test_goods_in_the_till_and_on_the_sheet_count_once_until_somebody_chooses(stand):
    stalls.sell(stand, 3)
    stalls.tally(stand, 5)

    assert sold(stand) == (3, 57_000)
    stalls.end_day(stand.bazaar)
    with pytest.raises(Unchosen):
        stalls.submit(stand)


@pytest.mark.parametrize(("way", "counts"), [("tally", (5, 95_000)), ("till", (3, 57_000))])
def test_one_way_counts_for_each_product_and_day(stand, way, counts):
    stalls.sell(stand, 1)
    stalls.sell(stand, 2)
    stalls.tally(stand, 5)
    stalls.end_day(stand.bazaar)

    stalls.submit(stand, choices=choices(stand, way))

    assert sold(stand) == counts
    assert stalls.pool(stand)[1] == counts[0]
    assert wrong() == []


def test_what_comes_back_whole_is_on_the_shelf_again_and_the_rest_is_shown(stand):
    stalls.carry(stand, 10)
    stalls.sell(stand, 5)
    stalls.end_day(stand.bazaar)

    stalls.submit(stand, returned={stand.variant.id: 3}, damaged={stand.variant.id: 1})

    (row,) = settling.list_rows(stand.application)
    assert (row.should, row.difference, row.is_far) == (6, 1, True)
    assert stalls.pool(stand) == (10, 5, 3, 1, 0)
    assert queries.list_goods(stand.application)[0].free == 13
    assert wrong() == []


def test_more_than_a_tenth_unexplained_needs_a_sentence_and_then_never_blocks(stand):
    stalls.carry(stand, 10)
    stalls.sell(stand, 5)
    stalls.end_day(stand.bazaar)

    with pytest.raises(NoReason):
        stalls.submit(stand, reason="")
    assert queries.find_settlement(stand.application.id) is None
    assert stalls.pool(stand) == (10, 5, 0, 0, 0)

    assert stalls.submit(stand, reason="Diberikan ke panitia").state == "submitted"


def test_up_to_a_tenth_needs_none(stand):
    stalls.carry(stand, 10)
    stalls.sell(stand, 9)
    stalls.end_day(stand.bazaar)

    assert stalls.submit(stand, reason="").state == "submitted"


def test_no_more_comes_back_than_lay_there(stand):
    stalls.carry(stand, 10)
    stalls.sell(stand, 8)
    stalls.end_day(stand.bazaar)

    with pytest.raises(TooFew):
        stalls.submit(stand, returned={stand.variant.id: 3})


def test_a_result_is_handed_in_after_the_end_alone(stand):
    with pytest.raises(NotOpen):
        stalls.submit(stand)


def test_another_officers_signature_makes_the_sales_evidence_b(stand, curator):
    stalls.carry(stand, 4)
    gone = stalls.sell(stand, 1)
    stalls.sell(stand, 3)
    with transaction():
        stalls.operations.take_back(gone, by=stand.hand)
    stalls.end_day(stand.bazaar)
    stalls.submit(stand, returned={stand.variant.id: 1}, reason="")
    assert grades(stand) == ["D", "D"]

    stalls.sign(stand, curator)

    assert grades(stand) == ["D", "B"]
    assert queries.get_place(stand.application.id).state == "settled"
    assert wrong() == []


def test_nobody_signs_what_they_wrote_themselves(stand, curator, pendamping):
    stalls.tally(stand, 2, by=Hand(pendamping))
    stalls.end_day(stand.bazaar)
    stalls.submit(stand, by=Hand(curator))

    for writer in (pendamping, curator, stand.owner):
        with pytest.raises(OwnResult):
            stalls.sign(stand, writer)

    assert grades(stand) == ["D"]


def test_a_result_that_was_handed_in_anew_is_not_signed_unseen(stand, curator):
    stalls.sell(stand, 2)
    stalls.end_day(stand.bazaar)
    found = stalls.submit(stand)
    seen = found.version
    with transaction():
        settling.send_back(found, seen, "Uangnya belum cocok", by=curator)
    stalls.submit(stand, cash=Rupiah(38_000))

    with pytest.raises(StaleVersion), transaction():
        settling.sign(queries.find_settlement(stand.application.id), seen, by=curator)


def test_a_result_goes_back_with_a_sentence_alone(stand, curator):
    stalls.sell(stand, 2)
    stalls.end_day(stand.bazaar)
    found = stalls.submit(stand)

    with pytest.raises(steps.NoReason), transaction():
        settling.send_back(found, found.version, "", by=curator)
    with pytest.raises(Settled):
        stalls.submit(stand)
    with transaction():
        settling.send_back(found, found.version, "Uangnya belum cocok", by=curator)
    assert log("stall.returned") == [did(curator, stand.application)]


def test_the_silent_are_marked_after_five_days_and_two_reminders(stand, curator):
    stalls.sell(stand, 2)
    stalls.end_day(stand.bazaar, days_ago=6)
    with pytest.raises(TooEarly), transaction():
        settling.mark_silent(stand.application, by=curator)

    for _ in range(3):
        with transaction():
            reminding.remind()
    assert reminding.count_reminders(stand.application.id) == 2
    with transaction():
        settling.mark_silent(stand.application, by=curator)

    assert log("stall.silent") == [did(curator, stand.application)]
    assert grades(stand) == ["D"]
    assert stalls.submit(stand).state == "submitted"


def test_before_the_five_days_nobody_is_silent(stand, curator):
    stalls.sell(stand, 2)
    stalls.end_day(stand.bazaar, days_ago=4)
    for _ in range(2):
        with transaction():
            reminding.remind()

    with pytest.raises(TooEarly), transaction():
        settling.mark_silent(stand.application, by=curator)


def test_a_signature_of_the_writer_and_a_changed_sheet_are_found_or_refused(stand, curator):
    stalls.tally(stand, 2)
    stalls.end_day(stand.bazaar)
    stalls.submit(stand)
    stalls.sign(stand, curator)
    with transaction():
        db.session.execute(text("UPDATE stall_settlement SET signed_by_id = submitted_by_id"))
    assert any("signed by somebody who wrote it" in line for line in wrong())

    with pytest.raises(DatabaseError), transaction():
        db.session.execute(text("UPDATE stall_sheet SET cash = 1"))

"""The report: signed by somebody who did not write all of it, sealed, and the same for ever."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.core import books
from app.core.db import db, transaction
from app.trade.bazaars.models import Bazaar
from app.trade.bazaars.steps import NotNow
from app.trade.stalls import queries, reporting, rules
from app.trade.stalls.operations import Hand, NotOpen
from app.trade.stalls.reporting import NoText, OnlyHand, Unsettled
from tests.factories import stalls


def freeze(bazaar, by):
    with transaction():
        return reporting.freeze(bazaar, by=by)


def wrong():
    return [str(finding) for _, findings in books.verify() for finding in findings]


@pytest.fixture
def told(app, curator):
    """Two stalls that sold and were signed, one that never came."""
    stands = stalls.make_stands(3)
    for stand, qty in zip(stands, (3, 5), strict=False):
        stalls.carry(stand, qty + 2)
        stalls.sell(stand, qty)
    stalls.end_day(stands[0].bazaar)
    for stand in stands[:2]:
        stalls.submit(stand, returned={stand.variant.id: 2}, new_buyers=2)
        stalls.sign(stand, curator)
    return stands


def test_stalls_goods_total_and_book_are_one_sum(told, approver):
    report = freeze(told[0].bazaar, approver)

    figures = report.figures
    assert figures["total"] == 8 * stalls.PRICE == sum(each["amount"] for each in figures["stalls"])
    assert figures["total"] == sum(each["amount"] for each in figures["products"])
    assert (figures["grades"], figures["sellers"], figures["baskets"]) == ({"B": figures["total"]}, 2, 2)
    assert (figures["new_buyers"], figures["new_buyers_from"], figures["kecamatan"]) == (4, 2, ["Ciomas"])
    assert report.sha256 == rules.seal(figures, report.rule)
    assert db.session.get_one(Bazaar, told[0].bazaar.id).state == "reported"
    assert wrong() == []


def test_who_never_came_is_noted_as_absent(told, approver):
    freeze(told[0].bazaar, approver)

    assert stalls.bazaars.db.session.get(type(told[2].application), told[2].application.id).state == "no_show"


def test_a_stall_that_was_there_and_has_not_finished_holds_the_report_up(app, approver):
    stand = stalls.make_stand()
    stalls.sell(stand)
    stalls.end_day(stand.bazaar)

    with pytest.raises(Unsettled) as refused:
        freeze(stand.bazaar, approver)

    assert stand.shop.name in str(refused.value)


def test_whoever_wrote_everything_does_not_sign_it(app, curator, approver):
    stand = stalls.make_stand()
    stalls.tally(stand, 2, by=Hand(curator))
    stalls.end_day(stand.bazaar)
    stalls.submit(stand, by=Hand(curator))
    stalls.sign(stand, approver)

    with pytest.raises(OnlyHand):
        freeze(stand.bazaar, curator)

    assert freeze(stand.bazaar, approver).figures["total"] == 2 * stalls.PRICE


def test_a_report_waits_for_the_end_and_is_signed_once(told, approver):
    freeze(told[0].bazaar, approver)
    with pytest.raises(NotNow):
        freeze(told[0].bazaar, approver)

    running = stalls.make_stand()
    with pytest.raises(NotNow):
        freeze(running.bazaar, approver)


def test_later_facts_stand_beside_the_report_and_change_nothing(told, approver):
    report = freeze(told[0].bazaar, approver)
    before = rules.canonical(report.figures)

    with pytest.raises(NotOpen):
        stalls.sell(told[0], 2)
    for _ in range(2):
        with transaction():
            reporting.add_addendum(report, "once", "Ditemukan lembar hitung lapak 3: 40 bungkus.", by=approver)
    with pytest.raises(NoText), transaction():
        reporting.add_addendum(report, "twice", "", by=approver)

    assert len(queries.list_addenda(report.id)) == 1
    assert rules.canonical(queries.get_report(told[0].bazaar.id).figures) == before


@pytest.mark.parametrize("table", ["bazaar_report", "bazaar_addendum"])
def test_the_database_itself_keeps_a_report_as_it_was(told, approver, table):
    report = freeze(told[0].bazaar, approver)
    with transaction():
        reporting.add_addendum(report, "once", "Catatan susulan", by=approver)

    for statement in (f"UPDATE {table} SET id = id + 1", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError), transaction():
            db.session.execute(text(statement))


def test_the_book_finds_a_report_that_the_sales_have_left_behind(told, approver):
    report = freeze(told[0].bazaar, approver)
    line = queries.list_lines_of(told[0].bazaar.id)[0][1]
    with transaction():
        record = db.session.get_one(stalls.operations.SaleRecord, line.record_id)
        stalls.operations.book.reverse(record, 1, by=approver, key="behind its back")

    assert f"bazaar_report {report.id}: stalls, goods, total and book differ" in wrong()

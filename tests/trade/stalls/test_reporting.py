"""The report: signed by somebody who did not write all of it, sealed, and the same for ever."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.core import books
from app.core.clock import now
from app.core.db import db, transaction
from app.trade.bazaars import ground
from app.trade.bazaars.models import Bazaar
from app.trade.bazaars.steps import NotNow
from app.trade.orders import operations as orders
from app.trade.stalls import operations, queries, reporting, rules
from app.trade.stalls.models import Report
from app.trade.stalls.operations import Hand, NotOpen
from app.trade.stalls.reporting import NoText, OnlyHand, Unsettled
from tests.factories import stalls
from tests.factories.goods import make_product, make_shop
from tests.factories.people import make_account, sign_in
from tests.factories.trade import handed_order
from tests.support.paper import readable

pytestmark = pytest.mark.slow
KINDS = ("pdf", "xlsx")


def freeze(bazaar, by):
    with transaction():
        return reporting.freeze(bazaar, by=by)


def wrong():
    return [str(finding) for _, findings in books.verify() for finding in findings]


@pytest.fixture
def told(app, curator):
    """Two stalls that sold and were signed, of each a packet missing; one that never came."""
    stands = stalls.make_stands(3)
    with transaction():
        ground.fill_stalls(stands[0].bazaar, by=curator)
    for stand, qty in zip(stands, (3, 5), strict=False):
        stalls.carry(stand, qty + 3)
        stalls.sell(stand, qty)
    stalls.end_day(stands[0].bazaar)
    for stand in stands[:2]:
        stalls.submit(stand, returned={stand.variant.id: 2}, new_buyers=2)
        stalls.sign(stand, curator)
    return stands


def test_each_stall_stands_by_its_number_and_all_it_brought_is_accounted_for(told, approver):
    report = freeze(told[0].bazaar, approver)

    parts = ("number", "taken", "sold", "returned", "damaged", "unexplained")
    rows = [tuple(each[part] for part in parts) for each in report.figures["stalls"]]
    assert rows == [(1, 6, 3, 2, 0, 1), (2, 8, 5, 2, 0, 1)]


def test_a_stall_that_sold_nothing_is_told_and_counts_neither_as_a_seller_nor_for_its_kecamatan(app, curator, approver):
    sold, idle = stalls.make_stands(2)
    with transaction():
        idle.shop.kecamatan_code = "36.04.12"
    stalls.sell(sold, 2)
    with transaction():
        operations.check_in(idle.application, by=idle.hand)
    stalls.end_day(sold.bazaar)
    for stand in (sold, idle):
        stalls.submit(stand)
        stalls.sign(stand, curator)

    figures = freeze(sold.bazaar, approver).figures

    assert sorted(each["amount"] for each in figures["stalls"]) == [0, 2 * stalls.PRICE]
    assert (figures["sellers"], figures["kecamatan"]) == (1, ["Ciomas"])


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


def hand_over(stand, number):
    """Somebody with this number collects a packet at the stall."""
    order = stalls.order_for(stand, 1, state="ready", phone=f"+6281300000{number:03d}")
    with transaction():
        orders.hand_over(order, by=stand.owner)
    return order


@pytest.mark.parametrize(("many", "said"), [(0, 0), (4, None), (6, 6)])
def test_buyers_of_a_first_order_are_counted_and_a_few_are_not_told(app, approver, many, said):
    stand = stalls.make_stand(begun=False)
    known = handed_order(make_product(other := make_shop(), qty=9), other.owner, phone="+6281300000900")
    for number in (*range(many), *range(many), 900):  # each comes twice, and one had bought elsewhere before
        hand_over(stand, number)
    stalls.order_for(stand, 1, phone="+6281300000901")

    found = queries.count_around(stand.bazaar)[1]
    stalls.end_day(stand.bazaar)
    stalls.submit(stand)
    stalls.sign(stand, make_account("curator"))
    report = freeze(stand.bazaar, approver)

    assert known.state == "handed_over"
    assert (found, report.figures["first_buyers"]) == (many, said)


def test_a_report_of_before_keeps_its_figures_and_its_hash(told, approver, client):
    report = freeze(told[0].bazaar, approver)
    older = {name: value for name, value in report.figures.items() if name != "first_buyers"}
    older |= {"stalls": [], "products": []}  # they are another bazaar's
    rule, earlier = "Versi 2026-1.", stalls.make_stand().bazaar.id
    with transaction() as session:
        before = Report(
            bazaar_id=earlier, figures=older, rule=rule, sha256=rules.seal(older, rule),
            signed_by_id=approver.id, signed_at=now(),
        )  # fmt: skip
        session.add(before)
    sign_in(client, make_account("curator"))

    pages = [client.get(f"/dinsos/bazar/laporan/{each.id}.{kind}") for each in (before, report) for kind in KINDS]

    assert [page.status_code for page in pages] == [200] * 4
    words = [readable(page.get_data()) for page in pages]
    assert ["Pembeli pertama kali" in word for word in words] == [False, False, True, True]
    assert all("1 dari 29" in word and "Ciomas" in word for word in words)
    assert (report.figures["first_buyers"], report.figures["new_buyers"]) == (0, 4)
    assert before.sha256 == rules.seal(before.figures, before.rule)

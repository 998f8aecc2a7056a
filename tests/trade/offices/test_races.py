"""Many at once: numbers without a gap or a twin, one submit however often it is sent, one receipt for two taps."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.core import books
from app.core.clock import now
from app.core.db import db, transaction
from app.trade.offices import operations, planning
from app.trade.offices.models import OfficePaper, OfficeRequest
from app.trade.orders.meeting import Need
from app.trade.orders.queries import get_order
from tests.factories.goods import make_product, variant_of
from tests.factories.offices import HALL, ZONE, asked, hand_over, order_for_office, parts_of
from tests.factories.trade import make_stall
from tests.support.together import at_once

pytestmark = pytest.mark.race

MANY = 12


@pytest.fixture
def stall(app):
    seller, shop = make_stall()
    return seller, make_product(shop, "Snack box", qty=500, unit="kotak")


def submitting(product, qty, key=None):
    """One office's submit, ready to be sent: what is asked is read before anybody starts."""
    need, units = Need(HALL, now() + timedelta(days=7)), {variant_of(product).id: qty}
    signed = planning.pack(planning.make(units, need, ZONE, "cash_cod"), units, need, "cash_cod")
    parts, who = planning.agreed(signed, units, need, "cash_cod"), asked()

    def act():
        with transaction():
            operations.request(who, parts, key=key or f"kantor-{who.phone}")

    return act


def many_goods(stall):
    """Goods of one seller, another for each office: nobody waits for anybody's stock."""
    shop = stall[1].shop
    return [submitting(make_product(shop, f"Snack box {n}", qty=9, unit="kotak"), 3) for n in range(MANY)]


def numbers(kind="order"):
    db.session.rollback()
    return sorted(db.session.scalars(select(OfficePaper.number).where(OfficePaper.kind == kind)))


def wrong_rows():
    return [str(finding) for _name, found in books.verify() for finding in found]


def test_numbers_that_are_given_at_once_have_no_gap_and_no_twin(app, stall):
    answers = at_once(app, many_goods(stall))

    assert Counter(answers) == {"ya": MANY}
    assert numbers() == list(range(1, MANY + 1))
    assert wrong_rows() == []


def test_without_the_queue_numbers_meet(app, stall, engine_name, monkeypatch):
    """The twin: SQLite lets writers in one by one anyway, PostgreSQL does not."""
    sends = many_goods(stall)
    monkeypatch.setattr("app.trade.offices.operations.advisory_lock", lambda _key: None)
    answers = Counter(at_once(app, sends))

    assert (answers["ya"] == MANY) == (engine_name == "sqlite")
    assert numbers() == list(range(1, answers["ya"] + 1))


def test_one_form_that_is_sent_many_times_at_once_is_one_request(app, stall):
    send = submitting(stall[1], 3, key="satu-kunci-saja")
    answers = at_once(app, [send] * MANY)

    assert Counter(answers) == {"ya": MANY}
    assert db.session.scalar(select(func.count()).select_from(OfficeRequest)) == 1
    assert numbers() == [1]


def test_two_offices_race_for_the_last_boxes_and_one_is_told(app):
    boxes = make_product(make_stall()[1], "Snack box", qty=100, unit="kotak")
    answers = at_once(app, [submitting(boxes, 60), submitting(boxes, 60)])

    assert sorted(answers) == ["LinesChanged", "ya"]
    assert numbers() == [1]
    assert wrong_rows() == []


def test_two_taps_on_the_money_of_a_treasurer_make_one_receipt(app, stall):
    seller, boxes = stall
    (order,) = parts_of(order_for_office((boxes, 5), method="paid_elsewhere"))
    hand_over(order, seller)
    number = order.id

    def act():
        with transaction():
            operations.note_paid(get_order(number), by=seller)

    answers = Counter(at_once(app, [act] * 6))

    assert answers["ya"] >= 1
    assert numbers("receipt") == [1]
    assert wrong_rows() == []

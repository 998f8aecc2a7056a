"""Many at one stall: a double tap, the last packs at home, a signature beside a sale; and without the lock."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import func, select

from app.core import books
from app.core.db import db, transaction
from app.goods.stock.models import Stock
from app.people.accounts.models import Account
from app.trade.orders import operations as orders
from app.trade.orders.models import Order
from app.trade.sales import queries as book
from app.trade.stalls import operations, queries, reporting, settling
from app.trade.stalls.models import StallSale
from tests.factories import stalls
from tests.factories.people import make_account
from tests.factories.trade import checkout
from tests.support.together import at_once

pytestmark = pytest.mark.race


def selling(stand, qty=1, key=""):
    basket = stalls.basket(stand, qty, key)
    application_id, owner_id = stand.application.id, stand.owner.id

    def act():
        with transaction():
            hand = operations.Hand(db.session.get_one(Account, owner_id))
            operations.sell(queries.get_place(application_id), basket, by=hand)

    return act


def ordering(stand, qty=1):
    submit = checkout((stand.variant, qty))

    def act():
        with transaction():
            orders.place(submit)

    return act


def wrong():
    return [str(finding) for _, findings in books.verify() for finding in findings]


def sold(stand):
    return sum(each.qty for each in book.list_of_source("bazaar", stand.bazaar.id))


def test_twenty_taps_with_one_key_are_one_sale(app, stand):
    answers = at_once(app, [selling(stand, 2, "one page") for _ in range(20)])

    assert Counter(answers) == {"ya": 20}
    assert db.session.scalar(select(func.count()).select_from(StallSale)) == 1
    assert sold(stand) == 2
    assert wrong() == []


def test_stall_and_buyers_race_for_the_last_packs_and_every_sale_stands(app):
    stand = stalls.make_stand(qty=10)
    acts = [selling(stand) if place % 2 else ordering(stand) for place in range(32)]

    answers = at_once(app, acts)

    assert set(answers[1::2]) == {"ya"}
    assert set(answers[0::2]) <= {"ya", "LinesChanged"}
    assert sold(stand) == 16
    at_risk = db.session.scalar(select(func.count()).select_from(Order).where(Order.at_risk))
    placed = Counter(answers[0::2])["ya"]
    on_hand, reserved = db.session.execute(
        select(Stock.on_hand, Stock.reserved).where(Stock.variant_id == stand.variant.id)
    ).one()
    assert reserved == placed - at_risk <= on_hand
    assert wrong() == []


def test_two_sign_at_once_and_one_signature_stands(app, stand):
    stalls.sell(stand, 2)
    stalls.end_day(stand.bazaar)
    settlement = stalls.submit(stand)
    number, version = settlement.application_id, settlement.version
    officers = [make_account("curator").id for _ in range(4)]

    def signing(officer_id):
        def act():
            with transaction():
                officer = db.session.get_one(Account, officer_id)
                settling.sign(queries.find_settlement(number), version, by=officer)

        return act

    answers = at_once(app, [signing(each) for each in officers])

    assert Counter(answers) == {"ya": 1, "Settled": 3}
    assert wrong() == []


def test_no_sale_slips_past_a_report_that_is_being_signed(app, approver):
    stand = stalls.make_stand()
    stalls.end_day(stand.bazaar)
    bazaar_id, approver_id = stand.bazaar.id, approver.id

    def freezing():
        with transaction():
            approver = db.session.get_one(Account, approver_id)
            reporting.freeze(operations.bazaars.get_bazaar(bazaar_id), by=approver)

    answers = at_once(app, [selling(stand), freezing, selling(stand), selling(stand)])

    # Whoever sold nothing before the signature did not come, and has no place any more.
    assert set(answers) <= {"ya", "NotOpen", "NotFound", "Unsettled"}
    assert wrong() == []


def test_after_the_signature_whoever_never_came_has_no_place_to_sell_at(app, approver):
    stand = stalls.make_stand()
    stalls.end_day(stand.bazaar)
    with transaction():
        reporting.freeze(stand.bazaar, by=approver)

    assert at_once(app, [selling(stand)]) == ["NotFound"]
    assert wrong() == []


def test_without_the_lock_of_the_stall_one_key_breaks(app, stand, monkeypatch, engine_name):
    if engine_name == "sqlite":
        return  # its writers queue by themselves

    def unlocked(application_id):
        return queries.get_place(application_id)

    monkeypatch.setattr(queries, "lock_place", unlocked)

    answers = at_once(app, [selling(stand, 2, "one page") for _ in range(20)])

    assert "IntegrityError" in answers

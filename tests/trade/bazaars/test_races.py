"""Thirty at once, two curators at once: the lock of a bazaar, and what happens without it."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import func, select

from app.core import books
from app.core.db import db, transaction
from app.trade.bazaars import applying, judging, queries, rules
from app.trade.bazaars.models import Application, Bazaar, BazaarEvent
from tests.factories import bazaars
from tests.factories.people import make_account
from tests.support.together import at_once

pytestmark = pytest.mark.race


def acting(act, application_id, *facts, **named):
    def run():
        with transaction():
            application = queries.get_application(application_id)
            act(application, *facts, **({"by": application.shop.owner} | named))

    return run


def unlocked(bazaar_id):
    """Read a bazaar without queueing, as if nobody else were about."""
    return db.session.get_one(Bazaar, bazaar_id)


def states(bazaar_id):
    query = select(Application.state, func.count()).where(Application.bazaar_id == bazaar_id)
    return Counter(dict(db.session.execute(query.group_by(Application.state)).all()))


def sound(bazaar_id):
    bazaar = queries.get_bazaar(bazaar_id)
    pools = queries.pools_of(bazaar)
    taken = rules.counts(pools, queries.holders_of(bazaar_id))
    waiting = queries.list_states(bazaar_id, ("waitlisted",))
    fitting = [each for each in waiting if not rules.full_for(each.pools, pools, taken, reserve=True)]
    found = [finding for _name, each in books.verify("bazar") for finding in each]
    return not fitting and not found


def test_thirty_confirm_at_once_and_ten_get_in(app):
    bazaar, applications = bazaars.make_published(30)
    numbers = [each.id for each in applications]

    answers = at_once(app, [acting(applying.confirm, number) for number in numbers])

    assert Counter(answers) == {"ya": 10, "NotOffered": 20}
    assert states(bazaar.id) == {"confirmed": 10, "waitlisted": 20}
    assert sound(bazaar.id)


def leave_at_once(app):
    bazaar, applications = bazaars.make_published(12, pools=(rules.Pool("total", 6),))
    offered = [each.id for each in applications if each.state == "offered"]
    at_once(app, [acting(applying.decline, number) for number in offered])
    db.session.expire_all()
    return bazaar.id


def test_six_leave_at_once_and_six_move_up(app):
    bazaar_id = leave_at_once(app)

    assert states(bazaar_id) == {"declined": 6, "offered": 6}
    assert sound(bazaar_id)


def test_without_the_lock_somebody_is_forgotten(app, monkeypatch):
    if db.engine.dialect.name == "sqlite":
        return  # SQLite's writers queue by nature: without the lock nothing happens there
    monkeypatch.setattr(queries, "lock", unlocked)

    for _ in range(5):
        if not sound(leave_at_once(app)):
            return
    pytest.fail("six left at once without the lock, five times, and every place was offered")


def test_two_curators_decide_at_once_and_one_counts(app):
    application = bazaars.apply_to(bazaars.make_call())
    curators = [make_account("curator") for _ in range(2)]
    acts = [acting(judging.decide_refusal, application.id, f"Alasan {n}", by=each) for n, each in enumerate(curators)]

    answers = at_once(app, acts)

    assert sorted(answers) == ["AlreadyAnswered", "ya"]


def test_three_curators_score_at_once_and_two_count(app):
    application = bazaars.apply_to(bazaars.make_call())
    curators = [make_account("curator") for _ in range(3)]
    acts = [acting(judging.score, application.id, bazaars.spread(8), by=each) for each in curators]

    answers = at_once(app, acts)

    assert Counter(answers) == {"ya": 2, "AlreadyScored": 1}


def test_two_announce_at_once_and_it_happens_once(app):
    bazaar = bazaars.make_call()
    application = bazaars.apply_to(bazaar)
    bazaars.close_call(bazaar)
    bazaars.score(application)
    bazaar_id, curators = bazaar.id, [make_account("curator") for _ in range(2)]

    def announcing(by):
        def run():
            with transaction():
                judging.publish(queries.get_bazaar(bazaar_id), by=by)

        return run

    answers = at_once(app, [announcing(each) for each in curators])

    assert sorted(answers) == ["NotNow", "ya"]
    db.session.rollback()
    steps = select(func.count()).select_from(BazaarEvent).where(BazaarEvent.to_state == "published")
    assert db.session.scalar(steps) == 1


def test_the_same_application_sent_by_both_hands_is_one(app):
    bazaar = bazaars.make_call()
    shop = bazaars.make_shop()
    bazaar_id, shop_id, hands = bazaar.id, shop.id, [shop.owner, make_account("pendamping")]

    def sending(key, by):
        def run():
            with transaction() as session:
                bazaar, shop = queries.get_bazaar(bazaar_id), session.get_one(bazaars.Shop, shop_id)
                applying.apply(bazaar, shop, applying.Wish("Keripik"), key, by=by)

        return run

    answers = at_once(app, [sending(f"k{n}", each) for n, each in enumerate(hands)])

    assert sorted(answers) == ["AlreadyIn", "ya"]

"""What a seller may do and when; who moves up."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.core import books, jobs
from app.core.clock import today
from app.core.db import db, transaction
from app.kit.periods import zone_named
from app.trade.bazaars import applying, judging, queries, rules, steps
from app.trade.bazaars.applying import Wish
from app.trade.bazaars.models import BazaarMessage
from tests.factories import bazaars
from tests.factories.goods import make_product, make_shop
from tests.factories.people import make_account
from tests.support.log import did, log

ONE = (rules.Pool("total", 1),)


def told(application):
    query = select(BazaarMessage.kind).where(BazaarMessage.application_id == application.id)
    return db.session.scalars(query.order_by(BazaarMessage.id)).all()


def test_an_application_gets_number_and_pools(app):
    bazaar = bazaars.make_call(
        pools=(
            rules.Pool("total", 9),
            rules.Pool("category:telur-asin", 4),
            rules.Pool("category:keripik-kerupuk", 4),
            rules.Pool("kecamatan:36.04.27", 5),
            rules.Pool("first_timer", 2, "reserved"),
        )
    )
    shop = make_shop()
    make_product(shop)

    application = bazaars.apply_to(bazaar, shop)

    assert (application.number, application.state, application.late) == (1, "submitted", False)
    assert application.pools == ["total", "category:telur-asin", "kecamatan:36.04.27", "first_timer"]
    assert application.bonus == 2


def test_one_live_application_per_seller(app):
    bazaar, shop = bazaars.make_call(), make_shop()
    bazaars.apply_to(bazaar, shop)

    with pytest.raises(applying.AlreadyIn):
        bazaars.apply_to(bazaar, shop)


def test_who_stepped_back_may_apply_again(app):
    bazaar, shop = bazaars.make_call(), make_shop()
    first = bazaars.apply_to(bazaar, shop)
    with transaction():
        applying.withdraw(first, by=shop.owner)

    assert bazaars.apply_to(bazaar, shop).number == 2


def test_the_same_form_twice_is_one_application(app):
    bazaar, shop = bazaars.make_call(), make_shop()
    with transaction():
        first = applying.apply(bazaar, shop, Wish("Keripik"), "k", by=shop.owner)
    with transaction():
        second = applying.apply(bazaar, shop, Wish("Keripik"), "k", by=shop.owner)

    assert first.id == second.id


def test_after_the_soft_end_she_ranks_behind_the_punctual(app):
    bazaar = bazaars.make_call()
    punctual = bazaars.apply_to(bazaar)
    with time_machine.travel(bazaar.soft_deadline + timedelta(hours=1)):
        late = bazaars.apply_to(bazaar)
    bazaars.close_call(bazaar)
    bazaars.score(punctual, 3)
    bazaars.score(late, 10)

    assert late.late
    assert [each.id for each in judging.preview(queries.list_applications(bazaar.id))] == [punctual.id, late.id]


@pytest.mark.parametrize("given", [{"state": "paused"}, {"desa_code": "36.01.01.2001"}])
def test_a_shop_that_rests_or_lies_elsewhere_cannot_apply(app, given):
    with pytest.raises(applying.ShopResting):
        bazaars.apply_to(bazaars.make_call(), make_shop(**given))


def test_both_names_stand_when_a_pendamping_applies(app):
    shop, pendamping = make_shop(), make_account("pendamping")

    application = bazaars.apply_to(bazaars.make_call(), shop, pendamping)

    assert (application.entered_by_id, application.on_behalf_of_id) == (pendamping.id, shop.owner_id)


def test_a_returned_application_keeps_its_place(app, curator):
    bazaar = bazaars.make_call()
    application, other = bazaars.apply_to(bazaar), bazaars.apply_to(bazaar)
    sent = application.submitted_at
    with transaction():
        judging.send_back(application, "Sebutkan berapa bungkus", bazaar.hard_deadline, by=curator)

    with transaction():
        applying.mend(application, Wish("Keripik 40 bungkus"), by=application.shop.owner)

    assert (application.state, application.submitted_at, application.number) == ("submitted", sent, 1)
    assert told(application) == ["needs_fix"]
    assert other.number == 2
    assert log("bazaar.application.returned") == [did(curator, application)]
    assert log("bazaar.application.mended") == [did(application.shop.owner, application, bazaar=bazaar.id)]


def test_no_offer_lapses_at_night(app):
    bazaar = bazaars.make_call()
    waiting = bazaars.apply_to(bazaar)
    bazaars.close_call(bazaar)
    bazaars.score(waiting)
    evening = zone_named(bazaars.ZONE).at(today(bazaars.ZONE) + timedelta(days=1), time(22, 30))

    with time_machine.travel(evening):
        bazaars.publish(bazaar)

    assert waiting.offer_expires_at == evening + timedelta(hours=48 + 8, minutes=30)


def test_an_offer_is_taken_once(app):
    _bazaar, (application,) = bazaars.make_published(1)
    bazaars.confirmed(application)

    bazaars.confirmed(application)

    assert application.state == "confirmed"
    assert application.offer_expires_at is None
    assert log("bazaar.application.confirmed") == [did(application.shop.owner, application)]


def test_an_offer_too_late_says_so_and_goes_to_the_next(app):
    _bazaar, (first, second) = bazaars.make_published(2, pools=ONE)

    with time_machine.travel(first.offer_expires_at):
        with pytest.raises(applying.OfferLapsed):
            bazaars.confirmed(first)
        jobs_run()

        assert (first.state, second.state) == ("offer_lapsed", "offered")
        assert (told(first), told(second)) == (["offered", "offer_lapsed"], ["waitlisted", "offered"])


def jobs_run():
    with transaction():
        jobs._clocks["bazaars.keep_time"].run()


def test_a_lapsed_offer_holds_no_place_although_no_job_ran(app):
    bazaar, (first, second) = bazaars.make_published(2, pools=ONE)

    with time_machine.travel(first.offer_expires_at):
        assert queries.holders_of(bazaar.id) == []
        assert rules.application_at(first.state, first.offer_expires_at, first.offer_expires_at) == "offer_lapsed"
        with transaction():
            applying.withdraw(second, by=second.shop.owner)
        assert first.state == "offer_lapsed"


@pytest.mark.parametrize(
    ("act", "kind"),
    [(applying.decline, "bazaar.application.declined"), (applying.withdraw, "bazaar.application.withdrawn")],
)
def test_whoever_leaves_lets_the_next_in_at_once(app, act, kind):
    _bazaar, (first, second) = bazaars.make_published(2, pools=ONE)

    with transaction():
        act(first, by=first.shop.owner)

    assert second.state == "offered"
    assert log(kind) == [did(first.shop.owner, first)]


def test_the_next_is_the_first_who_fits_every_pool(app):
    pools = (rules.Pool("total", 5), rules.Pool("category:keripik-kerupuk", 1))
    bazaar = bazaars.make_call(pools=pools)
    potters = [make_shop(), make_shop()]
    for shop in potters:
        make_product(shop, category="keripik-kerupuk")
    line = [bazaars.apply_to(bazaar, each) for each in (*potters, make_shop())]
    bazaars.close_call(bazaar)
    for application in line:
        bazaars.score(application, 8)
    bazaars.publish(bazaar)
    assert [each.state for each in line] == ["offered", "waitlisted", "offered"]

    with transaction():
        applying.withdraw(line[2], by=line[2].shop.owner)
    assert line[1].state == "waitlisted"
    with transaction():
        applying.withdraw(line[0], by=line[0].shop.owner)

    assert line[1].state == "offered"


def test_kept_places_open_at_their_date_by_the_clock(app):
    pools = (rules.Pool("total", 2), rules.Pool("first_timer", 1, "reserved"))
    bazaar = bazaars.make_call(pools=pools)
    old_hands = [bazaars.apply_to(bazaar) for _ in range(2)]
    with transaction():
        for each in old_hands:
            each.pools = ["total"]
    bazaars.close_call(bazaar)
    for each in old_hands:
        bazaars.score(each, 8)
    bazaars.publish(bazaar)
    bazaars.confirmed(old_hands[0])
    assert old_hands[1].state == "waitlisted"

    with time_machine.travel(bazaar.reserved_until + timedelta(seconds=1)):
        jobs_run()

        assert old_hands[1].state == "offered"


def test_who_still_waits_when_the_day_begins_is_told_once(app):
    bazaar, (first, second) = bazaars.make_published(2, pools=ONE)
    bazaars.confirmed(first)

    with time_machine.travel(bazaar.starts_at):
        jobs_run()
        jobs_run()

    assert (bazaar.state, first.state, second.state) == ("running", "confirmed", "not_placed")
    assert told(second) == ["waitlisted", "not_placed"]
    assert log("bazaar.running") == [did(None, bazaar, region=bazaar.regency_code)]
    assert [found for _name, found in books.verify("bazar")] == [[]]


def test_an_offer_less_than_three_days_ahead_waits_twelve_hours(app):
    bazaar, (first, second) = bazaars.make_published(2, pools=ONE)
    bazaars.confirmed(first)
    morning = bazaar.starts_at - timedelta(days=2)

    with time_machine.travel(morning, tick=False), transaction():
        applying.withdraw(first, by=first.shop.owner)

    assert second.offer_expires_at == morning + timedelta(hours=12)


@pytest.mark.parametrize(
    ("state", "days_ago", "past"),
    [("settled", 300, 1), ("checked_in", 5, 1), ("settled", 400, 0), ("withdrawn", 300, 0), ("no_show", 300, 0)],
)
def test_a_place_within_the_last_twelve_months_takes_a_turn_away(app, state, days_ago, past):
    shop, pools = make_shop(), (rules.Pool("total", 9), rules.Pool("first_timer", 2, "reserved"))
    before, bazaar = bazaars.make_call(), bazaars.make_call(pools=pools)
    once = bazaars.apply_to(before, shop)
    with transaction():
        once.state, before.ends_at = state, bazaar.starts_at - timedelta(days=days_ago)
        before.starts_at = before.ends_at - timedelta(hours=7)

    application = bazaars.apply_to(bazaar, shop)

    assert (application.past, application.bonus) == (past, 2 - past)
    assert ("first_timer" in application.pools) == (past == 0)


def test_an_offer_near_the_day_is_short_and_never_ends_in_it(app):
    bazaar, (first, second) = bazaars.make_published(2, pools=ONE)
    bazaars.confirmed(first)

    with time_machine.travel(bazaar.starts_at - timedelta(hours=6)), transaction():
        applying.withdraw(first, by=first.shop.owner)

    assert second.offer_expires_at == bazaar.starts_at


def test_an_objection_is_sent_once(app):
    _bazaar, (_first, second) = bazaars.make_published(2, pools=ONE)
    with transaction():
        applying.object_to(second, "Nilai saya kurang tepat", by=second.shop.owner)

    with pytest.raises(applying.AlreadyObjected), transaction():
        applying.object_to(second, "Sekali lagi", by=second.shop.owner)


def test_nothing_is_objected_to_before_it_is_known(app):
    application = bazaars.apply_to(bazaars.make_call())

    with pytest.raises(steps.NotNow), transaction():
        applying.object_to(application, "Kok belum", by=application.shop.owner)


@pytest.mark.parametrize("damage", ["pool", "state", "message", "order"])
def test_the_book_finds_what_was_bent(app, damage):
    bazaar, applications = bazaars.make_published(3, pools=(rules.Pool("total", 2),), points=(9, 8, 7))
    with transaction():
        applying.decline(applications[0], by=applications[0].shop.owner)
    with transaction() as session:
        if damage == "pool":
            queries.list_pools(bazaar.id)[0].capacity = 1
        elif damage == "state":
            applications[0].state = "withdrawn"
        elif damage == "message":
            session.delete(session.scalars(select(BazaarMessage).where(BazaarMessage.kind == "declined")).one())
        else:
            ranking = session.scalars(select(judging.Ranking)).one()
            ranking.rows = list(reversed(ranking.rows))

    assert [bool(found) for _name, found in books.verify("bazar")] == [True]

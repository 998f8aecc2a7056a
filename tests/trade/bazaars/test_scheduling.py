"""From a draft to an open call and beyond, with two signatures and no way back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.core import books, jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import StaleVersion
from app.people.accounts.operations import KeyReused
from app.people.places import operations as places
from app.trade.bazaars import applying, changing, operations, queries, rules, steps
from app.trade.bazaars.models import Bazaar, BazaarEvent, BazaarMessage
from tests.factories import bazaars
from tests.factories.people import REGENCY, make_account
from tests.support.log import did, log


def messages(kind):
    return db.session.scalars(select(BazaarMessage).where(BazaarMessage.kind == kind)).all()


def test_a_call_opens_with_two_names(curator, approver):
    bazaar = bazaars.make_draft(curator)

    bazaars.open_call(bazaar, curator, approver)

    assert bazaar.state == "open_call"
    assert log("bazaar.open_call.asked") == [did(curator, bazaar)]
    assert log("bazaar.open_call.signed") == log("bazaar.open_call") == [did(approver, bazaar)]
    assert db.session.scalars(select(BazaarEvent.to_state).order_by(BazaarEvent.id)).all() == ["draft", "open_call"]


def test_the_same_form_twice_is_one_bazaar(curator):
    days, pools, settings = bazaars.days_from(), bazaars.POOLS, bazaars.settings_for()
    with transaction():
        first = operations.create("k", settings, days, pools, by=curator)
    with transaction():
        second = operations.create("k", settings, days, pools, by=curator)

    assert first.id == second.id


@pytest.mark.parametrize("what", ["name", "day", "pool", "somebody else"])
def test_the_same_key_with_other_contents_is_refused(curator, what):
    days, pools, settings, by = bazaars.days_from(), bazaars.POOLS, bazaars.settings_for(), curator
    with transaction():
        operations.create("k", settings, days, pools, by=curator)
    if what == "name":
        settings = replace(settings, name="Bazar Lain")
    if what == "day":
        days = bazaars.days_from(many=2)
    if what == "pool":
        pools = (*pools, rules.Pool("first_timer", 2, "reserved"))
    if what == "somebody else":
        by = make_account("curator")

    with pytest.raises(KeyReused), transaction():
        operations.create("k", settings, days, pools, by=by)

    assert db.session.scalars(select(Bazaar.name)).all() == ["Bazar Halaman Dinsos"]


@pytest.mark.parametrize("who", ["asker", "maker"])
def test_nobody_signs_what_they_entered(curator, who):
    bazaar, colleague = bazaars.make_draft(curator), make_account("curator")
    with transaction():
        proposal = operations.ask_to_open(bazaar, by=colleague)

    with pytest.raises(operations.OwnEntry), transaction():
        operations.answer(proposal, "signed", "", by=colleague if who == "asker" else curator)

    assert bazaar.state == "draft"


def test_a_signature_is_given_once(curator, approver):
    bazaar = bazaars.make_draft(curator)
    with transaction():
        proposal = operations.ask_to_open(bazaar, by=curator)
    with transaction():
        operations.answer(proposal, "returned", "Tambah nomor kontak", by=approver)

    with pytest.raises(operations.AlreadyAnswered), transaction():
        operations.answer(proposal, "signed", "", by=approver)

    assert bazaar.state == "draft"
    assert log("bazaar.open_call.returned") == [did(approver, bazaar)]


def test_a_return_without_a_word_is_refused(curator, approver):
    with transaction():
        proposal = operations.ask_to_open(bazaars.make_draft(curator), by=curator)

    with pytest.raises(steps.NoReason), transaction():
        operations.answer(proposal, "returned", "", by=approver)


def test_impossible_settings_never_reach_the_approver(curator):
    bazaar = bazaars.make_draft(curator, decision_at=now() + timedelta(days=60))

    with pytest.raises(operations.Impossible) as refusal, transaction():
        operations.ask_to_open(bazaar, by=curator)

    assert refusal.value.problems == {"decision": "after_start"}


def test_a_stale_form_never_overwrites(curator):
    bazaar = bazaars.make_draft(curator)
    change = (bazaars.settings_for(name="Bazar Lain"), bazaars.days_from(), bazaars.POOLS)
    with transaction():
        operations.edit(bazaar, 1, *change, by=curator)

    with pytest.raises(StaleVersion), transaction():
        operations.edit(bazaar, 1, *change, by=curator)
    assert log("bazaar.edited") == [did(curator, bazaar)]


def test_an_open_call_is_edited_no_more(curator):
    bazaar = bazaars.make_call()

    with pytest.raises(steps.NotNow), transaction():
        operations.edit(bazaar, bazaar.version, bazaars.settings_for(), bazaars.days_from(), bazaars.POOLS, by=curator)


def test_more_places_need_a_second_name_and_everybody_is_told(curator, approver):
    bazaar = bazaars.make_call(pools=(rules.Pool("total", 5),))
    bazaars.apply_to(bazaar)
    with transaction():
        proposal = operations.ask_for_more(bazaar, "total", 8, "Halaman masih luas", by=curator)
    assert queries.pools_of(bazaar)[0].capacity == 5

    with transaction():
        operations.answer(proposal, "signed", "", by=approver)

    assert queries.pools_of(bazaar)[0].capacity == 8
    assert len(messages("more_places")) == 1
    assert log("bazaar.capacity.asked") == [did(curator, bazaar)]
    assert log("bazaar.capacity.signed") == [did(approver, bazaar)]


def test_more_places_can_be_refused_with_a_word(curator, approver):
    bazaar = bazaars.make_call(pools=(rules.Pool("total", 5),))
    with transaction():
        proposal = operations.ask_for_more(bazaar, "total", 8, "Halaman masih luas", by=curator)

    with transaction():
        operations.answer(proposal, "returned", "Tendanya hanya lima", by=approver)

    assert queries.pools_of(bazaar)[0].capacity == 5
    assert log("bazaar.capacity.returned") == [did(approver, bazaar)]


@pytest.mark.parametrize("capacity", [5, 4])
def test_places_are_never_taken_away(curator, capacity):
    bazaar = bazaars.make_call(pools=(rules.Pool("total", 5),))

    with pytest.raises(operations.Frozen), transaction():
        operations.ask_for_more(bazaar, "total", capacity, "", by=curator)


def test_more_places_than_the_ground_holds_are_refused(curator):
    bazaar = bazaars.make_call(stall_count=3, pools=(rules.Pool("total", 5),))

    with pytest.raises(operations.Impossible), transaction():
        operations.ask_for_more(bazaar, "total", 7, "", by=curator)


def test_more_places_let_the_next_in_line_in(curator, approver):
    bazaar, applications = bazaars.make_published(3, pools=(rules.Pool("total", 2),))
    assert applications[2].state == "waitlisted"
    with transaction():
        proposal = operations.ask_for_more(bazaar, "total", 3, "", by=curator)

    with transaction():
        operations.answer(proposal, "signed", "", by=approver)

    assert applications[2].state == "offered"


def test_dates_move_on_and_never_back(curator):
    bazaar = bazaars.make_call()
    bazaars.apply_to(bazaar)
    dates = [bazaar.soft_deadline, bazaar.hard_deadline, bazaar.decision_at]

    with transaction():
        changing.extend(bazaar, *(each + timedelta(days=2) for each in dates), by=curator)

    assert bazaar.hard_deadline == dates[1] + timedelta(days=2)
    assert len(messages("more_time")) == 1
    with pytest.raises(operations.Frozen), transaction():
        changing.extend(bazaar, *dates, by=curator)


def test_the_call_ends_by_itself(curator):
    bazaar = bazaars.make_call()

    with time_machine.travel(bazaar.hard_deadline + timedelta(seconds=1)):
        assert queries.state_of(bazaar) == "curation"
        with pytest.raises(applying.CallClosed):
            bazaars.apply_to(bazaar)


def test_a_call_ends_by_hand_with_a_reason_alone(curator):
    bazaar = bazaars.make_call()

    with pytest.raises(steps.NoReason), transaction():
        changing.close_call(bazaar, "", by=curator)
    assert bazaar.state == "open_call"
    with transaction():
        changing.close_call(bazaar, "Pendaftar sudah cukup", by=curator)

    assert bazaar.state == "curation"


def test_late_applicants_get_more_time_though_the_first_end_is_over(curator):
    bazaar = bazaars.make_call()
    soft, hard, decision = bazaar.soft_deadline, bazaar.hard_deadline, bazaar.decision_at

    with time_machine.travel(soft + timedelta(hours=1)), transaction():
        changing.extend(bazaar, soft, hard + timedelta(days=1), decision, by=curator)

    assert (bazaar.soft_deadline, bazaar.hard_deadline) == (soft, hard + timedelta(days=1))


def test_a_bazaar_that_is_never_announced_ends_by_itself(curator):
    bazaar = bazaars.make_call()
    application = bazaars.apply_to(bazaar)

    with time_machine.travel(bazaar.starts_at + timedelta(minutes=1)), transaction():
        steps.begin(bazaar)

    assert bazaar.state == "cancelled"
    assert log("bazaar.cancelled") == [did(None, bazaar, region=bazaar.regency_code)]
    assert application.state == "not_placed"
    assert len(messages("cancelled")) == 1


def test_cancelling_tells_everybody_once_and_leaves_nobody(curator):
    bazaar, applications = bazaars.make_published(3, pools=(rules.Pool("total", 2),))
    bazaars.confirmed(applications[0])

    with transaction():
        changing.call_off(bazaar, "Halaman banjir", by=curator)

    assert {each.state for each in applications} == {"not_placed"}
    assert sorted(each.application_id for each in messages("cancelled")) == [each.id for each in applications]
    assert queries.holders_of(bazaar.id) == []
    assert log("bazaar.cancelled") == [did(curator, bazaar)]
    assert [found for _name, found in books.verify("bazar")] == [[]]


def test_cancelling_needs_a_reason(curator):
    bazaar = bazaars.make_call()

    with pytest.raises(steps.NoReason), transaction():
        changing.call_off(bazaar, "", by=curator)


def test_a_postponed_bazaar_asks_everybody_again(curator):
    bazaar, applications = bazaars.make_published(3, pools=(rules.Pool("total", 2),))
    bazaars.confirmed(applications[0])
    with transaction():
        changing.postpone(bazaar, "Jalan ditutup", by=curator)
    assert [each.state for each in applications] == ["confirmed", "waitlisted", "waitlisted"]

    with transaction():
        changing.resume(bazaar, bazaars.days_from(45), None, None, None, by=curator)

    assert bazaar.state == "published"
    assert log("bazaar.postponed") == [did(curator, bazaar)]
    assert log("bazaar.published")[1:] == [did(curator, bazaar)]
    assert [each.state for each in applications] == ["offered", "offered", "waitlisted"]
    assert len(messages("postponed")) == len(messages("new_dates")) == 3


@pytest.mark.parametrize("state", ["open_call", "curation"])
def test_before_the_announcement_each_applicant_is_asked_and_keeps_number_and_points(curator, state):
    bazaar = bazaars.make_call()
    applications = [bazaars.apply_to(bazaar) for _ in range(3)]
    bazaars.score(applications[2])
    if state == "curation":
        bazaars.close_call(bazaar)
    before = [(each.number, each.state, each.score) for each in applications]
    put_off(bazaar, curator)
    assert not any(each.asks_again for each in applications)

    resume(bazaar, curator)

    assert bazaar.state == state
    assert [(each.number, each.state, each.score) for each in applications] == before
    assert [each.asks_again for each in applications] == [True] * 3
    assert len(messages("new_dates")) == 3
    with transaction():
        applying.stay(applications[0], by=applications[0].shop.owner)
        applying.stay(applications[0], by=applications[0].shop.owner)
        applying.withdraw(applications[1], by=applications[1].shop.owner)
    assert [(each.state, each.asks_again) for each in applications] == [
        (before[0][1], False), ("withdrawn", False), ("in_review", True),
    ]  # fmt: skip
    assert log("bazaar.application.stays") == [did(applications[0].shop.owner, applications[0])]


def test_who_waits_is_asked_too_and_an_offer_is_a_question_of_its_own(curator):
    bazaar, (first, second, third) = bazaars.make_published(3, pools=(rules.Pool("total", 1),))
    put_off(bazaar, curator)

    resume(bazaar, curator)

    assert [(each.state, each.asks_again) for each in (first, second, third)] == [
        ("offered", False), ("waitlisted", True), ("waitlisted", True),
    ]  # fmt: skip
    with pytest.raises(steps.AlreadyMoved), transaction():
        applying.stay(first, by=first.shop.owner)
    with transaction():
        applying.decline(first, by=first.shop.owner)
    assert (second.state, second.asks_again) == ("offered", False)
    assert (third.state, third.asks_again) == ("waitlisted", True)


def test_nobody_answers_while_a_bazaar_has_no_new_dates(curator):
    bazaar = bazaars.make_call()
    application = bazaars.apply_to(bazaar)
    put_off(bazaar, curator)

    with pytest.raises(steps.NotNow), transaction():
        applying.stay(application, by=application.shop.owner)


def keep_time():
    with transaction():
        jobs._clocks["bazaars.keep_time"].run()


@pytest.mark.parametrize("state", ["open_call", "curation"])
def test_whoever_leaves_new_dates_unanswered_loses_her_place_when_the_clock_ends(curator, state):
    bazaar = bazaars.make_call()
    heard, silent = bazaars.apply_to(bazaar), bazaars.apply_to(bazaar)
    if state == "curation":
        bazaars.close_call(bazaar)
    put_off(bazaar, curator)
    resume(bazaar, curator)
    until = silent.asked_until
    with transaction():
        applying.stay(heard, by=heard.shop.owner)
    assert timedelta(hours=71) < until - now() <= timedelta(hours=72 + 10)

    with time_machine.travel(until - timedelta(seconds=1), tick=False):
        keep_time()
        assert queries.now_of(silent) == silent.state == "submitted"
    with time_machine.travel(until, tick=False):
        assert (silent.state, queries.now_of(silent)) == ("submitted", "offer_lapsed")
        with pytest.raises(applying.AnsweredLate), transaction():
            applying.stay(silent, by=silent.shop.owner)
        keep_time()
        keep_time()

    assert (heard.state, silent.state, silent.asked_until) == ("submitted", "offer_lapsed", None)
    assert [each.application_id for each in messages("unanswered")] == [silent.id]
    last = db.session.scalars(select(BazaarEvent).order_by(BazaarEvent.id.desc())).first()
    assert (last.application_id, last.from_state, last.to_state) == (silent.id, "submitted", "offer_lapsed")
    assert [found for name, found in books.verify() if name == "bazar"] == [[]]


def test_a_silent_place_in_line_goes_to_the_next_and_the_kabupaten_sets_the_clock(curator):
    with transaction():
        places.set_setting(REGENCY, "bazaar.reask_hours", 24)
    bazaar, (first, second, third) = bazaars.make_published(3, pools=(rules.Pool("total", 1),))
    bazaars.confirmed(first)
    put_off(bazaar, curator)
    resume(bazaar, curator)
    with transaction():
        applying.stay(third, by=third.shop.owner)
    assert first.offer_expires_at == second.asked_until <= now() + timedelta(hours=24 + 10)

    with time_machine.travel(second.asked_until, tick=False):
        keep_time()

    assert [each.state for each in (first, second, third)] == ["offer_lapsed", "offer_lapsed", "offered"]
    assert [each.application_id for each in messages("offer_lapsed")] == [first.id]
    assert [each.application_id for each in messages("unanswered")] == [second.id]


def test_a_bazaar_put_off_again_asks_about_its_newest_dates_only(curator):
    bazaar = bazaars.make_call()
    application = bazaars.apply_to(bazaar)
    put_off(bazaar, curator)
    resume(bazaar, curator)
    until = application.asked_until
    put_off(bazaar, curator)

    with time_machine.travel(until, tick=False):
        keep_time()
        assert (queries.now_of(application), application.asked_until) == ("submitted", None)


def test_whoever_was_silent_may_apply_anew_while_the_call_is_open(curator):
    bazaar = bazaars.make_call()
    silent = bazaars.apply_to(bazaar)
    put_off(bazaar, curator)
    resume(bazaar, curator)

    with time_machine.travel(silent.asked_until, tick=False):
        anew = bazaars.apply_to(bazaar, silent.shop)

    assert (silent.state, anew.state, anew.number) == ("offer_lapsed", "submitted", silent.number + 1)


def put_off(bazaar, curator):
    with transaction():
        changing.postpone(bazaar, "Jalan ditutup", by=curator)


def resume(bazaar, curator):
    """The same distances as before, on another day."""
    moment = now()
    call = [moment + timedelta(days=ahead) for ahead in (8, 11, 15)]
    with transaction():
        changing.resume(bazaar, bazaars.days_from(45), *call, by=curator)


def test_a_postponed_bazaar_cannot_return_into_the_past(curator):
    bazaar, _applications = bazaars.make_published(1)
    with transaction():
        changing.postpone(bazaar, "Jalan ditutup", by=curator)

    with pytest.raises(operations.Impossible), transaction():
        changing.resume(bazaar, bazaars.days_from(-1), None, None, None, by=curator)

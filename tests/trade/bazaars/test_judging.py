"""Two reviewers, one moment, reasons for everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.clock import now
from app.core.db import db, transaction
from app.trade.bazaars import applying, ground, judging, queries, rules, steps
from app.trade.bazaars.models import BazaarMessage, Kinship, Stall
from app.trade.bazaars.operations import AlreadyAnswered
from tests.factories import bazaars
from tests.factories.goods import make_shop
from tests.factories.people import make_account
from tests.support.log import did, log


@pytest.fixture
def application(app):
    application = bazaars.apply_to(bazaars.make_call())
    bazaars.close_call(application.bazaar)
    return application


def give(application, points, by):
    with transaction():
        judging.score(application, bazaars.spread(points), by=by)


def test_two_reviews_make_the_score(application):
    give(application, 7, make_account("curator"))
    assert application.score is None

    give(application, 8, make_account("curator"))

    assert (application.score, application.decision, application.state) == (750, "place", "in_review")


def test_reviews_far_apart_want_a_third(application):
    give(application, 2, make_account("curator"))
    give(application, 8, make_account("curator"))
    assert application.decision == ""

    give(application, 8, make_account("curator"))

    assert application.score == 600


def test_enough_is_enough(application, curator):
    bazaars.score(application)

    with pytest.raises(judging.AlreadyScored):
        give(application, 5, curator)


def test_nobody_scores_twice(application, curator):
    give(application, 5, curator)

    with pytest.raises(judging.AlreadyScored):
        give(application, 5, curator)


@pytest.mark.parametrize("scores", [{}, {"readiness": 4, "papers": 0, "capacity": 0, "presentation": 0}])
def test_points_outside_the_rubric_are_refused(application, curator, scores):
    with pytest.raises(judging.WrongScores), transaction():
        judging.score(application, scores, by=curator)


def test_who_entered_it_never_judges_it(app, curator):
    application = bazaars.apply_to(bazaars.make_call(), make_shop(), curator)

    with pytest.raises(judging.NotYours):
        give(application, 9, curator)
    with pytest.raises(judging.NotYours), transaction():
        judging.decide_refusal(application, "Tidak", by=curator)


def test_a_declared_relative_never_judges(application, curator):
    with transaction():
        judging.declare_kin(application, by=curator)

    with pytest.raises(judging.NotYours):
        give(application, 9, curator)
    assert log("bazaar.kin_declared") == [did(curator, application)]


def test_kin_is_declared_before_the_points(application, curator):
    give(application, 9, curator)

    with pytest.raises(judging.AlreadyScored), transaction():
        judging.declare_kin(application, by=curator)


def test_nothing_is_announced_while_something_is_open(application, curator):
    with pytest.raises(judging.NotDecided) as refusal:
        bazaars.publish(application.bazaar)

    assert "1" in str(refusal.value)


def test_everything_is_announced_at_one_moment(app, curator):
    bazaar = bazaars.make_call(pools=(rules.Pool("total", 1),))
    line = [bazaars.apply_to(bazaar) for _ in range(3)]
    bazaars.close_call(bazaar)
    for each, points in zip(line, (9, 7, 5), strict=True):
        bazaars.score(each, points)
    with transaction():
        judging.decide_refusal(line[2], "Produk belum siap dijual", by=curator)
    assert db.session.scalars(select(BazaarMessage)).all() == []
    assert {each.state for each in line} == {"in_review"}

    bazaars.publish(bazaar)

    assert [each.state for each in line] == ["offered", "waitlisted", "refused"]
    kinds = db.session.execute(select(BazaarMessage.application_id, BazaarMessage.kind)).all()
    assert sorted(kinds) == [(line[0].id, "offered"), (line[1].id, "waitlisted"), (line[2].id, "refused")]
    assert line[2].end_reason == "Produk belum siap dijual"
    assert [each.rank for each in line] == [1, 2, None]


def test_a_refusal_taken_back_stands_in_line_again(application, curator):
    bazaars.score(application)
    with transaction():
        judging.decide_refusal(application, "Tidak", by=curator)
    assert log("bazaar.application.decided") == [did(curator, application)]

    with transaction():
        judging.take_back_refusal(application, by=curator)

    assert application.decision == "place"
    assert log("bazaar.application.decided") == [did(curator, application)] * 2


def test_too_few_days_for_objections_need_a_reason(app):
    bazaar = bazaars.make_call(decision_at=now() + timedelta(days=12), days_ahead=16)
    bazaars.close_call(bazaar)
    with transaction():
        bazaar.standstill_days = 30

    with pytest.raises(judging.NoStandstill):
        bazaars.publish(bazaar)
    bazaars.publish(bazaar, waiver="Tidak ada pendaftar")

    assert bazaar.state == "published"


def test_an_objection_is_answered_by_somebody_else_and_opens_the_line(app, curator):
    bazaar = bazaars.make_call()
    application = bazaars.apply_to(bazaar)
    bazaars.close_call(bazaar)
    reviewers = (make_account("curator"), make_account("curator"))
    bazaars.score(application, 8, reviewers)
    with transaction():
        judging.decide_refusal(application, "Surat belum ada", by=reviewers[0])
    bazaars.publish(bazaar)
    with transaction():
        objection = applying.object_to(application, "Surat sudah dikirim", by=application.shop.owner)

    with pytest.raises(judging.NotYours), transaction():
        judging.answer_objection(objection, "Benar", upheld=True, by=reviewers[1])
    with transaction():
        judging.answer_objection(objection, "Benar, surat ada", upheld=True, by=curator)

    assert application.state == "offered"
    with pytest.raises(AlreadyAnswered), transaction():
        judging.answer_objection(objection, "Lagi", upheld=False, by=make_account("approver"))


def test_who_is_removed_is_told_why_and_the_next_moves_up(app, curator):
    _bazaar, (first, second) = bazaars.make_published(2, pools=(rules.Pool("total", 1),))

    with pytest.raises(steps.NoReason), transaction():
        judging.remove(first, "", by=curator)
    with transaction():
        judging.remove(first, "Menjual barang orang lain", by=curator)

    assert (first.state, second.state) == ("removed", "offered")
    message = db.session.scalars(select(BazaarMessage).where(BazaarMessage.kind == "removed")).one()
    assert message.facts == {"reason": "Menjual barang orang lain"}
    assert log("bazaar.application.removed") == [did(curator, first)]


@pytest.mark.parametrize("tie", ["kin", "entered"])
def test_nobody_removes_a_relative_or_whom_they_entered(app, curator, tie):
    _bazaar, (application,) = bazaars.make_published(1)
    with transaction() as session:
        if tie == "kin":
            session.add(Kinship(shop_id=application.shop_id, account_id=curator.id))
        else:
            application.entered_by_id = curator.id

    with pytest.raises(judging.NotYours), transaction():
        judging.remove(application, "Menjual barang orang lain", by=curator)

    assert application.state == "offered"


def test_a_stall_holds_two_and_a_seller_stands_once(app, curator):
    bazaar, applications = bazaars.make_published(3)
    for each in applications:
        bazaars.confirmed(each)
    with transaction():
        for each in applications[:2]:
            ground.place(each, 1, by=curator)

    with pytest.raises(ground.StallTaken), transaction():
        ground.place(applications[2], 1, by=curator)
    with transaction():
        ground.place(applications[0], 2, by=curator)

    stalls = {each.number: each for each in queries.list_stalls(bazaar.id)}
    assert (stalls[1].main_application_id, stalls[1].second_application_id) == (applications[1].id, None)
    assert stalls[2].main_application_id == applications[0].id
    placed = [did(curator, each, number=number) for each, number in zip(applications, (1, 1), strict=False)]
    assert log("bazaar.stall.placed") == [*placed, did(curator, applications[0], number=2)]


def test_who_is_taken_off_the_plan_leaves_a_free_stall(app, curator):
    bazaar, (application,) = bazaars.make_published(1)
    bazaars.confirmed(application)
    with transaction():
        ground.place(application, 1, by=curator)
        ground.place(application, 0, by=curator)
        ground.place(application, 0, by=curator)

    assert queries.find_stall_of(application.id) is None
    assert queries.list_stalls(bazaar.id)[0].main_application_id is None
    assert log("bazaar.stall.cleared") == [did(curator, application, number=1)]


def test_only_who_said_yes_gets_a_stall(app, curator):
    _bazaar, (application,) = bazaars.make_published(1)

    with pytest.raises(steps.AlreadyMoved), transaction():
        ground.place(application, 1, by=curator)


def test_everybody_confirmed_finds_a_stall_and_leaving_frees_it(app, curator):
    bazaar, applications = bazaars.make_published(4, stall_count=3, pools=(rules.Pool("total", 4),))
    for each in applications:
        bazaars.confirmed(each)

    with transaction():
        assert ground.fill_stalls(bazaar, by=curator) == 4

    assert [bool(each.second_application_id) for each in queries.list_stalls(bazaar.id)] == [True, False, False]
    with transaction():
        applying.withdraw(applications[0], by=applications[0].shop.owner)
    held = db.session.scalars(select(Stall.main_application_id)).all()
    assert applications[0].id not in held

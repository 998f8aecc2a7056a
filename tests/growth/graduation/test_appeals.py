"""A family objects: the contested move holds nowhere until a third person answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.core.db import transaction
from app.growth.graduation import appeals, operations, queries
from app.growth.graduation.models import Appeal
from app.growth.graduation.verify import check_growth
from app.people.families import operations as families
from tests.factories.growth import (
    REASON,
    TODAY,
    make_appeal,
    make_case,
    make_decision,
    make_family,
    make_proposal,
)
from tests.factories.people import make_account


@pytest.fixture
def people(app):
    """A proposer, a decider and a third person."""
    return make_account("pendamping"), make_account("caseworker"), make_account("approver")


@pytest.fixture
def kpm(people):
    """A family that was put on the watch list, which it does not accept."""
    kpm, _shop = make_family()
    make_case(kpm)
    make_decision(make_proposal(kpm, "watch", by=people[0]), people[1])
    return kpm


def status(kpm):
    """Where the family stands now, as pages ask."""
    return queries.standing_of(queries.get_case(kpm.id)).status


def withdraw_consent(kpm, by):
    """The family takes its consent to be followed back."""
    with transaction():
        families.withdraw_consent(kpm, "graduation_monitoring", by=by)


def hear(appeal, by):
    """Taken and heard by one person."""
    with transaction():
        appeals.acknowledge(appeal, by=by)
        appeals.hear(appeal, by=by)


def test_while_an_objection_is_open_the_contested_move_holds_nowhere(kpm, people):
    assert status(kpm) == "watch"

    make_appeal(kpm)

    scope = people[1]
    assert status(kpm) == "observing"
    assert queries.count_by_status(scope) == {"observing": 1}
    assert queries.list_cases(scope, status="watch") == []
    with pytest.raises(operations.Contested):
        make_proposal(kpm, "steady")
    assert check_growth() == []


def test_an_answer_lets_the_decision_stand(kpm, people):
    appeal = make_appeal(kpm)
    hear(appeal, people[2])

    with transaction():
        appeals.answer(appeal, changed=False, reason=REASON, by=people[2])

    assert (status(kpm), appeal.state) == ("watch", "upheld")


def test_an_answer_can_put_the_family_back_where_it_stood_by_a_decision_of_its_own(kpm, people):
    appeal = make_appeal(kpm)
    hear(appeal, people[2])

    with transaction():
        appeals.answer(appeal, changed=True, reason=REASON, by=people[2])

    last = queries.find_last_decision(kpm.id)
    assert (status(kpm), appeal.state) == ("observing", "changed")
    assert (last.kind, last.decided_by_id, last.outcome) == ("appeal", people[2].id, "observing")
    assert check_growth() == []


def test_a_withdrawn_objection_lets_the_decision_stand(kpm, people):
    appeal = make_appeal(kpm)

    with transaction():
        appeals.withdraw(appeal, by=people[0])

    assert (status(kpm), appeal.state) == ("watch", "withdrawn")


@pytest.mark.parametrize("who", [0, 1])
def test_neither_who_proposed_nor_who_decided_hears_it(kpm, people, who):
    appeal = make_appeal(kpm)

    with pytest.raises(operations.SamePerson), transaction():
        appeals.acknowledge(appeal, by=people[who])


@pytest.mark.parametrize("who", [0, 1])
def test_without_the_check_the_database_refuses_them_too(kpm, people, who, monkeypatch):
    appeal = make_appeal(kpm)
    monkeypatch.setattr(appeals, "_refuse_involved", lambda *_args: None)

    with pytest.raises(IntegrityError), transaction():
        appeals.acknowledge(appeal, by=people[who])


def test_an_objection_cannot_name_other_people_than_its_decision(kpm, people):
    appeal = make_appeal(kpm)

    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(update(Appeal).where(Appeal.id == appeal.id).values(decided_by_id=people[2].id))


def test_whoever_took_it_answers_it_step_by_step(kpm, people):
    appeal, fourth = make_appeal(kpm), make_account("caseworker")
    with pytest.raises(operations.AlreadyAnswered), transaction():
        appeals.answer(appeal, changed=True, reason=REASON, by=people[2])
    hear(appeal, people[2])

    with pytest.raises(operations.SamePerson), transaction():
        appeals.answer(appeal, changed=True, reason=REASON, by=fourth)
    with pytest.raises(operations.ReasonTooShort), transaction():
        appeals.answer(appeal, changed=True, reason="tidak", by=people[2])


@pytest.mark.parametrize("first", ["objects", "withdraws"])
@pytest.mark.parametrize("changed", [True, False])
def test_her_own_no_holds_before_during_and_after_an_objection(people, first, changed):
    kpm, _shop = make_family()
    make_case(kpm)
    make_decision(make_proposal(kpm, "steady", by=people[0]), people[1])
    make_decision(make_proposal(kpm, "watch", by=people[0]), people[1])
    acts = [lambda: make_appeal(kpm), lambda: withdraw_consent(kpm, people[1])]
    for act in acts if first == "objects" else acts[::-1]:
        act()

    assert status(kpm) == "visit_only"
    appeal = queries.find_open_appeal(kpm.id)
    hear(appeal, people[2])
    with transaction():
        appeals.answer(appeal, changed=changed, reason=REASON, by=people[2])
    assert (status(kpm), queries.get_case(kpm.id).shown) == ("visit_only", "visit_only")
    assert check_growth() == []


def test_one_objection_at_a_time_and_not_without_words(kpm, people):
    with pytest.raises(appeals.NothingSaid), transaction():
        appeals.file(kpm, "  ", channel="page", by=people[0])
    make_appeal(kpm)

    with pytest.raises(appeals.AlreadyObjected):
        make_appeal(kpm)


def test_without_a_decision_the_family_objects_to_what_is_shown(people):
    kpm, _shop = make_family()
    make_case(kpm)

    appeal = make_appeal(kpm)

    assert appeal.decision_id is None
    assert status(kpm) == "observing"
    hear(appeal, people[1])
    with transaction():
        appeals.answer(appeal, changed=True, reason=REASON, by=people[1])
    assert check_growth() == []


def test_after_thirty_days_a_decision_is_not_contested_any_more(kpm):
    decision = queries.find_last_decision(kpm.id)

    assert appeals.contested_by(kpm.id, decision.notified_on + timedelta(days=30)) == decision
    assert appeals.contested_by(kpm.id, decision.notified_on + timedelta(days=31)) is None


def test_an_overdue_objection_climbs_to_the_head(kpm, people):
    appeal, head = make_appeal(kpm), make_account("head")
    with transaction() as session:
        session.execute(update(Appeal).values(acknowledge_by=TODAY - timedelta(days=1)))

    assert [each.id for each in queries.list_open_appeals(head, late_on=TODAY)] == [appeal.id]
    assert queries.list_open_appeals(make_account("head", region_code="36.01"), late_on=TODAY) == []
    hear(appeal, people[2])
    assert queries.list_open_appeals(head, late_on=TODAY) == []
    with transaction() as session:
        session.execute(update(Appeal).values(due_on=TODAY - timedelta(days=1)))
    assert len(queries.list_open_appeals(head, late_on=TODAY)) == 1

"""Rules for others: drafted by one, tried on everybody without a trace, put in force by another from a day to come."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.core import jobs
from app.core.db import db, transaction
from app.growth.graduation import jobs as nightly
from app.growth.graduation import operations, queries, reckoning, rulemaking, trials
from app.growth.graduation.models import Assessment, GrowthCase, RuleSet
from app.growth.graduation.verify import check_growth
from app.people.families import operations as families
from tests.factories.families import make_business, make_consent, make_kpm
from tests.factories.goods import make_shop
from tests.factories.growth import LONG_AGO, TODAY, make_case, make_draft, make_family, make_sale, make_tried
from tests.factories.people import make_account
from tests.support.log import did, log

TOMORROW = TODAY + timedelta(days=1)
SOONER = reckoning.DEFAULT_FLAGS | {
    "least": 1,
    "signs": [each | {"threshold": 10} if each["code"] == "I8" else each for each in reckoning.DEFAULT_FLAGS["signs"]],
}
"""One sign is enough, and ten days without a sale are one."""


@pytest.fixture
def officer(app):
    """A caseworker of Kabupaten Serang."""
    return make_account("caseworker")


def sold(days_ago, *, consents=True, place=None):
    """A followed family whose only sale was so many days ago."""
    kpm, shop = make_kpm(**({"desa_code": place} if place else {})), make_shop()
    make_business(kpm, shop, started_on=LONG_AGO)
    if consents:
        make_consent(kpm)
    make_case(kpm)
    make_sale(shop, TODAY - timedelta(days=days_ago))
    return kpm


def work():
    """Do whatever waits."""
    while jobs.run_due():
        pass


def test_new_rules_take_a_trial_a_second_person_and_a_day_to_come_and_change_no_assessment(officer):
    kpm, shop = make_family()
    make_case(kpm, officer)
    make_sale(shop, TODAY - timedelta(days=20))
    before = queries.rules_for("36.04", TODAY)
    with transaction():
        made = operations.assess(kpm, by=officer)
    told = made.results_json
    new = make_draft(by=officer, criteria=[reckoning.DEFAULT_CRITERIA[2] | {"threshold": 10}])
    second = make_account("approver")

    with pytest.raises(rulemaking.NotTried), transaction():
        rulemaking.activate_rules(new, TOMORROW, by=second)
    make_tried(new)
    with pytest.raises(operations.SamePerson), transaction():
        rulemaking.activate_rules(new, TOMORROW, by=officer)
    with pytest.raises(rulemaking.SameDayOrEarlier), transaction():
        rulemaking.activate_rules(new, TODAY, by=second)
    with transaction():
        rulemaking.activate_rules(new, TOMORROW, by=second)
    with pytest.raises(operations.AlreadyAnswered), transaction():
        rulemaking.activate_rules(new, TOMORROW, by=second)

    assert queries.rules_for("36.04", TODAY).id == before.id
    assert queries.rules_for("36.04", TOMORROW).id == new.id
    assert queries.rules_for("36.01", TOMORROW).id == before.id
    kept = db.session.get(Assessment, made.id)
    assert (kept.rule_set_id, kept.results_json) == (before.id, told)
    assert log("growth.rules_drafted") == [did(officer, new, version=new.version)]
    assert log("growth.rules_activated") == [did(second, new, version=new.version, since=TOMORROW.isoformat())]
    assert check_growth() == []


def test_rules_in_force_keep_their_contents(officer):
    shipped = queries.rules_for("36.04", TODAY)

    for change in ({"criteria": []}, {"status": "draft"}, {"version": "v9"}):
        with pytest.raises(DBAPIError), transaction() as session:
            session.execute(update(RuleSet).where(RuleSet.id == shipped.id).values(**change))
    new, alone = make_draft(by=officer), {"status": "active", "activated_by_id": officer.id, "effective_from": TODAY}
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(update(RuleSet).where(RuleSet.id == new.id).values(**alone))


def test_a_trial_counts_who_would_stand_out_by_kecamatan_and_keeps_nothing_of_a_family(officer, monkeypatch):
    monkeypatch.setattr(nightly, "AT_ONCE", 2)
    late = [sold(20), sold(30), sold(12, place="36.04.12.2001")]
    sold(3)
    sold(40, consents=False)
    make_case(make_kpm(desa_code="36.01.01.2001"))
    before = [(case.kpm_id, case.watch, case.version) for case in db.session.scalars(select(GrowthCase))]

    draft = make_draft(by=officer, flags=SOONER)
    work()

    trial = db.session.get(RuleSet, draft.id).trial
    # Followed, stands out now, would then, newly, no longer: two signs are needed now, and one is not enough.
    assert trial["areas"] == {"36.04.27": [4, 0, 2, 2, 0], "36.04.12": [1, 0, 1, 1, 0]}
    assert trial["who"] == [[kpm.id, 1] for kpm in late]
    assert (trial["day"], trial["against"]) == (TODAY.isoformat(), queries.rules_for("36.04", TODAY).id)
    # I8 at most 45 days: met by four of the five, and not told of the one without consent; the limit is not changed.
    assert trial["criteria"]["I8"] == [4, 4, 0, 0]
    db.session.expire_all()
    assert [(case.kpm_id, case.watch, case.version) for case in db.session.scalars(select(GrowthCase))] == before
    assert db.session.scalar(select(func.count(Assessment.id))) == 0


def test_a_trial_is_what_the_night_would_find_if_the_draft_held(officer):
    kpms = [sold(days) for days in (2, 11, 15, 46, 60)]
    draft = make_tried(make_draft(by=officer, flags=SOONER))
    with transaction():
        rulemaking.activate_rules(draft, TOMORROW, by=make_account("approver"))
    with transaction() as session:
        session.execute(update(RuleSet).where(RuleSet.id == draft.id).values(effective_from=TODAY))
        nightly.begin()
    work()

    flagged = [kpm.id for kpm in kpms if queries.get_case(kpm.id).watch]
    assert trials.total(draft.trial)[trials.THEN] == len(flagged) == 4


def test_who_would_change_is_forgotten_once_the_rules_are_in_force_and_the_counts_stay(officer):
    sold(20)
    draft = make_tried(make_draft(by=officer, flags=SOONER))
    with transaction():
        rulemaking.activate_rules(draft, TOMORROW, by=make_account("approver"))
    with transaction():
        rulemaking.keep_trial(draft.id, {"areas": {}})

    assert draft.trial["who"] == []
    assert trials.total(draft.trial) == [1, 0, 1, 1, 0]


def test_a_trial_uses_no_sale_of_a_family_from_the_minute_it_says_no(officer):
    kpm = sold(20)
    draft = make_tried(make_draft(by=officer, flags=SOONER))
    assert trials.total(draft.trial)[trials.THEN] == 1
    with transaction():
        families.withdraw_consent(kpm, "graduation_monitoring", by=officer)

    with transaction():
        rulemaking.ask_trial(draft)
    assert draft.trial is None
    work()

    assert trials.total(db.session.get(RuleSet, draft.id).trial)[trials.THEN] == 0

"""Cases, measurements, moves by two people: what may happen, and what the database refuses whoever asks."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.policy import Nobody
from app.growth.graduation import jobs as nightly
from app.growth.graduation import measure, operations, queries, reckoning
from app.growth.graduation.known import list_decided
from app.growth.graduation.models import Assessment, Decision, GrowthCase, Proposal, Words
from app.growth.graduation.verify import check_growth
from app.people.families import operations as families
from app.people.families.models import FamilyConsent
from tests.factories.families import make_business, make_consent, make_kpm
from tests.factories.goods import make_shop
from tests.factories.growth import (
    LONG_AGO,
    REASON,
    TODAY,
    VIEW,
    make_case,
    make_decision,
    make_family,
    make_proposal,
    make_sale,
    take_back,
)
from tests.factories.people import make_account
from tests.growth.graduation import slow
from tests.support.log import did, log

LAST_MONTH = reckoning.month_before(TODAY, 1)


@pytest.fixture
def officer(app):
    """A caseworker of Kabupaten Serang."""
    return make_account("caseworker")


@pytest.fixture
def family(officer):
    """A consenting family with a shop, followed."""
    kpm, shop = make_family()
    make_case(kpm, officer)
    return kpm, shop


def status(kpm):
    """Where the family stands now, as pages ask."""
    return queries.standing_of(queries.get_case(kpm.id)).status


def assess(kpm, by):
    """One measurement by hand."""
    with transaction():
        return operations.assess(kpm, by=by)


def test_a_case_begins_where_the_family_s_consent_puts_it(officer):
    asked, not_asked = make_family()[0], make_family(consents=False)[0]

    assert make_case(asked, officer).status == "observing"
    assert make_case(not_asked, officer).status == "registered"
    assert make_case(asked).kpm_id == asked.id


def test_consent_moves_a_case_at_once_and_back(officer, family):
    kpm, _shop = family

    with transaction():
        families.withdraw_consent(kpm, "graduation_monitoring", by=officer)
    assert queries.get_case(kpm.id).status == "visit_only"
    with transaction():
        families.give_consent(kpm, "graduation_monitoring", wording_version="2", method="paper", by=officer)

    assert queries.get_case(kpm.id).status == "observing"
    assert check_growth() == []


def withdraw(kpm, by):
    """The family takes its consent to be followed back."""
    with transaction():
        families.withdraw_consent(kpm, "graduation_monitoring", by=by)


def consent_again(kpm, by):
    """The family agrees once more."""
    with transaction():
        families.give_consent(kpm, "graduation_monitoring", wording_version="2", method="paper", by=by)


@pytest.mark.parametrize("outcome", ["steady", "watch"])
def test_what_was_said_of_the_book_ends_with_the_consent_to_read_it(officer, family, outcome):
    kpm, _shop = family
    make_decision(make_proposal(kpm, outcome), officer)

    withdraw(kpm, officer)

    assert (queries.get_case(kpm.id).status, status(kpm)) == ("visit_only", "visit_only")
    assert len(list_decided(kpm.id)[0]) == 1
    consent_again(kpm, officer)
    assert status(kpm) == "observing"
    assert check_growth() == []


def test_help_that_runs_stays_with_the_family_and_then_leads_to_visits_only(officer, family):
    kpm, _shop = family
    make_decision(make_proposal(kpm, "support"), officer)

    withdraw(kpm, officer)

    assert status(kpm) == "support"
    with pytest.raises(operations.NotAMove):
        make_proposal(kpm, "steady")
    make_decision(make_proposal(kpm, "visit_only"), officer)
    assert status(kpm) == "visit_only"
    assert check_growth() == []


def test_what_would_lean_on_the_book_is_not_decided_after_the_consent_is_gone(officer, family):
    kpm, _shop = family
    make_decision(make_proposal(kpm, "support"), officer)
    proposal = make_proposal(kpm, "steady")
    withdraw(kpm, officer)

    with pytest.raises(operations.AlreadyAnswered):
        make_decision(proposal, officer)

    assert status(kpm) == "support"


def test_a_lapsed_consent_takes_a_family_from_steady_too_at_the_latest_by_night(officer):
    kpm, _shop = make_family(consents=False)
    consent = make_consent(kpm, expires_on=TODAY)
    make_case(kpm, officer)
    make_decision(make_proposal(kpm), officer)
    with transaction() as session:
        session.get_one(FamilyConsent, consent.id).expires_on = TODAY - timedelta(days=1)

    assert status(kpm) == "visit_only"
    work()
    assert queries.get_case(kpm.id).status == "visit_only"


def test_an_expired_consent_holds_nothing_although_no_job_has_run(officer):
    kpm, _shop = make_family(consents=False)
    make_consent(kpm, expires_on=TODAY)
    make_case(kpm, officer)
    consent = queries.families.find_consent(kpm.id, "graduation_monitoring", now())
    with transaction() as session:
        consent.expires_on = TODAY - timedelta(days=1)
        session.add(consent)

    assert queries.get_case(kpm.id).status == "observing"
    assert status(kpm) == "visit_only"


def test_from_the_minute_of_withdrawal_no_sale_is_used(officer, family):
    kpm, shop = family
    make_sale(shop, LAST_MONTH)
    before = assess(kpm, officer)

    with transaction():
        families.withdraw_consent(kpm, "graduation_monitoring", by=officer)
    after = assess(kpm, officer)

    assert queries.inputs_of(before)["months"]
    assert (queries.inputs_of(after)["sales_used"], queries.inputs_of(after)["months"]) == (False, {})
    assert queries.inputs_of(db.session.get(Assessment, before.id))["months"]


def test_sales_split_at_the_day_on_which_a_shop_changes_families(officer):
    one, two, shop = make_kpm(officer), make_kpm(officer), make_shop()
    day = LAST_MONTH.replace(day=15)
    make_business(one, shop, officer, started_on=LONG_AGO, ended_on=day)
    make_business(two, shop, officer, started_on=day + timedelta(days=1))
    make_sale(shop, day, 10_000)
    make_sale(shop, day + timedelta(days=1), 7_000)

    sums = [measure.inputs_of(kpm.id, TODAY, sales_used=True)["months"] for kpm in (one, two)]

    month = LAST_MONTH.isoformat()[:7]
    assert [each[month]["amount"] for each in sums] == [10_000, 7_000]


def test_indicators_from_the_book_equal_a_slow_recomputation_of_its_lines(officer, family):
    kpm, shop = family
    lines = []
    for back in range(430, 3, -4):
        day, grade = TODAY - timedelta(days=back), "ABCDD"[back % 5]
        sale = make_sale(shop, day, 1_000 * back, grade=grade, channel=("manual", "bazaar", "online")[back % 3])
        lines.append((day, 1, 1_000 * back, sale.channel, grade))
        if back % 7 == 0:
            take_back(sale, officer)
            lines.append((day, -1, -1_000 * back, sale.channel, grade))

    found = reckoning.indicators(measure.inputs_of(kpm.id, TODAY, sales_used=True))

    told = {code: dict(each.parts) or None if code == "I11" else each.value for code, each in found.items()}
    assert told == slow.figures(lines, TODAY)
    assert None not in told.values(), "every figure has its data"
    assert len(set(told["I11"].values())) == 3


def test_one_sale_changes_exactly_the_named_figures(officer, family):
    kpm, shop = family
    sell_each_month(shop, 13)
    before = reckoning.indicators(measure.inputs_of(kpm.id, TODAY, sales_used=True))

    make_sale(shop, LAST_MONTH.replace(day=20), 500_000, grade="D")

    after = reckoning.indicators(measure.inputs_of(kpm.id, TODAY, sales_used=True))
    assert changed(before, after) == {"I1", "I3", "I8"}
    assert (after["I1"].value, after["I3"].value) == (580_000, 489)  # 4 x 20.000 x 6 of 980.000


def test_one_sale_of_another_channel_and_an_older_month_changes_what_it_is_part_of(officer, family):
    kpm, shop = family
    sell_each_month(shop, 16)
    before = reckoning.indicators(measure.inputs_of(kpm.id, TODAY, sales_used=True))

    make_sale(shop, reckoning.month_before(TODAY, 6).replace(day=20), 20_000, channel="bazaar")
    half_year = reckoning.indicators(measure.inputs_of(kpm.id, TODAY, sales_used=True))
    make_sale(shop, reckoning.month_before(TODAY, 12).replace(day=20), 20_000)
    year = reckoning.indicators(measure.inputs_of(kpm.id, TODAY, sales_used=True))
    make_sale(shop, TODAY, 20_000)
    now_ = reckoning.indicators(measure.inputs_of(kpm.id, TODAY, sales_used=True))

    assert changed(before, half_year) == {"I11"}
    assert changed(half_year, year) == set()
    assert changed(year, now_) == {"I8"}


def sell_each_month(shop, months):
    """Four sales in each of so many months, up to the last."""
    for back in range(months, 0, -1):
        for day in range(4):
            make_sale(shop, reckoning.month_before(TODAY, back).replace(day=day + 1))


def changed(before, after):
    """Name the figures that read differently, whatever they are made of."""
    return {
        code for code in before if (before[code].value, before[code].parts) != (after[code].value, after[code].parts)
    }


def test_an_assessment_follows_from_its_frozen_inputs_and_never_changes(officer, family):
    kpm, shop = family
    sale = make_sale(shop, LAST_MONTH)
    made = assess(kpm, officer)
    told = made.inputs_json

    take_back(sale, officer)
    again = assess(kpm, officer)

    db.session.expire_all()
    assert db.session.get(Assessment, made.id).inputs_json == told
    assert operations.digest(told) == made.inputs_sha256
    assert reckoning.corrected(json.loads(told), queries.inputs_of(again)) == [LAST_MONTH.isoformat()[:7]]
    assert check_growth() == []
    for change in (update(Assessment).values(results_json="{}"), delete(Assessment)):
        with pytest.raises(DBAPIError), transaction() as session:
            session.execute(change)


def test_verify_names_an_assessment_that_does_not_follow(officer, family):
    with transaction() as session:
        values = {"rule_set_id": queries.rules_for("36.04", TODAY).id, "code_version": reckoning.CODE_VERSION}
        session.execute(insert(Assessment).values(
            kpm_id=family[0].id, as_of=TODAY, inputs_json="{}", inputs_sha256="0" * 64, results_json="{}",
            made_by_id=0, made_at=now(), **values,
        ))  # fmt: skip

    assert [each.table for each in check_growth()] == ["growth_assessment"]


def test_a_move_is_proposed_by_one_and_decided_by_another(officer, family):
    kpm, helper = family[0], make_account("pendamping")
    proposal = make_proposal(kpm, "watch", helper)
    assert status(kpm) == "observing"

    decision = make_decision(proposal, officer)

    assert (status(kpm), decision.before, decision.outcome) == ("watch", "observing", "watch")
    assert decision.proposed_by_id != decision.decided_by_id
    words = queries.words_of(kpm.id)
    assert words[f"growth_proposal:{proposal.id}:view"] == VIEW
    assert words[f"growth_decision:{decision.id}:reason"] == REASON
    moved = {"kpm": kpm.id, "before": "observing", "outcome": "watch"}
    assert log("growth.proposed") == [did(helper, proposal, **moved)]
    assert log("growth.decided") == [did(officer, decision, **moved, kind="move")]


def test_who_proposed_does_not_decide(officer, family):
    proposal = make_proposal(family[0], by=officer)

    for act in (operations.decide, operations.decline):
        with pytest.raises(operations.SamePerson), transaction():
            act(proposal, reason=REASON, by=officer)

    assert status(family[0]) == "observing"


def test_without_the_check_the_database_itself_refuses_one_person_for_both(officer, family, monkeypatch):
    proposal = make_proposal(family[0], by=officer)
    monkeypatch.setattr(operations, "_take", lambda *_args: None)

    with pytest.raises(IntegrityError), transaction():
        operations.decide(proposal, reason=REASON, by=officer)


def test_a_decision_cannot_name_another_proposer(officer, family):
    proposal, other = make_proposal(family[0], by=officer), make_account("pendamping")

    with pytest.raises(IntegrityError), transaction() as session:
        session.add(Decision(
            kpm_id=family[0].id, kind="move", proposal_id=proposal.id, proposed_by_id=other.id,
            decided_by_id=officer.id, before="observing", outcome="steady", reason_length=30, notified_on=TODAY,
            effective_on=TODAY,
        ))  # fmt: skip


def test_time_and_visitors_decide_nothing(family):
    proposal = make_proposal(family[0])

    with pytest.raises(operations.NotAPerson), transaction():
        operations.decide(proposal, reason=REASON, by=Nobody())


def test_no_program_moves_a_status_without_a_decision(officer, family):
    kpm, _shop = family

    with pytest.raises(DBAPIError), transaction() as session:
        session.execute(update(GrowthCase).where(GrowthCase.kpm_id == kpm.id).values(status="closed"))
    decision = make_decision(make_proposal(kpm, "watch"), officer)
    make_decision(make_proposal(kpm, "steady"), officer)
    used_up = {"status": "watch", "decision_id": decision.id}
    with pytest.raises(DBAPIError), transaction() as session:
        session.execute(update(GrowthCase).where(GrowthCase.kpm_id == kpm.id).values(**used_up))
    with pytest.raises(DBAPIError), transaction() as session:
        session.add(GrowthCase(kpm_id=make_kpm().id, status="completed", watch=[], opened_by_id=officer.id))
    with pytest.raises(DBAPIError), transaction() as session:
        session.execute(update(GrowthCase).where(GrowthCase.kpm_id == kpm.id).values(status="visit_only"))

    assert status(kpm) == "steady"
    with pytest.raises(DBAPIError), transaction() as session:
        session.execute(delete(Decision))


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"reason": "  terlalu pendek    "}, operations.ReasonTooShort),
        ({"family_view": " "}, operations.NoFamilyView),
        ({"outcome": "completed"}, operations.NotAMove),
        ({"outcome": "no-such"}, operations.NotAMove),
    ],
)
def test_a_proposal_needs_a_way_a_reason_and_the_family_s_view(family, given, refusal):
    with pytest.raises(refusal):
        make_proposal(family[0], **given)

    assert db.session.scalars(select(Proposal)).all() == []


def test_a_way_back_to_the_office_needs_the_family_s_yes(officer, family):
    kpm, _shop = family
    make_decision(make_proposal(kpm, "support"), officer)

    with pytest.raises(operations.NotAgreed):
        make_proposal(kpm, "referred", agreed=False)

    make_decision(make_proposal(kpm, "referred", agreed=True), officer)
    assert status(kpm) == "referred"


def test_what_a_facilitator_suggests_goes_on_with_the_family_s_yes_only(officer):
    kpm = make_kpm(officer)
    with transaction():
        operations.open_case(kpm, by=officer, with_aid=True)
    make_decision(make_proposal(kpm, "suggested"), officer)

    with pytest.raises(operations.NotAgreed):
        make_proposal(kpm, "accompanied", agreed=False)

    assert status(kpm) == "suggested"


def test_one_proposal_waits_at_a_time_and_is_answered_once(officer, family):
    proposal = make_proposal(family[0])
    with pytest.raises(operations.AlreadyProposed):
        make_proposal(family[0], "watch")
    make_decision(proposal, officer)

    with pytest.raises(operations.AlreadyAnswered):
        make_decision(proposal)


def test_a_declined_proposal_changes_nothing(officer, family):
    proposal = make_proposal(family[0], "support")

    with transaction():
        operations.decline(proposal, reason=REASON, by=officer)

    assert (status(family[0]), proposal.state) == ("observing", "declined")
    assert log("growth.declined") == [did(officer, proposal, kpm=family[0].id)]
    assert make_proposal(family[0], "watch").state == "waiting"


def test_a_proposal_made_before_consent_was_withdrawn_is_not_decided(officer, family):
    kpm, _shop = family
    proposal = make_proposal(kpm, "watch")
    with transaction():
        families.withdraw_consent(kpm, "graduation_monitoring", by=officer)

    with pytest.raises(operations.AlreadyAnswered):
        make_decision(proposal)

    assert status(kpm) == "visit_only"


def test_words_can_be_erased_alone(officer, family):
    make_decision(make_proposal(family[0]), officer)

    with transaction():
        assert operations.erase_words(family[0].id) == 3

    assert db.session.scalars(select(Words)).all() == []
    assert check_growth() == []


def work() -> None:
    """What a night does."""
    with transaction():
        nightly.begin()
    while jobs.run_due():
        pass


def test_the_night_measures_every_followed_family_once_and_goes_on_where_it_was_stopped(officer, monkeypatch):
    monkeypatch.setattr(nightly, "AT_ONCE", 2)
    cases = [make_case(make_family(consents=each != 2)[0], officer) for each in range(5)]
    with transaction():
        nightly.begin()
    assert jobs.run_due(limit=1) == 1
    assert sum(case.reckoned_on is not None for case in db.session.scalars(select(GrowthCase))) == 2

    work()
    work()

    assert {case.reckoned_on for case in db.session.scalars(select(GrowthCase))} == {TODAY}
    assert [made.made_by_id for made in db.session.scalars(select(Assessment))] == [0] * len(cases)
    assert check_growth() == []


def test_a_quiet_night_adds_no_assessment(officer, family):
    work()
    with transaction() as session:
        session.execute(update(GrowthCase).values(reckoned_on=TODAY - timedelta(days=1)))

    work()

    assert len(db.session.scalars(select(Assessment)).all()) == 1


def test_the_night_flags_with_reasons_and_moves_nobody(officer, family):
    kpm, shop = family
    for back in range(17, 3, -1):
        for day in range(4):
            make_sale(shop, reckoning.month_before(TODAY, back).replace(day=day + 1))

    work()

    case = queries.get_case(kpm.id)
    assert (case.watch, case.status) == (["I8", "I7"], "observing")
    assert db.session.scalars(select(Decision)).all() == []

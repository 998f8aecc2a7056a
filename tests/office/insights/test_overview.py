"""The sums of a region: equal to a slow recomputation from the rows, closed where few people stand behind them."""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from app.core.clock import now, today
from app.core.db import db, transaction
from app.goods.shops.models import Shop
from app.growth.capital.models import AidGrant, UseReport
from app.growth.graduation import appeals, operations, pasts
from app.growth.graduation import queries as cases
from app.growth.graduation.models import Graduation, GrowthCase
from app.kit import masking
from app.kit.rupiah import ZERO, Rupiah
from app.office.insights import queries, reports, rules
from app.people.families.models import FamilyConsent, Kpm
from app.trade.bazaars.models import Bazaar
from app.trade.sales import operations as sales
from app.trade.sales.models import CHANNELS, GRADES, SaleEvidence, SaleRecord
from tests.factories.bazaars import make_draft
from tests.factories.capital import make_grant, make_proved
from tests.factories.families import make_business, make_consent
from tests.factories.growth import make_appeal, make_case, make_decision, make_proposal, make_sale
from tests.factories.people import DESA, KECAMATAN, REGENCY, make_account
from tests.factories.stalls import make_report
from tests.factories.trade import make_stall
from tests.support.clocks import TODAY

pytestmark = pytest.mark.slow
THIS = TODAY.replace(day=1)
NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)
_years = count(1900, 3)
PLACES = (KECAMATAN, "36.04.13", "36.04.30")


@pytest.fixture
def head(app):
    return make_account("head")


def stalls(many, place=KECAMATAN):
    return [make_stall(kecamatan_code=place, desa_code=f"{place}.2001")[1] for _ in range(many)]


def families(many, **graduated):
    """So many families without a name; `stated_on` says that they graduated, `confirmed=False` that nobody signed."""
    made = [
        Kpm(pseudonym=secrets.token_hex(6), regency_code=REGENCY, kecamatan_code=KECAMATAN, desa_code=DESA, size=4)
        for _ in range(many)
    ]
    with transaction() as session:
        session.add_all(made)
    if graduated:
        graduate(made, **graduated)
    return made


def graduate(made, stated_on, *, confirmed=True):
    """A graduation of each, with scan and second person unless told otherwise."""
    one, two = make_account("pendamping"), make_account("caseworker")
    signed = {"scan": "surat.pdf", "acknowledged_by_id": two.id, "confirmed_on": stated_on} if confirmed else {}
    with transaction() as session:
        session.add_all(
            Graduation(
                creation_key=secrets.token_hex(8), kpm_id=each.id, regency_code=REGENCY, kecamatan_code=KECAMATAN,
                kind="self_reliant", stated_on=stated_on, recorded_by_id=one.id, **signed,
            )
            for each in made
        )  # fmt: skip


def slow():
    """Add the raw book up, line by line: takings and sellers by (month, channel, grade, shop)."""
    evidence = {row.sale_id: row.grade for row in db.session.scalars(select(SaleEvidence).order_by(SaleEvidence.id))}
    lines = list(db.session.scalars(select(SaleRecord)))
    written, left, sums = {line.id: line.grade for line in lines}, defaultdict(int), defaultdict(int)
    for line in lines:
        origin = line.reversal_of or line.id
        key = (line.sold_on.replace(day=1), line.channel, evidence.get(origin, written[origin]), line.seller_id)
        sums[key] += line.amount.amount
        left[key, origin] += line.qty
    standing = {key for (key, _origin), units in left.items() if units > 0}
    return sums, standing


def expected(sums, standing, month, *, channel=None, grade=None, shops=None):
    """Return the takings and sellers that fit."""

    def fits(key):
        same = key[0] == month and channel in {None, key[1]} and grade in {None, key[2]}
        return same and (shops is None or key[3] in shops)

    return Rupiah(sum(amount for key, amount in sums.items() if fits(key))), {key[3] for key in standing if fits(key)}


SALES = st.lists(
    st.tuples(
        st.integers(0, 11), st.integers(0, 2), st.sampled_from(CHANNELS), st.sampled_from(GRADES),
        st.integers(1, 400_000), st.booleans(),
    ),
    max_size=40,
)  # fmt: skip


@given(SALES)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_sum_is_what_the_lines_add_up_to_or_closed(app, told):
    # Months of its own for every example, so that none meets the sales of the one before.
    november = date(next(_years), 11, 1)
    months = (november, rules.earlier(november, 1), rules.earlier(november, 12))
    head = make_account("head")
    made = [make_stall(kecamatan_code=PLACES[n % 3], desa_code=f"{PLACES[n % 3]}.2001")[1] for n in range(12)]
    for who, month, channel, grade, amount, back in told:
        sale = make_sale(made[who], months[month] + timedelta(days=who), amount, channel=channel, grade=grade, qty=2)
        if back:
            with transaction():
                sales.reverse(sale, 1 + who % 2, by=head, key=secrets.token_hex(8))
    sums, standing = slow()
    place_of = dict(db.session.execute(select(Shop.id, Shop.kecamatan_code)).all())

    seen = queries.overview(november, scope=head)

    for n, month in enumerate(months):
        amount, sellers = expected(sums, standing, month)
        counted = len(sellers)
        shops, takings = (
            (figure.now, figure.before, figure.year_ago)[n]
            for figure in (seen.figures["SHOPS"], seen.figures["TAKINGS"])
        )
        assert shops == (None if masking.too_few(counted) else counted)
        assert takings == (None if 0 < counted < masking.LEAST else amount)
        for rows, by_what in ((seen.channels, "channel"), (seen.grades, "grade")):
            for row in rows:
                part, people = expected(sums, standing, month, **{by_what: row.key})
                value = (row.now, row.before, row.year_ago)[n]
                assert value in ({None} if 0 < len(people) < masking.LEAST else {part, None})
    for area in seen.areas:
        there = {shop for shop, place in place_of.items() if place == area.code}
        part, people = expected(sums, standing, november, shops=there)
        assert (area.shops, area.takings) in (
            [(None, None)] if 0 < len(people) < masking.LEAST else [(len(people), part), (None, None)]
        )
        assert (area.shops is None) == (area.takings is None)


def test_planting_one_sale_moves_exactly_the_figures_it_is_part_of(head):
    shops = stalls(6)
    for shop in shops:
        make_sale(shop, NOVEMBER, channel="online", grade="A")
        make_sale(shop, NOVEMBER, channel="bazaar", grade="B")
        make_sale(shop, OCTOBER, channel="online", grade="A")
    before = queries.overview(NOVEMBER, scope=head)

    make_sale(shops[0], NOVEMBER + timedelta(days=4), 7_000, channel="online", grade="A")
    after = queries.overview(NOVEMBER, scope=head)

    moved = {name for name in before.figures if before.figures[name] != after.figures[name]}
    assert moved == {"TAKINGS"}
    assert after.figures["TAKINGS"].now == before.figures["TAKINGS"].now + Rupiah(7_000)
    assert after.figures["TAKINGS"].before == before.figures["TAKINGS"].before
    assert [row.key for row, was in zip(after.channels, before.channels, strict=True) if row != was] == ["online"]
    assert [row.key for row, was in zip(after.grades, before.grades, strict=True) if row != was] == ["A"]
    assert [each.code for each, was in zip(after.areas, before.areas, strict=True) if each != was] == [KECAMATAN]


def test_four_sellers_are_closed_and_the_fifth_opens_them(head):
    four = stalls(4)
    for shop in four:
        make_sale(shop, NOVEMBER)
    seen = queries.overview(NOVEMBER, scope=head)
    assert (seen.figures["SHOPS"].now, seen.figures["TAKINGS"].now) == (None, None)
    assert all(area.takings in {None, ZERO} for area in seen.areas)

    make_sale(stalls(1)[0], NOVEMBER)
    seen = queries.overview(NOVEMBER, scope=head)

    assert (seen.figures["SHOPS"].now, seen.figures["TAKINGS"].now) == (5, Rupiah(100_000))


def test_a_small_kecamatan_takes_its_smallest_neighbour_with_it(head):
    for place, many in zip(PLACES, (3, 6, 9), strict=True):
        for shop in stalls(many, place):
            make_sale(shop, NOVEMBER)

    areas = {each.code: each.shops for each in queries.overview(NOVEMBER, scope=head).areas}

    assert [areas[place] for place in PLACES] == [None, None, 9]
    assert areas["36.04.25"] == 0


def test_another_kabupaten_is_no_part_of_it_and_the_province_sees_both(app):
    for shop in stalls(6):
        make_sale(shop, NOVEMBER)
    for _ in range(7):
        make_sale(make_stall(regency_code="36.01", kecamatan_code="36.01.01", desa_code="36.01.01.2001")[1], NOVEMBER)

    own, other, province = (
        queries.overview(NOVEMBER, scope=make_account("head", region_code=code)) for code in ("36.04", "36.01", "36")
    )

    assert [seen.figures["SHOPS"].now for seen in (own, other, province)] == [6, 7, 13]
    assert {each.code: each.shops for each in province.areas if each.shops} == {"36.04": 6, "36.01": 7}


def test_families_are_told_by_where_their_case_stands(head):
    known = families(22)
    consents = [make_consent(kpm) for kpm in known[:17]]
    for kpm in known[:17]:
        make_case(kpm)
    for kpm in known[7:17]:
        make_decision(make_proposal(kpm))
    for kpm in known[12:17]:
        make_appeal(kpm)

    def told():
        return {row.key: row.now for row in queries.overview(THIS, scope=head).families}

    # A contested status holds nowhere: those five stand where they stood before.
    assert told() == {"none": 5, "observing": 12, "steady": 5}

    with transaction():
        for each in consents[:7]:
            db.session.get_one(FamilyConsent, each.id).withdrawn_at = now()

    # True when asked, whatever the night has written down.
    assert told() == {"none": 5, "observing": 5, "visit_only": 7, "steady": 5}


def test_both_sides_of_a_part_are_many_or_neither_is_told(head):
    known = families(9)
    for kpm in known[:5]:
        make_consent(kpm)
    for kpm in known[:6]:
        make_business(kpm, make_stall()[1])

    # Five are watched, so four are not; six sell, so three do not.
    seen = queries.overview(THIS, scope=head)
    assert (seen.figures["CONSENT"].now, seen.figures["SELLING_FAMILIES"].now) == (None, None)

    families(2)
    seen = queries.overview(THIS, scope=head)
    assert (seen.figures["CONSENT"].now, seen.figures["SELLING_FAMILIES"].now) == (5, 6)


def test_a_withdrawn_consent_is_counted_no_more_from_that_minute(head):
    known = families(12)
    consents = [make_consent(kpm) for kpm in known[:7]]
    assert queries.overview(THIS, scope=head).figures["CONSENT"].now == 7

    with transaction():
        db.session.get_one(FamilyConsent, consents[0].id).withdrawn_at = now()

    assert queries.overview(THIS, scope=head).figures["CONSENT"].now == 6


def long_ago(made, days, *, table=Kpm, column="created_at"):
    """As if these rows were so many days old."""
    with transaction() as session:
        for each in made:
            setattr(session.get_one(table, each.id), column, now() - timedelta(days=days))


def consent_since(kpm, days, *, until=None):
    """A consent to be followed since so many days ago, and until."""
    made = make_consent(kpm)
    with transaction() as session:
        row = session.get_one(FamilyConsent, made.id)
        row.given_at = now() - timedelta(days=days)
        row.withdrawn_at = None if until is None else now() - timedelta(days=until)


def test_families_by_state_stand_beside_the_ends_of_the_last_month_and_of_the_month_last_year(head):
    known = families(29)
    long_ago(known[:24], 800)
    for kpm in known[:17]:
        make_case(kpm)
    with transaction() as session:
        session.execute(update(GrowthCase).values(opened_at=now() - timedelta(days=700)))
    for kpm in known[:12]:
        consent_since(kpm, 690)
    for kpm in known[12:17]:
        consent_since(kpm, 690, until=500)
    decided = [make_decision(make_proposal(kpm)) for kpm in known[:6]]
    assert decided

    (rows, figures) = families_told(head)

    # The decisions are of today; at the end of last month and a year ago those six were observed.
    assert rows == {
        "none": (12, 7, 7), "visit_only": (5, 5, 5), "observing": (6, 12, 12), "steady": (6, 0, 0),
    }  # fmt: skip
    assert (figures["FAMILIES"].now, figures["FAMILIES"].before, figures["FAMILIES"].year_ago) == (29, 24, 24)


def families_told(head):
    seen = queries.overview(THIS, scope=head)
    return {row.key: (row.now, row.before, row.year_ago) for row in seen.families}, seen.figures


def test_the_end_of_a_month_closes_small_states_and_their_neighbours_for_itself(head):
    known = families(16)
    long_ago(known, 800)
    for kpm in known[:9]:
        make_case(kpm)
        make_consent(kpm)
    with transaction() as session:
        session.execute(update(GrowthCase).values(opened_at=now() - timedelta(days=700)))
        session.execute(update(FamilyConsent).values(given_at=now() - timedelta(days=690)))
    for kpm in known[:3]:
        make_decision(make_proposal(kpm))

    rows, _figures = families_told(head)

    # Today three are steady: closed with the six beside them. At the end of last month all nine were observed.
    assert rows == {"none": (7, 7, 7), "observing": (None, 9, 9), "steady": (None, 0, 0)}


def test_a_past_told_from_decisions_and_consents_is_at_this_moment_what_the_case_says(head):
    """The twin of what is stored: decided, objected, answered both ways, taken back, consent lost and given again."""
    for n, kpm in enumerate(families(26)):
        if n % 5:
            make_consent(kpm)
        make_case(kpm)
        if n % 5 in {2, 3, 4}:
            make_decision(make_proposal(kpm, "watch" if n % 2 else "steady"))
        if n % 5 == 3:
            appeal = make_appeal(kpm)
            if n % 2:
                with transaction():
                    appeals.withdraw(db.session.merge(appeal), by=make_account("pendamping"))
        if n % 3 == 0:
            with transaction() as session:
                session.execute(update(FamilyConsent).where(FamilyConsent.kpm_id == kpm.id).values(withdrawn_at=now()))
            with transaction():
                operations.follow_consent(kpm.id)
        if n % 6 == 0:
            make_consent(kpm)
            with transaction():
                operations.follow_consent(kpm.id)
    stored = Counter(cases.standing_of(each).status for each in db.session.scalars(select(GrowthCase)))

    (told,) = pasts.count_at(REGENCY, [now()], zone="Asia/Jakarta")

    assert told == stored
    assert len(stored) >= 5


def test_years_of_graduations_are_told_alike_whatever_month_is_asked_for(head):
    families(5, stated_on=date(2026, 4, 9))
    twice = families(6, stated_on=date(2026, 9, 9))
    graduate(twice, date(2026, 9, 20))
    families(8, stated_on=date(2026, 9, 9), confirmed=False)
    families(5, stated_on=date(2025, 9, 9))
    asked = [queries.overview(date(2026, month, 1), scope=head) for month in (5, 9, 11)]

    told = [[(row.key, row.now, row.year_ago) for row in seen.graduations] for seen in asked]
    assert told == [[(KECAMATAN, 11, 5)]] * 3
    assert [seen.figures["GRADUATIONS"].now for seen in asked] == [0, 6, 0]
    assert asked[1].figures["GRADUATIONS"].year_ago == 5


def test_a_month_with_few_graduations_closes_its_neighbour_in_the_year(head):
    families(3, stated_on=date(2026, 4, 9))
    families(6, stated_on=date(2026, 9, 9))

    seen = queries.overview(date(2026, 9, 1), scope=head)

    assert seen.figures["GRADUATIONS"].now is None
    assert [row.now for row in seen.graduations] == [9]


def test_aid_is_told_by_year_and_accounted_for_where_both_sides_are_many(head):
    year = today("Asia/Jakarta").year
    known = families(11)
    for kpm in known[:5]:
        make_proved(kpm)
    for kpm in known[5:10]:
        make_grant(kpm)
    seen = queries.overview(date(year, 11, 1), scope=head)
    assert [(row.key, row.now) for row in seen.grants] == [(KECAMATAN, 10)]
    assert (seen.figures["GRANT_TYPES"].now, seen.figures["REPORTED"].now) == (1, 50)


def test_aid_of_few_who_owe_a_report_is_not_told(head):
    for n, kpm in enumerate(families(8)):
        if n < 5:
            make_proved(kpm)
        else:
            make_grant(kpm)

    assert queries.overview(date(today("Asia/Jakarta").year, 11, 1), scope=head).figures["REPORTED"].now is None


def reported_on(grant, day):
    with transaction() as session:
        session.execute(update(UseReport).where(UseReport.grant_id == grant.id).values(reported_on=day))


def test_reports_of_aid_are_told_by_the_month_in_which_they_came(head):
    made = [make_proved(kpm)[0] for kpm in families(17)]
    for grant in made[5:11]:
        reported_on(grant, rules.earlier(THIS, 1))
    for grant in made[11:]:
        reported_on(grant, rules.earlier(THIS, 12))

    figure = queries.overview(THIS, scope=head).figures["REPORTS"]

    assert (figure.now, figure.before, figure.year_ago) == (5, 6, 6)


def test_few_reports_of_a_month_are_closed_with_the_month_beside_them(head):
    made = [make_proved(kpm)[0] for kpm in families(9)]
    for grant in made[3:]:
        reported_on(grant, date(NOVEMBER.year, 10, 2))
    for grant in made[:3]:
        reported_on(grant, date(NOVEMBER.year, 11, 2))

    figure = queries.overview(NOVEMBER, scope=head).figures["REPORTS"]

    assert (figure.now, figure.before) == (None, None)


def aided(many, *, consents=True):
    """Families with a shop, aid of last week, and a sale before the aid and one after it."""
    day = today("Asia/Jakarta")
    for kpm in families(many):
        shop = make_stall()[1]
        business = make_business(kpm, shop)
        with transaction() as session:
            session.get_one(type(business), business.id).started_on = day - timedelta(days=90)
        if consents:
            make_consent(kpm)
        grant = make_grant(kpm)
        with transaction() as session:
            session.get_one(AidGrant, grant.id).granted_on = day - timedelta(days=7)
        make_sale(shop, day, 30_000)
        make_sale(shop, day - timedelta(days=20), 11_000)


def test_takings_after_aid_are_of_families_that_let_their_sales_be_used(head):
    aided(6)
    aided(2, consents=False)
    for shop in stalls(5):
        make_sale(shop, THIS, 50_000)

    figure = queries.overview(THIS, scope=head).figures["AFTER_AID"]

    assert figure.now == Rupiah(180_000)
    assert all(value == ZERO for _month, value in figure.series[:-1])


def test_takings_after_aid_are_closed_where_they_or_the_rest_are_of_few(head):
    aided(4)
    for shop in stalls(6):
        make_sale(shop, THIS, 50_000)
    assert queries.overview(THIS, scope=head).figures["AFTER_AID"].now is None

    aided(2)
    assert queries.overview(THIS, scope=head).figures["AFTER_AID"].now == Rupiah(180_000)


def test_takings_after_aid_are_closed_where_few_other_shops_would_be_left(head):
    aided(6)
    for shop in stalls(3):
        make_sale(shop, THIS, 50_000)

    assert queries.overview(THIS, scope=head).figures["AFTER_AID"].now is None


def test_only_bazaars_that_were_held_and_are_over_count(head):
    kinds = (("reported", 40), ("closed", 40), ("cancelled", 40), ("draft", 40), ("published", -10))
    for state, days_ago in kinds:
        bazaar = make_draft()
        with transaction() as session:
            row = session.get_one(Bazaar, bazaar.id)
            row.state, row.ends_at = state, now() - timedelta(days=days_ago)
            row.starts_at = row.ends_at - timedelta(hours=8)
    month = queries.today_in(head).replace(day=1)
    ended = (queries.today_in(head) - timedelta(days=40)).replace(day=1)

    assert queries.overview(ended, scope=head).figures["BAZAARS"].now == 2
    assert queries.overview(rules.earlier(month, -1), scope=head).figures["BAZAARS"].now == 0


def test_each_bazaar_of_the_month_stands_with_coverage_and_its_two_measures(head):
    for sellers, first, faces in ((6, 7, 3), (3, None, 12)):
        told = {"sellers": sellers, "first_buyers": first, "new_buyers": faces}
        make_report(datetime(2026, 11, 10 + sellers, 9, tzinfo=UTC), bazaar=f"Bazar {sellers}", **told)

    seen = queries.overview(NOVEMBER, scope=head)

    few, many = seen.bazaars
    assert (few.name, few.covered, few.areas) == ("Bazar 3", 2, 29)
    assert (few.takings, few.first_buyers, few.new_faces) == (None, None, 12)
    assert (many.takings, many.first_buyers, many.new_faces) == (Rupiah(900_000), 7, None)
    assert queries.overview(OCTOBER, scope=head).bazaars == ()
    assert [row[1] for row in reports._held(seen)] == ["Bazar 3", "Bazar 6"]

"""Indicators, criteria and flags from bare values: edges one by one, and against a slow recomputation."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.growth.graduation import reckoning, rules
from app.growth.graduation.reckoning import indicators
from tests.growth.graduation import slow
from tests.growth.graduation.slow import Day

NOW = date(2026, 11, 25)


def collect(days: list[Day], as_of: date, **given):
    """Frozen inputs from single days, which the book would have added up."""
    return reckoning.collect(slow.months_of(days, as_of), as_of, **given)


def month(back: int, *, day: int = 10) -> date:
    """A day some months before NOW."""
    return reckoning.month_before(NOW, back).replace(day=day)


def busy(back: int, amount: int = 100_000, days: int = 4, grade: str = "A", channel: str = "manual") -> list[Day]:
    """A month with sales on several days that bring `amount` together."""
    return [Day(month(back, day=n + 1), channel, grade, amount // days) for n in range(days)]


def figures(*days: list[Day]) -> dict[str, reckoning.Figure]:
    """All indicators of these days."""
    return indicators(collect([day for part in days for day in part], NOW))


def steady(months: int, amount: int = 100_000) -> list[Day]:
    """A first sale before so many complete months that bring the same."""
    return [day for back in range(1, months + 2) for day in busy(back, amount)]


def test_a_family_that_never_sold_has_no_figure_and_is_told_what_is_missing():
    found = figures()

    assert {each.value for each in found.values()} == {None}
    assert found["I5"].missing == 12
    assert found["I8"].missing == 1


def test_the_first_month_is_in_part_and_the_running_one_is_not_over():
    found = figures(busy(0, 900_000), busy(5, 700_000), busy(4), busy(3), busy(2), busy(1))

    assert (found["I2"].value, found["I2"].n) == (100_000, 4)
    assert (found["I2"].first, found["I2"].last) == (month(4, day=1), month(1, day=1))
    assert found["I1"].value == 100_000


def test_four_months_are_needed_for_the_typical_month_and_the_rest_is_counted():
    found = figures(busy(3), busy(2), busy(1))

    assert (found["I2"].value, found["I2"].missing) == (None, 2)
    assert found["I3"].value is found["I11"].value is None


def test_months_without_a_sale_count_as_nothing_once_selling_began():
    found = figures(busy(7), busy(1, 600_000))

    assert (found["I2"].value, found["I2"].n) == (0, 6)


def test_medians_round_down_to_whole_rupiah():
    assert figures(busy(5), busy(4, 40), busy(3, 40), busy(2, 44), busy(1, 48))["I2"].value == 42
    assert reckoning.median([1, 2]) == 1


def test_the_evidence_share_is_that_of_confirmed_sales():
    found = figures(busy(5), busy(4, grade="A"), busy(3, grade="B"), busy(2, grade="C"), busy(1, 60_000, grade="D"))

    assert found["I3"].value == 555


def test_a_spread_against_nothing_is_not_enough_data():
    days = [Day(month(back, day=n + 1), "manual", "D", 0) for back in range(1, 14) for n in range(4)]

    assert figures(days)["I6"].value is None


def test_steadiness_needs_eight_active_months_of_twelve():
    quiet = [day for back in (13, 12, 11, 10, 9, 8, 7, 6) for day in busy(back)]

    assert (figures(quiet)["I6"].value, figures(quiet)["I6"].missing) == (None, 1)
    assert figures(steady(12))["I6"].value == 0


def test_direction_compares_with_last_year_and_says_so_when_there_is_none():
    year = figures(steady(15), busy(1), busy(2), busy(3))["I7"]
    half = figures(steady(6))["I7"]

    assert (year.value, year.note) == (1000, "")
    assert (half.value, half.note) == (0, "season_unknown")


def test_channels_share_the_half_year():
    found = figures(busy(5), busy(4), busy(3), busy(2), busy(1, 300_000, channel="bazaar"))

    assert found["I11"].parts == (("bazaar", 500), ("manual", 500))


def test_what_was_taken_back_whole_was_never_sold():
    taken = [Day(month(0), "manual", "D", 0, stands=False)]

    assert figures(taken)["I8"].value is None
    assert figures(taken, busy(1))["I8"].value == (NOW - month(1, day=4)).days


def test_without_consent_no_sale_is_looked_at():
    inputs = collect(steady(13), NOW, sales_used=False)

    assert inputs["months"] == {}
    assert {each.value for each in indicators(inputs).values()} == {None}
    assert "not_met" not in {each["result"] for each in _assess(inputs)["criteria"]}


def _assess(inputs):
    return reckoning.assess(reckoning.DEFAULT_CRITERIA, reckoning.DEFAULT_FLAGS, inputs)


def _answer(code, inputs):
    return next(each for each in _assess(inputs)["criteria"] if each["code"] == code)


def test_silence_is_never_a_failure_in_any_answer_or_flag():
    inputs = collect(busy(2, days=1), NOW)

    assert _answer("I5", inputs)["result"] == "not_enough_data"
    assert _answer("meals", inputs)["result"] == "not_enough_data"
    assert _answer("I18", inputs)["result"] == "not_enough_data"
    assert _assess(inputs)["watch"] == []


def test_were_silence_a_failure_this_would_notice(monkeypatch):
    monkeypatch.setattr(reckoning, "UNKNOWN", "not_met")

    with pytest.raises(AssertionError):
        test_silence_is_never_a_failure_in_any_answer_or_flag()


def test_eight_active_months_are_enough_before_the_year_is_over_but_six_are_not_too_few():
    assert _answer("I5", collect(steady(9), NOW))["result"] == "met"
    assert _answer("I5", collect(steady(7), NOW))["result"] == "not_enough_data"


def test_two_signs_raise_a_flag_that_names_them_and_one_does_not():
    year = [day for back in range(4, 18) for day in busy(back)]
    gone, slow_now = collect(year, NOW), collect(year + busy(3) + busy(2) + busy(0), NOW)

    assert _assess(gone)["watch"] == ["I8", "I7"]
    assert _answer("I8", gone)["result"] == "not_met"
    assert _assess(slow_now)["watch"] == []


def test_a_visit_can_say_that_a_criterion_does_not_apply():
    inputs = collect([], NOW) | {"visit": {"school": {"value": None}, "meals": {"value": 1}, "savings": {"value": 0}}}

    assert [_answer(code, inputs)["result"] for code in ("school", "meals", "savings")] == [
        "not_applicable", "met", "not_met",
    ]  # fmt: skip


def test_the_same_inputs_answer_the_same_and_nothing_is_added_up():
    inputs = collect(steady(13), NOW)

    assert _assess(inputs) == _assess(inputs)
    assert set(_assess(inputs)) == {"criteria", "watch"}
    assert all(set(each) == {"code", "result", "value", "threshold", "missing"} for each in _assess(inputs)["criteria"])


def test_a_sale_taken_back_later_shows_as_a_correction_of_its_month():
    before = collect(steady(6), NOW)
    after = collect([day for day in steady(6) if day.sold_on != month(3, day=1)], NOW + timedelta(days=1))

    assert reckoning.corrected(before, after) == [month(3).isoformat()[:7]]
    assert reckoning.corrected(before, before) == []


DAYS = st.dates(date(2024, 6, 1), NOW + timedelta(days=3))
SALES = st.lists(
    st.tuples(
        DAYS, st.integers(1, 5), st.integers(0, 90_000), st.sampled_from(["manual", "online"]), st.sampled_from("ABCD"),
        st.booleans(),
    ),
    max_size=120,
)  # fmt: skip


@st.composite
def histories(draw):
    """Sales of up to 27 months in a row, some quiet and some busy, so that every indicator has its data."""
    dice, least, more = draw(st.randoms(use_true_random=True)), draw(st.integers(0, 8)), draw(st.integers(0, 4))
    return [
        (
            month(back, day=dice.randint(1, 28)), dice.randint(1, 5), dice.randint(0, 90_000),
            dice.choice(["manual", "online"]), dice.choice("ABCD"), dice.random() < 0.2,
        )
        for back in range(27 - draw(st.integers(0, 27)), -1, -1)
        for _sale in range(dice.randint(least, least + more))
    ]  # fmt: skip


@settings(max_examples=300)
@given(SALES | histories(), st.integers(0, 40))
def test_indicators_equal_a_slow_recomputation(sales, later):
    as_of = NOW - timedelta(days=later)
    lines, sums = [], {}
    for day, qty, amount, channel, grade, back in sales:
        written = [(day, qty, amount, channel, grade)]
        if back:
            written.append((day, -qty, -amount, channel, grade))
        lines += written
        for line in written:
            units, rupiah = sums.get((day, channel, grade), (0, 0))
            sums[day, channel, grade] = (units + line[1], rupiah + line[2])
    days = [Day(day, channel, grade, money, units > 0) for (day, channel, grade), (units, money) in sums.items()]

    found = indicators(collect(days, as_of))

    told = {code: dict(figure.parts) or None if code == "I11" else figure.value for code, figure in found.items()}
    assert told == slow.figures(lines, as_of)


@pytest.mark.parametrize("status", rules.MOVES)
def test_every_status_leads_to_known_ones_only(status):
    assert status in rules.STATUSES
    assert set(rules.MOVES[status]) <= set(rules.STATUSES) - {status}


def test_a_letter_takes_facts_and_no_instruction_of_a_template():
    assert rules.fill_letter("{nama} {{nama}} {nama.__class__} {", {"nama": "Siti"}) == "Siti {Siti} {nama.__class__} {"

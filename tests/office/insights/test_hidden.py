"""Closed cells stay closed: whoever has all that is shown, on every page of the head, can tell none of them."""

from __future__ import annotations

import re
import secrets
from collections import Counter, defaultdict
from datetime import date
from itertools import count, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.db import transaction
from app.growth.graduation.models import Graduation
from app.kit import masking
from app.kit.masking import LEAST, hidden, shown_table
from app.office.insights import queries
from app.people.families.models import Kpm
from app.people.places.queries import list_children
from tests.factories.people import KECAMATAN, REGENCY, make_account, sign_in

COUNTS = st.lists(st.integers(0, 12), min_size=1, max_size=8).map(
    lambda found: {str(n): count for n, count in enumerate(found)}
)
MOST = 13
_years = count(1900, 3)


def only_the_small_ones(people, **_how):
    """The twin: closes what is small and forgets what stands beside it."""
    return frozenset(key for key, count in people.items() if 0 < count < LEAST)


def differences(people, kept):
    """Return every sum over people that the shown cells and the total give: each shown cell, and the rest."""
    shown = {key: count for key, count in people.items() if key not in kept}
    rest = sum(people.values()) - sum(shown.values())
    return [*shown.values(), rest]


@given(COUNTS)
def test_no_difference_of_what_is_shown_is_a_sum_over_few(people):
    if masking.too_few(sum(people.values())):
        return  # then the total is closed too, and there is nothing to take off

    kept = hidden(people)

    assert all(count == 0 or count >= LEAST for count in differences(people, kept))
    assert len(kept) != 1


def told_cells(rule, cells, most):
    """Return the tables in which an attacker who knows the rule can tell a closed cell for certain."""
    seen = defaultdict(list)
    for counts in product(range(most), repeat=cells):
        people = {str(n): count for n, count in enumerate(counts)}
        total = sum(counts)
        if masking.too_few(total) or total >= most:
            continue  # a table with a larger total has readings that this list does not hold
        kept = rule(people)
        seen[total, tuple((key, people[key]) for key in people if key not in kept)].append((people, kept))
    found = []
    for readings in seen.values():
        people, kept = readings[0]
        found += [people for key in kept if len({each[key] for each, _ in readings}) == 1]
    return found


def of_a_page(people):
    """What the pages close: they list what holds somebody, and know all cells."""
    shown = shown_table({key: count for key, count in people.items() if count}, people)
    return frozenset(key for key, count in shown.items() if count is None)


@pytest.mark.parametrize("rule", [hidden, of_a_page])
@pytest.mark.parametrize("cells", [2, 3, 4])
def test_who_knows_the_rule_can_still_tell_no_closed_cell(rule, cells):
    assert told_cells(rule, cells, MOST) == []


def test_a_rule_that_forgets_the_neighbours_is_found_out():
    assert told_cells(only_the_small_ones, 3, MOST) != []


@given(st.lists(st.sets(st.integers(0, 11), max_size=9), min_size=1, max_size=6))
def test_sellers_in_several_channels_are_not_counted_twice(sellers):
    people = {str(n): len(found) for n, found in enumerate(sellers)}
    everybody = set().union(*sellers)
    if masking.too_few(len(everybody)):
        return

    kept = hidden(people, overlap=True)
    behind = set().union(*(found for n, found in enumerate(sellers) if str(n) in kept))

    assert not kept or len(behind) >= LEAST
    assert all(count == 0 or count >= LEAST for key, count in people.items() if key not in kept)


def test_counted_as_if_nobody_stood_twice_two_small_channels_would_open_three_sellers():
    people = {"online": 12, "bazaar": 3, "manual": 3}

    assert hidden(people) == {"bazaar", "manual"}
    assert hidden(people, overlap=True) == {"online", "bazaar", "manual"}


def test_a_table_of_many_is_shown_whole_and_an_empty_cell_is_no_secret():
    assert hidden({"a": 5, "b": 0, "c": 90}) == frozenset()
    assert hidden({}) == frozenset()


PLACES = (KECAMATAN, "36.04.13", "36.04.30", "36.04.25", "36.04.12")
LINE = re.compile(
    r'<tr><th scope="row">(\d{4})</th><td data-label="[^"]*">([^<]*)</td>'
    r'<td class="table__number" data-label="Keluarga">([^<]*)</td></tr>'
)


def graduated(year, told):
    """A family with a signed graduation for each (place, month), without accounts or names of their own."""
    one, two = make_account("pendamping"), make_account("caseworker")
    for place, month in told:
        day = date(year, month, 9)
        with transaction() as session:
            where = {"regency_code": REGENCY, "kecamatan_code": PLACES[place]}
            kpm = Kpm(pseudonym=secrets.token_hex(6), desa_code=f"{PLACES[place]}.2001", size=4, **where)
            session.add(kpm)
            session.flush()
            session.add(
                Graduation(
                    creation_key=secrets.token_hex(8), kpm_id=kpm.id, kind="self_reliant", stated_on=day,
                    recorded_by_id=one.id, scan="surat.pdf", acknowledged_by_id=two.id, confirmed_on=day, **where,
                )
            )  # fmt: skip


def both_pages(client, head, year):
    """Return what the head reads of a year: the kecamatan of one page, the kecamatan and the months of the other."""
    sign_in(client, head)
    lines = LINE.findall(client.get("/dinsos/graduasi").text)
    own = {place: None if told == "ditutup" else int(told) for at, place, told in lines if int(at) == year}
    seen = queries.overview(date(year, 12, 1), scope=head)
    areas = {seen.area_names[row.key]: row.now for row in seen.graduations if row.now != 0}
    series = seen.figures["GRADUATIONS"].series
    months = {day.month: known for day, known in series if day.year == year and known != 0}
    return own, areas, months


def rest_of(shown, total):
    """Return over how many the closed cells go, as a difference gives it; None where nothing is closed."""
    return total - sum(known for known in shown.values() if known) if None in shown.values() else None


GRADUATED = st.lists(st.tuples(st.integers(0, 4), st.sampled_from((2, 5, 11))), min_size=1, max_size=26)


@given(GRADUATED)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_pages_of_graduations_open_nothing_of_each_other(client, told):
    year = next(_years)
    graduated(year, told)

    own, areas, months = both_pages(client, make_account("head"), year)

    total, true = len(told), Counter(place for place, _month in told)
    assert own == areas
    for shown in (own, months):
        assert all(known is None or known >= LEAST for known in shown.values())
        if total >= LEAST:
            assert rest_of(shown, total) is None or rest_of(shown, total) >= LEAST
            assert list(shown.values()).count(None) != 1
    if total >= LEAST and None in own.values() and set(true.values()) == {1}:
        assert len(own) == len(list_children(REGENCY))


def test_what_the_months_tell_opens_no_kecamatan_of_the_other_page(client):
    # Nine in one month, so that the year is known: three of them would be what is left beside six.
    graduated(2024, [(0, 5)] * 3 + [(1, 5)] * 6)
    graduated(2023, [(place, 5) for place in range(5)])

    head = make_account("head")
    own, areas, months = both_pages(client, head, 2024)
    alone, *_rest = both_pages(client, head, 2023)

    assert months == {5: 9}
    assert own == areas == {"Tirtayasa": None, "Ciomas": None}
    assert set(alone.values()) == {None}
    assert len(alone) == len(list_children(REGENCY))


def test_the_head_of_a_province_reads_graduations_by_kabupaten(client):
    graduated(2024, [(place, 5) for place in range(5)] + [(0, 5)] * 4)

    sign_in(client, make_account("head", region_code="36"))

    assert LINE.findall(client.get("/dinsos/graduasi").text) == [("2024", "Serang", "9")]

"""How the work lies on each pendamping: families of her villages, what is due and late, what she wrote down."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from app.core.db import db, transaction
from app.growth.graduation import letters
from app.growth.mentoring import caseloads, policies, queries
from app.growth.mentoring.agreed import Agreed
from app.people.families.models import Kpm
from tests.factories.families import make_kpm
from tests.factories.growth import make_graduation
from tests.factories.mentoring import make_visit
from tests.factories.people import KECAMATAN, OTHER_DESA, make_account, sign_in
from tests.support.clocks import TODAY
from tests.support.pages import words_of
from tests.support.queries import count_queries

ADDRESS = "/dinsos/pendamping"


def day(offset):
    return TODAY + timedelta(days=offset)


def family(days_ago=0, **given):
    """A family that was written down some days ago: its first visit is due a month later."""
    kpm = make_kpm(**given)
    written = datetime.now(UTC) - timedelta(days=days_ago)
    with transaction() as session:
        session.execute(update(Kpm).where(Kpm.id == kpm.id).values(created_at=written))
    return kpm


def read(client):
    """Return the rows of the page, each as words."""
    rows = re.findall(r"<tr>.*?</tr>", client.get(ADDRESS).text.partition("<tbody>")[2], re.DOTALL)
    return [words_of(row) for row in rows]


@pytest.fixture
def officer(app):
    return make_account("caseworker")


@pytest.fixture
def dewi(app):
    return make_account("pendamping", name="Dewi")


def test_a_coordinator_reads_the_work_of_each_pendamping_and_confirms_the_graduation_she_wrote(client, officer, dewi):
    kpm = family(100)
    graduation = make_graduation(kpm, dewi)
    with transaction():
        letters.add_scan(graduation, "aa/bb/cc.jpg", by=dewi)
    way = f"/dinsos/graduasi/{graduation.id}"
    sign_in(client, dewi)
    assert client.post(f"{way}/sahkan", data={"versi": str(graduation.version)}).status_code in {403, 404}
    sign_in(client, officer)

    assert read(client)[0].startswith("Dewi")
    assert "Sahkan atas nama saya" in client.get(way).text
    assert client.post(f"{way}/sahkan", data={"versi": str(graduation.version)}).status_code == 303

    db.session.expire_all()
    assert (graduation.confirmed_on, graduation.acknowledged_by_id) == (TODAY, officer.id)


def test_visits_caseload_and_what_is_overdue_stand_for_each_pendamping(client, officer, dewi):
    make_account("pendamping", name="Rudi", areas=[OTHER_DESA])
    family(100)
    family(40)
    fresh = family(3)
    visited = family(200)
    make_visit(visited, dewi, visited_on=day(-50), agreed=[Agreed("Bawa nota", "family", day(-50))])
    make_visit(fresh, dewi, visited_on=day(-2))
    make_visit(fresh, dewi, visited_on=day(-91))

    found = {each.name: each for each in caseloads.list_caseloads(TODAY, scope=officer)}

    assert list(found) == ["Dewi", "Rudi"]
    hers = found["Dewi"]
    assert (hers.families, hers.due, hers.oldest, hers.late) == (4, 2, day(-70), 1)
    assert (hers.visits, hers.last) == (2, day(-2))
    assert (found["Rudi"].families, found["Rudi"].due, found["Rudi"].visits, found["Rudi"].last) == (0, 0, 0, None)
    for role in ("caseworker", "approver"):
        sign_in(client, make_account(role))
        assert read(client)[0].startswith("Dewi")
        assert f'href="{ADDRESS}"' in client.get("/dinsos/perkembangan").text


def test_the_numbers_are_those_of_her_own_list(officer, dewi):
    for days_ago in (0, 29, 30, 31, 90):
        family(days_ago)

    hers = caseloads.list_caseloads(TODAY, scope=officer)[0]
    cases = queries.list_cases(TODAY, scope=dewi)

    assert (hers.families, hers.due) == (len(cases), sum(1 for each in cases if each.waits(TODAY)))
    assert hers.due == 3


def test_families_that_no_pendamping_looks_after_stand_first(client, officer, dewi):
    family(100)
    family(31, desa_code=OTHER_DESA)
    make_account("pendamping", areas=[OTHER_DESA], state="disabled")
    sign_in(client, officer)

    rows = read(client)

    assert rows[0].startswith("Belum ada pendamping")
    assert [each.families for each in caseloads.list_caseloads(TODAY, scope=officer)] == [1, 1]


def test_an_area_may_be_a_whole_kecamatan(officer):
    make_account("pendamping", areas=[KECAMATAN])
    family()

    assert [each.families for each in caseloads.list_caseloads(TODAY, scope=officer)] == [1]


def test_another_kabupaten_sees_neither_its_people_nor_its_families(client, dewi):
    family(100)
    sign_in(client, make_account("caseworker", region_code="36.01"))

    page = client.get(ADDRESS).text

    assert "Dewi" not in page
    assert "Belum ada pendamping dan belum ada keluarga" in page


def test_no_family_is_named_and_none_is_opened(client, officer, dewi):
    family(100, name="Ibu Sarinah")
    sign_in(client, officer)

    assert "Sarinah" not in client.get(ADDRESS).text


@pytest.mark.parametrize("role", ["pendamping", "head", "curator", "steward", "admin"])
def test_others_are_refused(client, role):
    who = make_account(role)
    sign_in(client, who)

    assert client.get(ADDRESS).status_code == 403
    assert not policies.oversees(who)


def test_the_page_asks_as_much_for_twenty_families_as_for_two(app, client, officer, dewi):
    sign_in(client, officer)

    def asked():
        client.get(ADDRESS)
        with count_queries(app) as found:
            client.get(ADDRESS)
        return len(found)

    family(40)
    family(desa_code=OTHER_DESA)
    few = asked()
    for _each in range(18):
        make_visit(family(40))
    db.session.expire_all()

    assert asked() == few <= 12

"""A family leaves its programme: stated, signed, scanned, acknowledged by another named person."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.core.db import transaction
from app.core.errors import StaleVersion
from app.growth.graduation import letters, operations, queries
from app.growth.graduation.models import Graduation
from tests.factories.families import make_kpm
from tests.factories.growth import TODAY, make_graduation
from tests.factories.people import KECAMATAN, make_account


@pytest.fixture
def writer(app):
    """The pendamping who writes it down."""
    return make_account("pendamping")


def scan(graduation, by):
    """The signed letter is photographed."""
    with transaction():
        letters.add_scan(graduation, "aa/bb/cc.jpg", by=by)


def confirm(graduation, by, version=None):
    """Somebody acknowledges."""
    with transaction():
        letters.confirm(graduation, version=version or graduation.version, by=by)


def test_a_graduation_is_confirmed_with_its_scan_by_another_named_person(writer):
    kpm, officer = make_kpm(), make_account("caseworker")
    graduation = make_graduation(kpm, writer)
    scan(graduation, writer)

    confirm(graduation, officer)

    assert (graduation.confirmed_on, graduation.acknowledged_by_id) == (TODAY, officer.id)
    assert queries.count_graduations("36.04") == [(TODAY.year, KECAMATAN, "self_reliant", 1)]
    assert queries.find_case(kpm.id).status == "registered"
    words = queries.words_of(kpm.id)[f"graduation:{graduation.id}:letter"]
    assert json.loads(words) == {"alasan": "Usaha sudah jalan."}


def test_without_a_scan_nobody_confirms(writer):
    graduation = make_graduation(make_kpm(), writer)

    with pytest.raises(letters.NoScan):
        confirm(graduation, make_account("caseworker"))

    assert queries.count_graduations("36.04") == []


def test_who_recorded_it_does_not_acknowledge(writer):
    officer = make_account("caseworker")
    graduation = make_graduation(make_kpm(), officer)
    scan(graduation, writer)

    with pytest.raises(operations.SamePerson):
        confirm(graduation, officer)


@pytest.mark.parametrize("lacks", ["scan", "another"])
def test_the_database_itself_refuses_a_confirmation_without_scan_or_by_who_recorded_it(writer, lacks):
    graduation = make_graduation(make_kpm(), writer)
    by = writer if lacks == "another" else make_account("caseworker")
    name = None if lacks == "scan" else "aa/bb/cc.jpg"

    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(update(Graduation).where(Graduation.id == graduation.id).values(
            scan=name, confirmed_on=TODAY, acknowledged_by_id=by.id
        ))  # fmt: skip


def test_a_newer_scan_asks_for_another_look(writer):
    graduation = make_graduation(make_kpm(), writer)
    scan(graduation, writer)
    seen = graduation.version
    scan(graduation, writer)

    with pytest.raises(StaleVersion):
        confirm(graduation, make_account("caseworker"), version=seen)


def test_what_is_confirmed_takes_no_other_scan(writer):
    graduation = make_graduation(make_kpm(), writer)
    scan(graduation, writer)
    confirm(graduation, make_account("caseworker"))

    with pytest.raises(letters.AlreadyConfirmed):
        scan(graduation, writer)


def test_one_statement_waits_at_a_time_and_none_from_a_day_to_come(writer):
    kpm = make_kpm()
    with pytest.raises(letters.NotYetStated):
        make_graduation(kpm, writer, stated_on=TODAY + timedelta(days=1))
    make_graduation(kpm, writer)

    with pytest.raises(letters.AlreadyStated):
        make_graduation(kpm, writer)


def test_a_second_tap_finds_the_first(writer):
    kpm = make_kpm()
    with transaction():
        made = [letters.state(kpm, "natural", TODAY, {}, key="same", by=writer).id for _ in range(2)]

    assert made[0] == made[1]

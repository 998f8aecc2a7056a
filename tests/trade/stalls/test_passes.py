"""Helpers' passes: issued for named stalls, revoked at once, dead with the bazaar, and not to be guessed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.core.db import db, transaction
from app.core.errors import TooMany
from app.kit import codes
from app.trade.stalls import passes, queries
from app.trade.stalls.models import HelperPass
from tests.factories import stalls

ADDRESS = "203.0.113.7"


def issue(stand, by, *others):
    with transaction():
        numbers = [each.application.id for each in (stand, *others)]
        return passes.issue(stand.bazaar, "Relawan Budi", numbers, by=by)


def enter(code, address=ADDRESS):
    with transaction():
        return passes.enter(code, address)


def test_a_pass_opens_its_named_stalls_and_no_other(app, curator):
    stand, other = stalls.make_stands(2)

    found, code = issue(stand, curator)

    assert enter(codes.grouped(code).lower()).id == found.id
    assert [each.id for each in queries.stalls_of_pass(found)] == [stand.application.id]
    assert other.application.id not in found.application_ids


def test_nothing_of_the_code_is_stored(stand, curator):
    found, code = issue(stand, curator)

    assert code not in str(db.session.execute(select(HelperPass.__table__)).all())
    assert found.code_hash == passes.hash_of(code)


def test_a_revoked_pass_opens_nothing(stand, curator):
    found, code = issue(stand, curator)
    with transaction():
        passes.revoke(found, by=curator)

    assert enter(code) is None


def test_a_pass_dies_when_its_bazaar_is_over(stand, curator):
    _found, code = issue(stand, curator)
    stalls.end_day(stand.bazaar)

    assert enter(code) is None


def test_a_pass_names_somebody_and_stalls_of_this_bazaar(app, curator):
    stand = stalls.make_stand()
    stranger = stalls.make_stand()

    for name, numbers in (("", [stand.application.id]), ("Budi", []), ("Budi", [stranger.application.id])):
        with pytest.raises(passes.NoStalls), transaction():
            passes.issue(stand.bazaar, name, numbers, by=curator)


def test_no_pass_for_a_bazaar_that_is_over(stand, curator):
    stalls.end_day(stand.bazaar)

    with pytest.raises(passes.NotNow):
        issue(stand, curator)


def test_guessing_ends_at_the_limit(stand, curator):
    _found, code = issue(stand, curator)
    for _ in range(100):
        assert enter(codes.new_card_code()) is None

    with pytest.raises(TooMany):
        enter(code)
    assert enter(code, "203.0.113.8") is not None

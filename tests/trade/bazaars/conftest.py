"""The people of a bazaar."""

from __future__ import annotations

import pytest

from app.core.db import transaction
from app.trade.bazaars import judging, rules
from tests.factories import bazaars
from tests.factories.people import make_account


@pytest.fixture
def curator(app):
    return make_account("curator")


@pytest.fixture
def approver(app):
    return make_account("approver")


@pytest.fixture
def judged(app, curator):
    """Two applications, judged in all but name: one will be offered a place, one will be refused."""
    bazaar = bazaars.make_call(pools=(rules.Pool("total", 1),))
    line = [bazaars.apply_to(bazaar), bazaars.apply_to(bazaar)]
    bazaars.close_call(bazaar)
    for each in line:
        bazaars.score(each, 9)
    with transaction():
        judging.decide_refusal(line[1], "Alasan rahasia", by=curator)
    return line

"""The people and stalls of a day."""

from __future__ import annotations

import pytest

from tests.factories import stalls
from tests.factories.people import make_account


@pytest.fixture
def curator(app):
    return make_account("curator")


@pytest.fixture
def approver(app):
    return make_account("approver")


@pytest.fixture
def stand(app):
    return stalls.make_stand()

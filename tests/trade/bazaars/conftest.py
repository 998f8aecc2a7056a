"""The people of a bazaar."""

from __future__ import annotations

import pytest

from tests.factories.people import make_account


@pytest.fixture
def curator(app):
    return make_account("curator")


@pytest.fixture
def approver(app):
    return make_account("approver")

"""Browsers for several people at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.factories.people import sign_in
from tests.support.pages import PageClient


@pytest.fixture
def browser_of(app: Flask) -> Callable[[object], PageClient]:
    """Make a browser that somebody has signed in with."""

    def make(account: object) -> PageClient:
        client = app.test_client()
        assert isinstance(client, PageClient)
        sign_in(client, account)
        return client

    return make

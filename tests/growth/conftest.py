"""All of these tests reckon from one day."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _at_noon(noon: None) -> None:
    """Play each at noon of it."""

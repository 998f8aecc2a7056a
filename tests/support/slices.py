"""What `make test` takes of a long walk; `make drills` plays the whole of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def slice_of(values: Iterable[Any], *kept: Any) -> list[Any]:
    """Return every value as a parameter of a test; all but those that are kept wait for the drills."""
    return [each if each in kept else pytest.param(each, marks=pytest.mark.drill) for each in values]

"""Which journeys PostgreSQL plays at the desk, and which it leaves to CI (decision 0019)."""

from __future__ import annotations

import pytest


def left_to_ci(request) -> bool:
    return request.node.get_closest_marker("again") is not None


def test_a_journey_is_played_without_scripts_on_one_engine(app, script, engine_name, request):
    assert left_to_ci(request) is (engine_name == "postgresql" and not script)


@pytest.mark.browser
def test_a_journey_about_the_browser_is_played_on_one_engine(app, engine_name, request):
    assert left_to_ci(request) is (engine_name == "postgresql")

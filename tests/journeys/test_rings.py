"""Which journeys PostgreSQL plays at the desk, and which it leaves to CI (decision 0019)."""

from __future__ import annotations

import pytest


def left_to_ci(request) -> bool:
    return request.node.get_closest_marker("again") is not None


@pytest.mark.main_job
def test_the_main_job_is_played_with_scripts_on_both_engines(app, script, engine_name, request):
    assert left_to_ci(request) is (engine_name == "postgresql" and not script)


def test_any_other_journey_is_played_on_one_engine(app, engine_name, request):
    assert left_to_ci(request) is (engine_name == "postgresql")

"""The suite's own promises: tests do not see each other, and none reaches the network."""

from __future__ import annotations

import socket

import pytest
from sqlalchemy import select, text

from app.core import marks
from app.core.db import db, transaction
from app.people.places.models import Region


@pytest.mark.parametrize("round_", [1, 2])
def test_what_one_test_writes_the_next_does_not_see(app, round_):
    assert marks.get("twin") is None

    with transaction():
        marks.put("twin", "here")

    assert marks.get("twin") == "here"


@pytest.mark.parametrize("round_", [1, 2])
def test_reference_data_that_a_test_changes_are_whole_again(app, round_):
    region = db.session.scalars(select(Region).order_by(Region.code)).first()
    assert region.name != "Berubah"

    with transaction():
        db.session.merge(region).name = "Berubah"

    assert db.session.get(Region, region.code).name == "Berubah"


def test_each_engine_is_the_one_it_is_called(app, engine_name):
    question = "SELECT version()" if engine_name == "postgresql" else "SELECT 'SQLite ' || sqlite_version()"

    assert engine_name in str(db.session.scalar(text(question))).lower()


@pytest.mark.one_engine  # PostgreSQL has no such switch
def test_who_asks_sqlite_for_no_order_is_answered_backwards(app):
    asked = select(Region.code).where(Region.level == "kecamatan")

    answered = db.session.scalars(asked).all()

    assert answered == db.session.scalars(asked.order_by(Region.code.desc())).all()


def test_a_page_that_postgresql_is_asked_for_once_more_is_left_to_ci(client, engine_name, request):
    assert (request.node.get_closest_marker("again") is not None) is (engine_name == "postgresql")


def test_what_writes_and_asks_is_played_on_both_engines_by_everybody(app, request):
    assert request.node.get_closest_marker("again") is None


def test_the_network_is_out_of_reach():
    with socket.socket() as probe, pytest.raises(AssertionError, match="reached for the network"):
        probe.connect(("192.0.2.1", 80))

"""A large load takes the shelf's indexes down and puts them up again, whatever happens."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect

from app.core.db import db
from app.site.demo import indexes
from app.site.demo.indexes import needless, up_last


@pytest.fixture(autouse=True)
def _stand(app):
    """Every index stands before and after."""
    assert needless(standing=False) == []
    yield
    with up_last(0):
        pass


def standing() -> set[str]:
    """The names of the shelf's indexes."""
    db.session.rollback()
    return {each["name"] for each in inspect(db.engine).get_indexes("shelf_item")}


def test_a_large_load_does_without_them_and_keeps_what_it_asks_by(app):
    before = standing()
    with up_last(indexes.MANY):
        during = standing()
    assert during < before
    assert {"ix_shelf_shop"} <= during
    assert not {"ix_shelf_new", "ix_shelf_leaf_price"} & during
    assert standing() == before


def test_a_small_load_leaves_them_alone(app):
    before = standing()
    with up_last(indexes.MANY - 1):
        assert standing() == before


def test_they_stand_again_after_a_load_that_failed_or_was_killed(app):
    before = standing()
    with pytest.raises(ValueError, match="half-way"), up_last(indexes.MANY):
        raise ValueError("half-way")
    assert standing() == before

    with db.engine.begin() as connection:
        for index in needless(standing=True)[:3]:
            index.drop(connection)
    db.session.rollback()
    assert len(standing()) == len(before) - 3
    with up_last(0):
        pass
    assert standing() == before

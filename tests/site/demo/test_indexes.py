"""A large load takes the shelf's indexes down and puts them up again, whatever happens."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect, select, update

from app.core.db import db, transaction
from app.goods.shelf import rules
from app.goods.shelf.models import ShelfItem
from app.site.demo.indexes import needless, up_last
from tests.factories.goods import make_product, make_shop


@pytest.fixture(autouse=True)
def _stand(app):
    """Every index stands before and after."""
    assert needless(standing=False) == []
    yield
    with up_last(many=False):
        pass


def standing() -> set[str]:
    """The names of the shelf's indexes."""
    db.session.rollback()
    return {each["name"] for each in inspect(db.engine).get_indexes("shelf_item")}


def test_a_large_load_does_without_them_and_keeps_what_it_asks_by(app):
    before = standing()
    with up_last(many=True):
        during = standing()
    assert during < before
    assert {"ix_shelf_shop"} <= during
    assert not {"ix_shelf_new", "ix_shelf_leaf_price"} & during
    assert standing() == before


def test_a_small_load_leaves_them_alone(app):
    before = standing()
    with up_last(many=False):
        assert standing() == before


def test_they_stand_again_after_a_load_that_failed_or_was_killed(app):
    before = standing()
    with pytest.raises(ValueError, match="half-way"), up_last(many=True):
        raise ValueError("half-way")
    assert standing() == before

    with db.engine.begin() as connection:
        for index in needless(standing=True)[:3]:
            index.drop(connection)
    db.session.rollback()
    assert len(standing()) == len(before) - 3
    with up_last(many=False):
        pass
    assert standing() == before


def test_shops_take_their_turns_when_the_indexes_stand_again(app):
    shop = make_shop()
    make_product(shop, "Telur asin")
    with up_last(many=True), transaction() as session:
        session.execute(update(ShelfItem).values(turn=rules.TURNS))
    assert db.session.scalars(select(ShelfItem.turn)).all() == [1]

"""What a seller can make in a day is never promised twice."""

from __future__ import annotations

import pytest

from app.core.db import db, transaction
from app.goods.products.models import Variant
from app.people.accounts.models import Account
from app.trade.orders import operations, queries
from app.trade.orders.operations import LinesChanged
from tests.factories.goods import make_product, make_shop, variant_of
from tests.factories.trade import place_group


@pytest.fixture
def shop(app):
    """A stall."""
    return make_shop()


@pytest.fixture
def cake(shop) -> Variant:
    """A cake that is made to order, five a day."""
    variant = variant_of(make_product(shop, "Kue bolu"))
    with transaction():
        variant.stock_mode, variant.lead_days, variant.day_capacity = "made_to_order", 1, 5
    return variant


def test_a_day_takes_no_more_than_she_can_make(cake):
    place_group((cake, 3))

    with pytest.raises(LinesChanged) as refusal:
        place_group((cake, 3))

    assert [(each.kind, each.available) for each in refusal.value.changes] == [("sold_out", 2)]


def test_what_is_left_of_a_day_can_be_had(cake):
    place_group((cake, 3))

    place_group((cake, 2))


def test_what_was_turned_down_can_be_made_for_others(shop, cake):
    order = queries.list_of_group(place_group((cake, 5)).id)[0]
    with transaction():
        operations.refuse(order, "tidak_sempat", by=db.session.get_one(Account, shop.owner_id))

    place_group((cake, 5))


def test_without_a_limit_any_number_is_taken(cake):
    with transaction():
        cake.day_capacity = None

    place_group((cake, 50))

"""How far a product was brought becomes what its shop says: up, down and up again with goods in the tables."""

from __future__ import annotations

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from app.core.db import db
from tests.factories import goods
from tests.factories.people import KECAMATAN
from tests.support import earlier

pytestmark = pytest.mark.slow

# Of each product its shop, whether it is collected, and so far it was brought.
BEFORE = {
    "plain": ("nothing said", True, None),
    "near": ("far", True, 5),
    "farther": ("far", False, 12),
    "stays": ("far", True, None),
    "collected": ("fees", True, None),
    "bazaar": ("fees", False, None),
    "door": ("fees and far", False, 3),
}
# Whether it goes along, and how far its shop goes by arrangement.
AFTER = {
    "plain": (True, None),
    "near": (True, 12),
    "farther": (True, 12),
    "stays": (False, 12),
    "collected": (True, None),
    "bazaar": (False, None),
    "door": (True, 3),
}
# What the column of before can say of it.
BACK = {"plain": None, "near": 12, "farther": 12, "stays": None, "collected": None, "bazaar": None, "door": 3}


@pytest.fixture
def house(database, environ):
    """A database of its own, with reference data."""
    with earlier.house(database, environ, "folding"):
        yield


def rows(asked):
    with db.engine.connect() as connection:
        return {row[0]: tuple(row[1:]) for row in connection.execute(text(asked))}


def now():
    found = rows(
        "SELECT p.slug, p.delivered, d.other_km FROM product p LEFT JOIN delivery_plan d ON d.shop_id = p.shop_id"
    )
    return {slug: (bool(along), far) for slug, (along, far) in found.items()}


def test_what_was_said_of_products_is_said_once_by_their_shop(house):
    shops = {name: goods.make_shop() for name in {each[0] for each in BEFORE.values()}}
    for slug, (shop, _pickup, _far) in BEFORE.items():
        goods.make_product(shops[shop], slug=slug)
    for name in ("fees", "fees and far"):
        goods.make_zones(db.session.merge(shops[name]), {KECAMATAN: 4_000}, least=20_000)
    db.session.remove()
    old, new = earlier.ends("say_once_where_goods_are_brought")
    downgrade(revision=old)
    with db.engine.begin() as connection:
        for slug, (_shop, pickup, far) in BEFORE.items():
            asked = text("UPDATE product SET pickup = :pickup, delivery_km = :far WHERE slug = :slug")
            connection.execute(asked, {"pickup": pickup, "far": far, "slug": slug})

    upgrade(revision=new)
    assert now() == AFTER

    downgrade(revision=old)
    assert rows("SELECT slug, delivery_km FROM product") == {slug: (far,) for slug, far in BACK.items()}

    upgrade(revision=new)
    assert now() == AFTER
    assert len(rows("SELECT shop_id FROM delivery_zone WHERE fee = 4000")) == 2

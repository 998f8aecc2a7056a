"""Goods that were taken off the market before their state was kept: let back as the log tells that they were."""

from __future__ import annotations

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text

from app.core.db import db, transaction
from app.goods.products import operations
from app.goods.products.models import Product
from app.goods.shelf.models import ShelfItem
from app.people.accounts.models import Account
from tests.factories.goods import make_product, make_shop
from tests.factories.people import make_account
from tests.support import earlier

# What was done with a product before it was taken off the market, and whether buyers see it once it is let back.
DONE = {
    "never-hidden": ((), True),
    "hidden": (("pause",), False),
    "shown-again": (("pause", "show"), True),
    "hidden-again": (("pause", "show", "pause"), False),
    "brought-back": (("delete", "restore"), False),
    "shown-after": (("delete", "restore", "pause", "show"), True),
    "let-back-once": (("pause", "show", "withdraw", "reinstate"), True),
}


@pytest.fixture
def house(database, environ):
    """A database of its own, with reference data."""
    with earlier.house(database, environ, "withdrawn_before"):
        yield


def do(act, product, seller):
    """Do one thing with a product."""
    more = {"restore": {"live": True}, "withdraw": {"reason": "izin-belum-ada", "sentence": "Perlu izin."}}
    with transaction():
        getattr(operations, act)(product, by=seller, **more.get(act, {}))


def standing():
    """Whether a product is for sale, by its address."""
    return {each.slug: each.state == "live" for each in db.session.scalars(select(Product))}


@pytest.mark.slow
@pytest.mark.parametrize("state", ["withdrawn", "held"])
def test_what_was_hidden_before_the_upgrade_stays_hidden_when_it_is_let_back(house, state):
    before, _after = earlier.ends("remember_what_withdrawn_goods_were")
    seller = make_account()
    shop = make_shop(seller)
    for slug, (acts, _seen) in DONE.items():
        product = make_product(shop, slug=slug)
        for act in (*acts, "withdraw"):
            do(act, product, seller)
    with transaction() as session:
        session.execute(text("UPDATE product SET deleted_from = '', state = :state"), {"state": state})
    number = seller.id
    db.session.remove()

    downgrade(revision=before)
    upgrade()

    seller = db.session.get_one(Account, number)
    with transaction() as session:  # what was held is judged now
        session.execute(text("UPDATE product SET state = 'withdrawn'"))
    for product in db.session.scalars(select(Product)).all():
        do("reinstate", product, seller)
    assert standing() == {slug: seen for slug, (_acts, seen) in DONE.items()}
    assert db.session.query(ShelfItem).count() == sum(seen for _acts, seen in DONE.values())

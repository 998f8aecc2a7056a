"""Erasing touches all that a person had, while others work on it: nobody waits in a circle."""

from __future__ import annotations

import pytest

from app.core import audit
from app.core.db import db
from app.goods.products import queries as goods
from app.goods.shelf import operations as shelf
from app.office.requests import operations
from app.office.requests.models import DataRequest
from app.people.accounts.models import Account
from tests.factories.goods import make_product, make_shop
from tests.factories.people import make_account
from tests.factories.requests import make_data_request, propose_erasure
from tests.support.together import crossed


@pytest.mark.race
@pytest.mark.parametrize("held", ["card", "product"])
def test_an_erasure_waits_before_it_is_noted_and_then_for_nobody_at_work_on_her_goods(app, held):
    seller, curator, approver = make_account(), make_account("curator"), make_account("approver").id
    shop = make_shop(seller)
    product, request = make_product(shop), make_data_request("erase", seller)
    propose_erasure(request, make_account("steward"))
    number, shop_id = request.id, shop.id

    def confirm() -> None:
        by = db.session.get_one(Account, approver)
        operations.confirm(db.session.get_one(DataRequest, number), by=by)

    came = crossed(
        app,
        lambda: shelf.lock([shop_id]) if held == "card" else goods.lock(product),
        lambda: audit.record(curator, "looked", product),
        confirm,
    )

    assert came == ["ya"]
    assert db.session.get_one(DataRequest, number, populate_existing=True).state == "done"

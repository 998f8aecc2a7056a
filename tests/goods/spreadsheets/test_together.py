"""A list touches many goods at once, while others answer, offer and close: nobody waits in a circle."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.core import audit
from app.core.db import advisory_lock, db, transaction
from app.core.sheets import write_csv
from app.goods.products import operations as products
from app.goods.products import queries
from app.goods.products.models import Product
from app.goods.shelf import operations as shelf
from app.goods.spreadsheets import operations
from app.goods.spreadsheets.models import GoodsList
from app.people.accounts.models import Account
from tests.factories.goods import make_product, make_shop
from tests.factories.people import make_account
from tests.support.together import crossed

HEAD = ["Kode", "Nama", "Harga", "Satuan", "Jenis", "Keterangan", "Diambil di lapak"]
# What somebody else holds already when the list comes, and does before she is done.
OTHERS = {
    "a curator who answers": (queries.lock, lambda item, by: products.pause(item, by=by)),
    "another who offers": (lambda _: advisory_lock(products.LOCK), lambda item, by: audit.record(by, "offered", item)),
    "the shop that goes": (lambda item: shelf.hide_shop(item.shop_id), lambda item, by: audit.record(by, "gone", item)),
}


@pytest.mark.race
@pytest.mark.parametrize("who", OTHERS)
def test_a_list_waits_before_it_notes_anything_and_then_for_nobody(app, who):
    shop, curator = make_shop(), make_account("curator")
    owner_id, (hold, act) = shop.owner_id, OTHERS[who]
    names = ("Telur asin", "Keripik pisang")
    told = [make_product(shop, name) for name in names]
    rows = [[told[n].slug, names[n], "21rb", "pak", "", "Baru.", "tidak"] for n in range(2)]
    rows.append(["", "Keripik singkong", "12rb", "bungkus", "Keripik & Kerupuk", "Renyah.", ""])
    with transaction():
        number = operations.stage(write_csv(HEAD, rows), shop, by=shop.owner).id

    def take() -> None:
        by = db.session.get_one(Account, owner_id)
        operations.take(db.session.get_one(GoodsList, number), by=by)

    came = crossed(app, lambda: hold(told[1]), lambda: act(told[1], curator), take)

    assert came == ["ya"]
    assert db.session.get_one(GoodsList, number, populate_existing=True).state == "taken"
    assert len(db.session.scalars(select(Product).where(Product.shop_id == shop.id)).all()) == 3

"""A list touches many goods at once, while others answer, offer and close: nobody waits in a circle."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select, text

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

HEAD = ["Kode", "Nama", "Harga", "Satuan", "Jenis", "Keterangan", "Diambil di lapak"]
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
# What somebody else holds already when the list comes, and does before she is done.
OTHERS = {
    "a curator who answers": (queries.lock, lambda item, by: products.pause(item, by=by)),
    "another who offers": (lambda _: advisory_lock(products.LOCK), lambda item, by: audit.record(by, "offered", item)),
    "the shop that goes": (lambda item: shelf.hide_shop(item.shop_id), lambda item, by: audit.record(by, "gone", item)),
}


def comes_to_wait() -> None:
    """Return once somebody waits for a lock of ours; SQLite lets one writer in and needs no looking."""
    if db.engine.name == "sqlite":
        return
    pause = threading.Event()
    with db.engine.connect() as connection:
        for _look in range(600):
            if connection.execute(text(WAITING)).scalar_one():
                return
            connection.rollback()
            pause.wait(0.05)
    raise AssertionError("nobody waits")


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
    failed = list[BaseException]()

    def take() -> None:
        with app.app_context():
            try:
                with transaction():
                    by = db.session.get_one(Account, owner_id)
                    operations.take(db.session.get_one(GoodsList, number), by=by)
            except BaseException as error:
                failed.append(error)
            finally:
                db.session.remove()

    thread = threading.Thread(target=take)
    with transaction():
        hold(told[1])
        thread.start()
        comes_to_wait()
        act(told[1], curator)
    thread.join()

    assert failed == []
    assert db.session.get_one(GoodsList, number, populate_existing=True).state == "taken"
    assert len(db.session.scalars(select(Product).where(Product.shop_id == shop.id)).all()) == 3

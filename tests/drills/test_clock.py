"""The clock of the machine jumps by a day or an hour, back and forth: nobody meets an error, no book bends."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.core import audit, books, jobs
from app.core.audit import AuditEntry
from app.core.clock import now
from app.core.db import db, transaction
from app.people.accounts import sessions
from app.trade.orders import operations, queries
from app.trade.orders.messages import buyer_url
from tests.factories.goods import make_product
from tests.factories.people import make_account, sign_in
from tests.factories.trade import accepted_order, handed_order, make_stall, place_order, ready_order

JUMPS = {
    "a day ahead": timedelta(days=1),
    "a day back": timedelta(days=-1),
    "an hour back": timedelta(hours=-1),
}
PUBLIC = ("/", "/produk", "/produk?q=telor", "/lapak", "/keranjang", "/pesanan", "/masuk", "/healthz", "/readyz")
HERS = ("/jualan", "/jualan/pesanan", "/jualan/pesanan?daftar=selesai", "/jualan/produk", "/jualan/uang", "/saya")
NEGATIVE = re.compile(r"(?:−|-)\d+ (?:detik|menit|jam|hari|minggu)|lewat −")


@pytest.mark.parametrize("jump", JUMPS.values(), ids=list(JUMPS))
def test_a_clock_that_jumps_breaks_nothing(app, client, jump):
    seller, shop = make_stall(name="Telur Ibu Sarmi", phone="+6281234500001")
    eggs = make_product(shop, "Telur asin masir", price=38_000, qty=50)
    orders = [
        place_order(eggs, 2),
        accepted_order(eggs, seller, 3),
        ready_order(eggs, seller, 1),
        handed_order(eggs, seller, 4),
    ]
    with transaction():
        audit.record(seller, "drill.before")
    numbers, codes = [each.id for each in orders], [each.code for each in orders]
    with app.test_request_context():
        links = [buyer_url(code) for code in codes]
    sign_in(client, seller)
    curator = app.test_client()
    sign_in(curator, make_account("curator"))
    stranger, there = app.test_client(), now() + jump

    with time_machine.travel(there):
        for path in (*PUBLIC, *links):
            assert stranger.get(path).status_code == 200, path
        if jump > timedelta(0):  # the session has rested too long; she signs in again
            client.delete_cookie(sessions.cookie_name())
            sign_in(client, seller)
            sign_in(curator, make_account("curator"))
        seen = [client.get(path) for path in (*HERS, *(f"/jualan/pesanan/{code}" for code in codes))]
        seen += [curator.get(path) for path in ("/dinsos", "/dinsos/kurasi")]
        assert {each.status_code for each in seen} == {200}
        assert not [page.request.path for page in seen if NEGATIVE.search(page.get_data(as_text=True))]
        jobs.run_clocks()
        jobs.run_due()
        with transaction():
            audit.record(seller, "drill.there")
            placed = queries.get_order(numbers[0])
            if placed.state == "placed":
                operations.accept(placed, by=seller)
                operations.mark_ready(placed, by=seller)
                operations.hand_over(placed, by=seller)

    jobs.run_clocks()
    place_order(eggs, 1)
    with transaction():
        audit.record(seller, "drill.back")
    assert client.get("/jualan").status_code in {200, 303}
    assert [str(finding) for _name, found in books.verify() for finding in found] == []
    told = select(AuditEntry.action).where(AuditEntry.action.like("drill.%")).order_by(AuditEntry.id)
    assert list(db.session.scalars(told)) == ["drill.before", "drill.there", "drill.back"]

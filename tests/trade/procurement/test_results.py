"""How many products were submitted, seen in the catalogue and bought: one page for the office and its head."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from app.core.db import db, transaction
from app.trade.ekatalog.models import Submission
from app.trade.procurement import operations, results
from app.trade.procurement.results import Year
from tests.factories import ekatalog as rounds
from tests.factories import procurement as made
from tests.factories.people import make_account, sign_in
from tests.support.queries import count_queries

ADDRESS = "/dinsos/ekatalog/hasil"


@pytest.fixture
def head(app):
    return make_account("head")


def read(client):
    """Return the rows of the table, each as words."""
    rows = re.findall(r"<tr>.*?</tr>", client.get(ADDRESS).text.partition("<tbody>")[2], re.DOTALL)
    return [re.sub(r"<[^>]+>", " ", row).split() for row in rows]


def test_submitted_published_and_bought_stand_on_one_page_that_head_and_curator_reach(client, head):
    rounds.start(rounds.make_goods())
    rounds.sent(rounds.make_goods())
    made.shown()
    case = made.shown()
    made.order(case)
    made.order(case)
    year = str(case.day.year)

    for who in (head, make_account("curator"), make_account("approver")):
        sign_in(client, who)
        home = client.get("/dinsos").text
        assert "/dinsos/ekatalog" in home
        assert read(client) == [[year, "3", "2", "1"], ["Semua", "tahun", "3", "2", "1"]]
        assert "Sekarang 2 produk tampil" in client.get(ADDRESS).text
    sign_in(client, head)
    assert f'href="{ADDRESS}"' in client.get("/dinsos").text
    sign_in(client, make_account("curator"))
    assert all(f'href="{ADDRESS}"' in client.get(at).text for at in ("/dinsos/ekatalog", "/dinsos/ekatalog/pesanan"))


def test_the_head_reads_no_shop_no_product_and_no_buyer(client, head):
    purchase = made.order()
    sign_in(client, head)

    page = client.get(ADDRESS).text

    for name in (purchase.name, purchase.order.shop.name, purchase.order.buyer, "Rp", "/dinsos/ekatalog/pesanan"):
        assert name not in page


def test_an_order_that_was_wholly_taken_back_is_not_bought(head):
    purchase = made.order()
    curator = make_account("curator")
    for qty, bought in ((39, 1), (1, 0)):
        with transaction():
            operations.take_back(purchase, qty, "Batal", key=f"tarik-{qty}", by=curator)
        assert results.results_in(head).bought == bought


def test_a_product_counts_in_the_year_of_its_region_and_once_whatever_it_goes_through(head):
    case = made.shown()
    ended = datetime(2024, 12, 31, 17, 30, tzinfo=UTC)  # half past midnight on 1 January in Serang
    with transaction() as session:
        session.execute(update(Submission).where(Submission.id == case.submission.id).values(submitted_at=ended))
    made.proved(case)
    db.session.expire_all()

    found = results.results_in(head)

    assert found.years == (Year(case.day.year, 0, 1, 0), Year(2025, 1, 0, 0))
    assert (found.submitted, found.published, found.bought) == (1, 1, 0)


def test_what_left_the_catalogue_was_published_but_is_not_there_now(head):
    rounds.seen(made.shown(), "delisted_outside")

    found = results.results_in(head)

    assert (found.published, found.now) == (1, 0)


def test_another_kabupaten_counts_its_own_goods(client):
    made.order()
    sign_in(client, make_account("head", region_code="36.01"))

    assert "Belum ada produk yang diajukan" in client.get(ADDRESS).text


@pytest.mark.parametrize("role", ["caseworker", "pendamping", "steward", "admin"])
def test_others_are_refused(client, role):
    sign_in(client, make_account(role))

    assert client.get(ADDRESS).status_code == 403


def test_the_page_asks_as_much_for_five_products_as_for_one(app, client, head):
    sign_in(client, head)

    def asked():
        client.get(ADDRESS)
        with count_queries(app) as found:
            client.get(ADDRESS)
        return len(found)

    made.order()
    one = asked()
    for _each in range(4):
        made.order()

    assert asked() == one <= 12

"""What people said in the demonstration: each thing once, lawful in every book, and on the desk it is for."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.core import books
from app.core.db import db
from app.goods.delivery.models import DeliveryZone
from app.goods.reports.models import Report
from app.office.requests.models import DataRequest
from app.office.tickets.models import Ticket
from app.people.accounts.models import Account
from app.people.accounts.queries import find_staff
from app.site.demo import heard, people
from app.trade.offices.models import OfficePaper, OfficeRequest
from app.trade.orders.models import Order
from app.trade.returns.models import ReturnCase
from app.trade.reviews.models import Review
from tests.factories.people import sign_in
from tests.site.demo.test_demo import SMALL, fill
from tests.support.pages import PageClient
from tests.support.remembered import remembered

pytestmark = pytest.mark.xdist_group("demonstration")

THINGS = (Ticket, ReturnCase, Review, OfficeRequest, DeliveryZone, Report, DataRequest)
EMPTY = 'class="empty-state"'


@pytest.fixture
def spoken(app: Flask, database: Any) -> None:
    """A small demonstration in which people have spoken."""
    remembered(database, "demonstration", fill)
    heard.load(SMALL)


def counts() -> dict[str, int]:
    return {each.__tablename__: db.session.scalar(select(func.count()).select_from(each)) for each in (*THINGS, Order)}


def test_each_believable_thing_is_there_once(spoken: None) -> None:
    found = counts()

    assert found | {"review": 0, "order": 0} == {
        "ticket": 3, "return_case": 2, "review": 0, "office_request": 2, "delivery_zone": 8, "product_report": 1,
        "data_request": 2, "order": 0,
    }  # fmt: skip
    assert found["review"] >= 3
    assert set(db.session.scalars(select(Review.state))) == {"shown", "held"}
    assert set(db.session.scalars(select(ReturnCase.state))) == {"opened", "escalated"}
    assert set(db.session.scalars(select(Order.state).where(Order.for_office))) == {"placed", "handed_over"}
    assert db.session.scalar(select(func.count()).select_from(OfficePaper)) >= 3
    assert [each is None for each in db.session.scalars(select(Ticket.answered_by_id).order_by(Ticket.id))] == [
        True, True, False,
    ]  # fmt: skip


def test_a_second_load_duplicates_nothing(spoken: None) -> None:
    before = counts()

    assert heard.load(SMALL) == 0
    assert counts() == before


def test_every_book_is_right_after_it(spoken: None) -> None:
    assert [str(finding) for _, found in books.verify() for finding in found] == []


@pytest.mark.parametrize(
    ("who", "paths"),
    [
        ("kurator", ["/dinsos/aduan", "/dinsos/ulasan", "/dampingan/keluhan", "/dinsos/kurasi/laporan"]),
        ("kurator", ["/dinsos/penjualan", "/dinsos/permintaan-data"]),
        ("petugas", ["/dinsos/kabar", "/dinsos/aduan"]),
        ("pdp", ["/dinsos/permintaan-data"]),
        ("kepala", ["/dinsos/kabar", "/dinsos/aduan"]),
        ("", ["/jualan/ulasan", "/jualan/kabar", "/jualan/pesanan", "/jualan/antar", "/jualan/buku-kas"]),
    ],
)
def test_no_desk_that_it_is_for_is_empty(spoken: None, client: PageClient, who: str, paths: list[str]) -> None:
    first = "+62" + (people.sellers(SMALL)[0].phone or "")[1:]
    seller = db.session.scalars(select(Account).where(Account.phone == first)).one()
    sign_in(client, find_staff(who) if who else seller)

    empty = [path for path in paths if (page := client.get(path)).status_code != 200 or EMPTY in page.text]

    assert empty == []

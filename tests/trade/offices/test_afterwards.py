"""A paper keeps its number and amount; what happened after it was made stands on it from then on."""

from __future__ import annotations

import pytest

from app.core import books
from app.core.db import transaction
from app.kit.rupiah import Rupiah
from app.trade.offices import operations
from app.trade.orders import links
from app.trade.orders import operations as orders
from app.trade.orders import queries as order_queries
from app.trade.returns import operations as returns
from tests.factories.goods import make_product, make_zones
from tests.factories.offices import hand_over, order_for_office, papers_of, parts_of
from tests.factories.people import KECAMATAN
from tests.factories.returns import complain, offered
from tests.factories.trade import make_stall

SINCE = "Sesudah surat ini dibuat"


@pytest.fixture
def seller(app):
    return make_stall(name="Dapur Bu Sarmi")


@pytest.fixture
def boxes(seller):
    make_zones(seller[1], {KECAMATAN: 25_000})
    return make_product(seller[1], "Snack box", price=15_000, qty=80, unit="kotak", category="roti-bolu")


class Office:
    """The office's side: its request, the one part of it, and what its papers say."""

    def __init__(self, client, request):
        self.client, self.request = client, request
        (self.order,) = parts_of(request)

    def papers(self):
        found = {}
        for paper in papers_of(self.order):
            page = self.client.get(f"/kantor/{self.request.group.token}/surat?nomor={paper.id}").text
            found[paper.kind] = page.split(SINCE)[1].split("</p>")[0] if SINCE in page else ""
        return found

    def confirmed(self, kind):
        paper = next(each for each in papers_of(self.order) if each.kind == kind)
        return self.client.get(f"/surat/{paper.code}").text

    def pay(self, by):
        with transaction():
            operations.note_paid(self.order, by=by)

    def return_boxes(self, by, qty):
        case = offered(complain(self.order, qty=qty), "refund", by)
        with transaction():
            returns.settle(case, "kept", by=by, version=case.version)


@pytest.fixture
def office(client, boxes):
    return Office(client, order_for_office((boxes, 20), method="paid_elsewhere"))


def wrong():
    return [finding for _name, found in books.verify("pesanan", "uang", "surat kantor") for finding in found]


def test_papers_of_an_order_that_went_as_agreed_say_nothing_more(seller, office):
    hand_over(office.order, seller[0])
    office.pay(seller[0])

    assert office.papers() == dict.fromkeys(("order", "bill", "handover", "receipt"), "")
    assert "Jumlah sekarang" not in office.confirmed("receipt")


def test_a_receipt_says_what_must_go_back_and_then_that_it_went(seller, office):
    hand_over(office.order, seller[0])
    office.pay(seller[0])
    office.return_boxes(seller[0], 2)

    owed = office.papers()
    with transaction():
        orders.give_refund(office.order, Rupiah(30_000), by=seller[0], key="kembali")

    assert "Uang dikembalikan: 2 kotak Snack box. Masih harus dikembalikan Rp30.000." in owed["receipt"]
    given = office.papers()
    assert "Uang dikembalikan: 2 kotak Snack box. Dari jumlah ini telah dikembalikan Rp30.000." in given["receipt"]
    assert "Masih harus" not in given["receipt"]
    for kind in ("bill", "handover"):
        assert "Jumlahnya menjadi Rp295.000." in given[kind]
    assert given["order"] == ""
    page = office.confirmed("receipt")
    code = office.order.code
    for address in ("", "/struk"):
        buyer = office.client.get(f"/pesanan/{code}{address}?s={links.link_signature(code)}").text
        assert "<dt>Uang dikembalikan</dt><dd>−Rp30.000</dd>" in buyer and "Rp295.000" in buyer
    shown = office.client.get(f"/kantor/{office.request.group.token}").text
    assert "<dt>Ongkos antar</dt><dd>Rp25.000</dd><dt>Uang dikembalikan</dt>" in shown and "Rp295.000" in shown
    assert "Rp325.000" in page and "<dt>Jumlah sekarang</dt><dd>Rp295.000</dd>" in page
    assert wrong() == []


def test_a_receipt_made_after_something_went_back_is_about_the_money_that_came(seller, office):
    hand_over(office.order, seller[0])
    office.return_boxes(seller[0], 2)
    office.pay(seller[0])

    amounts = {paper.kind: paper.amount for paper in papers_of(office.order)}
    assert (amounts["bill"], amounts["receipt"]) == (Rupiah(325_000), Rupiah(295_000))
    assert office.papers()["receipt"] == ""
    assert wrong() == []


def test_the_first_paper_says_what_was_agreed_instead(seller, office):
    order = office.order
    line = order_queries.list_lines(order.id)[0]
    with transaction():
        orders.offer_less(order, {line.id: 12}, by=seller[0])
    waiting = office.papers()
    with transaction():
        orders.agree(order)

    assert waiting["order"] == ""
    assert "Disepakati: 12 kotak Snack box. Jumlahnya menjadi Rp205.000." in office.papers()["order"]
    assert wrong() == []


def test_what_is_signed_at_the_hand_over_names_what_was_handed_over(seller, office):
    order = office.order
    with transaction():
        orders.offer_less(order, {order_queries.list_lines(order.id)[0].id: 12}, by=seller[0])
    with transaction():
        orders.agree(order)
    with transaction():
        orders.mark_ready(order, by=seller[0])
    with transaction():
        orders.hand_over(order, by=seller[0])
    office.pay(seller[0])

    said = {}
    for paper in papers_of(order):
        page = office.client.get(f"/kantor/{office.request.group.token}/surat?nomor={paper.id}").text
        said[paper.kind] = [units for units in ("20 kotak", "12 kotak") if units in page.split(SINCE)[0]]
    assert said == {"order": ["20 kotak"]} | {kind: ["12 kotak"] for kind in ("bill", "handover", "receipt")}


def test_the_first_paper_says_that_nothing_came_of_it(seller, office):
    with transaction():
        orders.refuse(office.order, "tidak_sempat", by=seller[0])

    assert "Pesanan ini tidak jadi." in office.papers()["order"]
    assert "Rp325.000" in office.confirmed("order")
    assert "<dt>Jumlah sekarang</dt><dd>Rp0</dd>" in office.confirmed("order")


def test_a_paper_of_which_all_went_back_says_that_nothing_is_left(seller, boxes, client):
    make_zones(boxes.shop, {KECAMATAN: 0})
    free = Office(client, order_for_office((boxes, 20), method="paid_elsewhere"))
    hand_over(free.order, seller[0])
    free.pay(seller[0])
    free.return_boxes(seller[0], 20)

    for kind in ("bill", "handover", "receipt"):
        assert "<dt>Jumlah sekarang</dt><dd>Rp0</dd>" in free.confirmed(kind)
    assert wrong() == []

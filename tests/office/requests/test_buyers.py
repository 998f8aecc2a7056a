"""A buyer without an account: she sees what is kept, takes it along and erases it, by link, by number, or on paper."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from app.core import jobs
from app.core.clock import now
from app.core.db import Base, db, transaction
from app.office.requests import queries
from app.office.requests.models import DataRequest
from app.office.requests.queries import About
from app.trade.orders import forgetting, links
from app.trade.orders import operations as orders
from app.trade.orders.models import Order, OrderGroup
from app.trade.sales.models import SaleRecord
from tests.factories.goods import make_product, make_shop, variant_of
from tests.factories.people import make_account
from tests.factories.requests import REASON
from tests.factories.trade import handed_order, place_group, place_order
from tests.support.log import log
from tests.support.paper import text_of

PHONE, NAME, NOTE = "+6281355550001", "Ibu Qvjx Pembeli", "Rumah cat hijau Qvjx"
HERS = {"name": NAME, "phone": PHONE, "note": NOTE}


@pytest.fixture
def seller(app):
    return make_account()


@pytest.fixture
def product(seller):
    return make_product(make_shop(seller), qty=90)


@pytest.fixture
def ended(product, seller):
    """An order of hers that was handed over and paid."""
    return handed_order(product, seller, **HERS)


def signed(order, page="data"):
    return f"/pesanan/{order.code}/{page}?s={links.link_signature(order.code)}"


def known(client, order, number=PHONE):
    """The address that opens for whoever knows code and number."""
    return client.post("/pesanan/data-saya", data={"kode": order.code, "telepon": number}).location


def group_of(order):
    db.session.rollback()
    return db.session.scalars(select(OrderGroup).where(OrderGroup.id == order.group_id)).one()


def test_the_link_shows_what_is_kept_and_closes_name_and_number(client, ended):
    page = client.get(signed(ended)).text

    assert "0813-****-0001" in page
    for word in (NAME, NOTE, "81355550001", "0813-5555"):
        assert word not in page
    assert "Telur asin bebek" in page


def test_whoever_knows_the_number_reads_all_of_it(client, ended):
    page = client.get(known(client, ended)).text

    for word in (NAME, NOTE, "0813-5555-0001"):
        assert word in page


def test_code_and_number_do_not_give_the_link_with_which_one_acts_as_the_buyer(client, ended):
    address = known(client, ended)
    token = address.partition("d=")[2]

    assert links.link_signature(ended.code) not in client.get(address).text
    assert client.get(f"/pesanan/{ended.code}?s={token}").status_code == 404
    assert client.get(f"/pesanan/{ended.code}?d={token}").status_code == 404


def test_a_key_opens_one_order_for_an_hour(client, ended, product):
    other, address = place_order(product, **HERS), known(client, ended)

    assert client.get(address.replace(ended.code, other.code)).status_code == 404
    for broken in ("d=1", "d=-", "d=9999999999999999999-x", "d=٣-x", "d="):
        assert client.get(f"/pesanan/{ended.code}/data?{broken}").status_code == 404
    with time_machine.travel(now() + timedelta(minutes=61)):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("given", [{"telepon": "081355550002"}, {"kode": "ZZZZZZ"}])
def test_a_wrong_code_and_a_wrong_number_are_answered_alike(client, ended, given):
    fields = {"kode": ended.code, "telepon": "081355550001"}

    answer = client.post("/pesanan/data-saya", data=fields | given)

    assert answer.status_code == 404
    assert "tidak cocok" in answer.text


def test_many_wrong_tries_are_slowed_down(client, ended):
    fields = {"kode": ended.code, "telepon": "081355550002"}

    answers = [client.post("/pesanan/data-saya", data=fields).status_code for _try in range(21)]

    assert set(answers[:20]) == {404}
    assert answers[20] == 429


def test_what_cannot_be_typed_stands_beside_its_field(client, app):
    answer = client.post("/pesanan/data-saya", data={"kode": "", "telepon": "bukan nomor"})

    assert answer.status_code == 422
    assert "Nomor HP belum benar" in answer.text


def test_the_copies_say_the_same_for_machines_and_for_people(client, ended):
    address = known(client, ended)
    told = json.loads(client.get(address.replace("/data?", "/data.json?")).data)
    paper = text_of(client.get(address.replace("/data?", "/data.pdf?")).data)

    assert told["buyer"][0]["phone"] == PHONE
    assert told["buyer"][0]["name"] == NAME
    assert told["goods"][0]["item"] == "Telur asin bebek"
    assert told["money"][0]["state"] == "Diterima"
    assert NAME in paper
    by_link = client.get(signed(ended, "data.json")).text
    assert NAME not in by_link and PHONE not in by_link
    assert len(log("buyer.copied")) == 3


@pytest.mark.parametrize("by_number", [True, False])
def test_she_erases_herself_once_all_is_finished_and_the_sums_stay(client, ended, by_number):
    lines = [(sale.amount, sale.sold_on) for sale in db.session.scalars(select(SaleRecord))]
    hashed = group_of(ended).buyer_phone_hash
    address = (known(client, ended) if by_number else signed(ended)).replace("/data?", "/data/hapus?")

    assert client.post(address, data={}).status_code == 422
    assert group_of(ended).buyer_name == NAME
    assert client.post(address, data={"yakin": "1"}).status_code == 303
    assert client.post(address, data={"yakin": "1"}).status_code == 303

    group = group_of(ended)
    assert (group.buyer_name, group.buyer_phone, group.note, group.buyer_phone_hash) == (None, None, "", hashed)
    assert [(sale.amount, sale.sold_on) for sale in db.session.scalars(select(SaleRecord))] == lines
    assert "sudah dihapus" in client.get(signed(ended)).text
    assert client.post("/pesanan/data-saya", data={"kode": ended.code, "telepon": PHONE}).status_code == 404


def test_an_order_that_still_goes_its_way_keeps_her_until_it_ends(client, product):
    order = place_order(product, **HERS)
    address = signed(order, "data/hapus")

    assert "belum selesai" in client.get(signed(order)).text
    answer = client.post(address, data={"yakin": "1"})

    assert answer.status_code == 409
    assert "belum selesai" in answer.text
    assert group_of(order).buyer_phone == PHONE


def test_another_seller_s_part_that_goes_on_keeps_her_too_and_is_not_named(client, product, seller):
    elsewhere = make_product(make_shop(make_account(), name="Lapak Rahasia"), "Emping melinjo")
    group = place_group((variant_of(product), 1), (variant_of(elsewhere), 1), **HERS)
    mine, theirs = db.session.scalars(select(Order).where(Order.group_id == group.id).order_by(Order.seller_id)).all()
    assert mine.seller_id != theirs.seller_id

    page = client.get(known(client, mine)).text

    assert "belum selesai" in page
    for secret in ("Emping", "Lapak Rahasia", theirs.code):
        assert secret not in page


def test_buyers_are_forgotten_by_themselves_ninety_days_after(app, ended, product):
    going = place_order(product, **HERS)
    for days, kept in ((89, PHONE), (91, None)):
        with time_machine.travel(now() + timedelta(days=days)), transaction():
            forgetting.forget_old()
        assert group_of(ended).buyer_phone == kept
        with transaction():
            db.session.execute(update(Order).where(Order.id == going.id).values(ended_at=None))
    assert group_of(going).buyer_phone == PHONE


def test_what_is_never_finished_does_not_stand_in_the_way_of_the_others(app, product, seller, monkeypatch):
    monkeypatch.setattr(forgetting, "AT_ONCE", 1)
    stuck = place_order(product, method="transfer_seller", **HERS)
    with transaction():
        orders.accept(stuck, by=seller)
        orders.receive_payment(stuck, stuck.total, by=seller, key="paid ahead")
        orders.cancel_by_seller(stuck, "habis", by=seller)  # and she has not paid it back
    others = [handed_order(product, seller, **HERS) for _ in range(3)]

    with time_machine.travel(now() + timedelta(days=91)), transaction():
        assert forgetting.forget_old() == 3

    assert [group_of(each).buyer_phone for each in (stuck, *others)] == [PHONE, None, None, None]


def rows_of():
    db.session.rollback()
    return {
        name: sorted(repr(tuple(row)) for row in db.session.execute(select(table)))
        for name, table in Base.metadata.tables.items()
    }


@pytest.fixture
def desk(browser_of):
    return browser_of(make_account("steward"))


def asked_on_paper(desk, kind):
    found = desk.post("/dinsos/permintaan-data/baru", data={"orang": "0813-5555-0001"}).text
    group = db.session.scalars(
        select(OrderGroup.id).where(OrderGroup.buyer_phone == PHONE).order_by(OrderGroup.id.desc())
    )
    value = f"pembeli-{group.first()}"
    assert value in found and "tanpa akun" in found
    fields = {"orang": "0813-5555-0001", "siapa": value, "jenis": kind, "kata": "Mohon", "surat": "1"}
    return int(desk.post("/dinsos/permintaan-data/baru", data=fields).location.rsplit("/", 1)[1])


def test_the_desk_copies_everything_under_a_number_for_one_who_comes_on_paper(desk, ended, product, app):
    place_order(product, **HERS)
    place_order(product, name="Orang Lain", phone="+6281355550009")

    number = asked_on_paper(desk, "copy")
    page = desk.get(f"/dinsos/permintaan-data/{number}").text
    made = desk.post(f"/dinsos/permintaan-data/{number}/berkas", data={"bentuk": "json"}).location
    jobs.run_due()
    told = json.loads(desk.get(f"{made}/unduh").data)

    assert "0813-****-0001" in page
    assert [row["name"] for row in told["bought"]] == [NAME, NAME]
    assert {name for name, rows in told.items() if rows} == {"made_at", "bought", "requests"}
    assert desk.post(f"/dinsos/permintaan-data/{number}/buka").status_code == 303


def test_the_same_ask_twice_is_one_request(desk, ended):
    assert asked_on_paper(desk, "copy") == asked_on_paper(desk, "copy")
    assert queries.find_open("copy", About(buyer_hash=group_of(ended).buyer_phone_hash)) is not None
    assert len(db.session.scalars(select(DataRequest)).all()) == 1


def test_two_people_erase_a_buyer_and_nothing_else_changes(desk, browser_of, ended, product, seller):
    number = asked_on_paper(desk, "erase")
    place_order(product, name="Orang Lain", phone="+6281355550009")
    desk.post(f"/dinsos/permintaan-data/{number}/usulkan", data={"alasan": REASON})
    before = rows_of()
    approver = browser_of(make_account("approver"))

    address = f"/dinsos/permintaan-data/hapus/{number}"
    assert "semua pesanan dengan nomor ini" in approver.get(address).text
    assert approver.post(f"{address}/setuju", data={"yakin": "1"}).status_code == 303

    after = rows_of()
    changed = {name for name, rows in after.items() if rows != before[name]}
    assert changed <= {
        "order_group",
        "data_request",
        "audit_entry",
        "web_session",
        "account",
        "limit_hit",
        "order_event",
    }
    assert "Qvjx" not in repr(after)
    assert "Orang Lain" in repr(after)
    assert group_of(ended).buyer_phone is None


def test_a_buyer_whose_order_goes_on_is_not_erased_by_the_desk(desk, browser_of, ended, product):
    place_order(product, **HERS)
    number = asked_on_paper(desk, "erase")
    desk.post(f"/dinsos/permintaan-data/{number}/usulkan", data={"alasan": REASON})

    answer = browser_of(make_account("approver")).post(
        f"/dinsos/permintaan-data/hapus/{number}/setuju", data={"yakin": "1"}
    )

    assert answer.status_code == 409
    assert group_of(ended).buyer_phone == PHONE


def test_a_buyer_of_another_kabupaten_is_not_found(browser_of, ended):
    far = browser_of(make_account("steward", region_code="36.01"))

    assert "Belum ketemu" in far.post("/dinsos/permintaan-data/baru", data={"orang": PHONE}).text

"""Whoever invents orders cannot hold a stall's goods with one number; nobody at the same bazaar is hurt by it."""

from __future__ import annotations

import re
import threading

import pytest
from sqlalchemy import func, select

from app.core.db import db, transaction
from app.goods.stock.models import Stock
from app.people.places import operations as places
from app.trade.orders import operations, waiting
from app.trade.orders.models import Order, OrderGroup
from app.trade.orders.operations import TooManyWaiting
from tests.factories.goods import make_product, variant_of
from tests.factories.trade import PHONE, checkout, make_stall, place_order
from tests.support.queries import count_queries, plan_of

OTHER = "+6281211112222"


@pytest.fixture
def stall(app):
    with transaction():
        places.set_setting("36.04", waiting.SETTING, 2)
    return make_stall(name="Telur Bu Nur")


@pytest.fixture
def eggs(stall):
    return make_product(stall[1], qty=50)


def reserved() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.sum(Stock.reserved))) or 0


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(OrderGroup)) or 0


def test_of_one_number_only_so_many_orders_wait_at_a_shop(eggs):
    for _again in range(2):
        place_order(eggs, phone=PHONE)

    with pytest.raises(TooManyWaiting) as refusal:
        place_order(eggs, 40, phone=PHONE)

    assert "Telur Bu Nur sudah ada 2 pesanan" in str(refusal.value)
    assert (reserved(), count()) == (2, 2)


def test_twin_without_the_cap_one_number_holds_everything(eggs, monkeypatch):
    monkeypatch.setattr(waiting, "check", lambda buyer, regencies: None)
    for _again in range(2):
        place_order(eggs, phone=PHONE)

    place_order(eggs, 48, phone=PHONE)

    assert reserved() == 50


def test_a_whole_bazaar_behind_one_address_orders_freely(client, eggs):
    """Another number at the same address, as many as there are, meets no limit."""
    for number in range(12):
        fill(client, eggs)
        assert send(client, telepon=f"0813{number:08d}").status_code == 303

    assert count() == 12


def test_every_answer_makes_room_again(stall, eggs):
    seller, _shop = stall
    first, second = place_order(eggs, phone=PHONE), place_order(eggs, phone=PHONE)
    with transaction():
        operations.accept(first, by=seller)
    third = place_order(eggs, phone=PHONE)
    with transaction():
        operations.cancel_by_buyer(second, "salah_pesan")
        operations.refuse(third, "habis", by=seller)

    place_order(eggs, phone=PHONE)
    place_order(eggs, phone=PHONE)

    assert count() == 5


def test_what_time_has_ended_does_not_count(eggs):
    orders = [place_order(eggs, phone=PHONE) for _again in range(2)]
    with transaction():
        for order in orders:
            db.session.get_one(Order, order.id).accept_by = order.created_at

    place_order(eggs, phone=PHONE)


def test_each_shop_counts_for_itself(eggs):
    others = make_product(make_stall()[1])
    for _again in range(2):
        place_order(eggs, phone=PHONE)

    place_order(others, phone=PHONE)
    with pytest.raises(TooManyWaiting), transaction():
        operations.place(checkout((variant_of(eggs), 1), (variant_of(others), 1), phone=PHONE))

    assert count() == 3


def test_a_retry_is_no_further_order(eggs):
    submit = checkout((variant_of(eggs), 1), key="one form only", phone=PHONE)
    for _again in range(4):
        with transaction():
            operations.place(submit)

    assert count() == 1


def test_without_a_setting_ten_may_wait(app):
    eggs = make_product(make_stall()[1], qty=50)
    for _again in range(10):
        place_order(eggs, phone=PHONE)

    with pytest.raises(TooManyWaiting):
        place_order(eggs, phone=PHONE)


def fill(client, eggs) -> None:
    client.post("/keranjang", data={"varian": str(variant_of(eggs).id), "jumlah": "1"})


def send(client, **typed: str):
    hidden = dict(re.findall(r'name="(kunci|isi)" value="([^"]+)"', client.get("/pesan").text))
    return client.post("/pesan", data={**hidden, "nama": "Ratna Dewi", **typed})


def test_the_refusal_keeps_the_cart_and_everything_typed(client, eggs):
    for _again in range(2):
        place_order(eggs, phone=OTHER)
    fill(client, eggs)

    answer = send(client, telepon="081211112222", catatan="Yang masir ya")

    assert answer.status_code == 429
    assert "Di Telur Bu Nur sudah ada 2 pesanan dari nomor ini yang belum dijawab" in answer.text
    assert all(typed in answer.text for typed in ("Ratna Dewi", "Yang masir ya", "0812"))
    assert client.get_cookie("keranjang") is not None
    assert count() == 2
    assert send(client, telepon="081233334444").status_code == 303


@pytest.mark.race
def test_many_at_once_are_counted_too(app, eggs):
    submits = [checkout((variant_of(eggs), 1), phone=PHONE) for _ in range(8)]
    answers, start = [], threading.Barrier(8)

    def act(submit) -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    operations.place(submit)
                answers.append("ya")
            except TooManyWaiting:
                answers.append("tunggu")

    db.session.rollback()
    threads = [threading.Thread(target=act, args=(submit,)) for submit in submits]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["tunggu"] * 6 + ["ya"] * 2
    assert reserved() == 2


@pytest.mark.one_engine  # PostgreSQL goes by its statistics, which so few rows do not make
def test_it_looks_at_the_orders_of_the_number_and_not_at_all_that_wait_at_a_shop(app, eggs):
    with count_queries(app) as asked:
        place_order(eggs, phone=PHONE)

    plan = plan_of(*next(each for each in asked if "count(*)" in each[0] and "buyer_phone_hash" in each[0]))

    assert "ix_order_group_buyer_phone_hash" in plan
    assert "ix_order_seller_state" not in plan

"""Reviews: who may say what, what a curator reads first, and the sums that strangers see."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from app.core import books, stamps
from app.core.db import db, transaction
from app.trade.orders import forgetting, links, queries
from app.trade.orders.models import OrderGroup
from app.trade.orders.moving import NotNow
from app.trade.reviews import operations
from app.trade.reviews import queries as reviews
from app.trade.reviews.models import Review, ReviewSum
from tests.factories.goods import make_product
from tests.factories.people import make_account, sign_in
from tests.factories.reviews import make_review
from tests.factories.trade import handed_order, make_stall, ready_order
from tests.support.together import at_once


@pytest.fixture
def seller(app):
    return make_stall()


@pytest.fixture
def eggs(seller):
    return make_product(seller[1], "Telur asin masir", qty=50)


@pytest.fixture
def order(seller, eggs):
    return handed_order(eggs, seller[0], 2)


def wrong_books():
    return {name for name, found in books.verify() if found}


def form_of(order):
    return f"/pesanan/{order.code}/ulasan?s={links.link_signature(order.code)}"


def say(client, order, **typed):
    line = queries.list_lines(order.id)[0]
    facts = {"bintang": "5", "kalimat": "Masir dan gurih.", "s": links.link_signature(order.code), "baris": line.id}
    return client.post(f"/pesanan/{order.code}/ulasan", data=facts | typed)


def test_whoever_got_the_goods_says_so_and_strangers_read_it_without_a_name(client, seller, eggs, order):
    before = stamps.current().version
    assert "Kata pembeli" not in client.get(f"/produk/{eggs.slug}").text
    assert "Beri ulasan" in client.get(f"/pesanan/{order.code}?s={links.link_signature(order.code)}").text
    make_review(handed_order(eggs, seller[0]), 4, "")

    answer = say(client, order)

    assert (answer.status_code, answer.location) == (303, form_of(order))
    assert "Ulasan ini sudah tampil." in client.get(form_of(order)).text
    db.session.rollback()
    assert stamps.current().version > before
    for path in (f"/produk/{eggs.slug}", f"/lapak/{seller[1].slug}"):
        page = client.get(path).text
        assert "4,5 dari 5" in page
        assert "2 ulasan" in page
        assert "Masir dan gurih." in page
        assert "Ratna" not in page
    assert wrong_books() == set()


def test_said_twice_and_at_once_it_is_said_once_and_the_sum_holds(app, client, seller, eggs, order):
    assert say(client, order).status_code == 303
    assert say(client, order, bintang="1").status_code == 303
    product_id = eggs.id
    others = [handed_order(eggs, seller[0]).id for _ in range(4)]

    made = at_once(app, [lambda number=number: make_review(queries.get_order(number), 3).id for number in others * 2])

    assert len(set(made)) == len(others)
    kept = db.session.get(ReviewSum, product_id)
    assert (kept.count, kept.total) == (5, 17)
    assert wrong_books() == set()


def test_what_was_not_handed_over_has_no_stars(client, seller, eggs, order):
    waiting = ready_order(eggs, seller[0])
    with pytest.raises(NotNow):
        make_review(waiting)
    assert say(client, waiting).status_code == 409
    line = queries.list_lines(waiting.id)[0]
    typed = {"bintang": "5", "s": links.link_signature(order.code), "baris": line.id}
    assert client.post(f"/pesanan/{order.code}/ulasan", data=typed).status_code == 404
    assert say(client, order, s="a" * 16).status_code == 404
    assert reviews.of_shop(eggs.shop_id).count == 0


@pytest.mark.parametrize("stars", ["0", "6", "-1", "lima", "", "9" * 40])
def test_other_stars_are_refused_beside_the_field_and_the_words_stay(client, order, stars):
    answer = say(client, order, bintang=stars, kalimat="Enak sekali")

    assert answer.status_code == 422
    assert "Enak sekali" in answer.text
    assert db.session.query(Review).count() == 0


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("Pesan langsung ke 0812 3456 7890", "contact"),
        ("Cek tokosaya.com", "contact"),
        ("Penjualnya goblok", "rough"),
        ("Menyembuhkan diabetes", "claim"),
    ],
)
def test_what_is_doubtful_waits_for_a_curator(client, eggs, order, words, why):
    found = make_review(order, 2, words)
    page = client.get(f"/produk/{eggs.slug}").text
    assert (found.state, found.why) == ("held", why)
    assert words not in page
    sign_in(client, make_account("curator"))
    assert words in client.get("/dinsos/ulasan").text
    data = {"versi": found.version, "putusan": "tampil"}

    client.post(f"/dinsos/ulasan/{found.id}", data=data)
    client.post(f"/dinsos/ulasan/{found.id}", data=data | {"putusan": "sembunyi"})

    db.session.refresh(found)
    assert (found.state, found.cleared) == ("shown", True)
    assert "2 dari 5" in client.get(f"/produk/{eggs.slug}").text
    assert wrong_books() == set()


def test_a_reported_review_is_out_of_sight_until_it_was_looked_at_and_then_stays(client, eggs, order):
    found = make_review(order)
    page = client.get(f"/produk/{eggs.slug}").text
    way = re.search(r'href="(/ulasan/\d+/laporkan)"', page)[1]
    assert "Masir dan gurih." in client.get(way).text
    assert client.post(way).status_code == 200
    assert "Kata pembeli" not in client.get(f"/produk/{eggs.slug}").text
    assert client.get(way).status_code == 404

    db.session.refresh(found)
    with transaction():
        operations.judge(found, shown=True, version=found.version, by=make_account("curator"))
    client.post(way)

    assert "Masir dan gurih." in client.get(f"/produk/{eggs.slug}").text


def test_a_seller_answers_once_and_in_public(client, seller, eggs, order):
    found = make_review(order)
    sign_in(client, seller[0])
    assert "Masir dan gurih." in client.get("/jualan/ulasan").text
    page = f"/jualan/ulasan/{found.id}"
    assert client.post(page, data={"jawaban": "WA saya 0812-3456-7890"}).status_code == 422

    assert client.post(page, data={"jawaban": "Terima kasih!"}).status_code == 303
    assert client.post(page, data={"jawaban": "Lagi"}).status_code == 409

    assert "Terima kasih!" in client.get(f"/produk/{eggs.slug}").text
    sign_in(client, make_stall()[0])
    assert client.get(page).status_code == 404


def test_only_a_curator_of_the_region_judges(client, order):
    found = make_review(order, 1, "Goblok")
    data = {"versi": 1, "putusan": "tampil"}
    for other in (make_account("curator", region_code="36.01"), make_account("pendamping"), make_stall()[0]):
        sign_in(client, other)
        assert client.post(f"/dinsos/ulasan/{found.id}", data=data).status_code in {403, 404}
    db.session.refresh(found)
    assert found.state == "held"


def test_a_forgotten_buyer_leaves_a_nameless_star(client, eggs, order):
    found = make_review(order, 3)
    with transaction():
        forgetting.forget([db.session.get_one(OrderGroup, order.group_id)], by=None)

    db.session.refresh(found)
    assert (found.words, found.stars, found.state) == ("", 3, "shown")
    page = client.get(f"/produk/{eggs.slug}").text
    assert "3 dari 5" in page
    assert "gurih" not in page


@pytest.mark.parametrize(
    "planted",
    [
        "UPDATE review_sum SET total = total - 1",
        "DELETE FROM review_sum",
        "UPDATE review SET state = 'hidden'",
        "UPDATE review SET product_id = (SELECT max(id) FROM product)",
    ],
)
def test_what_is_planted_in_the_sums_is_found(seller, order, planted):
    make_review(order)
    make_product(seller[1], "Keripik")
    assert wrong_books() == set()

    with transaction():
        db.session.execute(text(planted))

    assert "ulasan" in wrong_books()

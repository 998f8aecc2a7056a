"""Reviews: who may say what, what a curator reads first, and the sums that strangers see."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import text

from app.core import books, stamps
from app.core.db import db, transaction
from app.kit.periods import WIB
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
from tests.support.log import did, log
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
        assert "dari 5" not in page  # two are too few for a mean
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


def test_a_review_that_is_no_short_one_comes_back_with_its_words(client, eggs, order):
    long = "Masir dan gurih. " * 20

    answer = say(client, order, kalimat=long)

    assert answer.status_code == 422
    assert "Paling banyak 300 huruf" in answer.text and long.strip() in answer.text
    assert db.session.query(Review).count() == 0
    assert say(client, order, kalimat="m" * 300).status_code == 303


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
    second = client.post(f"/dinsos/ulasan/{found.id}", data=data | {"putusan": "sembunyi", "sebab": "rough"})

    db.session.refresh(found)
    assert (found.state, found.cleared) == ("shown", True)
    assert 'class="notice notice--warning' in client.get(second.location).text
    assert words in client.get(f"/produk/{eggs.slug}").text
    assert wrong_books() == set()


def test_what_is_taken_away_has_a_reason_that_its_buyer_reads(client, eggs, order):
    found, curator = make_review(order, 1, "Penjualnya goblok"), make_account("curator")
    sign_in(client, curator)
    page = client.get("/dinsos/ulasan").text
    assert '<option value="rough" selected>' in page
    data = {"versi": found.version, "putusan": "sembunyi"}
    for reason in ("", "reported", "karena"):
        client.post(f"/dinsos/ulasan/{found.id}", data=data | {"sebab": reason})
    db.session.refresh(found)
    assert found.state == "held"

    client.post(f"/dinsos/ulasan/{found.id}", data=data | {"sebab": "stray"})

    own = client.get(form_of(order)).text
    assert "Petugas tidak menampilkan ulasan ini. Sebabnya: Bukan tentang barang ini." in own
    assert '<a href="/aduan">Kirim aduan</a>' in own
    assert log("review.hidden") == [did(curator, found)]
    assert "goblok" not in client.get(f"/produk/{eggs.slug}/ulasan").text
    assert wrong_books() == set()


def test_a_mean_stands_from_five_reviews_on_for_people_and_machines_alike(client, seller, eggs):
    for stars in (5, 5, 4, 5):
        make_review(handed_order(eggs, seller[0]), stars, "")
    make_review(handed_order(eggs, seller[0]), 4, "Masir </script> gurih")
    make_review(handed_order(eggs, seller[0]), 1, "Penjualnya goblok")  # is not shown, and not counted

    page = client.get(f"/produk/{eggs.slug}").text
    facts = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])

    scale = {"bestRating": "5", "worstRating": "1"}
    assert "4,6 dari 5" in page
    assert "4.6 out of 5" in client.get(f"/produk/{eggs.slug}?bahasa=en").text
    assert facts["aggregateRating"] == {
        "@type": "AggregateRating", "ratingValue": "4.6", "reviewCount": 5, **scale,
    }  # fmt: skip
    (told,) = facts["review"]
    assert (told["@type"], told["author"], told["reviewBody"]) == (
        "Review", {"@type": "Person", "name": "Pembeli"}, "Masir </script> gurih",
    )  # fmt: skip
    assert told["reviewRating"] == {"@type": "Rating", "ratingValue": "4", **scale}
    assert datetime.fromisoformat(told["datePublished"]).utcoffset() == timedelta(0)


def test_machines_are_told_of_no_mean_that_people_do_not_read(client, seller, eggs, order):
    make_review(order, 5, "")

    page = client.get(f"/produk/{eggs.slug}").text

    assert "aggregateRating" not in page
    assert '"review"' not in page
    assert "rata-rata tampil mulai 5 ulasan" in page


def test_older_reviews_stand_on_pages_of_their_own_each_once(client, seller, eggs):
    other = make_product(seller[1], "Keripik pisang", qty=50)
    for number in range(21):
        make_review(handed_order(eggs, seller[0]), 4, f"Kata ke-{number:02}." if number else "")
    make_review(handed_order(other, seller[0]), 3, "Renyah.")
    assert f'href="/produk/{eggs.slug}/ulasan">Semua ulasan' in client.get(f"/produk/{eggs.slug}").text
    assert f'href="/lapak/{seller[1].slug}/ulasan">Semua ulasan' in client.get(f"/lapak/{seller[1].slug}").text

    first = client.get(f"/produk/{eggs.slug}/ulasan").text
    second = client.get(re.search(r'href="(/produk/[^"]+/ulasan\?sebelum=\d+)"', first)[1]).text

    said = re.findall(r"Kata ke-(\d\d)", first) + re.findall(r"Kata ke-(\d\d)", second)
    assert said == [f"{number:02}" for number in range(20, 0, -1)]
    assert second.count("★★★★☆") == 1  # the star without words
    assert "21 ulasan" in second
    shop = client.get(f"/lapak/{seller[1].slug}/ulasan").text
    assert "Renyah." in shop
    assert "Keripik pisang" in shop


def test_a_review_of_the_early_morning_has_the_day_of_its_place(client, seller, eggs):
    with time_machine.travel(WIB.at(date(2026, 12, 6), time(5)), tick=False):
        make_review(handed_order(eggs, seller[0]))

        pages = [client.get(f"/produk/{eggs.slug}{way}").text for way in ("", "/ulasan")]

    assert ["6 Des" in each for each in pages] == [True, True]


@pytest.mark.parametrize("path", ["/produk/tidak-ada/ulasan", "/lapak/tidak-ada/ulasan"])
def test_of_what_is_not_there_nothing_was_said(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("before", ["0", "-1", "x", "9" * 40])
def test_a_strange_place_in_the_list_is_the_first(client, eggs, order, before):
    make_review(order)

    assert "Masir dan gurih." in client.get(f"/produk/{eggs.slug}/ulasan?sebelum={before}").text


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
    assert "1 ulasan" in page
    assert "gurih" not in page
    assert "★★★☆☆" in client.get(f"/produk/{eggs.slug}/ulasan").text


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

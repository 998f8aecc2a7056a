"""Pages kept for strangers: the very next request shows every change, and nobody sees what was made for another."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import pytest
import time_machine
from flask import Flask, g, request, request_started
from flask.testing import FlaskClient
from sqlalchemy import text, update

from app.core import clock, doorway, pages, panels, stamps
from app.core.db import db, transaction
from app.goods.categories.models import Category
from app.goods.delivery import operations as delivery
from app.goods.permits.models import Permit
from app.goods.products import operations as products
from app.goods.products.models import Product, Variant
from app.goods.shelf import operations as shelf
from app.goods.shops import operations as shops
from app.goods.shops.models import Shop
from app.goods.stock import operations as stock
from app.kit.rupiah import Rupiah
from app.people.accounts.models import Account
from app.people.places.models import RegionSetting
from app.trade.bazaars import pickups
from app.trade.bazaars.models import Application
from app.trade.payments import operations as payments
from tests.factories import ekatalog, goods, people, stalls
from tests.factories.procurement import proved, shown
from tests.support.databases import Database
from tests.support.live import LiveServer
from tests.support.pages import PageClient
from tests.support.queries import count_queries

PATHS = ("/", "/produk", "/produk?q=telur", "/kategori/telur-asin", "/produk/telur", "/lapak", "/lapak/muara")
ZONE = "Asia/Jakarta"


@dataclass
class Stand:
    """A shop, what it sells, and who may change them."""

    seller: Account
    curator: Account
    shop: Shop
    product: Product


@pytest.fixture(autouse=True)
def caching(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Turn the caches on, and begin with none."""
    monkeypatch.setitem(app.extensions, "lapak_settings", replace(app.extensions["lapak_settings"], cache=True))
    monkeypatch.setitem(app.extensions, "lapak_pages", pages.Shelf())
    monkeypatch.setitem(app.extensions, stamps.PLACE, {})


@pytest.fixture
def stand(app: Flask) -> Stand:
    seller = people.make_account()
    shop = goods.make_shop(seller, name="Telur Muara", slug="muara")
    for number in range(8):  # a search that finds enough asks no vocabulary
        goods.make_product(shop, f"Telur asin {number}", slug=f"telur-{number}")
    # The newest, so that it stands on the pages of the others.
    product = goods.make_product(shop, "Telur asin", slug="telur", qty=5, price=19_000)
    return Stand(seller, people.make_account("curator"), shop, product)


def price(it: Stand) -> None:
    fresh = goods.make_revision(it.product, price=Rupiah(21_000))
    db.session.flush()
    db.session.refresh(fresh)
    products.publish(fresh, by=it.curator)


def sold_out(it: Stand) -> None:
    stock.correct(goods.variant_of(it.product).id, 0, by=it.seller)


def one_less(it: Stand) -> None:
    stock.correct(goods.variant_of(it.product).id, 4, by=it.seller)


def pause(it: Stand) -> None:
    products.pause(it.product, by=it.seller)


def close(it: Stand) -> None:
    shops.close_for_days(it.shop, clock.today(ZONE) + timedelta(days=2), "Panen dulu.", by=it.seller)


def rename(it: Stand) -> None:
    shops.rename(it.shop, "Telur Baru", by=it.curator)


def away(it: Stand) -> None:
    shops.pause(it.shop, by=it.seller)


def paper(it: Stand, days: int = 30) -> None:
    day = clock.today(ZONE) + timedelta(days=days)
    facts = {"state": "verified", "verified_by_id": it.curator.id, "entered_by_id": it.seller.id}
    db.session.add(Permit(shop_id=it.shop.id, kind="halal", number="ID36110000000001", expires_on=day, **facts))


def phone(it: Stand) -> None:
    db.session.add(RegionSetting(region_code="36.04", key="office.phone", value="+62254777888"))


def kind(it: Stand) -> None:
    db.session.execute(update(Category).where(Category.slug == "telur-asin").values(name="Telur pilihan"))


def bring(it: Stand) -> None:
    fees = {it.shop.kecamatan_code: Rupiah(4_000)}
    delivery.set_plan(it.shop, least=None, cod_km=0, other_km=7, fees=fees, version=0, by=it.seller)


def pay_ahead(it: Stand) -> None:
    bring(it)
    payments.set_account(it.shop, bank="002", number="012301004567539", holder="Sarmi", version=0, by=it.seller)


def shelf_mark(it: Stand) -> None:
    day = clock.today(ZONE).isoformat()
    shelf.mark_shops("bazaar", {it.shop.id: (f"{day}/{day}", "bazar")})


CHANGES: tuple[tuple[str, Callable[[Stand], None], str, bool], ...] = (
    ("/produk", price, "Rp21.000", True),
    ("/produk/telur", price, "Rp21.000", True),
    ("/produk?q=telur", price, "Rp21.000", True),
    ("/", price, "Rp21.000", True),
    ("/produk", sold_out, "product-card--sold-out", True),
    ("/produk/telur", one_less, "Sisa 4", True),
    ("/produk/telur", sold_out, "Stoknya habis", True),
    ("/produk/telur-1", sold_out, "product-card--sold-out", True),
    ("/produk", pause, 'href="/produk/telur"', False),
    ("/produk/telur", pause, "sedang tidak dijual", True),
    ("/produk", pause, ">8 produk<", True),
    ("/lapak/muara", close, "Panen dulu.", True),
    ("/produk/telur", close, "Panen dulu.", True),
    ("/lapak", rename, "Telur Baru", True),
    ("/produk/telur", rename, "Telur Baru", True),
    ("/", rename, "Telur Baru", True),
    ("/lapak", away, "Telur Muara", False),
    ("/produk", away, 'href="/produk/telur"', False),
    ("/lapak/muara", paper, "ID36110000000001", True),
    ("/produk/telur", bring, "Sampai 7 km dari lapak", True),
    ("/lapak/muara", bring, "Sampai 7 km dari lapak", True),
    ("/produk/telur", pay_ahead, "Rp4.000 ke", True),
    ("/produk", shelf_mark, "Bazar ", True),
    ("/produk", phone, "0254 777888", True),
    ("/", phone, "0254 777888", True),
    ("/kategori/telur-asin", kind, "Telur pilihan", True),
    ("/produk/telur", kind, "Telur pilihan", True),
)
# The page of a product asks for its own figures at every request.
OWN_FIGURES = (("/produk/telur", one_less), ("/produk/telur", sold_out))


@pytest.mark.parametrize(("path", "change", "words", "there"), CHANGES)
def test_the_very_next_request_shows_a_change_and_without_the_stamp_it_would_not(
    app: Flask, client: PageClient, stand: Stand, monkeypatch: pytest.MonkeyPatch,
    path: str, change: Callable[[Stand], None], words: str, there: bool,
) -> None:  # fmt: skip
    before = client.get(path).text
    assert (words in before) is not there
    with count_queries(app) as asked:
        assert client.get(path).text == before
    assert len(asked) <= 2, "the page came from the shelf"
    still = stamps.current()

    with transaction():
        change(stand)

    with monkeypatch.context() as twin:
        twin.setattr(stamps, "current", lambda: still)
        if (path, change) not in OWN_FIGURES:
            assert client.get(path).text == before, "the twin: a stamp that stands still serves the old page"
    answer = client.get(path)
    assert (words in answer.text) is there
    assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_a_bazaar_shows_at_once_and_so_does_its_end(client: PageClient) -> None:
    assert "/bazar/" not in client.get("/").text
    at = stalls.make_stand(begun=False)
    paths = (f"/produk/{at.product.slug}", f"/lapak/{at.shop.slug}")
    assert "/bazar/" in client.get("/").text

    for state, there in (("confirmed", True), ("withdrawn", False), ("confirmed", True)):
        with transaction() as session:
            session.execute(update(Application).where(Application.id == at.application.id).values(state=state))
        for path in paths:
            assert ("Bisa diambil di bazar" in client.get(path).text) is there, (path, state)


def test_what_the_clock_alone_changes_is_shown_when_it_does(client: PageClient) -> None:
    at = stalls.make_stand(begun=False)
    coming, path = pickups.coming([at.shop.id])[at.shop.id][0], f"/produk/{at.product.slug}"
    second = timedelta(seconds=1)
    for moment, words in ((coming.until, "Bisa diambil di bazar"), (coming.closes, "Lapak ini ada di bazar")):
        with time_machine.travel(moment - 30 * second, tick=False):
            answer = client.get(path)
            assert words in answer.text
        tag = {"If-None-Match": answer.headers["ETag"]}
        with time_machine.travel(moment - second, tick=False):
            assert client.get(path, headers=tag).status_code == 304
        with time_machine.travel(moment + second, tick=False):
            again = client.get(path, headers=tag)
            assert again.status_code == 200
            assert words not in again.text


@pytest.mark.parametrize("path", ["/lapak/muara", "/produk/telur"])
def test_a_paper_and_a_closed_shop_end_with_their_day(client: PageClient, stand: Stand, path: str) -> None:
    with transaction():
        paper(stand, days=0)
        close(stand)
        stand.product = db.session.merge(stand.product)
        shelf.put_all([replace(_card(stand), badges=[["halal", "Halal", clock.today(ZONE).isoformat(), "ID3611"]])])
    first = client.get(path)
    assert "ID3611" in first.text
    assert "Panen dulu." in first.text

    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 200
        assert "ID3611" not in again.text
        assert "Panen dulu." in again.text
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        assert "Panen dulu." not in client.get(path).text


def _card(stand: Stand) -> Any:
    product, shop = stand.product, db.session.merge(stand.shop)
    return goods._card(shop, product, goods.variant_of(product), goods.revision_of(product))


def test_the_day_of_each_zone_is_part_of_the_stamp(
    client: PageClient, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: without the days a paper that ended yesterday would still be shown."""
    monkeypatch.setattr(pages, "ZONES", ())
    with transaction():
        paper(stand, days=0)
    assert "ID3611" in client.get("/lapak/muara").text
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        assert "ID3611" in client.get("/lapak/muara").text


def test_a_mark_of_the_e_catalogue_shows_at_once(client: PageClient, stand: Stand) -> None:
    case = shown()
    slug = db.session.get_one(Product, case.submission.product_id).slug
    path, mark = f"/produk/{slug}", "Tayang di e-Katalog"
    assert mark not in client.get(path).text
    proved(case)
    assert mark in client.get(path).text
    assert mark in client.get(path).text
    ekatalog.seen(case, "delisted_outside")
    assert mark not in client.get(path).text


@pytest.mark.parametrize("path", PATHS)
def test_a_repeat_visit_is_told_that_nothing_is_new(app: Flask, client: PageClient, stand: Stand, path: str) -> None:
    first = client.get(path)
    tag = first.headers["ETag"]
    with count_queries(app) as asked:
        again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == tag
    assert again.headers["Cache-Control"] == pages.ANYBODY
    assert {"Cookie", "Save-Data", "Accept-Encoding"} <= {each.strip() for each in again.headers["Vary"].split(",")}
    assert len(asked) <= 2


def test_another_process_knows_the_page_by_its_tag_without_making_it(
    app: Flask, client: PageClient, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = client.get("/produk").headers["ETag"]
    monkeypatch.setitem(app.extensions, "lapak_pages", pages.Shelf())
    with count_queries(app) as asked:
        assert client.get("/produk", headers={"If-None-Match": f'"other", {tag}'}).status_code == 304
    assert len(asked) == 1
    forged = tag.replace(tag[3], "f" if tag[3] != "f" else "e", 1)
    for wrong in (forged, '"x"', "*", 'W/"' + "9" * 4000 + '"', "W/", "'"):
        answer = client.get("/produk", headers={"If-None-Match": wrong})
        assert answer.status_code == 200, wrong
    assert client.get("/lapak", headers={"If-None-Match": tag}).status_code == 200


def test_a_page_says_since_when_it_is_as_it_is(client: PageClient, stand: Stand) -> None:
    assert "Last-Modified" not in client.get("/produk").headers, "this very second may still bring more"
    with time_machine.travel(clock.now() + timedelta(seconds=10), tick=False):
        since = client.get("/produk").headers["Last-Modified"]
        assert client.get("/produk", headers={"If-Modified-Since": since}).status_code == 304
        assert "Last-Modified" not in client.get("/produk/telur").headers, "its stock has no moment"
        with transaction():
            rename(stand)
        assert client.get("/produk", headers={"If-Modified-Since": since}).status_code == 200


def test_who_carries_a_session_or_a_cart_gets_a_page_of_their_own(app: Flask, client: PageClient, stand: Stand) -> None:
    kept: pages.Shelf = app.extensions["lapak_pages"]
    client.get("/produk/telur")
    many = len(kept)
    buyer = app.test_client()
    buyer.post("/keranjang", data={"varian": goods.variant_of(stand.product).id, "jumlah": 2})
    seller = app.test_client()
    people.sign_in(seller, stand.seller)
    odd = app.test_client()
    odd.set_cookie("apa-saja", "1")
    for somebody in (buyer, seller, odd):
        for path in PATHS:
            answer = somebody.get(path)
            assert answer.headers["Cache-Control"] == pages.ONE_READER
            assert "ETag" not in answer.headers
    assert 'class="count"' in buyer.get("/produk/telur").text
    assert "csrf_token" in seller.get("/produk/telur").text
    assert len(kept) == many, "nothing of theirs was kept"
    for path in PATHS:
        page = app.test_client().get(path)
        assert 'class="count"' not in page.text
        assert "csrf_token" not in page.text
        assert "Set-Cookie" not in page.headers
        assert page.headers["Cache-Control"] == pages.ANYBODY


def test_each_language_and_look_has_its_own_page(app: Flask, stand: Stand) -> None:
    plain, english, dark, saving = (app.test_client() for _ in range(4))
    english.set_cookie("bahasa", "en")
    dark.set_cookie("tema", "gelap")
    told = {"Save-Data": "on"}
    texts = {plain.get("/produk").text, english.get("/produk").text, dark.get("/produk").text}
    assert len(texts | {saving.get("/produk", headers=told).text}) == 4
    assert 'lang="en"' in english.get("/produk").text
    assert 'data-tema="gelap"' in dark.get("/produk").text
    assert plain.get("/produk").text not in {english.get("/produk").text, dark.get("/produk").text}
    assert english.get("/produk").headers["Cache-Control"] == pages.ONE_READER
    chosen = plain.get("/produk?bahasa=en")
    assert "ETag" not in chosen.headers, "this one sets a cookie"


def test_a_page_is_squeezed_for_who_accepts_it_and_plain_for_others(app: Flask, stand: Stand) -> None:
    client = FlaskClient(app)
    for _ in range(2):
        small = client.get("/produk", headers={"Accept-Encoding": "gzip"})
        plain = client.get("/produk")
        assert small.headers["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in plain.headers
        assert gzip.decompress(small.data) == plain.data
        assert client.head("/produk").data == b""


def test_a_page_is_kept_as_its_readers_take_it_and_no_heavier(app: Flask, stand: Stand) -> None:
    client, shelf = FlaskClient(app), app.extensions["lapak_pages"]
    phone = {"Accept-Encoding": "gzip"}
    squeezed = client.get("/produk", headers=phone)
    assert shelf.size == len(squeezed.data) < len(gzip.decompress(squeezed.data)) / 3

    plain = client.get("/produk")

    assert plain.data == gzip.decompress(squeezed.data) == client.get("/produk").data
    assert shelf.size == len(squeezed.data) + len(plain.data)
    assert client.get("/produk", headers=phone).data == squeezed.data


def test_with_caches_off_no_page_is_kept(
    app: Flask, client: PageClient, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "lapak_settings", replace(app.extensions["lapak_settings"], cache=False))
    for path in PATHS:
        answer = client.get(path)
        assert "ETag" not in answer.headers
        assert answer.headers["Cache-Control"] == pages.ANYBODY
    assert len(app.extensions["lapak_pages"]) == 0


def test_what_rests_on_the_vocabulary_or_is_gone_is_not_kept(app: Flask, client: PageClient, stand: Stand) -> None:
    for path, status in (("/produk?q=telru", 200), ("/produk/tidak-ada", 404)):
        answer = client.get(path)
        assert answer.status_code == status
        assert "ETag" not in answer.headers


def test_the_shelf_of_pages_is_bounded_and_lets_the_oldest_go() -> None:
    kept = pages.Shelf(most=3000)
    for number in range(10):
        kept.put((number,), pages.Page((), 0, "", 0, "text/html", b"x" * 1000))
        kept.find((9,))
    assert len(kept) == 3
    assert kept.size == 3000
    assert kept.find((6,)) is None
    kept.put((9,), pages.Page((), 0, "", 0, "text/html", b"x" * 10))
    assert kept.size == 2010


@pytest.fixture
def inside(app: Flask) -> Iterator[list[str]]:
    """The addresses of the requests that woke the application."""
    came: list[str] = []

    def note(_app: Flask, **_more: object) -> None:
        came.append(request.path)

    with request_started.connected_to(note, app):
        yield came


@pytest.fixture
def stranger(app: Flask) -> Iterator[FlaskClient]:
    """A browser that keeps nothing, some time after the last change."""
    with time_machine.travel(clock.now() + timedelta(seconds=10), tick=True):
        yield FlaskClient(app, use_cookies=False)


def test_the_doorway_hands_over_what_the_application_said(
    stand: Stand, stranger: FlaskClient, inside: list[str]
) -> None:
    squeezed = {"Accept-Encoding": "gzip"}
    first = stranger.get("/produk", headers=squeezed)
    tag = {"If-None-Match": first.headers["ETag"]}
    unchanged = stranger.get("/produk", headers=tag)
    assert inside == ["/produk"] * 2
    again = stranger.get("/produk", headers=squeezed)
    assert (again.data, list(again.headers)) == (first.data, list(first.headers))
    once_more = stranger.get("/produk", headers=tag)
    assert (once_more.status_code, once_more.data, list(once_more.headers)) == (304, b"", list(unchanged.headers))
    assert inside == ["/produk"] * 2

    with transaction():
        price(stand)
    assert "Rp21.000" in stranger.get("/produk").text
    assert stranger.get("/produk", headers=tag).status_code == 200
    assert inside == ["/produk"] * 4


def test_the_doorway_asks_what_is_left_of_a_product_before_it_hands_its_page_over(
    stand: Stand, stranger: FlaskClient, inside: list[str]
) -> None:
    first = stranger.get("/produk/telur")
    tag = {"If-None-Match": first.headers["ETag"]}
    unchanged = stranger.get("/produk/telur", headers=tag)
    assert len(inside) == 2
    assert stranger.get("/produk/telur").data == first.data
    again = stranger.get("/produk/telur", headers=tag)
    assert (again.status_code, list(again.headers)) == (304, list(unchanged.headers))
    assert len(inside) == 2

    with transaction():
        one_less(stand)
    assert "Sisa 4" in stranger.get("/produk/telur", headers=tag).text
    assert len(inside) == 3


def left(it: Stand, qty: int) -> None:
    with transaction():
        stock.correct(goods.variant_of(it.product).id, qty, by=it.seller)


@pytest.mark.parametrize("headers", [{}, {"Accept-Encoding": "gzip"}])
def test_a_page_is_not_made_anew_for_how_many_are_left_of_plenty(
    app: Flask, stand: Stand, stranger: FlaskClient, inside: list[str], headers: dict[str, str]
) -> None:
    def look(tag: str = "") -> tuple[int, str, str]:
        answer = stranger.get("/produk/telur", headers=headers | ({"If-None-Match": tag} if tag else {}))
        text = gzip.decompress(answer.data) if answer.headers.get("Content-Encoding") else answer.data
        return answer.status_code, text.decode(), answer.headers["ETag"]

    left(stand, 140)
    _, first, tag = look()
    assert "Ada 140<" in first
    assert 'max="99"' in first
    for qty, most in ((98, 98), (7, 7), (1000, 99), (98, 98)):
        left(stand, qty)
        with count_queries(app) as asked:
            status, fresh, newer = look(tag)
        assert status == 200
        assert fresh == first.replace("Ada 140<", f"Ada {qty}<").replace('max="99"', f'max="{most}"')
        assert not [statement for statement, _facts in asked if "description" in statement], "made anew"
        assert look(newer)[0] == 304
        tag = newer
    look()
    woken = len(inside)
    for qty in (50, 8, 12):
        left(stand, qty)
        answer, (_, fresh, newer) = stranger.get("/produk/telur", headers=headers), look()
        assert f"Ada {qty}<" in fresh
        assert int(answer.headers["Content-Length"]) == len(answer.data)
        assert newer != tag
    assert len(inside) == woken, "the doorway changes the words by itself"
    assert look(newer)[0] == 304
    assert look(tag)[0] == 200
    left(stand, 5)
    with count_queries(app) as asked:
        assert "Sisa 5<" in look(tag)[1]
    assert [statement for statement, _facts in asked if "description" in statement]


def test_whoever_has_a_cart_reads_how_many_are_left_too(
    stand: Stand, client: PageClient, stranger: FlaskClient
) -> None:
    left(stand, 40)
    kept = stranger.get("/produk/telur").text
    client.post("/keranjang", data={"varian": goods.variant_of(stand.product).id, "jumlah": "1"})
    own = client.get("/produk/telur").text
    assert all("Ada 40<" in each and 'max="40"' in each for each in (kept, own))


def test_nobody_can_type_the_place_where_a_word_moves(stand: Stand, stranger: FlaskClient) -> None:
    typed = "\ue0020\ue003 lapak-0 \ue0029\ue003"
    left(stand, 40)
    with transaction() as session:
        session.execute(update(Shop).values(story=f"Ada 40< {typed}"))
    for path in ("/produk/telur", "/lapak/muara", f"/produk?q={quote(typed)}", f"/produk?q=telur+{quote(typed)}"):
        answers = [stranger.get(path) for _ in range(3)]
        assert all(each.status_code == 200 and typed in each.text for each in answers), path
    left(stand, 41)
    text = stranger.get("/produk/telur").text
    assert "Ada 41<" in text
    assert f"Ada 40&lt; {typed}" in text


def test_what_is_no_longer_counted_makes_the_page_anew(
    stand: Stand, stranger: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its maker may stop counting between the stamp that is read and the count that is asked for."""
    left(stand, 40)
    assert all("Ada 40<" in stranger.get("/produk/telur").text for _ in range(2))
    still = stamps.current()
    with transaction() as session:
        number = goods.variant_of(stand.product).id
        session.execute(update(Variant).where(Variant.id == number).values(stock_mode="unlimited"))
        stock.stop_counting(number)
    monkeypatch.setattr(stamps, "read", lambda _engine: still)
    monkeypatch.setattr(stamps, "current", lambda: still)
    answer = stranger.get("/produk/telur")
    assert (answer.status_code, "Selalu ada" in answer.text) == (200, True)


def test_no_gap_is_left_on_a_page_that_nobody_keeps(
    app: Flask, stand: Stand, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    left(stand, 40)
    monkeypatch.setitem(panels._fillers, "product.head", [(50, lambda **_facts: pages.fleeting() or "")])
    answer = client.get("/produk/telur")
    assert "ETag" not in answer.headers
    assert "Ada 40<" in answer.text
    assert 'max="40"' in answer.text


def test_a_page_that_moved_between_two_questions_is_kept_by_nobody(app: Flask) -> None:
    with app.test_request_context("/produk/telur"):
        assert pages.moves(pages.Moving(words=("6", "6"))) == ("6", "6")
        g.page_moving = pages.Moving(words=("7", "7"))
        assert pages.moves(pages.Moving(words=("6", "6"))) != ("6", "6"), "the page would not follow what moves"
        assert "page_until" not in g
        assert pages.moves(pages.Moving("5")) == ()
        assert g.page_until == 0


@pytest.mark.parametrize("path", ["/produk", "/produk/telur"])
def test_the_doorway_of_another_process_knows_a_reader_that_came_back(
    app: Flask, stand: Stand, stranger: FlaskClient, inside: list[str], monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    whole = stranger.get(path)
    tag = {"If-None-Match": whole.headers["ETag"]}
    kept = pages.Shelf()
    monkeypatch.setitem(app.extensions, "lapak_pages", kept)

    assert [stranger.get(path, headers=tag).status_code for _ in range(3)] == [304] * 3
    assert len(inside) == 2
    assert kept.size > 0, "a page of which only the tag is known takes room too"

    assert stranger.get(path).data == whole.data, "who has nothing gets it whole"
    assert stranger.get(path, headers={"If-None-Match": '"x"'}).data == whole.data
    with transaction():
        price(stand)
    assert stranger.get(path, headers=tag).status_code == 200


def test_the_twin_of_the_doorway_without_the_stamp_hands_over_what_was(
    stand: Stand, stranger: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [stranger.get("/produk").text for _ in range(2)]
    still = stamps.current()
    monkeypatch.setattr(stamps, "read", lambda _engine: still)
    with transaction():
        price(stand)
    assert stranger.get("/produk").text == before[1]


def test_only_a_plain_request_of_a_stranger_stops_at_the_doorway(
    app: Flask, stand: Stand, stranger: FlaskClient, inside: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger.get("/produk")
    stranger.get("/produk")
    others: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("HEAD", "/produk", {}),
        ("POST", "/produk", {}),
        ("GET", "/produk", {"Cookie": "tema=gelap"}),
        ("GET", "/produk", {"Cookie": "sesi=x"}),
        ("GET", "/produk", {"Save-Data": "on"}),
        ("GET", "/produk", {"Host": "lain.example"}),
        ("GET", "/produk", {"If-None-Match": "x" * 200}),
        ("GET", "/produk?urut=termurah", {}),
        ("GET", "/produk/telur", {}),
    )
    for number, (method, path, headers) in enumerate(others, 2):
        stranger.open(path, method=method, headers=headers)
        assert len(inside) == number, (method, path, headers)
    monkeypatch.setitem(app.extensions, "lapak_settings", replace(app.extensions["lapak_settings"], cache=False))
    stranger.get("/produk")
    assert len(inside) == len(others) + 2


def test_a_foreign_host_is_refused_though_the_page_is_kept_under_the_public_address(
    app: Flask, stand: Stand, stranger: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = replace(app.extensions["lapak_settings"], public_url="https://lapak.example")
    monkeypatch.setitem(app.extensions, "lapak_settings", public)
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["lapak.example"])
    ours, theirs = ({"Host": host, "X-Forwarded-Proto": "https"} for host in ("lapak.example", "lain.example"))
    for _ in range(2):
        assert stranger.get("/produk", headers=ours).status_code == 200
        assert stranger.get("/produk", headers=theirs).status_code == 400


def test_a_moment_ends_what_the_doorway_hands_over(stand: Stand, stranger: FlaskClient, inside: list[str]) -> None:
    with transaction():
        paper(stand, days=0)
    with time_machine.travel(clock.now() + timedelta(seconds=10), tick=False):
        for _ in range(2):
            assert "ID3611" in stranger.get("/lapak/muara").text
    assert len(inside) == 1
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        assert "ID3611" not in stranger.get("/lapak/muara").text


def test_a_database_that_does_not_answer_is_left_to_the_application(stand: Stand, stranger: FlaskClient) -> None:
    for _ in range(2):
        assert stranger.get("/produk").status_code == 200
    with transaction() as session:
        session.execute(text("ALTER TABLE page_stamp RENAME TO page_stamp_away"))
    try:
        answer = stranger.get("/produk")
    finally:
        with transaction() as session:
            session.execute(text("ALTER TABLE page_stamp_away RENAME TO page_stamp"))
    assert answer.status_code >= 500
    assert "<h1" in answer.text, "a calm page of ours"


def test_many_readers_of_one_page_do_not_fill_the_memory(app: Flask, stand: Stand, stranger: FlaskClient) -> None:
    for number in range(3 * doorway.MOST_READERS):
        stranger.get("/produk", headers={"Accept-Encoding": f"x{number}"})
    kept: pages.Shelf = app.extensions["lapak_pages"]
    assert [len(page.ready) for page in kept._pages.values()] == [doorway.MOST_READERS]


@pytest.fixture
def server(app: Flask, database: Database, environ: dict[str, str], tmp_path: Path) -> Iterator[LiveServer]:
    """Two processes with caches on."""
    given = {**environ, "LAPAK_DATABASE_URL": database.url, "LAPAK_CACHE": "on"}
    server = LiveServer(given, tmp_path / "server.log")
    server.start()
    yield server
    server.stop()


def test_two_processes_both_show_a_change_at_once(server: LiveServer, stand: Stand) -> None:
    def looks() -> set[str]:
        # A connection each: both processes get some of them.
        return {urlopen(server.url + "/produk/telur").read().decode() for _ in range(12)}

    before = looks()
    assert all("Rp19.000" in each for each in before)
    with transaction():
        price(stand)
    assert all("Rp21.000" in each for each in looks())
    with transaction():
        one_less(stand)
    assert all("Sisa 4" in each for each in looks())
    for qty in (40, 41, 140):
        left(stand, qty)
        assert all(f"Ada {qty}<" in each for each in looks())

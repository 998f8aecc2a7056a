"""Fifty photos at the same moment: every one arrives, and whoever only looks or buys hardly notices."""

from __future__ import annotations

import http.client
import io
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.core.db import db
from app.goods.photos.models import Photo
from app.goods.products.models import Product
from tests.factories.goods import make_product, make_shop, variant_of
from tests.factories.people import TOKEN_HEADER, sign_in
from tests.factories.phone_photos import phone_jpeg
from tests.factories.trade import make_stall
from tests.support.served import Served
from tests.support.shoppers import Shoppers, assert_nothing_lost

pytestmark = [pytest.mark.drill, pytest.mark.slow]

SELLERS, EACH = 10, 5
CALM_SECONDS = 4
WAIT_SECONDS = 120
PAGES = ("/produk", "/", "/lapak", "/produk?q=telur")


class Looker(threading.Thread):
    """Somebody who looks at one page after the other, and remembers how long each took."""

    def __init__(self, url: str) -> None:
        """Begin to look."""
        super().__init__()
        self.url, self.seen = url, []
        self.stopped = threading.Event()
        self.start()

    def run(self) -> None:
        """Look until told to stop; a page that is not there ends it and is missed."""
        while not self.stopped.is_set():
            for path in PAGES:
                began = time.monotonic()
                assert ask(self.url, "GET", path)[0] == 200
                self.seen.append((began, time.monotonic() - began))
            self.stopped.wait(0.02)

    def between(self, begin: float, end: float) -> list[float]:
        """How long the pages took that were asked for in this time, in order of length."""
        return sorted(took for began, took in self.seen if begin <= began < end)


def ask(url: str, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str]:
    """Ask once, with patience."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=WAIT_SECONDS)
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.getheader("Location") or ""


@pytest.fixture
def phones(app):
    """The headers of ten sellers who are signed in."""
    signed = []
    for _ in range(SELLERS):
        client = app.test_client()
        token = sign_in(client, make_shop().owner)
        cookie = "; ".join(f"{each.key}={each.value}" for each in client._cookies.values())
        signed.append({"Cookie": cookie, TOKEN_HEADER.removeprefix("HTTP_").replace("_", "-"): token})
    return signed


@pytest.fixture
def market(app, phones, database, environ, tmp_path):
    """Web and worker, as they serve people."""
    served = Served({**environ, "LAPAK_DATABASE_URL": database.url}, tmp_path / "serve.log")
    yield served
    served.stop()


def upload(url: str, phone: dict[str, str], number: int) -> tuple[int, str]:
    """Offer a product with a photo of twelve megapixels."""
    said = {"kunci": f"burst-{number:016d}", "nama": f"Telur {number}", "harga": "19rb", "satuan": "pak", "jumlah": "9"}
    photo = FileStorage(io.BytesIO(phone_jpeg()), "IMG_1.jpg", content_type="image/jpeg")
    boundary, body = encode_multipart(said | {"foto": photo})
    kind = f"multipart/form-data; boundary={boundary}"
    return ask(url, "POST", "/jualan/produk/baru", body, **phone, **{"Content-Type": kind})


def wait_for_sizes() -> float:
    """Wait until the worker has made every size; return how long it took."""
    began, pause = time.monotonic(), threading.Event()
    waiting = select(func.count()).select_from(Photo).where(Photo.ready.is_(False))
    while db.session.scalar(waiting):
        db.session.rollback()
        assert time.monotonic() < began + WAIT_SECONDS
        pause.wait(0.1)
    return time.monotonic() - began


def told(name: str, took: list[float]) -> str:
    """Say how long pages took."""
    middle, late, worst = (round(took[min(len(took) * part // 100, len(took) - 1)] * 1000) for part in (50, 95, 100))
    return f"{name}: {len(took)} pages, median {middle} ms, p95 {late} ms, worst {worst} ms\n"


def test_fifty_photos_at_once_arrive_and_pages_and_orders_go_on(phones, market):
    variant = variant_of(make_product(make_stall()[1], "Telur asin", qty=100_000)).id
    phone_jpeg()
    db.session.rollback()
    market.start()
    looker = Looker(market.url)
    with Shoppers(market.url, (variant,), many=1) as shoppers:
        looker.stopped.wait(CALM_SECONDS)
        began = time.monotonic()
        with ThreadPoolExecutor(SELLERS * EACH) as senders:
            sent = [senders.submit(upload, market.url, phones[n % SELLERS], n) for n in range(SELLERS * EACH)]
            answers = [each.result() for each in sent]
        ended = time.monotonic()
        sizes = wait_for_sizes()
        silence = shoppers.silence_since(began)
    looker.stopped.set()
    looker.join()
    calm, stormy = looker.between(began - CALM_SECONDS + 1, began), looker.between(began, ended)
    sys.stdout.write(f"burst {ended - began:.1f} s, sizes {sizes:.1f} s later, no order for {silence:.2f} s\n")
    sys.stdout.write(told("before", calm) + told("during", stormy))

    assert [answer for answer in answers if answer[0] != 303] == []
    assert db.session.scalar(select(func.count()).select_from(Product).where(Product.slug.like("telur-%"))) >= 50
    assert db.session.scalar(select(func.count()).select_from(Photo)) == SELLERS * EACH
    assert shoppers.unlawful == []
    assert_nothing_lost(shoppers)
    # Nobody stands in the line of the photos: neither a page nor an order waits until they are done.
    assert stormy[-1] < (ended - began) / 2
    assert silence < (ended - began) / 2

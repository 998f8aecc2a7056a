"""Buyers who keep ordering over HTTP while something happens to the server, and remember every word it said."""

from __future__ import annotations

import http.client
import itertools
import secrets
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from sqlalchemy import func, select

from app.core import books
from app.core.db import db
from app.goods.stock.models import Stock
from app.trade.orders.models import Order, OrderGroup, OrderLine

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PATIENCE_SECONDS = 20
Answer = tuple[int, http.client.HTTPMessage, str]


@dataclass
class Shoppers:
    """So many buyers with the same cart; each asks again under the same key until the server has said yes."""

    url: str
    variants: tuple[int, ...]
    many: int = 4
    acknowledged: dict[str, str] = field(default_factory=dict)
    calm: int = 0
    unlawful: list[str] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Fill the cart that all of them carry."""
        self._stop = threading.Event()
        self._breath = threading.Event()  # never set: waiting for it is a pause
        self._threads: list[threading.Thread] = []
        jar: SimpleCookie = SimpleCookie()
        for variant in self.variants:
            form = urlencode({"varian": variant, "jumlah": 1})
            _status, headers, _body = self._ask("POST", "/keranjang", form, {"Cookie": _sent(jar)})
            for cookie in headers.get_all("Set-Cookie") or []:
                jar.load(cookie)
        self._cookie = _sent(jar)

    def __enter__(self) -> Shoppers:
        """Begin."""
        self._threads = [threading.Thread(target=self._shop) for _ in range(self.many)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_problem: object) -> None:
        """Let each finish its last order, and go."""
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS + 10)

    def until(self, more: int) -> None:
        """Wait until so many more orders were acknowledged."""
        wanted, deadline = len(self.acknowledged) + more, time.monotonic() + 60
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < deadline, f"{len(self.acknowledged)} of {wanted} orders; {self.unlawful[:3]}"
            self._stop.wait(0.01)

    def successes_after(self, moment: float) -> list[float]:
        """When orders were acknowledged after this moment."""
        return [each for each in self.moments if each > moment]

    def silence_since(self, moment: float) -> float:
        """The longest time without an order from this moment on, in seconds."""
        told = [moment, *sorted(self.successes_after(moment))]
        return max(later - earlier for earlier, later in itertools.pairwise(told))

    def _shop(self) -> None:
        while not self._stop.is_set():
            self._order(secrets.token_hex(12))

    def _order(self, key: str) -> None:
        # Each order is another buyer's: of one number only so many may wait at a shop.
        number = f"0812{int(key, 16) % 10**8:08d}"
        form = urlencode({"kunci": key, "nama": "Ratna Dewi", "telepon": number})
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                status, headers, body = self._ask("POST", "/pesan", form, {"Cookie": self._cookie})
            except (OSError, http.client.HTTPException):
                self._breath.wait(0.05)  # nobody is there; the buyer taps again
                continue
            location = headers.get("Location", "")
            if status == 303 and location.startswith("/pesan/selesai/"):
                self.acknowledged[key] = location.rsplit("/", 1)[1]
                self.moments.append(time.monotonic())
                return
            if status == 503 and headers.get("Retry-After") and "Sebentar, ya" in body:
                self.calm += 1
                self._breath.wait(0.1)
                continue
            self.unlawful.append(f"{status} {location} {body[:200]}")
            return

    def _ask(
        self, method: str, path: str, body: str, headers: dict[str, str]
    ) -> tuple[int, http.client.HTTPMessage, str]:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, path, body, {**FORM, **headers})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode(errors="replace")
        finally:
            with suppress(OSError):
                if connection.sock is not None:
                    connection.sock.shutdown(socket.SHUT_RDWR)
            connection.close()


def _sent(jar: SimpleCookie) -> str:
    return "; ".join(f"{name}={each.value}" for name, each in jar.items())


def assert_nothing_lost(shoppers: Shoppers) -> None:
    """Every order that was acknowledged is there once, whole; none is half-made; the books agree."""
    db.session.rollback()
    groups = {each.checkout_key: each for each in db.session.scalars(select(OrderGroup))}
    lost = [key for key, token in shoppers.acknowledged.items() if key not in groups or groups[key].token != token]
    assert lost == []
    sellers = len(shoppers.variants)
    counted = db.session.execute(select(Order.group_id, func.count()).group_by(Order.group_id))
    of_group = {row[0]: row[1] for row in counted}
    assert {of_group.get(each.id, 0) for each in groups.values()} == {sellers}
    lines = db.session.scalar(select(func.count()).select_from(OrderLine))
    assert lines == sellers * len(groups)
    for variant in shoppers.variants:
        held = db.session.scalar(select(Stock.reserved).where(Stock.variant_id == variant))
        ordered = select(func.count()).select_from(OrderLine).where(OrderLine.variant_id == variant)
        assert held == db.session.scalar(ordered)
        assert held >= len(shoppers.acknowledged)
    assert [str(finding) for _name, found in books.verify() for finding in found] == []

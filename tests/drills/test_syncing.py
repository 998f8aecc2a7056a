"""Two hundred phones come back into the signal at one moment: each brings fifty notes, and each is told yes.

Source: spec/performance.md, budget 13.
"""

from __future__ import annotations

import http.client
import json
import threading
from collections import Counter
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import func, select

from app.core import books
from app.core.clock import today
from app.core.db import db
from app.people.accounts import sessions
from app.trade.sales.models import SaleRecord
from tests.factories.people import sign_in
from tests.factories.trade import make_stall

pytestmark = pytest.mark.drill

STALLS, NOTES, PATIENCE_SECONDS = 200, 50, 300
QUEUE = "/jualan/catat/antrean"


class Phone:
    """A seller's phone with notes on it."""

    def __init__(self, app, url: str, number: int) -> None:
        self.address, client = urlsplit(url).netloc, app.test_client()
        sign_in(client, make_stall(name=f"Lapak {number}")[0])
        self.cookie = f"{sessions.cookie_name()}={client.get_cookie(sessions.cookie_name()).value}"
        day = today("Asia/Jakarta") - timedelta(days=1)
        self.notes = [
            {
                "kunci": f"hp-{number:04}-catatan-{each:04}", "barang": "lain", "nama-barang": "Opak", "jumlah": "2",
                "uang": str(5_000 + each), "hari": day.isoformat(),
            }
            for each in range(NOTES)
        ]  # fmt: skip
        self.answers: list[int] = []

    def ask(self, method: str, body: str | None = None) -> dict:
        connection = http.client.HTTPConnection(self.address, timeout=PATIENCE_SECONDS)
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, QUEUE, body, headers)
        answer = connection.getresponse()
        said = answer.read()
        self.answers.append(answer.status)
        connection.close()
        return json.loads(said)

    def sync(self) -> None:
        """Ask whose turn it is, and send; the line breaks once, so everything goes again."""
        told = self.ask("GET")
        facts = {"akun": told["akun"], "csrf_token": told["csrf"], "catatan": json.dumps(self.notes)}
        for _ in range(2):
            assert len(self.ask("POST", urlencode(facts))["masuk"]) == NOTES


def test_two_hundred_stalls_bring_their_notes_at_once_and_none_is_refused_or_doubled(app, live_server):
    phones = [Phone(app, live_server.url, number) for number in range(STALLS)]
    db.session.rollback()
    start, broken = threading.Barrier(STALLS), []

    def come_back(phone: Phone) -> None:
        start.wait()
        try:
            phone.sync()
        except Exception as error:
            broken.append(repr(error))

    threads = [threading.Thread(target=come_back, args=(phone,)) for phone in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert broken == []
    assert Counter(status for phone in phones for status in phone.answers) == {200: 3 * STALLS}
    assert db.session.scalar(select(func.count()).select_from(SaleRecord)) == STALLS * NOTES
    assert [str(each) for _name, found in books.verify() for each in found] == []

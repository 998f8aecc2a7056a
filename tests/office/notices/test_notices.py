"""What a seller must be told stands with what happened, is hers to read at once, and goes outside once."""

from __future__ import annotations

import html
import json
import os
import re
import signal
import subprocess
import sys
import textwrap
from collections import Counter
from datetime import date, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from app.core import jobs, outbox
from app.core.clock import now
from app.core.db import db, transaction
from app.core.jobs import Job
from app.core.outbox import Message, News
from app.goods.shops.queries import get_shop
from app.kit.periods import WIB
from app.office.notices import operations as notices
from app.office.notices import words
from app.office.notices.channels import FileGateway, Gone
from app.office.notices.words import TEXTS
from app.trade.orders import operations, queries
from app.trade.orders.rules import STEPS
from app.trade.returns import operations as returns
from tests.factories.goods import make_product, variant_of
from tests.factories.people import make_account, sign_in
from tests.factories.trade import (
    BUYER,
    accepted_order,
    checkout,
    handed_order,
    make_stall,
    place_group,
    place_order,
    ready_order,
)
from tests.support.together import at_once

ROOT = Path(__file__).resolve().parents[3]
NOON = WIB.at(date(2026, 12, 5), time(12))
INBOX = "/jualan/kabar"
UNREAD = 'Kabar <span class="badge badge--warning">1</span>'


def at(moment):
    return time_machine.travel(moment, tick=False)


@pytest.fixture
def stall(app):
    return make_stall()


@pytest.fixture
def seller(stall):
    return stall[0]


@pytest.fixture
def eggs(stall):
    return make_product(stall[1], qty=20, price=19_000)


@pytest.fixture
def gateway(app, tmp_path):
    """The gateway of this office: a folder."""
    notices.channels()["gateway"] = FileGateway(tmp_path / "keluar")
    yield tmp_path / "keluar"
    del notices.channels()["gateway"]


def kinds() -> list[str]:
    return list(db.session.scalars(select(Message.kind).order_by(Message.id)))


def carry() -> None:
    with transaction():
        notices.carry()
    jobs.run_due()


def sent(folder: Path) -> list[dict[str, str]]:
    return [json.loads(each.read_text(encoding="utf-8")) for each in sorted(folder.glob("*"))]


def test_each_happening_is_told_once_and_what_the_seller_did_herself_is_not(eggs, seller):
    first = accepted_order(eggs, seller, 2)
    second = place_order(eggs)
    with transaction():
        operations.cancel_by_buyer(second, "salah_pesan")
    with transaction():
        operations.make_room(variant_of(eggs).id, 20)
    with transaction():
        operations.cancel_by_admin(first, "penjual_diam", by=make_account("curator"))

    # The reminders of both are gone: she answered, or there was nothing left to answer.
    assert kinds() == [
        "order.placed", "order.placed", "order.cancelled_buyer", "order.at_risk", "order.cancelled_admin",
    ]  # fmt: skip
    assert set(kinds()) <= set(TEXTS)


def test_what_a_buyer_says_of_her_order_is_told_once(eggs, seller):
    paid, packed = accepted_order(eggs, seller, method="qris_seller"), ready_order(eggs, seller)
    for _ in range(2):
        with transaction():
            operations.claim_payment(paid, paid.total, key="claim")
        with transaction():
            operations.ask_cancel(packed)

    assert kinds() == ["order.placed", "order.placed", "order.claimed", "order.cancel_asked"]


def test_each_step_of_a_complaint_that_is_not_hers_is_told_to_the_seller(eggs, seller):
    order = handed_order(eggs, seller, 2)
    (line,) = queries.list_lines(order.id)
    with transaction():
        case = returns.open_case(order, "damaged", "Pecah semua", {line.id: 1})
    with transaction():
        returns.turn_down(case, "Utuh waktu diserahkan", by=seller, version=case.version)
    with transaction():
        returns.escalate(case, version=case.version)
    helper = make_account("pendamping")
    with transaction():
        returns.close(case, "refund", "kept", "Uang kembali", by=helper, version=case.version)

    assert kinds() == ["order.placed", "return.opened", "return.escalated", "return.closed"]


def test_what_was_rolled_back_is_not_told(eggs):
    variant = variant_of(eggs)

    def half() -> None:
        with transaction():
            operations.place(_checkout(variant))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert kinds() == []


def _checkout(variant):
    return checkout((variant, 1))


def test_an_order_over_two_sellers_tells_each_of_her_own(client, eggs, seller):
    other, shop = make_stall()
    group = place_group((variant_of(eggs), 1), (variant_of(make_product(shop)), 1))
    codes = {order.seller_id: order.code for order in queries.list_of_group(group.id)}
    for account, mine in ((seller, eggs.shop_id), (other, shop.id)):
        sign_in(client, account)
        text = client.get(INBOX).text
        assert [code in text for code in codes.values()] == [shop_id == mine for shop_id in codes]


def test_the_same_key_is_one_row(app):
    for _ in range(2):
        with transaction():
            outbox.tell([News("k", "order.placed", ("shop", 1), "AAA"), News("l", "order.placed", ("shop", 1), "AAA")])
    assert len(kinds()) == 2


def test_news_outside_a_transaction_is_refused(app):
    with pytest.raises(RuntimeError):
        outbox.tell([News("k", "order.placed", ("shop", 1))])


def test_a_seller_is_reminded_after_two_hours_and_in_the_morning_after_a_night(client, eggs, seller):
    with at(NOON):
        place_order(eggs)
    evening = WIB.at(date(2026, 12, 5), time(20))
    with at(evening):
        place_order(eggs)
    due = db.session.scalars(select(Message.at).where(Message.kind == "order.remind").order_by(Message.id)).all()
    assert due == [NOON + timedelta(hours=2), WIB.at(date(2026, 12, 6), time(7))]
    for moment, shown in ((NOON + timedelta(minutes=119), 0), (NOON + timedelta(hours=2), 1)):
        with at(moment):
            sign_in(client, seller)
            assert client.get(INBOX).text.count("masih menunggu jawaban") == shown  # and no worker ran


def new_rows(client) -> int:
    """Count the rows that the page marks as new."""
    return len(re.findall(r'<span class="badge[^>]*>baru</span>', client.get(INBOX).text))


def test_a_seller_reads_her_news_and_marks_what_she_saw(client, eggs, seller):
    sign_in(client, seller)
    assert "Belum ada kabar" in client.get(INBOX).text
    order = place_order(eggs)
    page = client.get(INBOX).text
    assert f'href="/jualan/pesanan/{order.code}"' in page
    assert BUYER not in page
    assert UNREAD in client.get("/jualan").text
    newest = db.session.scalar(select(Message.id).where(Message.kind == "order.placed"))
    place_order(eggs)  # while she reads

    assert new_rows(client) == 2
    assert client.post(INBOX + "/dibaca", data={"sampai": newest}).location == INBOX
    assert UNREAD in client.get("/jualan").text
    assert new_rows(client) == 1
    for nonsense in ("", "x", "9" * 30, "-1"):
        assert client.post(INBOX + "/dibaca", data={"sampai": nonsense}).status_code == 303


def test_another_seller_marks_only_her_own(client, eggs):
    place_order(eggs)
    other, shop = make_stall()
    place_order(make_product(shop))
    placed = select(Message.whom_id, Message.id).where(Message.kind == "order.placed")
    row_of = dict(db.session.execute(placed).all())
    sign_in(client, other)
    read = select(Message.whom_id).where(Message.seen_at.is_not(None))

    client.post(INBOX + "/dibaca", data={"sampai": row_of[eggs.shop_id]})
    assert db.session.scalars(read).all() == []
    client.post(INBOX + "/dibaca", data={"sampai": row_of[shop.id]})

    assert db.session.scalars(read).all() == [shop.id]


def test_news_comes_in_pages(client, eggs, seller):
    with at(NOON):
        orders = [place_order(eggs) for _ in range(20)]
        last = place_order(make_product(seller_shop(eggs), "Telur lain"))
    with at(NOON + timedelta(minutes=1)):
        sign_in(client, seller)
        first = client.get(INBOX).text
        assert last.code in first
        assert orders[0].code not in first
        more = re.search(r'href="([^"]+)" rel="next"', first)
        second = client.get(html.unescape(more[1])).text
        assert orders[0].code in second
        assert last.code not in second
        assert 'rel="next"' not in second


def seller_shop(product):
    return get_shop(product.shop_id)


def test_outside_it_says_that_there_is_something_and_nothing_of_anybody(gateway, eggs, seller):
    order = place_order(eggs)
    carry()
    carry()

    [parcel] = sent(gateway)
    assert parcel["text"] == "Ada pesanan baru. Buka Lapak Mandiri."
    assert (parcel["address"], parcel["url"]) == (seller.phone, INBOX)
    assert not any(word in json.dumps(parcel) for word in (BUYER, order.code, str(order.total)))
    assert db.session.scalars(select(Job)).all() == []


@pytest.mark.parametrize("ended", ["shop", "account"])
def test_whoever_sells_no_more_by_the_time_it_leaves_is_not_told_outside(gateway, stall, eggs, ended):
    place_order(eggs)
    with transaction():
        notices.carry()
    with transaction():
        if ended == "shop":
            stall[1].state = "ended"
        else:
            stall[0].state = "disabled"
    jobs.run_due()

    assert (sent(gateway), db.session.scalars(select(Job)).all()) == ([], [])


@pytest.mark.parametrize("kind", [*TEXTS, "of.tomorrow"])
@pytest.mark.parametrize("about", ["K7QF2MX", ""])
def test_whatever_happens_is_said_in_a_few_words_and_outside_without_what_it_is_about(app, kind, about):
    message = Message(kind=kind, whom="shop", whom_id=1, about=about)
    with app.test_request_context():
        said, outside = words.said(message), words.outside(message)

    assert about in said or kind not in TEXTS
    assert len(said) <= 80
    assert len(outside) <= 60
    assert outside.endswith("Buka Lapak Mandiri.")
    assert not about or about not in outside
    assert "%" not in said + outside


def test_the_text_of_every_kind_of_news_is_written(app):
    moved = {f"order.{step.after}" for step in STEPS if step.who != ("seller",)}
    asked = {"order.remind", "order.claimed", "order.cancel_asked", "order.at_risk"}
    others = {"return.opened", "return.escalated", "return.closed", "ticket.made", "ticket.near", "ticket.late"}

    assert moved | asked | others == set(TEXTS)


def test_a_worker_carries_news_every_few_seconds_and_forgets_the_old_every_hour(gateway, eggs):
    clocks = {name: jobs._clocks[f"notices.{name}"] for name in ("carry", "forget")}
    with at(NOON):
        place_order(eggs)
        with transaction():
            clocks["carry"].run()
        jobs.run_due()
    assert len(sent(gateway)) == 1
    with at(NOON + timedelta(days=92)), transaction():
        clocks["forget"].run()

    assert kinds() == ["order.remind"]  # nobody has carried that yet
    assert [each.every for each in clocks.values()] == [timedelta(seconds=5), timedelta(hours=1)]


def test_without_a_gateway_nothing_leaves_and_the_page_is_the_news(eggs):
    place_order(eggs)
    carry()

    assert db.session.scalars(select(Job)).all() == []
    assert db.session.scalar(select(Message.told_at).where(Message.kind == "order.placed")) is not None


class Deaf:
    """A gateway that is away for some tries."""

    name = "gateway"

    def __init__(self, tries: int, error: type[Exception] = OSError) -> None:
        self.left, self.error, self.keys = tries, error, []

    def send(self, parcel) -> None:
        self.keys.append(parcel.key)
        if self.left:
            self.left -= 1
            raise self.error


@pytest.mark.parametrize(("away", "tries", "left"), [(2, 3, 0), (9, 5, 1)], ids=["comes-back", "is-given-up"])
def test_a_gateway_that_is_away_is_asked_again_ever_later_and_given_up_after_five(app, eggs, away, tries, left):
    deaf = notices.channels()["gateway"] = Deaf(away)
    try:
        with at(NOON):
            place_order(eggs)
            carry()
        for hours in range(1, 8):
            with at(NOON + timedelta(minutes=10 * hours)):
                carry()
    finally:
        del notices.channels()["gateway"]

    assert Counter(deaf.keys).most_common() == [(deaf.keys[0], tries)]
    assert [job.parked for job in db.session.scalars(select(Job))] == [True] * left


def test_each_wait_for_a_gateway_that_is_away_is_longer_than_the_last(app, eggs):
    deaf, tried = Deaf(9), []
    notices.channels()["gateway"] = deaf
    try:
        with at(NOON):
            place_order(eggs)
        for seconds in range(0, 240, 5):
            before = len(deaf.keys)
            with at(NOON + timedelta(seconds=seconds)):
                carry()
            tried += [seconds] * (len(deaf.keys) - before)
    finally:
        del notices.channels()["gateway"]

    waits = [later - earlier for earlier, later in pairwise(tried)]
    assert len(waits) == 4
    assert waits == sorted(set(waits))


def test_an_address_where_nobody_is_any_more_is_left(app, eggs):
    deaf = notices.channels()["gateway"] = Deaf(1, Gone)
    try:
        place_order(eggs)
        carry()
        carry()
    finally:
        del notices.channels()["gateway"]

    assert (len(deaf.keys), db.session.scalars(select(Job)).all()) == (1, [])


@pytest.mark.race
def test_many_workers_hand_each_row_on_once(app, gateway, eggs):
    for _ in range(10):
        place_order(eggs)

    handed: list[int] = []

    def work() -> None:
        with transaction():
            found = notices.carry()
        handed.append(found)
        jobs.run_due()

    assert Counter(at_once(app, [work for _ in range(6)])) == {"ya": 6}
    with transaction():
        assert sum(handed) + notices.carry() == 10
    jobs.run_due()
    assert len(sent(gateway)) == 10
    with transaction():
        assert notices.carry() == 0


DIES = """
import sys, threading
from pathlib import Path
from config import load_settings
from app.factory import create_app
from app.core import jobs
from app.core.db import transaction
from app.office.notices import operations
from app.office.notices.channels import FileGateway

class Dying(FileGateway):
    def send(self, parcel):
        if int(sys.argv[2]):
            FileGateway.send(self, parcel)
        print("half-way", flush=True)
        threading.Event().wait(60)

with create_app(load_settings()).app_context():
    operations.channels()["gateway"] = Dying(Path(sys.argv[1]))
    with transaction():
        operations.carry()
    jobs.run_due()
"""


@pytest.mark.race
@pytest.mark.parametrize("done", [0, 1], ids=["before-the-effect", "after-the-effect"])
def test_a_worker_killed_between_effect_and_mark_has_told_once(app, database, environ, gateway, eggs, done):
    place_order(eggs)
    db.session.rollback()
    plain = {name: value for name, value in os.environ.items() if not name.startswith("LAPAK_")}
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(DIES), str(gateway), str(done)],
        cwd=ROOT,
        env={**plain, **environ, "LAPAK_DATABASE_URL": database.url},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "half-way\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert len(db.session.scalars(select(Job.id)).all()) == 1  # not marked as done

    carry()  # the lease of the dead one still holds
    assert len(sent(gateway)) == done
    with at(now() + jobs.LEASE + timedelta(seconds=1)):
        carry()

    assert len(sent(gateway)) == 1
    assert db.session.scalars(select(Job.id)).all() == []


def test_news_is_forgotten_after_ninety_days(eggs, gateway):
    with at(NOON):
        place_order(eggs)
    with at(NOON + timedelta(hours=3)):
        carry()
    for days, left in ((89, 2), (92, 0)):
        with at(NOON + timedelta(days=days)), transaction():
            outbox.forget_old()
        assert len(kinds()) == left

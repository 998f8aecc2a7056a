"""A seller's phone tells her: sealed for her browser alone, to services of browsers alone, and nothing of any buyer."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import func, select

from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.jobs import Job
from app.office.notices import operations, push
from app.office.notices.models import PushAddress
from tests.factories.goods import make_product
from tests.factories.people import make_account, sign_in
from tests.factories.trade import BUYER, make_stall, place_order

BEGIN, STOP = "/saya/kabar-hp", "/saya/kabar-hp/berhenti"
GOOGLE = "https://fcm.googleapis.com/fcm/send/abc"
# RFC 8291, appendix A.
AS_PRIVATE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
UA_PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
RFC_AUTH, RFC_SALT = "BTBZMqHH6r4Tts7J_aSIgg", "DGv6ra1nlYgDCS1FRnbzlw"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


class Browser:
    """A browser: it has a key, and opens what was sealed for it."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(push.CURVE)
        self.point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.auth = b"0123456789abcdef"

    def form(self, endpoint: str) -> dict[str, str]:
        return {"alamat": endpoint, "kunci": push.encode(self.point), "rahasia": push.encode(self.auth)}

    def open(self, body: bytes) -> dict[str, str]:
        salt, theirs, sealed = body[:16], body[21:86], body[86:]
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(push.CURVE, theirs))
        derive = lambda secret, salt, info, n: HKDF(hashes.SHA256(), n, salt, info).derive(secret)  # noqa: E731
        secret = derive(shared, self.auth, b"WebPush: info\x00" + self.point + theirs, 32)
        key = derive(secret, salt, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = derive(secret, salt, b"Content-Encoding: nonce\x00", 12)
        return json.loads(AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\x02"))


class Service(ThreadingHTTPServer):
    """The message service of a browser, on this machine."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.status, self.came = 201, []
        self.origin = f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_said: object) -> None:
        pass


@contextmanager
def serving(app) -> Iterator[Service]:
    """Where browsers have their messages delivered, on this machine."""
    server, before = Service(), app.extensions["lapak_settings"]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    app.extensions["lapak_settings"] = replace(before, push_origins=(server.origin,))
    yield server
    app.extensions["lapak_settings"] = before
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def service(app) -> Iterator[Service]:
    with serving(app) as server:
        yield server


@pytest.fixture
def stall(app):
    return make_stall()


@pytest.fixture
def hers(client, stall):
    sign_in(client, stall[0])
    return client


def kept() -> int:
    return db.session.scalar(select(func.count(PushAddress.id)))


def carry() -> None:
    with transaction():
        operations.carry()
    jobs.run_due()


def test_it_seals_as_the_standard_shows():
    ours = ec.derive_private_key(int.from_bytes(push.decode(AS_PRIVATE), "big"), push.CURVE)
    text, point = b"When I grow up, I want to be a watermelon", push.decode(UA_PUBLIC)

    sealed = push.seal(text, point, push.decode(RFC_AUTH), ours=ours, salt=push.decode(RFC_SALT))

    assert push.encode(sealed) == SEALED


def test_her_phone_hears_that_there_is_an_order_and_nothing_of_anybody(service, hers, stall):
    browser = Browser()
    assert hers.post(BEGIN, data=browser.form(service.origin + "/a?b=c")).location == "/saya"
    order = place_order(make_product(stall[1]))
    carry()
    carry()

    [(path, headers, body)] = service.came
    assert path == "/a?b=c"
    said, known = headers["Authorization"].removeprefix("vapid t=").split(", k=")
    facts = json.loads(push.decode(said.split(".")[1]))
    assert (facts["aud"], known) == (service.origin, push.public_key())
    assert (headers["TTL"], headers["Urgency"]) == ("86400", "high")
    assert (headers["Content-Encoding"], len(headers["Topic"])) == ("aes128gcm", 32)
    assert browser.open(body) == {"text": "Ada pesanan baru. Buka Lapak Mandiri.", "url": "/jualan/kabar"}
    assert not any(word in str(browser.open(body)) + str(headers) for word in (BUYER, order.code))
    assert db.session.scalars(select(Job)).all() == []


def test_we_name_ourselves_with_a_key_that_is_ours(app, service):
    said, known = push.vouch("https://fcm.googleapis.com").removeprefix("vapid t=").split(", k=")
    head, facts, signature = said.split(".")
    raw = push.decode(signature)
    key = ec.EllipticCurvePublicKey.from_encoded_point(push.CURVE, push.decode(known))
    number = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))

    key.verify(number, f"{head}.{facts}".encode(), ec.ECDSA(hashes.SHA256()))
    told = json.loads(push.decode(facts))
    assert json.loads(push.decode(head)) == {"typ": "JWT", "alg": "ES256"}
    assert told["aud"] == "https://fcm.googleapis.com"
    # RFC 8292, section 2: at most a day, and somebody who can be asked.
    assert timedelta(hours=1) < datetime.fromtimestamp(told["exp"], UTC) - now() <= timedelta(hours=24)
    assert told["sub"].startswith(("mailto:", "https:"))
    assert known == push.public_key()


def let_run() -> None:
    with transaction():
        job = db.session.scalars(select(Job)).one()
        job.run_at = job.run_at.replace(year=2020)
    jobs.run_due()


@pytest.mark.parametrize("gone", [404, 410])
def test_a_phone_that_is_gone_is_forgotten_and_a_service_that_is_away_is_asked_again(service, hers, stall, gone):
    hers.post(BEGIN, data=Browser().form(service.origin + "/a"))
    service.status = 503
    place_order(make_product(stall[1]))
    carry()
    assert [job.attempts for job in db.session.scalars(select(Job))] == [1]
    service.status = gone
    let_run()

    assert (kept(), db.session.scalars(select(Job)).all()) == (0, [])


def test_a_second_try_takes_the_place_of_the_first_sealed_anew_and_other_news_stands_beside_it(service, hers, stall):
    hers.post(BEGIN, data=Browser().form(service.origin + "/a"))
    service.status = 503
    place_order(make_product(stall[1]))
    carry()
    service.status = 201
    let_run()
    place_order(make_product(stall[1]))
    carry()

    first, again, other = (headers["Topic"] for _path, headers, _body in service.came)
    assert first == again != other
    assert len({body[:16] for _path, _headers, body in service.came}) == 3  # a salt of its own each time


@pytest.mark.parametrize(
    "endpoint",
    [
        "", "x", "http://fcm.googleapis.com/x", "https://127.0.0.1/x", "https://fcm.googleapis.com.contoh.id/x",
        "https://fcm.googleapis.com:8080/x", "https://a@fcm.googleapis.com/x", "https://[::1/x", "file:///etc/passwd",
        "https://evilfcm.googleapis.com/x", "https://push.apple.com.id/x", GOOGLE + "a" * 2000, "https://x:y/z",
    ],
)  # fmt: skip
def test_nothing_is_sent_to_strangers(hers, endpoint):
    answer = hers.post(BEGIN, data=Browser().form(endpoint))

    assert answer.status_code == 422
    assert "HP ini belum bisa diberi kabar" in answer.text
    assert kept() == 0


def test_what_was_kept_before_is_held_against_the_services_once_more_when_it_is_sent(app, service, hers, stall):
    hers.post(BEGIN, data=Browser().form(service.origin + "/a"))
    app.extensions["lapak_settings"] = replace(app.extensions["lapak_settings"], push_origins=())
    place_order(make_product(stall[1]))
    carry()

    assert (service.came, kept()) == ([], 0)


@pytest.mark.parametrize(
    ("point", "auth"), [("", ""), ("x", "y"), ("BAAA", "MDEy"), ("é", "é"), (UA_PUBLIC[:-4], RFC_AUTH)]
)
def test_keys_that_are_none_are_refused(hers, point, auth):
    assert hers.post(BEGIN, data={"alamat": GOOGLE, "kunci": point, "rahasia": auth}).status_code == 422
    assert hers.post(BEGIN).status_code == 422
    assert kept() == 0


def test_a_phone_is_kept_once_goes_with_whoever_asked_last_and_only_five_are_kept(app, hers, stall):
    for _ in range(2):
        hers.post(BEGIN, data=Browser().form(GOOGLE))
    assert kept() == 1
    assert "1 HP memberi kabar." in hers.get("/saya").text
    other = make_stall()[0]
    client = app.test_client()
    sign_in(client, other)
    client.post(BEGIN, data=Browser().form(GOOGLE))
    assert db.session.scalars(select(PushAddress.account_id)).all() == [other.id]
    for number in range(7):
        hers.post(BEGIN, data=Browser().form(f"{GOOGLE}{number}"))
    assert kept() == 6

    assert hers.post(STOP).location == "/saya"
    assert db.session.scalars(select(PushAddress.account_id)).all() == [other.id]


def test_it_is_for_sellers(client):
    assert client.post(BEGIN).status_code == 401
    sign_in(client, make_account("curator"))

    assert client.post(BEGIN, data=Browser().form(GOOGLE)).status_code == 403
    assert "Kabar di HP" not in client.get("/saya").text


def test_where_no_phone_can_be_told_her_page_says_where_the_news_stands_all_the_same(hers):
    part = re.search(r'<section[^>]*aria-labelledby="kabar-hp".*?</section>', hers.get("/saya").text, re.S)[0]

    assert re.search(r"<form[^>]*data-push[^>]* hidden>", part)  # a script shows it where it works
    assert '<p class="small" data-push-off>' in part
    assert 'href="/jualan/kabar"' in part


def test_browsers_write_without_padding():
    assert push.decode(push.encode(b"\xff\xfe\xfd\xfc")) == b"\xff\xfe\xfd\xfc"
    assert base64.urlsafe_b64encode(b"\xff" * 16).decode().rstrip("=") == push.encode(b"\xff" * 16)

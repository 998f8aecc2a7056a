"""Every limit of the settings holds where it is meant to, for the account and for the address, and can be set.

`TRIES` does one failing try of each limit and tells what was answered; a limit without a try fails the walk.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import func, literal, select

from app.core import limits
from app.core.db import db, transaction
from app.core.errors import TooMany
from app.core.limits import LimitHit
from app.goods.reports.queries import find_public
from app.people.accounts.models import Account
from app.trade.orders import links
from config import LIMITS, BadSettings, load_settings
from tests.factories import bazaars
from tests.factories.goods import make_product, make_shop
from tests.factories.people import PASSWORD, make_account, make_card, sign_in
from tests.factories.trade import accepted_order, make_stall, place_order, ready_order
from tests.support.pages import PageClient

SAID = "Terlalu banyak percobaan"
SECONDS = {name: seconds for name, (_most, seconds) in LIMITS.items()}
# What anybody may try without an account is counted per address too.
AT_AN_ADDRESS = (
    "sign-in:pin",
    "sign-in:password",
    "sign-in:card",
    "sign-in:code",
    "order-look-up",
    "wish",
    "statement-look-up",
    "paper-look-up",
    "helper-pass",
    "report",
    "ticket",
)

Try = Callable[..., object]


def wish(client: PageClient, number: int, **more: object) -> object:
    data = {"nama": "Ibu Calon", "desa": "36.04.27.2001", "barang": "keripik singkong", "kunci": f"wish-{number}"}
    return client.post("/ingin-jualan", data=data | {"telepon": "081211112222"} | more.pop("data", {}), **more)


def guess(client: PageClient, number: int, **more: object) -> object:
    return client.get(f"/pesanan/{more.pop('code', 'ABCDEF')}?s=tebakan{number}", **more)


def send_proof(path: str, signature: str, client: PageClient, number: int, **more: object) -> object:
    data = {"s": signature, "kunci": f"kunci-{number:03}", "jumlah": "5000"}
    return client.post(path, data=data | {"foto": (io.BytesIO(b"no photo"), "bukti.jpg")}, **more)


def at_door(path: str, **fixed: str) -> Try:
    def try_(client: PageClient, number: int, **more: object) -> object:
        return client.post(path, data=fixed | more.pop("data", {}), **more)

    return try_


def take_copy(address: str, client: PageClient, _number: int) -> object:
    return client.get(address)


def question(bazaar_id: int) -> Try:
    """Ask about a call; what came of it stands on the page that follows."""

    def try_(client: PageClient, number: int) -> object:
        answer = client.post(f"/jualan/bazar/{bazaar_id}/tanya", data={"pertanyaan": f"Boleh bawa {number} kompor?"})
        return client.get(answer.location)

    return try_


def complain(client: PageClient, number: int, **more: object) -> object:
    data = {"tentang": "other", "cerita": "Tidak ada yang menjawab saya.", "kunci": f"aduan-{number}"}
    return client.post("/aduan", data=data | {"telepon": "081211112222"} | more.pop("data", {}), **more)


def report(client: PageClient, number: int, **more: object) -> object:
    """Report one product over and over, or each its own when `product` is given."""
    slug = f"dilaporkan-{more.pop('product', 0)}"
    if find_public(slug) is None:
        make_product(make_shop(), slug=slug)
    return client.post(f"/produk/{slug}/laporkan", data={"sebab": "other", "kalimat": "Tidak sesuai."}, **more)


TRIES: dict[str, Try] = {
    "sign-in:pin": at_door("/masuk", telepon="081234567890", pin="739182"),
    "sign-in:password": at_door("/masuk/petugas", nama_pengguna="rini", kata_sandi="bukan kata sandi"),
    "sign-in:card": at_door("/masuk", telepon="081234567890", kode_kartu="2222222222222"),
    "sign-in:code": at_door("/masuk/kode", kode="000000"),
    "sign-in:new-phone": at_door("/masuk/hp", hp="sendiri", pin="739182"),
    "own:proof": at_door("/saya/pin", pin_sekarang="593710", pin="739182", pin_lagi="739182"),
    "order-look-up": guess,
    "helper-pass": at_door("/kasir", kode="BCDF-2345-GHJK"),
    "handover": at_door("set by the fixture", kode="0000"),
    "statement-look-up": lambda client, number, **more: client.get(f"/keterangan/{more.pop('code', 'ABCDEF')}", **more),
    "paper-look-up": lambda client, number, **more: client.get(f"/surat/{more.pop('code', 'ABCDEF')}", **more),
    "photo": lambda client, number, **more: client.post(
        "/jualan/produk/baru", data={"foto": (io.BytesIO(b"no photo"), "foto.jpg")} | more.pop("data", {})
    ),
    "list": lambda client, number, **more: client.post(
        "/dinsos/keluarga/impor", data={"berkas": (io.BytesIO(b"no list"), "daftar.csv")} | more.pop("data", {})
    ),
    "wish": wish,
    "question": question(0),
    "buyer-copy": at_door("set by the fixture"),
    "report": report,
    "proof": at_door("set by the fixture"),
    "ticket": complain,
    "mail": lambda client, number, **more: client.post("/saya/surel", data={"surel": f"ibu{number}@contoh.id"}, **more),
    "sync": at_door("/jualan/catat/antrean", akun="of somebody else"),
}


@pytest.fixture
def people(app):
    """Whoever a try needs: a seller at her desk, an officer half-way in, a card shown on a new phone."""
    seller, _shop = make_stall()
    with transaction():
        account = db.session.get_one(Account, seller.id)
        account.phone = "+6281234567890"
    make_account("curator", username="rini")
    return seller


def at_place(app, people, name: str, **more: object) -> PageClient:
    """Bring a client to where the try is made."""
    client = app.test_client()
    if name in {"own:proof", "photo", "handover", "question", "sync", "mail"}:
        sign_in(client, people)
    if name == "list":
        sign_in(client, make_account("caseworker"))
    if name == "sign-in:code":
        client.post("/masuk/petugas", data={"nama_pengguna": "rini", "kata_sandi": PASSWORD}, **more)
    if name == "sign-in:new-phone":
        code = make_card(people)
        client.post("/masuk", data={"telepon": "081234567890", "kode_kartu": code}, **more)
    return client


def set_limits(app, monkeypatch, **changed: tuple[int, int]) -> None:
    fewer = replace(app.extensions["lapak_settings"], limits={**LIMITS, **changed})
    monkeypatch.setitem(app.extensions, "lapak_settings", fewer)


def tried(app, people, name: str) -> list[bool]:
    """Fail three times under one account; tell which were turned away by the limit."""
    client, try_ = at_place(app, people, name), TRIES[name]
    if name == "handover":
        shop = make_shop(people)
        order = ready_order(make_product(shop), people)
        try_ = at_door(f"/jualan/pesanan/{order.code}/serah", kode="0000", versi=str(order.version))
    if name == "proof":
        order = accepted_order(make_product(make_shop(people)), people, method="qris_seller")
        try_ = partial(send_proof, f"/pesanan/{order.code}/bayar", links.link_signature(order.code))
    if name == "question":
        try_ = question(bazaars.make_call().id)
    if name == "buyer-copy":
        code = place_order(make_product(make_shop(make_account()))).code
        try_ = partial(take_copy, f"/pesanan/{code}/data.json?s={links.link_signature(code)}")
    answers = [try_(client, number) for number in range(3)]
    assert max(answer.status_code for answer in answers) < 500
    return [SAID in answer.text or answer.status_code == 429 for answer in answers]


def test_every_limit_is_tried_here():
    assert set(TRIES) == set(LIMITS)


@pytest.mark.parametrize("name", sorted(LIMITS))
def test_an_account_that_failed_too_often_is_turned_away(app, people, monkeypatch, name):
    set_limits(app, monkeypatch, **{name: (2, SECONDS[name])})

    assert tried(app, people, name) == [False, False, True]


@pytest.mark.parametrize("name", sorted(LIMITS))
def test_twin_where_nobody_looks_at_the_count_the_third_try_is_judged(app, people, monkeypatch, name):
    set_limits(app, monkeypatch, **{name: (2, SECONDS[name])})
    monkeypatch.setattr(limits, "_hits", lambda *_args: literal(0))

    assert tried(app, people, name) == [False, False, False]


OTHERS = {
    "sign-in:pin": lambda number: {"data": {"telepon": f"0813{number:08d}"}},
    "sign-in:card": lambda number: {"data": {"telepon": f"0813{number:08d}"}},
    "sign-in:password": lambda number: {"data": {"nama_pengguna": f"orang{number}"}},
    "order-look-up": lambda number: {"code": f"ABCDE{number}"},
    "statement-look-up": lambda number: {"code": f"ABCDE{number}"},
    "paper-look-up": lambda number: {"code": f"ABCDE{number}"},
    "ticket": lambda number: {"data": {"telepon": f"0813{number:08d}"}},
    "wish": lambda number: {"data": {"telepon": f"0813{number:08d}"}},
    "report": lambda number: {"product": number},
    "helper-pass": lambda number: {"data": {"kode": f"BCDF-2345-GHJ{number + 2}"}},
}


def strangers(app, people, name: str, headers: Callable[[int], dict[str, str]]) -> list[bool]:
    """Let four different accounts fail, each once, with headers that say they come from elsewhere."""
    turned_away = []
    for number in range(4):
        client, more = at_place(app, people, name), OTHERS.get(name, lambda _number: {})(number)
        if name == "sign-in:code":
            officer = make_account("curator", username=f"petugas{number}")
            client = app.test_client()
            client.post("/masuk/petugas", data={"nama_pengguna": officer.username, "kata_sandi": PASSWORD})
        answer = TRIES[name](client, number, headers=headers(number), **more)
        turned_away.append(SAID in answer.text or answer.status_code == 429)
    return turned_away


def forged(number: int) -> dict[str, str]:
    return {"X-Forwarded-For": f"203.0.113.{number}", "Forwarded": f"for=203.0.113.{number}", "X-Real-IP": "10.0.0.1"}


def through_proxy(number: int) -> dict[str, str]:
    """What arrives when the one proxy in front adds the true address behind what a stranger made up."""
    return {"X-Forwarded-For": f"203.0.113.{number}, 198.51.100.7"}


@pytest.mark.parametrize("name", AT_AN_ADDRESS)
def test_an_address_may_fail_more_often_and_no_forged_header_dodges_it(app, people, monkeypatch, name):
    monkeypatch.setattr(limits, "ADDRESS_FACTOR", 1)
    set_limits(app, monkeypatch, **{name: (3, SECONDS[name])})

    assert strangers(app, people, name, forged) == [False, False, False, True]


@pytest.mark.parametrize("name", AT_AN_ADDRESS)
def test_twin_that_counts_no_addresses_lets_the_fourth_stranger_try(app, people, monkeypatch, name):
    whole = limits.check
    monkeypatch.setattr(limits, "ADDRESS_FACTOR", 1)
    monkeypatch.setattr(limits, "check", lambda limit, key: limit.endswith(limits.ADDRESS) or whole(limit, key))
    set_limits(app, monkeypatch, **{name: (3, SECONDS[name])})

    assert strangers(app, people, name, forged) == [False] * 4


@pytest.mark.parametrize(("proxies", "dodged"), [("1", False), ("2", True)], ids=["as it stands", "twin"])
def test_behind_the_proxy_the_address_it_saw_counts(another_app, people, monkeypatch, proxies, dodged):
    """The twin believes one proxy more than there is: then what a stranger wrote is taken for an address."""
    app = another_app(LAPAK_PROXIES=proxies, LAPAK_LIMITS="order-look-up=3/3600", LAPAK_PUBLIC_URL="http://localhost")
    monkeypatch.setattr(limits, "ADDRESS_FACTOR", 1)

    assert strangers(app, people, "order-look-up", through_proxy)[-1] is not dodged


def test_an_address_may_fail_twenty_times_as_often(app):
    assert limits.rate("order-look-up") == (20, 3600)
    assert limits.rate("order-look-up" + limits.ADDRESS) == (400, 3600)
    assert all(limits.rate(name)[0] == 10 for name in LIMITS if name in {"sign-in:pin", "sign-in:card"})
    assert {limits.rate(f"sign-in:{door}") for door in ("pin", "password", "card", "code")} == {(10, 300)}


def test_what_phones_bring_in_and_orders_have_no_limit_below_six_hundred_a_minute(app):
    most, seconds = limits.rate("sync")

    assert most * 60 >= 600 * seconds
    assert not {name for name in LIMITS if "checkout" in name or name.startswith("cart")}


def test_one_order_is_guessed_at_twenty_times_an_hour_whoever_asks(app, people):
    """From many addresses too; other orders and the right link stay open."""
    order = ready_order(make_product(make_shop(people)), people)
    answers = [
        app.test_client().get(f"/pesanan/{order.code}?s=x", environ_base={"REMOTE_ADDR": f"198.51.100.{number}"})
        for number in range(21)
    ]
    right = app.test_client().get(f"/pesanan/{order.code}?s={links.link_signature(order.code)}")

    assert [answer.status_code for answer in answers] == [404] * 20 + [429]
    assert right.status_code == 200
    assert app.test_client().get("/pesanan/ABCDEF?s=x").status_code == 404


def test_looking_up_what_is_right_counts_against_nobody(app, people):
    order = ready_order(make_product(make_shop(people)), people)
    for _again in range(25):
        app.test_client().get(f"/pesanan/{order.code}?s={links.link_signature(order.code)}")

    assert db.session.scalar(select(func.count()).select_from(LimitHit)) == 0


@pytest.mark.race
def test_many_tries_at_once_gain_nothing(app):
    answers, start = [], threading.Barrier(12)

    def act() -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    limits.spend("sign-in:new-phone", "one account")
                answers.append("tried")
            except TooMany:
                answers.append("turned away")

    db.session.rollback()
    threads = [threading.Thread(target=act) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["tried"] * 5 + ["turned away"] * 7


@pytest.mark.parametrize("given", ["sign-in:pin", "sign-in:pin=0/300", "sign-in:pin=-1/3", "other=1/1", "wish=a/b"])
def test_a_limit_that_cannot_be_read_is_said_in_one_line(given, tmp_path):
    with pytest.raises(BadSettings, match="LAPAK_LIMITS") as refusal:
        load_settings({"LAPAK_VAR_DIR": str(tmp_path), "LAPAK_LIMITS": given})

    assert "\n" not in str(refusal.value)


def test_what_is_not_named_stays(tmp_path):
    settings = load_settings({"LAPAK_VAR_DIR": str(tmp_path), "LAPAK_LIMITS": "wish=7/60, photo=3/60"})

    assert settings.limits == {**LIMITS, "wish": (7, 60), "photo": (3, 60)}

"""A seller comes in: card on a new phone, PIN on a known one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.db import db, transaction
from app.core.vault import token_hash
from app.people.accounts import operations as accounts
from app.people.accounts import sessions
from app.people.accounts.models import Account, Device, WebSession
from tests.factories.people import PIN, make_account, make_card, make_device, sign_in
from tests.support.log import did, log

PHONE = "+6281234567890"
TYPED = "0812-3456 7890"
OTHER_PIN = "739182"


@pytest.fixture
def newcomer(app):
    return make_account(phone=PHONE, pin=None)


@pytest.fixture
def seller(app):
    return make_account(phone=PHONE)


def by_card(client, code, phone=TYPED, **more):
    return client.post("/masuk", data={"telepon": phone, "kode_kartu": code, **more})


def by_pin(client, pin=PIN, phone=TYPED, **more):
    return client.post("/masuk", data={"telepon": phone, "pin": pin, **more})


def choose_pin(client, step, **more):
    return client.post(step.location, data={"hp": "sendiri", "pin": PIN, "pin_lagi": PIN, **more})


def on_known_phone(client, *owners, token="the family phone"):
    client.set_cookie("hp", token)
    for owner in owners:
        make_device(owner, token)


def forget_session(client):
    client.delete_cookie("sesi")


def open_sessions():
    return list(db.session.scalars(select(WebSession).where(WebSession.ended_at.is_(None))))


def test_card_then_a_pin_of_her_own_opens_her_desk(client, newcomer):
    code = make_card(newcomer)

    step = by_card(client, f"{code[:4]}-{code[4:8].lower()} {code[8:]}")
    page = client.get(step.location)
    answer = choose_pin(client, step)

    assert step.status_code == 303
    assert newcomer.name in page.text
    assert (answer.status_code, answer.location) == (303, "/jualan")
    assert client.get("/saya").status_code == 200
    (session,) = open_sessions()
    assert session.idle_seconds == 14 * 86_400
    assert log("device.bound") == [did(newcomer, f"device:{session.device_id}", shared=False)]
    assert log("account.entered") == [did(newcomer, newcomer, device=session.device_id)]


def test_a_shared_phone_rests_fifteen_minutes(client, newcomer):
    choose_pin(client, by_card(client, make_card(newcomer)), hp="bersama")

    assert open_sessions()[0].idle_seconds == 900
    assert db.session.scalars(select(Device)).one().shared


def test_next_time_phone_and_pin_are_enough(client, newcomer):
    choose_pin(client, by_card(client, make_card(newcomer)))
    forget_session(client)

    asked = client.get("/masuk")
    answer = by_pin(client)

    assert 'name="kode_kartu"' not in asked.text
    assert answer.location == "/jualan"


def test_a_new_phone_asks_for_the_pin_she_has(client, seller):
    step = by_card(client, make_card(seller))
    page = client.get(step.location)

    wrong = client.post(step.location, data={"hp": "sendiri", "pin": OTHER_PIN})
    right = client.post(step.location, data={"hp": "sendiri", "pin": PIN})

    assert "pin_lagi" not in page.text
    assert wrong.status_code == 422
    assert "PIN belum cocok" in wrong.text
    assert right.location == "/jualan"


def test_a_found_card_does_not_open_by_patience(client, seller):
    step = by_card(client, make_card(seller))
    for guess in range(5):
        client.post(step.location, data={"hp": "sendiri", "pin": f"73918{guess}"})

    answer = client.post(step.location, data={"hp": "sendiri", "pin": PIN})

    assert answer.status_code == 429
    assert "15 menit" in answer.text


@pytest.mark.parametrize(
    ("pin", "again", "sentence"),
    [
        ("123456", "123456", "mudah ditebak"),
        ("567890", "567890", "mudah ditebak"),
        ("12a456", "12a456", "6 angka"),
        (PIN, OTHER_PIN, "Belum sama"),
        ("", "", "perlu diisi"),
    ],
)
def test_a_poor_pin_is_explained(client, newcomer, pin, again, sentence):
    answer = choose_pin(client, by_card(client, make_card(newcomer)), pin=pin, pin_lagi=again)

    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_new_card_kills_the_old_one(client, newcomer):
    old = make_card(newcomer)
    with transaction():
        _card, new = accounts.issue_card(newcomer, by=newcomer)

    assert by_card(client, old).status_code == 422
    assert by_card(client, new).status_code == 303


def test_a_card_that_dies_half_way_opens_nothing(client, newcomer):
    step = by_card(client, make_card(newcomer))
    with transaction():
        accounts.issue_card(newcomer, by=newcomer)

    answer = choose_pin(client, step)

    assert answer.location == "/masuk?ulang=1"
    assert open_sessions() == []


def test_half_way_in_cannot_be_played_twice(client, app, newcomer):
    step = by_card(client, make_card(newcomer))
    cookie = client.get_cookie("pintu").value
    choose_pin(client, step)
    thief = app.test_client()
    thief.set_cookie("pintu", cookie)

    assert choose_pin(thief, step, pin=OTHER_PIN, pin_lagi=OTHER_PIN).location == "/masuk?ulang=1"


def test_five_wrong_pins_lock_this_phone_until_the_card_is_shown(client, seller):
    on_known_phone(client, seller)
    for guess in range(5):
        assert by_pin(client, f"73918{guess}").status_code == 422
    phone = db.session.scalars(select(Device)).one()
    assert log("device.last_pin_try") == [did(None, phone, region=seller.region_code)]

    locked = by_pin(client)
    step = by_card(client, make_card(seller))
    client.post(step.location, data={"hp": "sendiri", "pin": PIN})
    forget_session(client)

    assert locked.status_code == 422
    assert by_pin(client).location == "/jualan"


def test_the_twin_without_the_count_of_wrong_pins_lets_the_sixth_guess_in(client, seller, monkeypatch):
    monkeypatch.setattr("app.people.entrance.operations.MOST_WRONG_PINS", 99)
    on_known_phone(client, seller)
    for guess in range(5):
        by_pin(client, f"73918{guess}")

    assert by_pin(client).location == "/jualan"


def test_a_locked_phone_says_nothing_else_than_a_wrong_pin(client, seller):
    on_known_phone(client, seller)

    assert len({by_pin(client, f"73918{guess}").text for guess in range(6)}) == 1


def test_a_stranger_elsewhere_cannot_lock_her_out_of_her_own_phone(client, app, seller):
    on_known_phone(client, seller)
    stranger = app.test_client()
    last = [by_pin(stranger, f"73918{guess % 10}") for guess in range(11)][-1]

    assert last.status_code == 429
    assert by_pin(client).location == "/jualan"


def test_a_pin_opens_nothing_on_a_strange_phone(client, seller):
    assert by_pin(client).status_code == 422


def test_unknown_number_and_wrong_pin_read_the_same(client, seller):
    on_known_phone(client, seller)
    wrong = by_pin(client, OTHER_PIN)
    unknown = by_pin(client, OTHER_PIN, phone="0899-9999-9999")

    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace(TYPED, "X") == unknown.text.replace("0899-9999-9999", "X")


def test_unknown_number_and_wrong_card_read_the_same(client, seller):
    make_card(seller)
    wrong = by_card(client, "2222222222222")
    unknown = by_card(client, "2222222222222", phone="0899-9999-9999")

    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace(TYPED, "X") == unknown.text.replace("0899-9999-9999", "X")


def test_an_unknown_number_costs_a_hash_too(client, monkeypatch):
    asked = []
    monkeypatch.setattr("app.people.accounts.hashing.is_pin", lambda stored, pin: asked.append(stored) or False)

    by_pin(client, phone="0899-9999-9999")

    assert asked == [None]


def test_two_sellers_on_one_phone_and_number_are_told_apart_by_pin(client, seller):
    sister = make_account(phone=PHONE, pin=OTHER_PIN)
    on_known_phone(client, seller, sister)

    by_pin(client, OTHER_PIN)

    assert open_sessions()[0].account_id == sister.id


def test_the_sister_who_shares_the_phone_is_not_locked_by_her(client, seller):
    sister = make_account(phone=PHONE, pin=OTHER_PIN)
    on_known_phone(client, seller, sister)
    for _again in range(7):
        assert by_pin(client).location == "/jualan"
        forget_session(client)

    assert by_pin(client, OTHER_PIN).location == "/jualan"


def test_her_own_pin_buys_the_sister_no_more_guesses_at_hers(client, seller):
    sister = make_account(phone=PHONE, pin=OTHER_PIN)
    on_known_phone(client, seller, sister)
    for guess in range(5):
        by_pin(client, f"59371{guess}")
        by_pin(client)
        forget_session(client)

    by_pin(client, OTHER_PIN)
    assert sister.id not in {row.account_id for row in open_sessions()}


def test_the_same_pin_twice_asks_which_shop(client, seller):
    sister = make_account(phone=PHONE)
    on_known_phone(client, seller, sister)

    step = by_pin(client)
    page = client.get(step.location)
    answer = client.post(step.location, data={"akun": str(sister.id)})

    assert sister.name in page.text
    assert answer.location == "/jualan"
    assert open_sessions()[0].account_id == sister.id


def test_a_new_pin_of_either_sister_ends_the_choice(client, seller):
    """Each of them could be chosen, so the secrets of each are part of what was proved."""
    sister = make_account(phone=PHONE, name="Sari")
    on_known_phone(client, seller, sister)
    step = by_pin(client)
    with transaction():
        accounts.set_pin(db.session.get_one(Account, sister.id), "a new hash", by=sister)

    answer = client.post(step.location, data={"akun": str(sister.id)})

    assert answer.location == "/masuk?ulang=1"
    assert open_sessions() == []


@pytest.mark.parametrize("choice", ["", "0", "x", "9" * 20, "\x00"])
def test_the_choice_holds_only_those_whose_pin_fitted(client, seller, choice):
    on_known_phone(client, seller, make_account(phone=PHONE))
    step = by_pin(client)

    assert client.post(step.location, data={"akun": choice}).status_code == 422
    assert client.post(step.location, data={"akun": str(make_account().id)}).status_code == 422
    assert open_sessions() == []


@pytest.mark.parametrize("state", ["disabled", "ended"])
def test_whoever_is_shut_out_stays_outside(client, app, state):
    shut = make_account(phone=PHONE, state=state)
    on_known_phone(client, shut)

    assert by_pin(client).status_code == 422
    assert by_card(client, make_card(shut)).status_code == 422


def test_a_paused_seller_still_comes_in(client, app):
    on_known_phone(client, make_account(phone=PHONE, state="paused"))

    assert by_pin(client).location == "/jualan"


def test_a_planted_phone_token_is_worth_nothing_after_binding(client, newcomer):
    planted = "planted by a thief"
    on_known_phone(client, make_account(), token=planted)
    choose_pin(client, by_card(client, make_card(newcomer)))

    assert list(db.session.scalars(select(Device).where(Device.token_hash == token_hash(planted)))) == []
    assert client.get_cookie("hp").value != planted


def test_the_session_cookie_is_fresh_at_every_sign_in(client, seller):
    on_known_phone(client, seller)
    client.set_cookie("sesi", "chosen-by-an-attacker")
    by_pin(client)
    first = client.get_cookie("sesi").value
    forget_session(client)
    by_pin(client)

    assert len({"chosen-by-an-attacker", first, client.get_cookie("sesi").value}) == 3


def test_signing_in_ends_the_session_before(client, seller):
    on_known_phone(client, seller)
    sign_in(client, make_account("curator"))
    before = client.get_cookie("sesi").value
    by_pin(client)

    row = db.session.scalars(select(WebSession).where(WebSession.token_hash == token_hash(before))).one()
    assert row.ended_at is not None


def test_cookies_cannot_be_read_by_scripts(client, newcomer):
    step = by_card(client, make_card(newcomer))
    answer = choose_pin(client, step)
    given = step.headers.getlist("Set-Cookie") + answer.headers.getlist("Set-Cookie")

    assert {line.split("=")[0] for line in given} == {"pintu", "sesi", "hp"}
    assert all("HttpOnly" in line and "SameSite=Lax" in line and "Path=/" in line for line in given)
    assert all("Domain" not in line for line in given)


def test_behind_tls_cookies_are_bound_to_the_host(client, app, newcomer, monkeypatch):
    settings = app.extensions["lapak_settings"]
    monkeypatch.setitem(app.extensions, "lapak_settings", replace(settings, secure_cookies=True))
    where = {"base_url": "https://localhost"}
    step = client.post("/masuk", data={"telepon": TYPED, "kode_kartu": make_card(newcomer)}, **where)
    answer = client.post("/masuk/hp", data={"hp": "sendiri", "pin": PIN, "pin_lagi": PIN}, **where)
    given = step.headers.getlist("Set-Cookie") + answer.headers.getlist("Set-Cookie")

    assert {line.split("=")[0] for line in given} == {"__Host-pintu", "__Host-sesi", "__Host-hp"}
    assert all("Secure" in line and "Path=/" in line for line in given)


@pytest.mark.parametrize(
    ("target", "lands"),
    [
        ("/jualan/pesanan?x=1", "/jualan/pesanan?x=1"),
        ("https://jahat.example/", "/jualan"),
        ("//jahat.example/", "/jualan"),
        ("/\\jahat.example/", "/jualan"),
        ("/\t/jahat.example/", "/jualan"),
        ("javascript:alert(1)", "/jualan"),
        ("/jualan\r\nSet-Cookie: a=b", "/jualan"),
        ("/" + "x" * 70_000, "/jualan"),
    ],
)
def test_next_stays_on_this_site(client, seller, target, lands):
    on_known_phone(client, seller)

    assert by_pin(client, next=target).location == lands


def test_next_survives_the_card_and_the_choice_of_a_pin(client, newcomer):
    step = by_card(client, make_card(newcomer), next="/saya")

    assert choose_pin(client, step).location == "/saya"


def test_whoever_is_inside_is_led_on(client, seller):
    sign_in(client, seller)

    assert client.get("/masuk").location == "/jualan"
    assert client.get("/masuk?next=/saya").location == "/saya"
    assert client.get("/masuk?next=//jahat.example").location == "/jualan"
    assert client.get("/masuk/petugas").location == "/jualan"


def test_too_many_tries_are_told_when_to_come_back(client, seller):
    for _again in range(10):
        by_card(client, "2222222222222")

    answer = by_card(client, make_card(seller))

    assert answer.status_code == 429
    assert "5 menit" in answer.text
    assert answer.headers["Retry-After"] == "300"
    assert TYPED in answer.text


def test_a_forged_header_does_not_dodge_the_limit_of_an_address(client, monkeypatch):
    """An address may fail twenty times as often as an account, then another number is refused too."""
    monkeypatch.setattr("app.core.limits.ADDRESS_FACTOR", 2)
    before = [by_card(client, "2222222222222", phone=f"0813{number:08d}").status_code for number in range(20)]
    after = [
        client.post(
            "/masuk",
            data={"telepon": f"0814{number:08d}", "kode_kartu": "2222222222222"},
            headers={"X-Forwarded-For": f"10.0.0.{number}", "Forwarded": f"for=10.0.0.{number}"},
        ).status_code
        for number in range(3)
    ]

    assert before == [422] * 20
    assert after == [429] * 3


def test_right_tries_do_not_count_against_the_address(client, seller, monkeypatch):
    monkeypatch.setattr("app.core.limits.ADDRESS_FACTOR", 1)
    on_known_phone(client, seller)
    for _again in range(12):
        assert by_pin(client).location == "/jualan"
        forget_session(client)


def test_strangers_at_the_same_address_do_not_lock_her_out_of_her_own_phone(client, app, seller, monkeypatch):
    """A bazaar shares one address: whoever fails there on purpose stops only those who are strangers too."""
    monkeypatch.setattr("app.core.limits.ADDRESS_FACTOR", 1)
    on_known_phone(client, seller)
    for number in range(10):
        by_pin(app.test_client(), phone=f"0813{number:08d}")

    assert by_pin(app.test_client(), phone="081399999999").status_code == 429
    assert by_pin(client).location == "/jualan"


HOSTILE = ["", "\x00", "a\x00b", "9" * 20, "x" * 70_000, "\u202e0812\u202c", "😀" * 50, "\ud800", "<script>", "=1+1"]


def encoded(fields):
    """Spell a form body by hand: even signs that no library would send."""
    spelled = {name: value.encode("utf-8", "surrogatepass") for name, value in fields.items()}
    return "&".join(f"{name}=" + "".join(f"%{byte:02x}" for byte in value) for name, value in spelled.items())


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", ["telepon", "pin", "kode_kartu", "next"])
def test_hostile_words_at_the_door_are_answered_calmly(client, seller, field, text):
    fields = {"telepon": TYPED, ("kode_kartu" if field == "kode_kartu" else "pin"): OTHER_PIN} | {field: text}

    answer = client.post("/masuk", data=encoded(fields), content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 422


def test_doubled_and_missing_parameters(client, seller):
    doubled = client.post("/masuk?telepon=1", data={"telepon": [TYPED, "1"], "pin": ["1", "2"]})
    missing = client.post("/masuk", data={})
    wrong_type = client.post("/masuk", data=b'{"telepon": []}', content_type="application/json")

    assert {doubled.status_code, missing.status_code, wrong_type.status_code} == {422}


@pytest.mark.parametrize("path", ["/masuk/hp", "/masuk/pilih", "/masuk/kode", "/masuk/pasang-kode"])
@pytest.mark.parametrize("cookie", ["", "nonsense", "eyJzdGVwIjoicGhvbmUifQ.abc.def"])
def test_nobody_starts_in_the_middle(client, path, cookie):
    client.set_cookie("pintu", cookie)

    assert client.get(path).status_code == 303
    assert client.post(path, data={"pin": PIN, "kode": "000000"}).status_code == 303


def test_a_step_opens_only_its_own_page(client, seller):
    by_card(client, make_card(seller))

    assert {client.get(path).status_code for path in ("/masuk/pilih", "/masuk/kode", "/masuk/pasang-kode")} == {303}


def test_the_card_code_stands_in_no_answer_and_no_address(client, newcomer):
    code = make_card(newcomer)
    step = by_card(client, code)

    assert code not in step.text + step.location + str(step.headers)


def test_the_way_out_ends_the_session_on_the_server(client, seller):
    on_known_phone(client, seller)
    by_pin(client)
    cookie = client.get_cookie("sesi").value
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/keluar").text)[1]

    answer = client.post("/keluar", data={"csrf_token": token})
    client.set_cookie("sesi", cookie)

    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert client.get("/saya").location.startswith("/masuk?next=")


def test_the_twin_where_only_the_cookie_goes_leaves_the_session_alive(client, seller, monkeypatch):
    monkeypatch.setattr("app.people.accounts.sessions.end", lambda *rows: None)
    sign_in(client, seller)
    cookie = client.get_cookie("sesi").value
    client.post("/keluar")
    client.set_cookie("sesi", cookie)

    assert client.get("/saya").status_code == 200


def test_neither_a_link_nor_a_foreign_page_signs_anybody_out(client, seller):
    sign_in(client, seller)
    token = client.environ_base.pop("HTTP_X_CSRFTOKEN")

    client.get("/keluar")
    without = client.post("/keluar")
    foreign = client.post("/keluar", headers={"Origin": "https://jahat.example", "X-CSRFToken": token})

    assert {without.status_code, foreign.status_code} == {400}
    assert client.get("/saya").status_code == 200


def test_a_session_rests_only_so_long(client, seller):
    sign_in(client, seller, idle_seconds=900)
    with transaction():
        row = open_sessions()[0]
        row.seen_at -= timedelta(seconds=901)

    assert client.get("/saya").status_code == 303
    assert not sessions.is_alive(open_sessions()[0])

"""The office comes in: password, then always the second factor."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.core.db import db, transaction
from app.people.accounts import hashing
from app.people.accounts.models import Account, WebSession
from tests.factories.people import PASSWORD, make_account, totp
from tests.support.log import did, log


@pytest.fixture
def curator(app):
    return make_account("curator", username="siti.kurator")


def by_password(client, username="siti.kurator", password=PASSWORD, **more):
    return client.post("/masuk/petugas", data={"nama_pengguna": username, "kata_sandi": password, **more})


def give(client, step, code):
    return client.post(step.location, data={"kode": code})


def test_password_and_code_open_the_desk(client, curator):
    step = by_password(client, " Siti.Kurator ")
    page = client.get(step.location)
    answer = give(client, step, f"{totp()[:3]} {totp()[3:]}")

    assert step.location == "/masuk/kode"
    assert "Kode 6 angka" in page.text
    assert answer.location == "/dinsos"
    assert db.session.scalars(select(WebSession)).one().idle_seconds == 1800
    assert log("account.entered") == [did(curator, curator, device=0)]


def test_a_pendamping_lands_at_her_villages(client, app):
    make_account("pendamping", username="rina")

    assert give(client, by_password(client, "rina"), totp()).location == "/dampingan"


def test_a_password_alone_opens_nothing(client, curator):
    by_password(client)

    assert client.get("/saya").status_code == 303
    assert db.session.scalars(select(WebSession)).all() == []


def test_a_code_counts_once(client, app, curator):
    code = totp()
    give(client, by_password(client), code)
    other = app.test_client()
    step = by_password(other)

    again, later = give(other, step, code), give(other, step, totp(steps=1))

    assert again.status_code == 422
    assert later.location == "/dinsos"


def test_the_twin_that_forgets_the_step_lets_a_code_count_twice(client, app, curator):
    code = totp()
    give(client, by_password(client), code)
    with transaction():
        db.session.get(Account, curator.id).totp_last_step = 0
    other = app.test_client()

    assert give(other, by_password(other), code).location == "/dinsos"


@pytest.mark.parametrize(("steps", "opens"), [(-1, True), (1, True), (-3, False), (3, False)])
def test_a_clock_may_be_half_a_minute_off(client, curator, steps, opens):
    answer = give(client, by_password(client), totp(steps=steps))

    assert (answer.status_code == 303) is opens


def test_wrong_password_and_unknown_name_read_the_same(client, curator):
    wrong = by_password(client, password="bukan kata sandi")
    unknown = by_password(client, "orang.asing", "bukan kata sandi")

    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace("siti.kurator", "X") == unknown.text.replace("orang.asing", "X")


def test_an_unknown_name_costs_a_hash_too(client, monkeypatch):
    asked = []
    monkeypatch.setattr("app.people.accounts.hashing.is_password", lambda stored, text: asked.append(stored) or False)

    by_password(client, "orang.asing")

    assert asked == [None]


def test_a_disabled_officer_stays_outside(client, app):
    make_account("curator", username="lama", state="disabled")

    assert by_password(client, "lama").status_code == 422


def test_neither_door_takes_the_other_kind_of_person(client, app):
    make_account("seller", username="siti", password=PASSWORD)
    make_account("curator", phone="+6281234567890", pin="482915")

    assert by_password(client, "siti").status_code == 422
    assert client.post("/masuk", data={"telepon": "081234567890", "pin": "482915"}).status_code == 422


def test_ten_wrong_passwords_rest_the_name_for_five_minutes(client, curator):
    for _again in range(10):
        by_password(client, password="bukan kata sandi")

    answer = by_password(client)

    assert answer.status_code == 429
    assert "5 menit" in answer.text
    assert "siti.kurator" in answer.text


def test_ten_wrong_codes_rest_it_too(client, curator):
    step = by_password(client)
    for _again in range(10):
        give(client, step, "000000")

    assert give(client, step, totp()).status_code == 429


def test_an_unknown_name_is_limited_the_same(client, app):
    statuses = [by_password(client, "orang.asing", "bukan kata sandi").status_code for _again in range(11)]

    assert statuses == [422] * 10 + [429]


def test_the_first_sign_in_sets_the_second_factor(client, app):
    make_account("head", username="kadis", totp_secret=None)
    step = by_password(client, "kadis")
    secret = re.search(r'class="number">([A-Z2-7 ]+)<', client.get(step.location).text)[1].replace(" ", "")

    wrong = give(client, step, "000000")
    answer = give(client, step, totp(secret))

    assert step.location == "/masuk/pasang-kode"
    assert wrong.status_code == 422
    assert secret in wrong.text.replace(" ", "")
    assert answer.location == "/dinsos"
    assert by_password(app.test_client(), "kadis").location == "/masuk/kode"


def test_half_way_in_is_worth_nothing_after_a_new_password(client, curator):
    step = by_password(client)
    with transaction():
        account = db.session.get(Account, curator.id)
        account.password_hash, account.version = hashing.hash_password("kata sandi yang lain"), 2

    assert give(client, step, totp()).location == "/masuk/petugas?ulang=1"


def test_half_way_in_lasts_ten_minutes(client, curator, monkeypatch):
    step = by_password(client)
    monkeypatch.setattr("app.people.entrance.pending.PENDING_SECONDS", -1)

    assert give(client, step, totp()).location == "/masuk/petugas?ulang=1"


def test_old_hashes_are_renewed_on_the_way_in(client, curator):
    weak = hashing._hasher(1, 9).hash(PASSWORD.encode())
    with transaction():
        db.session.get(Account, curator.id).password_hash = weak

    step = by_password(client)

    assert db.session.get(Account, curator.id).password_hash != weak
    assert give(client, step, totp()).location == "/dinsos"


@pytest.mark.parametrize("field", ["nama_pengguna", "kata_sandi", "next"])
@pytest.mark.parametrize("text", ["", "\x00", "x" * 70_000, "\u202eabc", "😀" * 30, "<b>", "=cmd", "\ud800"])
def test_hostile_words_are_answered_calmly(client, curator, field, text):
    fields = {"nama_pengguna": "siti.kurator", "kata_sandi": "bukan"} | {field: text}
    spelled = {name: value.encode("utf-8", "surrogatepass") for name, value in fields.items()}
    body = "&".join(f"{name}=" + "".join(f"%{byte:02x}" for byte in value) for name, value in spelled.items())

    answer = client.post("/masuk/petugas", data=body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 422


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "\x00", "9" * 70_000])
def test_hostile_codes_are_answered_calmly(client, curator, code):
    assert give(client, by_password(client), code).status_code == 422

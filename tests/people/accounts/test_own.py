"""Her own account: what stands there, and what ends when it changes."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.people.accounts import hashing
from app.people.accounts import operations as accounts
from app.people.accounts.models import Account, Device, WebSession
from tests.factories.people import PASSWORD, PIN, make_account, make_device, sign_in, totp
from tests.support.pages import without_tokens

NEW_PIN = "739182"
NEW_PASSWORD = "sepeda tua menyanyi keras"


@pytest.fixture
def seller(app):
    return make_account(phone="+6281234567890")


@pytest.fixture
def curator(app):
    return make_account("curator")


def alive(account):
    query = select(WebSession).where(WebSession.account_id == account.id, WebSession.ended_at.is_(None))
    return list(db.session.scalars(query))


def elsewhere(app, account):
    client = app.test_client()
    sign_in(client, account)
    return client


def test_the_page_shows_her_way_in_and_hides_her_number(client, seller):
    sign_in(client, seller)

    page = client.get("/saya")

    assert seller.name in page.text
    assert "0812-****-7890" in page.text
    assert "81234567890" not in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_a_visitor_is_led_to_the_door_and_back(client):
    assert client.get("/saya").location == "/masuk?next=/saya"


def test_one_session_can_be_ended(client, app, seller):
    other = elsewhere(app, seller)
    sign_in(client, seller)
    row = min(alive(seller), key=lambda each: each.id)

    client.post(f"/saya/sesi/{row.id}/akhiri")

    assert other.get("/saya").status_code == 303
    assert client.get("/saya").status_code == 200


def test_ending_the_own_session_signs_out_here(client, seller):
    sign_in(client, seller)

    answer = client.post(f"/saya/sesi/{alive(seller)[0].id}/akhiri")

    assert answer.location == "/masuk?keluar=1"
    assert client.get("/saya").status_code == 303


def test_somebody_elses_session_and_phone_do_not_exist(client, app, seller, curator):
    sign_in(client, seller)
    elsewhere(app, curator)
    theirs, phone = alive(curator)[0], make_device(make_account())

    missing = client.post("/saya/sesi/999999/akhiri")
    foreign = client.post(f"/saya/sesi/{theirs.id}/akhiri")

    assert missing.status_code == foreign.status_code == 404
    mine, hers = (without_tokens(page.text) for page in (missing, foreign))
    assert mine.replace("/999999/", "/N/") == hers.replace(f"/{theirs.id}/", "/N/")
    assert client.post(f"/saya/hp/{phone.id}/lupakan").status_code == 404
    assert alive(curator)


def test_signing_out_everywhere_ends_all(client, app, seller):
    elsewhere(app, seller)
    sign_in(client, seller)

    client.post("/saya/sesi/akhiri-semua")

    assert alive(seller) == []


def test_a_phone_can_be_forgotten(client, seller):
    phone = make_device(seller)
    sign_in(client, seller)

    client.post(f"/saya/hp/{phone.id}/lupakan")

    assert db.session.get(Device, phone.id).ended_at is not None


def test_whoever_is_signed_in_on_a_forgotten_phone_is_out_and_nobody_else(client, app, seller):
    phone, finder = make_device(seller), elsewhere(app, seller)
    with transaction():
        alive(seller)[0].device_id = phone.id
    sign_in(client, seller)

    client.post(f"/saya/hp/{phone.id}/lupakan")

    assert finder.get("/saya").status_code == 303
    assert client.get("/saya").status_code == 200


def test_a_new_pin_ends_every_session_but_this(client, app, seller):
    other = elsewhere(app, seller)
    sign_in(client, seller)
    before = client.get_cookie("sesi").value

    answer = client.post("/saya/pin", data={"pin_sekarang": PIN, "pin": NEW_PIN, "pin_lagi": NEW_PIN})

    assert answer.location == "/saya?tersimpan=1"
    assert client.get_cookie("sesi").value != before
    assert client.get("/saya").status_code == 200
    assert other.get("/saya").status_code == 303
    assert hashing.is_pin(db.session.get(Account, seller.id).pin_hash, NEW_PIN)


def test_the_twin_where_a_new_pin_ends_nothing_leaves_the_other_phone_inside(client, app, seller, monkeypatch):
    other = elsewhere(app, seller)
    sign_in(client, seller)
    monkeypatch.setattr("app.people.accounts.sessions.end_all", lambda *args, **kwargs: None)
    client.post("/saya/pin", data={"pin_sekarang": PIN, "pin": NEW_PIN, "pin_lagi": NEW_PIN})

    assert other.get("/saya").status_code == 200


@pytest.mark.parametrize(
    ("now", "new", "again", "sentence"),
    [
        ("111111", NEW_PIN, NEW_PIN, "Belum cocok"),
        (PIN, "121212", "121212", "mudah ditebak"),
        (PIN, NEW_PIN, PIN, "Belum sama"),
        ("", "", "", "perlu diisi"),
        ("\x00", "x" * 70_000, "😀", "6 angka"),
    ],
)
def test_a_poor_change_of_pin_is_explained(client, seller, now, new, again, sentence):
    sign_in(client, seller)

    answer = client.post("/saya/pin", data={"pin_sekarang": now, "pin": new, "pin_lagi": again})

    assert answer.status_code == 422
    assert sentence in answer.text


def test_guessing_the_present_pin_is_limited(client, seller):
    sign_in(client, seller)
    for guess in range(10):
        client.post("/saya/pin", data={"pin_sekarang": f"59371{guess}", "pin": NEW_PIN, "pin_lagi": NEW_PIN})

    answer = client.post("/saya/pin", data={"pin_sekarang": PIN, "pin": NEW_PIN, "pin_lagi": NEW_PIN})

    assert "Terlalu banyak" in answer.text
    assert hashing.is_pin(db.session.get(Account, seller.id).pin_hash, PIN)


def test_a_new_password_ends_every_session_but_this(client, app, curator):
    other = elsewhere(app, curator)
    sign_in(client, curator)

    client.post(
        "/saya/kata-sandi", data={"sandi_sekarang": PASSWORD, "sandi": NEW_PASSWORD, "sandi_lagi": NEW_PASSWORD}
    )

    assert client.get("/saya").status_code == 200
    assert other.get("/saya").status_code == 303
    assert hashing.is_password(db.session.get(Account, curator.id).password_hash, NEW_PASSWORD)


CHANGED = {"pin_sekarang": PIN, "pin": NEW_PIN, "pin_lagi": NEW_PIN}
RENEWED = {"sandi_sekarang": PASSWORD, "sandi": NEW_PASSWORD, "sandi_lagi": NEW_PASSWORD}


@pytest.mark.parametrize(
    ("role", "path", "typed", "told"),
    [
        ("seller", "/saya/sesi/akhiri-semua", {}, ["account.signed_out_everywhere"]),
        ("seller", "/saya/hp/{phone}/lupakan", {}, ["device.forgotten"]),
        ("seller", "/saya/pin", CHANGED, ["account.pin_set"]),
        ("curator", "/saya/kata-sandi", RENEWED, ["account.password_set"]),
    ],
)
def test_each_change_of_the_way_in_stands_in_the_log_without_a_secret(client, app, role, path, typed, told):
    person = make_account(role)
    phone = make_device(person) if role == "seller" else None
    sign_in(client, person)

    client.post(path.format(phone=phone.id if phone else 0), data=typed)

    rows = list(db.session.scalars(select(AuditEntry).where(AuditEntry.actor_id == person.id)))
    assert [row.action for row in rows] == told
    assert [each for each in typed.values() if each in str([row.facts for row in rows])] == []


@pytest.mark.parametrize("password", ["pendek", "KabupatenSerang2026!", "telurasintelurasin", "x" * 200])
def test_a_password_that_others_try_first_is_refused(client, curator, password):
    sign_in(client, curator)

    answer = client.post(
        "/saya/kata-sandi", data={"sandi_sekarang": PASSWORD, "sandi": password, "sandi_lagi": password}
    )

    assert answer.status_code == 422
    assert hashing.is_password(db.session.get(Account, curator.id).password_hash, PASSWORD)


def test_a_new_second_factor_asks_for_the_password(client, curator):
    sign_in(client, curator)
    page = client.get("/saya/kode").text
    secret = re.search(r'class="number">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    sealed = re.search(r'name="baru" value="([^"]+)"', page)[1]

    wrong = client.post("/saya/kode", data={"baru": sealed, "sandi_sekarang": "bukan", "kode": totp(secret)})
    right = client.post("/saya/kode", data={"baru": sealed, "sandi_sekarang": PASSWORD, "kode": totp(secret)})

    assert wrong.status_code == 422
    assert secret in wrong.text.replace(" ", "")
    assert right.location == "/saya?tersimpan=1"
    rows = list(db.session.scalars(select(AuditEntry)))
    assert [row.action for row in rows] == ["account.totp_set"]
    assert secret not in str(rows[0].facts)


@pytest.mark.parametrize("sealed", ["", "nonsense", "dev.AAAA", "\x00", "x" * 70_000])
def test_a_foreign_secret_is_not_taken(client, curator, sealed):
    sign_in(client, curator)

    answer = client.post("/saya/kode", data={"baru": sealed, "sandi_sekarang": PASSWORD, "kode": "123456"})

    assert answer.status_code == 422


def test_each_kind_of_person_has_only_the_own_pages(client, app, seller, curator):
    sign_in(client, seller)
    office = app.test_client()
    sign_in(office, curator)

    assert (client.get("/saya/kata-sandi").status_code, client.get("/saya/kode").status_code) == (404, 404)
    assert office.get("/saya/pin").status_code == 404


def test_disabling_ends_what_is_open(client, seller, curator):
    sign_in(client, seller)
    with transaction():
        accounts.disable(db.session.get(Account, seller.id), by=curator)

    assert client.get("/saya").status_code == 303
    assert alive(seller) == []


@pytest.mark.parametrize("path", ["/saya/sesi/akhiri-semua", "/saya/pin", "/saya/sesi/1/akhiri"])
def test_nothing_changes_without_the_token_of_the_page(client, seller, path):
    sign_in(client, seller)
    client.environ_base.pop("HTTP_X_CSRFTOKEN")

    assert client.post(path).status_code == 400
    assert alive(seller)

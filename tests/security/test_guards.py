"""Guards from the start and their twins: the same scene once as the house stands and once with the guard switched off.

Each scene returns what happened; `docs/security/guards.md` says which guard has its pair here and which elsewhere.
"""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session as OrmSession
from wtforms import ValidationError

from app.core import pictures, vault
from app.core.db import db, transaction
from app.core.pictures import PictureRefused, read_upload
from app.goods.shops import operations as shops
from app.goods.shops.models import Shop
from app.people.accounts import forms as account_forms
from app.people.accounts import hashing, sessions
from app.people.accounts import operations as accounts
from app.people.accounts import views as own_pages
from app.people.accounts.models import Account, WebSession
from app.people.entrance import operations as door
from app.trade.orders import placing
from app.trade.orders.models import Order, OrderGroup
from tests.factories.goods import make_product, variant_of
from tests.factories.people import PIN, make_account, make_card, make_device, sign_in
from tests.factories.trade import checkout, make_stall

NEW_PIN = "739182"


def nothing(*_args: object, **_facts: object) -> None:
    """Stand where a guard stood."""


# 2. An idempotency key under a unique index


def orders_after_two_taps(app) -> int:
    eggs = variant_of(make_product(make_stall()[1], qty=10))
    submit = checkout((eggs, 1), key="one form of hers")
    for _again in range(2):
        with transaction():
            placing.place(submit)
    return db.session.scalar(select(func.count()).select_from(Order)) or 0


def test_two_taps_make_one_order(app):
    assert orders_after_two_taps(app) == 1


def test_twin_without_the_key_two_taps_make_two(app, monkeypatch):
    whole = placing._claim_key

    def keyless(submit, blocks):
        return whole(placing.replace(submit, key=secrets.token_hex(16)), blocks)

    monkeypatch.setattr(placing, "_claim_key", keyless)

    assert orders_after_two_taps(app) == 2


def told_for_other_contents(app) -> str:
    eggs = variant_of(make_product(make_stall()[1], qty=10))
    with transaction():
        placing.place(checkout((eggs, 1), key="one form of hers"))
    try:
        with transaction():
            placing.place(checkout((eggs, 5), key="one form of hers"))
    except placing.KeyReused:
        return "refused"
    return "taken for the first"


def test_a_key_with_other_contents_is_refused(app):
    assert told_for_other_contents(app) == "refused"


def test_twin_that_does_not_compare_contents_swallows_the_second_order(app, monkeypatch):
    monkeypatch.setattr(placing, "contents_hash", lambda submit, blocks: "the same for all")

    assert told_for_other_contents(app) == "taken for the first"


# 3. Never answer before commit; the disk has it


def is_there_when_acknowledged(app, variant_id: int) -> bool:
    client = app.test_client()
    client.post("/keranjang", data={"varian": str(variant_id), "jumlah": "1"})
    hidden = dict(re.findall(r'name="(kunci|isi)" value="([^"]+)"', client.get("/pesan").text))
    told = client.post("/pesan", data={**hidden, "nama": "Ratna", "telepon": "081298765432"})
    assert told.status_code == 303
    db.session.rollback()
    return bool(db.session.scalar(select(func.count()).select_from(OrderGroup)))


def test_what_was_acknowledged_is_stored(app):
    assert is_there_when_acknowledged(app, variant_of(make_product(make_stall()[1])).id)


def test_twin_that_answers_without_commit_loses_what_it_acknowledged(app, monkeypatch):
    eggs = variant_of(make_product(make_stall()[1])).id
    monkeypatch.setattr(OrmSession, "commit", OrmSession.flush)

    assert not is_there_when_acknowledged(app, eggs)


def test_a_commit_reaches_the_disk(app, engine_name):
    connection = db.session.connection()
    if engine_name == "sqlite":
        asked = ("journal_mode", "synchronous", "foreign_keys")
        assert [connection.execute(text(f"PRAGMA {name}")).scalar() for name in asked] == ["wal", 2, 1]
    else:
        assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"


# 4. A version on every record that people edit


def story_after_a_stale_save(app) -> tuple[str, bool]:
    owner, shop = make_stall()
    with transaction():
        shops.describe(shop, story="yang baru", pickup_place="", pickup_hours="", phone=None, version=1, by=owner)
    refused = False
    try:
        with transaction():
            shops.describe(shop, story="yang basi", pickup_place="", pickup_hours="", phone=None, version=1, by=owner)
    except shops.StaleVersion:
        refused = True
    db.session.rollback()
    return db.session.get_one(Shop, shop.id).story, refused


def test_a_stale_save_overwrites_nothing(app):
    assert story_after_a_stale_save(app) == ("yang baru", True)


def test_twin_that_forgets_the_version_overwrites_in_silence(app, monkeypatch):
    monkeypatch.setattr(shops, "move_on", nothing)

    assert story_after_a_stale_save(app) == ("yang basi", False)


# 5. Sessions


def cookie_after_sign_in(app) -> str:
    seller = make_account(phone="+6281234567890")
    make_device(seller, "known")
    client = app.test_client()
    client.set_cookie("hp", "known")
    client.set_cookie("sesi", "chosen by a stranger")
    client.post("/masuk", data={"telepon": "081234567890", "pin": PIN})
    return str(client.get_cookie("sesi").value)


def test_the_session_is_renewed_at_sign_in(app):
    assert cookie_after_sign_in(app) != "chosen by a stranger"


def test_twin_that_keeps_the_cookie_lets_a_stranger_choose_it(app, monkeypatch):
    """Fixation: whoever planted the cookie is signed in with her."""
    monkeypatch.setattr(sessions.secrets, "token_urlsafe", lambda _bytes: "chosen by a stranger")
    monkeypatch.setattr(sessions, "current_id", lambda: 0)
    seller = make_account(phone="+6281234567890")
    make_device(seller, "known")
    client, stranger = app.test_client(), app.test_client()
    client.set_cookie("hp", "known")
    stranger.set_cookie("sesi", "chosen by a stranger")
    client.post("/masuk", data={"telepon": "081234567890", "pin": PIN})

    assert stranger.get("/saya").status_code == 200


def is_hashed(app) -> bool:
    seller = make_account(phone="+6281234567890")
    make_device(seller, "known")
    client = app.test_client()
    client.set_cookie("hp", "known")
    client.post("/masuk", data={"telepon": "081234567890", "pin": PIN})
    stored = db.session.scalars(select(WebSession.token_hash)).one()
    return client.get_cookie("sesi").value not in stored and len(client.get_cookie("sesi").value) >= 43


def test_only_the_hash_of_a_session_is_stored(app):
    assert is_hashed(app)


def test_twin_that_stores_the_token_itself_is_seen(app, monkeypatch):
    monkeypatch.setattr(sessions, "token_hash", lambda token: token)

    assert not is_hashed(app)


ENDS: dict[str, Callable[[Account], None]] = {
    "another PIN": lambda account: accounts.set_pin(account, hashing.hash_pin(NEW_PIN), by=account),
    "another password": lambda account: accounts.set_password(account, hashing.hash_password("x" * 20), by=account),
    "another second factor": lambda account: accounts.set_totp(account, "JBSWY3DPEHPK3PXP", 1, by=account),
    "another number": lambda account: accounts.change_phone(account, "+6281399998888", by=account),
    "a forgotten PIN": lambda account: accounts.reset_pin(account, by=account),
    "lost phones": lambda account: accounts.forget_phones(account, by=account),
    "sign out everywhere": accounts.end_all_sessions,
    "shut out": lambda account: accounts.disable(account, by=account),
    "another role": lambda account: accounts.change_work(
        account, role="head", areas=[], version=account.version, by=make_account("admin")
    ),
    "the end": lambda account: accounts.end(account, by=account),
}


def status_after(app, name: str) -> int:
    account, act = make_account("curator" if name == "another role" else "seller"), ENDS[name]
    client = app.test_client()
    sign_in(client, account)
    assert client.get("/saya").status_code == 200
    with transaction():
        act(db.session.get_one(Account, account.id))
    return int(client.get("/saya").status_code)


@pytest.mark.parametrize("name", list(ENDS))
def test_what_changes_the_way_in_ends_every_session_on_the_server(app, name):
    assert status_after(app, name) == 303


@pytest.mark.parametrize("name", list(ENDS))
def test_twin_that_ends_no_session_leaves_the_thief_inside(app, monkeypatch, name):
    monkeypatch.setattr(sessions, "end_all", nothing)
    monkeypatch.setattr(Account, "is_active", True)

    assert status_after(app, name) == 200


def status_after_a_month(app) -> int:
    """Look in with a session that was used all the while and began 31 days ago."""
    client = app.test_client()
    sign_in(client, make_account(), idle_seconds=14 * 86_400)
    with transaction():
        db.session.scalars(select(WebSession)).one().created_at -= timedelta(days=31)
    return int(client.get("/saya").status_code)


def test_no_session_lives_longer_than_thirty_days_however_busy(app):
    assert status_after_a_month(app) == 303


def test_twin_that_asks_only_when_it_was_seen_last_lives_for_ever(app, monkeypatch):
    monkeypatch.setattr(sessions, "LONGEST", timedelta(days=3650))

    assert status_after_a_month(app) == 200


def test_a_session_that_nobody_ended_opens_no_disabled_account(app):
    client, account = app.test_client(), make_account()
    sign_in(client, account)
    with transaction():
        db.session.get(Account, account.id).state = "disabled"

    assert client.get("/saya").status_code == 303


def status_after_rest(app, seconds: int, idle: int) -> int:
    account = make_account()
    client = app.test_client()
    sign_in(client, account, idle_seconds=idle)
    with transaction():
        row = db.session.scalars(select(WebSession)).one()
        row.seen_at -= timedelta(seconds=seconds)
    return int(client.get("/saya").status_code)


RESTS = {"shared phone": 15 * 60, "office": 30 * 60, "own phone": 14 * 86_400}


@pytest.mark.parametrize("idle", RESTS.values(), ids=list(RESTS))
def test_a_session_rests_as_long_as_its_kind_may(app, idle):
    assert status_after_rest(app, idle - 60, idle) == 200


@pytest.mark.parametrize("idle", RESTS.values(), ids=list(RESTS))
def test_a_minute_later_it_is_over(app, idle):
    assert status_after_rest(app, idle + 60, idle) == 303


@pytest.mark.parametrize("idle", RESTS.values(), ids=list(RESTS))
def test_twin_that_never_looks_at_the_clock_stays_open(app, monkeypatch, idle):
    monkeypatch.setattr(sessions, "is_alive", lambda row: row.ended_at is None)

    assert status_after_rest(app, idle + 60, idle) == 200


def idle_of(app, whose: str) -> int:
    seller = make_account(phone="+6281234567890", pin=None)
    client = app.test_client()
    client.post("/masuk", data={"telepon": "081234567890", "kode_kartu": make_card(seller)})
    client.post("/masuk/hp", data={"hp": whose, "pin": PIN, "pin_lagi": PIN})
    return int(db.session.scalars(select(WebSession.idle_seconds)).one())


@pytest.mark.parametrize(("whose", "seconds"), [("bersama", 15 * 60), ("sendiri", 14 * 86_400)])
def test_a_shared_phone_rests_fifteen_minutes_and_her_own_fourteen_days(app, whose, seconds):
    assert idle_of(app, whose) == seconds


def test_twin_that_does_not_ask_whose_phone_it_is_stays_open_for_days(app, monkeypatch):
    monkeypatch.setattr(door.accounts, "SHARED_PHONE_IDLE", door.accounts.OWN_PHONE_IDLE)

    assert idle_of(app, "bersama") == 14 * 86_400


def changed_with_a_wrong_pin(app) -> bool:
    account = make_account()
    client = app.test_client()
    sign_in(client, account)
    client.post("/saya/pin", data={"pin_sekarang": "593710", "pin": NEW_PIN, "pin_lagi": NEW_PIN})
    db.session.rollback()
    return hashing.is_pin(db.session.get_one(Account, account.id).pin_hash, NEW_PIN)


def test_changing_the_pin_asks_for_the_present_one(app):
    assert not changed_with_a_wrong_pin(app)


def test_twin_that_asks_for_nothing_lets_the_finder_of_a_phone_change_it(app, monkeypatch):
    monkeypatch.setattr(own_pages.proving, "is_proved", lambda form, field, account: True)

    assert changed_with_a_wrong_pin(app)


# 7. A sealed field opens in its own place alone


def opens_elsewhere(app) -> bool:
    sealed = vault.seal("rahasia", "account:7:totp_sealed")
    try:
        return vault.unseal(sealed, "account:8:totp_sealed") == "rahasia"
    except vault.Tampered:
        return False


def test_a_sealed_field_does_not_open_in_another_row(app):
    assert not opens_elsewhere(app)


def test_twin_that_does_not_bind_the_place_opens_it_anywhere(app, monkeypatch):
    sealing = vault.AESGCM

    class Bare:
        def __init__(self, key: bytes) -> None:
            self.box = sealing(key)

        def encrypt(self, nonce: bytes, value: bytes, _place: bytes) -> bytes:
            return bytes(self.box.encrypt(nonce, value, None))

        def decrypt(self, nonce: bytes, value: bytes, _place: bytes) -> bytes:
            return bytes(self.box.decrypt(nonce, value, None))

    monkeypatch.setattr(vault, "AESGCM", Bare)

    assert opens_elsewhere(app)


# 9. Limits of a picture hold before it is decoded


def decoded(monkeypatch) -> list[tuple[int, int]]:
    seen: list[tuple[int, int]] = []
    load = Image.Image.load

    def noted(self: Image.Image) -> object:
        seen.append(self.size)
        return load(self)

    body = io.BytesIO()
    Image.new("1", (1500, 1500)).save(body, "PNG")
    monkeypatch.setattr(Image.Image, "load", noted)
    body.seek(0)
    with suppress(PictureRefused):
        read_upload(body)
    return [size for size in seen if size[0] >= 1500]


def test_too_many_pixels_are_refused_unseen(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PIXELS", 1_000_000)

    assert decoded(monkeypatch) == []


def test_twin_without_the_limit_they_are_decoded(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PIXELS", 1_000_000)
    monkeypatch.setattr(pictures, "_check_size", nothing)

    assert decoded(monkeypatch)


# 12. What others would try first


def takes_what_all_try(app) -> bool:
    try:
        account_forms.check_new_pin("121212", "+6281234567890")
    except ValidationError:
        return False
    return True


def test_a_pin_that_others_try_first_is_refused(app):
    with app.test_request_context():
        assert not takes_what_all_try(app)


def test_twin_without_the_block_list_it_is_taken(app, monkeypatch):
    monkeypatch.setattr(account_forms.pins, "weak_pin", lambda pin, phone: False)
    with app.test_request_context():
        assert takes_what_all_try(app)


def old_card_opens(app) -> bool:
    seller = make_account(phone="+6281234567890")
    old = make_card(seller)
    with transaction():
        accounts.issue_card(db.session.get_one(Account, seller.id), by=seller)
    answer = app.test_client().post("/masuk", data={"telepon": "081234567890", "kode_kartu": old})
    return bool(answer.status_code == 303)


def test_a_new_card_kills_the_old_one(app):
    assert not old_card_opens(app)


def test_twin_that_ends_no_card_meets_the_index_of_the_database(app, monkeypatch):
    """Two live cards cannot be: what the code forgets, the unique index refuses."""
    monkeypatch.setattr(accounts, "_end_card", nothing)

    with pytest.raises(Exception, match=r"(?i)unique"):
        old_card_opens(app)

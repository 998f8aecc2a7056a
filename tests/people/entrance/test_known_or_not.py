"""Known and unknown take the same way at each door: the same words, the same status, exactly one costly comparison.

How long it really takes is measured by the drill of the same name.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from argon2 import PasswordHasher

from app.people.accounts import hashing
from tests.factories.people import make_account, make_card, make_device
from tests.support.queries import count_queries

PHONE, NOBODY = "081234567890", "089999999999"
TOKEN = "the phone of the family"


@dataclass(frozen=True)
class Door:
    """What is sent about somebody who exists and about somebody who does not, and how many hashes either costs."""

    path: str
    known: dict[str, str]
    unknown: dict[str, str]
    hashes: int = 1


PIN = {"pin": "739182"}
CARD = {"kode_kartu": "2222222222222"}
SECRET = {"kata_sandi": "bukan kata sandi"}
DOORS = {
    "PIN": Door("/masuk", PIN | {"telepon": PHONE}, PIN | {"telepon": NOBODY}),
    # The code of a card has 60 bits and more: a keyed hash finds it, nothing is made slow.
    "card": Door("/masuk", CARD | {"telepon": PHONE}, CARD | {"telepon": NOBODY}, hashes=0),
    "staff": Door(
        "/masuk/petugas", SECRET | {"nama_pengguna": "rini.kurator"}, SECRET | {"nama_pengguna": "siapa.kurator"}
    ),
}
BY_DOOR = pytest.mark.parametrize("door", DOORS.values(), ids=list(DOORS))


@pytest.fixture
def verified(app, monkeypatch):
    """The hashes that were compared, in order."""
    seller = make_account(phone="+6281234567890")
    make_card(seller)
    make_device(seller, TOKEN)
    make_account("curator", username="rini.kurator")
    hashing._stand_in(app.extensions["lapak_settings"].argon2_time_cost, 8)
    compared, verify = [], PasswordHasher.verify

    def noted(self, stored, given):
        compared.append(stored)
        return verify(self, stored, given)

    monkeypatch.setattr(PasswordHasher, "verify", noted)
    return compared


def hashes_of(app, verified, door: Door, typed: dict[str, str], token: str = "") -> tuple[int, int]:
    """Knock once; return the status and how many hashes were compared."""
    client = app.test_client()
    if token:
        client.set_cookie("hp", token)
    verified.clear()
    answer = client.post(door.path, data=typed)
    return answer.status_code, len(verified)


@pytest.mark.parametrize("token", ["", TOKEN], ids=["a strange phone", "her phone"])
@BY_DOOR
def test_known_and_unknown_cost_the_same_comparisons(app, verified, door, token):
    known = hashes_of(app, verified, door, door.known, token)
    unknown = hashes_of(app, verified, door, door.unknown, token)

    assert known == unknown == (422, door.hashes)


def test_a_locked_phone_and_a_shut_account_cost_the_same_too(app, verified):
    shut = make_account(phone="+6281311111111", state="disabled")
    make_device(shut, TOKEN)
    make_account("curator", username="lama.kurator", state="disabled")
    door = DOORS["PIN"]
    locked = [hashes_of(app, verified, door, door.known, TOKEN) for _again in range(7)]

    assert set(locked) == {(422, 1)}
    assert hashes_of(app, verified, door, PIN | {"telepon": "081311111111"}, TOKEN) == (422, 1)
    staff = DOORS["staff"]
    assert hashes_of(app, verified, staff, SECRET | {"nama_pengguna": "lama.kurator"}) == (422, 1)


def test_at_the_card_door_both_ask_the_same_questions(app, verified):
    door, asked = DOORS["card"], []
    for typed in (door.known, door.unknown):
        with count_queries(app) as questions:
            app.test_client().post(door.path, data=typed)
        asked.append([statement for statement, _facts in questions])

    assert asked[0] == asked[1]


@pytest.mark.parametrize("name", ["PIN", "staff"])
def test_twin_without_work_for_nothing_the_unknown_are_told_apart(app, verified, monkeypatch, name):
    whole = hashing._matches
    monkeypatch.setattr(hashing, "_matches", lambda stored, given: stored is not None and whole(stored, given))
    door = DOORS[name]

    assert hashes_of(app, verified, door, door.known, TOKEN) == (422, 1)
    assert hashes_of(app, verified, door, door.unknown, TOKEN) == (422, 0)

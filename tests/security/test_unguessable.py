"""What opens something by itself is drawn at random, in as many bits as is asked, and never twice the same."""

from __future__ import annotations

import math
import string

import pytest
from flask import Flask

from app.kit import codes
from app.trade.orders import links, placing
from tests.factories.goods import make_product, variant_of
from tests.factories.people import PIN, make_account, make_card
from tests.factories.trade import make_stall, place_group, place_order

# Source: spec/security.md 5 (sessions) and 12 (links of guests, login cards).
SESSION, LINK, CARD = 256, 80, 60
ALPHABETS = (
    string.digits,
    string.hexdigits[:16],
    codes.ALPHABET,
    codes.ALPHABET.lower(),
    string.ascii_letters + string.digits + "-_",
)


def bits(*drawn: str) -> float:
    """Return how many bits these carry: signs of the smallest alphabet that holds them, in the shortest."""
    size = next(len(each) for each in ALPHABETS if set("".join(drawn)) <= set(each))
    return min(map(len, drawn)) * math.log2(size)


def cookies(app: Flask, phone: str) -> dict[str, str]:
    """Come in with a card on a phone of one's own; return the session and the mark of the phone."""
    client = app.test_client()
    step = client.post(
        "/masuk", data={"telepon": phone, "kode_kartu": make_card(make_account(phone=f"+62{phone[1:]}"))}
    )
    answer = client.post(step.location, data={"hp": "sendiri", "pin": PIN})
    assert answer.location == "/jualan"
    return {name: client.get_cookie(name).value for name in ("sesi", "hp")}


@pytest.mark.parametrize("name", ["sesi", "hp"])
def test_a_session_and_a_known_phone_carry_256_bits(app, name):
    drawn = [cookies(app, f"0812345678{number}")[name] for number in range(10, 14)]

    assert len(set(drawn)) == len(drawn)
    assert bits(*drawn) >= SESSION


def test_the_page_after_an_order_carries_80_bits(app):
    eggs = make_product(make_stall()[1], qty=50)
    drawn = [place_group((variant_of(eggs), 1)).token for _each in range(4)]

    assert len(set(drawn)) == len(drawn)
    assert bits(*drawn) >= LINK


def test_twin_a_short_token_is_seen(app, monkeypatch):
    monkeypatch.setattr(placing.secrets, "token_hex", lambda size: "3f" * 4)
    token = place_group((variant_of(make_product(make_stall()[1], qty=50)), 1)).token

    assert bits(token) < LINK


def test_the_link_of_an_order_carries_80_bits_beyond_its_code(app):
    eggs = make_product(make_stall()[1], qty=50)
    orders = [place_order(eggs, 1) for _each in range(4)]
    drawn = [links.link_signature(order.code) for order in orders]

    assert len(set(drawn)) == len(drawn)
    assert bits(*drawn) >= LINK
    assert not any(order.code.lower() in signature.lower() for order, signature in zip(orders, drawn, strict=True))


def test_a_login_card_carries_60_bits(app):
    drawn = [make_card(make_account()) for _each in range(4)]

    assert len(set(drawn)) == len(drawn)
    assert bits(*(each.replace("-", "") for each in drawn)) >= CARD

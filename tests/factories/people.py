"""The least valid people. Every maker opens its own transaction and returns the stored row."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import pyotp
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from app.core import guard, vault
from app.core.clock import now
from app.core.db import transaction
from app.core.vault import token_hash
from app.kit import codes
from app.people.accounts import hashing, sessions
from app.people.accounts.models import Account, Device, LoginCard, WebSession

REGENCY = "36.04"
KECAMATAN = "36.04.27"
DESA = "36.04.27.2001"
OTHER_DESA = "36.04.12.2001"
PIN = "482915"
PASSWORD = "perahu biru melompat pelan"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
TOKEN_HEADER = "HTTP_X_CSRFTOKEN"

_numbers = count(1)


def make_account(role: str = "seller", **given: Any) -> Account:
    """A person who can sign in: sellers with PIN, staff with PASSWORD and TOTP_SECRET.

    `region_code`, `areas`, `state`, `name`, `phone`, `username`, `password`, `pin`, `totp_secret` may be given;
    `pin=None`, `password=None` or `totp_secret=None` leaves that out. A pendamping works in DESA unless told otherwise.
    """
    number = next(_numbers)
    seller = role == "seller"
    password = given.pop("password", None if seller else PASSWORD)
    pin = given.pop("pin", PIN if seller else None)
    secret = given.pop("totp_secret", None if seller else TOTP_SECRET)
    facts: dict[str, Any] = {
        "role": role,
        "name": f"{'Ibu' if seller else 'Petugas'} {number}",
        "region_code": REGENCY,
        "areas": [DESA] if role == "pendamping" else [],
        "phone": f"+62812{number:08d}",
        "username": None if seller else f"{role}{number}",
    }
    account = Account(**(facts | given))
    account.password_hash = hashing.hash_password(password) if password else None
    account.pin_hash = hashing.hash_pin(pin) if pin else None
    with transaction() as session:
        session.add(account)
        session.flush()
        if secret:
            account.totp_sealed = vault.seal(secret, f"account:{account.id}:totp_sealed")
    return account


def make_card(account: Account, code: str | None = None, by: Account | None = None) -> str:
    """A live login card; returns the code as printed, without dashes."""
    code = code or codes.new_card_code()
    with transaction() as session:
        session.add(
            LoginCard(
                account_id=account.id,
                code_hash=vault.blind(code, "login_card"),
                issued_by_id=(by or account).id,
            )
        )
    return code


def make_device(account: Account, token: str = "a known phone", **given: Any) -> Device:
    """A phone that knows this seller; give `client.set_cookie("hp", token)` to be on it."""
    device = Device(token_hash=token_hash(token), account_id=account.id, **given)
    with transaction() as session:
        session.add(device)
    return device


def totp(secret: str = TOTP_SECRET, steps: int = 0) -> str:
    """The six digits of now, or of some steps later."""
    return pyotp.TOTP(secret).at(now() + timedelta(seconds=30 * steps))


def sign_in(client: FlaskClient, account: Account, idle_seconds: int = 1800) -> str:
    """Open a real session for this client and return its form token.

    The client's POSTs carry the token by themselves from now on (as a header); `client.environ_base.pop(TOKEN_HEADER)`
    makes it forget.
    """
    token, raw = f"session-of-{account.id}-{next(_numbers)}", guard.new_token(account.id)
    session = WebSession(token_hash=token_hash(token), account_id=account.id, label="test", idle_seconds=idle_seconds)
    session.data = {guard.TOKEN: raw, "proved_at": now().timestamp()}
    with transaction() as opened:
        opened.add(session)
    client.set_cookie(sessions.cookie_name(), token)
    signed = URLSafeTimedSerializer(client.application.secret_key, salt=guard.SALT).dumps(raw)
    client.environ_base[TOKEN_HEADER] = signed
    return str(signed)


def sign_out(client: FlaskClient) -> None:
    """Make the client a visitor again."""
    client.delete_cookie(sessions.cookie_name())
    client.environ_base.pop(TOKEN_HEADER, None)

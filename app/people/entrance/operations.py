"""What happens at the door: tries are counted before they are judged, and a session opens only here."""

from __future__ import annotations

import secrets

from sqlalchemy import update

from app.core import audit, limits
from app.core.clock import now
from app.core.db import db
from app.core.vault import token_hash
from app.people.accounts import rules as accounts
from app.people.accounts import sessions
from app.people.accounts.models import Account, Device, LoginCard
from app.people.accounts.queries import get_account
from app.people.entrance import queries
from app.people.entrance.rules import MOST_WRONG_PINS


def count_try(limit: str, key: str, address: str, *, known: bool = False) -> None:
    """Count a try before it is judged, so that many at once gain nothing.

    With `known`, the address is not asked: strangers who share a bazaar's address, and fail there on purpose, never
    lock a seller out of the phone that knows her. What she may try is counted on that phone.

    Raises:
        TooMany: this account, or this address, tried too often.
    """
    if not known:
        limits.check(limit + limits.ADDRESS, address)
    limits.spend(limit, key)


def count_failure(limit: str, address: str) -> None:
    """Remember that a try from this address was wrong."""
    limits.hit(limit + limits.ADDRESS, address)


def forgive(limit: str, key: str) -> None:
    """Start the counter of an account again, after a try that was right."""
    limits.clear(limit, key)


def spend_pins(token: str, phone: str) -> list[Device]:
    """Take one of the five PIN tries of this phone, and return the sellers it may still open.

    A right PIN gives the tries back in `enter`. The UPDATE holds the promise when many try at once.
    """
    open_doors = []
    for device in queries.list_known(token, phone):
        tries = db.session.scalar(
            update(Device)
            .where(Device.id == device.id, Device.wrong_pins < MOST_WRONG_PINS)
            .values(wrong_pins=Device.wrong_pins + 1)
            .returning(Device.wrong_pins)
        )
        if tries is not None:
            open_doors.append(device)
            if tries == MOST_WRONG_PINS:
                region = get_account(device.account_id).region_code
                audit.record(None, "device.last_pin_try", device, region=region)
    return open_doors


def enter(account: Account, *, limit: str, key: str, device: Device | None = None) -> None:
    """Open a session under a fresh cookie; the counters of this door start again."""
    limits.clear(limit, key)
    idle = accounts.STAFF_IDLE
    if device is not None:
        device.wrong_pins, device.last_used_at = 0, now()
        idle = accounts.SHARED_PHONE_IDLE if device.shared else accounts.OWN_PHONE_IDLE
    sessions.begin(account, idle, device.id if device else None)
    audit.record(account, "account.entered", account, device=device.id if device else 0)


def bind_phone(account: Account, card: LoginCard, old_token: str, *, label: str, shared: bool) -> tuple[Device, str]:
    """Let this phone know a seller who showed her card; returns the phone and its new token.

    Everybody whom the phone knew moves to the new token: a token that somebody planted is worth nothing.
    """
    token = secrets.token_urlsafe(32)
    if old_token:
        rows = update(Device).where(Device.token_hash == token_hash(old_token), Device.ended_at.is_(None))
        db.session.execute(rows.where(Device.account_id == account.id).values(ended_at=now()))
        db.session.execute(rows.values(token_hash=token_hash(token)))
    device = Device(token_hash=token_hash(token), account_id=account.id, label=label, shared=shared)
    card.first_used_at = card.first_used_at or now()
    db.session.add(device)
    db.session.flush()
    audit.record(account, "device.bound", device, shared=shared)
    return device, token


def give_back(devices: list[Device]) -> None:
    """Return the try to those whose PIN was not the one that opened: they share the phone and did nothing wrong."""
    for device in devices:
        db.session.execute(
            update(Device).where(Device.id == device.id, Device.wrong_pins > 0).values(wrong_pins=Device.wrong_pins - 1)
        )


def use_code(account: Account, step: int) -> bool:
    """Spend a code of the second factor; False when it was spent a moment ago by another request."""
    spent = db.session.scalar(
        update(Account)
        .where(Account.id == account.id, Account.totp_last_step < step)
        .values(totp_last_step=step)
        .returning(Account.id)
    )
    return spent is not None


def renew_password(account: Account, password_hash: str) -> None:
    """Keep the same password under today's parameters; sessions stay."""
    account.password_hash = password_hash


def renew_pin(account: Account, pin_hash: str) -> None:
    """Keep the same PIN under today's parameters; sessions stay."""
    account.pin_hash = pin_hash


def leave() -> None:
    """End this browser's session."""
    sessions.end(sessions.current_id())
    sessions.sign_out_cookie()

"""Questions about accounts, their cards, phones and sessions."""

from __future__ import annotations

from sqlalchemy import func, select

from app.core.db import db
from app.core.errors import NotFound
from app.core.policy import Actor
from app.core.vault import blind
from app.people.accounts.models import Account, Consent, Device, LoginCard, WebSession
from app.people.places.rules import around


def get_account(account_id: int) -> Account:
    """Return an account.

    Raises:
        NotFound: nobody has this id.
    """
    found = db.session.get(Account, account_id)
    if found is None:
        raise NotFound(account_id)
    return found


def names_of(account_ids: set[int]) -> dict[int, str]:
    """Return the names of several accounts in one question."""
    rows = db.session.execute(select(Account.id, Account.name).where(Account.id.in_(account_ids)))
    return {row.id: row.name for row in rows}


def get_own(scope: Actor) -> Account:
    """Return the account of whoever is acting."""
    return get_account(scope.id)


def count_other_admins(account: Account) -> int:
    """Count the active administrators, this one left out, who answer for the region of an account."""
    query = select(func.count()).where(Account.role == "admin", Account.state == "active", Account.id != account.id)
    return db.session.scalar(query.where(Account.region_code.in_(around(account.region_code)))) or 0


def find_by_key(key: str) -> Account | None:
    """Return the account that a registration with this key made, or None."""
    return db.session.scalar(select(Account).where(Account.creation_key == key))


def find_staff(username: str) -> Account | None:
    """Return the staff account of a user name, or None."""
    return db.session.scalar(select(Account).where(Account.username == username, Account.role != "seller"))


def card_hash(code: str) -> str:
    """Return what is stored of a card's code."""
    return blind(code, "login_card")


def find_live_card(account_id: int) -> LoginCard | None:
    """Return the one card of an account that still opens, or None."""
    return db.session.scalar(select(LoginCard).where(LoginCard.account_id == account_id, LoginCard.ended_at.is_(None)))


def list_sessions(account_id: int) -> list[WebSession]:
    """Return the open sessions of an account, latest first; rested too long are left out by the caller's rule."""
    query = select(WebSession).where(WebSession.account_id == account_id, WebSession.ended_at.is_(None))
    return list(db.session.scalars(query.order_by(WebSession.seen_at.desc(), WebSession.id.desc()).limit(50)))


def get_session(session_id: int) -> WebSession:
    """Return a session.

    Raises:
        NotFound: none has this id.
    """
    found = db.session.get(WebSession, session_id)
    if found is None:
        raise NotFound(session_id)
    return found


def list_devices(account_id: int) -> list[Device]:
    """Return the phones that know an account, latest first."""
    query = select(Device).where(Device.account_id == account_id, Device.ended_at.is_(None))
    return list(db.session.scalars(query.order_by(Device.last_used_at.desc(), Device.id.desc()).limit(50)))


def get_device(device_id: int) -> Device:
    """Return a phone that knows an account.

    Raises:
        NotFound: none has this id.
    """
    found = db.session.get(Device, device_id)
    if found is None:
        raise NotFound(device_id)
    return found


def list_consents(account_id: int) -> list[Consent]:
    """Return what a person agreed to, latest first."""
    query = select(Consent).where(Consent.account_id == account_id)
    return list(db.session.scalars(query.order_by(Consent.given_at.desc(), Consent.id.desc())))


def find_consent(account_id: int, purpose: str) -> Consent | None:
    """Return the consent for a purpose that holds now, or None."""
    query = select(Consent).where(
        Consent.account_id == account_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None)
    )
    return db.session.scalar(query.order_by(Consent.id.desc()).limit(1))

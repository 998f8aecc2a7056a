"""Questions asked at the door."""

from __future__ import annotations

from sqlalchemy import Select, select

from app.core.db import db
from app.core.vault import token_hash
from app.people.accounts.models import Account, Device, LoginCard
from app.people.accounts.queries import card_hash

OPEN = ("active", "paused")


def knows_phone(token: str) -> bool:
    """Tell whether this phone was shown a card before."""
    if not token:
        return False
    return db.session.scalar(_known(token).limit(1)) is not None


def list_known(token: str, phone: str) -> list[Device]:
    """Return the sellers of a number that this phone knows, one row each."""
    if not token:
        return []
    query = _known(token).join(Account, Account.id == Device.account_id)
    query = query.where(Account.phone == phone, Account.role == "seller", Account.state.in_(OPEN))
    return list(db.session.scalars(query.order_by(Device.id)))


def _known(token: str) -> Select[Device]:
    return select(Device).where(Device.token_hash == token_hash(token), Device.ended_at.is_(None))


def list_accounts(account_ids: list[int]) -> list[Account]:
    """Return accounts that may enter, in the order of their ids."""
    query = select(Account).where(Account.id.in_(account_ids), Account.state.in_(OPEN))
    return list(db.session.scalars(query.order_by(Account.id)))


def find_card(phone: str, code: str) -> LoginCard | None:
    """Return the live card with this code if its owner has this number and may enter, or None."""
    query = select(LoginCard).join(Account, Account.id == LoginCard.account_id)
    return db.session.scalar(
        query.where(
            LoginCard.code_hash == card_hash(code),
            LoginCard.ended_at.is_(None),
            Account.phone == phone,
            Account.role == "seller",
            Account.state.in_(OPEN),
        )
    )


def find_live_card(card_id: int) -> LoginCard | None:
    """Return a card if it is still alive, or None."""
    return db.session.scalar(select(LoginCard).where(LoginCard.id == card_id, LoginCard.ended_at.is_(None)))

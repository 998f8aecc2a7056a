"""Accounts: who can sign in, with which card, on which phone, and every session that is open.

Nothing here says why a person is fostered: family, programme and aid live in upper storeys and point down.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, BigId, UtcDateTime, pk, stamped, versioned

ROLES = ("seller", "pendamping", "curator", "caseworker", "approver", "head", "steward", "admin", "partner")
STATES = ("active", "paused", "disabled", "ended")


class Account(Base):
    """A person who signs in. Sellers have a phone and a PIN; staff a user name, a password and a second factor.

    `region_code` is the scope: a kabupaten for office roles, the kecamatan or desa of a pendamping in `areas`.
    `erased_at` says since when the row is bare: history points to it, nobody stands behind it.
    """

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint(f"role IN {ROLES}", name="role"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("role = 'seller' OR username IS NOT NULL", name="staff_username"),
        Index("ix_account_phone", "phone"),
        Index("uq_account_creation_key", "creation_key", unique=True),
        Index("ix_account_region_role", "region_code", "role"),
    )

    id: Mapped[int] = pk()
    role: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10), default="active")
    name: Mapped[str] = mapped_column(String(120))
    username: Mapped[str | None] = mapped_column(String(60), unique=True)
    phone: Mapped[str | None] = mapped_column(String(20))
    region_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    areas: Mapped[list[str]] = mapped_column(JSON, default=list)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    pin_hash: Mapped[str | None] = mapped_column(String(200))
    totp_sealed: Mapped[str | None] = mapped_column(String(300))
    totp_last_step: Mapped[int] = mapped_column(default=0)
    creation_key: Mapped[str | None] = mapped_column(String(64))
    created_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    created_at: Mapped[datetime] = stamped()
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = versioned()

    is_anonymous = False
    is_authenticated = True

    @property
    def is_active(self) -> bool:
        """Whether this person may be signed in; a paused seller still sees her own pages."""
        return self.state in {"active", "paused"}

    @property
    def is_staff(self) -> bool:
        """Whether this person signs in with password and second factor."""
        return self.role != "seller"

    def get_id(self) -> str:
        """Return the id as flask-login wants it."""
        return str(self.id)


class Consent(Base):
    """What a person agreed to, in which wording, for one purpose; withdrawn by a date, never removed."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_account_purpose", "account_id", "purpose"),)

    id: Mapped[int] = pk()
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    purpose: Mapped[str] = mapped_column(String(30))
    wording_version: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime] = stamped()
    recorded_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LoginCard(Base):
    """A printed card. Only a keyed hash of its code is kept; at most one is alive per account."""

    __tablename__ = "login_card"
    __table_args__ = (
        Index(
            "uq_login_card_live",
            "account_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = pk()
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    issued_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    issued_at: Mapped[datetime] = stamped()
    first_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Device(Base):
    """A phone on which the card was shown once: there, phone number and PIN are enough.

    One phone may know several sellers; each is a row with the same token hash.
    """

    __tablename__ = "device"
    __table_args__ = (Index("uq_device_token_account", "token_hash", "account_id", unique=True),)

    id: Mapped[int] = pk()
    token_hash: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    label: Mapped[str] = mapped_column(String(80), default="")
    shared: Mapped[bool] = mapped_column(default=False)
    wrong_pins: Mapped[int] = mapped_column(default=0)
    bound_at: Mapped[datetime] = stamped()
    last_used_at: Mapped[datetime] = stamped()
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WebSession(Base):
    """One signed-in browser. Only the hash of its cookie is kept; `data` is what Flask calls the session."""

    __tablename__ = "web_session"

    id: Mapped[int] = pk()
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"), index=True)
    device_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("device.id"))
    label: Mapped[str] = mapped_column(String(80), default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    idle_seconds: Mapped[int]
    created_at: Mapped[datetime] = stamped()
    seen_at: Mapped[datetime] = stamped()
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

"""Where news reaches her outside: what her browser gave us, and her e-mail, for as long as she wants it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, BigId, UtcDateTime, pk, stamped
from app.kit.mail import LONGEST


class PushAddress(Base):
    """One browser of one account; whoever signs in on the same browser and asks takes it over."""

    __tablename__ = "push_address"

    id: Mapped[int] = pk()
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"), index=True)
    endpoint_hash: Mapped[str] = mapped_column(String(64), unique=True)
    endpoint: Mapped[str] = mapped_column(String(1000))
    point: Mapped[str] = mapped_column(String(100))
    auth: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = stamped()


class MailAddress(Base):
    """Where one account is told by e-mail, once whoever reads there has said that it is theirs."""

    __tablename__ = "mail_address"

    id: Mapped[int] = pk()
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"), unique=True)
    address: Mapped[str] = mapped_column(String(LONGEST))
    created_at: Mapped[datetime] = stamped()
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

"""Stalls on the day: goods taken along, what was sold by till or tally sheet, the settlement, the frozen report."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, BigId, RupiahColumn, UtcDateTime, pk, stamped, versioned
from app.kit.rupiah import Rupiah
from app.trade.bazaars.models import Application, Bazaar
from app.trade.stalls.rules import INCIDENTS, METHODS, SETTLEMENT_STATES, WAYS


class EventStock(Base):
    """Goods of one variant on a stall, out of reach of online orders.

    `beyond` are units of `taken` that were sold before anybody had noted that they came along.
    """

    __tablename__ = "event_stock"
    __table_args__ = (
        UniqueConstraint("bazaar_id", "variant_id"),
        CheckConstraint("taken >= 0 AND sold >= 0 AND returned >= 0 AND damaged >= 0", name="counts"),
        CheckConstraint("sold + returned + damaged <= taken", name="covered"),
        CheckConstraint("beyond >= 0 AND beyond <= taken", name="beyond"),
        Index("ix_event_stock_application", "application_id"),
    )

    id: Mapped[int] = pk()
    bazaar_id: Mapped[int] = mapped_column(BigId, ForeignKey("bazaar.id"))
    application_id: Mapped[int] = mapped_column(BigId, ForeignKey("bazaar_application.id"))
    variant_id: Mapped[int] = mapped_column(BigId, ForeignKey("variant.id"))
    taken: Mapped[int] = mapped_column(default=0)
    sold: Mapped[int] = mapped_column(default=0)
    returned: Mapped[int] = mapped_column(default=0)
    damaged: Mapped[int] = mapped_column(default=0)
    beyond: Mapped[int] = mapped_column(default=0)

    @property
    def left(self) -> int:
        """Units that should still lie on the stall."""
        return self.taken - self.sold - self.returned - self.damaged


class HelperPass(Base):
    """A helper's key to named stalls of one bazaar: no account, and nothing of the code but its keyed hash."""

    __tablename__ = "helper_pass"

    id: Mapped[int] = pk()
    bazaar_id: Mapped[int] = mapped_column(BigId, ForeignKey("bazaar.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    application_ids: Mapped[list[int]] = mapped_column(JSON)
    issued_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    issued_at: Mapped[datetime] = stamped()
    revoked_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    bazaar: Mapped[Bazaar] = relationship()


class StallSale(Base):
    """A basket at the till, or one product of a tally sheet. `key` comes from the page: sent twice, it is one sale."""

    __tablename__ = "stall_sale"
    __table_args__ = (
        CheckConstraint(f"way IN {WAYS}", name="way"),
        CheckConstraint(f"method IN {METHODS}", name="method"),
        Index("ix_stall_sale_application_day", "application_id", "day", "id"),
    )

    id: Mapped[int] = pk()
    key: Mapped[str] = mapped_column(String(80), unique=True)
    application_id: Mapped[int] = mapped_column(BigId, ForeignKey("bazaar_application.id"))
    day: Mapped[date]
    way: Mapped[str] = mapped_column(String(8))
    method: Mapped[str] = mapped_column(String(8))
    total: Mapped[Rupiah] = mapped_column(RupiahColumn)
    entered_by_id: Mapped[int] = mapped_column(BigId, default=0)
    pass_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("helper_pass.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(BigId)
    at: Mapped[datetime] = stamped()

    lines: Mapped[list[StallLine]] = relationship(order_by="StallLine.id")


class StallLine(Base):
    """One product of a sale at the price that was shown, with its lines in the sales book."""

    __tablename__ = "stall_line"
    __table_args__ = (
        UniqueConstraint("sale_id", "variant_id"),
        CheckConstraint("qty > 0", name="qty"),
        CheckConstraint("price > 0", name="price"),
    )

    id: Mapped[int] = pk()
    sale_id: Mapped[int] = mapped_column(BigId, ForeignKey("stall_sale.id"))
    variant_id: Mapped[int] = mapped_column(BigId, ForeignKey("variant.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    price: Mapped[Rupiah] = mapped_column(RupiahColumn)
    qty: Mapped[int]
    record_id: Mapped[int] = mapped_column(BigId, ForeignKey("sale_record.id"), unique=True)
    reversal_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("sale_record.id"), unique=True)


class StallSheet(Base):
    """A tally sheet of one day as somebody typed it; the newest counts. `counts` hold variant, price, qty."""

    __tablename__ = "stall_sheet"
    __table_args__ = (Index("ix_stall_sheet_application_day", "application_id", "day", "id"),)

    id: Mapped[int] = pk()
    key: Mapped[str] = mapped_column(String(64), unique=True)
    application_id: Mapped[int] = mapped_column(BigId, ForeignKey("bazaar_application.id"))
    day: Mapped[date]
    counts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    cash: Mapped[Rupiah] = mapped_column(RupiahColumn)
    other: Mapped[Rupiah] = mapped_column(RupiahColumn)
    entered_by_id: Mapped[int] = mapped_column(BigId)
    on_behalf_of_id: Mapped[int | None] = mapped_column(BigId)
    at: Mapped[datetime] = stamped()


class Settlement(Base):
    """What a stall reports of itself, until somebody else signs. `choices` say which way counts, by day and product."""

    __tablename__ = "stall_settlement"
    __table_args__ = (
        CheckConstraint(f"state IN {SETTLEMENT_STATES}", name="state"),
        CheckConstraint("(state = 'signed') = (signed_by_id IS NOT NULL)", name="signature"),
    )

    id: Mapped[int] = pk()
    application_id: Mapped[int] = mapped_column(BigId, ForeignKey("bazaar_application.id"), unique=True)
    state: Mapped[str] = mapped_column(String(10))
    cash: Mapped[Rupiah] = mapped_column(RupiahColumn)
    other: Mapped[Rupiah] = mapped_column(RupiahColumn)
    new_buyers: Mapped[int | None]
    choices: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(String(300), default="")
    submitted_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    submitted_at: Mapped[datetime] = stamped()
    answer: Mapped[str] = mapped_column(String(300), default="")
    signed_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = versioned()

    application: Mapped[Application] = relationship()


class Incident(Base):
    """Something that went wrong while a bazaar ran, in the office's words and without names. Appended only."""

    __tablename__ = "bazaar_incident"
    __table_args__ = (UniqueConstraint("bazaar_id", "key"), CheckConstraint(f"kind IN {INCIDENTS}", name="kind"))

    id: Mapped[int] = pk()
    key: Mapped[str] = mapped_column(String(64))
    bazaar_id: Mapped[int] = mapped_column(BigId, ForeignKey("bazaar.id"))
    kind: Mapped[str] = mapped_column(String(10))
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(String(500))
    done: Mapped[str] = mapped_column(String(500), default="")
    by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    at: Mapped[datetime] = stamped()


class BazaarPhoto(Base):
    """A picture of a bazaar for visitors and the report. `stem` names its files; `ready` once every size exists."""

    __tablename__ = "bazaar_photo"
    __table_args__ = (UniqueConstraint("bazaar_id", "key"),)

    id: Mapped[int] = pk()
    key: Mapped[str] = mapped_column(String(64))
    bazaar_id: Mapped[int] = mapped_column(BigId, ForeignKey("bazaar.id"))
    stem: Mapped[str] = mapped_column(String(80), unique=True)
    width: Mapped[int]
    height: Mapped[int]
    ready: Mapped[bool] = mapped_column(default=False)
    caption: Mapped[str] = mapped_column(String(120), default="")
    by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    at: Mapped[datetime] = stamped()

    bazaar: Mapped[Bazaar] = relationship()


class Report(Base):
    """The figures of a bazaar as they were signed: never changed, with the rule they follow and the hash of both.

    Figures name stalls and goods by number, so that a seller's words can be erased and the seal stays whole.
    """

    __tablename__ = "bazaar_report"

    id: Mapped[int] = pk()
    bazaar_id: Mapped[int] = mapped_column(BigId, ForeignKey("bazaar.id"), unique=True)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    rule: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    signed_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    signed_at: Mapped[datetime] = stamped()

    bazaar: Mapped[Bazaar] = relationship()


class Addendum(Base):
    """What became known after the report: dated, beside it, never inside it."""

    __tablename__ = "bazaar_addendum"

    id: Mapped[int] = pk()
    key: Mapped[str] = mapped_column(String(64), unique=True)
    report_id: Mapped[int] = mapped_column(BigId, ForeignKey("bazaar_report.id"), index=True)
    text: Mapped[str] = mapped_column(String(500))
    by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    at: Mapped[datetime] = stamped()

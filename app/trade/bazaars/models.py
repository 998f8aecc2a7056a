"""Bazaars: the event, its pools and days, who applied, how they were judged, and every step of it.

Places are held by applications alone (`HOLDING`): nothing counts them beside, so nothing can drift.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, BigId, RupiahColumn, UtcDateTime, pk, stamped, versioned
from app.goods.shops.models import Shop
from app.kit.rupiah import ZERO, Rupiah
from app.trade.bazaars.rules import APPLICATION_STATES, LIVE, POOL_KINDS, PROPOSAL_KINDS, STATES


class Rubric(Base):
    """What reviewers score, and how far: data with a version, so that an old ranking can be read for ever."""

    __tablename__ = "bazaar_rubric"

    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    parts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    created_at: Mapped[datetime] = stamped()


class Bazaar(Base):
    """A selling event. `starts_at` and `ends_at` are the first opening and the last closing of its days."""

    __tablename__ = "bazaar"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("starts_at < ends_at", name="span"),
        CheckConstraint("stall_count > 0", name="stalls"),
        CheckConstraint("standstill_days >= 0", name="standstill"),
        Index("ix_bazaar_regency_state", "regency_code", "state", "starts_at"),
        Index("ix_bazaar_starts", "starts_at", "id"),
    )

    id: Mapped[int] = pk()
    creation_key: Mapped[str] = mapped_column(String(64), unique=True)
    slug: Mapped[str] = mapped_column(String(90), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    host_event: Mapped[str] = mapped_column(String(120), default="")
    story: Mapped[str] = mapped_column(Text, default="")
    programme: Mapped[str] = mapped_column(Text, default="")
    regency_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    kecamatan_code: Mapped[str | None] = mapped_column(String(13), ForeignKey("region.code"), index=True)
    desa_code: Mapped[str | None] = mapped_column(String(13), ForeignKey("region.code"))
    place: Mapped[str] = mapped_column(String(160))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    contact: Mapped[str] = mapped_column(String(20))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    soft_deadline: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hard_deadline: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reserved_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    standstill_days: Mapped[int] = mapped_column(default=3)
    standstill_waived: Mapped[str] = mapped_column(String(200), default="")
    stall_count: Mapped[int]
    rubric_version: Mapped[str] = mapped_column(String(20), ForeignKey("bazaar_rubric.version"))
    fee: Mapped[Rupiah] = mapped_column(RupiahColumn, default=ZERO)
    fee_note: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(12), default="draft")
    postponed_from: Mapped[str] = mapped_column(String(12), default="")
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(300), default="")
    created_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    created_at: Mapped[datetime] = stamped()
    version: Mapped[int] = versioned()

    days: Mapped[list[BazaarDay]] = relationship(order_by="BazaarDay.day")
    pools: Mapped[list[EventPool]] = relationship(order_by="EventPool.id")


class BazaarDay(Base):
    """One day of a bazaar, on the clock of its kabupaten."""

    __tablename__ = "bazaar_day"
    __table_args__ = (UniqueConstraint("bazaar_id", "day"), CheckConstraint("opens < closes", name="hours"))

    id: Mapped[int] = pk()
    bazaar_id: Mapped[int] = mapped_column(BigId, ForeignKey("bazaar.id"))
    day: Mapped[date]
    opens: Mapped[time]
    closes: Mapped[time]


class EventPool(Base):
    """So many places for one group: at most (`max`), or kept for it until a date (`reserved`)."""

    __tablename__ = "bazaar_pool"
    __table_args__ = (
        UniqueConstraint("bazaar_id", "key"),
        CheckConstraint(f"kind IN {POOL_KINDS}", name="kind"),
        CheckConstraint("capacity > 0", name="capacity"),
    )

    id: Mapped[int] = pk()
    bazaar_id: Mapped[int] = mapped_column(BigId, ForeignKey("bazaar.id"))
    key: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(8))
    capacity: Mapped[int]


class Proposal(Base):
    """A second signature: somebody asks, somebody else signs. One open question per bazaar and kind."""

    __tablename__ = "bazaar_proposal"
    __table_args__ = (
        CheckConstraint(f"kind IN {PROPOSAL_KINDS}", name="kind"),
        CheckConstraint("answer IN ('', 'signed', 'returned')", name="answer"),
        Index(
            "uq_bazaar_proposal_open",
            "bazaar_id",
            "kind",
            unique=True,
            sqlite_where=text("answer = ''"),
            postgresql_where=text("answer = ''"),
        ),
    )

    id: Mapped[int] = pk()
    bazaar_id: Mapped[int] = mapped_column(BigId, ForeignKey("bazaar.id"))
    kind: Mapped[str] = mapped_column(String(12))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    note: Mapped[str] = mapped_column(String(300), default="")
    asked_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    asked_at: Mapped[datetime] = stamped()
    answer: Mapped[str] = mapped_column(String(8), default="")
    answer_note: Mapped[str] = mapped_column(String(300), default="")
    answered_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    bazaar: Mapped[Bazaar] = relationship()


class Application(Base):
    """A seller's wish for a place. `pools` are the keys she counts in, frozen when she sends it.

    `decision` is what the reviewers will announce; until the bazaar is published nobody else can see it. `asked_until`
    stands while she has not said whether the new dates of a bazaar that was put off suit her, and says until when.
    """

    __tablename__ = "bazaar_application"
    __table_args__ = (
        UniqueConstraint("bazaar_id", "number"),
        CheckConstraint(f"state IN {APPLICATION_STATES}", name="state"),
        CheckConstraint("decision IN ('', 'place', 'refuse')", name="decision"),
        CheckConstraint("(state = 'offered') = (offer_expires_at IS NOT NULL)", name="offer_clock"),
        Index(
            "uq_bazaar_application_live",
            "bazaar_id",
            "shop_id",
            unique=True,
            sqlite_where=text(f"state IN {LIVE}"),
            postgresql_where=text(f"state IN {LIVE}"),
        ),
        Index("ix_bazaar_application_shop", "shop_id", "id"),
        Index("ix_bazaar_application_bazaar_state", "bazaar_id", "state"),
    )

    id: Mapped[int] = pk()
    key: Mapped[str] = mapped_column(String(64), unique=True)
    bazaar_id: Mapped[int] = mapped_column(BigId, ForeignKey("bazaar.id"))
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shop.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default="submitted")
    goods: Mapped[str] = mapped_column(String(200))
    power: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(300), default="")
    pools: Mapped[list[str]] = mapped_column(JSON)
    past: Mapped[int] = mapped_column(default=0)
    entered_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    late: Mapped[bool] = mapped_column(default=False)
    asked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fix_items: Mapped[str] = mapped_column(String(300), default="")
    fix_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(String(8), default="")
    decision_reason: Mapped[str] = mapped_column(String(300), default="")
    score: Mapped[int | None]
    bonus: Mapped[int] = mapped_column(default=0)
    rank: Mapped[int | None]
    offer_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = versioned()

    bazaar: Mapped[Bazaar] = relationship()
    shop: Mapped[Shop] = relationship()

    @property
    def asks_again(self) -> bool:
        """Whether she has yet to say that the new dates suit her."""
        return self.asked_until is not None

    @property
    def walked_in(self) -> bool:
        """Whether she came on the day without having asked before."""
        return self.submitted_at >= self.bazaar.starts_at


class Review(Base):
    """One reviewer's scores of one application."""

    __tablename__ = "bazaar_review"
    __table_args__ = (UniqueConstraint("application_id", "reviewer_id"),)

    id: Mapped[int] = pk()
    application_id: Mapped[int] = mapped_column(BigId, ForeignKey("bazaar_application.id"))
    reviewer_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    scores: Mapped[dict[str, int]] = mapped_column(JSON)
    total: Mapped[int]
    note: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime] = stamped()


class Kinship(Base):
    """An officer declares an applicant a relative: he never scores her."""

    __tablename__ = "bazaar_kinship"
    __table_args__ = (UniqueConstraint("shop_id", "account_id"),)

    id: Mapped[int] = pk()
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shop.id"))
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    at: Mapped[datetime] = stamped()


class Ranking(Base):
    """The order as it was announced: one snapshot per bazaar, from which every waiting place follows."""

    __tablename__ = "bazaar_ranking"

    id: Mapped[int] = pk()
    bazaar_id: Mapped[int] = mapped_column(BigId, ForeignKey("bazaar.id"), unique=True)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    made_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    made_at: Mapped[datetime] = stamped()


class Stall(Base):
    """A numbered place on the ground, with a main application and perhaps a second that shares it."""

    __tablename__ = "bazaar_stall"
    __table_args__ = (
        UniqueConstraint("bazaar_id", "number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("second_application_id IS NULL OR main_application_id IS NOT NULL", name="main_first"),
        CheckConstraint("main_application_id <> second_application_id", name="two"),
    )

    id: Mapped[int] = pk()
    bazaar_id: Mapped[int] = mapped_column(BigId, ForeignKey("bazaar.id"))
    number: Mapped[int]
    main_application_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("bazaar_application.id"), unique=True)
    second_application_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("bazaar_application.id"), unique=True)

    main: Mapped[Application | None] = relationship(foreign_keys=[main_application_id])
    second: Mapped[Application | None] = relationship(foreign_keys=[second_application_id])


class BazaarEvent(Base):
    """One step of a bazaar or of an application: from, to, by whom and why. Appended only."""

    __tablename__ = "bazaar_event"

    id: Mapped[int] = pk()
    bazaar_id: Mapped[int] = mapped_column(BigId, ForeignKey("bazaar.id"), index=True)
    application_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("bazaar_application.id"), index=True)
    from_state: Mapped[str] = mapped_column(String(12))
    to_state: Mapped[str] = mapped_column(String(12))
    actor_id: Mapped[int] = mapped_column(BigId, default=0)
    actor_role: Mapped[str] = mapped_column(String(12), default="system")
    reason: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime] = stamped()


class BazaarMessage(Base):
    """Something a seller must be told, stored with the step that causes it; `key` keeps it single."""

    __tablename__ = "bazaar_message"
    __table_args__ = (Index("ix_bazaar_message_account", "account_id", "id"),)

    id: Mapped[int] = pk()
    key: Mapped[str] = mapped_column(String(80), unique=True)
    bazaar_id: Mapped[int] = mapped_column(BigId, ForeignKey("bazaar.id"), index=True)
    application_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("bazaar_application.id"))
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(String(20))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = stamped()

    bazaar: Mapped[Bazaar] = relationship()


class Question(Base):
    """What a seller asks while the call is open; the answer is read by everybody."""

    __tablename__ = "bazaar_question"

    id: Mapped[int] = pk()
    bazaar_id: Mapped[int] = mapped_column(BigId, ForeignKey("bazaar.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    text: Mapped[str] = mapped_column(String(300))
    answer: Mapped[str] = mapped_column(String(500), default="")
    answered_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    asked_at: Mapped[datetime] = stamped()
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Objection(Base):
    """A seller disagrees with what was decided; somebody else than the reviewers answers."""

    __tablename__ = "bazaar_objection"

    id: Mapped[int] = pk()
    application_id: Mapped[int] = mapped_column(BigId, ForeignKey("bazaar_application.id"), unique=True)
    text: Mapped[str] = mapped_column(String(500))
    entered_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    at: Mapped[datetime] = stamped()
    answer: Mapped[str] = mapped_column(String(500), default="")
    upheld: Mapped[bool] = mapped_column(default=False)
    answered_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    application: Mapped[Application] = relationship()

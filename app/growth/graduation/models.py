"""Cases of families, what was measured, who proposed and decided what, objections, and graduations.

What people said stands sealed in `growth_words`, which can be erased alone; rows that are appended only hold ids.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, BigId, UtcDateTime, pk, stamped, versioned
from app.growth.graduation.rules import CHANNELS, ENDED_APPEAL, KINDS, LEAST_REASON, OPEN_APPEAL, STATUSES
from app.people.accounts.models import Account
from app.people.families.models import Kpm


class RuleSet(Base):
    """Criteria and warning signs as data. `regency_code` NULL is the default that ships; others are an office's own.

    Once it is no draft any more its contents never change (trigger); whoever drafted it never activates it. `trial` are
    the counts of what a draft would change (see trials), NULL until they are known.
    """

    __tablename__ = "growth_rule_set"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'active', 'retired')", name="status"),
        CheckConstraint("activated_by_id <> drafted_by_id", name="two_people"),
        CheckConstraint(
            "status = 'draft' OR drafted_by_id IS NULL OR (activated_by_id IS NOT NULL AND effective_from IS NOT NULL)",
            name="activated",
        ),
        UniqueConstraint("regency_code", "version"),
    )

    id: Mapped[int] = pk()
    regency_code: Mapped[str | None] = mapped_column(String(13), ForeignKey("region.code"))
    version: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(10), default="draft")
    effective_from: Mapped[date | None]
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    flags: Mapped[dict[str, Any]] = mapped_column(JSON)
    trial: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    change_note: Mapped[str] = mapped_column(String(300), default="")
    drafted_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    activated_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    activated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = stamped()


class Assessment(Base):
    """What was measured of a family on a day, with all it was made from; appended only. `made_by_id` 0 is the night."""

    __tablename__ = "growth_assessment"
    __table_args__ = (Index("ix_growth_assessment_kpm_id", "kpm_id", "id"),)

    id: Mapped[int] = pk()
    kpm_id: Mapped[int] = mapped_column(BigId, ForeignKey("kpm.id"))
    rule_set_id: Mapped[int] = mapped_column(BigId, ForeignKey("growth_rule_set.id"))
    code_version: Mapped[str] = mapped_column(String(10))
    as_of: Mapped[date]
    inputs_json: Mapped[str] = mapped_column(Text)
    inputs_sha256: Mapped[str] = mapped_column(String(64))
    results_json: Mapped[str] = mapped_column(Text)
    made_by_id: Mapped[int] = mapped_column(BigId)
    made_at: Mapped[datetime] = stamped()


class GrowthCase(Base):
    """Where a family stands. `status` moves by a decision only, or between the three that its own consent makes.

    `held_status` is what holds while an objection to the last decision is open.
    """

    __tablename__ = "growth_case"
    __table_args__ = (
        CheckConstraint(f"status IN {STATUSES}", name="status"),
        CheckConstraint(f"held_status IN {STATUSES}", name="held_status"),
        Index("ix_growth_case_status", "status", "kpm_id"),
        Index("ix_growth_case_reckoned", "reckoned_on", "kpm_id"),
    )

    kpm_id: Mapped[int] = mapped_column(BigId, ForeignKey("kpm.id"), primary_key=True, autoincrement=False)
    status: Mapped[str] = mapped_column(String(15))
    held_status: Mapped[str | None] = mapped_column(String(15))
    since: Mapped[datetime] = stamped()
    decision_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("growth_decision.id"))
    assessment_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("growth_assessment.id"))
    watch: Mapped[list[str]] = mapped_column(JSON, default=list)
    reckoned_on: Mapped[date | None]
    opened_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    opened_at: Mapped[datetime] = stamped()
    version: Mapped[int] = versioned()

    kpm: Mapped[Kpm] = relationship()

    @property
    def shown(self) -> str:
        """The status that holds: a contested one holds nowhere."""
        return self.held_status or self.status


class Proposal(Base):
    """A move that somebody proposes after talking with the family; somebody else answers it."""

    __tablename__ = "growth_proposal"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'decided', 'declined')", name="state"),
        CheckConstraint("answered_by_id <> proposed_by_id", name="two_people"),
        CheckConstraint(f"reason_length >= {LEAST_REASON}", name="reason"),
        UniqueConstraint("id", "proposed_by_id"),
        Index(
            "uq_growth_proposal_waiting", "kpm_id", unique=True,
            sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = pk()
    kpm_id: Mapped[int] = mapped_column(BigId, ForeignKey("kpm.id"))
    before: Mapped[str] = mapped_column(String(15))
    outcome: Mapped[str] = mapped_column(String(15))
    agreed: Mapped[bool] = mapped_column(default=False)
    reason_length: Mapped[int]
    assessment_id: Mapped[int] = mapped_column(BigId, ForeignKey("growth_assessment.id"))
    proposed_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    proposed_at: Mapped[datetime] = stamped()
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    answered_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    kpm: Mapped[Kpm] = relationship()


class Decision(Base):
    """A named human decided; appended only. The proposer is the proposal's own, and never decides (foreign key, CHECK).

    `kind` tells whether it answers a proposal, or an objection to the decision on that proposal.
    """

    __tablename__ = "growth_decision"
    __table_args__ = (
        CheckConstraint("kind IN ('move', 'appeal')", name="kind"),
        CheckConstraint("decided_by_id <> proposed_by_id", name="two_people"),
        CheckConstraint(f"reason_length >= {LEAST_REASON}", name="reason"),
        ForeignKeyConstraint(
            ["proposal_id", "proposed_by_id"], ["growth_proposal.id", "growth_proposal.proposed_by_id"],
            name="fk_growth_decision_proposal_growth_proposal",
        ),
        UniqueConstraint("proposal_id", "kind"),
        UniqueConstraint("id", "proposed_by_id", "decided_by_id"),
        Index("ix_growth_decision_kpm_id", "kpm_id", "id"),
    )  # fmt: skip

    id: Mapped[int] = pk()
    kpm_id: Mapped[int] = mapped_column(BigId, ForeignKey("kpm.id"))
    kind: Mapped[str] = mapped_column(String(10))
    proposal_id: Mapped[int] = mapped_column(BigId)
    proposed_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    decided_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    before: Mapped[str] = mapped_column(String(15))
    outcome: Mapped[str] = mapped_column(String(15))
    reason_length: Mapped[int]
    assessment_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("growth_assessment.id"))
    notified_on: Mapped[date]
    effective_on: Mapped[date]
    at: Mapped[datetime] = stamped()


class Appeal(Base):
    """A family objects: to a decision, or without one to what is shown. Heard by neither who proposed nor decided."""

    __tablename__ = "growth_appeal"
    __table_args__ = (
        CheckConstraint(f"state IN {OPEN_APPEAL + ENDED_APPEAL}", name="state"),
        CheckConstraint(f"channel IN {CHANNELS}", name="channel"),
        CheckConstraint("handler_id <> proposed_by_id AND handler_id <> decided_by_id", name="third_person"),
        CheckConstraint("state IN ('filed', 'withdrawn') OR handler_id IS NOT NULL", name="handled"),
        ForeignKeyConstraint(
            ["decision_id", "proposed_by_id", "decided_by_id"],
            ["growth_decision.id", "growth_decision.proposed_by_id", "growth_decision.decided_by_id"],
            name="fk_growth_appeal_decision_growth_decision",
        ),
        Index(
            "uq_growth_appeal_open", "kpm_id", unique=True,
            sqlite_where=text(f"state IN {OPEN_APPEAL}"), postgresql_where=text(f"state IN {OPEN_APPEAL}"),
        ),
        Index("ix_growth_appeal_due", "state", "due_on"),
    )  # fmt: skip

    id: Mapped[int] = pk()
    kpm_id: Mapped[int] = mapped_column(BigId, ForeignKey("kpm.id"))
    decision_id: Mapped[int | None] = mapped_column(BigId)
    proposed_by_id: Mapped[int | None] = mapped_column(BigId)
    decided_by_id: Mapped[int | None] = mapped_column(BigId)
    filed_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    channel: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), default="filed")
    handler_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    filed_at: Mapped[datetime] = stamped()
    acknowledge_by: Mapped[date]
    due_on: Mapped[date]
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = versioned()

    kpm: Mapped[Kpm] = relationship()


class Words(Base):
    """What somebody said in a proposal, decision, objection or letter; `subject` is `table:id:what`, sealed to it."""

    __tablename__ = "growth_words"

    id: Mapped[int] = pk()
    kpm_id: Mapped[int] = mapped_column(BigId, ForeignKey("kpm.id"), index=True)
    subject: Mapped[str] = mapped_column(String(60), unique=True)
    sealed: Mapped[str] = mapped_column(Text)


class Graduation(Base):
    """A family leaves a programme. Confirmed only with a scan of the signed letter and by another named person."""

    __tablename__ = "graduation"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("acknowledged_by_id <> recorded_by_id", name="two_people"),
        CheckConstraint(
            "(confirmed_on IS NULL) = (acknowledged_by_id IS NULL) AND (confirmed_on IS NULL OR scan IS NOT NULL)",
            name="confirmed",
        ),
        CheckConstraint("confirmed_on >= stated_on", name="order"),
        Index("ix_graduation_kpm", "kpm_id"),
        Index("ix_graduation_regency_stated", "regency_code", "stated_on"),
    )

    id: Mapped[int] = pk()
    creation_key: Mapped[str] = mapped_column(String(64), unique=True)
    kpm_id: Mapped[int] = mapped_column(BigId, ForeignKey("kpm.id"))
    regency_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    kecamatan_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    kind: Mapped[str] = mapped_column(String(15))
    stated_on: Mapped[date]
    letter_number: Mapped[str] = mapped_column(String(60), default="")
    scan: Mapped[str | None] = mapped_column(String(120))
    scanned_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    recorded_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    recorded_at: Mapped[datetime] = stamped()
    acknowledged_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    confirmed_on: Mapped[date | None]
    version: Mapped[int] = versioned()

    kpm: Mapped[Kpm] = relationship()
    recorded_by: Mapped[Account] = relationship(foreign_keys=recorded_by_id)

"""The e-Katalog: what the official catalogue asks for, what a seller sends, who looked, signed and saw it outside.

One row of Submission is one round. Answers, checks, moves, bundles, downloads and what was seen outside are appended
and never changed (triggers of migration 0081); a change after the export is a new round that points at the last.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, BigId, UtcDateTime, pk, stamped, versioned
from app.goods.permits.rules import WATCH
from app.goods.products.models import Product
from app.goods.shops.models import Shop
from app.trade.ekatalog.rules import ENDED, OUTSIDE, PROFILES, RESULTS, SIGNED, STATES

_OPEN = f"state NOT IN {ENDED}"


class RequirementSet(Base):
    """What one version of the official catalogue asks for; never edited, a change is a newer version."""

    __tablename__ = "ekatalog_requirements"
    __table_args__ = (CheckConstraint(f"profile IN {PROFILES}", name="profile"),)

    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    profile: Mapped[str] = mapped_column(String(4))
    valid_from: Mapped[date]
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    loaded_at: Mapped[datetime] = stamped()


class EkatalogCategory(Base):
    """A category outside, in three levels, as the house brought it; what officers see later is a `CategoryCheck`."""

    __tablename__ = "ekatalog_category"
    __table_args__ = (CheckConstraint(f"profile IN {PROFILES}", name="profile"),)

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    profile: Mapped[str] = mapped_column(String(4))
    level1: Mapped[str] = mapped_column(String(80))
    level2: Mapped[str] = mapped_column(String(80))
    level3: Mapped[str] = mapped_column(String(80))
    open_from: Mapped[date | None]
    open_until: Mapped[date | None]
    source_url: Mapped[str] = mapped_column(String(300), default="")
    checked_on: Mapped[date | None]

    @property
    def name(self) -> str:
        """Return the deepest level that has a name."""
        return self.level3 or self.level2


class CategoryCheck(Base):
    """What an officer saw of a category on a day. Appended only; the newest of a region counts there alone."""

    __tablename__ = "ekatalog_category_check"
    __table_args__ = (Index("ix_ekatalog_category_check_region", "regency_code", "category_code", "id"),)

    id: Mapped[int] = pk()
    category_code: Mapped[str] = mapped_column(String(20), ForeignKey("ekatalog_category.code"))
    regency_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    open_from: Mapped[date | None]
    open_until: Mapped[date | None]
    source_url: Mapped[str] = mapped_column(String(300))
    checked_on: Mapped[date]
    checked_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    at: Mapped[datetime] = stamped()


class AcceptedKbli(Base):
    """A class of business that a category takes."""

    __tablename__ = "ekatalog_kbli"

    category_code: Mapped[str] = mapped_column(String(20), ForeignKey("ekatalog_category.code"), primary_key=True)
    kbli_version: Mapped[str] = mapped_column(String(4), primary_key=True)
    kbli_code: Mapped[str] = mapped_column(String(5), primary_key=True)


class Submission(Base):
    """One round of one product. Nobody reviews what they entered, nobody signs what they entered or reviewed."""

    __tablename__ = "ekatalog_submission"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(
            "reviewed_by_id IS NULL OR (reviewed_by_id <> started_by_id AND reviewed_by_id <> submitted_by_id)",
            name="reviewer",
        ),
        CheckConstraint(
            "signed_by_id IS NULL OR (reviewed_by_id IS NOT NULL AND signed_by_id <> reviewed_by_id"
            " AND signed_by_id <> started_by_id AND signed_by_id <> submitted_by_id)",
            name="signer",
        ),
        CheckConstraint(f"state NOT IN {SIGNED} OR signed_by_id IS NOT NULL", name="signed"),
        CheckConstraint(f"state NOT IN {('approved', *SIGNED)} OR reviewed_by_id IS NOT NULL", name="reviewed"),
        Index("ix_ekatalog_submission_queue", "regency_code", "state", "submitted_at", "id"),
        Index("ix_ekatalog_submission_shop", "shop_id", "id"),
        Index("ix_ekatalog_submission_state", "state", "product_id"),
        Index(
            "uq_ekatalog_submission_open",
            "product_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
    )

    id: Mapped[int] = pk()
    product_id: Mapped[int] = mapped_column(BigId, ForeignKey("product.id"))
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shop.id"))
    regency_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    wave: Mapped[str] = mapped_column(String(7))
    round: Mapped[int] = mapped_column(default=1)
    previous_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("ekatalog_submission.id"), unique=True)
    profile: Mapped[str] = mapped_column(String(4), default="v6")
    set_version: Mapped[str] = mapped_column(String(20), ForeignKey("ekatalog_requirements.version"))
    category_code: Mapped[str | None] = mapped_column(String(20), ForeignKey("ekatalog_category.code"))
    revision_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("revision.id"))
    state: Mapped[str] = mapped_column(String(20), default="collecting")
    started_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    started_for_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    submitted_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    submitted_for_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reviewed_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_due: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = stamped()
    version: Mapped[int] = versioned()

    product: Mapped[Product] = relationship(Product)
    shop: Mapped[Shop] = relationship(Shop)


class Answer(Base):
    """What somebody answered to one item; the newest counts."""

    __tablename__ = "ekatalog_answer"
    __table_args__ = (Index("ix_ekatalog_answer_submission", "submission_id", "key", "id"),)

    id: Mapped[int] = pk()
    submission_id: Mapped[int] = mapped_column(BigId, ForeignKey("ekatalog_submission.id"))
    key: Mapped[str] = mapped_column(String(20))
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    at: Mapped[datetime] = stamped()


class SubmissionPhoto(Base):
    """A photo for the catalogue, kept as a private file; `purpose` is product or label. Removed by a date."""

    __tablename__ = "ekatalog_photo"
    __table_args__ = (CheckConstraint("purpose IN ('product', 'label')", name="purpose"),)

    id: Mapped[int] = pk()
    submission_id: Mapped[int] = mapped_column(BigId, ForeignKey("ekatalog_submission.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    at: Mapped[datetime] = stamped()
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    submission: Mapped[Submission] = relationship(Submission)


class SubmissionCheck(Base):
    """What a reviewer (or, when a paper ran out, the clock) said about one item; the newest counts."""

    __tablename__ = "ekatalog_check"
    __table_args__ = (
        CheckConstraint(f"result IN {RESULTS}", name="result"),
        Index("ix_ekatalog_check_submission", "submission_id", "key", "id"),
    )

    id: Mapped[int] = pk()
    submission_id: Mapped[int] = mapped_column(BigId, ForeignKey("ekatalog_submission.id"))
    key: Mapped[str] = mapped_column(String(20))
    result: Mapped[str] = mapped_column(String(8))
    note: Mapped[str] = mapped_column(String(300), default="")
    by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    at: Mapped[datetime] = stamped()


class Move(Base):
    """One step of a round: from, to, by whom, for whom and why; or a difference that a newer requirement set makes."""

    __tablename__ = "ekatalog_move"

    id: Mapped[int] = pk()
    submission_id: Mapped[int] = mapped_column(BigId, ForeignKey("ekatalog_submission.id"), index=True)
    from_state: Mapped[str] = mapped_column(String(20))
    to_state: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    by_role: Mapped[str] = mapped_column(String(12))
    on_behalf_of_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(String(300), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = stamped()


class Bundle(Base):
    """The frozen package of one round: its file, the hash of it, and the hash of each file inside."""

    __tablename__ = "ekatalog_bundle"

    id: Mapped[int] = pk()
    submission_id: Mapped[int] = mapped_column(BigId, ForeignKey("ekatalog_submission.id"), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]
    files: Mapped[dict[str, str]] = mapped_column(JSON)
    built_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    built_at: Mapped[datetime] = stamped()


class Download(Base):
    """Somebody took a bundle away."""

    __tablename__ = "ekatalog_download"

    id: Mapped[int] = pk()
    bundle_id: Mapped[int] = mapped_column(BigId, ForeignKey("ekatalog_bundle.id"), index=True)
    by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    at: Mapped[datetime] = stamped()


class OutsideStatus(Base):
    """What a person saw or did in the official system, on which day, with proof or marked as without."""

    __tablename__ = "ekatalog_outside"
    __table_args__ = (
        CheckConstraint(f"status IN {OUTSIDE}", name="status"),
        CheckConstraint("proof IS NOT NULL OR without_proof", name="proof"),
        CheckConstraint("status <> 'refused_outside' OR reason_code IS NOT NULL", name="reason"),
    )

    id: Mapped[int] = pk()
    submission_id: Mapped[int] = mapped_column(BigId, ForeignKey("ekatalog_submission.id"), index=True)
    status: Mapped[str] = mapped_column(String(20))
    seen_on: Mapped[date]
    seen_by: Mapped[str] = mapped_column(String(120))
    reference_no: Mapped[str] = mapped_column(String(80), default="")
    proof: Mapped[str | None] = mapped_column(String(120))
    without_proof: Mapped[bool] = mapped_column(default=False)
    reason_code: Mapped[str | None] = mapped_column(String(40))
    claims: Mapped[dict[str, bool]] = mapped_column(JSON, default=dict)
    note: Mapped[str] = mapped_column(String(300), default="")
    entered_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    at: Mapped[datetime] = stamped()

    submission: Mapped[Submission] = relationship(Submission)


class Appeal(Base):
    """A seller's word against "not suitable", and what another officer answered."""

    __tablename__ = "ekatalog_appeal"
    __table_args__ = (CheckConstraint("answer IS NULL OR answer IN ('granted', 'upheld')", name="answer"),)

    id: Mapped[int] = pk()
    submission_id: Mapped[int] = mapped_column(BigId, ForeignKey("ekatalog_submission.id"), unique=True)
    text: Mapped[str] = mapped_column(String(600))
    by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    at: Mapped[datetime] = stamped()
    answer: Mapped[str | None] = mapped_column(String(8))
    sentence: Mapped[str] = mapped_column(String(300), default="")
    answered_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PaperNotice(Base):
    """Somebody was told, once per threshold (days before the end), that a paper of an open round ends."""

    __tablename__ = "ekatalog_notice"
    __table_args__ = (
        UniqueConstraint("permit_id", "days"),
        CheckConstraint(f"days IN {WATCH}", name="days"),
    )

    id: Mapped[int] = pk()
    permit_id: Mapped[int] = mapped_column(BigId, ForeignKey("permit.id"))
    days: Mapped[int]
    told_at: Mapped[datetime] = stamped()
    read_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

"""Families: the record without a name, and beside it the identity, sealed, which can be erased alone.

No table of a lower or public room points here; a shop meets a family only through `growth/businesses`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, BigId, RupiahColumn, UtcDateTime, pk, stamped, versioned
from app.kit.rupiah import Rupiah

STATES = ("active", "moved", "ended", "erased")
SEXES = ("f", "m")
PROGRAMS = ("pkh", "uep", "other")
EXIT_KINDS = ("self_reliant", "natural", "administrative", "unknown")
PURPOSES = ("marketplace", "graduation_monitoring", "publicity", "loan_statement", "ekatalog")
METHODS = ("paper", "own_phone", "spoken")
BATCH_STATES = ("staged", "confirmed", "dropped", "expired")
OUTCOMES = ("new", "changed", "same", "bad")


class Kpm(Base):
    """A family: one Kartu Keluarga. The pseudonym is random and says nothing; sums and chains hang on the id.

    `state` tells whether the record lives; where a family's case stands is decided in `growth/graduation`.
    """

    __tablename__ = "kpm"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"head_sex IN {SEXES}", name="head_sex"),
        CheckConstraint("size BETWEEN 1 AND 30", name="size"),
        Index("ix_kpm_regency_id", "regency_code", "id"),
        Index("ix_kpm_desa_id", "desa_code", "id"),
    )

    id: Mapped[int] = pk()
    pseudonym: Mapped[str] = mapped_column(String(12), unique=True)
    regency_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    kecamatan_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"), index=True)
    desa_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    size: Mapped[int]
    head_sex: Mapped[str | None] = mapped_column(String(1))
    wants_to_sell: Mapped[bool] = mapped_column(default=False)
    makes: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[str] = mapped_column(String(10), default="active")
    created_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    created_at: Mapped[datetime] = stamped()
    version: Mapped[int] = versioned()

    identity: Mapped[KpmIdentity | None] = relationship(back_populates="kpm", uselist=False)


class KpmIdentity(Base):
    """Who a family is, each field sealed to its place (`kpm_identity:<kpm id>:<field>`); the row can be erased alone.

    The blind indexes find equal numbers without showing them: one NIK and one KK belong to one family, and
    a phone may serve several.
    """

    __tablename__ = "kpm_identity"

    kpm_id: Mapped[int] = mapped_column(BigId, ForeignKey("kpm.id"), primary_key=True, autoincrement=False)
    nik_blind: Mapped[str] = mapped_column(String(64), unique=True)
    nik_sealed: Mapped[str] = mapped_column(String(200))
    kk_blind: Mapped[str | None] = mapped_column(String(64), unique=True)
    kk_sealed: Mapped[str | None] = mapped_column(String(200))
    name_sealed: Mapped[str] = mapped_column(String(800))
    phone_sealed: Mapped[str | None] = mapped_column(String(200))
    phone_blind: Mapped[str | None] = mapped_column(String(64))
    address_sealed: Mapped[str | None] = mapped_column(String(2000))

    kpm: Mapped[Kpm] = relationship(back_populates="identity")


class Enrollment(Base):
    """A family's time in a programme; `ended_on` is its last day, `exit_date` the day the leaving was stated."""

    __tablename__ = "enrollment"
    __table_args__ = (
        CheckConstraint(f"program IN {PROGRAMS}", name="program"),
        CheckConstraint(f"exit_kind IN {EXIT_KINDS}", name="exit_kind"),
        CheckConstraint("ended_on >= started_on", name="order"),
        CheckConstraint("monthly_aid >= 0", name="monthly_aid"),
        UniqueConstraint("kpm_id", "program", "started_on"),
        Index("ix_enrollment_program_kpm", "program", "kpm_id"),
    )

    id: Mapped[int] = pk()
    kpm_id: Mapped[int] = mapped_column(BigId, ForeignKey("kpm.id"))
    program: Mapped[str] = mapped_column(String(10))
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    exit_kind: Mapped[str | None] = mapped_column(String(15))
    exit_date: Mapped[date | None]
    letter_file: Mapped[str | None] = mapped_column(String(120))
    monthly_aid: Mapped[Rupiah | None] = mapped_column(RupiahColumn)
    source: Mapped[str] = mapped_column(String(20), default="manual")
    created_at: Mapped[datetime] = stamped()
    version: Mapped[int] = versioned()

    kpm: Mapped[Kpm] = relationship()


class DesilRecord(Base):
    """A welfare decile as BPS stated it on a day; kept as history, never computed here."""

    __tablename__ = "desil_record"
    __table_args__ = (
        CheckConstraint("desil BETWEEN 1 AND 10", name="desil"),
        UniqueConstraint("kpm_id", "as_of"),
    )

    id: Mapped[int] = pk()
    kpm_id: Mapped[int] = mapped_column(BigId, ForeignKey("kpm.id"))
    desil: Mapped[int]
    as_of: Mapped[date]
    source: Mapped[str] = mapped_column(String(20), default="dtsen")
    created_at: Mapped[datetime] = stamped()


class FamilyConsent(Base):
    """What a family agreed to for one purpose: from a moment, at most until a day, ended by a withdrawal at once."""

    __tablename__ = "family_consent"
    __table_args__ = (
        CheckConstraint(f"purpose IN {PURPOSES}", name="purpose"),
        CheckConstraint(f"method IN {METHODS}", name="method"),
        Index("ix_family_consent_kpm_purpose", "kpm_id", "purpose", "given_at"),
    )

    id: Mapped[int] = pk()
    kpm_id: Mapped[int] = mapped_column(BigId, ForeignKey("kpm.id"))
    purpose: Mapped[str] = mapped_column(String(30))
    wording_version: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime] = stamped()
    expires_on: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    method: Mapped[str] = mapped_column(String(10))
    witness_sealed: Mapped[str | None] = mapped_column(String(800))
    recorded_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))


class AccessLog(Base):
    """Who looked at what of a family, and what for; appended only, the family itself may read it."""

    __tablename__ = "access_log"
    __table_args__ = (Index("ix_access_log_kpm_at", "kpm_id", "at"), Index("ix_access_log_actor_at", "actor_id", "at"))

    id: Mapped[int] = pk()
    actor_id: Mapped[int] = mapped_column(BigId)
    actor_role: Mapped[str] = mapped_column(String(20))
    kpm_id: Mapped[int] = mapped_column(BigId, ForeignKey("kpm.id"))
    what: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = stamped()


class ImportBatch(Base):
    """A list that was uploaded and read, waiting to be confirmed as a whole; it expires with all its rows."""

    __tablename__ = "import_batch"
    __table_args__ = (
        CheckConstraint(f"state IN {BATCH_STATES}", name="state"),
        Index("ix_import_batch_regency_id", "regency_code", "id"),
    )

    id: Mapped[int] = pk()
    kind: Mapped[str] = mapped_column(String(20), default="families")
    regency_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10), default="staged")
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    notes: Mapped[list[str]] = mapped_column(JSON, default=list)
    uploaded_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    uploaded_at: Mapped[datetime] = stamped()
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportRow(Base):
    """One line of a list, sealed as a whole (`import_row:<batch>:<line>:content`); gone once answered or expired.

    `problems` and `warnings` hold (column, reason) codes, never what stood in the cell.
    """

    __tablename__ = "import_row"
    __table_args__ = (CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),)

    batch_id: Mapped[int] = mapped_column(BigId, ForeignKey("import_batch.id"), primary_key=True, autoincrement=False)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outcome: Mapped[str] = mapped_column(String(10))
    content_sealed: Mapped[str] = mapped_column(Text)
    problems: Mapped[list[Any]] = mapped_column(JSON, default=list)
    warnings: Mapped[list[Any]] = mapped_column(JSON, default=list)

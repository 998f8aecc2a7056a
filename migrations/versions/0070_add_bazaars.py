"""Add bazaars: events with pools and days, applications, reviews, stalls, steps and messages.

The rubric is data with a version; the steps are appended only, as the books of trade are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bazaar_rubric",
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_bazaar_rubric"),
    )
    op.create_table(
        "bazaar",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("creation_key", sa.String(length=64), nullable=False),
        sa.Column("slug", sa.String(length=90), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("host_event", sa.String(length=120), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("regency_code", sa.String(length=13), nullable=False),
        sa.Column("kecamatan_code", sa.String(length=13), nullable=True),
        sa.Column("desa_code", sa.String(length=13), nullable=True),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("contact", sa.String(length=20), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("soft_deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hard_deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reserved_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("standstill_days", sa.Integer(), nullable=False),
        sa.Column("standstill_waived", sa.String(length=200), nullable=False),
        sa.Column("stall_count", sa.Integer(), nullable=False),
        sa.Column("rubric_version", sa.String(length=20), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("fee_note", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("postponed_from", sa.String(length=12), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'open_call', 'curation', 'published', 'running', 'closed', 'reported', 'postponed', 'cancelled')",
            name="ck_bazaar_state",
        ),
        sa.CheckConstraint("stall_count > 0", name="ck_bazaar_stalls"),
        sa.CheckConstraint("standstill_days >= 0", name="ck_bazaar_standstill"),
        sa.CheckConstraint("starts_at < ends_at", name="ck_bazaar_span"),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name="fk_bazaar_created_by_id_account"),
        sa.ForeignKeyConstraint(["desa_code"], ["region.code"], name="fk_bazaar_desa_code_region"),
        sa.ForeignKeyConstraint(["kecamatan_code"], ["region.code"], name="fk_bazaar_kecamatan_code_region"),
        sa.ForeignKeyConstraint(["regency_code"], ["region.code"], name="fk_bazaar_regency_code_region"),
        sa.ForeignKeyConstraint(
            ["rubric_version"], ["bazaar_rubric.version"], name="fk_bazaar_rubric_version_bazaar_rubric"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bazaar"),
        sa.UniqueConstraint("creation_key", name="uq_bazaar_creation_key"),
        sa.UniqueConstraint("slug", name="uq_bazaar_slug"),
    )
    op.create_index("ix_bazaar_kecamatan_code", "bazaar", ["kecamatan_code"], unique=False)
    op.create_index("ix_bazaar_regency_state", "bazaar", ["regency_code", "state", "starts_at"], unique=False)
    op.create_index("ix_bazaar_starts", "bazaar", ["starts_at", "id"], unique=False)

    op.create_table(
        "bazaar_application",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("bazaar_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shop_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("goods", sa.String(length=200), nullable=False),
        sa.Column("power", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("pools", sa.JSON(), nullable=False),
        sa.Column("past", sa.Integer(), nullable=False),
        sa.Column("entered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on_behalf_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("fix_items", sa.String(length=300), nullable=False),
        sa.Column("fix_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=8), nullable=False),
        sa.Column("decision_reason", sa.String(length=300), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("bonus", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("offer_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'offered') = (offer_expires_at IS NOT NULL)", name="ck_bazaar_application_offer_clock"
        ),
        sa.CheckConstraint("decision IN ('', 'place', 'refuse')", name="ck_bazaar_application_decision"),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'needs_fix', 'in_review', 'waitlisted', 'offered', 'confirmed', 'checked_in', 'settled', 'withdrawn', 'refused', 'not_placed', 'declined', 'offer_lapsed', 'no_show', 'removed')",
            name="ck_bazaar_application_state",
        ),
        sa.ForeignKeyConstraint(["bazaar_id"], ["bazaar.id"], name="fk_bazaar_application_bazaar_id_bazaar"),
        sa.ForeignKeyConstraint(["entered_by_id"], ["account.id"], name="fk_bazaar_application_entered_by_id_account"),
        sa.ForeignKeyConstraint(
            ["on_behalf_of_id"], ["account.id"], name="fk_bazaar_application_on_behalf_of_id_account"
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name="fk_bazaar_application_shop_id_shop"),
        sa.PrimaryKeyConstraint("id", name="pk_bazaar_application"),
        sa.UniqueConstraint("bazaar_id", "number", name="uq_bazaar_application_bazaar_id_number"),
        sa.UniqueConstraint("key", name="uq_bazaar_application_key"),
    )
    op.create_index("ix_bazaar_application_bazaar_state", "bazaar_application", ["bazaar_id", "state"], unique=False)
    op.create_index("ix_bazaar_application_shop", "bazaar_application", ["shop_id", "id"], unique=False)
    op.create_index(
        "uq_bazaar_application_live",
        "bazaar_application",
        ["bazaar_id", "shop_id"],
        unique=True,
        sqlite_where=sa.text(
            "state IN ('draft', 'submitted', 'needs_fix', 'in_review', 'waitlisted', 'offered', 'confirmed', 'checked_in')"
        ),
        postgresql_where=sa.text(
            "state IN ('draft', 'submitted', 'needs_fix', 'in_review', 'waitlisted', 'offered', 'confirmed', 'checked_in')"
        ),
    )

    op.create_table(
        "bazaar_day",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bazaar_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.CheckConstraint("opens < closes", name="ck_bazaar_day_hours"),
        sa.ForeignKeyConstraint(["bazaar_id"], ["bazaar.id"], name="fk_bazaar_day_bazaar_id_bazaar"),
        sa.PrimaryKeyConstraint("id", name="pk_bazaar_day"),
        sa.UniqueConstraint("bazaar_id", "day", name="uq_bazaar_day_bazaar_id_day"),
    )
    op.create_table(
        "bazaar_kinship",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shop_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_bazaar_kinship_account_id_account"),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name="fk_bazaar_kinship_shop_id_shop"),
        sa.PrimaryKeyConstraint("id", name="pk_bazaar_kinship"),
        sa.UniqueConstraint("shop_id", "account_id", name="uq_bazaar_kinship_shop_id_account_id"),
    )
    op.create_table(
        "bazaar_pool",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bazaar_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('max', 'reserved')", name="ck_bazaar_pool_kind"),
        sa.CheckConstraint("capacity > 0", name="ck_bazaar_pool_capacity"),
        sa.ForeignKeyConstraint(["bazaar_id"], ["bazaar.id"], name="fk_bazaar_pool_bazaar_id_bazaar"),
        sa.PrimaryKeyConstraint("id", name="pk_bazaar_pool"),
        sa.UniqueConstraint("bazaar_id", "key", name="uq_bazaar_pool_bazaar_id_key"),
    )
    op.create_table(
        "bazaar_proposal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bazaar_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("answer_note", sa.String(length=300), nullable=False),
        sa.Column("answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("answer IN ('', 'signed', 'returned')", name="ck_bazaar_proposal_answer"),
        sa.CheckConstraint("kind IN ('open_call', 'capacity')", name="ck_bazaar_proposal_kind"),
        sa.ForeignKeyConstraint(["answered_by_id"], ["account.id"], name="fk_bazaar_proposal_answered_by_id_account"),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name="fk_bazaar_proposal_asked_by_id_account"),
        sa.ForeignKeyConstraint(["bazaar_id"], ["bazaar.id"], name="fk_bazaar_proposal_bazaar_id_bazaar"),
        sa.PrimaryKeyConstraint("id", name="pk_bazaar_proposal"),
    )
    op.create_index(
        "uq_bazaar_proposal_open",
        "bazaar_proposal",
        ["bazaar_id", "kind"],
        unique=True,
        sqlite_where=sa.text("answer = ''"),
        postgresql_where=sa.text("answer = ''"),
    )

    op.create_table(
        "bazaar_question",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bazaar_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["answered_by_id"], ["account.id"], name="fk_bazaar_question_answered_by_id_account"),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name="fk_bazaar_question_asked_by_id_account"),
        sa.ForeignKeyConstraint(["bazaar_id"], ["bazaar.id"], name="fk_bazaar_question_bazaar_id_bazaar"),
        sa.PrimaryKeyConstraint("id", name="pk_bazaar_question"),
    )
    op.create_index("ix_bazaar_question_bazaar_id", "bazaar_question", ["bazaar_id"], unique=False)

    op.create_table(
        "bazaar_ranking",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bazaar_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bazaar_id"], ["bazaar.id"], name="fk_bazaar_ranking_bazaar_id_bazaar"),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name="fk_bazaar_ranking_made_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_bazaar_ranking"),
        sa.UniqueConstraint("bazaar_id", name="uq_bazaar_ranking_bazaar_id"),
    )
    op.create_table(
        "bazaar_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bazaar_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("from_state", sa.String(length=12), nullable=False),
        sa.Column("to_state", sa.String(length=12), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor_role", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["bazaar_application.id"], name="fk_bazaar_event_application_id_bazaar_application"
        ),
        sa.ForeignKeyConstraint(["bazaar_id"], ["bazaar.id"], name="fk_bazaar_event_bazaar_id_bazaar"),
        sa.PrimaryKeyConstraint("id", name="pk_bazaar_event"),
    )
    op.create_index("ix_bazaar_event_application_id", "bazaar_event", ["application_id"], unique=False)
    op.create_index("ix_bazaar_event_bazaar_id", "bazaar_event", ["bazaar_id"], unique=False)

    op.create_table(
        "bazaar_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("bazaar_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_bazaar_message_account_id_account"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["bazaar_application.id"], name="fk_bazaar_message_application_id_bazaar_application"
        ),
        sa.ForeignKeyConstraint(["bazaar_id"], ["bazaar.id"], name="fk_bazaar_message_bazaar_id_bazaar"),
        sa.PrimaryKeyConstraint("id", name="pk_bazaar_message"),
        sa.UniqueConstraint("key", name="uq_bazaar_message_key"),
    )
    op.create_index("ix_bazaar_message_account", "bazaar_message", ["account_id", "id"], unique=False)
    op.create_index("ix_bazaar_message_bazaar_id", "bazaar_message", ["bazaar_id"], unique=False)

    op.create_table(
        "bazaar_objection",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("entered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=False),
        sa.Column("answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["answered_by_id"], ["account.id"], name="fk_bazaar_objection_answered_by_id_account"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["bazaar_application.id"], name="fk_bazaar_objection_application_id_bazaar_application"
        ),
        sa.ForeignKeyConstraint(["entered_by_id"], ["account.id"], name="fk_bazaar_objection_entered_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_bazaar_objection"),
        sa.UniqueConstraint("application_id", name="uq_bazaar_objection_application_id"),
    )
    op.create_table(
        "bazaar_review",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reviewer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["bazaar_application.id"], name="fk_bazaar_review_application_id_bazaar_application"
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["account.id"], name="fk_bazaar_review_reviewer_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_bazaar_review"),
        sa.UniqueConstraint("application_id", "reviewer_id", name="uq_bazaar_review_application_id_reviewer_id"),
    )
    op.create_table(
        "bazaar_stall",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bazaar_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("main_application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("second_application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("main_application_id <> second_application_id", name="ck_bazaar_stall_two"),
        sa.CheckConstraint("number > 0", name="ck_bazaar_stall_number"),
        sa.CheckConstraint(
            "second_application_id IS NULL OR main_application_id IS NOT NULL", name="ck_bazaar_stall_main_first"
        ),
        sa.ForeignKeyConstraint(["bazaar_id"], ["bazaar.id"], name="fk_bazaar_stall_bazaar_id_bazaar"),
        sa.ForeignKeyConstraint(
            ["main_application_id"],
            ["bazaar_application.id"],
            name="fk_bazaar_stall_main_application_id_bazaar_application",
        ),
        sa.ForeignKeyConstraint(
            ["second_application_id"],
            ["bazaar_application.id"],
            name="fk_bazaar_stall_second_application_id_bazaar_application",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bazaar_stall"),
        sa.UniqueConstraint("bazaar_id", "number", name="uq_bazaar_stall_bazaar_id_number"),
        sa.UniqueConstraint("main_application_id", name="uq_bazaar_stall_main_application_id"),
        sa.UniqueConstraint("second_application_id", name="uq_bazaar_stall_second_application_id"),
    )
    guard("bazaar_event")


def guard(table: str) -> None:
    """Let rows be added and never changed, whatever program asks."""
    says = f"{table} is append-only"
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{says}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )


def downgrade() -> None:
    op.drop_table("bazaar_stall")
    op.drop_table("bazaar_review")
    op.drop_table("bazaar_objection")
    op.drop_index("ix_bazaar_message_bazaar_id", "bazaar_message")
    op.drop_index("ix_bazaar_message_account", "bazaar_message")

    op.drop_table("bazaar_message")
    op.drop_index("ix_bazaar_event_bazaar_id", "bazaar_event")
    op.drop_index("ix_bazaar_event_application_id", "bazaar_event")

    op.drop_table("bazaar_event")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION bazaar_event_append_only()")
    op.drop_table("bazaar_ranking")
    op.drop_index("ix_bazaar_question_bazaar_id", "bazaar_question")

    op.drop_table("bazaar_question")
    op.drop_index(
        "uq_bazaar_proposal_open",
        "bazaar_proposal",
        sqlite_where=sa.text("answer = ''"),
        postgresql_where=sa.text("answer = ''"),
    )

    op.drop_table("bazaar_proposal")
    op.drop_table("bazaar_pool")
    op.drop_table("bazaar_kinship")
    op.drop_table("bazaar_day")
    op.drop_index(
        "uq_bazaar_application_live",
        "bazaar_application",
        sqlite_where=sa.text(
            "state IN ('draft', 'submitted', 'needs_fix', 'in_review', 'waitlisted', 'offered', 'confirmed', 'checked_in')"
        ),
        postgresql_where=sa.text(
            "state IN ('draft', 'submitted', 'needs_fix', 'in_review', 'waitlisted', 'offered', 'confirmed', 'checked_in')"
        ),
    )
    op.drop_index("ix_bazaar_application_shop", "bazaar_application")
    op.drop_index("ix_bazaar_application_bazaar_state", "bazaar_application")

    op.drop_table("bazaar_application")
    op.drop_index("ix_bazaar_starts", "bazaar")
    op.drop_index("ix_bazaar_regency_state", "bazaar")
    op.drop_index("ix_bazaar_kecamatan_code", "bazaar")

    op.drop_table("bazaar")
    op.drop_table("bazaar_rubric")

"""Add the e-Katalog: its lists, rounds, and their logs, which are appended and never changed."""

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None

APPENDED = (
    "ekatalog_answer", "ekatalog_check", "ekatalog_move", "ekatalog_bundle", "ekatalog_download", "ekatalog_outside",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "ekatalog_requirements",
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("profile", sa.String(length=4), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("profile IN ('v6', 'v5')", name=op.f("ck_ekatalog_requirements_profile")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_ekatalog_requirements")),
    )
    op.create_table(
        "ekatalog_category",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("profile", sa.String(length=4), nullable=False),
        sa.Column("level1", sa.String(length=80), nullable=False),
        sa.Column("level2", sa.String(length=80), nullable=False),
        sa.Column("level3", sa.String(length=80), nullable=False),
        sa.Column("open_from", sa.Date(), nullable=True),
        sa.Column("open_until", sa.Date(), nullable=True),
        sa.Column("source_url", sa.String(length=300), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("checked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("profile IN ('v6', 'v5')", name=op.f("ck_ekatalog_category_profile")),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["account.id"], name=op.f("fk_ekatalog_category_checked_by_id_account")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_ekatalog_category")),
    )
    op.create_table(
        "ekatalog_kbli",
        sa.Column("category_code", sa.String(length=20), nullable=False),
        sa.Column("kbli_version", sa.String(length=4), nullable=False),
        sa.Column("kbli_code", sa.String(length=5), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_code"], ["ekatalog_category.code"], name=op.f("fk_ekatalog_kbli_category_code_ekatalog_category")
        ),
        sa.PrimaryKeyConstraint("category_code", "kbli_version", "kbli_code", name=op.f("pk_ekatalog_kbli")),
    )
    op.create_table(
        "ekatalog_submission",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shop_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("regency_code", sa.String(length=13), nullable=False),
        sa.Column("wave", sa.String(length=7), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("previous_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("profile", sa.String(length=4), nullable=False),
        sa.Column("set_version", sa.String(length=20), nullable=False),
        sa.Column("category_code", sa.String(length=20), nullable=True),
        sa.Column("revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("started_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("started_for_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("submitted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("submitted_for_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_due", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('collecting', 'ready_for_review', 'in_review', 'returned', 'approved', 'exported', 'sent_outside', 'shown_outside', 'no_answer', 'needs_update', 'delisted_outside', 'refused_outside', 'not_suitable', 'withdrawn', 'closed')",
            name=op.f("ck_ekatalog_submission_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'exported', 'sent_outside', 'shown_outside', 'no_answer', 'needs_update', 'delisted_outside', 'refused_outside') OR reviewed_by_id IS NOT NULL",
            name=op.f("ck_ekatalog_submission_reviewed"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('exported', 'sent_outside', 'shown_outside', 'no_answer', 'needs_update', 'delisted_outside', 'refused_outside') OR signed_by_id IS NOT NULL",
            name=op.f("ck_ekatalog_submission_signed"),
        ),
        sa.CheckConstraint(
            "reviewed_by_id IS NULL OR (reviewed_by_id <> started_by_id AND reviewed_by_id <> submitted_by_id)",
            name=op.f("ck_ekatalog_submission_reviewer"),
        ),
        sa.CheckConstraint(
            "signed_by_id IS NULL OR (reviewed_by_id IS NOT NULL AND signed_by_id <> reviewed_by_id AND signed_by_id <> started_by_id AND signed_by_id <> submitted_by_id)",
            name=op.f("ck_ekatalog_submission_signer"),
        ),
        sa.ForeignKeyConstraint(
            ["category_code"],
            ["ekatalog_category.code"],
            name=op.f("fk_ekatalog_submission_category_code_ekatalog_category"),
        ),
        sa.ForeignKeyConstraint(
            ["previous_id"],
            ["ekatalog_submission.id"],
            name=op.f("fk_ekatalog_submission_previous_id_ekatalog_submission"),
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_ekatalog_submission_product_id_product")),
        sa.ForeignKeyConstraint(
            ["regency_code"], ["region.code"], name=op.f("fk_ekatalog_submission_regency_code_region")
        ),
        sa.ForeignKeyConstraint(
            ["set_version"],
            ["ekatalog_requirements.version"],
            name=op.f("fk_ekatalog_submission_set_version_ekatalog_requirements"),
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["account.id"], name=op.f("fk_ekatalog_submission_reviewed_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_ekatalog_submission_revision_id_revision")
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_ekatalog_submission_shop_id_shop")),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["account.id"], name=op.f("fk_ekatalog_submission_signed_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["account.id"], name=op.f("fk_ekatalog_submission_started_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["started_for_id"], ["account.id"], name=op.f("fk_ekatalog_submission_started_for_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["account.id"], name=op.f("fk_ekatalog_submission_submitted_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_for_id"], ["account.id"], name=op.f("fk_ekatalog_submission_submitted_for_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ekatalog_submission")),
        sa.UniqueConstraint("previous_id", name=op.f("uq_ekatalog_submission_previous_id")),
    )
    with op.batch_alter_table("ekatalog_submission", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ekatalog_submission_queue", ["regency_code", "state", "submitted_at", "id"], unique=False
        )
        batch_op.create_index("ix_ekatalog_submission_shop", ["shop_id", "id"], unique=False)
        batch_op.create_index(
            "uq_ekatalog_submission_open",
            ["product_id"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('not_suitable', 'withdrawn', 'closed')"),
            postgresql_where=sa.text("state NOT IN ('not_suitable', 'withdrawn', 'closed')"),
        )
    op.create_table(
        "ekatalog_answer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("submission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on_behalf_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_ekatalog_answer_by_id_account")),
        sa.ForeignKeyConstraint(
            ["on_behalf_of_id"], ["account.id"], name=op.f("fk_ekatalog_answer_on_behalf_of_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["ekatalog_submission.id"],
            name=op.f("fk_ekatalog_answer_submission_id_ekatalog_submission"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ekatalog_answer")),
    )
    with op.batch_alter_table("ekatalog_answer", schema=None) as batch_op:
        batch_op.create_index("ix_ekatalog_answer_submission", ["submission_id", "key", "id"], unique=False)
    op.create_table(
        "ekatalog_appeal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("submission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.String(length=600), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on_behalf_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=True),
        sa.Column("sentence", sa.String(length=300), nullable=False),
        sa.Column("answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("answer IS NULL OR answer IN ('granted', 'upheld')", name=op.f("ck_ekatalog_appeal_answer")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["account.id"], name=op.f("fk_ekatalog_appeal_answered_by_id_account")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_ekatalog_appeal_by_id_account")),
        sa.ForeignKeyConstraint(
            ["on_behalf_of_id"], ["account.id"], name=op.f("fk_ekatalog_appeal_on_behalf_of_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["ekatalog_submission.id"],
            name=op.f("fk_ekatalog_appeal_submission_id_ekatalog_submission"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ekatalog_appeal")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_ekatalog_appeal_submission_id")),
    )
    op.create_table(
        "ekatalog_bundle",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("submission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("built_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["built_by_id"], ["account.id"], name=op.f("fk_ekatalog_bundle_built_by_id_account")),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["ekatalog_submission.id"],
            name=op.f("fk_ekatalog_bundle_submission_id_ekatalog_submission"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ekatalog_bundle")),
        sa.UniqueConstraint("name", name=op.f("uq_ekatalog_bundle_name")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_ekatalog_bundle_submission_id")),
    )
    op.create_table(
        "ekatalog_check",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("submission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("result", sa.String(length=8), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "result IN ('ok', 'missing', 'wrong', 'expired', 'n/a')", name=op.f("ck_ekatalog_check_result")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_ekatalog_check_by_id_account")),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["ekatalog_submission.id"],
            name=op.f("fk_ekatalog_check_submission_id_ekatalog_submission"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ekatalog_check")),
    )
    with op.batch_alter_table("ekatalog_check", schema=None) as batch_op:
        batch_op.create_index("ix_ekatalog_check_submission", ["submission_id", "key", "id"], unique=False)
    op.create_table(
        "ekatalog_move",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("submission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_state", sa.String(length=20), nullable=False),
        sa.Column("to_state", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by_role", sa.String(length=12), nullable=False),
        sa.Column("on_behalf_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_ekatalog_move_by_id_account")),
        sa.ForeignKeyConstraint(
            ["on_behalf_of_id"], ["account.id"], name=op.f("fk_ekatalog_move_on_behalf_of_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["ekatalog_submission.id"],
            name=op.f("fk_ekatalog_move_submission_id_ekatalog_submission"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ekatalog_move")),
    )
    with op.batch_alter_table("ekatalog_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ekatalog_move_submission_id"), ["submission_id"], unique=False)
    op.create_table(
        "ekatalog_outside",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("submission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("seen_by", sa.String(length=120), nullable=False),
        sa.Column("reference_no", sa.String(length=80), nullable=False),
        sa.Column("proof", sa.String(length=120), nullable=True),
        sa.Column("without_proof", sa.Boolean(), nullable=False),
        sa.Column("reason_code", sa.String(length=40), nullable=True),
        sa.Column("claims", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("entered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status <> 'refused_outside' OR reason_code IS NOT NULL", name=op.f("ck_ekatalog_outside_reason")
        ),
        sa.CheckConstraint(
            "status IN ('sent_outside', 'shown_outside', 'refused_outside', 'needs_update', 'delisted_outside')",
            name=op.f("ck_ekatalog_outside_status"),
        ),
        sa.CheckConstraint("proof IS NOT NULL OR without_proof", name=op.f("ck_ekatalog_outside_proof")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["account.id"], name=op.f("fk_ekatalog_outside_entered_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["ekatalog_submission.id"],
            name=op.f("fk_ekatalog_outside_submission_id_ekatalog_submission"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ekatalog_outside")),
    )
    with op.batch_alter_table("ekatalog_outside", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ekatalog_outside_submission_id"), ["submission_id"], unique=False)
    op.create_table(
        "ekatalog_photo",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("submission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on_behalf_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('product', 'label')", name=op.f("ck_ekatalog_photo_purpose")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_ekatalog_photo_by_id_account")),
        sa.ForeignKeyConstraint(
            ["on_behalf_of_id"], ["account.id"], name=op.f("fk_ekatalog_photo_on_behalf_of_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["ekatalog_submission.id"],
            name=op.f("fk_ekatalog_photo_submission_id_ekatalog_submission"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ekatalog_photo")),
    )
    with op.batch_alter_table("ekatalog_photo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ekatalog_photo_submission_id"), ["submission_id"], unique=False)
    op.create_table(
        "ekatalog_download",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bundle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["bundle_id"], ["ekatalog_bundle.id"], name=op.f("fk_ekatalog_download_bundle_id_ekatalog_bundle")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_ekatalog_download_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ekatalog_download")),
    )
    with op.batch_alter_table("ekatalog_download", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ekatalog_download_bundle_id"), ["bundle_id"], unique=False)
    for table in APPENDED:
        guard(table)


def guard(table: str) -> None:
    """Let rows be added and never changed, whatever program asks."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in APPENDED:
            for act in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_no_{act}")
    else:
        for table in APPENDED:
            op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
            op.execute(f"DROP FUNCTION {table}_append_only()")
    with op.batch_alter_table("ekatalog_download", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ekatalog_download_bundle_id"))
    op.drop_table("ekatalog_download")
    with op.batch_alter_table("ekatalog_photo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ekatalog_photo_submission_id"))
    op.drop_table("ekatalog_photo")
    with op.batch_alter_table("ekatalog_outside", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ekatalog_outside_submission_id"))
    op.drop_table("ekatalog_outside")
    with op.batch_alter_table("ekatalog_move", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ekatalog_move_submission_id"))
    op.drop_table("ekatalog_move")
    with op.batch_alter_table("ekatalog_check", schema=None) as batch_op:
        batch_op.drop_index("ix_ekatalog_check_submission")
    op.drop_table("ekatalog_check")
    op.drop_table("ekatalog_bundle")
    op.drop_table("ekatalog_appeal")
    with op.batch_alter_table("ekatalog_answer", schema=None) as batch_op:
        batch_op.drop_index("ix_ekatalog_answer_submission")
    op.drop_table("ekatalog_answer")
    with op.batch_alter_table("ekatalog_submission", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_ekatalog_submission_open",
            sqlite_where=sa.text("state NOT IN ('not_suitable', 'withdrawn', 'closed')"),
            postgresql_where=sa.text("state NOT IN ('not_suitable', 'withdrawn', 'closed')"),
        )
        batch_op.drop_index("ix_ekatalog_submission_shop")
        batch_op.drop_index("ix_ekatalog_submission_queue")
    op.drop_table("ekatalog_submission")
    op.drop_table("ekatalog_kbli")
    op.drop_table("ekatalog_category")
    op.drop_table("ekatalog_requirements")

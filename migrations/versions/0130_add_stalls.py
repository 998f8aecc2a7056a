"""Add stalls: goods on a stall, helpers' passes, baskets and tally sheets, settlements, the frozen report.

A report, what is put beside it and a tally sheet are appended only: what was signed or typed stays as it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0130"
down_revision = "0125"
branch_labels = None
depends_on = None

APPENDED = ("stall_sheet", "bazaar_report", "bazaar_addendum")


def upgrade() -> None:
    op.create_table(
        "bazaar_report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bazaar_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bazaar_id"], ["bazaar.id"], name="fk_bazaar_report_bazaar_id_bazaar"),
        sa.ForeignKeyConstraint(["signed_by_id"], ["account.id"], name="fk_bazaar_report_signed_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_bazaar_report"),
        sa.UniqueConstraint("bazaar_id", name="uq_bazaar_report_bazaar_id"),
    )
    op.create_table(
        "helper_pass",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bazaar_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("application_ids", sa.JSON(), nullable=False),
        sa.Column("issued_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["bazaar_id"], ["bazaar.id"], name="fk_helper_pass_bazaar_id_bazaar"),
        sa.ForeignKeyConstraint(["issued_by_id"], ["account.id"], name="fk_helper_pass_issued_by_id_account"),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["account.id"], name="fk_helper_pass_revoked_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_helper_pass"),
        sa.UniqueConstraint("code_hash", name="uq_helper_pass_code_hash"),
    )
    op.create_index("ix_helper_pass_bazaar_id", "helper_pass", ["bazaar_id"])

    op.create_table(
        "bazaar_addendum",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_bazaar_addendum_by_id_account"),
        sa.ForeignKeyConstraint(["report_id"], ["bazaar_report.id"], name="fk_bazaar_addendum_report_id_bazaar_report"),
        sa.PrimaryKeyConstraint("id", name="pk_bazaar_addendum"),
        sa.UniqueConstraint("key", name="uq_bazaar_addendum_key"),
    )
    op.create_index("ix_bazaar_addendum_report_id", "bazaar_addendum", ["report_id"])

    op.create_table(
        "stall_sale",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("entered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pass_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("on_behalf_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("method IN ('cash', 'other', 'mixed')", name="ck_stall_sale_method"),
        sa.CheckConstraint("way IN ('till', 'tally')", name="ck_stall_sale_way"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["bazaar_application.id"], name="fk_stall_sale_application_id_bazaar_application"
        ),
        sa.ForeignKeyConstraint(["pass_id"], ["helper_pass.id"], name="fk_stall_sale_pass_id_helper_pass"),
        sa.PrimaryKeyConstraint("id", name="pk_stall_sale"),
        sa.UniqueConstraint("key", name="uq_stall_sale_key"),
    )
    op.create_index("ix_stall_sale_application_day", "stall_sale", ["application_id", "day", "id"])

    op.create_table(
        "stall_settlement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("cash", sa.BigInteger(), nullable=False),
        sa.Column("other", sa.BigInteger(), nullable=False),
        sa.Column("new_buyers", sa.Integer(), nullable=True),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("submitted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.Column("signed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'signed') = (signed_by_id IS NOT NULL)", name="ck_stall_settlement_signature"),
        sa.CheckConstraint("state IN ('submitted', 'returned', 'signed', 'silent')", name="ck_stall_settlement_state"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["bazaar_application.id"], name="fk_stall_settlement_application_id_bazaar_application"
        ),
        sa.ForeignKeyConstraint(["signed_by_id"], ["account.id"], name="fk_stall_settlement_signed_by_id_account"),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["account.id"], name="fk_stall_settlement_submitted_by_id_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_stall_settlement"),
        sa.UniqueConstraint("application_id", name="uq_stall_settlement_application_id"),
    )
    op.create_table(
        "stall_sheet",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("cash", sa.BigInteger(), nullable=False),
        sa.Column("other", sa.BigInteger(), nullable=False),
        sa.Column("entered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on_behalf_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["bazaar_application.id"], name="fk_stall_sheet_application_id_bazaar_application"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_stall_sheet"),
        sa.UniqueConstraint("key", name="uq_stall_sheet_key"),
    )
    op.create_index("ix_stall_sheet_application_day", "stall_sheet", ["application_id", "day", "id"])

    op.create_table(
        "event_stock",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bazaar_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("variant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("sold", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("damaged", sa.Integer(), nullable=False),
        sa.Column("beyond", sa.Integer(), nullable=False),
        sa.CheckConstraint("beyond >= 0 AND beyond <= taken", name="ck_event_stock_beyond"),
        sa.CheckConstraint("sold + returned + damaged <= taken", name="ck_event_stock_covered"),
        sa.CheckConstraint("taken >= 0 AND sold >= 0 AND returned >= 0 AND damaged >= 0", name="ck_event_stock_counts"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["bazaar_application.id"], name="fk_event_stock_application_id_bazaar_application"
        ),
        sa.ForeignKeyConstraint(["bazaar_id"], ["bazaar.id"], name="fk_event_stock_bazaar_id_bazaar"),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name="fk_event_stock_variant_id_variant"),
        sa.PrimaryKeyConstraint("id", name="pk_event_stock"),
        sa.UniqueConstraint("bazaar_id", "variant_id", name="uq_event_stock_bazaar_id_variant_id"),
    )
    op.create_index("ix_event_stock_application", "event_stock", ["application_id"])

    op.create_table(
        "stall_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sale_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("variant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("qty", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reversal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("price > 0", name="ck_stall_line_price"),
        sa.CheckConstraint("qty > 0", name="ck_stall_line_qty"),
        sa.ForeignKeyConstraint(["record_id"], ["sale_record.id"], name="fk_stall_line_record_id_sale_record"),
        sa.ForeignKeyConstraint(["reversal_id"], ["sale_record.id"], name="fk_stall_line_reversal_id_sale_record"),
        sa.ForeignKeyConstraint(["sale_id"], ["stall_sale.id"], name="fk_stall_line_sale_id_stall_sale"),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name="fk_stall_line_variant_id_variant"),
        sa.PrimaryKeyConstraint("id", name="pk_stall_line"),
        sa.UniqueConstraint("record_id", name="uq_stall_line_record_id"),
        sa.UniqueConstraint("reversal_id", name="uq_stall_line_reversal_id"),
        sa.UniqueConstraint("sale_id", "variant_id", name="uq_stall_line_sale_id_variant_id"),
    )
    op.create_index("ix_stall_line_variant_id", "stall_line", ["variant_id"])

    for table in APPENDED:
        guard(table)


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
    op.drop_index("ix_stall_line_variant_id", "stall_line")

    op.drop_table("stall_line")
    op.drop_index("ix_event_stock_application", "event_stock")

    op.drop_table("event_stock")
    op.drop_index("ix_stall_sheet_application_day", "stall_sheet")

    op.drop_table("stall_sheet")
    op.drop_table("stall_settlement")
    op.drop_index("ix_stall_sale_application_day", "stall_sale")

    op.drop_table("stall_sale")
    op.drop_index("ix_bazaar_addendum_report_id", "bazaar_addendum")

    op.drop_table("bazaar_addendum")
    op.drop_index("ix_helper_pass_bazaar_id", "helper_pass")

    op.drop_table("helper_pass")
    op.drop_table("bazaar_report")
    if op.get_bind().dialect.name == "postgresql":
        for table in APPENDED:
            op.execute(f"DROP FUNCTION {table}_append_only()")

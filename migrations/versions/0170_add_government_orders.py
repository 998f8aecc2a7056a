"""Add orders that government offices placed in the e-Katalog, their papers, what was taken back; and notices of papers.

The first three are appended only; the reason of a return may be emptied, when its seller asks to be forgotten.
"""

import sqlalchemy as sa
from alembic import op

revision = "0170"
down_revision = "0160"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TABLES = ("government_order", "government_paper", "government_return")


def upgrade() -> None:
    op.create_table(
        "government_order",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("submission_id", ID, nullable=False),
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("regency_code", sa.String(13), nullable=False),
        sa.Column("variant_id", ID, nullable=False),
        sa.Column("buyer", sa.String(120), nullable=False),
        sa.Column("reference", sa.String(80), nullable=False),
        sa.Column("qty", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("sold_on", sa.Date(), nullable=False),
        sa.Column("entered_by_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("qty > 0", name=op.f("ck_government_order_qty")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_government_order_amount")),
        _fk("government_order", "submission_id", "ekatalog_submission"),
        _fk("government_order", "shop_id", "shop"),
        sa.ForeignKeyConstraint(["regency_code"], ["region.code"], name="fk_government_order_regency_code_region"),
        _fk("government_order", "variant_id", "variant"),
        _fk("government_order", "entered_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name="pk_government_order"),
        sa.UniqueConstraint("key", name="uq_government_order_key"),
    )
    op.create_index("ix_government_order_submission", "government_order", ["submission_id", "id"])
    op.create_index("ix_government_order_regency", "government_order", ["regency_code", "id"])
    op.create_index("ix_government_order_shop_id", "government_order", ["shop_id"])
    op.create_table(
        "government_paper",
        sa.Column("id", ID, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("file", sa.String(120), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('order', 'handover')", name=op.f("ck_government_paper_kind")),
        _fk("government_paper", "order_id", "government_order"),
        _fk("government_paper", "by_id", "account"),
        sa.PrimaryKeyConstraint("id", name="pk_government_paper"),
    )
    op.create_index("ix_government_paper_order_id", "government_paper", ["order_id"])
    op.create_table(
        "government_return",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("qty", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("qty > 0", name=op.f("ck_government_return_qty")),
        _fk("government_return", "order_id", "government_order"),
        _fk("government_return", "by_id", "account"),
        sa.PrimaryKeyConstraint("id", name="pk_government_return"),
        sa.UniqueConstraint("key", name="uq_government_return_key"),
    )
    op.create_index("ix_government_return_order_id", "government_return", ["order_id"])
    op.create_table(
        "ekatalog_notice",
        sa.Column("id", ID, nullable=False),
        sa.Column("permit_id", ID, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.Column("read_by_id", ID),
        sa.Column("read_at", MOMENT),
        sa.CheckConstraint("days IN (60, 30, 7, 0)", name=op.f("ck_ekatalog_notice_days")),
        _fk("ekatalog_notice", "permit_id", "permit"),
        _fk("ekatalog_notice", "read_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name="pk_ekatalog_notice"),
        sa.UniqueConstraint("permit_id", "days", name="uq_ekatalog_notice_permit_id_days"),
    )
    for table in TABLES:
        guard(table, words="reason" if table == "government_return" else "")


def _fk(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}")


def guard(table: str, words: str) -> None:
    """Let rows be added and never changed, whatever program asks; `words` may become empty and nothing else."""
    says = f"{table} is append-only"
    if op.get_bind().dialect.name == "sqlite":
        when = ""
        if words:
            others = [each["name"] for each in sa.inspect(op.get_bind()).get_columns(table) if each["name"] != words]
            changed = " OR ".join(f'OLD."{name}" IS NOT NEW."{name}"' for name in others)
            when = f"WHEN NEW.{words} <> '' OR {changed} "
        for act, only in (("UPDATE", when), ("DELETE", "")):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} {only}"
                f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{says}'; END $$"
    )
    acts = "DELETE OR TRUNCATE" if words else "UPDATE OR DELETE OR TRUNCATE"
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE {acts} ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )
    if words:
        op.execute(
            f"CREATE TRIGGER {table}_words_only BEFORE UPDATE ON {table} FOR EACH ROW "
            f"WHEN (NEW.{words}::text <> '' "
            f"OR (to_jsonb(OLD) - '{words}') IS DISTINCT FROM (to_jsonb(NEW) - '{words}')) "
            f"EXECUTE FUNCTION {table}_append_only()"
        )


def downgrade() -> None:
    op.drop_table("ekatalog_notice")
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        for table in TABLES:
            op.execute(f"DROP FUNCTION {table}_append_only()")

"""Hear what is wrong with goods that were handed over: complaints, their units, and every step of them."""

import sqlalchemy as sa
from alembic import op

revision = "0372"
down_revision = "0371"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = ("damaged", "wrong", "unsafe", "other")
OFFERS = ("replace", "refund")
ENDS = ("resolved_replace", "resolved_refund", "closed_by_facilitator")
STATES = ("opened", "answered", "escalated", "resolved_none", *ENDS)
STANDS = sa.text(f"state NOT IN {ENDS}")


def upgrade() -> None:
    op.create_table(
        "return_case",
        sa.Column("id", Id, nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("regency_code", sa.String(13), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("words", sa.String(300), nullable=False),
        sa.Column("photo", sa.String(120), nullable=True),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("offer", sa.String(8), nullable=False),
        sa.Column("answer", sa.String(300), nullable=False),
        sa.Column("decision", sa.String(8), nullable=False),
        sa.Column("closing", sa.String(300), nullable=False),
        sa.Column("closed_by_id", Id, nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"state IN {STATES}", name="ck_return_case_state"),
        sa.CheckConstraint(f"kind IN {KINDS}", name="ck_return_case_kind"),
        sa.CheckConstraint(f"offer = '' OR offer IN {OFFERS}", name="ck_return_case_offer"),
        sa.CheckConstraint(f"decision = '' OR decision IN {(*OFFERS, 'none')}", name="ck_return_case_decision"),
        sa.CheckConstraint("(state = 'closed_by_facilitator') = (decision <> '')", name="ck_return_case_decided"),
        sa.CheckConstraint(f"(due_at IS NULL) = (state IN {ENDS})", name="ck_return_case_due"),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name="fk_return_case_order_id_order"),
        sa.ForeignKeyConstraint(["regency_code"], ["region.code"], name="fk_return_case_regency_code_region"),
        sa.ForeignKeyConstraint(["closed_by_id"], ["account.id"], name="fk_return_case_closed_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_return_case"),
    )
    op.create_index("ix_return_case_order_id", "return_case", ["order_id"])
    op.create_index("ix_return_case_due", "return_case", ["due_at"], sqlite_where=STANDS, postgresql_where=STANDS)
    op.create_index(
        "uq_return_case_standing",
        "return_case",
        ["order_id"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )
    op.create_table(
        "return_line",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("line_id", Id, nullable=False),
        sa.Column("qty", sa.Integer(), nullable=False),
        sa.CheckConstraint("qty > 0", name="ck_return_line_qty"),
        sa.ForeignKeyConstraint(["case_id"], ["return_case.id"], name="fk_return_line_case_id_return_case"),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name="fk_return_line_line_id_order_line"),
        sa.PrimaryKeyConstraint("id", name="pk_return_line"),
        sa.UniqueConstraint("case_id", "line_id", name="uq_return_line_case_id_line_id"),
    )
    op.create_index("ix_return_line_line_id", "return_line", ["line_id"])
    op.create_table(
        "return_event",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("from_state", sa.String(24), nullable=False),
        sa.Column("to_state", sa.String(24), nullable=False),
        sa.Column("actor_kind", sa.String(12), nullable=False),
        sa.Column("actor_id", Id, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["return_case.id"], name="fk_return_event_case_id_return_case"),
        sa.PrimaryKeyConstraint("id", name="pk_return_event"),
    )
    op.create_index("ix_return_event_case_id", "return_event", ["case_id"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER return_event_unchanged BEFORE UPDATE ON return_event"
            " BEGIN SELECT RAISE(ABORT, 'return_event is append-only'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION return_event_unchanged() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'return_event is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER return_event_unchanged BEFORE UPDATE ON return_event"
        " FOR EACH STATEMENT EXECUTE FUNCTION return_event_unchanged()"
    )


def downgrade() -> None:
    op.drop_table("return_event")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION return_event_unchanged()")
    op.drop_table("return_line")
    op.drop_table("return_case")

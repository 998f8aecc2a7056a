"""Hear complaints to the office, about anything, each with a number, a clock and one answer."""

import sqlalchemy as sa
from alembic import op

revision = "0383"
down_revision = "0382"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = ("seller", "order", "goods", "officer", "site", "other")
OPEN = sa.text("answered_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "ticket",
        sa.Column("id", Id, nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("regency_code", sa.String(13), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("words", sa.String(1000), nullable=False),
        sa.Column("phone", sa.String(20), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(1000), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", Id, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"kind IN {KINDS}", name="ck_ticket_kind"),
        sa.CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="ck_ticket_answered"),
        sa.ForeignKeyConstraint(["regency_code"], ["region.code"], name="fk_ticket_regency_code_region"),
        sa.ForeignKeyConstraint(["answered_by_id"], ["account.id"], name="fk_ticket_answered_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
        sa.UniqueConstraint("code", name="uq_ticket_code"),
        sa.UniqueConstraint("key", name="uq_ticket_key"),
    )
    op.create_index("ix_ticket_open", "ticket", ["regency_code", "due_at"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_ticket_phone", "ticket", ["phone"])


def downgrade() -> None:
    op.drop_table("ticket")

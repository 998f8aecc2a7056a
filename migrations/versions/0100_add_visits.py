"""Visits of facilitators, with what was asked and the months that were talked about."""

import sqlalchemy as sa
from alembic import op

revision = "0100"
down_revision = "0090"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "monitoring_visit",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("kpm_id", ID, nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("mode", sa.String(10), nullable=False),
        sa.Column("met", sa.String(10), nullable=False),
        sa.Column("running", sa.Boolean(), nullable=False),
        sa.Column("help_wanted", sa.JSON(), nullable=False),
        sa.Column("said_sealed", sa.String(6000), nullable=False),
        sa.Column("photo", sa.String(120)),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_monitoring_visit"),
        sa.UniqueConstraint("key", name="uq_monitoring_visit_key"),
        sa.CheckConstraint("mode IN ('home', 'stall', 'phone')", name="ck_monitoring_visit_mode"),
        sa.CheckConstraint("met IN ('head', 'spouse', 'other', 'nobody')", name="ck_monitoring_visit_met"),
        sa.ForeignKeyConstraint(["kpm_id"], ["kpm.id"], name="fk_monitoring_visit_kpm_id_kpm"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_monitoring_visit_by_id_account"),
    )
    op.create_index("ix_monitoring_visit_kpm_day", "monitoring_visit", ["kpm_id", "visited_on"])
    op.create_table(
        "visit_item",
        sa.Column("id", ID, nullable=False),
        sa.Column("visit_id", ID, nullable=False),
        sa.Column("criterion", sa.String(20), nullable=False),
        sa.Column("value", sa.String(10), nullable=False),
        sa.Column("how_verified", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_visit_item"),
        sa.UniqueConstraint("visit_id", "criterion", name="uq_visit_item_visit_id_criterion"),
        sa.CheckConstraint("criterion IN ('meals', 'savings', 'incomes', 'school')", name="ck_visit_item_criterion"),
        sa.CheckConstraint("value IN ('yes', 'no', 'unknown')", name="ck_visit_item_value"),
        sa.CheckConstraint("how_verified IN ('seen', 'told', 'document', 'other')", name="ck_visit_item_how_verified"),
        sa.ForeignKeyConstraint(["visit_id"], ["monitoring_visit.id"], name="fk_visit_item_visit_id_monitoring_visit"),
    )
    op.create_table(
        "visit_month",
        sa.Column("id", ID, nullable=False),
        sa.Column("visit_id", ID, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("booked", sa.BigInteger()),
        sa.Column("told", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_visit_month"),
        sa.UniqueConstraint("visit_id", "month", name="uq_visit_month_visit_id_month"),
        sa.CheckConstraint("told >= 0", name="ck_visit_month_told"),
        sa.ForeignKeyConstraint(["visit_id"], ["monitoring_visit.id"], name="fk_visit_month_visit_id_monitoring_visit"),
    )


def downgrade() -> None:
    for table in ("visit_month", "visit_item", "monitoring_visit"):
        op.drop_table(table)

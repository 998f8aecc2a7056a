"""Keep what was agreed on a visit, who does it by when and how it ended; and what a family wishes for itself."""

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime

revision = "0340"
down_revision = "0321"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "agreed_action",
        sa.Column("id", BIG, nullable=False),
        sa.Column("visit_id", BIG, nullable=False),
        sa.Column("kpm_id", BIG, nullable=False),
        sa.Column("what_sealed", sa.String(1200), nullable=False),
        sa.Column("whose", sa.String(12), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(10)),
        sa.Column("closed_on", sa.Date()),
        sa.Column("closed_by_id", BIG),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreed_action")),
        sa.CheckConstraint("whose IN ('family', 'pendamping', 'office')", name=op.f("ck_agreed_action_whose")),
        sa.CheckConstraint("outcome IN ('done', 'dropped')", name=op.f("ck_agreed_action_outcome")),
        sa.CheckConstraint(
            "(outcome IS NULL) = (closed_on IS NULL) AND (outcome IS NULL) = (closed_by_id IS NULL)",
            name=op.f("ck_agreed_action_closed"),
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["monitoring_visit.id"], name=op.f("fk_agreed_action_visit_id_monitoring_visit")
        ),
        sa.ForeignKeyConstraint(["kpm_id"], ["kpm.id"], name=op.f("fk_agreed_action_kpm_id_kpm")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["account.id"], name=op.f("fk_agreed_action_closed_by_id_account")),
    )
    op.create_index("ix_agreed_action_kpm", "agreed_action", ["kpm_id", "id"])
    op.create_index("ix_agreed_action_visit", "agreed_action", ["visit_id"])
    op.create_table(
        "own_wish",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kpm_id", BIG, nullable=False),
        sa.Column("visit_id", BIG),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("by_id", BIG, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_wish")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_own_wish_visit_id")),
        sa.ForeignKeyConstraint(["kpm_id"], ["kpm.id"], name=op.f("fk_own_wish_kpm_id_kpm")),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["monitoring_visit.id"], name=op.f("fk_own_wish_visit_id_monitoring_visit")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_own_wish_by_id_account")),
    )
    op.create_index("ix_own_wish_kpm", "own_wish", ["kpm_id", "id"])


def downgrade() -> None:
    op.drop_table("own_wish")
    op.drop_table("agreed_action")

"""Keep what somebody must be told in the transaction of what happened."""

import sqlalchemy as sa
from alembic import op

revision = "0363"
down_revision = "0362"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("whom", sa.String(12), nullable=False),
        sa.Column("whom_id", ID, nullable=False),
        sa.Column("about", sa.String(40), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    op.create_index("ix_outbox_whom", "outbox", ["whom", "whom_id", "id"])
    waiting = sa.text("told_at IS NULL")
    op.create_index("ix_outbox_waiting", "outbox", ["at"], sqlite_where=waiting, postgresql_where=waiting)


def downgrade() -> None:
    op.drop_table("outbox")

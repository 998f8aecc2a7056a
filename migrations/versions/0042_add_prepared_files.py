"""Keep files that take a while to make, until their day is over."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "prepared_file",
        sa.Column("id", ID, primary_key=True),
        sa.Column("owner_id", ID, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("locale", sa.String(5), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("mimetype", sa.String(80), nullable=False),
        sa.Column("stored", sa.String(120)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True)),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'ready', 'failed')", name="ck_prepared_file_state"),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name="fk_prepared_file_owner_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_prepared_file"),
    )
    op.create_index("ix_prepared_file_owner", "prepared_file", ["owner_id", "id"])
    op.create_index("ix_prepared_file_expires", "prepared_file", ["expires_at"])


def downgrade() -> None:
    op.drop_table("prepared_file")

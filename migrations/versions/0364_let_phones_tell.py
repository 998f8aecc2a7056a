"""Keep the addresses of the browsers that a seller lets tell her."""

import sqlalchemy as sa
from alembic import op

revision = "0364"
down_revision = "0363"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "push_address",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("endpoint_hash", sa.String(64), nullable=False),
        sa.Column("endpoint", sa.String(1000), nullable=False),
        sa.Column("point", sa.String(100), nullable=False),
        sa.Column("auth", sa.String(40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_push_address_account_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_push_address"),
        sa.UniqueConstraint("endpoint_hash", name="uq_push_address_endpoint_hash"),
    )
    op.create_index("ix_push_address_account_id", "push_address", ["account_id"])


def downgrade() -> None:
    op.drop_table("push_address")

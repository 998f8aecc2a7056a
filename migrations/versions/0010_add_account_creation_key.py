"""Let a registration that is sent twice find the seller it already made.

Small table: the column and its index are added in place.

Revision ID: 0010
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("creation_key", sa.String(64), nullable=True))
    op.create_index("uq_account_creation_key", "account", ["creation_key"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_account_creation_key", table_name="account")
    op.drop_column("account", "creation_key")

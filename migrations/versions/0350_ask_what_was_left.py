"""Keep what lay packed when an order ended without its seller, until she says whether it can be sold."""

import sqlalchemy as sa
from alembic import op

revision = "0350"
down_revision = "0346"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("order_line", sa.Column("qty_left", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("order_line", "qty_left")

"""Remember since when a seller shows nothing in public, because she took her consent back."""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("shop", sa.Column("withheld_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("shop", "withheld_at")

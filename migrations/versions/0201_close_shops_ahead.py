"""Let a shop say on which days to come it will be closed."""

import sqlalchemy as sa
from alembic import op

revision = "0201"
down_revision = "0200"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("shop", sa.Column("closed_from", sa.Date(), nullable=True))


def downgrade() -> None:
    # A closure that has not begun would close the shop today.
    op.execute("UPDATE shop SET closed_until = NULL, closed_note = '' WHERE closed_from > CURRENT_DATE")
    op.drop_column("shop", "closed_from")

"""Count what can be had at a bazaar from an index alone."""

import sqlalchemy as sa
from alembic import op

revision = "0355"
down_revision = "0350"
branch_labels = None
depends_on = None


def upgrade() -> None:
    there = sa.text("at_bazaars")
    op.create_index("ix_shelf_there", "shelf_item", ["shop_id"], sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    op.drop_index("ix_shelf_there", "shelf_item")

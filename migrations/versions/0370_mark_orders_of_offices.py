"""Mark orders of public offices, and keep since when goods are with one whose treasurer has yet to pay."""

import sqlalchemy as sa
from alembic import op

revision = "0370"
down_revision = "0365"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A constant default is no rewrite of the table on either engine.
    op.add_column("order", sa.Column("for_office", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("order", sa.Column("unpaid_since", sa.DateTime(timezone=True), nullable=True))
    where = sa.text("unpaid_since IS NOT NULL")
    op.create_index("ix_order_unpaid_since", "order", ["unpaid_since"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_order_unpaid_since", "order")
    op.drop_column("order", "unpaid_since")
    op.drop_column("order", "for_office")

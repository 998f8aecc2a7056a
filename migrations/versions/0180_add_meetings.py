"""Add where an order is collected at a bazaar, and what is said on all cards of a shop."""

import sqlalchemy as sa
from alembic import op

revision = "0180"
down_revision = "0171"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT_BAZAAR = sa.text("bazaar_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("order", sa.Column("bazaar_id", Id))
    op.add_column("order", sa.Column("meet_from", sa.DateTime(timezone=True)))
    op.add_column("order", sa.Column("meet_until", sa.DateTime(timezone=True)))
    op.add_column("order", sa.Column("meet_lost", sa.String(20), nullable=False, server_default=""))
    op.create_index(
        "ix_order_bazaar_id", "order", ["bazaar_id", "seller_id"], sqlite_where=AT_BAZAAR, postgresql_where=AT_BAZAAR
    )
    op.add_column("shelf_item", sa.Column("at_bazaars", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_table(
        "shelf_mark",
        sa.Column("shop_id", Id, nullable=False, autoincrement=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("word", sa.String(60), nullable=False),
        sa.Column("key", sa.String(90), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "kind", name="pk_shelf_mark"),
    )
    op.create_index("ix_shelf_mark_kind_key", "shelf_mark", ["kind", "key"])


def downgrade() -> None:
    op.drop_table("shelf_mark")
    op.drop_column("shelf_item", "at_bazaars")
    op.drop_index("ix_order_bazaar_id", "order")
    for column in ("meet_lost", "meet_until", "meet_from", "bazaar_id"):
        op.drop_column("order", column)

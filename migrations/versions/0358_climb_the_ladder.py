"""Keep since when goods of an order are missing and since when money is owed, and find claims that nobody answered."""

import sqlalchemy as sa
from alembic import op

revision = "0358"
down_revision = "0357"
branch_labels = None
depends_on = None

MISSING = """UPDATE "order" SET at_risk_at = created_at
    WHERE at_risk AND state IN ('placed', 'amended', 'accepted', 'ready')"""
OWED = """UPDATE "order" SET owes_since = COALESCE(ended_at, created_at)
    WHERE id IN (SELECT order_id FROM money_entry WHERE method IN ('qris_seller', 'transfer_seller'))
    AND (SELECT COALESCE(SUM(CASE WHEN kind = 'payment' THEN amount ELSE -amount END), 0) FROM money_entry
        WHERE money_entry.order_id = "order".id AND money_entry.state = 'confirmed')
    > CASE WHEN state IN ('placed', 'amended', 'accepted', 'ready', 'handed_over') THEN total ELSE 0 END"""


def upgrade() -> None:
    for name in ("at_risk_at", "owes_since"):
        op.add_column("order", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        where = sa.text(f"{name} IS NOT NULL")
        op.create_index(f"ix_order_{name}", "order", [name], sqlite_where=where, postgresql_where=where)
    claimed = sa.text("state = 'claimed'")
    op.create_index("ix_money_entry_claimed", "money_entry", ["at"], sqlite_where=claimed, postgresql_where=claimed)
    op.execute(MISSING)
    op.execute(OWED)


def downgrade() -> None:
    op.drop_index("ix_money_entry_claimed", "money_entry")
    for name in ("owes_since", "at_risk_at"):
        op.drop_index(f"ix_order_{name}", "order")
        op.drop_column("order", name)

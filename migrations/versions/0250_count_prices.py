"""Count the cards in each range of prices beside the filters."""

import sqlalchemy as sa
from alembic import op

revision = "0250"
down_revision = "0245"
branch_labels = None
depends_on = None

BANDS = ((0, 10_000), (10_000, 25_000), (25_000, 50_000), (50_000, 100_000), (100_000, 0))


def upgrade() -> None:
    count = sa.text(
        "INSERT INTO shelf_total (kind, key, items) SELECT 'r', :key, COUNT(*) FROM shelf_item"
        " WHERE price >= :low AND price <= :high HAVING COUNT(*) > 0"
    )
    for low, high in BANDS:
        op.execute(count.bindparams(key=f"{low}-{high}", low=low, high=high or 999_999_999_999))


def downgrade() -> None:
    op.execute("DELETE FROM shelf_total WHERE kind = 'r'")

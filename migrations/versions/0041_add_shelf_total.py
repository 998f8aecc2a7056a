"""Keep the totals beside the filters too, so that the busiest page adds nothing up.

The kept counts are few (categories times kecamatan), so the totals are summed from them in one statement each.
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shelf_total",
        sa.Column("kind", sa.String(1), nullable=False),
        sa.Column("key", sa.String(20), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name="pk_shelf_total"),
    )
    op.create_index("ix_shelf_count_top", "shelf_count", ["top_category_id"])
    op.create_index("ix_shelf_count_kecamatan", "shelf_count", ["kecamatan_code"])
    op.execute(
        "INSERT INTO shelf_total (kind, key, items)"
        " SELECT 'c', CAST(category_id AS VARCHAR(20)), SUM(items) FROM shelf_count GROUP BY category_id"
    )
    op.execute(
        "INSERT INTO shelf_total (kind, key, items)"
        " SELECT 'k', kecamatan_code, SUM(items) FROM shelf_count GROUP BY kecamatan_code"
    )


def downgrade() -> None:
    op.drop_index("ix_shelf_count_kecamatan", "shelf_count")
    op.drop_index("ix_shelf_count_top", "shelf_count")
    op.drop_table("shelf_total")

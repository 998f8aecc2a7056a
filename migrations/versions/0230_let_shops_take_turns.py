"""Let shops take turns in the list: the newest card of each first, then the one before, then all others.

Where a day begins on the circle of a turn is reckoned when a page is made; no row is written for it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0230"
down_revision = "0223"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_shelf_turn": (),
    "ix_shelf_top_turn": ("top_category_id",),
    "ix_shelf_leaf_turn": ("category_id",),
    "ix_shelf_kecamatan_turn": ("kecamatan_code",),
    "ix_shelf_top_kecamatan_turn": ("top_category_id", "kecamatan_code"),
    "ix_shelf_leaf_kecamatan_turn": ("category_id", "kecamatan_code"),
}
PLACES = (
    "SELECT product_id FROM (SELECT product_id, ROW_NUMBER() OVER"
    " (PARTITION BY shop_id ORDER BY stamp DESC, product_id DESC) AS place FROM shelf_item) AS aged WHERE place = {}"
)


def upgrade() -> None:
    op.add_column("shelf_item", sa.Column("turn", sa.SmallInteger(), nullable=False, server_default="3"))
    op.add_column("shelf_item", sa.Column("slot", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE shelf_item SET slot = product_id % 1048576 * 648055 % 1048576")
    for turn in (1, 2):
        op.execute(f"UPDATE shelf_item SET turn = {turn} WHERE product_id IN ({PLACES.format(turn)})")  # noqa: S608
    for name, columns in INDEXES.items():
        op.create_index(name, "shelf_item", [*columns, "turn", "slot", "product_id"])
    early = sa.text("turn < 3")
    op.create_index("ix_shelf_first", "shelf_item", ["shop_id"], sqlite_where=early, postgresql_where=early)


def downgrade() -> None:
    for name in ("ix_shelf_first", *INDEXES):
        op.drop_index(name, "shelf_item")
    with op.batch_alter_table("shelf_item") as batch:
        batch.drop_column("slot")
        batch.drop_column("turn")

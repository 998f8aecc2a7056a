"""Keep new products that their sellers have begun and not sent yet."""

import sqlalchemy as sa
from alembic import op

revision = "0200"
down_revision = "0190"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "product_draft",
        sa.Column("id", Id, nullable=False),
        sa.Column("shop_id", Id, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("photo_id", Id, nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name="fk_product_draft_photo_id_photo"),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name="fk_product_draft_shop_id_shop"),
        sa.PrimaryKeyConstraint("id", name="pk_product_draft"),
        sa.UniqueConstraint("key", name="uq_product_draft_key"),
    )
    op.create_index("ix_product_draft_shop_id", "product_draft", ["shop_id"])
    op.create_index("ix_product_draft_photo_id", "product_draft", ["photo_id"])


def downgrade() -> None:
    op.drop_table("product_draft")

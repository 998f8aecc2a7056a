"""Keep a seller's list of goods from the upload until she says yes, for a day at most."""

import sqlalchemy as sa
from alembic import op

revision = "0221"
down_revision = "0214"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "goods_list",
        sa.Column("id", Id, nullable=False),
        sa.Column("shop_id", Id, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('staged', 'taken', 'dropped')", name=op.f("ck_goods_list_state")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name="fk_goods_list_shop_id_shop"),
        sa.PrimaryKeyConstraint("id", name="pk_goods_list"),
    )
    op.create_index("ix_goods_list_shop", "goods_list", ["shop_id", "id"])
    op.create_index("ix_goods_list_expires", "goods_list", ["state", "expires_at"])


def downgrade() -> None:
    op.drop_table("goods_list")

"""Keep what a seller reckons that a product costs her to make."""

import sqlalchemy as sa
from alembic import op

revision = "0202"
down_revision = "0201"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "cost_sheet",
        sa.Column("product_id", Id, nullable=False, autoincrement=False),
        sa.Column("makes", sa.Integer(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("makes > 0", name=op.f("ck_cost_sheet_makes")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name="fk_cost_sheet_product_id_product"),
        sa.PrimaryKeyConstraint("product_id", name="pk_cost_sheet"),
    )


def downgrade() -> None:
    op.drop_table("cost_sheet")

"""Let whoever got goods say how they were: stars and words for each line of an order, and their sums by product."""

import sqlalchemy as sa
from alembic import op

revision = "0381"
down_revision = "0380"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = ("shown", "held", "hidden")
WHYS = ("contact", "rough", "claim", "reported")
HELD = sa.text("state = 'held'")


def upgrade() -> None:
    op.create_table(
        "review",
        sa.Column("id", Id, nullable=False),
        sa.Column("line_id", Id, nullable=False),
        sa.Column("product_id", Id, nullable=False),
        sa.Column("shop_id", Id, nullable=False),
        sa.Column("regency_code", sa.String(13), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(300), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("why", sa.String(8), nullable=False),
        sa.Column("cleared", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.String(300), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name="ck_review_stars"),
        sa.CheckConstraint(f"state IN {STATES}", name="ck_review_state"),
        sa.CheckConstraint(f"why = '' OR why IN {WHYS}", name="ck_review_why"),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name="fk_review_line_id_order_line"),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name="fk_review_product_id_product"),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name="fk_review_shop_id_shop"),
        sa.ForeignKeyConstraint(["regency_code"], ["region.code"], name="fk_review_regency_code_region"),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
        sa.UniqueConstraint("line_id", name="uq_review_line_id"),
    )
    op.create_index("ix_review_product", "review", ["product_id", "id"])
    op.create_index("ix_review_shop", "review", ["shop_id", "id"])
    op.create_index("ix_review_held", "review", ["id"], sqlite_where=HELD, postgresql_where=HELD)
    op.create_table(
        "review_sum",
        sa.Column("product_id", Id, autoincrement=False, nullable=False),
        sa.Column("shop_id", Id, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0 AND total BETWEEN count AND 5 * count", name="ck_review_sum_sums"),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name="fk_review_sum_product_id_product"),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name="fk_review_sum_shop_id_shop"),
        sa.PrimaryKeyConstraint("product_id", name="pk_review_sum"),
    )
    op.create_index("ix_review_sum_shop_id", "review_sum", ["shop_id"])


def downgrade() -> None:
    op.drop_table("review_sum")
    op.drop_table("review")

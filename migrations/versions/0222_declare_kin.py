"""Let an officer declare a relation to whoever runs a shop, so that others decide about its goods."""

import sqlalchemy as sa
from alembic import op

revision = "0222"
down_revision = "0221"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "shop_kinship",
        sa.Column("shop_id", Id, nullable=False, autoincrement=False),
        sa.Column("account_id", Id, nullable=False, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name="fk_shop_kinship_shop_id_shop"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_shop_kinship_account_id_account"),
        sa.PrimaryKeyConstraint("shop_id", "account_id", name="pk_shop_kinship"),
    )


def downgrade() -> None:
    op.drop_table("shop_kinship")

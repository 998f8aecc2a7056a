"""Keep where sellers bring their goods, and to whom an order is brought."""

import sqlalchemy as sa
from alembic import op

revision = "0365"
down_revision = "0364"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "delivery_plan",
        sa.Column("shop_id", ID, autoincrement=False, nullable=False),
        sa.Column("least", sa.BigInteger(), nullable=True),
        sa.Column("cod_km", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("least > 0", name="ck_delivery_plan_least"),
        sa.CheckConstraint("cod_km >= 0", name="ck_delivery_plan_cod_km"),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name="fk_delivery_plan_shop_id_shop"),
        sa.PrimaryKeyConstraint("shop_id", name="pk_delivery_plan"),
    )
    op.create_table(
        "delivery_zone",
        sa.Column("shop_id", ID, autoincrement=False, nullable=False),
        sa.Column("kecamatan_code", sa.String(13), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("fee >= 0", name="ck_delivery_zone_fee"),
        sa.ForeignKeyConstraint(["shop_id"], ["delivery_plan.shop_id"], name="fk_delivery_zone_shop_id_delivery_plan"),
        sa.ForeignKeyConstraint(["kecamatan_code"], ["region.code"], name="fk_delivery_zone_kecamatan_code_region"),
        sa.PrimaryKeyConstraint("shop_id", "kecamatan_code", name="pk_delivery_zone"),
    )
    op.add_column("order", sa.Column("to_kecamatan", sa.String(13), nullable=True))
    op.add_column("order", sa.Column("to_address", sa.String(300), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("order", "to_address")
    op.drop_column("order", "to_kecamatan")
    op.drop_table("delivery_zone")
    op.drop_table("delivery_plan")

"""Say once, for a whole shop, where goods are brought: a product only says whether it goes along.

So far a product said how far it was brought, without a fee. The farthest of a shop's products becomes how far it goes by
arrangement. Where a shop has fees, whatever could be collected at its place could be brought, and still can.
"""

import sqlalchemy as sa
from alembic import op

revision = "0384"
down_revision = "0383"
branch_labels = None
depends_on = None

GOES_ALONG = """
UPDATE product SET delivered = CASE
    WHEN EXISTS (SELECT 1 FROM delivery_zone z WHERE z.shop_id = product.shop_id)
        OR NOT EXISTS (SELECT 1 FROM product p WHERE p.shop_id = product.shop_id AND p.delivery_km IS NOT NULL)
    THEN pickup OR delivery_km IS NOT NULL
    ELSE delivery_km IS NOT NULL END
"""
HOW_FAR = """
UPDATE product SET delivery_km = coalesce(
    (SELECT d.other_km FROM delivery_plan d WHERE d.shop_id = product.shop_id),
    CASE WHEN NOT pickup AND EXISTS (SELECT 1 FROM delivery_zone z WHERE z.shop_id = product.shop_id) THEN 1 END)
WHERE delivered
"""


def upgrade() -> None:
    op.add_column("delivery_plan", sa.Column("other_km", sa.Integer(), nullable=True))
    op.add_column("product", sa.Column("delivered", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.execute(
        "INSERT INTO delivery_plan (shop_id, version) SELECT DISTINCT p.shop_id, 1 FROM product p"
        " WHERE p.delivery_km IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM delivery_plan d WHERE d.shop_id = p.shop_id)"
    )
    op.execute(
        "UPDATE delivery_plan SET other_km ="
        " (SELECT max(p.delivery_km) FROM product p WHERE p.shop_id = delivery_plan.shop_id)"
    )
    op.execute(GOES_ALONG)
    with op.batch_alter_table("delivery_plan") as batch:
        batch.create_check_constraint("ck_delivery_plan_other_km", "other_km > 0")
    op.drop_column("product", "delivery_km")


def downgrade() -> None:
    op.add_column("product", sa.Column("delivery_km", sa.Integer(), nullable=True))
    # Brought for fees alone, and not to be collected: the nearest that the column of before can say.
    op.execute(HOW_FAR)
    op.drop_column("product", "delivered")
    with op.batch_alter_table("delivery_plan") as batch:
        batch.drop_constraint("ck_delivery_plan_other_km", type_="check")
    op.drop_column("delivery_plan", "other_km")

"""Book the day on which something is made to order, so that no day is promised twice."""

import sqlalchemy as sa
from alembic import op

revision = "0375"
down_revision = "0374"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "capacity_day",
        sa.Column("variant_id", ID, autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("booked", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.CheckConstraint("booked >= 0", name="ck_capacity_day_booked"),
        sa.CheckConstraint("booked <= capacity", name="ck_capacity_day_fits"),
        sa.PrimaryKeyConstraint("variant_id", "day", name="pk_capacity_day"),
    )
    op.add_column("order_line", sa.Column("booked_on", sa.Date(), nullable=True))
    op.add_column("order_line", sa.Column("qty_booked", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("order_line", "qty_booked")
    op.drop_column("order_line", "booked_on")
    op.drop_table("capacity_day")

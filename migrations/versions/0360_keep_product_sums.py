"""Keep what each product brought by month, so that nobody adds up a book to find what sells best.

Triggers move it with every line, as they do the other sums of the book (migration 0072). A reversal names the product and
the day of its original, so it is simply added; evidence changes nothing here. Sales of things without a product are what
is left of the whole. On a book of millions of lines the first filling takes some seconds.
"""

# ruff: noqa: S608 - only our own names are put together
import sqlalchemy as sa
from alembic import op

revision = "0360"
down_revision = "0359"
branch_labels = None
depends_on = None

KEYS = "shop_id, month, variant_id, channel"
Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "sale_product",
        sa.Column("shop_id", Id, nullable=False, autoincrement=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("variant_id", Id, nullable=False, autoincrement=False),
        sa.Column("channel", sa.String(12), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("qty", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "month", "variant_id", "channel", name="pk_sale_product"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sale_product_variant", "sale_product", ["variant_id", "month"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    month = "date({}.sold_on, 'start of month')" if sqlite else "CAST(date_trunc('month', {}.sold_on) AS date)"
    op.execute(
        f"INSERT INTO sale_product ({KEYS}, amount, qty)"
        f" SELECT s.seller_id, {month.format('s')}, s.variant_id, s.channel,"
        " SUM(s.amount), SUM(s.qty) FROM sale_record s WHERE s.variant_id IS NOT NULL"
        f" GROUP BY s.seller_id, {month.format('s')}, s.variant_id, s.channel"
    )
    move = (
        f"INSERT INTO sale_product ({KEYS}, amount, qty)"
        f" VALUES (NEW.seller_id, {month.format('NEW')}, NEW.variant_id, NEW.channel, NEW.amount, NEW.qty)"
        f" ON CONFLICT ({KEYS}) DO UPDATE"
        " SET amount = sale_product.amount + excluded.amount, qty = sale_product.qty + excluded.qty"
    )
    if sqlite:
        op.execute(
            "CREATE TRIGGER sale_record_product AFTER INSERT ON sale_record WHEN NEW.variant_id IS NOT NULL"
            f" BEGIN {move}; END"
        )
        return
    # Its name comes after `sale_record_kept`, which has queued for the shop's book by then.
    op.execute(
        "CREATE FUNCTION sale_record_product() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {move}; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER sale_record_product AFTER INSERT ON sale_record FOR EACH ROW"
        " WHEN (NEW.variant_id IS NOT NULL) EXECUTE FUNCTION sale_record_product()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER sale_record_product")
    else:
        op.execute("DROP TRIGGER sale_record_product ON sale_record")
        op.execute("DROP FUNCTION sale_record_product()")
    op.drop_table("sale_product")

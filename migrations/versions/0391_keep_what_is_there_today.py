"""Keep which cards have something there, and how many by the days on which their shop is away; triggers move both."""

import sqlalchemy as sa
from alembic import op

revision = "0391"
down_revision = "0390"
branch_labels = None
depends_on = None

COMPACT = {"sqlite": "replace(s.{}, '-', '')", "postgresql": "to_char(s.{}, 'YYYYMMDD')"}


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "shelf_there",
        sa.Column("product_id", number, autoincrement=False, nullable=False),
        sa.Column("shop_id", number, nullable=False),
        sa.Column("away", sa.String(17), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("product_id", name="pk_shelf_there"),
    )
    compact = COMPACT[op.get_bind().dialect.name]
    first, last = compact.format("closed_from"), compact.format("closed_until")
    op.execute(
        "INSERT INTO shelf_there (product_id, shop_id, away)"  # noqa: S608 - constants of this file
        f" SELECT i.product_id, i.shop_id, CASE WHEN s.closed_until IS NULL THEN ''"
        f" ELSE coalesce({first}, '00000000') || '/' || {last} END"
        " FROM shelf_item i LEFT JOIN shop s ON s.id = i.shop_id"
        " LEFT JOIN stock o ON o.variant_id = i.variant_id AND o.counted"
        " WHERE CASE WHEN i.together THEN (SELECT max(e.on_hand - e.reserved) FROM variant v"
        " JOIN stock e ON e.variant_id = v.id WHERE v.product_id = i.product_id AND v.active)"
        " ELSE o.on_hand - o.reserved END > 0"
    )
    op.create_index("ix_shelf_there_shop", "shelf_there", ["shop_id"])
    op.execute("INSERT INTO shelf_total (kind, key, items) SELECT 'a', away, count(*) FROM shelf_there GROUP BY away")


def downgrade() -> None:
    watched = (("shelf_item", "insert"), ("shelf_item", "update"), ("shelf_item", "delete"), ("stock", "insert"),
               ("stock", "update"), ("stock", "delete"), ("variant", "update"), ("shop", "update"))  # fmt: skip
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, change in watched:
        op.execute(f"DROP TRIGGER IF EXISTS shelf_there_{table}_{change}" + ("" if sqlite else f" ON {table}"))
    op.drop_table("shelf_there")
    if not sqlite:
        for name in ("watch", "insert", "update", "delete"):
            op.execute(f"DROP FUNCTION IF EXISTS shelf_there_{name}()")
    op.execute("DELETE FROM shelf_total WHERE kind = 'a'")

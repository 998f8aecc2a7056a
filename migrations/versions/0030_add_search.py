"""Search: an index of words per engine, the vocabulary for slips of the pen, and cards that wait for their shop.

The index is made by hand because each engine has its own kind; a job fills it where cards stand already.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0020"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEXES = {
    f"ix_shelf_{short}_kecamatan_{order}": [column, "kecamatan_code", by, "product_id"]
    for short, column in (("top", "top_category_id"), ("leaf", "category_id"))
    for order, by in (("new", "stamp"), ("price", "price"))
}


def upgrade() -> None:
    with op.batch_alter_table("shelf_item") as table:
        table.add_column(sa.Column("published_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("words", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE shelf_item SET published_at = stamp")
    with op.batch_alter_table("shelf_item") as table:
        table.alter_column("published_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        table.alter_column("words", existing_type=sa.Text(), server_default=None)
    for name, columns in INDEXES.items():
        op.create_index(name, "shelf_item", columns)
    op.create_table(
        "shelf_pause",
        sa.Column("shop_id", BIG, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("shop_id", name="pk_shelf_pause"),
    )
    op.create_table(
        "shelf_paused",
        sa.Column("product_id", BIG, autoincrement=False, nullable=False),
        sa.Column("shop_id", BIG, nullable=False),
        sa.Column("card", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("product_id", name="pk_shelf_paused"),
    )
    op.create_index("ix_shelf_paused_shop", "shelf_paused", ["shop_id"])
    op.create_table(
        "search_term",
        sa.Column("stem", sa.String(64), nullable=False),
        sa.Column("term", sa.String(64), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("stem", name="pk_search_term"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_product USING fts5(title, rest, facets, product_id UNINDEXED,"
            " price UNINDEXED, tokenize=\"unicode61 remove_diacritics 0\", prefix='2 3')"
        )
    else:
        op.execute(
            "CREATE TABLE search_product (position bigint CONSTRAINT pk_search_product PRIMARY KEY,"
            " product_id bigint NOT NULL CONSTRAINT uq_search_product_product_id UNIQUE, price bigint NOT NULL,"
            " title text NOT NULL, rest text NOT NULL, facets text NOT NULL, document tsvector NOT NULL)"
        )
        op.execute("CREATE INDEX ix_search_product_document ON search_product USING gin (document)")
    op.execute(
        "INSERT INTO job (kind, payload, run_at, attempts, parked)"
        " SELECT 'shelf.rebuild', '{}', CURRENT_TIMESTAMP, 0, FALSE WHERE EXISTS (SELECT 1 FROM shelf_item)"
    )


def downgrade() -> None:
    for table in ("search_product", "search_term", "shelf_paused", "shelf_pause"):
        op.drop_table(table)
    for name in INDEXES:
        op.drop_index(name, "shelf_item")
    with op.batch_alter_table("shelf_item") as table:
        table.drop_column("words")
        table.drop_column("published_at")

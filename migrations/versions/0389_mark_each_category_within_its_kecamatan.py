"""Mark each category within its kecamatan in the index of search: two common marks were laid beside each other before.

Half a million cards may stand in each of two marks and a few hundred in both. On SQLite the entry is written anew by
the index itself; a million take some minutes, in which nobody writes.
"""

from alembic import op

revision = "0389"
down_revision = "0388"
branch_labels = None
depends_on = None

# What stands in `facets`: the marks of the leaf and, where it is another, of the upper category; that of the kecamatan.
HERE = "'w' || replace(i.kecamatan_code, '.', '')"
SINGLE = (
    "'c' || i.category_id || CASE WHEN i.top_category_id = i.category_id THEN ''"
    f" ELSE ' c' || i.top_category_id END || ' ' || {HERE}"
)
JOINED = (
    f"'c' || i.category_id || {HERE} || CASE WHEN i.top_category_id = i.category_id THEN ''"
    f" ELSE ' c' || i.top_category_id || {HERE} END"
)
WRITE = (
    "UPDATE search_product SET facets = (SELECT {} FROM shelf_item i WHERE i.product_id = search_product.product_id)"
)
KNOWN = " WHERE product_id IN (SELECT product_id FROM shelf_item)"


def upgrade() -> None:
    op.execute(WRITE.format(f"{SINGLE} || ' ' || {JOINED}") + KNOWN)
    if op.get_bind().dialect.name == "sqlite":
        # What was written over is only marked as such, and looked past by every search, until the index is merged.
        op.execute("INSERT INTO search_product (search_product) VALUES ('optimize')")
    else:
        op.execute(
            "UPDATE search_product SET document = document || array_to_tsvector(ARRAY(SELECT '#' || mark"
            " FROM unnest(string_to_array(facets, ' ')) AS mark WHERE mark LIKE 'c%w%'))"
        )


def downgrade() -> None:
    op.execute(WRITE.format(SINGLE) + KNOWN)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "UPDATE search_product SET document ="
            " ts_delete(document, ARRAY(SELECT lexeme FROM unnest(document) WHERE lexeme LIKE '#c%w%'))"
        )

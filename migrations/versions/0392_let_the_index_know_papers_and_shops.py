"""Mark papers and the shop of each card in the index of search: few have a paper or stand at a bazaar, and the words
were looked for among all others first.

On SQLite the entry is written anew by the index itself; a million take some minutes, in which nobody writes.
"""

from alembic import op

revision = "0392"
down_revision = "0391"
branch_labels = None
depends_on = None

OWN = (
    "' s' || i.shop_id || CASE WHEN i.halal_until IS NULL THEN '' ELSE ' halal' END"
    " || CASE WHEN i.pirt_until IS NULL THEN '' ELSE ' pirt' END"
)
WRITE = (
    "UPDATE search_product SET facets = facets || (SELECT {} FROM shelf_item i"
    " WHERE i.product_id = search_product.product_id) WHERE product_id IN (SELECT product_id FROM shelf_item)"
)
# In front of them stand the marks of categories and of the kecamatan; a shop's begins behind the last of those.
ERASE = "UPDATE search_product SET facets = substr(facets, 1, {} - 1) WHERE {} > 0"
PLACE = {"sqlite": "instr(facets, ' s')", "postgresql": "strpos(facets, ' s')"}


def upgrade() -> None:
    op.execute(WRITE.format(OWN))
    if op.get_bind().dialect.name == "sqlite":
        # What was written over is only marked as such, and looked past by every search, until the index is merged.
        op.execute("INSERT INTO search_product (search_product) VALUES ('optimize')")
    else:
        op.execute(
            "UPDATE search_product SET document = document || array_to_tsvector(ARRAY(SELECT '#' || mark"
            " FROM unnest(string_to_array(facets, ' ')) AS mark WHERE mark LIKE 's%' OR mark IN ('halal', 'pirt')))"
        )


def downgrade() -> None:
    place = PLACE[op.get_bind().dialect.name]
    op.execute(ERASE.format(place, place))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "UPDATE search_product SET document = ts_delete(document, ARRAY(SELECT lexeme FROM unnest(document)"
            " WHERE lexeme LIKE '#s%' OR lexeme IN ('#halal', '#pirt')))"
        )

"""Let the index of PostgreSQL know how old a card is, and find roots by how they begin."""

from alembic import op

revision = "0380"
down_revision = "0375"
branch_labels = None
depends_on = None

ID_BITS = 30
AGE_BITS = (12, 14, 16, 18, 20, 22, 24)


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    ages = ", ".join(f"'@{bits}n' || (position >> {ID_BITS + bits})" for bits in AGE_BITS)
    op.execute(f"UPDATE search_product SET document = document || array_to_tsvector(ARRAY[{ages}])")  # noqa: S608 - numbers of this file
    op.execute('CREATE INDEX ix_search_term_stem ON search_term (stem COLLATE "C", items)')


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("DROP INDEX ix_search_term_stem")
    op.execute(
        "UPDATE search_product SET document ="
        " ts_delete(document, ARRAY(SELECT lexeme FROM unnest(document) WHERE lexeme LIKE '@%'))"
    )

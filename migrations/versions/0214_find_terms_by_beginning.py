"""Find the terms of the search by how they begin, for suggestions while somebody types.

On PostgreSQL in the order of the bytes: that of a language would not keep words with one beginning together.
"""

from alembic import op

revision = "0214"
down_revision = "0213"
branch_labels = None
depends_on = None


def upgrade() -> None:
    order = "" if op.get_bind().dialect.name == "sqlite" else ' COLLATE "C"'
    op.execute(f"CREATE INDEX ix_search_term_term ON search_term (term{order}, items)")


def downgrade() -> None:
    op.execute("DROP INDEX ix_search_term_term")

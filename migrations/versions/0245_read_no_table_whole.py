"""Find the commonest words, and what is seen in the e-Katalog, without reading either table from end to end."""

import sqlalchemy as sa
from alembic import op

revision = "0245"
down_revision = "0235"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_search_term_items", "search_term", [sa.text("items DESC"), "stem"])
    op.create_index("ix_ekatalog_submission_state", "ekatalog_submission", ["state", "product_id"])


def downgrade() -> None:
    op.drop_index("ix_ekatalog_submission_state", "ekatalog_submission")
    op.drop_index("ix_search_term_items", "search_term")

"""Find the sales that wait for a look without reading all evidence; on a large book it takes seconds, so run it quietly."""

import sqlalchemy as sa
from alembic import op

revision = "0374"
down_revision = "0373"
branch_labels = None
depends_on = None

MARKED = sa.text("reason = 'jauh di atas biasanya'")


def upgrade() -> None:
    op.create_index(
        "ix_sale_evidence_marked", "sale_evidence", ["sale_id"], sqlite_where=MARKED, postgresql_where=MARKED
    )


def downgrade() -> None:
    op.drop_index("ix_sale_evidence_marked", "sale_evidence")

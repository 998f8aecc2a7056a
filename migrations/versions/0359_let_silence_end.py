"""Give the question about the new dates of a bazaar a clock: whoever stays silent does not keep her place for ever.

Whoever was asked before this day is heard until the bazaar begins.
"""

import sqlalchemy as sa
from alembic import op

revision = "0359"
down_revision = "0358"
branch_labels = None
depends_on = None

APPLICATION = "bazaar_application"
UNTIL_IT_BEGINS = """
UPDATE bazaar_application
SET asked_until = (SELECT starts_at FROM bazaar WHERE bazaar.id = bazaar_application.bazaar_id)
WHERE asks_again
"""


def upgrade() -> None:
    op.add_column(APPLICATION, sa.Column("asked_until", sa.DateTime(timezone=True), nullable=True))
    op.execute(UNTIL_IT_BEGINS)
    op.drop_column(APPLICATION, "asks_again")


def downgrade() -> None:
    op.add_column(APPLICATION, sa.Column("asks_again", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE bazaar_application SET asks_again = (asked_until IS NOT NULL)")
    op.drop_column(APPLICATION, "asked_until")

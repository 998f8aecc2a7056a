"""Ask everybody in a bazaar that was put off whether its new dates suit her."""

import sqlalchemy as sa
from alembic import op

revision = "0345"
down_revision = "0340"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "bazaar_application", sa.Column("asks_again", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column("bazaar_application", "asks_again")

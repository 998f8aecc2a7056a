"""Keep with a draft of rules what it would change, counted before anybody puts it in force."""

import sqlalchemy as sa
from alembic import op

revision = "0171"
down_revision = "0170"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("growth_rule_set", sa.Column("trial", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("growth_rule_set", "trial")

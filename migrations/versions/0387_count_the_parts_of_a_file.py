"""Count the parts of a file that is being made, so that its page can say how far it is."""

import sqlalchemy as sa
from alembic import op

revision = "0387"
down_revision = "0386"
branch_labels = None
depends_on = None

COLUMNS = ("parts", "parts_made")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("prepared_file", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    for name in reversed(COLUMNS):
        op.drop_column("prepared_file", name)

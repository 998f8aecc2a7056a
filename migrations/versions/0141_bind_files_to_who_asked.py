"""Let a prepared file belong to the account as it was when it asked; what waits from before is nobody's."""

import sqlalchemy as sa
from alembic import op

revision = "0141"
down_revision = "0140"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("prepared_file") as table:
        table.add_column(sa.Column("owner_version", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("prepared_file") as table:
        table.alter_column("owner_version", existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("prepared_file") as table:
        table.drop_column("owner_version")

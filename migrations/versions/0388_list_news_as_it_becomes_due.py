"""List news as it becomes due: a reminder that was written early stands where its hour puts it."""

from alembic import op

revision = "0388"
down_revision = "0387"
branch_labels = None
depends_on = None

NAME, WHOM = "ix_outbox_whom", ("whom", "whom_id")


def upgrade() -> None:
    op.drop_index(NAME, "outbox")
    op.create_index(NAME, "outbox", [*WHOM, "at", "id"])


def downgrade() -> None:
    op.drop_index(NAME, "outbox")
    op.create_index(NAME, "outbox", [*WHOM, "id"])

"""Note since when an address of e-mail is known to be its owner's; until then it tells nobody anything."""

import sqlalchemy as sa
from alembic import op

revision = "0385"
down_revision = "0384"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mail_address", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("mail_address", "confirmed_at")

"""Keep the street of whoever makes food: the law of labels asks for her address, and the desa alone is none."""

import sqlalchemy as sa
from alembic import op

revision = "0362"
down_revision = "0361"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("shop", sa.Column("street", sa.String(120), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("shop", "street")

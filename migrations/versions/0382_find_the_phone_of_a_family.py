"""Let the phone of a family be found by an equal one, without opening it; the worker fills it for families of before."""

import sqlalchemy as sa
from alembic import op

revision = "0382"
down_revision = "0381"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("kpm_identity", sa.Column("phone_blind", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("kpm_identity", "phone_blind")

"""Let a request be about a buyer, who has no account: the keyed hash of the number on her orders stands for her."""

import sqlalchemy as sa
from alembic import op

revision = "0181"
down_revision = "0180"
branch_labels = None
depends_on = None

SOMEBODY = "ck_data_request_somebody"
OPEN = "uq_data_request_buyer_hash_open"


def upgrade() -> None:
    with op.batch_alter_table("data_request") as batch:
        batch.add_column(sa.Column("buyer_hash", sa.String(64)))
        batch.drop_constraint(op.f(SOMEBODY), type_="check")
        batch.create_check_constraint(
            op.f(SOMEBODY), "account_id IS NOT NULL OR kpm_id IS NOT NULL OR buyer_hash IS NOT NULL"
        )
    opened = sa.text("closed_at IS NULL AND buyer_hash IS NOT NULL")
    columns = ["buyer_hash", "kind"]
    op.create_index(OPEN, "data_request", columns, unique=True, sqlite_where=opened, postgresql_where=opened)


def downgrade() -> None:
    op.drop_index(OPEN, "data_request")
    op.execute("DELETE FROM data_request WHERE account_id IS NULL AND kpm_id IS NULL")
    with op.batch_alter_table("data_request") as batch:
        batch.drop_constraint(op.f(SOMEBODY), type_="check")
        batch.create_check_constraint(op.f(SOMEBODY), "account_id IS NOT NULL OR kpm_id IS NOT NULL")
        batch.drop_column("buyer_hash")

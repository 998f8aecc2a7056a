"""Take the rights to change the audit log from everybody on PostgreSQL, its owner too.

The triggers refuse already; without the rights an UPDATE fails even where somebody switched them off.
"""

from alembic import op

revision = "0356"
down_revision = "0355"
branch_labels = None
depends_on = None

RIGHTS = "UPDATE, DELETE, TRUNCATE"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"REVOKE {RIGHTS} ON audit_entry FROM PUBLIC, CURRENT_USER")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"GRANT {RIGHTS} ON audit_entry TO CURRENT_USER")

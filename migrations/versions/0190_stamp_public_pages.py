"""Keep one stamp of all that strangers see, so that a page may be kept until something on it changes.

The triggers that move it are made by `app/core/stamps.py` at the end of every run of migrations: a table that SQLite
copies loses its triggers, and a table that is made later gets some.
"""

import sqlalchemy as sa
from alembic import op

revision = "0190"
down_revision = "0181"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = op.create_table(
        "page_stamp",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("moved_ms", sa.BigInteger(), nullable=False),
        sa.Column("moved_in", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_stamp")),
    )
    op.bulk_insert(table, [{"id": 1, "version": 1, "moved_ms": 0, "moved_in": 0}])


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        mine = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'page_stamp_%'")
        for name in op.get_bind().execute(mine).scalars().all():
            op.execute(f"DROP TRIGGER {name}")
    else:
        op.execute("DROP FUNCTION IF EXISTS page_stamp_move() CASCADE")
    op.drop_table("page_stamp")

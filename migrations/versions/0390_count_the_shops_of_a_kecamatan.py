"""Keep how many shops of a kecamatan have something on the shelf, which the list of shops counted each time."""

from alembic import op

revision = "0390"
down_revision = "0389"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "INSERT INTO shelf_total (kind, key, items) SELECT 's', kecamatan_code, count(*) FROM shelf_item"
        " WHERE turn = 1 GROUP BY kecamatan_code"
    )


def downgrade() -> None:
    op.execute("DELETE FROM shelf_total WHERE kind = 's'")

"""Write on each card until when its halal and P-IRT papers hold, so that buyers can ask for them; count by that day.

A paper without a last day holds to the end of 9999. The day is asked of the clock when a page is made, so a count is
right on the day after a paper ends, though nobody took the card down.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0213"
down_revision = "0212"
branch_labels = None
depends_on = None

PAPERS = ("halal", "pirt")
NO_END = "9999-12-31"


def upgrade() -> None:
    for kind in PAPERS:
        op.add_column("shelf_item", sa.Column(f"{kind}_until", sa.Date()))
        op.create_index(f"ix_shelf_{kind}", "shelf_item", [f"{kind}_until"])
    rows = op.get_bind().execute(sa.text("SELECT product_id, CAST(badges AS TEXT) FROM shelf_item")).all()
    counts: dict[tuple[str, str], int] = {}
    for number, badges in rows:
        for badge in json.loads(badges or "[]") or []:
            if badge[0] not in PAPERS or len(badge) < 4:
                continue
            until = badge[2] or NO_END
            counts[badge[0][0], until] = counts.get((badge[0][0], until), 0) + 1
            write = sa.text(f"UPDATE shelf_item SET {badge[0]}_until = CAST(:until AS DATE) WHERE product_id = :id")  # noqa: S608
            if op.get_bind().dialect.name == "sqlite":
                write = sa.text(f"UPDATE shelf_item SET {badge[0]}_until = :until WHERE product_id = :id")  # noqa: S608
            op.get_bind().execute(write, {"until": until, "id": number})
    for (kind, key), items in sorted(counts.items()):
        note = sa.text("INSERT INTO shelf_total (kind, key, items) VALUES (:kind, :key, :items)")
        op.get_bind().execute(note, {"kind": kind, "key": key, "items": items})


def downgrade() -> None:
    op.execute("DELETE FROM shelf_total WHERE kind IN ('h', 'p')")
    for kind in PAPERS:
        op.drop_index(f"ix_shelf_{kind}", "shelf_item")
    with op.batch_alter_table("shelf_item") as batch:
        for kind in PAPERS:
            batch.drop_column(f"{kind}_until")

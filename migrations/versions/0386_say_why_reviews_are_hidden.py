"""Let curators say why they take a review away: that it is about something else, or not true."""

from alembic import op

revision = "0386"
down_revision = "0385"
branch_labels = None
depends_on = None

BEFORE = ("contact", "rough", "claim", "reported")
AFTER = ("contact", "rough", "claim", "stray", "untrue", "reported")
# As its table was made: the name of the table stands in it twice.
OLD, NEW = "ck_review_ck_review_why", "ck_review_why"


def upgrade() -> None:
    _whys(OLD, NEW, AFTER)


def downgrade() -> None:
    op.execute("UPDATE review SET why = 'reported' WHERE why IN ('stray', 'untrue')")
    _whys(NEW, OLD, BEFORE)


def _whys(gone: str, name: str, whys: tuple[str, ...]) -> None:
    with op.batch_alter_table("review") as batch:
        batch.drop_constraint(op.f(gone), type_="check")
        batch.create_check_constraint(op.f(name), f"why = '' OR why IN {whys}")

"""Keep the words of the market as data: what people write and what it means, and what may not be P-IRT."""

import sqlalchemy as sa
from alembic import op

revision = "0235"
down_revision = "0230"
branch_labels = None
depends_on = None

LIST = "ck_reference_change_list"
BEFORE, AFTER = ("category", "reason", "paper"), ("category", "reason", "paper", "spelling", "bar")


def upgrade() -> None:
    op.create_table(
        "market_word",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("word", sa.String(80), nullable=False),
        sa.Column("meaning", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market_word")),
        sa.UniqueConstraint("kind", "word", name=op.f("uq_market_word_kind_word")),
        sa.CheckConstraint("kind IN ('spelling', 'bar')", name=op.f("ck_market_word_kind")),
    )
    _lists(AFTER)


def downgrade() -> None:
    op.drop_table("market_word")
    op.execute("DELETE FROM reference_change WHERE list IN ('spelling', 'bar')")
    _lists(BEFORE)


def _lists(names: tuple[str, ...]) -> None:
    with op.batch_alter_table("reference_change") as batch:
        batch.drop_constraint(op.f(LIST), type_="check")
        batch.create_check_constraint(op.f(LIST), f"list IN {names}")

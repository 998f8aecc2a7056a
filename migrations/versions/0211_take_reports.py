"""Take reports about products, and let one of unsafe food hold a product off sale until the office has looked."""

import sqlalchemy as sa
from alembic import op

revision = "0211"
down_revision = "0202"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATE = "ck_product_state"
BEFORE = ("draft", "live", "paused", "withdrawn", "deleted")
AFTER = ("draft", "live", "paused", "held", "withdrawn", "deleted")
KINDS = ("unsafe", "false_claim", "photo", "forbidden", "other")
ENDS = "outcome = '' OR outcome IN ('unfounded', 'mended', 'upheld', 'gone')"


def upgrade() -> None:
    _states(AFTER)
    op.create_table(
        "product_report",
        sa.Column("id", Id, nullable=False),
        sa.Column("product_id", Id, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("sentence", sa.String(300), nullable=False),
        sa.Column("contact", sa.String(20)),
        sa.Column("reporter", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("answer", sa.String(300), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("closed_by_id", Id),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_product_report_kind")),
        sa.CheckConstraint(ENDS, name=op.f("ck_product_report_outcome")),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome = '')", name=op.f("ck_product_report_closed")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name="fk_product_report_product_id_product"),
        sa.ForeignKeyConstraint(["closed_by_id"], ["account.id"], name="fk_product_report_closed_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_product_report"),
    )
    op.create_index("ix_product_report_product", "product_report", ["product_id", "id"])
    _one("uq_product_report_waiting", "product_report", ["product_id", "reporter"], "closed_at IS NULL")
    op.create_table(
        "product_hold",
        sa.Column("id", Id, nullable=False),
        sa.Column("product_id", Id, nullable=False),
        sa.Column("was", sa.String(10), nullable=False),
        sa.Column("reporter", sa.String(64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("was IN ('live', 'paused')", name=op.f("ck_product_hold_was")),
        sa.CheckConstraint(ENDS, name=op.f("ck_product_hold_outcome")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name="fk_product_hold_product_id_product"),
        sa.PrimaryKeyConstraint("id", name="pk_product_hold"),
    )
    op.create_index("ix_product_hold_product", "product_hold", ["product_id", "id"])
    op.create_index("ix_product_hold_reporter", "product_hold", ["reporter"])
    _one("uq_product_hold_standing", "product_hold", ["product_id"], "ended_at IS NULL")


def _one(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _states(states: tuple[str, ...]) -> None:
    with op.batch_alter_table("product") as batch:
        batch.drop_constraint(op.f(STATE), type_="check")
        batch.create_check_constraint(op.f(STATE), f"state IN {states}")


def downgrade() -> None:
    # What is held stays off sale; its seller may show it again, as with anything that is paused.
    op.execute("UPDATE product SET state = 'paused' WHERE state = 'held'")
    op.drop_table("product_hold")
    op.drop_table("product_report")
    _states(BEFORE)

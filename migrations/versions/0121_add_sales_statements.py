"""Keep sales statements: what the book said of a shop's months on the day one was made, never changed afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "0121"
down_revision = "0115"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "sales_statement"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", Id, nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("shop_id", Id, nullable=False),
        sa.Column("first_month", sa.Date(), nullable=False),
        sa.Column("last_month", sa.Date(), nullable=False),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", Id, nullable=False),
        sa.CheckConstraint("first_month <= last_month", name=op.f("ck_sales_statement_months")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name="fk_sales_statement_shop_id_shop"),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name="fk_sales_statement_made_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_sales_statement"),
        sa.UniqueConstraint("code", name="uq_sales_statement_code"),
        sa.UniqueConstraint("key", name="uq_sales_statement_key"),
    )
    op.create_index("ix_sales_statement_maker", TABLE, ["made_by_id", "id"])
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {TABLE}_no_{act.lower()} BEFORE {act} ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {TABLE}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{TABLE} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_append_only()"
    )


def downgrade() -> None:
    op.drop_table(TABLE)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {TABLE}_append_only()")

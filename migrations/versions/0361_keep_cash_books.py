"""Keep her cash book: what she spends, puts in and sets aside. A row is never changed; all of them can go with her."""

import sqlalchemy as sa
from alembic import op

revision = "0361"
down_revision = "0360"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = ("income", "expense", "capital", "saving", "withdrawal")


def upgrade() -> None:
    op.create_table(
        "cash_entry",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("shop_id", Id, nullable=False),
        sa.Column("owner_id", Id, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(120), nullable=False),
        sa.Column("reversal_of", Id, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"kind IN {KINDS}", name="ck_cash_entry_kind"),
        sa.CheckConstraint(
            "(reversal_of IS NULL AND amount > 0) OR (reversal_of IS NOT NULL AND amount < 0)",
            name="ck_cash_entry_sign",
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name="fk_cash_entry_shop_id_shop"),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name="fk_cash_entry_owner_id_account"),
        sa.ForeignKeyConstraint(["reversal_of"], ["cash_entry.id"], name="fk_cash_entry_reversal_of_cash_entry"),
        sa.PrimaryKeyConstraint("id", name="pk_cash_entry"),
        sa.UniqueConstraint("key", name="uq_cash_entry_key"),
        sa.UniqueConstraint("reversal_of", name="uq_cash_entry_reversal_of"),
    )
    op.create_index("ix_cash_entry_shop_id", "cash_entry", ["shop_id"])
    op.create_index("ix_cash_entry_owner_day", "cash_entry", ["owner_id", "shop_id", "on_day", "id"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER cash_entry_unchanged BEFORE UPDATE ON cash_entry"
            " BEGIN SELECT RAISE(ABORT, 'cash_entry is append-only'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION cash_entry_unchanged() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'cash_entry is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER cash_entry_unchanged BEFORE UPDATE ON cash_entry"
        " FOR EACH STATEMENT EXECUTE FUNCTION cash_entry_unchanged()"
    )


def downgrade() -> None:
    op.drop_table("cash_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION cash_entry_unchanged()")

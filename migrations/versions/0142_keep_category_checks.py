"""Keep what each region saw of a category outside, one line a look; nobody writes into the shared list any more.

What was seen before becomes a line of the region of whoever looked.
"""

import sqlalchemy as sa
from alembic import op

revision = "0142"
down_revision = "0141"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "ekatalog_category_check"
SAYS = f"{TABLE} is append-only"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", ID, nullable=False),
        sa.Column("category_code", sa.String(20), nullable=False),
        sa.Column("regency_code", sa.String(13), nullable=False),
        sa.Column("open_from", sa.Date()),
        sa.Column("open_until", sa.Date()),
        sa.Column("source_url", sa.String(300), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("checked_by_id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_code"], ["ekatalog_category.code"], name=f"fk_{TABLE}_category_code_ekatalog_category"
        ),
        sa.ForeignKeyConstraint(["regency_code"], ["region.code"], name=f"fk_{TABLE}_regency_code_region"),
        sa.ForeignKeyConstraint(["checked_by_id"], ["account.id"], name=f"fk_{TABLE}_checked_by_id_account"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
    )
    op.create_index(f"ix_{TABLE}_region", TABLE, ["regency_code", "category_code", "id"])
    op.execute(
        "INSERT INTO ekatalog_category_check (category_code, regency_code, open_from, open_until, source_url,"
        " checked_on, checked_by_id, at) SELECT category.code, account.region_code, category.open_from,"
        " category.open_until, category.source_url, category.checked_on, account.id, CURRENT_TIMESTAMP"
        " FROM ekatalog_category AS category JOIN account ON account.id = category.checked_by_id"
        " WHERE category.checked_on IS NOT NULL"
    )
    guard()
    with op.batch_alter_table("ekatalog_category") as table:
        table.drop_constraint("fk_ekatalog_category_checked_by_id_account", type_="foreignkey")
        table.drop_column("checked_by_id")
        table.drop_column("version")


def guard() -> None:
    """Let lines be added and never changed, whatever program asks."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {TABLE}_no_{act.lower()} BEFORE {act} ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {TABLE}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{SAYS}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_append_only()"
    )


def downgrade() -> None:
    with op.batch_alter_table("ekatalog_category") as table:
        table.add_column(sa.Column("checked_by_id", ID))
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        table.create_foreign_key("fk_ekatalog_category_checked_by_id_account", "account", ["checked_by_id"], ["id"])
    op.drop_index(f"ix_{TABLE}_region", TABLE)
    op.drop_table(TABLE)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {TABLE}_append_only()")

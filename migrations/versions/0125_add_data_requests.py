"""Keep what people ask about their own data, and let the words beside an appended fact be taken away.

The books stay append-only. What a person typed beside a line (a note, a reason, a purpose) may become empty and nothing
else: amount, day, seller, grade, actor and id refuse every change as before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0125"
down_revision = "0121"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
WORDS = {
    "stock_movement": "note",
    "sale_record": "free_text",
    "order_event": "note",
    "access_log": "purpose",
    "bazaar_event": "reason",
    "ekatalog_answer": "value",
    "ekatalog_check": "note",
    "ekatalog_move": "note",
    "ekatalog_outside": "note",
}
EMPTY = {"value": "{}"}
PEOPLE = ("account_id", "asked_by_id", "proposed_by_id", "confirmed_by_id", "closed_by_id")


def upgrade() -> None:
    op.create_table(
        "data_request",
        sa.Column("id", ID, primary_key=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("source", sa.String(12), nullable=False),
        sa.Column("account_id", ID),
        sa.Column("kpm_id", ID),
        sa.Column("regency_code", sa.String(13), nullable=False),
        sa.Column("words", sa.String(500), nullable=False),
        sa.Column("asked_by_id", ID),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("routed_to", sa.String(12), nullable=False),
        sa.Column("proposal", sa.String(500), nullable=False),
        sa.Column("proposed_by_id", ID),
        sa.Column("proposed_at", MOMENT),
        sa.Column("confirmed_by_id", ID),
        sa.Column("answer", sa.String(500), nullable=False),
        sa.Column("closed_by_id", ID),
        sa.Column("closed_at", MOMENT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('copy', 'correct', 'erase', 'withdraw')", name=op.f("ck_data_request_kind")),
        sa.CheckConstraint(
            "state IN ('open', 'routed', 'proposed', 'ready', 'done', 'declined')", name=op.f("ck_data_request_state")
        ),
        sa.CheckConstraint("source IN ('own', 'paper', 'withdrawal')", name=op.f("ck_data_request_source")),
        sa.CheckConstraint("account_id IS NOT NULL OR kpm_id IS NOT NULL", name=op.f("ck_data_request_somebody")),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (state IN ('open', 'routed', 'proposed'))", name=op.f("ck_data_request_closed")
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR (proposed_by_id IS NOT NULL AND proposed_by_id <> confirmed_by_id)",
            name=op.f("ck_data_request_two_people"),
        ),
        sa.CheckConstraint(
            "kind <> 'erase' OR state <> 'done' OR confirmed_by_id IS NOT NULL",
            name=op.f("ck_data_request_erased_by_two"),
        ),
        *(sa.ForeignKeyConstraint([name], ["account.id"], name=f"fk_data_request_{name}_account") for name in PEOPLE),
        sa.ForeignKeyConstraint(["kpm_id"], ["kpm.id"], name="fk_data_request_kpm_id_kpm"),
        sa.ForeignKeyConstraint(["regency_code"], ["region.code"], name="fk_data_request_regency_code_region"),
        sa.PrimaryKeyConstraint("id", name="pk_data_request"),
    )
    for column in ("account_id", "kpm_id"):
        opened = sa.text(f"closed_at IS NULL AND {column} IS NOT NULL")
        name = f"uq_data_request_{column}_open"
        columns = [column, "kind"]
        op.create_index(name, "data_request", columns, unique=True, sqlite_where=opened, postgresql_where=opened)
    op.create_index("ix_data_request_region_closed", "data_request", ["regency_code", "closed_at", "due_at"])
    op.add_column("account", sa.Column("erased_at", MOMENT))
    for table, column in WORDS.items():
        let_empty(table, column)


def let_empty(table: str, column: str) -> None:
    """Refuse every update but one that empties the words and leaves all else as it was."""
    bare = EMPTY.get(column, "")
    if op.get_bind().dialect.name == "sqlite":
        others = [each["name"] for each in sa.inspect(op.get_bind()).get_columns(table) if each["name"] != column]
        changed = " OR ".join(f'OLD."{name}" IS NOT NEW."{name}"' for name in others)
        op.execute(f"DROP TRIGGER {table}_no_update")
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            f"WHEN NEW.{column} <> '{bare}' OR {changed} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        return
    op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_words_only BEFORE UPDATE ON {table} FOR EACH ROW "
        f"WHEN (NEW.{column}::text <> '{bare}' "
        f"OR (to_jsonb(OLD) - '{column}') IS DISTINCT FROM (to_jsonb(NEW) - '{column}')) "
        f"EXECUTE FUNCTION {table}_append_only()"
    )


def downgrade() -> None:
    for table in WORDS:
        refuse_all(table)
    op.drop_table("data_request")
    op.drop_column("account", "erased_at")


def refuse_all(table: str) -> None:
    """Refuse every update again."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {table}_no_update")
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        return
    op.execute(f"DROP TRIGGER {table}_words_only ON {table}")
    op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )

"""Let the books of trade be appended only, and find what time has ended by an index per clock.

A money entry may still be answered: it changes while it is claimed, and never after. The clocks of closed orders are
NULL, so each partial index holds the few orders that wait.
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0030"
branch_labels = None
depends_on = None

APPENDED = ("stock_movement", "sale_record", "sale_evidence", "order_event")
CLOCKS = ("accept_by", "amend_by", "pay_by", "ready_by", "collect_by")


def upgrade() -> None:
    for table in APPENDED:
        guard(table)
    guard_money()
    op.drop_index("ix_order_state_deadline", "order")
    for clock in CLOCKS:
        running = sa.text(f"{clock} IS NOT NULL")
        op.create_index(f"ix_order_{clock}", "order", [clock], sqlite_where=running, postgresql_where=running)


def guard(table: str) -> None:
    """Let rows be added and never changed, whatever program asks."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            refuse(table, act)
        return
    refuse_function(table)
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )


def guard_money() -> None:
    """Let a claimed entry be answered once: its state, who and when; everything else stays as it was written."""
    kept = ("id", "order_id", "key", "kind", "method", "amount", "by_id", "at")
    if op.get_bind().dialect.name == "sqlite":
        refuse("money_entry", "DELETE")
        changed = " OR ".join(f"OLD.{name} <> NEW.{name}" for name in kept)
        refuse("money_entry", "UPDATE", f"WHEN OLD.state <> 'claimed' OR {changed}")
        return
    refuse_function("money_entry")
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in kept)
    op.execute(
        "CREATE TRIGGER money_entry_append_only BEFORE DELETE OR TRUNCATE ON money_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION money_entry_append_only()"
    )
    op.execute(
        "CREATE TRIGGER money_entry_answered_once BEFORE UPDATE ON money_entry "
        f"FOR EACH ROW WHEN (OLD.state <> 'claimed' OR {changed}) EXECUTE FUNCTION money_entry_append_only()"
    )


def refuse(table: str, act: str, when: str = "") -> None:
    """Refuse one kind of change on SQLite."""
    op.execute(
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} {when} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def refuse_function(table: str) -> None:
    """Make what the triggers of PostgreSQL call."""
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )


def downgrade() -> None:
    for clock in CLOCKS:
        op.drop_index(f"ix_order_{clock}", "order")
    op.create_index("ix_order_state_deadline", "order", ["state", "accept_by"])
    if op.get_bind().dialect.name == "sqlite":
        for table in (*APPENDED, "money_entry"):
            for act in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_no_{act}")
        return
    op.execute("DROP TRIGGER money_entry_answered_once ON money_entry")
    for table in (*APPENDED, "money_entry"):
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute(f"DROP FUNCTION {table}_append_only()")

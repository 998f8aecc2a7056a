"""Keep the sums of the sales book by day, by month and by region, so that no page adds up the whole book.

Triggers move them with every line and every piece of evidence, whatever program writes: the version that ran before
this one, a bulk load, a hand at the terminal. A reversal counts on the day and under the grade of its original, and new
evidence carries what is left of a sale from one grade to the other. On PostgreSQL a shop's book is written by one
transaction at a time, so that the newest evidence is really the newest; the sums of a region lie in as many parts as
there are such locks, so that shops do not wait for each other at one row.
"""

# ruff: noqa: S608 - only our own names and the pieces below are put together
import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

PARTS = 64
LOCKS = 7_301_000_000  # the same numbers stand in app/trade/sales/rules.py
DAY = ("shop_id", "sold_on", "channel", "grade", "regency_code")
MONTH = ("regency_code", "month", "shop_id", "channel", "grade")
REGION = ("regency_code", "month", "channel", "grade", "part")
SUMS = ("amount", "qty", "lines")

# The order names the index: sorted by id alone, PostgreSQL may walk the whole table backwards for want of a first row.
NEWEST = "ORDER BY e.sale_id DESC, e.id DESC LIMIT 1"
BEFORE = f"""COALESCE(
    (SELECT e.grade FROM sale_evidence e WHERE e.sale_id = NEW.sale_id AND e.id <> NEW.id {NEWEST}),
    (SELECT o.grade FROM sale_record o WHERE o.id = NEW.sale_id))"""
AFTER = f"(SELECT e.grade FROM sale_evidence e WHERE e.sale_id = NEW.sale_id {NEWEST})"
NOW = f"COALESCE((SELECT e.grade FROM sale_evidence e WHERE e.sale_id = s.id {NEWEST}), s.grade)"
LEFT = "s.qty + COALESCE((SELECT SUM(r.qty) FROM sale_record r WHERE r.reversal_of = s.id), 0)"
WORTH = "s.amount + COALESCE((SELECT SUM(r.amount) FROM sale_record r WHERE r.reversal_of = s.id), 0)"

# Each gives: seller_id, sold_on, channel, regency_code, grade, amount, qty, lines.
ORIGINAL = """SELECT NEW.seller_id, NEW.sold_on, NEW.channel, NEW.regency_code, NEW.grade, NEW.amount, NEW.qty,
    1 AS lines WHERE NEW.reversal_of IS NULL"""
REVERSAL = f"""SELECT s.seller_id, s.sold_on, s.channel, s.regency_code, {NOW} AS grade,
        NEW.amount AS amount, NEW.qty AS qty, CASE WHEN {LEFT} <= 0 AND {LEFT} > NEW.qty THEN -1 ELSE 0 END AS lines
    FROM sale_record s WHERE s.id = NEW.reversal_of"""
EVIDENCE = f"""SELECT s.seller_id, s.sold_on, s.channel, s.regency_code, m.grade,
        m.way * ({WORTH}) AS amount, m.way * ({LEFT}) AS qty, CASE WHEN {LEFT} > 0 THEN m.way ELSE 0 END AS lines
    FROM sale_record s JOIN (SELECT -1 AS way, {BEFORE} AS grade UNION ALL SELECT 1, {AFTER}) m ON true
    WHERE s.id = NEW.sale_id AND s.reversal_of IS NULL AND {BEFORE} <> {AFTER}"""
ALL = f"""SELECT s.seller_id, s.sold_on, s.channel, s.regency_code, {NOW} AS grade,
        {WORTH} AS amount, {LEFT} AS qty, CASE WHEN {LEFT} > 0 THEN 1 ELSE 0 END AS lines
    FROM sale_record s WHERE s.reversal_of IS NULL"""

CAUSES = (("sale_record", ORIGINAL), ("sale_record", REVERSAL), ("sale_evidence", EVIDENCE))


def upgrade() -> None:
    op.create_index("ix_sale_evidence_newest", "sale_evidence", ["sale_id", "id"])
    op.drop_index("ix_sale_evidence_sale_id", "sale_evidence")
    create("sale_day", DAY, "sold_on")
    create("sale_month", MONTH, "month")
    create("sale_region", REGION, "month")
    for statement in moves(ALL):
        op.execute(statement)
    if op.get_bind().dialect.name == "sqlite":
        for name, (table, cause) in zip(("sold", "taken_back", "proved"), CAUSES, strict=True):
            body = "; ".join(moves(cause))
            op.execute(f"CREATE TRIGGER {table}_{name} AFTER INSERT ON {table} BEGIN {body}; END")
        return
    taken_back = "; ".join(moves(REVERSAL))
    keep(
        "sale_record",
        "NEW.seller_id",
        f"IF NEW.reversal_of IS NULL THEN {'; '.join(moves(ORIGINAL))}; ELSE {taken_back}; END IF",
    )
    keep(
        "sale_evidence",
        "(SELECT s.seller_id FROM sale_record s WHERE s.id = NEW.sale_id)",
        f"IF {BEFORE} <> {AFTER} THEN {'; '.join(moves(EVIDENCE))}; END IF",
    )


def create(table: str, keys: tuple[str, ...], day: str) -> None:
    kinds = {
        "shop_id": sa.BigInteger().with_variant(sa.Integer(), "sqlite"), day: sa.Date(), "channel": sa.String(12),
        "grade": sa.String(1), "regency_code": sa.String(13), "part": sa.Integer(),
    }  # fmt: skip
    op.create_table(
        table,
        *(sa.Column(name, kinds[name], nullable=False) for name in keys),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in SUMS),
        sa.PrimaryKeyConstraint(*keys, name=f"pk_{table}"),
        sqlite_with_rowid=False,
    )


def moves(cause: str) -> tuple[str, ...]:
    """Return the statements that add what a cause gives to the sums."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    month = "date(c.sold_on, 'start of month')" if sqlite else "CAST(date_trunc('month', c.sold_on) AS date)"
    return (
        move("sale_day", DAY, "c.seller_id, c.sold_on, c.channel, c.grade, c.regency_code", cause),
        move("sale_month", MONTH, f"c.regency_code, {month}, c.seller_id, c.channel, c.grade", cause),
        move("sale_region", REGION, f"c.regency_code, {month}, c.channel, c.grade, c.seller_id % {PARTS}", cause),
    )


def move(table: str, keys: tuple[str, ...], values: str, cause: str) -> str:
    sums = ", ".join(f"SUM(c.{name})" for name in SUMS)
    added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in SUMS)
    return (
        f"INSERT INTO {table} ({', '.join(keys + SUMS)}) SELECT {values}, {sums} FROM ({cause}) c WHERE true "
        f"GROUP BY {values} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {added}"
    )


def keep(table: str, shop: str, body: str) -> None:
    op.execute(
        f"CREATE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"PERFORM pg_advisory_xact_lock({LOCKS} + {shop} % {PARTS}); {body}; RETURN NULL; END $$"
    )
    op.execute(f"CREATE TRIGGER {table}_kept AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_kept()")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for trigger in ("sale_record_sold", "sale_record_taken_back", "sale_evidence_proved"):
            op.execute(f"DROP TRIGGER {trigger}")
    else:
        for table in ("sale_record", "sale_evidence"):
            op.execute(f"DROP TRIGGER {table}_kept ON {table}")
            op.execute(f"DROP FUNCTION {table}_kept()")
    op.drop_table("sale_region")
    op.drop_table("sale_month")
    op.drop_table("sale_day")
    op.create_index("ix_sale_evidence_sale_id", "sale_evidence", ["sale_id"])
    op.drop_index("ix_sale_evidence_newest", "sale_evidence")

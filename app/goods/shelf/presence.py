"""Which cards have something there, and how many: kept by triggers of the database, as stock moves in many rooms.

`shelf_there` holds a row for each card whose counted stock is not empty, `shelf_total` adds them up (kind a) by the
days on which their shop is away, so that midnight changes the answer and no row. On PostgreSQL all of it happens at
the commit, behind the one row of the stamp: whoever is through it sees what all before have done.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, inspect, text

from app.core.db import db, dialect

_AWAY: Final = {
    "sqlite": "CASE WHEN s.closed_until IS NULL THEN '' ELSE coalesce(replace(s.closed_from, '-', ''), '00000000')"
    " || '/' || replace(s.closed_until, '-', '') END",
    "postgresql": "CASE WHEN s.closed_until IS NULL THEN '' ELSE coalesce(to_char(s.closed_from, 'YYYYMMDD'),"
    " '00000000') || '/' || to_char(s.closed_until, 'YYYYMMDD') END",
}
# One stock empties the card, or several do together once the fullest of them is empty.
_THERE: Final = (
    "SELECT i.product_id, i.shop_id, coalesce((SELECT {away} FROM shop s WHERE s.id = i.shop_id), '') AS away"
    " FROM shelf_item i LEFT JOIN stock o ON o.variant_id = i.variant_id AND o.counted"
    " WHERE CASE WHEN i.together THEN (SELECT max(e.on_hand - e.reserved) FROM variant v"
    " JOIN stock e ON e.variant_id = v.id WHERE v.product_id = i.product_id AND v.active)"
    " ELSE o.on_hand - o.reserved END > 0"
)
DUE: Final = {engine: _THERE.format(away=away) for engine, away in _AWAY.items()}
_OF: Final = "INSERT INTO shelf_there (product_id, shop_id, away) SELECT d.product_id, d.shop_id, d.away FROM ({due}) d"
_LEFT: Final = "({0}.counted AND {0}.on_hand - {0}.reserved > 0)"
_STOCK: Final = f"{_LEFT.format('OLD')} <> {_LEFT.format('NEW')}"
_DAY: Final = "coalesce({0}.{1}, '1970-01-01')"
_CLOSES: Final = " OR ".join(
    f"{_DAY.format('OLD', end)} <> {_DAY.format('NEW', end)}" for end in ("closed_from", "closed_until")
)
_CARD: Final = "{}.product_id"
_STOCKED: Final = "(SELECT product_id FROM variant WHERE id = {}.variant_id)"
# Table, change, when, and the card that may have come or gone.
_WATCHED: Final = (
    ("shelf_item", "INSERT", "", _CARD.format("NEW")),
    ("shelf_item", "UPDATE OF variant_id, together, shop_id", "", _CARD.format("NEW")),
    ("shelf_item", "DELETE", "", _CARD.format("OLD")),
    ("stock", "INSERT", "", _STOCKED.format("NEW")),
    ("stock", "UPDATE", _STOCK, _STOCKED.format("NEW")),
    ("stock", "DELETE", "", _STOCKED.format("OLD")),
    ("variant", "UPDATE OF active", "OLD.active <> NEW.active", _CARD.format("NEW")),
    ("shop", "UPDATE OF closed_from, closed_until", _CLOSES, ""),
)
_NAME: Final = "shelf_there_{}_{}"
# On PostgreSQL a load says that it comes, and what waits for its commit is done before: else no table could be altered.
_ALONE: Final = "current_setting('lapak.at_once', true) IS DISTINCT FROM 'on'"
_OVER: Final = "SET LOCAL lapak.at_once = 'off'"
COUNTED: Final = "SELECT 'a', away, count(*) FROM shelf_there GROUP BY away"
_FEWER: Final = "DELETE FROM shelf_total WHERE kind = 'a' AND items = 0"


def install(connection: Connection) -> None:
    """Make the triggers that are missing: SQLite loses those of a table that it copies."""
    tables = set(inspect(connection).get_table_names())
    if "shelf_there" not in tables:
        return
    sqlite = connection.dialect.name == "sqlite"
    known = "SELECT name FROM sqlite_master WHERE type = 'trigger'" if sqlite else "SELECT tgname FROM pg_trigger"
    there = set(connection.execute(text(known)).scalars())
    made = _in_sqlite() if sqlite else _in_postgresql()
    missing = [statement for name, _table, statement in made if name not in there]
    for statement in (*(_FUNCTIONS if missing and not sqlite else ()), *missing):
        connection.exec_driver_sql(statement)


def _named(table: str, change: str) -> str:
    return _NAME.format(table, change.split()[0].lower())


def _refreshed(card: str, due: str) -> tuple[str, str]:
    """Return what brings one card up to date."""
    here = f"SELECT 1 FROM ({due}) d WHERE d.product_id = shelf_there.product_id AND d.shop_id = shelf_there.shop_id"  # noqa: S608
    return (
        f"DELETE FROM shelf_there WHERE product_id = {card} AND NOT EXISTS ({here})",  # noqa: S608
        f"{_OF.format(due=due)} WHERE d.product_id = {card} ON CONFLICT DO NOTHING",
    )


def _in_sqlite() -> list[tuple[str, str, str]]:
    """Return (name, table, statement) of each trigger: at once, since nobody else writes."""
    made = []
    for table, change, when, card in _WATCHED:
        away = f"coalesce((SELECT {_AWAY['sqlite']} FROM shop s WHERE s.id = NEW.id), '')"  # noqa: S608
        moved = (f"UPDATE shelf_there SET away = {away} WHERE shop_id = NEW.id",)  # noqa: S608
        body = "; ".join(_refreshed(card, DUE["sqlite"]) if card else moved)
        made.append((table, change, f" WHEN {when}" if when else "", body))
    added = "INSERT INTO shelf_total (kind, key, items) VALUES ('a', NEW.away, 1) ON CONFLICT (kind, key) DO UPDATE SET items = items + 1"  # noqa: E501
    taken = f"UPDATE shelf_total SET items = items - 1 WHERE kind = 'a' AND key = OLD.away; {_FEWER} AND key = OLD.away"  # noqa: S608
    made.append(("shelf_there", "INSERT", "", added))
    made.append(("shelf_there", "DELETE", "", taken))
    made.append(("shelf_there", "UPDATE OF away", " WHEN OLD.away <> NEW.away", f"{taken}; {added}"))
    return [
        (name := _named(table, change), table,
         f"CREATE TRIGGER {name} AFTER {change} ON {table}{when} BEGIN {body}; END")
        for table, change, when, body in made
    ]  # fmt: skip


def _in_postgresql() -> list[tuple[str, str, str]]:
    """Return the same: the cards at the commit, their number once for each statement."""
    made = []
    for table, change, seldom, _card in _WATCHED:
        name, when = _named(table, change), _ALONE if change == "INSERT" else seldom
        row = f"FOR EACH ROW{f' WHEN ({when})' if when else ''} EXECUTE FUNCTION shelf_there_watch()"
        late = f"DEFERRABLE INITIALLY DEFERRED {row}"
        made.append((name, table, f"CREATE CONSTRAINT TRIGGER {name} AFTER {change} ON {table} {late}"))
    for change, seen in (("INSERT", "NEW TABLE AS came"), ("DELETE", "OLD TABLE AS went"),
                         ("UPDATE", "OLD TABLE AS went NEW TABLE AS came")):  # fmt: skip
        name = _NAME.format("shelf_there", change.lower())
        each = f"REFERENCING {seen} FOR EACH STATEMENT EXECUTE FUNCTION shelf_there_{change.lower()}()"
        made.append((name, "shelf_there", f"CREATE TRIGGER {name} AFTER {change} ON shelf_there {each}"))
    return made


_ADDED: Final = (
    "INSERT INTO shelf_total (kind, key, items) SELECT 'a', away, count(*) FROM came GROUP BY away"
    " ON CONFLICT (kind, key) DO UPDATE SET items = shelf_total.items + excluded.items;"
)
_TAKEN: Final = (
    "UPDATE shelf_total t SET items = t.items - n.items FROM (SELECT away, count(*) AS items FROM went GROUP BY away) n"
    " WHERE t.kind = 'a' AND t.key = n.away;"
)
_FUNCTION: Final = "CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS $$ {} RETURN NULL; END $$"
_WATCH: Final = """DECLARE card bigint; BEGIN PERFORM 1 FROM page_stamp FOR UPDATE;
IF TG_TABLE_NAME = 'shop' THEN
UPDATE shelf_there t SET away = {away} FROM shop s WHERE s.id = NEW.id AND t.shop_id = s.id AND t.away <> {away};
RETURN NULL;
ELSIF TG_TABLE_NAME = 'stock' AND TG_OP = 'DELETE' THEN
SELECT product_id INTO card FROM variant WHERE id = OLD.variant_id;
ELSIF TG_TABLE_NAME = 'stock' THEN
SELECT product_id INTO card FROM variant WHERE id = NEW.variant_id;
ELSIF TG_OP = 'DELETE' THEN card := OLD.product_id;
ELSE card := NEW.product_id;
END IF; {refreshed};"""
_FUNCTIONS: Final = (
    _FUNCTION.format("shelf_there_insert", f"BEGIN {_ADDED}"),
    _FUNCTION.format("shelf_there_delete", f"BEGIN {_TAKEN} {_FEWER};"),
    _FUNCTION.format("shelf_there_update", f"BEGIN {_TAKEN} {_FEWER}; {_ADDED}"),
    _FUNCTION.format(
        "shelf_there_watch",
        _WATCH.format(away=f"({_AWAY['postgresql']})", refreshed="; ".join(_refreshed("card", DUE["postgresql"]))),
    ),
)


_ALL_WATCHED: Final = ", ".join(_named(table, change) for table, change, *_ in _WATCHED)
_DUE_NOW: Final = f"SET CONSTRAINTS {_ALL_WATCHED} IMMEDIATE"
_DUE_LATER: Final = f"SET CONSTRAINTS {_ALL_WATCHED} DEFERRED"


@contextmanager
def at_once() -> Iterator[None]:
    """Let very many new cards come inside, of products newer than all on the shelf: they are looked at together.

    Within one open transaction; one that fails leaves the triggers as they were.
    """
    connection = db.session.connection()
    last = connection.execute(text("SELECT coalesce(max(product_id), 0) FROM shelf_item")).scalar_one()
    names = [_NAME.format(table, "insert") for table in ("shelf_item", "stock")]
    sqlite = dialect() == "sqlite"
    still = [f"DROP TRIGGER {name}" for name in names] if sqlite else ["SET LOCAL lapak.at_once = 'on'"]
    again = [made for name, _table, made in _in_sqlite() if name in names] if sqlite else [_OVER, _DUE_NOW, _DUE_LATER]
    for statement in still:
        connection.exec_driver_sql(statement)
    yield
    for statement in again:
        connection.exec_driver_sql(statement)
    come = f"{_OF.format(due=DUE[dialect()])} WHERE d.product_id > :last ON CONFLICT DO NOTHING"
    connection.execute(text(come), {"last": last})


def mend() -> None:
    """Write anew what differs from the stock, and how many there are; nobody else moves them meanwhile."""
    connection = db.session.connection()
    if dialect() == "postgresql":
        connection.execute(text("SELECT 1 FROM page_stamp FOR UPDATE"))
    if wrong := [{"number": number} for number in sorted({row[0] for part in differences() for row in part})]:
        connection.execute(text("DELETE FROM shelf_there WHERE product_id = :number"), wrong)
        connection.execute(text(f"{_OF.format(due=DUE[dialect()])} WHERE d.product_id = :number"), wrong)
    connection.execute(text("DELETE FROM shelf_total WHERE kind = 'a'"))
    connection.execute(text(f"INSERT INTO shelf_total (kind, key, items) {COUNTED}"))


def differences() -> list[list[Any]]:
    """Return the rows (product, shop, days away) that are kept and not so, and those that are so and not kept."""
    kept, due = "SELECT product_id, shop_id, away FROM shelf_there", DUE[dialect()]
    pairs = ((kept, due), (due, kept))
    return [list(db.session.execute(text(f"{one} EXCEPT {other}")).all()) for one, other in pairs]


def list_wrong() -> list[tuple[int, str, str]]:
    """Return (product, kept, due) of each card that is kept otherwise than its stock and its shop say."""
    kept, due = differences()
    said = [{number: f"{shop_id} {away or 'open'}" for number, shop_id, away in each} for each in (kept, due)]
    return [(number, *(each.get(number, "nothing") for each in said)) for number in sorted(said[0] | said[1])]

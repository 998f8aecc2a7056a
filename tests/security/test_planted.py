"""`flask verify` finds what somebody plants behind the market's back: each sentence that a book can say is heard once.

The market holds a bit of everything. Triggers, checks and keys are switched off for one transaction, as an operator
with the rights of the database could do; something of `planted.csv` is done in it, the book is asked, and all of it is
taken back.
"""

from __future__ import annotations

import ast
import csv
import io
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, text, update

from app.core import books, vault
from app.core.db import db
from app.people.families import queries as families
from app.people.families.models import KpmIdentity
from app.trade.bazaars.models import Ranking
from tests.security import kept

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "docs" / "books.md"
BOOKS = (
    *sorted((ROOT / "app").rglob("verify.py")),
    ROOT / "app/goods/shelf/listeners.py",
    ROOT / "app/core/keyring.py",
    ROOT / "app/core/audit.py",
)
PARTS = ("Finding", "_rows")
PLANTED = Path(__file__).with_name("planted.csv")
# The end of the log outside the database; tests/security/test_books.py plants there.
ELSEWHERE = {
    ("audit-heads", "an exported head is missing or another"),
    ("audit-heads", "the exported heads cannot be read"),
}


def again(table: str, where: str, *other: str) -> None:
    """Write rows again, with some of their columns another; their ids are new."""
    names = [each.name for each in db.metadata.tables[table].columns if each.name != "id"]
    values = {name: f'"{name}"' for name in names} | dict(each.split("=", 1) for each in other)
    columns = ", ".join(f'"{name}"' for name in names)
    db.session.execute(
        text(f"INSERT INTO {table} ({columns}) SELECT {', '.join(values.values())} FROM {table} WHERE {where}")
    )


def short_nik() -> None:
    """Seal a number that is none, where it belongs, and let it be found."""
    table, kpm_id = KpmIdentity.__table__, db.session.scalars(select(KpmIdentity.kpm_id)).first()
    said = {"nik_sealed": vault.seal("123", families.place_of(kpm_id, "nik")), "nik_blind": families.nik_blind("123")}
    db.session.connection().execute(update(table).where(table.c.kpm_id == kpm_id).values(said))


def turned_ranking() -> None:
    """Put the weakest of a ranking first."""
    table, row = Ranking.__table__, db.session.scalars(select(Ranking.rows)).first()[0]
    db.session.connection().execute(update(table).values(rows=[row | {"score": score} for score in (0, 9)]))


HANDS: dict[str, Callable[..., None]] = {"again": again, "short_nik": short_nik, "turned_ranking": turned_ranking}


# Rows of the market by what they are: numbers that a sequence gave are others each time.
ROWS = {
    "$placed": "(SELECT min(id) FROM \"order\" WHERE state = 'placed' AND NOT for_office)",
    "$ready": "(SELECT min(id) FROM \"order\" WHERE state = 'ready' AND method = 'cash_pickup')",
    "$handed": "(SELECT min(id) FROM \"order\" WHERE state = 'handed_over')",
    "$sale": "(SELECT min(id) FROM sale_record WHERE source_type = 'order')",
    "$application": "(SELECT min(id) FROM bazaar_application WHERE state = 'submitted')",
    "$kpm": "(SELECT min(kpm_id) FROM kpm_identity)",
    "$entry": "(SELECT min(id) FROM audit_entry WHERE id > (SELECT min(id) FROM audit_entry))",
}
# Ids of rows have gaps by nature where a sequence gives them.
ONE_ENGINE = {("postgresql", "a row before this one is missing")}


@cache
def planted() -> list[tuple[str, str, list[str]]]:
    """Return book, sentence, and what is planted: statements, or the name of a hand above with what it takes."""
    told = PLANTED.read_text(encoding="utf-8")
    for name, row in ROWS.items():
        told = told.replace(name, row.replace('"', '""'))
    return [(each["book"], each["sentence"], each["planted"].split("; ")) for each in csv.DictReader(io.StringIO(told))]


def sentences() -> set[str]:
    """Return what the books can say, `{}` where a figure stands."""
    return {
        said
        for file in BOOKS
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in PARTS
        for said in spoken(node.args[-1])
    }


def spoken(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from (*spoken(node.body), *spoken(node.orelse))
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values)
    elif isinstance(node, ast.Constant):
        yield str(node.value)


def loosen(connection: Connection) -> None:
    """Switch triggers, checks and keys off until this transaction is taken back."""
    if connection.dialect.name == "sqlite":
        for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        return
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    checks = "SELECT conrelid::regclass, quote_ident(conname) FROM pg_constraint"
    checks += " WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
    for table, name in connection.exec_driver_sql(checks).all():
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


def heard(book: str, plants: list[str]) -> list[str]:
    """Return what a book says after something was planted, and take it all back."""
    try:
        loosen(db.session.connection())
        for plant in plants:
            if plant.startswith("@"):
                name, *given = plant.removeprefix("@").split("|")
                HANDS[name](*given)
            else:
                assert db.session.execute(text(plant)).rowcount >= 1, plant
        db.session.expire_all()
        return [found.why for _name, each in books.verify(book) for found in each]
    finally:
        db.session.remove()
        db.engine.dispose()


def test_the_market_is_true_before_anything_is_planted(app, database):
    kept.market(database)

    assert [str(each) for _name, found in books.verify() for each in found] == []


@pytest.mark.parametrize("book", sorted({book for book, _said, _plants in planted()}))
def test_each_sentence_of_a_book_is_heard_when_its_rows_are_wrong(app, database, book):
    kept.market(database)

    silent = {}
    for name, said, plants in planted():
        if name != book or (db.engine.dialect.name, said) in ONE_ENGINE:
            continue
        pattern, told = re.compile(re.escape(said).replace(r"\{\}", ".*")), heard(book, plants)
        if not any(pattern.fullmatch(each) for each in told):
            silent[said] = told

    assert silent == {}


def test_no_sentence_is_left_out():
    assert {said for _book, said, _plants in planted()} | {said for _book, said in ELSEWHERE} == sentences()


def test_every_book_has_been_planted_in(app):
    assert {book for book, _said, _plants in planted()} | {book for book, _said in ELSEWHERE} == set(books._checks)


def test_the_list_for_operators_names_every_book_and_sentence():
    told = LIST.read_text(encoding="utf-8")
    rows = {(book, said) for book, said, _plants in planted()} | ELSEWHERE

    assert sorted(rows) == sorted(
        (book, said.replace("…", "{}")) for book, said in re.findall(r"^\| `([a-z -]+)` \| (.+) \|$", told, re.M)
    )

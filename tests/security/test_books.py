"""The audit log says when somebody touched it, and the vault opens only what belongs to its place."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.core import audit, books, jobs, vault
from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.core.storage import private_store
from tests.factories.people import make_account
from tests.support.queries import count_queries


@pytest.fixture
def log(app) -> list[int]:
    """Six acts in the log, the head of the first five written down."""
    curator = make_account("curator")
    with transaction():
        ids = [audit.record(curator, "test.done", curator, step=number).id for number in range(5)]
        audit.export_head()
        return [*ids, audit.record(curator, "test.done", curator, step=5).id]


def findings() -> list[str]:
    """Say what `flask verify` finds in the log."""
    db.session.rollback()
    return [str(each) for _name, found in books.verify("audit", "audit-heads") for each in found]


def tamper(*statements: str, **values: object) -> None:
    """Write past the triggers, as somebody with the database's own rights can."""
    db.session.remove()
    sqlite = db.engine.dialect.name == "sqlite"
    with db.engine.begin() as connection:
        if sqlite:
            rows = connection.exec_driver_sql(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'"
            ).all()
            for name, _sql in rows:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        for statement in statements:
            connection.execute(text(statement), values)
        if not sqlite:
            connection.exec_driver_sql("ALTER TABLE audit_entry ENABLE TRIGGER USER")


def test_an_untouched_log_is_in_order(log):
    assert findings() == []


@pytest.mark.parametrize(
    ("column", "value"), [("action", "nothing.done"), ("actor_id", 99), ("subject", "shop:1"), ("facts", '{"step": 9}')]
)
def test_an_altered_row_is_found(log, column, value):
    tamper(f"UPDATE audit_entry SET {column} = :value WHERE id = :id", value=value, id=log[2])

    assert any(f"audit_entry {log[2]}:" in each for each in findings())


def test_a_deleted_row_is_found(log):
    tamper("DELETE FROM audit_entry WHERE id = :id", id=log[2])

    assert any(f"audit_entry {log[3]}:" in each for each in findings())


def test_rows_in_another_order_are_found(log):
    one, two = log[1], log[2]
    tamper(
        "UPDATE audit_entry SET id = -1 WHERE id = :one",
        "UPDATE audit_entry SET id = :one WHERE id = :two",
        "UPDATE audit_entry SET id = :two WHERE id = -1",
        one=one,
        two=two,
    )

    assert findings()


def test_a_log_that_was_cut_at_its_end_is_found(log):
    tamper("DELETE FROM audit_entry WHERE id >= :id", id=log[3])

    assert findings() == [f"audit_entry {log[4]}: an exported head is missing or another"]


def test_whoever_holds_the_end_of_the_chain_asks_for_it_once(app, log):
    curator = make_account("curator")
    with count_queries(app) as asked, transaction():
        audit.record_each(curator, "test.done", curator, [{"step": 6}, {"step": 7}])
        audit.record(curator, "test.done", curator, step=8)

    assert sum(said.startswith("SELECT audit_entry") for said, _values in asked) == 1
    assert sum(said.startswith("INSERT INTO audit_entry") for said, _values in asked) == 2
    assert findings() == []
    kept = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(3))
    assert [entry.facts for entry in kept] == [{"step": 8}, {"step": 7}, {"step": 6}]


@pytest.mark.parametrize("before", [False, True])
def test_an_act_that_a_savepoint_took_back_is_followed_by_nothing(log, before):
    curator = make_account("curator")
    with transaction() as session:
        if before:
            audit.record(curator, "test.done", curator, step=6)
        with suppress(ValueError), session.begin_nested():
            audit.record(curator, "test.done", curator, step=7)
            raise ValueError
        audit.record(curator, "test.done", curator, step=8)

    assert findings() == []


def test_a_transaction_that_failed_leaves_no_end_behind(log):
    curator = make_account("curator")
    with suppress(ValueError), transaction():
        audit.record(curator, "test.done", curator, step=6)
        raise ValueError
    with transaction():
        audit.record(curator, "test.done", curator, step=7)

    assert findings() == []


def test_the_chain_alone_does_not_notice_the_cut(log):
    tamper("DELETE FROM audit_entry WHERE id >= :id", id=log[3])

    assert audit.check_chain() == []


def test_a_log_that_was_written_anew_is_found(log):
    entry = db.session.get(AuditEntry, log[4])
    db.session.expunge(entry)
    entry.at += timedelta(seconds=1)
    tamper(
        "DELETE FROM audit_entry WHERE id > :id",
        "UPDATE audit_entry SET at = :at, hash = :hash WHERE id = :id",
        id=log[4],
        at=entry.at.replace(tzinfo=None) if db.engine.dialect.name == "sqlite" else entry.at,
        hash=entry.sealed(),
    )

    assert any("exported head" in each for each in findings())


def test_the_same_head_is_written_once(log):
    with transaction():
        audit.export_head()
        audit.export_head()

    assert len(audit.exported_heads()) == 2


def test_the_worker_writes_the_head_down_by_itself(log):
    assert log[-1] not in dict(audit.exported_heads())

    jobs.run_clocks()

    assert log[-1] in dict(audit.exported_heads())
    assert findings() == []


def test_heads_that_cannot_be_read_are_said(log):
    private_store().put(audit.HEADS, b"\xff\xfe nonsense")

    assert findings() == [f"audit_entry {audit.HEADS}: the exported heads cannot be read"]


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry", "UPDATE audit_entry SET hash = 'x'"]
)
def test_the_database_itself_refuses_to_change_the_log(log, statement):
    db.session.remove()

    with pytest.raises(DBAPIError), db.engine.begin() as connection:
        connection.execute(text(statement))

    assert findings() == []


def test_what_is_sealed_opens_in_its_place_alone(app):
    sealed = vault.seal("rahasia", "account:7:totp_sealed")

    assert vault.unseal(sealed, "account:7:totp_sealed") == "rahasia"
    for elsewhere in ("account:8:totp_sealed", "account:7:nik", "shop:7:totp_sealed", ""):
        with pytest.raises(vault.Tampered):
            vault.unseal(sealed, elsewhere)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-2] + ("AA" if text[-2:] != "AA" else "BB"),
        lambda text: "x." + text.partition(".")[2],
        str.upper,
    ],
)
def test_what_was_touched_does_not_open(app, spoil):
    sealed = vault.seal("rahasia panjang sekali", "account:7:nik")

    with pytest.raises(vault.Tampered):
        vault.unseal(spoil(sealed), "account:7:nik")


@pytest.mark.parametrize("nonsense", ["", ".", "dev.", "dev.x", "dev.===", "dev.é", "\x00", "dev." + "A" * 9000])
def test_nonsense_does_not_open_either(app, nonsense):
    with pytest.raises(vault.Tampered):
        vault.unseal(nonsense, "account:7:nik")


def test_the_ring_turns(app, monkeypatch):
    settings = app.extensions["lapak_settings"]
    old = vault.seal("rahasia", "account:7:nik")
    turned = replace(settings, field_keys=(("b", b"2" * 32), *settings.field_keys))
    monkeypatch.setitem(app.extensions, "lapak_settings", turned)

    fresh = vault.seal(vault.unseal(old, "account:7:nik"), "account:7:nik")

    assert fresh.startswith("b.")
    monkeypatch.setitem(app.extensions, "lapak_settings", replace(settings, field_keys=(("b", b"2" * 32),)))
    assert vault.unseal(fresh, "account:7:nik") == "rahasia"
    with pytest.raises(vault.Tampered):
        vault.unseal(old, "account:7:nik")


def test_the_same_value_is_never_sealed_the_same_and_always_found(app):
    assert vault.seal("1", "a:1:b") != vault.seal("1", "a:1:b")
    assert vault.blind("3604", "nik") == vault.blind("3604", "nik")
    assert vault.blind("3604", "nik") != vault.blind("3604", "kk")


UNTOLD = "UPDATE audit_entry SET action = 'untold' WHERE id = :id"


def as_owner(number: int, *before: str) -> None:
    """Write into the log as an owner who switched its triggers off, and put all of it back."""
    db.session.remove()
    with db.engine.connect() as connection:
        role = f"pemilik_{number}"
        steps = (
            f"CREATE ROLE {role}",
            f"GRANT USAGE, CREATE ON SCHEMA public TO {role}",
            f"ALTER TABLE audit_entry OWNER TO {role}",
            "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
            f"SET LOCAL ROLE {role}",
        )
        for step in (*steps, *before):
            connection.execute(text(step))
        assert connection.execute(text(UNTOLD), {"id": number}).rowcount == 1
        connection.rollback()


def test_the_owner_has_no_right_to_change_the_log(log):
    if db.engine.dialect.name == "sqlite":
        return  # SQLite knows no rights: who may open the file may do all

    with pytest.raises(DBAPIError, match="permission denied"):
        as_owner(log[0])


def test_where_the_rights_are_given_back_the_log_can_be_changed(log):
    if db.engine.dialect.name == "sqlite":
        return

    as_owner(log[0], "GRANT UPDATE ON audit_entry TO CURRENT_USER")

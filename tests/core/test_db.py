"""What an answer owes to the database ends with it, also when the database is gone by then."""

from __future__ import annotations

import contextvars
import gc
import weakref
from pathlib import Path

import pytest
from flask import Flask, g, request_finished
from flask.testing import FlaskClient
from sqlalchemy import create_engine, select, text, update
from sqlalchemy.exc import IntegrityError, PendingRollbackError
from sqlalchemy.orm import Session

from app.core.db import db, transaction
from app.goods.categories.models import Category
from app.goods.shops.models import Shop
from tests.factories.goods import make_product
from tests.factories.trade import make_stall


def test_an_answer_stands_although_its_connection_died_meanwhile(app, monkeypatch):
    make_product(make_stall()[1], slug="telur")
    db.session.rollback()
    client = FlaskClient(app)
    dialect = db.engine.dialect

    def died(_connection) -> None:
        raise dialect.loaded_dbapi.OperationalError("terminating connection due to unexpected postmaster exit")

    with monkeypatch.context() as patch:
        patch.setattr(dialect, "do_rollback", died)
        answer = contextvars.Context().run(client.get, "/produk/telur")
    gc.collect()  # the dead connection lies in a ring of references, and has the file of the next test open

    assert answer.status_code == 200
    assert contextvars.Context().run(client.get, "/produk/telur").status_code == 200


def test_a_connection_is_one_in_a_transaction_and_never_outlives_it(app: Flask) -> None:
    reading = db.session.connection()
    assert db.session.connection() is reading
    with transaction() as session:
        writing = session.connection()
        assert writing is not reading
        assert session.connection() is writing
        assert reading.closed
    assert writing.closed
    assert db.session.connection().execute(text("SELECT 1")).scalar_one() == 1


def test_the_machinery_is_asked_for_a_connection_once_in_a_transaction(app: Flask, monkeypatch) -> None:
    asked: list[object] = []
    below = Session.connection
    monkeypatch.setattr(Session, "connection", lambda session, *given: asked.append(given) or below(session, *given))
    for _ in range(3):
        db.session.connection()
    assert len(asked) == 1
    with transaction():
        for _ in range(3):
            db.session.connection()
    assert len(asked) == 2


def test_a_savepoint_takes_back_what_its_connection_was_told_first(app: Flask) -> None:
    def go_back() -> None:
        with db.session.begin_nested():
            db.session.connection().execute(update(Category).values(name="dalam"))
            raise LookupError

    with transaction():
        db.session.connection().execute(update(Category).values(name="luar"))
        with pytest.raises(LookupError):
            go_back()
        with db.session.begin_nested():
            db.session.connection().execute(update(Category).values(name_en="inside"))

    assert set(db.session.execute(select(Category.name, Category.name_en))) == {("luar", "inside")}


def test_no_connection_is_handed_out_in_a_transaction_that_failed(app: Flask) -> None:
    def go_on_after_a_failure() -> None:
        with transaction() as session:
            session.connection()
            session.add(Shop(slug="tanpa-pemilik"))
            with pytest.raises(IntegrityError):
                session.flush()
            session.connection()

    with pytest.raises(PendingRollbackError):
        go_on_after_a_failure()

    assert db.session.connection().execute(text("SELECT 1")).scalar_one() == 1


def test_an_answered_request_is_let_go_without_a_collection(app: Flask) -> None:
    make_product(make_stall()[1], slug="telur")
    db.session.rollback()
    client, held = FlaskClient(app), []

    def note(_app: Flask, **_more: object) -> None:
        session = db.session()
        held.extend(weakref.ref(each) for each in (session, session.connection(), g._get_current_object()))

    gc.disable()
    try:
        with request_finished.connected_to(note, app):
            assert contextvars.Context().run(client.get, "/produk").status_code == 200
        assert [each() for each in held] == [None, None, None]
    finally:
        gc.enable()


def test_a_connection_holds_little_of_the_file(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'market.sqlite'}")
    with engine.connect() as connection:
        kept = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
        mapped = connection.exec_driver_sql("PRAGMA mmap_size").scalar_one()
    engine.dispose()

    assert (kept, mapped) == (-1000, 0)  # KiB of pages, and bytes that would count in every process

"""What an answer owes to the database ends with it, also when the database is gone by then."""

from __future__ import annotations

import contextvars

from flask.testing import FlaskClient

from app.core.db import db
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

    assert answer.status_code == 200
    assert contextvars.Context().run(client.get, "/produk/telur").status_code == 200

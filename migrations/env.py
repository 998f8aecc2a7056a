"""How migrations run: one transaction each, on the engine of the running app."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from alembic import context
from flask import current_app
from sqlalchemy import Connection, event

import app
from app.core import stamps
from app.core.db import WRITE, Base
from app.goods.shelf import presence

for module in pkgutil.walk_packages(app.__path__, "app."):
    if module.name.endswith(".models") or module.name.startswith("app.core."):
        import_module(module.name)

MIGRATE = current_app.extensions["migrate"]


def run(connection: Connection) -> None:
    """Run what is asked for on this connection."""
    # SQLite cannot alter a table in place; Alembic copies it.
    options = MIGRATE.configure_args | {"render_as_batch": connection.dialect.name == "sqlite"}
    options["transaction_per_migration"] = True
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        **options,
    )
    if connection.dialect.name == "postgresql":
        event.listen(connection, "begin", _at_once)
    with context.begin_transaction():
        context.run_migrations()
    if connection.in_transaction():
        connection.commit()
    with connection.begin():
        stamps.install(connection)
        presence.install(connection)


def _at_once(connection: Connection) -> None:
    """Let what waits for the commit happen at each statement: a table that something waits for cannot be altered."""
    connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")


def run_online() -> None:
    """Open the app's own engine; a copied table must not take its children along, so the checks rest meanwhile."""
    with MIGRATE.db.engine.connect().execution_options(**{WRITE: True}) as connection:
        if connection.dialect.name == "sqlite":
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        try:
            run(connection)
        finally:
            if connection.dialect.name == "sqlite":
                connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")


run_online()

"""What takes long to make is made once in a process and on each engine, and copied from then on."""

from __future__ import annotations

from collections.abc import Callable

from app.core.db import db
from tests.support.databases import Database


def remembered(database: Database, name: str, make: Callable[[], object]) -> None:
    """Let an empty database hold what `make` puts into it."""
    if name not in database.kept:
        make()
        _let_go()
        database.keep(name)
        return
    _let_go()
    database.put_back(name)


def _let_go() -> None:
    db.session.remove()
    db.engine.dispose()

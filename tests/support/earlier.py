"""A database of its own, to take one migration back in and forth again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.core.db import db
from tests.conftest import build, prepare, test_settings
from tests.support.databases import Database

FOLDER = Path(__file__).resolve().parents[2] / "migrations" / "versions"


@contextmanager
def house(database: Database, environ: Mapping[str, str], name: str) -> Iterator[None]:
    """Stand in an application on a new database with reference data."""
    settings = test_settings(environ, database.empty(name))
    prepare(settings)
    with build(settings).app_context():
        yield
        db.session.remove()
        db.engine.dispose()


def ends(name: str) -> list[str]:
    """Return the revisions before and after the migration whose file ends so."""
    words = next(FOLDER.glob(f"*_{name}.py")).read_text(encoding="utf-8")
    return [re.search(rf'^{each} = "(\w+)"', words, re.M)[1] for each in ("down_revision", "revision")]

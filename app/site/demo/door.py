"""The door of a real installation: it never opens on the database of a demonstration, whose keys anybody can read.

`flask serve` asks while it prepares the database; a web server that is handed the application alone is asked here.
"""

from __future__ import annotations

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app.core import marks
from app.core.db import db, release
from app.core.vault import settings
from app.site.demo.people import MARK

SENTENCE = "Basis data ini berisi data contoh; produksi perlu yang kosong. / Production refuses demo data."


class DemoInProduction(Exception):
    """A real installation on a demonstration's database; the message is one line for the operator."""

    def __init__(self) -> None:
        super().__init__(SENTENCE)


def check(app: Flask) -> None:
    """Refuse to start on a demonstration; a database that does not answer yet is asked again before the first page.

    Raises:
        DemoInProduction: the mark of a demonstration stands in the database.
    """
    with app.app_context():
        if not settings().production:
            return
        known = _is_real()
        db.session.remove()
        # The server forks after this: no child may inherit a connection.
        db.engine.dispose()
    if not known:
        app.before_request(_Watch().look)


class _Watch:
    """Looks before each page until the database has said what it is."""

    known = False

    def look(self) -> None:
        """Let the page through, or fail."""
        self.known = self.known or _is_real()


def _is_real() -> bool:
    """Tell whether the database has said that it is no demonstration; False when it says nothing."""
    try:
        if marks.get(MARK) is not None:
            raise DemoInProduction
    except SQLAlchemyError:
        release()
        return False
    return True

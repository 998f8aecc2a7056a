"""Many at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from sqlalchemy import text

from app.core.db import db, transaction

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def at_once(app, acts: Sequence[Callable[[], object]]) -> list[str]:
    """Let every act start at the same moment, each in a thread with its own connection; name what came of each."""
    db.session.rollback()
    start, answers = threading.Barrier(len(acts)), [""] * len(acts)

    def run(place: int) -> None:
        with app.app_context():
            start.wait()
            try:
                answers[place] = str(acts[place]() or "ya")
            except Exception as error:
                answers[place] = type(error).__name__
                db.session.rollback()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def crossed(app, hold: Callable[[], object], act: Callable[[], object], others: Callable[[], object]) -> list[str]:
    """Hold something, let `others` come until they wait for it, then act; name what came of theirs."""
    db.session.rollback()
    came: list[str] = []

    def run() -> None:
        with app.app_context():
            try:
                with transaction():
                    others()
                came.append("ya")
            except Exception as error:
                came.append(f"{type(error).__name__}: {error}")
            finally:
                db.session.remove()

    thread = threading.Thread(target=run)
    with transaction():
        hold()
        thread.start()
        _comes_to_wait()
        act()
    thread.join()
    return came


def _comes_to_wait() -> None:
    """Return once somebody waits for a lock of ours; SQLite lets one writer in and needs no looking."""
    if db.engine.name == "sqlite":
        return
    pause = threading.Event()
    with db.engine.connect() as connection:
        for _look in range(600):
            if connection.execute(text(WAITING)).scalar_one():
                return
            connection.rollback()
            pause.wait(0.05)
    raise AssertionError("nobody waits")

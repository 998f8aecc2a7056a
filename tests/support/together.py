"""Many at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from app.core.db import db


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

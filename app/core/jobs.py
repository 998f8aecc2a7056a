"""Jobs: rows written in the transaction that wants them done, and a worker that does each exactly once.

A job's effect and the removal of its row share one transaction; a worker killed in between leaves both undone.
Effects outside the database (a file, a message) are made idempotent by their handler. What takes long (a paper, a
report) is done by a slow handler before that transaction begins, so that no writer waits for it.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import JSON, Integer, String, Text, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Base, UtcDateTime, db, pk, transaction

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=120)
MOST_ATTEMPTS = 5
NAP_SECONDS = 1.0


class Job(Base):
    """Something to do at or after `run_at`; `key` keeps the same job from being asked twice."""

    __tablename__ = "job"

    id: Mapped[int] = pk()
    kind: Mapped[str] = mapped_column(String(60))
    key: Mapped[str | None] = mapped_column(String(120), unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    run_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    parked: Mapped[bool] = mapped_column(default=False)
    last_error: Mapped[str | None] = mapped_column(Text)


Finish = Callable[[], None]
Handler = Callable[[dict[str, Any]], None]
SlowHandler = Callable[[dict[str, Any]], Finish]
_handlers: dict[str, Handler] = {}
_slow: dict[str, SlowHandler] = {}
_parked: dict[str, Handler] = {}


@dataclass
class _Clock:
    every: timedelta
    run: Callable[[], None]
    ran: datetime | None = None

    def is_due(self, moment: datetime) -> bool:
        """Tell whether it is time again; a clock of the machine that went back is no reason to wait."""
        return self.ran is None or not self.ran <= moment < self.ran + self.every


_clocks: dict[str, _Clock] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register what does this kind of job; it is called inside a transaction()."""

    def attach(run: Handler) -> Handler:
        _handlers[kind] = run
        return run

    return attach


def slow_handler(kind: str) -> Callable[[SlowHandler], SlowHandler]:
    """Register what does this kind of job outside any transaction; what it returns is then called inside one."""

    def attach(run: SlowHandler) -> SlowHandler:
        _slow[kind] = run
        return run

    return attach


def on_parked(kind: str) -> Callable[[Handler], Handler]:
    """Register what is told, inside a transaction(), when a job of this kind is given up after the last try."""

    def attach(run: Handler) -> Handler:
        _parked[kind] = run
        return run

    return attach


def every(seconds: int, name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register what a running worker does again and again, inside a transaction()."""

    def attach(run: Callable[[], None]) -> Callable[[], None]:
        _clocks[name] = _Clock(timedelta(seconds=seconds), run)
        return run

    return attach


def enqueue(kind: str, payload: dict[str, Any], *, key: str | None = None, run_at: datetime | None = None) -> None:
    """Ask for a job in the caller's transaction; a second ask with the same key changes nothing."""
    if key is not None and db.session.scalar(select(Job.id).where(Job.key == key)):
        return
    db.session.add(Job(kind=kind, key=key, payload=payload, run_at=run_at or now(), attempts=0, parked=False))
    db.session.flush()


def run_due(limit: int = 50) -> int:
    """Do what is due and return how many were tried."""
    tried = 0
    while tried < limit and _run_one():
        tried += 1
    return tried


def run_clocks() -> None:
    """Run the periodic work that is due."""
    for name, clock in _clocks.items():
        if not clock.is_due(now()):
            continue
        clock.ran = now()
        try:
            with transaction():
                clock.run()
        except Exception:
            log.exception("clock_failed", clock=name)


def _claim() -> tuple[int, str, dict[str, Any]] | None:
    """Lease the oldest due job, so that another worker passes it by."""
    with transaction() as session:
        query = select(Job).where(Job.run_at <= now(), Job.parked.is_(False)).order_by(Job.run_at, Job.id).limit(1)
        job = session.scalar(query.with_for_update(skip_locked=True))
        if job is None:
            return None
        job.attempts += 1
        job.run_at = now() + LEASE
        job.parked = job.attempts > MOST_ATTEMPTS
        return (job.id, job.kind, dict(job.payload))


def _run_one() -> bool:
    claimed = _claim()
    if claimed is None:
        return False
    number, kind, payload = claimed
    try:
        finish = _slow[kind](payload) if kind in _slow else partial(_handlers[kind], payload)
        with transaction() as session:
            job = session.get(Job, number, with_for_update=True)
            if job is None or job.parked:
                return True
            finish()
            session.delete(job)
    except Exception as error:
        log.exception("job_failed", kind=kind, job=number)
        _postpone(number, error)
    return True


def _postpone(number: int, error: Exception) -> None:
    with transaction() as session:
        job = session.get(Job, number)
        if job is not None:
            wait = timedelta(seconds=5 * 2**job.attempts)
            values = {
                "run_at": now() + wait,
                "last_error": type(error).__name__,
                "parked": job.attempts >= MOST_ATTEMPTS,
            }
            session.execute(update(Job).where(Job.id == number).values(**values))
            if values["parked"] and job.kind in _parked:
                _parked[job.kind](dict(job.payload))


def work(*, once: bool = False) -> None:
    """Work until told to stop; with `once`, until nothing is due."""
    stop = threading.Event()
    if not once and threading.current_thread() is threading.main_thread():
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
    while not stop.is_set():
        try:
            run_clocks()
            tried = run_due()
        except Exception:
            log.exception("worker_stumbled")
            tried = 0
        finally:
            db.session.remove()
        if tried:
            continue
        if once:
            return
        stop.wait(NAP_SECONDS)

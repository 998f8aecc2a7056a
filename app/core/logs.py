"""Logs: one JSON line an event, without anything about a person.

An exception is told by its type and the places it came through. Its message and the local variables may hold a
phone number or a secret, so only a developer at her own terminal sees the message, and nobody the variables.
"""

from __future__ import annotations

import logging
import re
import sys
import time
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

from config import Settings

DEEPEST = 12
# The token of a submit stands in its address and opens every order of it; the code of a statement confirms its sums.
_TOKEN = re.compile(r"[0-9a-f]{40}|(?<=/keterangan/)/*[^/]+|(?<=/surel/)/*[^/]+")
_log = structlog.get_logger()


def init(settings: Settings) -> None:
    """Choose how much is said and how."""
    last: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if settings.environment != "production":
        last = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _told(with_message=not settings.production),
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(settings.log_level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _told(*, with_message: bool) -> structlog.typing.Processor:
    """Replace an exception by its type and its way through the code."""

    def tell(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        found = event.pop("exc_info", None)
        error = sys.exc_info()[1] if found is True else found[1] if isinstance(found, tuple) else found
        if isinstance(error, BaseException):
            event["error"] = type(error).__name__
            event["through"] = way_of(error)
            if with_message:
                event["message"] = str(error)[:500]
        return event

    return tell


def request(method: str, path: str, status: int, began: float, number: str | None = None) -> None:
    """Log a request without what opens a page: no query, since links carry signatures, and no token."""
    took = round((time.perf_counter() - began) * 1000, 1)
    _log.info("request", method=method, path=_TOKEN.sub("…", path), status=status, ms=took, id=number)


def way_of(error: BaseException) -> list[str]:
    """Return the last places an exception came through, as `file:line function`."""
    frames = traceback.extract_tb(error.__traceback__)[-DEEPEST:]
    return [f"{frame.filename.rpartition('/app/')[2]}:{frame.lineno} {frame.name}" for frame in frames]

"""Events: `emit` remembers, the commit delivers. What must not be lost is a plain call, not an event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from flask import current_app

log = structlog.get_logger(__name__)

E = TypeVar("E")
_KEY = "events"
_listeners: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


def listen(kind: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Hear a lower room's event, after its commit, in a transaction of one's own."""

    def attach(listener: Callable[[E], None]) -> Callable[[E], None]:
        if listener not in _listeners[kind]:
            _listeners[kind].append(listener)
        return listener

    return attach


def emit(happened: object) -> None:
    """Remember an event until the surrounding transaction() commits."""
    info = current_app.extensions["sqlalchemy"].session().info
    if not info.get("writing"):
        raise RuntimeError("emit() outside transaction()")
    info.setdefault(_KEY, []).append(happened)


def take(info: dict[Any, Any]) -> list[object]:
    """Return and forget what one transaction remembered."""
    return list(info.pop(_KEY, []))


def deliver(happened: list[object]) -> None:
    """Tell the listeners; one that fails is logged, never shown."""
    for item in happened:
        for listener in _listeners[type(item)]:
            try:
                listener(item)
            except Exception:
                log.exception("listener_failed", listener=listener.__qualname__, happened=type(item).__name__)

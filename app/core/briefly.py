"""Secrets that are shown for a quarter of an hour to whoever made them, then to nobody.

Until then each waits in the maker's own session, sealed with a key that is not in the database.
"""

from __future__ import annotations

from flask import session

from app.core import vault
from app.core.clock import now

KEEP_SECONDS = 900
MOST_KEPT = 5


def keep(slot: str, number: int, secret: str) -> None:
    """Remember a fresh secret of one thing for the page that shows it; the newest few stay."""
    kept = dict(session.get(slot, {}))
    kept[str(number)] = [vault.seal(secret, _place(slot, number)), int(now().timestamp())]
    session[slot] = dict(list(kept.items())[-MOST_KEPT:])


def keep_all(slot: str, secrets: dict[int, str]) -> None:
    """Remember the fresh secrets of many things made at once, in place of those before."""
    at = int(now().timestamp())
    session[slot] = {str(number): [vault.seal(secret, _place(slot, number)), at] for number, secret in secrets.items()}


def find_all(slot: str) -> dict[int, str]:
    """Return what `keep_all` remembered a moment ago, by number; empty once the time is over."""
    found = {int(number): find(slot, int(number)) for number in session.get(slot, {})}
    return {number: secret for number, secret in found.items() if secret is not None}


def find(slot: str, number: int) -> str | None:
    """Return the secret that this session made a moment ago, or None."""
    sealed, at = session.get(slot, {}).get(str(number), ("", 0))
    if not sealed or now().timestamp() - at > KEEP_SECONDS:
        return None
    return vault.unseal(sealed, _place(slot, number))


def _place(slot: str, number: int) -> str:
    return f"{slot}:{number}:secret"

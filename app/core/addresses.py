"""Addresses: where this site lives, and which way back is our own."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from flask import request

from app.core.vault import settings

LONGEST = 500


def origin() -> str:
    """Return `https://host` of this site, from the settings when they name it."""
    return settings().public_url or f"{request.scheme}://{request.host}"


def kept_question() -> str:
    """Return what this address asks, but for the language, ready for one more value: `q=telur&`; empty for nothing."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "bahasa"]
    return f"{urlencode(kept)}&" if kept else ""


def safe_next(target: str | None) -> str | None:
    """Return the target when it is a path on this site, else None.

    Backslashes and double slashes are read by browsers as another host; control signs are dropped by them.
    """
    if not target or len(target) > LONGEST or not target.startswith("/"):
        return None
    if target.startswith(("//", "/\\")) or "\\" in target or any(ord(sign) < 33 for sign in target):
        return None
    parts = urlsplit(target)
    return target if not parts.netloc and not parts.scheme else None

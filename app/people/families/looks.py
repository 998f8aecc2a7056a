"""What a look at a family is called: what was opened, and what for."""

from __future__ import annotations

from app.people.families.words import LOOKS, REASONS


def what(code: str) -> str:
    """Return the words for what was opened, or its code when no room has worded it."""
    return str(LOOKS.get(code, code))


def purpose(said: str) -> str:
    """Return what a look was for: the word of the reason, and what was added to it.

    >>> purpose("")
    ''
    """
    code, _sign, note = said.partition(":")
    word = str(REASONS.get(code, code))
    return f"{word}: {note}" if note else word

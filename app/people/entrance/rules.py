"""The limits of the door by name (how often stands in the settings), and how long half-way in lasts."""

from __future__ import annotations

MOST_WRONG_PINS = 5
PENDING_SECONDS = 600

PIN = "sign-in:pin"
PASSWORD = "sign-in:password"  # noqa: S105 - the name of a limit
CARD = "sign-in:card"
CODE = "sign-in:code"
NEW_PHONE = "sign-in:new-phone"

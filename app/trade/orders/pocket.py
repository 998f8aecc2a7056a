"""The orders this phone remembers: their codes in a signed cookie, nothing else.

The signature of each link is made again when it is shown, so a stolen list of codes opens nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from werkzeug.wrappers import Response

from app.core.cookies import SignedCookie

MOST = 30
JAR = SignedCookie("pesanan", "orders-of-phone", days=180)
_CODE = re.compile(r"[0-9A-Z]{3,16}")


def codes() -> list[str]:
    """Return the codes this phone knows, newest first."""
    known = JAR.read()
    rows = known if isinstance(known, list) else []
    return [code for code in rows[:MOST] if isinstance(code, str) and _CODE.fullmatch(code)]


def remember(response: Response, placed: Iterable[str]) -> None:
    """Let the phone remember these too; the oldest are forgotten beyond thirty."""
    together = dict.fromkeys([*placed, *codes()])
    JAR.write(response, list(together)[:MOST])

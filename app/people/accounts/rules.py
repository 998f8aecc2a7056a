"""What follows for accounts: where each role begins, how long it may rest, what a phone is called, which code fits."""

from __future__ import annotations

import hmac
import re
from datetime import timedelta

import pyotp

STEP_SECONDS = 30
OWN_PHONE_IDLE = 14 * 86_400
SHARED_PHONE_IDLE = 15 * 60
STAFF_IDLE = 30 * 60
PROOF_LASTS = timedelta(minutes=10)
"""So long an officer who said the own password may change how others come in."""
PROVED_AT = "proved_at"
"""Where a session keeps when that was."""

PASSWORD_LEAST = 12
"""Staff always show a second factor, so a password may be shorter than the 15 of spec/security.md 12."""

HOMES = {"seller": "/jualan", "pendamping": "/dampingan"}
OFFICE_HOME = "/dinsos"

_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("SamsungBrowser", "Samsung Internet"),
    ("UCBrowser", "UC Browser"),
    ("OPR/", "Opera"),
    ("Opera", "Opera"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)


def home_of(role: str) -> str:
    """Return the first page of a role.

    >>> home_of("seller"), home_of("head")
    ('/jualan', '/dinsos')
    """
    return HOMES.get(role, OFFICE_HOME)


def device_words(user_agent: str) -> str:
    """Name a browser the way its owner knows it; empty when it does not say.

    >>> device_words("Mozilla/5.0 (Linux; Android 13; SM-A045F) AppleWebKit/537.36 Chrome/119.0 Mobile Safari/537.36")
    'Chrome, Android'
    >>> device_words("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:120.0) Gecko/20100101 Firefox/120.0")
    'Firefox, Windows'
    >>> device_words("curl/8")
    ''
    """
    system = next((word for sign, word in _SYSTEMS if sign in user_agent), "")
    browser = next((word for sign, word in _BROWSERS if sign in user_agent), "")
    return ", ".join(filter(None, (browser, system)))


def matching_step(secret: str, code: str, at_seconds: float, last_step: int) -> int | None:
    """Return the time step whose code this is, or None; a step that was used before never matches again.

    Args:
        secret: base32.
        code: as typed, spaces allowed.
        at_seconds: seconds since 1970.
        last_step: the newest step that was accepted, 0 for none.

    Source: RFC 6238 section 5.2 (one step of slack either way, each code once).

    >>> secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    >>> matching_step(secret, pyotp.TOTP(secret).at(3000), 3000, 0)
    100
    >>> matching_step(secret, pyotp.TOTP(secret).at(3000), 3000, 100) is None
    True
    """
    typed = re.sub(r"\s", "", code)
    if not (typed.isascii() and typed.isdigit() and len(typed) == 6):
        return None
    generator, present = pyotp.TOTP(secret), int(at_seconds // STEP_SECONDS)
    found = None
    for step in (present - 1, present, present + 1):
        right = hmac.compare_digest(generator.at(step * STEP_SECONDS), typed)
        if right and step > last_step:
            found = step
    return found

"""PINs and passwords as argon2id hashes. Slow on purpose: never call these inside transaction().

A PIN has only six digits, so it is keyed first: a stolen database alone does not open it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from app.core.vault import settings

MOST_SIGNS = 1_000
"""Longer texts are cut before hashing; no password may be that long."""


@lru_cache(maxsize=4)
def _hasher(time_cost: int, memory_kib: int) -> PasswordHasher:
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1, type=Type.ID)


def hasher() -> PasswordHasher:
    """Return the hasher with the parameters of the settings."""
    return _hasher(settings().argon2_time_cost, settings().argon2_memory_kib)


def hash_password(text: str) -> str:
    """Return what is stored of a password."""
    return hasher().hash(_bytes(text))


def hash_pin(pin: str) -> str:
    """Return what is stored of a PIN."""
    return hasher().hash(_keyed(pin))


def is_password(stored: str | None, text: str) -> bool:
    """Compare; without a stored hash the same work is done for nothing, so that the answer takes as long."""
    return _matches(stored, _bytes(text))


def is_pin(stored: str | None, pin: str) -> bool:
    """Compare; without a stored hash the same work is done for nothing."""
    return _matches(stored, _keyed(pin))


def is_outdated(stored: str) -> bool:
    """Tell whether the settings ask for more work now than when this was stored."""
    return hasher().check_needs_rehash(stored)


def _matches(stored: str | None, given: bytes) -> bool:
    known = stored or _stand_in(settings().argon2_time_cost, settings().argon2_memory_kib)
    try:
        hasher().verify(known, given)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


@lru_cache(maxsize=4)
def _stand_in(time_cost: int, memory_kib: int) -> str:
    """Return a hash that nobody's secret matches, as costly as a real one."""
    return _hasher(time_cost, memory_kib).hash(b"nobody")


def _bytes(text: str) -> bytes:
    return text[:MOST_SIGNS].encode("utf-8", "surrogatepass")


def _keyed(pin: str) -> bytes:
    return base64.b64encode(hmac.digest(settings().derive("pin"), _bytes(pin), hashlib.sha256))

"""Codes that people read aloud, print and type, and signatures that machines carry.

The alphabet has no sign that looks like another (0 O, 1 I L, U V) and no vowel,
so that no code can spell a word. Its even length lets the check sign find every
single wrong sign.

Source: spec/security.md 12 (login card and guest codes carry at least 60 bits).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
import secrets
from collections.abc import Sequence
from typing import Final, Protocol

from app.kit import digits

ALPHABET: Final = "23456789BCDFGHJKMNPQRSTVWXYZ"
CARD_LENGTH: Final = 13
ORDER_LENGTH: Final = 7
_GROUP: Final = 4
_VALUES: Final = {sign: value for value, sign in enumerate(ALPHABET)}
# What an eye makes of a printed V or Q, which are the only such shapes here.
_MISREAD: Final = str.maketrans({"U": "V", "O": "Q", "0": "Q"})


class Chooser(Protocol):
    """The part of `secrets` and `random.Random` that codes need."""

    def choice(self, seq: Sequence[str], /) -> str:
        """Return one element."""
        ...


def bits(length: int) -> float:
    """Entropy of a random code.

    >>> bits(CARD_LENGTH) > 60
    True
    """
    return length * math.log2(len(ALPHABET))


def new_code(length: int, rng: Chooser = secrets) -> str:
    """Random code of `length` signs; pass a seeded `random.Random` for demo data."""
    return "".join(rng.choice(ALPHABET) for _ in range(length))


def new_card_code(rng: Chooser = secrets) -> str:
    """Code of a printed login card: 13 signs, 62 bits."""
    return new_code(CARD_LENGTH, rng)


def new_order_code(rng: Chooser = secrets) -> str:
    """Short order code: six random signs and a check sign; no secret by itself."""
    body = new_code(ORDER_LENGTH - 1, rng)
    return body + check_sign(body)


def check_sign(body: str) -> str:
    """Luhn sign modulo the alphabet: finds any one wrong sign and nearly all swaps.

    Source: ISO/IEC 7812-1 annex B, generalised to any even base.
    """
    base, total = len(ALPHABET), 0
    for place, sign in enumerate(reversed(body)):
        value = _VALUES[sign] * (2 if place % 2 == 0 else 1)
        total += value // base + value % base
    return ALPHABET[-total % base]


def has_right_check(code: str) -> bool:
    """Tell whether a normalised code ends with its own check sign.

    >>> has_right_check("222222" + check_sign("222222")), has_right_check("2222223")
    (True, False)
    """
    known = len(code) > 1 and all(sign in _VALUES for sign in code)
    return known and check_sign(code[:-1]) == code[-1]


def normalise(text: str) -> str:
    """Undo what typing does to a code: case, spaces, dashes, look-alikes.

    Signs that no code holds stay, so that a wrong code stays wrong.

    >>> normalise(" k7qf-9x2m u0 ")
    'K7QF9X2MVQ'
    """
    return "".join(filter(str.isalnum, digits.plain(text).upper())).translate(_MISREAD)


def grouped(code: str) -> str:
    """Code in groups of four for print.

    >>> grouped("K7QF9X2MB")
    'K7QF-9X2M-B'
    """
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def signature(key: bytes, message: str, bits: int = 80) -> str:
    """HMAC-SHA256 of a message as small base32 letters, cut to `bits` (a multiple of 5).

    Source: RFC 2104 and RFC 4648; truncation per RFC 2104 section 5.
    """
    if not key or bits % 5 or not 0 < bits <= 255:
        raise ValueError("a signature needs a key and 5 to 255 bits in steps of 5")
    digest = hmac.digest(key, message.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return base64.b32encode(digest).decode("ascii")[: bits // 5].lower()


def is_signed(key: bytes, message: str, given: str, bits: int = 80) -> bool:
    """Compare a signature in constant time; letters may come in any case.

    >>> is_signed(b"k", "K7QF9X2", signature(b"k", "K7QF9X2")), is_signed(b"k", "K7QF9X2", "")
    (True, False)
    """
    wanted = signature(key, message, bits)
    return hmac.compare_digest(wanted.encode(), given.lower().encode("utf-8", "replace"))

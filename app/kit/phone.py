"""Indonesian mobile numbers: stored as E.164, shown the way people read them aloud.

Source: spec/domain.md 4.1, 5.3 and 5.4.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

import phonenumbers

from app.kit import digits
from app.kit.unclear import Unclear

_MOBILE: Final = re.compile(r"\+628\d{7,11}")
_LONGEST_TYPED: Final = 60
_DECORATION: Final = re.compile(r"[\s().\-/\u00ad\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2060-\u2069\u2212\ufeff]")
# What people put before it: "WA: 0812", "No. HP 0812", or the whole link to a chat.
_LEAD: Final = re.compile(
    r"\s*(?:(?:https?://)?wa\.me/|(?:(?:nomor|no|whatsapp|wa|hp|telepon|telp|tel)[\s.:]*)+)(?=[\d+(])", re.IGNORECASE
)


class UnreadablePhone(Unclear):
    """Typed text that is no Indonesian mobile number.

    Codes: `empty`, `not_a_number`, `too_short`, `too_long`, `not_mobile`
    (a landline), `foreign`.
    """


def normalise(text: str) -> str:
    """Read a mobile number in any way people type it and return E.164.

    Raises:
        UnreadablePhone: with a code that says why.

    >>> {normalise(t) for t in ("0812-3456 7890", "+62 812 3456 7890", "(0812)34567890", "81234567890")}
    {'+6281234567890'}
    """
    if len(text) > _LONGEST_TYPED:
        raise UnreadablePhone("too_long")
    typed = _DECORATION.sub("", _bare(digits.plain(text)))
    if not typed:
        raise UnreadablePhone("empty")
    if not re.fullmatch(r"\+?\d+", typed):
        raise UnreadablePhone("not_a_number")
    national = _national(typed)
    if not national.startswith("8"):
        raise UnreadablePhone("not_mobile")
    number = f"+62{national}"
    if not _MOBILE.fullmatch(number):
        raise UnreadablePhone("too_short" if len(national) < 8 else "too_long")
    return number


def _bare(typed: str) -> str:
    lead = _LEAD.match(typed)
    return typed[lead.end() :] if lead else typed


def _national(typed: str) -> str:
    """Strip country code and trunk zero, also when both were typed: +62 (0)812."""
    if typed.startswith("00"):
        typed = f"+{typed.lstrip('0')}"
    if typed.startswith("+") and not typed.startswith("+62"):
        raise UnreadablePhone("foreign")
    return typed.removeprefix("+").removeprefix("62").removeprefix("0")


def is_assigned(e164: str) -> bool:
    """Tell whether the numbering plan knows this number.

    A hint for a second look, never a refusal: operators open new ranges before
    the table of phonenumbers follows.

    >>> is_assigned("+6281234567890"), is_assigned("+628012345678")
    (True, False)
    """
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException:
        return False


def _groups(e164: str) -> tuple[str, str, str]:
    local = f"0{e164.removeprefix('+62')}"
    return local[:4], local[4:8], local[8:]


def show(e164: str) -> str:
    """Group a number for reading.

    >>> show("+6281234567890")
    '0812-3456-7890'
    """
    return "-".join(_groups(e164))


def mask(e164: str) -> str:
    """Hide the middle, so that its owner knows it and others cannot call it.

    >>> mask("+6281234567890")
    '0812-****-7890'
    """
    first, _, last = _groups(e164)
    return f"{first}-****-{last}"


def whatsapp_url(e164: str, text: str = "") -> str:
    """Address that opens a WhatsApp chat with the text already typed.

    Lone surrogates cannot stand in an address and become "?".

    >>> whatsapp_url("+6281234567890", "Pesanan K7QF & siap?")
    'https://wa.me/6281234567890?text=Pesanan%20K7QF%20%26%20siap%3F'
    """
    base = f"https://wa.me/{e164.removeprefix('+')}"
    return f"{base}?text={quote(text, safe='', errors='replace')}" if text else base

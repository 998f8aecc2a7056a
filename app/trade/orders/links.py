"""The buyer's key to an order: a signed link, and the short code shown when the goods change hands."""

from __future__ import annotations

import hashlib
import hmac

from app.core.vault import settings
from app.kit import codes

LINK_BITS = 80
HANDOVER_DIGITS = 4
LONGEST_MOMENT = 12


def link_signature(code: str) -> str:
    """Return the signature that stands in the link of an order; 80 bits beyond the code."""
    return codes.signature(settings().derive("order-link"), code, LINK_BITS)


def is_signed(code: str, given: str) -> bool:
    """Tell whether a link was made by us, in constant time."""
    return codes.is_signed(settings().derive("order-link"), code, given, LINK_BITS)


def data_token(code: str, until: int) -> str:
    """Return the key to what is kept of an order's buyer, for whoever knew its code and her number.

    It opens nothing else: the seller knows both, and may not act as the buyer with them. `until` is a moment in
    seconds.
    """
    return f"{until}-{codes.signature(settings().derive('order-data'), f'{code}-{until}', LINK_BITS)}"


def is_data_token(code: str, given: str, moment: int) -> bool:
    """Tell whether such a key was made by us for this order and still lives."""
    until, _dash, signature = given.partition("-")
    whole = until if until.isascii() and until.isdigit() and len(until) <= LONGEST_MOMENT else "0"
    signed = codes.is_signed(settings().derive("order-data"), f"{code}-{whole}", signature, LINK_BITS)
    return signed and int(whole) >= moment


def handover_code(code: str) -> str:
    """Return the four digits that only the buyer sees; the seller types them when the goods change hands."""
    digest = hmac.digest(settings().derive("order-handover"), code.encode(), hashlib.sha256)
    return str(int.from_bytes(digest[:8], "big") % 10**HANDOVER_DIGITS).zfill(HANDOVER_DIGITS)


def is_handover_code(code: str, given: str) -> bool:
    """Tell whether the digits are the buyer's."""
    typed = "".join(filter(str.isdigit, given)).encode("utf-8", "replace")
    return hmac.compare_digest(handover_code(code).encode(), typed)

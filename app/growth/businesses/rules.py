"""What follows for businesses: the first name of a shop, which its owner may change."""

from __future__ import annotations

from app.kit import text

NAME_MOST = 80


def shop_name(owner: str) -> str:
    """Return what a shop is called until its owner says otherwise.

    >>> shop_name("SITI AMINAH BINTI KARTA")
    'Lapak Siti Aminah'
    """
    first = " ".join(owner.split()[:2])
    return text.shorten(f"Lapak {first.title()}", NAME_MOST)

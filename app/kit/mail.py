"""Addresses of e-mail as people type them, and as they are shown where others may look on.

Source: the pattern of the HTML standard for e-mail fields.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 160
_ADDRESS: Final = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.IGNORECASE
)


def normalise(typed: str) -> str:
    """Read an address; its host is not case-sensitive.

    Raises:
        ValueError: this is none.

    >>> normalise(" Sarmi.Udin@Contoh.CO.ID ")
    'Sarmi.Udin@contoh.co.id'
    """
    address = typed.strip()
    if len(address) > LONGEST or not _ADDRESS.fullmatch(address):
        raise ValueError("no address")
    name, _, host = address.rpartition("@")
    return f"{name}@{host.lower()}"


def mask(address: str) -> str:
    """Show enough of it for its owner to know.

    >>> mask("sarmi@contoh.id"), mask("s@contoh.id")
    ('s****@contoh.id', 's****@contoh.id')
    """
    name, _, host = address.rpartition("@")
    return f"{name[:1]}****@{host}"

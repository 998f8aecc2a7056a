"""Heavy libraries that a page can do without, loaded by name when first needed.

The one place in the house that imports at run time (guides/style.md): WeasyPrint needs Pango
on the system, pillow_heif brings a video decoder, and none of them should cost a web process that
never meets a PDF, an iPhone photo, a payment code, a spreadsheet or a calendar.
"""

from __future__ import annotations

import importlib
from typing import Any, Final

KNOWN: Final = frozenset(
    {"icalendar", "pillow_heif", "pypdfium2", "python_calamine", "weasyprint", "xlsxwriter", "zxingcpp"}
)


class Unavailable(Exception):
    """The library, or something it needs from the system, is not installed here."""


def load(name: str) -> Any:
    """Return the module of this name; loading twice gives the same one.

    Raises:
        Unavailable: it cannot be loaded on this machine.
        ValueError: this name is not one of `KNOWN`.
    """
    if name not in KNOWN:
        raise ValueError(f"not an optional library: {name}")
    try:
        return importlib.import_module(name)
    except (ImportError, OSError) as problem:
        # WeasyPrint raises OSError when a shared library such as Pango is missing.
        raise Unavailable(name) from problem


def is_available(name: str) -> bool:
    """Tell whether `load` would succeed."""
    try:
        load(name)
    except Unavailable:
        return False
    return True

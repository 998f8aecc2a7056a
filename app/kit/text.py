"""What people type, made safe to store, compare and show.

Nothing here raises on any `str`: 70 kB of noise, NUL, lone surrogates and
overrides of reading direction all become ordinary text.

Source: spec/security.md 13.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# What begins a formula in a cell of a spreadsheet.
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
_ZWJ: Final = "\u200d"
_SKIN_TONES: Final = range(0x1F3FB, 0x1F400)
_VARIATIONS: Final = "\ufe0e\ufe0f"
# These draw nothing yet count as letters or symbols, so a name made of them looks empty.
_BLANKS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_MOST_MARKS: Final = 3
# What UTF-8 becomes when it is taken for Windows letters, and the signs that DOS and Mac have where Windows has others.
_GARBLED: Final = re.compile(
    r"\ufffd|[\u00c2\u00c3][\u0080-\u00bf\u0152-\u0192\u02c6-\u02dc\u2013-\u203a\u20ac\u2122]|\u00e2\u20ac"
    r"|(?<=[^\W\d_])[\u201a\u0192\u201e\u2020\u2021\u02c6\u2030\u2039\u00a1-\u00a6\u00a8\u00ac\u00b6\u00b8\u00bf]"
    r"|(?<=[a-z])[\u0152\u017d]"
)
_GAPS: Final = re.compile(r"\n{3,}")


def clean_line(text: str) -> str:
    """One line: clean characters, single spaces, no ends.

    >>> clean_line("  Telur\\x00 \\u202easin\\n  bakar ")
    'Telur asin bakar'
    """
    return " ".join(_clean(text).split())


def clean_block(text: str) -> str:
    """Several lines: as `clean_line` for each, at most one empty line between.

    >>> clean_block("Satu  \\r\\n\\r\\n\\r\\n\\r\\n dua\\t tiga\\r")
    'Satu\\n\\ndua tiga'
    """
    lines = (" ".join(line.split()) for line in _clean(text).split("\n"))
    return _GAPS.sub("\n\n", "\n".join(lines)).strip("\n")


def has_letters(text: str) -> bool:
    """Tell whether any letter of any script is in the text.

    >>> has_letters("Keripik 2"), has_letters("12 !! 🌶")
    (True, False)
    """
    return any(sign.isalpha() and sign not in _BLANKS for sign in text)


def is_garbled(text: str) -> bool:
    """Tell whether letters were read otherwise than they were written: UTF-8, DOS or Mac taken for Windows.

    >>> [
    ...     is_garbled(said)
    ...     for said in ("Kué apé", "Ma’ruf – 1½ kg", "KuÃ© apÃ©", "Ku‚ ap‚", "KuŽ", "Kacang â€œmedeâ€", "a\ufffdb")
    ... ]
    [False, False, True, True, True, True, True]
    """
    return _GARBLED.search(text) is not None


def shorten(text: str, most: int, ending: str = "…") -> str:
    """Cut to at most `most` characters, between words where that costs little.

    Never cuts inside a joined emoji or between a letter and its accent.

    >>> shorten("Telur asin bakar madu", 12)
    'Telur asin…'
    >>> shorten("Telur", 12)
    'Telur'
    """
    if len(text) <= most:
        return text
    room = max(0, most - len(ending))
    while room > 0 and _belongs_to_former(text, room):
        room -= 1
    head = text[:room]
    space = head.rfind(" ")
    if space >= room // 2 and not text[room : room + 1].isspace():
        head = head[:space]
    return head.rstrip(" ,;:.-–—\n") + ending[: most - len(head)]


def _clean(text: str) -> str:
    unified = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(filter(None, map(_kept, unified)))
    return _thin_marks(unicodedata.normalize("NFC", _sane_joiners(kept)))


def _kept(sign: str) -> str:
    """Map one character to itself, to a space or line end, or to nothing."""
    if sign.isascii():
        if sign.isprintable() or sign == "\n":
            return sign
        return " " if sign in "\t\v\f" else ""
    if sign == _ZWJ:
        return sign
    if sign in "\u2028\u2029\x85":
        return "\n"
    category = unicodedata.category(sign)
    if category == "Zs" or sign in _BLANKS:
        return " "
    if category in ("Cc", "Cf", "Cs", "Co") or _is_noncharacter(sign):
        return ""
    return sign


def _is_noncharacter(sign: str) -> bool:
    # Unassigned code points stay: tomorrow's emoji are unassigned today.
    code = ord(sign)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _sane_joiners(text: str) -> str:
    """Keep a joiner only between two pictures, where it makes one emoji of them."""
    if _ZWJ not in text:
        return text
    signs = list(text)
    kept: list[str] = []
    for place, sign in enumerate(signs):
        following = signs[place + 1] if place + 1 < len(signs) else ""
        if sign != _ZWJ or (_ends_picture(kept) and _is_picture(following)):
            kept.append(sign)
    return "".join(kept)


def _ends_picture(kept: list[str]) -> bool:
    for sign in reversed(kept[-3:]):
        if sign in _VARIATIONS or ord(sign) in _SKIN_TONES:
            continue
        return _is_picture(sign)
    return False


def _is_picture(sign: str) -> bool:
    return bool(sign) and unicodedata.category(sign) == "So"


def _thin_marks(text: str) -> str:
    """Keep at most three marks on a letter; piles of them spill over other lines."""
    if text.isascii():
        return text
    kept: list[str] = []
    pile = 0
    for sign in text:
        pile = pile + 1 if unicodedata.category(sign) in ("Mn", "Me") else 0
        if pile <= _MOST_MARKS:
            kept.append(sign)
    return "".join(kept)


def _belongs_to_former(text: str, place: int) -> bool:
    """Tell whether the character at `place` must not be parted from the one before."""
    sign = text[place]
    return (
        sign == _ZWJ
        or sign in _VARIATIONS
        or ord(sign) in _SKIN_TONES
        or unicodedata.category(sign) in ("Mn", "Me", "Mc")
        or text[place - 1] == _ZWJ
    )


def bare(text: str) -> str:
    """Take off what a spreadsheet, or somebody who wanted text, put before a cell; a name that begins so keeps it.

    >>> bare("'=1+1"), bare("'0812"), bare("'"), bare("'Aini")
    ('=1+1', '0812', '', "'Aini")
    """
    marked = text.startswith("'") and text[1:2] in {"", *FORMULA_SIGNS, *"0123456789"}
    return text[1:] if marked else text

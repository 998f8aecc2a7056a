"""What strangers type: values that have broken other programs, and the fields that every page of ours offers."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

MARK = "<lapak-x>"
NUL = "telur\x00asin"
LONG = "a" * 70_000
VALUES = {
    "nul": NUL,
    "percent": "%00%0d%0aSet-Cookie: a=b",
    "surrogate": b"\xed\xa0\x80telur\xed\xb0\x80",
    "broken": b"\xff\xfe\xc3(",
    "number": "9" * 20,
    "long": LONG,
    "rtl": "\u202etelur\u202c\u200b\u200d\ufeff asin",
    "emoji": "🌶" * 40 + "👩‍👩‍👧‍👦",
    "formula": '=HYPERLINK("http://contoh.test";"x")+cmd|\' /C calc\'!A0',
    "markup": f"\"'>{MARK}<script>alert(1)</script><img src=x onerror=alert(1)>${{7*7}}",
    "sql": "' OR 1=1; DROP TABLE account;-- %s %(x)r \\",
    "type": "[]{}null-1e999NaN",
    "minus": "-1",
    "space": "\t\r\n \u3164",
}
# What goes one field at a time, beside fields that hold.
SHARP = ("nul", "surrogate", "number", "long", "markup", "type", "space")
PATHS = ("%00", "..%2f..%2fetc%2fpasswd", "%ed%a0%80", "9" * 20, "0", "-1", "%3Clapak-x%3E", "a" * 3000, "%F0%9F%8C%B6")
HEADERS = {
    "Origin": ("null", "http://[", "https://", "\x7f", "file:///etc"),
    "Referer": ("http://[", "javascript:alert(1)", "a" * 9000),
    "User-Agent": ("", "a" * 9000, MARK, "\xff\xfe"),
    "Accept-Language": ("zz;q=x", "id;q=" + "9" * 400, "*" * 3000),
    "Accept-Encoding": ("gzip;q=0", "identity;q=x", "\xff"),
    "X-Forwarded-For": ("1.2.3.4, ", MARK, "a" * 5000),
    "X-Forwarded-Host": ("jahat.test", MARK),
    "X-CSRFToken": ("x", "a" * 9000),
    "Range": ("bytes=9-1", "bytes=0-" + "9" * 30),
    "If-None-Match": ('"', "*"),
    "If-Modified-Since": ("Sun, 99 Foo 9999",),
    "Save-Data": ("on", "x"),
}
ASKED = re.compile(
    r"""(?:args|values|form)\.get(?:list)?\(\s*"([\w-]+)"|(?:posted|_asked|_number|read_place)\(\s*"([\w-]+)\""""
)
LINKED = re.compile(r"[?&;]([a-z][\w-]*)=")


def picture(name: str = "telur.jpg", content: bytes = b"GIF89a not a picture") -> tuple[io.BytesIO, str]:
    """Return a file as a form sends it."""
    return io.BytesIO(content), name


FILE_NAMES = (
    "../../etc/passwd",
    "a" * 300 + ".jpg",
    "x\r\ny.jpg",
    "",
    ".htaccess",
    "telur.php%00.jpg",
    "<lapak-x>.png",
)


class Forms(HTMLParser):
    """The forms of a page: where they go, how, and what stands in their fields."""

    def __init__(self, html: str) -> None:
        """Read a page."""
        super().__init__()
        self.found: list[tuple[str, str, dict[str, str]]] = []
        self.files: set[str] = set()
        self._select = ""
        self.feed(html)

    def updatepos(self, i: int, j: int) -> int:
        """Count no lines."""
        return j

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notice a form or a field."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given.get("action", ""), given.get("method", "get").upper(), {}))
        if not self.found:
            return
        fields, name = self.found[-1][2], given.get("name", "")
        if tag == "select":
            self._select = name
        if tag == "option" and self._select and (given.get("value") or "selected" in given):
            fields.setdefault(self._select, given.get("value", ""))
        if tag not in {"input", "textarea", "select", "button"} or not name or name == "csrf_token":
            return
        if given.get("type") == "file":
            self.files.add(name)
        elif tag != "select" and (given.get("type") != "radio" or name not in fields):
            fields[name] = given.get("value", "") or _like(given)

    def handle_endtag(self, tag: str) -> None:
        """Leave a list of choices."""
        if tag == "select":
            self._select = ""


def _like(given: dict[str, str]) -> str:
    """Return something that such a field takes."""
    if given.get("type") == "tel":
        return "0812 3456 7890"
    if given.get("type") == "date":
        return "2030-01-01"
    if given.get("inputmode") == "numeric":
        return "12"
    return "Telur asin"


def asked_names(file: Path) -> set[str]:
    """Return the names of parameters that a source file asks a request for."""
    return {first or second for first, second in ASKED.findall(file.read_text(encoding="utf-8"))}


def linked_names(html: str) -> set[str]:
    """Return the names of parameters in the links of a page."""
    return set(LINKED.findall(html.replace("&amp;", "&")))


def doubled(fields: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each field twice, the second time with nonsense."""
    for name, value in fields.items():
        yield name, value
        yield name, "9" * 20

"""The laws of templates, read off the source: translatable words, no inline style or script."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

JINJA = re.compile(r"(</?)?(?:\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\})", re.S)
SPOKEN = {"alt", "aria-label", "placeholder", "title", "label", "aria-description", "data-text", "summary"}
# Names and signs that are the same in every language.
SAME_EVERYWHERE = {
    "Rp",
    "WhatsApp",
    "QR",
    "PDF",
    "QRIS",
    "PIN",
    "WIB",
    "Lapak Mandiri",
    "kg",
    "g",
    "x",
    "px",
    "id",
    "en",
}
SAME_EVERYWHERE |= {"Bahasa Indonesia", "English"}  # a language is named in itself
GALLERY = "app/templates/site/front/gallery.html"  # samples for developers, shown in development only
GLUED = re.compile(r"[\w/-]*[/-]\ue000|\ue000[/-][\w/-]*")  # a piece of an id or an address that a macro puts together
LETTERS = re.compile(r"[^\W\d_]{2}")


class _Template(HTMLParser):
    """A template without its Jinja: whatever words are left stand there untranslated."""

    def __init__(self, text: str) -> None:
        """Read it."""
        super().__init__(convert_charrefs=True)
        self.bare: list[tuple[int, str]] = []
        self.inline: list[tuple[int, str]] = []
        self._quiet = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at the attributes."""
        line = self.getpos()[0]
        if tag in {"script", "style", "code", "pre"}:
            self._quiet += 1
        if tag == "style" or (
            tag == "script" and "src" not in dict(attrs) and "json" not in str(dict(attrs).get("type"))
        ):
            self.inline.append((line, f"<{tag}>"))
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.inline.append((line, f"{name}="))
            if (name in SPOKEN or (name == "value" and tag == "button")) and _words(value or ""):
                self.bare.append((line, f"{name}={value}"))

    def handle_endtag(self, tag: str) -> None:
        """Leave code."""
        if tag in {"script", "style", "code", "pre"} and self._quiet:
            self._quiet -= 1

    def handle_data(self, data: str) -> None:
        """Look at the words between tags."""
        if not self._quiet and _words(data):
            self.bare.append((self.getpos()[0], " ".join(data.split())[:60]))


def _words(text: str) -> bool:
    text = GLUED.sub("", text)
    return bool(LETTERS.search(text)) and text.strip(" \n\t·:,.()–-+/…") not in SAME_EVERYWHERE


def _keep_lines(match: re.Match[str]) -> str:
    """Blank out Jinja; its line breaks stay, so that findings name the right line, and `<{{ tag }}` stays a tag."""
    return (match[1] + "x" if match[1] else "\ue000") + "\n" * match[0].count("\n")


@cache
def _template(text: str) -> _Template:
    """Read a template once, however many laws and copies ask."""
    return _Template(JINJA.sub(_keep_lines, text))


def _read(root: Path) -> list[tuple[str, _Template]]:
    return [
        (path.relative_to(root).as_posix(), _template(path.read_text(encoding="utf-8")))
        for path in sorted((root / "app" / "templates").rglob("*.html"))
    ]


def untranslated(root: Path) -> list[str]:
    """Every word of a screen goes through _()."""
    return [
        f"{path}:{line} {text}" for path, template in _read(root) for line, text in template.bare if path != GALLERY
    ]


def inline(root: Path) -> list[str]:
    """No inline style, no inline script: the content policy forbids both."""
    return [f"{path}:{line} {text}" for path, template in _read(root) for line, text in template.inline]

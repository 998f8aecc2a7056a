"""Languages: Indonesian is the source, English a catalogue; dates and numbers in the people's own form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, LazyString, force_locale, format_decimal, get_locale, gettext, ngettext, pgettext

from app.core import cookies
from app.kit import digits, periods

LANGUAGES = ("id", "en")
COOKIE = "bahasa"
TELLER = "lapak_zone"

babel = Babel()


def _l(text: str, **facts: Any) -> LazyString:
    """Translate when it is shown, for words written at import time."""
    return LazyString(_, text, **facts)


def _(text: str, **facts: Any) -> str:
    """Translate one sentence. Indonesian needs no look-up."""
    if language() == "id":
        return text % facts if facts else text
    return str(gettext(text, **facts))


def _n(one: str, many: str, num: int, **facts: Any) -> str:
    """Translate a sentence with a number; Indonesian has one form."""
    if language() == "id":
        return many % {"num": num, **facts}
    return str(ngettext(one, many, num, **facts))


def _p(meaning: str, text: str) -> str:
    """Translate a word that means several things in Indonesian; `meaning` tells the translator which."""
    return text if language() == "id" else str(pgettext(meaning, text))


def _lp(meaning: str, text: str) -> LazyString:
    """Translate such a word when it is shown."""
    return LazyString(_p, meaning, text)


def language() -> str:
    """Return the language of this request: `id` unless the reader chose `en`."""
    try:
        chosen: str | None = g.get("language")
    except RuntimeError:  # outside of any app
        return "id"
    if chosen is None:
        if not has_request_context():
            return "id"
        # Looked for first: nearly all lack it, and `get` would raise and catch an error for each.
        wanted = (COOKIE in request.args and request.args[COOKIE]) or cookies.kept(COOKIE) or "id"
        chosen = wanted if wanted in LANGUAGES else "id"
        g.language = chosen
    return chosen


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak one language within, words and dates alike: what is written for somebody else or for later."""
    before = g.get("language")
    g.language = code
    try:
        with force_locale(code):
            yield
    finally:
        g.language = before


def as_spoken(address: str) -> str:
    """Return the address of this page in the language that was asked for in it; a cookie's choice has no address."""
    sign = "&" if "?" in address else "?"
    return f"{address}{sign}{COOKIE}=en" if language() == "en" and COOKIE in request.args else address


def angka(value: int | float) -> str:
    """Show a number the Indonesian way, `1.284` or `74,6`."""
    if isinstance(value, int) and language() == "id":
        return digits.grouped(value)
    return str(format_decimal(value))


def zone() -> str:
    """Return the zone that times are shown in: that of the kabupaten, once the room that knows it has told."""
    teller: Callable[[], str] | None = current_app.extensions.get(TELLER) if has_request_context() else None
    return teller() if teller else periods.WIB.name


def _zone_for(value: date | datetime) -> str:
    """Return the zone that a moment is shown in; a day is the same in all of them, and asks nothing."""
    return zone() if isinstance(value, datetime) else periods.WIB.name


def tanggal(value: date | datetime) -> str:
    """Show a day: `Sabtu 5 Desember 2026`."""
    return periods.tanggal(value, _zone_for(value), language())


def tanggal_pendek(value: date | datetime) -> str:
    """Show a day in short: `5 Des`."""
    return periods.tanggal_pendek(value, _zone_for(value), language())


def bulan(value: date | datetime) -> str:
    """Show a month: `Desember 2026`."""
    return periods.bulan(value, _zone_for(value), language())


def bulan_pendek(value: date | datetime) -> str:
    """Show a month in short, at the foot of a chart: `Okt`."""
    return periods.bulan_pendek(value, _zone_for(value), language())


def jam(value: datetime) -> str:
    """Show a time of day: `14.05`."""
    return periods.jam(value, zone())


def waktu(value: datetime) -> str:
    """Show a moment with its zone: `Sabtu 5 Desember 2026, 14.05 WIB`."""
    return periods.waktu(value, zone(), language())


def init(app: Flask) -> None:
    """Attach languages and the filters that templates use."""
    app.config["BABEL_DEFAULT_LOCALE"] = "id"
    app.config["BABEL_DEFAULT_TIMEZONE"] = periods.WIB.name
    babel.init_app(app, locale_selector=language)
    environment = app.jinja_env
    environment.globals.update(_=_, _n=_n, _p=_p, get_locale=get_locale, language=language)
    environment.filters.update(angka=angka, tanggal=tanggal, tanggal_pendek=tanggal_pendek, bulan=bulan)
    environment.filters.update(jam=jam, waktu=waktu)

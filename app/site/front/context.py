"""What every page may say of the site itself: names, contact, theme, light or full."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from flask import Flask, g, request

from app.core import cookies, i18n
from app.core.addresses import kept_question
from app.core.vault import settings
from app.kit import phone
from app.people.places.queries import RegionSettings, settings_of
from app.people.places.rules import DEFAULTS

THEMES = ("terang", "gelap")
COOKIE = "tema"


class Site:
    """The site as a page sees it; asked of the database only when a page really shows it."""

    @cached_property
    def _region(self) -> RegionSettings:
        if g.get("without_database"):
            return RegionSettings(settings().regency_code, "", "Asia/Jakarta", {})
        return settings_of(settings().regency_code)

    @property
    def name(self) -> str:
        """Return the neutral name of the market."""
        return settings().site_name

    @property
    def region_name(self) -> str:
        """Return the kabupaten: `Kabupaten Serang`."""
        return self._region.region_name

    @property
    def zone(self) -> str:
        """Return the zone of the kabupaten: `Asia/Jakarta`."""
        return self._region.zone

    @property
    def office_name(self) -> str:
        """Return the office that fosters the makers."""
        return self.setting("office.name")

    @property
    def phone(self) -> str:
        """Return the office's phone number, E.164."""
        return self.setting("office.phone")

    @property
    def phone_shown(self) -> str:
        """Return the same number as people dial it here: `0254 200000`."""
        number = self.phone
        if number.startswith("+628"):
            return phone.show(number)
        return f"0{number[3:6]} {number[6:]}" if number.startswith("+62") else number

    @property
    def email(self) -> str:
        """Return the office's e-mail address."""
        return self.setting("office.email")

    @property
    def demo(self) -> bool:
        """Tell whether this is a demonstration with made-up data."""
        return self._region.demo and not settings().production

    def setting(self, key: str) -> str:
        """Return one setting of the kabupaten as text."""
        return str(self._region.get(key) if key in DEFAULTS else "")


def site() -> Site:
    """Return the site as this request sees it."""
    if "site" not in g:
        g.site = Site()
    found: Site = g.site
    return found


def init(app: Flask) -> None:
    """Give templates the site, the theme and the phone's wish to save data."""
    app.jinja_env.globals["kept_question"] = kept_question
    app.extensions[i18n.TELLER] = lambda: site().zone

    @app.context_processor
    def facts() -> dict[str, Any]:
        theme = cookies.kept(COOKIE)
        return {
            "site": site(),
            "theme": theme if theme in THEMES else "",
            "save_data": request.headers.get("Save-Data", "").lower() == "on",
        }

"""Questions about places and their settings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from flask import g, has_request_context
from sqlalchemy import ColumnElement, Table, bindparam, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.core import stamps
from app.core.db import db
from app.core.errors import NotFound
from app.core.marks import Mark
from app.people.places import rules
from app.people.places.models import Region, RegionAlias, RegionSetting

ASKED = "region_settings"


def get_region(code: str) -> Region:
    """Return an area.

    Raises:
        NotFound: no area has this code.
    """
    found = db.session.get(Region, code)
    if found is None:
        raise NotFound(code)
    return found


def find_region(code: str) -> Region | None:
    """Return an area, or None."""
    return db.session.get(Region, code)


def is_numbered(kecamatan: str) -> bool:
    """Tell whether areas are numbered so today: of a kabupaten whose kecamatan we hold, the kecamatan itself."""
    regency = kecamatan.rpartition(".")[0]
    return find_region(kecamatan) is not None or (find_region(regency) is not None and not list_children(regency))


def list_children(code: str) -> list[Region]:
    """Return the areas directly inside, by name."""
    return list(db.session.scalars(select(Region).where(Region.parent_code == code).order_by(Region.name)))


def list_desa(regency_code: str) -> list[Region]:
    """Return every desa of a kabupaten, by kecamatan and name."""
    query = select(Region).where(Region.level == "desa", inside(Region.code, [regency_code]))
    return list(db.session.scalars(query.order_by(Region.parent_code, Region.name)))


def inside(column: InstrumentedAttribute[str], areas: Iterable[str]) -> ColumnElement[bool]:
    """Keep a question to rows that lie in one of the areas, as `rules.within` says; to none when there are no areas."""
    return or_(false(), *(part for area in areas for part in (column == area, column.startswith(area + "."))))


def names_of(codes: set[str]) -> dict[str, str]:
    """Return the names of several areas in one question."""
    rows = db.session.execute(select(Region.code, Region.name).where(Region.code.in_(codes)))
    return {row.code: row.name for row in rows}


def list_aliases() -> dict[str, str]:
    """Return other spellings, lower case, and the code each means."""
    rows = db.session.execute(select(RegionAlias.alias, RegionAlias.region_code))
    return {alias.lower(): code for alias, code in rows}


@dataclass(frozen=True)
class RegionSettings:
    """The settings of one kabupaten, defaults filled in; `demo` marks an installation with made-up data."""

    region_code: str
    region_name: str
    zone: str
    stored: dict[str, Any]
    demo: bool = False

    def get(self, key: str) -> Any:
        """Return one setting."""
        return rules.value(self.stored, key)


def versions_of_settings(region_code: str) -> dict[str, int]:
    """Return how often each stored setting of a kabupaten was changed."""
    rows = db.session.execute(
        select(RegionSetting.key, RegionSetting.version).where(RegionSetting.region_code == region_code)
    )
    return {row.key: row.version for row in rows}


def stored_settings(region_code: str) -> dict[str, Any]:
    """Return what a kabupaten has set, straight from the rows."""
    rows = db.session.execute(
        select(RegionSetting.key, RegionSetting.value).where(RegionSetting.region_code == region_code)
    )
    return {row.key: row.value for row in rows}


_region, _setting = cast("Table", Region.__table__).c, cast("Table", RegionSetting.__table__).c
_mark = cast("Table", Mark.__table__).c
# Every page asks this, so it is put together once and goes past the mapper.
_SETTINGS = (
    select(_region.full_name, _region.zone, _setting.key, _setting.value, _mark.name.label("demo"))
    .join_from(Region.__table__, RegionSetting.__table__, _setting.region_code == _region.code, isouter=True)
    .join(Mark.__table__, _mark.name == "demo", isouter=True)
    .where(_region.code == bindparam("code"))
)


def settings_of(region_code: str) -> RegionSettings:
    """Return the settings of a kabupaten, asked for once a request, and with caches only after one of them changed."""
    asked: dict[str, RegionSettings] = g.setdefault(ASKED, {}) if has_request_context() else {}
    found = asked.get(region_code)
    if found is None:
        found = asked[region_code] = stamps.keep("settings", region_code, partial(_settings, region_code))
    return found


def _settings(region_code: str) -> RegionSettings:
    rows = db.session.connection().execute(_SETTINGS, {"code": region_code}).all()
    stored = {row.key: row.value for row in rows if row.key is not None}
    name, zone, demo = (rows[0].full_name, rows[0].zone, bool(rows[0].demo)) if rows else ("", "Asia/Jakarta", False)
    return RegionSettings(region_code, name, zone, stored, demo)


def forget_settings() -> None:
    """Drop what this request was told, after a change."""
    if has_request_context():
        g.pop(ASKED, None)

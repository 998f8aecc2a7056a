"""Loading the register of areas, and changing a kabupaten's settings."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from app.core.db import db
from app.people.places import queries, rules
from app.people.places.models import Region, RegionAlias, RegionSetting

DATA = Path(__file__).resolve().parents[2] / "data"
CENTRAL = {"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"}
EAST = {"81", "82", "91", "92", "93", "94", "95", "96"}


def load() -> int:
    """Store the register when it is not there yet; returns how many areas were added.

    Source: app/data/README.md (cahyadsn/wilayah, MIT).
    """
    if db.session.scalar(select(func.count()).select_from(Region)):
        return 0
    rows = [*_provinces(), *_regencies(), *_kecamatan(), *_desa()]
    for level in ("province", "regency", "kecamatan", "desa"):
        db.session.execute(insert(Region), [row for row in rows if row["level"] == level])
    aliases = [{"alias": row["alias"], "region_code": row["kode"]} for row in _read("acuan/alias_wilayah.csv")]
    db.session.execute(insert(RegionAlias), aliases)
    return len(rows)


def set_setting(region_code: str, key: str, value: Any) -> None:
    """Change one setting of a kabupaten."""
    if key not in rules.DEFAULTS:
        raise KeyError(key)
    row = db.session.get(RegionSetting, (region_code, key))
    if row is None:
        db.session.add(RegionSetting(region_code=region_code, key=key, value=value))
    else:
        row.value, row.version = value, row.version + 1
    db.session.flush()
    queries.forget_settings()


def _read(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _row(code: str, level: str, kind: str, name: str, full: str, **more: Any) -> dict[str, Any]:
    zone = "Asia/Makassar" if code[:2] in CENTRAL else "Asia/Jayapura" if code[:2] in EAST else "Asia/Jakarta"
    row = {"code": code, "parent_code": rules.parent_of(code), "level": level, "kind": kind, "name": name}
    return row | {"full_name": full, "zone": zone, "postcode": None, "latitude": None, "longitude": None} | more


def _point(row: dict[str, str]) -> dict[str, float | None]:
    return {
        "latitude": float(row["lat"]) if row["lat"] else None,
        "longitude": float(row["lon"]) if row["lon"] else None,
    }


def _provinces() -> Iterator[dict[str, Any]]:
    for row in _read("wilayah/provinsi.csv"):
        yield _row(row["kode"], "province", "provinsi", row["nama"], f"Provinsi {row['nama']}")


def _regencies() -> Iterator[dict[str, Any]]:
    for row in _read("wilayah/kabupaten_kota.csv"):
        yield _row(row["kode"], "regency", row["jenis"], row["nama"], row["nama_lengkap"], **_point(row))


def _kecamatan() -> Iterator[dict[str, Any]]:
    for row in _read("wilayah/kecamatan_banten.csv"):
        yield _row(row["kode"], "kecamatan", "kecamatan", row["nama"], f"Kecamatan {row['nama']}", **_point(row))


def _desa() -> Iterator[dict[str, Any]]:
    for row in _read("wilayah/desa_banten.csv"):
        full = f"{'Kelurahan' if row['jenis'] == 'kelurahan' else 'Desa'} {row['nama']}"
        yield _row(row["kode"], "desa", row["jenis"], row["nama"], full, postcode=row["kode_pos"] or None)

"""Requirement sets, categories and reasons of refusal that came with the house. Source: app/data/ekatalog/README.md."""

from __future__ import annotations

import csv
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.trade.ekatalog.rules import Item

DATA = Path(__file__).resolve().parents[2] / "data" / "ekatalog"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the official system said no, and the items of the checklist that it is about (at least one)."""

    code: str
    sentence: str
    items: tuple[str, ...]


@lru_cache(maxsize=1)
def reasons() -> dict[str, Reason]:
    """Return the reasons of refusal by code."""
    rows = _read("alasan.csv")
    return {row["kode"]: Reason(row["kode"], row["kalimat"], tuple(row["butir"].split(";"))) for row in rows}


@lru_cache(maxsize=1)
def requirement_sets() -> list[dict[str, Any]]:
    """Return the rows of every requirement set of the house, oldest first."""
    found: dict[str, dict[str, Any]] = {}
    for row in _read("syarat.csv"):
        facts = {"version": row["versi"], "profile": row["profil"], "valid_from": _day(row["mulai"])}
        found.setdefault(row["versi"], facts | {"items": []})["items"].append(asdict(_item(row)))
    return sorted(found.values(), key=lambda each: (each["valid_from"], each["version"]))


def categories() -> list[dict[str, Any]]:
    """Return the rows of the categories."""
    return [
        {
            "code": row["kode"], "profile": row["profil"], "level1": row["tingkat1"], "level2": row["tingkat2"],
            "level3": row["tingkat3"], "open_from": _day(row["buka_dari"]), "open_until": _day(row["buka_sampai"]),
            "source_url": row["sumber"], "checked_on": _day(row["dicek"]),
        }
        for row in _read("kategori.csv")
    ]  # fmt: skip


def accepted_kbli() -> list[dict[str, str]]:
    """Return which class of business each category takes."""
    return [
        {"category_code": row["kategori"], "kbli_version": row["kbli_versi"], "kbli_code": row["kbli"]}
        for row in _read("kbli.csv")
    ]


def items_of(stored: list[dict[str, Any]]) -> tuple[Item, ...]:
    """Return the items of a stored set."""
    return tuple(Item(**each) for each in stored)


def items_by_key() -> dict[str, Item]:
    """Return every item that a set of the house has, as the newest set says it."""
    return {each.key: each for held in requirement_sets() for each in items_of(held["items"])}


def _item(row: dict[str, str]) -> Item:
    return Item(
        key=row["kunci"],
        kind=row["jenis"],
        mandatory=row["wajib"] == "1",
        months=int(row["masa_bulan"] or 0),
        goods=row["untuk"],
        title=row["judul"],
        title_en=row["judul_en"],
        help=row["bantuan"],
        help_en=row["bantuan_en"],
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

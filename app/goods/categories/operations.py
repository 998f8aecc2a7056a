"""Loading the categories of goods and the types of business."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import func, insert, select

from app.core.db import db
from app.goods.categories.models import BusinessType, Category, MarketWord

DATA = Path(__file__).resolve().parents[2] / "data"


def load() -> int:
    """Store the reference lists when they are not there yet; returns how many categories were added.

    Source: app/data/README.md (categories written for this project; class codes KBLI 2020).
    """
    if db.session.scalar(select(func.count()).select_from(Category)):
        return 0
    rows = list(_read("produk/kategori.csv"))
    for row in sorted(rows, key=lambda row: bool(row["parent_slug"])):
        parent = db.session.scalar(select(Category.id).where(Category.slug == row["parent_slug"]))
        db.session.add(
            Category(
                slug=row["slug"],
                parent_id=parent,
                name=row["nama"],
                name_en=row["nama_en"],
                legality=row["legalitas"],
                note=row["catatan"],
                position=int(row["urutan"]),
            )
        )
        db.session.flush()
    db.session.execute(insert(BusinessType), [_business(row) for row in _read("usaha/jenis_usaha.csv")])
    return len(rows)


def load_words() -> int:
    """Store the words of the market when there are none yet; returns how many were added.

    A single word that stands for itself is no spelling: it only tells the stemmer what not to cut.
    """
    if db.session.scalar(select(func.count()).select_from(MarketWord)):
        return 0
    written = [(row["ejaan"], row["baku"]) for row in _read("search/variants.csv")]
    spellings = [each for each in written if each[0] != each[1] or " " in each[0]]
    bars = [(row["kata"], row["sebab"]) for row in _read("produk/bukan_pirt.csv")]
    rows = [
        {"kind": kind, "word": word, "meaning": meaning}
        for kind, pairs in (("spelling", spellings), ("bar", bars))
        for word, meaning in pairs
    ]
    db.session.execute(insert(MarketWord), rows)
    return len(rows)


def _business(row: dict[str, str]) -> dict[str, str]:
    return {
        "slug": row["slug"],
        "name": row["nama"],
        "name_en": row["nama_en"],
        "kbli_code": row["kbli2020"],
        "kbli_version": "2020",
        "kbli_title": row["judul_kbli2020"],
        "category_slug": row["kategori_produk_slug"],
        "sector": row["sektor"],
    }


def _read(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)

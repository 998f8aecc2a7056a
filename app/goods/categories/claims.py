"""Words that promise a cure: no text that strangers read may hold them, whichever room it is written in."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from wtforms.validators import ValidationError

from app.core.i18n import _
from app.kit import words

OF_HERSELF = frozenset(("sembuh", "pengobatan"))
DATA = Path(__file__).resolve().parents[2] / "data"


@dataclass(frozen=True, slots=True)
class Claims:
    """Words that promise a cure: `words` alone, `ills` after "anti", but never within the `harmless` pairs."""

    words: frozenset[str]
    ills: frozenset[str]
    harmless: frozenset[tuple[str, str]]


def find(text: str, claims: Claims) -> list[str]:
    """Return the words that promise a cure, each once, in the order in which they are read.

    >>> known = Claims(frozenset({"obat"}), frozenset({"kanker"}), frozenset({("obat", "nyamuk")}))
    >>> find("OBAT batuk, anti-kanker, obat", known), find("Obat nyamuk bakar", known)
    (['obat', 'anti kanker'], [])
    """
    said = words.split(text)
    found: dict[str, None] = {}
    for place, word in enumerate(said):
        before = said[place - 1] if place else ""
        following = said[place + 1] if place + 1 < len(said) else ""
        if word in claims.words and not {(before, word), (word, following)} & claims.harmless:
            found[word] = None
        elif word == "anti" and following in claims.ills:
            found[f"anti {following}"] = None
    return list(found)


def medical_claims(text: str) -> list[str]:
    """Return the words of a text that promise a cure."""
    return find(text, _known())


def no_claim(form: Any, field: Any) -> None:
    """Refuse words that promise a cure."""
    _refuse(medical_claims(field.data or ""))


def no_claim_of_goods(form: Any, field: Any) -> None:
    """Refuse words that promise a cure, but let a seller say of herself that she is ill."""
    _refuse([word for word in medical_claims(field.data or "") if word not in OF_HERSELF])


def _refuse(found: list[str]) -> None:
    if found:
        named = ", ".join(f"“{word}”" for word in found)
        raise ValidationError(
            _("Makanan dan barang tidak boleh disebut menyembuhkan. Ganti %(words)s, ya.", words=named)
        )


@lru_cache(maxsize=1)
def _known() -> Claims:
    with (DATA / "produk/klaim.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["kata"], row["jenis"]) for row in csv.DictReader(file)]
    by_kind = {kind: [word for word, its in rows if its == kind] for kind in ("klaim", "lawan", "bukan")}
    pairs = ((first, second) for first, _space, second in (each.partition(" ") for each in by_kind["bukan"]))
    return Claims(frozenset(by_kind["klaim"]), frozenset(by_kind["lawan"]), frozenset(pairs))

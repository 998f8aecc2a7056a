"""What a curator may answer, by when, and how a price moved."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from app.goods.products.rules import gram_change
from app.kit import digits, words

# Sentences go to the seller as they stand: what to do, in words of the market. `field` is the part of her form.
REASONS: Final = (
    ("foto-gelap", "Fotonya gelap atau buram. Foto lagi di dekat jendela atau di teras, ya.", "foto"),
    ("foto-isi", "Foto belum menunjukkan isinya. Foto barangnya dari dekat, satu jenis saja.", "foto"),
    ("foto-bukan-sendiri", "Fotonya seperti dari internet. Pakai foto barang buatan sendiri.", "foto"),
    ("foto-orang", "Ada wajah orang di foto. Foto barangnya saja, ya.", "foto"),
    ("nama-kurang-jelas", "Namanya belum jelas. Tulis barang dan isinya, misalnya Telur asin isi 5.", "nama"),
    ("harga-periksa", "Harganya tampak keliru. Periksa lagi nolnya, lalu simpan.", "harga"),
    ("satuan-kurang-jelas", "Satuannya belum jelas. Tulis dijual per apa, misalnya bungkus atau kg.", "satuan"),
    ("jenis-salah", "Jenisnya belum cocok. Pilih jenis yang paling dekat dengan barangnya.", "jenis"),
    ("berat-belum-ada", "Berat bersihnya belum ada. Timbang satu, lalu tulis beratnya.", "berat"),
    ("keterangan-kurang", "Tulis isinya apa, tahan berapa hari, dan cara simpannya.", "keterangan"),
    ("klaim-kesehatan", "Makanan tidak boleh disebut menyembuhkan. Hapus kalimat itu, ya.", "keterangan"),
    ("halal-tanpa-nomor", "Kata halal perlu nomor sertifikat. Tulis nomornya, atau hapus dulu katanya.", "surat"),
    ("izin-belum-ada", "Barang ini perlu izin edar dulu. Pendamping bisa bantu mengurusnya.", "surat"),
    ("kembar", "Produk ini sudah ada di lapak. Ubah yang lama saja.", ""),
    ("tidak-boleh-dijual", "Barang ini tidak boleh dijual di sini.", ""),
)  # fmt: skip

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
ANSWERS: Final = {"kembalikan": ("return", "returned"), "tolak": ("refuse", "refused")}
# Another of these for the same money is another price; a pack or a box says nothing of how much is in it.
MEASURES: Final = frozenset(
    ("butir", "biji", "buah", "lusin", "kodi", "gros", "g", "gr", "gram", "ons", "kg", "kilo", "ml", "l", "liter")
)
_AMOUNT: Final = re.compile("[0-9]+|[a-z]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list by age: the moment and the id of its last row."""

    at: datetime
    id: int

    def __str__(self) -> str:
        """Write it for an address."""
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.id}"


def read_place(text: str) -> Place | None:
    """Read a place out of an address; None when nobody of ours wrote it.

    >>> str(read_place("1764000000000000-12")), read_place("x-1"), read_place("-")
    ('1764000000000000-12', None, None)
    """
    moment, number = (digits.whole(part) for part in text.partition("-")[::2])
    if moment is None or number is None:
        return None
    try:
        return Place(EPOCH + timedelta(microseconds=moment), number)
    except OverflowError:
        return None


def deadline(submitted_at: datetime, days: int) -> datetime:
    """Return by when the seller was promised an answer."""
    return submitted_at + timedelta(days=days)


BULK_PERCENT: Final = 20
# Words that claim something an officer must look for proof of, beside promises to cure.
CLAIM_WORDS: Final = frozenset(
    ("halal", "pirt", "irt", "bpom", "sni", "slhs", "organik", "herbal", "pengawet", "msg", "pewarna", "gizi", "diet")
)


def moved_too_far(before: Any, after: Any) -> bool:
    """Tell whether what is offered moved by more than BULK_PERCENT: its price to the rupiah, or that of a gram.

    A weight that is said no more leaves nothing to compare by: it is looked at too, as is another number or measure.

    >>> from dataclasses import replace
    >>> from app.goods.products.rules import Terms
    >>> from app.kit.rupiah import Rupiah
    >>> half = Terms("", Rupiah(10_000), "pak", 500)
    >>> [moved_too_far(half, replace(half, price=Rupiah(now))) for now in (12_000, 12_001, 8_000, 7_999)]
    [False, True, False, True]
    >>> [moved_too_far(half, replace(half, net_weight_g=now)) for now in (625, 626, 417, 416, None)]
    [False, True, False, True, True]
    """
    said = [amounts(each.label, each.unit) for each in (before, after)]
    if said[0] != said[1] or (before.net_weight_g and not after.net_weight_g):
        return True
    was, now = before.price.amount, after.price.amount
    return abs(now - was) * 100 > BULK_PERCENT * was or abs(gram_change(before, after)) > BULK_PERCENT


def amounts(*said: str) -> list[str]:
    """Return how much of something is offered, out of what it is called: its numbers and measures.

    >>> amounts("Telur asin isi 10", "lusin"), amounts("Bolu", "1/2 KG"), amounts("Bolu", "kotak")
    (['10', 'lusin'], ['1', '2', 'kg'], [])
    """
    parts = _AMOUNT.findall(words.fold(" ".join(said)))
    return sorted(part for part in parts if part.isdigit() or part in MEASURES)


def claims_in(said: Iterable[str], cures: Iterable[str]) -> frozenset[str]:
    """Return what a text claims: words of CLAIM_WORDS, and what promises a cure.

    >>> sorted(claims_in(["telur", "asin", "halal"], ["obat"]))
    ['halal', 'obat']
    """
    return (frozenset(said) & CLAIM_WORDS) | frozenset(cures)

"""What is kept about a person, in chapters: each small enough to be read, and asked for, at one sight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.core import personal
from app.core.i18n import _l
from app.core.personal import Keeping

# Who looked and who acted stands on the first page.
SEEN: Final = ("looks", "acts")


@dataclass(frozen=True)
class Chapter:
    """A few parts that belong together, by name, in the order of the house."""

    word: str
    title: object
    told: object
    names: tuple[str, ...]


OWN: Final = Chapter("akun", _l("Akun"), _l("Nama, nomor, HP yang dikenal, kartu, dan yang pernah disetujui."), ())
NAMED: Final = (
    Chapter(
        "keluarga", _l("Keluarga"), _l("Data keluarga, desil, dan izin yang pernah diberikan."),
        ("family", "desil", "family_consents"),
    ),
    Chapter(
        "bantuan", _l("Bantuan"), _l("Program, usulan, barang, dan laporan pemakaian."),
        ("programs", "aid_proposals", "aid_items", "aid_reports"),
    ),
    Chapter(
        "perkembangan", _l("Perkembangan"), _l("Usaha, kunjungan pendamping, kesepakatan, dan graduasi."),
        ("businesses", "growth", "graduations", "said", "visits", "agreed", "own_wishes"),
    ),
    Chapter(
        "lapak", _l("Lapak"), _l("Nama, tempat, surat izin, laporan, dan HP yang memberi kabar."),
        ("shops", "wishes", "permits", "reports", "reported", "push_phones"),
    ),
    Chapter(
        "produk", _l("Produk"), _l("Produk, foto, draf, hitungan modal, dan jawaban kurator."),
        ("photos", "goods", "product_drafts", "product_costs", "curation", "goods_lists"),
    ),
    Chapter(
        "jualan", _l("Pesanan dan penjualan"),
        _l("Penjualan, pesanan, dan pesanan kantor."),
        ("sales", "orders", "bought", "government_orders", "office_orders"),
    ),
    Chapter(
        "uang", _l("Uang"), _l("Cara dibayar, buku kas, dan foto catatan jualan."),
        ("payment_means", "cash_book", "sale_photos"),
    ),
    Chapter(
        "keluhan", _l("Keluhan dan ulasan"), _l("Keluhan tentang barang, ulasan, dan aduan ke dinas."),
        ("complaints", "complained", "reviews", "reviewed", "tickets"),
    ),
    Chapter(
        "bazar", _l("Bazar dan e-Katalog"), _l("Pendaftaran, pertanyaan, hasil, pembantu, dan pengajuan."),
        ("bazaars", "bazaar_questions", "stalls", "helpers", "ekatalog", "ekatalog_answers"),
    ),
)  # fmt: skip
ALL: Final = (OWN, *NAMED)


def find(word: str) -> Chapter | None:
    """Return the chapter with this word in its address."""
    return next((each for each in ALL if each.word == word), None)


def keepings_of(chapter: Chapter) -> list[Keeping]:
    """Return the parts of a chapter; what no other chapter names stands in the first, so that nothing is hidden."""
    elsewhere = {name for each in NAMED for name in each.names} | set(SEEN)
    known = personal.keepings()
    if chapter is OWN:
        return [each for each in known if each.name not in elsewhere]
    return [each for each in known if each.name in chapter.names]

"""What each figure means, as data: the page shows no figure that has no entry here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.core.errors import NotFound
from app.core.i18n import _l


@dataclass(frozen=True)
class Definition:
    """One figure in words: `id` never changes, `slug` is its address; the rest is read by people."""

    id: str
    slug: str
    name: object
    unit: object
    formula: object
    period: object
    source: object
    hides: object


_MONTH = _l("Satu bulan kalender. Bulan berjalan dihitung sampai hari ini.")
_END = _l("Keadaan pada akhir bulan; untuk bulan berjalan, pada saat dihitung.")
_YEAR = _l("Dari 1 Januari sampai akhir bulan yang dipilih.")
_WHOLE_YEAR = _l("Satu tahun kalender, menurut keadaan pada saat dihitung.")
_BOOK = _l("Buku penjualan: satu baris untuk setiap penjualan, dikurangi yang dikembalikan.")
_SHOPS = _l("Ditutup bila berasal dari satu sampai empat lapak, juga angka di sebelahnya yang bisa membukanya.")
_FAMILIES = _l("Ditutup bila berasal dari satu sampai empat keluarga, juga angka di sebelahnya yang bisa membukanya.")
_PUBLIC = _l("Tidak ada yang ditutup: jadwal bazar terbuka untuk umum.")

DEFINITIONS: Final = (
    Definition(
        "SHOPS",
        "lapak-menjual",
        _l("Lapak yang menjual"),
        _l("lapak"),
        _l("Banyaknya lapak yang punya sedikitnya satu penjualan yang tidak dikembalikan seluruhnya."),
        _MONTH,
        _BOOK,
        _SHOPS,
    ),
    Definition(
        "TAKINGS",
        "uang-masuk",
        _l("Uang masuk penjual"),
        _l("rupiah"),
        _l("Jumlah nilai semua penjualan, dikurangi yang dikembalikan. Ini uang masuk, bukan penghasilan bersih."),
        _MONTH,
        _BOOK,
        _SHOPS,
    ),
    Definition(
        "CHANNELS",
        "uang-masuk-per-saluran",
        _l("Uang masuk per saluran"),
        _l("rupiah"),
        _l("Uang masuk penjual, dipisah menurut saluran penjualan: pesanan, bazar, catatan sendiri, pemerintah."),
        _MONTH,
        _BOOK,
        _SHOPS,
    ),
    Definition(
        "EVIDENCE",
        "uang-masuk-menurut-bukti",
        _l("Uang masuk menurut bukti"),
        _l("rupiah"),
        _l(
            "Uang masuk penjual, dipisah menurut bukti terbaru setiap penjualan: A kode pembeli cocok,"
            " B dicocokkan petugas bazar, C tanpa kode pembeli, D catatan sendiri."
        ),
        _MONTH,
        _BOOK,
        _SHOPS,
    ),
    Definition(
        "PROVEN",
        "bagian-terbukti",
        _l("Bagian dengan bukti kuat"),
        _l("persen"),
        _l("Uang masuk dengan bukti A dan B dibagi semua uang masuk, dibulatkan ke persen terdekat."),
        _MONTH,
        _BOOK,
        _SHOPS,
    ),
    Definition(
        "AREAS",
        "per-kecamatan",
        _l("Lapak yang menjual, per wilayah"),
        _l("lapak, rupiah"),
        _l("Lapak yang menjual dan uang masuknya, dihitung di kecamatan tempat lapak itu sekarang berdiri."),
        _MONTH,
        _BOOK,
        _SHOPS,
    ),
    Definition(
        "BAZAARS",
        "bazar-terlaksana",
        _l("Bazar terlaksana"),
        _l("bazar"),
        _l("Banyaknya bazar yang hari terakhirnya jatuh di bulan itu dan sudah lewat, yang batal tidak dihitung."),
        _MONTH,
        _l("Jadwal bazar."),
        _PUBLIC,
    ),
    Definition(
        "BAZAAR_TAKINGS",
        "uang-masuk-bazar",
        _l("Uang masuk dari bazar"),
        _l("rupiah"),
        _l("Bagian uang masuk penjual yang salurannya bazar."),
        _MONTH,
        _BOOK,
        _SHOPS,
    ),
    Definition(
        "REACH",
        "kecamatan-ikut-bazar",
        _l("Kecamatan yang ikut bazar"),
        _l("kecamatan"),
        _l("Banyaknya kecamatan yang lapaknya mendapat tempat di sedikitnya satu bazar terlaksana."),
        _YEAR,
        _l("Daftar peserta bazar."),
        _l("Tidak ada yang ditutup: peserta bazar tampil untuk umum."),
    ),
    Definition(
        "BAZAAR_RESULTS",
        "hasil-tiap-bazar",
        _l("Hasil tiap bazar"),
        _l("kecamatan, rupiah, pembeli"),
        _l(
            "Dari laporan bazar yang sudah ditandatangani: kecamatan yang lapaknya menjual dari semua kecamatan, omzet,"
            " dan pembeli baru. Pembeli pertama kali: nomor HP yang menerima pesanan lewat bazar itu dan belum pernah"
            " menerima pesanan lain sebelumnya. Wajah baru: hitungan penjual di lapaknya."
        ),
        _l("Bazar yang hari terakhirnya jatuh di bulan itu."),
        _l("Laporan bazar yang ditandatangani; angkanya tidak berubah lagi."),
        _l("Omzet ditutup bila lapak yang menjual kurang dari lima; pembeli ditutup bila satu sampai empat."),
    ),
    Definition(
        "FAMILIES",
        "keluarga-menurut-status",
        _l("Keluarga menurut status"),
        _l("keluarga"),
        _l(
            "Banyaknya keluarga yang sekarang aktif dan waktu itu sudah terdaftar, dipisah menurut status"
            " pendampingannya waktu itu. Selama keberatan belum dijawab, status sebelumnya yang berlaku."
        ),
        _END,
        _l("Daftar keluarga, keputusan statusnya, keberatan dan izinnya, tanpa nama."),
        _FAMILIES,
    ),
    Definition(
        "CONSENT",
        "keluarga-dipantau",
        _l("Keluarga yang mengizinkan pemantauan"),
        _l("keluarga"),
        _l("Keluarga aktif dengan izin pemantauan yang berlaku waktu itu."),
        _END,
        _l("Izin keluarga."),
        _FAMILIES,
    ),
    Definition(
        "SELLING_FAMILIES",
        "keluarga-punya-lapak",
        _l("Keluarga yang punya lapak"),
        _l("keluarga"),
        _l("Keluarga aktif yang menjalankan sedikitnya satu lapak waktu itu."),
        _END,
        _l("Hubungan keluarga dan lapak."),
        _FAMILIES,
    ),
    Definition(
        "GRADUATIONS",
        "keluarga-graduasi",
        _l("Keluarga graduasi"),
        _l("keluarga"),
        _l("Keluarga yang graduasinya disahkan, menurut tanggal pernyataannya. Satu keluarga dihitung satu kali."),
        _l("Satu bulan kalender untuk angka bulanan; satu tahun kalender untuk angka per wilayah."),
        _l("Catatan graduasi: surat pernyataan yang dipindai dan disahkan orang kedua."),
        _FAMILIES,
    ),
    Definition(
        "GRANTS",
        "keluarga-menerima-uep",
        _l("Keluarga menerima UEP"),
        _l("keluarga"),
        _l("Keluarga yang bantuan UEP-nya ditetapkan pada masa itu. Satu keluarga dihitung satu kali."),
        _l("Satu bulan kalender untuk angka bulanan; satu tahun kalender untuk angka per wilayah."),
        _l("Penetapan bantuan UEP."),
        _FAMILIES,
    ),
    Definition(
        "GRANT_TYPES",
        "jenis-usaha-dibantu",
        _l("Jenis usaha yang dibantu"),
        _l("jenis usaha"),
        _l("Banyaknya jenis usaha yang berbeda di antara bantuan UEP tahun itu."),
        _WHOLE_YEAR,
        _l("Penetapan bantuan UEP."),
        _l("Tidak ada yang ditutup: hanya jenis usaha yang dihitung."),
    ),
    Definition(
        "REPORTS",
        "laporan-uep",
        _l("Laporan penggunaan UEP"),
        _l("keluarga"),
        _l("Keluarga yang melaporkan penggunaan bantuan UEP-nya pada bulan itu, dari tahun mana pun bantuannya."),
        _MONTH,
        _l("Laporan penggunaan bantuan UEP, menurut tanggal laporannya."),
        _FAMILIES,
    ),
    Definition(
        "AFTER_AID",
        "uang-masuk-setelah-uep",
        _l("Uang masuk setelah UEP"),
        _l("rupiah"),
        _l(
            "Uang masuk lapak keluarga penerima UEP, sejak sehari setelah bantuan pertamanya ditetapkan."
            " Hanya keluarga yang sekarang mengizinkan pemantauan."
        ),
        _MONTH,
        _l("Buku penjualan, hubungan keluarga dan lapak, penetapan bantuan UEP."),
        _l("Ditutup bila keluarganya, atau lapak lain yang menjual bulan itu, satu sampai empat."),
    ),
    Definition(
        "REPORTED",
        "uep-dilaporkan",
        _l("Bantuan UEP yang sudah dilaporkan"),
        _l("persen"),
        _l("Keluarga yang melaporkan penggunaan bantuannya, dibagi semua keluarga penerima UEP tahun itu."),
        _WHOLE_YEAR,
        _l("Penetapan bantuan UEP dan laporan penggunaannya."),
        _FAMILIES,
    ),
)  # fmt: skip
BY_ID: Final = {each.id: each for each in DEFINITIONS}
BY_SLUG: Final = {each.slug: each for each in DEFINITIONS}


def get_definition(definition: str) -> Definition:
    """Return the figure with this address.

    Raises:
        NotFound: no figure has it.
    """
    found = BY_SLUG.get(definition)
    if found is None:
        raise NotFound(definition)
    return found

"""What stands beside a line of a list, and in the sheet that explains its columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.core.i18n import _, _l
from app.goods.spreadsheets.rules import COLUMNS

HINTS: Final = {
    "code": _l("Kode dari unduhan, supaya barang yang sama diperbarui. Boleh kode Anda sendiri, boleh kosong."),
    "name": _l("Nama barang dan isinya, misalnya Telur asin isi 5. Wajib untuk barang baru."),
    "choice": _l("Ukuran atau rasa, misalnya Isi 10. Satu baris tiap pilihan, di bawah barangnya. Boleh kosong."),
    "price": _l("Dalam rupiah: 12000, 12.000, Rp 12.000, atau 12rb. Wajib untuk barang baru."),
    "unit": _l("Dijual per apa: bungkus, butir, kg. Wajib untuk barang baru."),
    "category": _l("Jenis barang seperti di pasar, misalnya Telur Asin. Kosong: dipilihkan dari namanya."),
    "weight": _l("Berat bersih: 250, 250 g, atau 1,5 kg. Boleh kosong."),
    "stock": _l("Berapa yang ada sekarang. Kosong: tidak diubah."),
    "description": _l("Cerita singkat untuk pembeli. Boleh kosong."),
    "ingredients": _l("Bahan-bahannya. Boleh kosong."),
    "allergens": _l("Yang bisa bikin alergi, dipisah koma: telur, ikan, udang, kacang tanah, susu, … Atau: tidak ada."),
    "origin": _l("Dari mana bahan tertentu, misalnya: gelatin sapi. Atau: tidak ada."),
    "warnings": _l("Pemanis buatan, bahan dari babi, alat dipakai juga untuk babi. Atau: tidak ada."),
    "keeps": _l("Tahan berapa lama: 30, 2 minggu, atau 6 bulan. Boleh kosong."),
    "storage": _l("Suhu ruang, tempat sejuk dan kering, kulkas, atau freezer. Boleh kosong."),
    "way": _l("Dihitung, dibuat kalau dipesan, atau selalu ada. Kosong: dihitung, atau tidak diubah."),
    "lead": _l("Perlu berapa hari membuatnya. Hanya untuk yang dibuat kalau dipesan."),
    "capacity": _l("Sehari sanggup berapa, atau: bebas. Hanya untuk yang dibuat kalau dipesan."),
    "pickup": _l("Ya atau tidak. Kosong: tidak diubah."),
    "delivery": _l("Ya atau tidak; ke mana dan ongkosnya diatur di Antar barang. Kosong: tidak diubah."),
    "bazaars": _l("Ya atau tidak. Kosong: tidak diubah."),
}
PROBLEMS: Final = {
    "empty": _l("belum diisi"),
    "formula": _l("berisi rumus; tempel nilainya saja"),
    "merged": _l("sel digabung; pisahkan dulu"),
    "broken": _l("selnya rusak"),
    "garbled": _l("hurufnya rusak; simpan ulang filenya sebagai XLSX, atau CSV UTF-8"),
    "letters": _l("tulis dengan huruf"),
    "long": _l("terlalu panjang"),
    "short": _l("terlalu pendek"),
    "money": _l("bukan harga; contoh 12000"),
    "price": _l("harganya di luar yang mungkin"),
    "weight": _l("bukan berat; contoh 250 g"),
    "count": _l("harus angka bulat"),
    "unknown": _l("jenis ini tidak ada; pakai nama seperti di pasar"),
    "guess": _l("jenisnya belum bisa ditebak; isi kolom Jenis"),
    "claim": _l("tidak boleh disebut menyembuhkan"),
    "gone": _l("produk ini sudah dihapus; kembalikan dulu di Produk saya"),
    "promised": _l("lebih sedikit daripada yang sudah dipesan pembeli"),
    "above": _l("tulis di baris pertama barang ini saja"),
    "first": _l("barang ini punya beberapa baris; beri nama pilihannya juga"),
    "many": _l("pilihannya terlalu banyak; paling banyak 10"),
    "allergen": _l("tidak dikenal; contoh: telur, ikan, udang, atau: tidak ada"),
    "warning": _l("tidak dikenal; contoh: pemanis buatan, bahan dari babi, atau: tidak ada"),
    "days": _l("bukan lamanya; contoh 30 hari, paling lama 5 tahun"),
    "storage": _l("pilih: suhu ruang, tempat sejuk dan kering, kulkas, atau freezer"),
    "way": _l("pilih: dihitung, dibuat kalau dipesan, atau selalu ada"),
    "lead": _l("harus angka 0 sampai 30"),
    "order": _l("hanya untuk yang dibuat kalau dipesan; kosongkan"),
    "truth": _l("isi ya atau tidak"),
    "nowhere": _l("pilih paling sedikit satu tempat barang ini bisa didapat"),
    "ways": _l("barang ini tidak dihitung stoknya; kosongkan"),
}
OUTCOMES: Final = {
    "new": (_l("Baru"), "success"),
    "changed": (_l("Berubah"), "info"),
    "same": (_l("Sama"), ""),
    "bad": (_l("Salah"), "error"),
}


def mark(found: Sequence[str]) -> str:
    """Say what is wrong with a cell: its column and the reason."""
    column, reason = found[0], found[1]
    head = COLUMNS[column][0]
    if reason.startswith("twice:"):
        return _("%(column)s: sama dengan baris %(line)s", column=head, line=reason.partition(":")[2])
    return _("%(column)s: %(reason)s", column=head, reason=PROBLEMS[reason])

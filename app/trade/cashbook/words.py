"""How the kinds of entries are called, and the one question that each asks."""

from __future__ import annotations

from app.core.i18n import _l

TITLES = {
    "income": _l("Pendapatan lain"),
    "expense": _l("Pengeluaran"),
    "capital": _l("Modal"),
    "saving": _l("Tabungan"),
    "withdrawal": _l("Ambil tabungan"),
}
QUESTIONS = {
    "income": (
        _l("Uang apa yang masuk?"),
        _l("Misalnya upah atau sewa alat. Penjualan tidak perlu ditulis lagi di sini."),
    ),
    "expense": (_l("Uang apa yang keluar?"), _l("Misalnya bahan, kemasan, gas, ongkos.")),
    "capital": (
        _l("Berapa modal yang ditambahkan?"),
        _l("Uang sendiri, bantuan, atau pinjaman yang dipakai untuk usaha."),
    ),
    "saving": (_l("Berapa yang ditabung?"), _l("Uang yang disisihkan dan tidak dipakai usaha.")),
    "withdrawal": (_l("Berapa tabungan yang diambil?"), _l("Uang tabungan yang dipakai lagi.")),
}

"""States, results and notes as people read them."""

from __future__ import annotations

from app.core.i18n import _l, language
from app.trade.ekatalog.rules import Item

STATES = {
    "collecting": (_l("Sedang disiapkan"), ""),
    "ready_for_review": (_l("Menunggu diperiksa"), "info"),
    "in_review": (_l("Sedang diperiksa"), "info"),
    "returned": (_l("Perlu diperbaiki"), "warning"),
    "approved": (_l("Menunggu tanda tangan kedua"), "info"),
    "exported": (_l("Siap dikirim dinas"), "success"),
    "sent_outside": (_l("Sudah dikirim ke e-Katalog"), "info"),
    "shown_outside": (_l("Tampil di e-Katalog"), "success"),
    "refused_outside": (_l("Ditolak e-Katalog"), "error"),
    "no_answer": (_l("Belum ada jawaban 30 hari"), "warning"),
    "needs_update": (_l("Perlu diperbarui di e-Katalog"), "warning"),
    "delisted_outside": (_l("Diturunkan dari e-Katalog"), "error"),
    "not_suitable": (_l("Tidak cocok untuk e-Katalog"), "error"),
    "withdrawn": (_l("Dibatalkan penjual"), ""),
    "closed": (_l("Selesai"), ""),
}
RESULTS = {
    "ok": (_l("Benar"), "success"),
    "missing": (_l("Belum ada"), "warning"),
    "wrong": (_l("Salah"), "error"),
    "expired": (_l("Habis masa"), "error"),
    "n/a": (_l("Tidak perlu"), ""),
}
NOTES = {
    "category_none": _l("Pilih kategorinya dulu."),
    "category_closed": _l("Kategori ini sedang ditutup. Pilih yang lain."),
    "category_kbli": _l("Kategori ini tidak menerima KBLI di NIB."),
    "paper_none": _l("Suratnya belum ada."),
    "paper_expired": _l("Suratnya sudah habis masa."),
    "paper_rejected": _l("Suratnya belum bisa diterima petugas. Foto lagi."),
    "paper_soon": _l("Suratnya habis kurang dari 6 bulan lagi."),
    "licence_none": _l("Belum ada P-IRT, BPOM, atau SLHS."),
    "halal_none": _l("Belum ada sertifikat halal atau alasannya."),
    "not_declared": _l("Belum dinyatakan."),
    "declared_long_ago": _l("Pernyataannya sudah lama. Nyatakan lagi."),
    "not_known": _l("Belum pernah diberi kartu masuk."),
    "name_length": _l("Nama produk 5 sampai 100 huruf."),
    "name_capitals": _l("Nama produk jangan huruf besar semua."),
    "photos_few": _l("Fotonya kurang dari 3."),
    "photos_small": _l("Foto terlalu kecil. Sisi pendek paling sedikit 600 titik."),
    "weight_none": _l("Berat bersih belum ada di produk."),
    "cost_none": _l("Modal per satuan belum ditulis."),
    "price_below_cost": _l("Harga di bawah modal."),
    "capacity_none": _l("Belum ditulis sanggup berapa."),
    "lead_none": _l("Belum ditulis berapa hari."),
    "kbki_none": _l("Belum ditulis. Boleh kosong."),
    "ingredients_none": _l("Bahannya belum ditulis."),
    "label_none": _l("Belum ada foto label."),
    "description_short": _l("Keterangan produk kurang dari 200 huruf."),
}
# What somebody may have seen or done outside, from the state a round is in.
OUTSIDE = {
    "sent_outside": _l("Sudah dikirim ke e-Katalog"),
    "shown_outside": _l("Sudah tampil"),
    "refused_outside": _l("Ditolak"),
    "needs_update": _l("Harga atau surat berubah, perlu diperbarui"),
    "delisted_outside": _l("Sudah diturunkan"),
}
ROLES = {
    "seller": _l("Penjual"),
    "pendamping": _l("Pendamping"),
    "curator": _l("Kurator"),
    "approver": _l("Penanda tangan"),
    "system": _l("Otomatis"),
}


def title(item: Item) -> str:
    """Return the name of an item in the reader's language; they are data, so both stand in them."""
    return item.title_en if language() == "en" else item.title


def hint(item: Item) -> str:
    """Return the help of an item in the reader's language."""
    return item.help_en if language() == "en" else item.help

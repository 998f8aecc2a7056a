"""What a kabupaten may set, how each value is typed, and what must fit together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.core.errors import NotFound
from app.core.i18n import _l

MOST_HOURS = 24 * 60


@dataclass(frozen=True)
class Setting:
    """One setting: its key, its label, how it is typed (`text`, `phone`, `email`, `number`, `letter`), its range."""

    key: str
    label: Any
    kind: str = "text"
    least: int = 0
    most: int = 0
    unit: Any = ""
    hint: Any = ""


@dataclass(frozen=True)
class Group:
    """Settings that are saved together; `slug` stands in the address."""

    slug: str
    title: Any
    about: Any
    settings: tuple[Setting, ...]


HOURS = _l("jam")
DAYS = _l("hari")
OCLOCK = ".00"  # joined to the hour: 17.00
ORDERS = _l("pesanan")
RUPIAH = _l("rupiah")
TIMES = _l("kali")

GROUPS = (
    Group(
        "dinas",
        _l("Dinas"),
        _l("Nama dan kontak yang dibaca umum di halaman bantuan dan privasi."),
        (
            Setting("office.name", _l("Nama dinas")),
            Setting("office.address", _l("Alamat")),
            Setting("office.phone", _l("Telepon"), "phone"),
            Setting("office.email", _l("Surel"), "email"),
            Setting("office.hours", _l("Jam buka")),
            Setting("office.privacy_officer", _l("Petugas pelindungan data")),
        ),
    ),
    Group(
        "waktu-pesanan",
        _l("Waktu pesanan"),
        _l("Berapa lama orang menunggu sebelum pesanan berakhir sendiri. Berlaku untuk pesanan baru."),
        (
            Setting("clock.accept_hours", _l("Penjual menjawab"), "number", 1, MOST_HOURS, HOURS),
            Setting("clock.remind_hours", _l("Penjual diingatkan"), "number", 1, MOST_HOURS, HOURS),
            Setting("clock.silent_hours", _l("Pendamping diberi tahu"), "number", 1, MOST_HOURS, HOURS),
            Setting("clock.at_risk_hours", _l("Stok kurang naik ke pendamping"), "number", 1, MOST_HOURS, HOURS),
            Setting("clock.claim_hours", _l("Pembayaran yang belum diperiksa naik"), "number", 1, MOST_HOURS, HOURS),
            Setting("clock.refund_days", _l("Uang yang belum dikembalikan naik ke pendamping"), "number", 1, 60, DAYS),
            Setting(
                "clock.refund_late_days", _l("Lalu naik ke dinas"), "number", 1, 60, DAYS,
                _l("Sejak itu lapaknya hanya menerima bayar tunai, sampai uangnya kembali."),
            ),
            Setting("clock.treasurer_days", _l("Bendahara kantor yang belum membayar naik"), "number", 1, 180, DAYS),
            Setting("clock.amend_hours", _l("Pembeli menjawab tawaran"), "number", 1, MOST_HOURS, HOURS),
            Setting("clock.pay_hours", _l("Pembeli membayar"), "number", 1, MOST_HOURS, HOURS),
            Setting("clock.promise_hours", _l("Barang disiapkan"), "number", 1, MOST_HOURS, HOURS),
            Setting("clock.ready_hour", _l("Barang buatan siap"), "number", 6, 22, OCLOCK),
            Setting("clock.ready_grace_hours", _l("Kelonggaran penyiapan"), "number", 0, MOST_HOURS, HOURS),
            Setting("clock.collect_hours", _l("Barang diambil"), "number", 1, MOST_HOURS, HOURS),
            Setting(
                "bazaar.order_hours", _l("Pesan sebelum bazar buka"), "number", 0, MOST_HOURS, HOURS,
                _l("Sesudah itu pesanan tidak bisa lagi diambil di bazar hari itu."),
            ),
            Setting(
                "bazaar.reask_hours", _l("Jawab tanggal baru bazar"), "number", 1, MOST_HOURS, HOURS,
                _l("Sesudah itu tempat yang tidak dijawab diberikan ke lapak lain."),
            ),
            Setting("clock.bazaar_grace_hours", _l("Kelonggaran sesudah bazar tutup"), "number", 0, 24, HOURS),
            Setting(
                "clock.night_from", _l("Malam mulai"), "number", 0, 23, OCLOCK,
                _l("Tenggat yang jatuh di malam hari pindah ke pagi."),
            ),
            Setting("clock.night_until", _l("Malam selesai"), "number", 0, 23, OCLOCK),
        ),
    ),
    Group(
        "batas-pesanan",
        _l("Batas pesanan"),
        _l("Supaya satu nomor tidak menahan barang satu lapak dengan pesanan yang tidak akan diambil."),
        (
            Setting("orders.most_waiting", _l("Yang boleh menunggu jawaban, per nomor"), "number", 1, 1000, ORDERS),
            Setting("orders.days_ahead", _l("Barang buatan bisa dipesan sampai"), "number", 1, 90, DAYS),
        ),
    ),
    Group(
        "keluhan",
        _l("Keluhan pembeli"),
        _l("Setelah barang diterima: kapan pembeli boleh mengeluh, dan berapa lama orang menunggu jawaban."),
        (
            Setting("return.open_hours", _l("Pembeli boleh mengeluh"), "number", 1, MOST_HOURS, HOURS),
            Setting("ticket.days", _l("Dinas menjawab aduan"), "number", 1, 60, DAYS),
            Setting("return.answer_hours", _l("Penjual menjawab keluhan"), "number", 1, MOST_HOURS, HOURS),
            Setting("return.settle_hours", _l("Penjual menepati jawabannya"), "number", 1, MOST_HOURS, HOURS),
            Setting("return.escalate_hours", _l("Pembeli minta dibantu pendamping"), "number", 1, MOST_HOURS, HOURS),
            Setting(
                "return.close_hours", _l("Pendamping memutuskan"), "number", 1, MOST_HOURS, HOURS,
                _l("Sesudah itu keluhannya naik ke dinas."),
            ),
        ),
    ),
    Group(
        "pesanan-kantor",
        _l("Pesanan kantor"),
        _l("Berapa lama sebelumnya kantor memesan, dan kapan kuitansinya perlu meterai."),
        (
            Setting("office.notice_hours", _l("Pesan paling lambat"), "number", 1, 720, HOURS),
            Setting("office.stamp_above", _l("Meterai untuk uang di atas"), "number", 0, 1_000_000_000, RUPIAH),
            Setting("office.stamp_worth", _l("Nilai meterai"), "number", 0, 1_000_000, RUPIAH),
        ),
    ),
    Group(
        "buku-penjualan",
        _l("Buku penjualan"),
        _l("Sejauh mana penjual mencatat ke belakang, dan penjualan mana yang dilihat dulu oleh petugas."),
        (
            Setting(
                "book.back_days", _l("Penjual mencatat ke belakang"), "number", 1, 366, DAYS,
                _l("Lebih lama dari itu dicatat pendamping, dengan alasan."),
            ),
            Setting(
                "book.far_above", _l("Penjualan dilihat dulu kalau lebih dari"), "number", 2, 1000, TIMES,
                _l("Dibandingkan dengan penjualan lapak itu biasanya. Uangnya tetap dihitung penuh."),
            ),
        ),
    ),
    Group(
        "kurasi",
        _l("Kurasi"),
        _l("Janji kepada penjual: produk baru dijawab paling lambat sekian hari."),
        (Setting("curation.days", _l("Produk dijawab dalam"), "number", 1, 30, DAYS),),
    ),
    Group(
        "surat-graduasi",
        _l("Surat graduasi"),
        _l("Isi surat pernyataan keluarga yang lepas dari bantuan. Satu baris jadi satu paragraf."),
        (
            Setting(
                "graduation.letter", _l("Isi surat"), "letter",
                hint=_l(
                    "Yang di dalam kurung diisi sendiri: {nama} {nik} {kk} {alamat} {desa} {kecamatan} {kabupaten} "
                    "{tahun_masuk} {jenis_usaha} {mulai_usaha} {alasan} {tanggal} {dinas} {pendamping}"
                ),
            ),
        ),
    ),
)  # fmt: skip


def get_group(group: str) -> Group:
    """Return the group of an address.

    Raises:
        NotFound: there is none.
    """
    for each in GROUPS:
        if each.slug == group:
            return each
    raise NotFound(group)

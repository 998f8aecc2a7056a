"""What news says: to whoever it is for on their own page, and outside, where nothing of any buyer may stand."""

from __future__ import annotations

from flask import url_for

from app.core.i18n import _, _l
from app.core.outbox import Message

TEXTS = {
    "order.placed": _l("Ada pesanan baru: %(code)s."),
    "order.remind": _l("Pesanan %(code)s masih menunggu jawaban."),
    "order.accepted": _l("Pembeli setuju. Siapkan pesanan %(code)s."),
    "order.claimed": _l("Pembeli bilang sudah bayar pesanan %(code)s. Periksa uangnya."),
    "order.cancel_asked": _l("Pembeli minta batal untuk pesanan %(code)s."),
    "order.at_risk": _l("Barang untuk pesanan %(code)s kurang."),
    "order.cancelled_buyer": _l("Pembeli membatalkan pesanan %(code)s."),
    "order.cancelled_admin": _l("Petugas membatalkan pesanan %(code)s."),
    "order.cancelled_seller": _l("Pesanan %(code)s berakhir, waktunya habis."),
    "order.expired_silent": _l("Pesanan %(code)s terlewat, waktu menjawabnya habis."),
    "order.expired_amend": _l("Pembeli tidak menjawab tawaran untuk pesanan %(code)s."),
    "order.expired_unpaid": _l("Pesanan %(code)s tidak dibayar. Stoknya kembali."),
    "order.not_collected": _l("Pesanan %(code)s tidak diambil. Barangnya masih bisa dijual?"),
    "return.opened": _l("Pembeli mengeluh tentang pesanan %(code)s. Jawab keluhannya."),
    "return.escalated": _l("Pembeli minta pendamping memeriksa keluhan pesanan %(code)s."),
    "return.closed": _l("Keluhan pesanan %(code)s sudah diputuskan."),
    "ticket.made": _l("Aduan baru: %(code)s."),
    "ticket.near": _l("Aduan %(code)s menunggu jawaban. Waktunya hampir habis."),
    "ticket.late": _l("Aduan %(code)s lewat waktu dan belum dijawab."),
}
TICKET = "ticket."
NEW = frozenset({"order.placed", "order.remind"})


def said(message: Message) -> str:
    """Say it on the page of whoever it is for."""
    text = TEXTS.get(message.kind)
    return str(text) % {"code": message.about} if text else _("Ada kabar.")


def where(message: Message) -> str:
    """Return the page that it leads to, empty for none."""
    if not message.about:
        return ""
    return url_for("tickets.answer" if message.kind.startswith(TICKET) else "orders.manage", code=message.about)


def outside(message: Message) -> str:
    """Say it on a screen that others may see: that there is something, and where."""
    if message.kind in NEW:
        return _("Ada pesanan baru. Buka Lapak Mandiri.")
    if message.kind.startswith(TICKET):
        return _("Ada aduan yang menunggu jawaban. Buka Lapak Mandiri.")
    return _("Ada kabar tentang pesanan. Buka Lapak Mandiri.")


def is_of_strangers(message: Message) -> bool:
    """Tell whether anybody at all can cause such news, as often as they like."""
    return message.kind.startswith(TICKET)

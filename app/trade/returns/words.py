"""What a complaint is called on a screen, to buyer, seller, and whoever helps."""

from __future__ import annotations

from app.core.i18n import _, _l, waktu
from app.kit import phone
from app.kit.rupiah import Rupiah
from app.trade.returns import rules
from app.trade.returns.queries import Told

KINDS = {
    "damaged": _l("Rusak atau cacat"),
    "wrong": _l("Salah barang atau kurang"),
    "unsafe": _l("Tidak aman dimakan"),
    "other": _l("Tidak seperti di foto"),
}
ANSWERS = {
    "ganti": _l("Saya ganti barangnya"),
    "uang": _l("Saya kembalikan uangnya"),
    "tidak": _l("Tidak bisa"),
}
GOODS = {
    "stock": _l("Kembali, masih bisa dijual"),
    "spoiled": _l("Kembali, sudah rusak"),
    "kept": _l("Tidak kembali"),
}
DECIDED = {
    "uang": _l("Uang dikembalikan"),
    "ganti": _l("Barang diganti"),
    "tidak": _l("Tidak ada yang perlu diganti"),
}
SHORT = {
    "opened": (_l("Belum dijawab"), "warning"),
    "answered": (_l("Sedang diurus"), "info"),
    "escalated": (_l("Menunggu putusan"), "warning"),
    "resolved_none": (_l("Ditolak penjual"), "error"),
    "resolved_replace": (_l("Sudah diganti"), "success"),
    "resolved_refund": (_l("Uang dikembalikan"), "success"),
    "closed_by_facilitator": (_l("Sudah diputuskan"), "success"),
}


def kind(code: str) -> str:
    """Say what is wrong."""
    return str(KINDS[code])


def short(state: str) -> tuple[str, str]:
    """Return the word of a state and the kind of its badge."""
    word, colour = SHORT[state]
    return str(word), colour


def worth(told: Told) -> Rupiah:
    """Return what the goods of a complaint cost."""
    return Rupiah.total(line.price * qty for line, qty in told.lines)


def things(told: Told) -> str:
    """Name what a complaint is about: `1 × Telur asin, 2 × Keripik`."""
    return ", ".join(f"{qty} × {line.name}" for line, qty in told.lines)


def for_buyer(told: Told) -> str:
    """Say to the buyer where her complaint stands."""
    case, until = told.case, waktu(told.case.due_at) if told.case.due_at else ""
    if case.state in {"opened", "answered"} and told.late:
        return _("Penjual belum menyelesaikannya. Pendamping sudah diberi tahu.")
    if case.state == "opened":
        return _("Keluhan terkirim. Penjual menjawab paling lambat %(until)s.", until=until)
    if case.state == "answered" and case.offer == "replace":
        return _("Penjual mau mengganti barangnya, paling lambat %(until)s. Hubungi penjual untuk tukar.", until=until)
    if case.state == "answered":
        facts = {"sum": worth(told), "until": until}
        return _("Penjual mau mengembalikan %(sum)s, paling lambat %(until)s. Hubungi penjual.", **facts)
    if case.state == "escalated":
        return _("Pendamping memeriksa keluhan ini, paling lambat %(until)s.", until=until)
    return _ended(told)


def _ended(told: Told) -> str:
    what = rules.decided(told.case.state, told.case.offer, told.case.decision)
    office = told.case.state == "closed_by_facilitator"
    if what == "refund":
        facts = {"sum": worth(told)}
        return (
            _("Putusan pendamping: %(sum)s dikembalikan.", **facts) if office else _("%(sum)s dikembalikan.", **facts)
        )
    if what == "replace":
        return _("Putusan pendamping: barang diganti.") if office else _("Barangnya sudah diganti.")
    if office:
        return _("Putusan pendamping: tidak ada yang perlu diganti.")
    return _("Penjual menolak keluhan ini.")


def for_seller(told: Told) -> str:
    """Say to the seller where a complaint stands."""
    case, until = told.case, waktu(told.case.due_at) if told.case.due_at else ""
    if case.state in {"opened", "answered"} and told.late:
        return _("Waktunya lewat. Pendamping bisa memutuskan sendiri.")
    if case.state == "opened":
        return _("Jawab sebelum %(until)s.", until=until)
    if case.state == "answered" and case.offer == "replace":
        return _("Ganti sebelum %(until)s, lalu catat di sini.", until=until)
    if case.state == "answered":
        return _("Kembalikan %(sum)s sebelum %(until)s, lalu catat di sini.", sum=worth(told), until=until)
    if case.state == "escalated":
        return _("Pembeli minta dibantu. Pendamping memutuskan.")
    return _ended(told)


def tell_buyer_url(told: Told, number: str | None) -> str:
    """Return the WhatsApp address with which the seller tells the buyer of her answer; empty without a number."""
    if not number:
        return ""
    code = told.sheet.order.code
    if told.case.offer == "replace":
        text = _("Maaf soal pesanan %(code)s. Barangnya saya ganti. Kapan bisa tukar?", code=code)
    elif told.case.offer == "refund":
        text = _("Maaf soal pesanan %(code)s. Uangnya %(sum)s saya kembalikan, ya.", code=code, sum=worth(told))
    else:
        text = _("Halo, ini tentang keluhan pesanan %(code)s.", code=code)
    return phone.whatsapp_url(number, text)


def ask_seller_url(told: Told) -> str:
    """Return the WhatsApp address that asks the seller about a complaint; empty without a number."""
    if not told.phone:
        return ""
    facts = {"shop": told.sheet.shop.name, "code": told.sheet.order.code}
    return phone.whatsapp_url(told.phone, _("Halo %(shop)s, ada keluhan untuk pesanan %(code)s. Bagaimana?", **facts))

"""What buyers and sellers read instead of states and codes. Source: spec/trade.md, labels people see."""

from __future__ import annotations

from app.core.i18n import _, _l, _p, jam, tanggal, tanggal_pendek, waktu, zone
from app.kit.periods import zone_named
from app.kit.rupiah import Rupiah
from app.trade.orders import meeting, rules, rungs
from app.trade.orders.models import Order
from app.trade.orders.queries import Sheet

REASONS = {
    "habis": _l("barang habis"),
    "rusak": _l("barang rusak"),
    "tidak_sempat": _l("tidak sempat menyiapkan"),
    "tutup": _l("lapak sedang tutup"),
    "berubah_pikiran": _l("berubah pikiran"),
    "salah_pesan": _l("salah pesan"),
    "terlalu_lama": _l("terlalu lama menunggu"),
    "penjual_diam": _l("penjual tidak bisa dihubungi"),
    "barang_bermasalah": _l("barangnya bermasalah"),
    "pesanan_palsu": _l("pesanan tidak sungguhan"),
    "lainnya": _l("alasan lain"),
    rules.OTHER_DAY: _l("hari lain"),
    rules.ASKED_BY_BUYER: _l("pembeli minta batal"),
    rules.NOT_PREPARED: _l("tidak disiapkan"),
    rules.REST_UNPAID: _l("sisa tidak dibayar"),
    meeting.OFF: _l("bazarnya batal"),
}
_BUYER = {
    "amended": _l("Penjual menawarkan jumlah/tanggal lain: setuju?"),
    "handed_over": _l("Selesai"),
    "expired_silent": _l("Penjual tidak menjawab; lihat penjual lain"),
    "expired_unpaid": _l("Waktu bayar habis; masih mau?"),
    "expired_amend": _l("Waktu menjawab tawaran habis"),
    "not_collected": _l("Tidak diambil"),
}
_SELLER = {
    "amended": _l("Menunggu jawaban pembeli"),
    "accepted": _l("Siapkan pesanan"),
    "ready": _l("Menunggu diambil"),
    "expired_silent": _l("Terlewat, hubungi pendamping bila perlu"),
    "expired_unpaid": _l("Tidak dibayar, stok kembali"),
    "expired_amend": _l("Pembeli tidak menjawab"),
    "not_collected": _l("Tidak diambil: kembali ke stok?"),
}
# What is said otherwise of an order that the seller brings.
_BROUGHT_BUYER = {"not_collected": _l("Tidak sampai ke pembeli")}
_BROUGHT_SELLER = {
    "ready": _l("Siap diantar"),
    "not_collected": _l("Tidak sampai: kembali ke stok?"),
}


HOW = {
    "cash_pickup": _l("Tunai saat ambil"),
    "cash_cod": _l("Tunai saat diantar"),
    "qris_seller": _l("QRIS penjual"),
    "transfer_seller": _l("Transfer ke rekening penjual"),
    "paid_elsewhere": _l("Bendahara membayar sesudah barang diserahkan"),
}
TO_PAY = {
    "cash_pickup": _l("Bayar tunai saat ambil"),
    "cash_cod": _l("Bayar tunai saat diantar"),
    "qris_seller": _l("Bayar lewat QRIS penjual"),
    "transfer_seller": _l("Transfer ke penjual"),
    "paid_elsewhere": _l("Bendahara membayar sesudah barang diserahkan"),
}
# Where the money of an accepted order stands that must come ahead: to the buyer, and to the seller.
_AHEAD = {
    "claimed": (_l("Diterima. Penjual memeriksa uang masuk"), _l("Pembeli bilang sudah bayar: periksa uangnya")),
    "partial": (_l("Diterima. Uangnya masih kurang"), _l("Uangnya kurang: pilih kelanjutannya")),
    "over": (_l("Diterima. Uangnya lebih, penjual mengembalikan"), _l("Uangnya lebih: kembalikan dulu")),
    "settled": (_l("Diterima dan sudah dibayar"), _l("Sudah dibayar, siapkan pesanan")),
}
LOST = {
    meeting.MOVED: _l("Bazarnya ditunda, jadi pesanan ini diambil di lapak penjual."),
    meeting.STALL_GONE: _l("Penjual tidak jadi ikut bazar, jadi pesanan ini diambil di lapak penjual."),
    meeting.OVER: _l("Bazarnya sudah lewat, jadi pesanan ini diambil di lapak penjual."),
}


WHY = {
    rungs.SILENT: _l("Belum dijawab"),
    rungs.AT_RISK: _l("Barangnya kurang"),
    rungs.LATE: _l("Belum siap, sudah waktunya"),
    rungs.CLAIM: _l("Pembayaran belum diperiksa"),
    rungs.REFUND: _l("Uang pembeli belum dikembalikan"),
    rungs.UNPAID: _l("Bendahara kantor belum membayar"),
}


def why(code: str) -> str:
    """Word why an order waits for people."""
    return str(WHY[code])


def lost(order: Order) -> str:
    """Say why an order is not collected at the bazaar any more; empty when it is, or never was to be."""
    return str(LOST.get(order.meet_lost, ""))


def where(sheet: Sheet, *, door: bool = False) -> tuple[str, str]:
    """Say where it changes hands, as a fact; with `door` the buyer's address too, for those who bring it.

    Whoever has the buyer's link reads her page, so the address does not stand there.
    """
    if not sheet.order.goes_out:
        return _("Ambil di"), sheet.place
    return _("Diantar ke"), ", ".join(filter(None, [sheet.order.to_address if door else "", sheet.place]))


def make_ready(order: Order) -> str:
    """Word the button with which the seller says that it is packed."""
    return _("Siap diantar") if order.goes_out else _("Siap diambil")


def nobody_came(order: Order) -> str:
    """Word the button with which the seller says that it did not change hands."""
    return _("Tidak sampai") if order.goes_out else _("Tidak diambil")


def hours(sheet: Sheet) -> str:
    """Say when it changes hands: the hours of the seller's place, of the day of the bazaar, or by when it is needed."""
    if sheet.order.for_office and sheet.order.promised_at:
        return _("paling lambat %(when)s", when=waktu(sheet.order.promised_at))
    if sheet.order.brought:
        return ""
    opens, closes = sheet.order.meet_from, sheet.order.meet_until
    if opens is None or closes is None:
        return sheet.shop.pickup_hours
    clock = zone_named(zone()).label
    return _(
        "%(day)s, %(opens)s–%(closes)s %(clock)s", day=tanggal(opens), opens=jam(opens), closes=jam(closes), clock=clock
    )


def how(method: str) -> str:
    """Name a way to pay."""
    return str(HOW[method])


def sum_word(sheet: Sheet) -> str:
    """Say what the sum of an order is: what is to be paid and how, what was paid, or just a sum."""
    if sheet.money.status == "settled":
        return _("Sudah dibayar")
    if sheet.is_open:
        return str(TO_PAY[sheet.order.method])
    return _p("uang", "Jumlah")


def short_paid(sheet: Sheet) -> str:
    """Say in a word or two how the money of an order stands, for a list."""
    if sheet.money.status == "settled":
        return _("Lunas")
    return how(sheet.order.method) if sheet.is_open else ""


def ready_day(sheet: Sheet) -> str:
    """Say for which day it is promised; empty once it is packed, and where a bazaar or an office says the hour."""
    order = sheet.order
    waits = sheet.state in {"placed", "amended", "accepted"} and not (order.meets or order.for_office)
    return tanggal(order.promised_at) if order.promised_at and waits else ""


def needed(order: Order) -> str:
    """Say shortly by when an office needs it; empty for everybody else's orders."""
    if not (order.for_office and order.promised_at):
        return ""
    day, time = tanggal_pendek(order.promised_at), jam(order.promised_at)
    return _("kantor perlu paling lambat %(day)s, %(time)s", day=day, time=time)


def bazaar_day(order: Order) -> str:
    """Say shortly at which bazaar it is collected; empty when at the seller's."""
    return _("ambil di bazar %(day)s", day=tanggal_pendek(order.meet_from)) if order.meet_from else ""


def circumstances(sheet: Sheet) -> tuple[str, ...]:
    """Say shortly what is particular about where and when an order changes hands."""
    order = sheet.order
    made = _("siap %(day)s", day=tanggal_pendek(order.promised_at)) if order.promised_at and ready_day(sheet) else ""
    return bazaar_day(order), needed(order), made, brought_to(order)


def brought_to(order: Order) -> str:
    """Say shortly where the seller brings it; empty when it is collected."""
    return _("antar ke %(place)s", place=order.pickup_place) if order.brought else ""


def reason(code: str) -> str:
    """Word a reason; what the office wrote itself stays as it is."""
    return str(REASONS.get(code, code))


def went(*, back: bool) -> str:
    """Say where goods went that lay packed."""
    return _("kembali ke stok") if back else _("sudah rusak atau basi")


def for_buyer(sheet: Sheet, why: str = "") -> str:
    """Say to the buyer where the order stands; `why` is the reason code of its last event."""
    ends = waktu(sheet.deadline) if sheet.deadline else ""
    if sheet.state == "placed":
        return _("Menunggu jawaban penjual (paling lambat %(ends)s)", ends=ends)
    if sheet.state == "accepted":
        return _accepted(sheet)
    if sheet.state == "ready" and sheet.order.for_office:
        return _("Siap diantar ke %(place)s", place=sheet.place)
    if sheet.state == "handed_over" and sheet.order.unpaid_since:
        return _("Sudah diserahkan, menunggu pembayaran bendahara")
    if sheet.state == "ready" and sheet.order.meets:
        return _("Siap diambil di bazar: %(when)s", when=hours(sheet))
    if sheet.state == "ready" and sheet.order.brought:
        return _("Siap diantar ke %(place)s, paling lambat %(ends)s", place=sheet.place, ends=ends)
    if sheet.state == "ready":
        place = sheet.order.pickup_place or sheet.shop.name
        return _("Siap diambil di %(place)s sampai %(ends)s", place=place, ends=ends)
    other = _BROUGHT_BUYER if sheet.order.goes_out else {}
    return str(other.get(sheet.state) or _BUYER.get(sheet.state) or _off(_p("pesanan", "Tidak jadi"), why))


def _accepted(sheet: Sheet) -> str:
    if sheet.order.for_office and sheet.order.method not in rules.PREPAY:
        return _("Diterima, sedang disiapkan")
    if sheet.order.method not in rules.PREPAY:
        return _("Diterima. Bayar saat diantar") if sheet.order.brought else _("Diterima. Bayar saat ambil")
    if sheet.money.status in _AHEAD:
        return str(_AHEAD[sheet.money.status][0])
    ends = waktu(sheet.order.pay_by) if sheet.order.pay_by else ""
    return _("Diterima. Bayar sebelum %(ends)s", ends=ends) if ends else _("Diterima. Bayar dulu")


def _waits_for_money(sheet: Sheet) -> str:
    if sheet.money.status in _AHEAD:
        return str(_AHEAD[sheet.money.status][1])
    ends = waktu(sheet.order.pay_by) if sheet.order.pay_by else ""
    return _("Menunggu pembeli membayar sampai %(ends)s", ends=ends) if ends else _("Menunggu pembeli membayar")


def for_seller(sheet: Sheet, why: str = "") -> str:
    """Say to the seller where the order stands; `why` is the reason code of its last event."""
    if sheet.state == "placed":
        return _("Pesanan baru: jawab sebelum %(ends)s", ends=waktu(sheet.deadline) if sheet.deadline else "")
    if sheet.state == "accepted" and sheet.order.method in rules.PREPAY:
        return _waits_for_money(sheet)
    if sheet.state == "ready" and sheet.order.for_office:
        return _("Antar ke %(place)s", place=sheet.place)
    if sheet.state == "handed_over" and sheet.order.unpaid_since:
        return _("Sudah diserahkan, menunggu uang %(amount)s", amount=str(sheet.money.rest))
    if sheet.state == "handed_over":
        return _("Selesai, tercatat %(amount)s", amount=str(_kept(sheet)))
    other = _BROUGHT_SELLER if sheet.order.goes_out else {}
    return str(other.get(sheet.state) or _SELLER.get(sheet.state) or _off(_("Dibatalkan"), why))


def _kept(sheet: Sheet) -> Rupiah:
    """Return what the sale brought: what was handed over, less what was refunded."""
    return Rupiah.total(line.price * (line.qty_agreed - line.qty_refunded) for line in sheet.lines)


def _off(word: str, why: str) -> str:
    return f"{word} ({reason(why)})" if why else word

"""The money of an order in plain words: to the buyer, to the seller, and what happened to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.i18n import _, waktu
from app.kit import qris
from app.kit.qris import Qris
from app.kit.rupiah import Rupiah
from app.trade.orders import rules as orders
from app.trade.orders.models import MoneyEntry
from app.trade.orders.queries import Sheet
from app.trade.payments import banks, queries, rules
from app.trade.payments.models import PaymentProof


@dataclass(frozen=True)
class Account:
    """Where a transfer goes; `number` as typed into an app, `spaced` as read."""

    bank: str
    number: str
    spaced: str
    holder: str


@dataclass(frozen=True)
class Told:
    """One entry as people read it."""

    entry: MoneyEntry
    words: str
    proof: PaymentProof | None


def matters(sheet: Sheet) -> bool:
    """Tell whether there is anything to say about money beside cash on collection: ahead, owed back, or given back."""
    ahead = sheet.order.method in orders.PREPAY or any(each.method in orders.PREPAY for each in sheet.entries)
    return ahead or sheet.money.status in orders.OWING or any(each.kind == "refund" for each in sheet.entries)


def takes_money(sheet: Sheet) -> bool:
    """Tell whether money is awaited ahead of the goods, all of it or the rest."""
    return (
        sheet.state == "accepted"
        and sheet.order.method in orders.PREPAY
        and sheet.money.status in ("none", "partial", "refunded")
    )


def may_claim(sheet: Sheet) -> bool:
    """Tell whether a buyer may say that she paid: also late, since money that came must never be lost."""
    late = sheet.state in orders.TURNED_DOWN and sheet.money.status in ("none", "refunded")
    return takes_money(sheet) or (late and sheet.order.method in orders.PREPAY)


def code_of(sheet: Sheet) -> Qris | None:
    """Return the seller's code with exactly what is still to be paid; None when there is nothing to scan."""
    if not takes_money(sheet) or sheet.order.method != rules.METHOD_OF["qris"]:
        return None
    means = queries.find_means(sheet.shop.id, "qris")
    if means is None or not means.payload or sheet.money.rest.amount <= 0:
        return None
    return qris.with_amount(qris.parse_static(means.payload), sheet.money.rest)


def account_of(sheet: Sheet) -> Account | None:
    """Return the seller's account; None when there is nothing to transfer."""
    if not takes_money(sheet) or sheet.order.method != rules.METHOD_OF["transfer"]:
        return None
    means = queries.find_means(sheet.shop.id, "transfer")
    number = queries.account_of(means) if means else ""
    return Account(banks.name_of(means.bank), number, rules.spaced(number), means.holder) if means and number else None


def to_buyer(sheet: Sheet) -> str:
    """Say to the buyer where her money stands; empty when the page says it already."""
    said = {
        "claimed": _("Penjual sedang memeriksa uang Anda. Tunggu jawabannya, tidak perlu bayar lagi."),
        "refund_check": _("Pesanan ini tidak jadi. Penjual memeriksa uangnya; kalau sudah masuk, dikembalikan."),
        "refund_due": _("Penjual mengembalikan %(left)s kepada Anda. Hubungi penjual untuk caranya.", **_sums(sheet)),
        "refunded": _("Uang Anda sudah dikembalikan, kata penjual. Belum terima? Hubungi penjual."),
        "over": _("Uang Anda lebih. Penjual mengembalikan %(left)s.", **_sums(sheet)),
        "partial": _("Baru masuk %(paid)s dari %(due)s. Kurang %(rest)s.", **_sums(sheet)),
        "settled": _("Sudah dibayar %(paid)s. Terima kasih.", **_sums(sheet)),
    }
    return said.get(sheet.money.status) or _nothing_came(sheet)


def _nothing_came(sheet: Sheet) -> str:
    if _turned_down(sheet):
        return _("Penjual belum menemukan uangnya. Periksa jumlah dan tujuannya, lalu kabari lagi dengan foto bukti.")
    if sheet.state == "expired_unpaid":
        return _("Waktu bayar habis. Jangan bayar lagi. Sudah telanjur? Kabari penjual di bawah.")
    if sheet.state in ("placed", "amended"):
        return _("Jangan bayar dulu. Cara bayarnya muncul di sini setelah penjual menerima pesanan.")
    return ""


def for_whatsapp(sheet: Sheet) -> str:
    """Say what the seller writes to her buyer about the money; empty when there is nothing that she did or must do.

    It names the order and sums alone: the buyer's page, which the buyer has, says the rest.
    """
    facts = {"code": sheet.order.code, **_sums(sheet)}
    if _turned_down(sheet):
        return _("Uang untuk pesanan %(code)s belum saya temukan. Mohon periksa jumlah dan tujuannya, ya.", **facts)
    said = {
        "settled": _("Uang untuk pesanan %(code)s sudah masuk, %(paid)s. Terima kasih.", **facts),
        "refund_due": _("Pesanan %(code)s tidak jadi. Uangnya %(left)s saya kembalikan. Kirim ke mana?", **facts),
        "over": _("Uang untuk pesanan %(code)s lebih %(left)s. Saya kembalikan. Kirim ke mana?", **facts),
        "refunded": _("Uang pesanan %(code)s sudah saya kembalikan. Mohon diperiksa, ya.", **facts),
    }
    if sheet.money.status != "partial":
        return said.get(sheet.money.status, "")
    if takes_money(sheet):
        return _("Uang untuk pesanan %(code)s baru masuk %(paid)s dari %(due)s. Mohon bayar sisanya %(rest)s.", **facts)
    return _(
        "Uang untuk pesanan %(code)s masuk %(paid)s. Sisanya %(rest)s dibayar tunai saat barang diterima, ya.", **facts
    )


def to_seller(sheet: Sheet) -> str:
    """Say to the seller, and to the office, where the money of an order stands."""
    said = {
        "claimed": _("Pembeli bilang sudah membayar. Periksa aplikasi bank Anda, lalu jawab."),
        "refund_check": _("Pesanan ini sudah berakhir, tetapi pembeli bilang sudah membayar. Periksa, lalu jawab."),
        "refund_due": _("Pesanan tidak jadi. Kembalikan %(left)s kepada pembeli, lalu catat di sini.", **_sums(sheet)),
        "refunded": _("Uang sudah dikembalikan."),
        "over": _("Uangnya lebih. Kembalikan %(left)s kepada pembeli, lalu catat di sini.", **_sums(sheet)),
        "partial": _("Baru masuk %(paid)s dari %(due)s. Kurang %(rest)s.", **_sums(sheet)),
        "settled": _("Uang sudah masuk semua: %(paid)s.", **_sums(sheet)),
    }
    return said.get(sheet.money.status, _("Belum ada uang masuk."))


def _sums(sheet: Sheet) -> dict[str, Rupiah]:
    money = sheet.money
    return {"paid": money.paid, "due": money.due, "rest": money.rest, "left": _left(sheet)}


def entries_of(sheet: Sheet, proofs: Mapping[int, PaymentProof]) -> list[Told]:
    """Return what was said about money, oldest first."""
    return [Told(each, _words(each), proofs.get(each.id)) for each in sheet.entries]


def back_due(sheet: Sheet) -> Rupiah:
    """Return what is to go back to the buyer, nothing when nothing is."""
    return _left(sheet) if sheet.money.status in ("over", "refund_due") else Rupiah(0)


def _left(sheet: Sheet) -> Rupiah:
    return sheet.money.paid - sheet.money.due


def _turned_down(sheet: Sheet) -> bool:
    payments = [each for each in sheet.entries if each.kind == "payment"]
    return bool(payments) and payments[-1].state == "rejected" and sheet.money.status == "none"


def _words(entry: MoneyEntry) -> str:
    facts = {"when": waktu(entry.at), "amount": entry.amount}
    if entry.kind == "refund":
        return _("%(when)s: %(amount)s dikembalikan", **facts)
    if entry.state == "claimed":
        return _("%(when)s: %(amount)s dibayar kata pembeli, menunggu diperiksa", **facts)
    if entry.state == "rejected":
        return _("%(when)s: %(amount)s belum ditemukan penjual", **facts)
    return _("%(when)s: %(amount)s masuk", **facts)

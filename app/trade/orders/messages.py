"""What leaves the site for a phone: signed links, the code to scan, the texts for WhatsApp."""

from __future__ import annotations

from flask import url_for

from app.core.addresses import origin
from app.core.i18n import _
from app.kit import phone
from app.trade.orders import labels, links
from app.trade.orders.queries import Sheet


def buyer_url(code: str, endpoint: str = "orders.show") -> str:
    """Return the buyer's signed address of an order, on this site."""
    return url_for(endpoint, code=code, s=links.link_signature(code))


def buyer_link(code: str) -> str:
    """Return the buyer's signed link in full, to keep or to send to herself."""
    return origin() + buyer_url(code)


def hand_over_link(code: str) -> str:
    """Return what the seller scans: her own hand-over page with the buyer's four digits filled in."""
    return origin() + url_for("orders.hand_over", code=code, kode=links.handover_code(code))


def ask_seller_url(sheet: Sheet) -> str:
    """Return the WhatsApp address that tells the seller of the order; empty when she shows no number.

    The link in the text is the seller's own page: the buyer's signed link would show her the hand-over code.
    """
    if not sheet.shop.phone:
        return ""
    things = ", ".join(f"{line.qty_agreed or line.qty_ordered} × {line.name}" for line in sheet.lines)
    text = _(
        "Halo %(shop)s, saya sudah pesan. Kode %(code)s: %(things)s. Jumlah %(total)s. %(how)s. %(link)s",
        shop=sheet.shop.name,
        code=sheet.order.code,
        things=things,
        total=sheet.order.total,
        how=labels.TO_PAY[sheet.order.method],
        link=origin() + url_for("orders.manage", code=sheet.order.code),
    )
    if sheet.order.meets:
        text += " " + _("Saya ambil di bazar: %(when)s.", when=labels.hours(sheet))
    if sheet.order.brought:
        text += " " + _("Tolong diantar ke %(place)s.", place=sheet.place)
    return phone.whatsapp_url(sheet.shop.phone, text)


def tell_buyer_url(sheet: Sheet, number: str | None) -> str:
    """Return the WhatsApp address with which the seller tells the buyer how it stands; empty without a number."""
    if not number:
        return ""
    facts = {"code": sheet.order.code, "place": sheet.place}
    if sheet.is_open and sheet.order.meet_lost:
        text = _("Pesanan %(code)s tidak jadi diambil di bazar. Ambilnya di %(place)s, ya.", **facts)
    elif sheet.state == "ready" and sheet.order.for_office:
        text = _("Pesanan %(code)s sudah siap, kami antar ke %(place)s.", **facts)
    elif sheet.state == "ready" and sheet.order.brought:
        text = _("Pesanan %(code)s sudah siap, sebentar lagi saya antar ke %(place)s.", **facts)
    elif sheet.state == "ready":
        text = _("Pesanan %(code)s sudah siap diambil di %(place)s. Bawa kode ambil dari halaman pesanan, ya.", **facts)
    elif sheet.state == "accepted" and sheet.waits_for_money:
        text = _("Pesanan %(code)s saya terima. Silakan bayar; caranya ada di halaman pesanan.", **facts)
    elif sheet.state == "accepted":
        text = _("Pesanan %(code)s sedang saya siapkan. Nanti saya kabari kalau sudah siap.", **facts)
    else:
        text = _("Halo, ini tentang pesanan %(code)s.", **facts)
    return phone.whatsapp_url(number, text)

"""What complaints to the office are called on a screen."""

from __future__ import annotations

from app.core.i18n import _, _l
from app.kit import phone
from app.office.tickets.models import Ticket

KINDS = {
    "seller": _l("Penjual"),
    "order": _l("Pesanan atau uang"),
    "goods": _l("Barang atau makanan"),
    "officer": _l("Petugas atau pendamping"),
    "site": _l("Situs ini"),
    "other": _l("Hal lain"),
}


def kind(code: str) -> str:
    """Say what it is about."""
    return str(KINDS[code])


def tell_url(ticket: Ticket, link: str) -> str:
    """Return the WhatsApp address that tells of the answer; empty without a number."""
    if not ticket.phone:
        return ""
    return phone.whatsapp_url(ticket.phone, _("Aduan %(code)s sudah dijawab: %(link)s", code=ticket.code, link=link))

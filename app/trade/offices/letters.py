"""A paper of an office's order as it is drawn: all that it says, from the order and the heading as it is now."""

from __future__ import annotations

from typing import Any, Final

from flask import url_for
from werkzeug.wrappers import Response

from app.core import papers
from app.core.addresses import origin
from app.core.i18n import _l
from app.kit.rupiah import Rupiah
from app.kit.spelled import spelled
from app.people.places.queries import names_of, settings_of
from app.trade.offices import afterwards, rules
from app.trade.offices.models import OfficePaper, OfficeRequest
from app.trade.orders import queries as orders

TITLES: Final = {
    rules.ORDER: _l("Surat Pesanan"),
    rules.BILL: _l("Nota"),
    rules.HANDOVER: _l("Berita Acara Serah Terima"),
    rules.RECEIPT: _l("Kuitansi"),
}
# The name of a file says what it is and nothing of anybody.
FILES: Final = {
    rules.ORDER: "surat-pesanan.pdf",
    rules.BILL: "nota.pdf",
    rules.HANDOVER: "berita-acara.pdf",
    rules.RECEIPT: "kuitansi.pdf",
}


def facts(paper: OfficePaper, asked: OfficeRequest) -> dict[str, Any]:
    """Return what a paper says: each line with the units it is about, the amount in digits and in words."""
    sheet = orders.sheet(paper.order)
    shop, settings = sheet.shop, settings_of(paper.order.regency_code)
    units = "qty_ordered" if paper.kind == rules.ORDER else "qty_handed"
    places = names_of({shop.desa_code, shop.kecamatan_code})
    address = origin() + url_for("offices.confirm", paper_code=paper.code)
    return {
        "paper": paper,
        "title": TITLES[paper.kind],
        "filed": asked,
        "heading": asked.heading.splitlines(),
        "order": sheet.order,
        "shop": shop,
        "place": ", ".join(places[each] for each in (shop.desa_code, shop.kecamatan_code)),
        "kecamatan": places[shop.kecamatan_code],
        "lines": [(line, qty, line.price * qty) for line in sheet.lines if (qty := getattr(line, units))],
        "words": f"{spelled(paper.amount.amount).capitalize()} rupiah",
        "stamped": rules.needs_stamp(paper.kind, paper.amount.amount, settings.get("office.stamp_above")),
        "stamp_worth": Rupiah(settings.get("office.stamp_worth")),
        "notes": afterwards.notes(paper, sheet),
        "address": address,
        "code": papers.code(address),
    }


def pdf(paper: OfficePaper, asked: OfficeRequest) -> Response:
    """Draw a paper.

    Raises:
        Unavailable: the drawing library is not here.
    """
    drawn = papers.draw("trade/offices/paper_pdf.html", "letter.css", **facts(paper, asked))
    return papers.pdf_response(drawn, FILES[paper.kind])

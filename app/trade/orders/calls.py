"""Whom to call about an order: the pendamping's list, and the words that are ready to send."""

from __future__ import annotations

from flask import Response, render_template, request, url_for

from app.core.cookies import private_page
from app.core.i18n import _
from app.core.policy import allow, current_actor
from app.kit import digits, phone
from app.people.accounts.policies import is_pendamping
from app.trade.orders import labels, pages, rungs, waits
from app.trade.orders.buyer import bp
from app.trade.orders.waits import Call

PER_PAGE = 20


@bp.get("/dampingan/pesanan")
@allow(is_pendamping)
def calls() -> Response:
    """List the orders for which a pendamping should call the seller, the oldest first."""
    after = digits.whole(request.args.get("setelah", "")) or 0
    found = waits.list_calls(scope=current_actor(), after_id=after, limit=PER_PAGE + 1)
    shown = found[:PER_PAGE]
    more = url_for("orders.calls", setelah=shown[-1].sheet.order.id) if len(found) > PER_PAGE else None
    return private_page(render_template("trade/orders/calls.html", calls=rows(shown), more=more))


def rows(found: list[Call]) -> list[dict[str, object]]:
    """Return calls as the list shows them."""
    return [
        {
            "call": each,
            "title": pages.title(each.sheet.lines),
            "whys": [(labels.why(wait.why), wait.since) for wait in each.waits],
            "whatsapp": ask_url(each),
        }
        for each in found
    ]


def ask_url(call: Call) -> str:
    """Return the WhatsApp address that asks the seller about an order; empty without a number. Nothing of the buyer."""
    if not call.phone:
        return ""
    facts = {"shop": call.sheet.shop.name, "code": call.sheet.order.code}
    sentences = {
        rungs.SILENT: _("Halo %(shop)s, ada pesanan %(code)s yang menunggu jawaban. Bisa atau tidak, ya?", **facts),
        rungs.AT_RISK: _("Halo %(shop)s, barang untuk pesanan %(code)s kurang. Ada lagi, atau dibatalkan?", **facts),
        rungs.LATE: _("Halo %(shop)s, pesanan %(code)s sudah waktunya siap. Perlu dibantu?", **facts),
        rungs.CLAIM: _("Halo %(shop)s, pembeli %(code)s bilang sudah bayar. Sudah masuk uangnya?", **facts),
        rungs.UNPAID: _("Halo %(shop)s, uang dari kantor untuk pesanan %(code)s sudah masuk?", **facts),
        rungs.REFUND: _("Halo %(shop)s, uang pembeli %(code)s perlu dikembalikan. Sudah dikirim?", **facts),
    }
    first = call.waits[0].why if call.waits else rungs.SILENT
    return phone.whatsapp_url(call.phone, sentences[first])

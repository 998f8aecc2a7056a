"""What an order says of the office that placed it, on the seller's page and on the buyer's."""

from __future__ import annotations

from flask import render_template

from app.core.panels import fill
from app.trade.offices import queries
from app.trade.offices.letters import TITLES
from app.trade.orders.queries import Sheet


@fill("order.seller", order=20)
def for_seller(sheet: Sheet) -> str:
    """Show a seller which office ordered, where and when it needs it, and the papers to sign."""
    if not sheet.order.for_office:
        return ""
    asked = queries.find_of_group(sheet.order.group_id)
    papers = queries.list_papers([sheet.order.id]).get(sheet.order.id, [])
    return render_template("trade/offices/_seller.html", sheet=sheet, filed=asked, papers=papers, titles=TITLES)


@fill("order.buyer", order=20)
def for_buyer(sheet: Sheet) -> str:
    """Lead the office back to the page of its papers."""
    if not sheet.order.for_office:
        return ""
    token = queries.token_of(sheet.order.group_id)
    return render_template("trade/offices/_buyer.html", token=token)

"""The book of the stalls: goods, baskets, settlements and reports recomputed from their rows."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import func, select

from app.core.books import Finding, book
from app.core.db import db
from app.goods.stock.models import Stock, StockMovement
from app.trade.bazaars.models import Application, Bazaar
from app.trade.sales.models import SaleRecord
from app.trade.stalls import happening, queries, reporting, rules
from app.trade.stalls.models import EventStock, Report, Settlement, StallLine, StallSale
from app.trade.stalls.operations import BAZAAR


@book("kasir")
def check() -> list[Finding]:
    """Find what the rows of stalls contradict."""
    return [*unsold(), *unmoved(), *unbooked(), *unsigned(), *unsealed()]


def unsold() -> list[Finding]:
    """Find goods of which another number was sold than the sales say."""
    sums: dict[tuple[int, int], int] = defaultdict(int)
    query = select(StallSale.application_id, StallLine.variant_id, StallLine.qty)
    query = query.join(StallLine, StallLine.sale_id == StallSale.id).where(StallLine.reversal_id.is_(None))
    for application_id, variant_id, qty in db.session.execute(query):
        sums[application_id, variant_id] += qty
    pools = db.session.scalars(select(EventStock).order_by(EventStock.id)).all()
    findings = [
        Finding("event_stock", pool.id, f"says {pool.sold} sold, its sales say {said}")
        for pool in pools
        if (said := sums.pop((pool.application_id, pool.variant_id), 0)) != pool.sold
    ]
    return findings + [Finding("event_stock", key, f"is missing, {qty} were sold") for key, qty in sums.items()]


def unmoved() -> list[Finding]:
    """Find counted goods on a stall that did not leave the stock at home, or left it in another number."""
    moved = select(
        StockMovement.source_id, StockMovement.variant_id, func.sum(StockMovement.on_hand_delta).label("moved")
    )
    moved = moved.where(StockMovement.source_type == BAZAAR, StockMovement.kind != "correction")
    moves = moved.group_by(StockMovement.source_id, StockMovement.variant_id).subquery()
    same = (moves.c.source_id == EventStock.bazaar_id) & (moves.c.variant_id == EventStock.variant_id)
    query = select(EventStock.id).join(Stock, Stock.variant_id == EventStock.variant_id)
    gone = EventStock.taken - EventStock.returned
    query = query.outerjoin(moves, same).where(gone != -func.coalesce(moves.c.moved, 0)).order_by(EventStock.id)
    return [Finding("event_stock", row, "another number left the stock at home") for row in db.session.scalars(query)]


def unbooked() -> list[Finding]:
    """Find lines without their sale in the book, and sales of a bazaar that no stall made."""
    wrong = select(StallLine.id).join(StallSale, StallSale.id == StallLine.sale_id)
    wrong = wrong.join(Application, Application.id == StallSale.application_id)
    wrong = wrong.join(SaleRecord, SaleRecord.id == StallLine.record_id)
    record = SaleRecord
    fits = (record.seller_id == Application.shop_id) & (record.source_id == Application.bazaar_id)
    fits &= (record.qty == StallLine.qty) & (record.source_type == BAZAAR) & record.reversal_of.is_(None)
    fits &= (record.variant_id == StallLine.variant_id) & (record.sold_on == StallSale.day)
    findings = [
        Finding("stall_line", row, "is another sale in the book") for row in db.session.scalars(wrong.where(~fits))
    ]
    known = select(StallLine.record_id).union(select(StallLine.reversal_id).where(StallLine.reversal_id.is_not(None)))
    stray = select(record.id).where(record.source_type == BAZAAR, record.id.not_in(known)).order_by(record.id)
    return findings + [Finding("sale_record", row, "no stall made it") for row in db.session.scalars(stray)]


def unsigned() -> list[Finding]:
    """Find results that their own writer signed, and signed stalls that are not settled."""
    query = select(Settlement).where(Settlement.state == "signed").order_by(Settlement.id)
    findings = []
    for each in db.session.scalars(query):
        if each.signed_by_id in queries.enterers(each.application):
            findings.append(Finding("stall_settlement", each.id, "was signed by somebody who wrote it"))
        if each.application.state != "settled":
            findings.append(Finding("stall_settlement", each.id, f"is signed, its stall is {each.application.state}"))
    return findings


def unsealed() -> list[Finding]:
    """Find reports that were touched, that do not add up, or that the book has left behind."""
    findings = []
    for report in db.session.scalars(select(Report).order_by(Report.id)):
        figures = report.figures
        if rules.seal(figures, report.rule) != report.sha256:
            findings.append(Finding("bazaar_report", report.id, "its hash is another"))
        booked = sum(each.amount.amount for each in reporting.takings(report.bazaar_id))
        parts = sum(each["amount"] for each in figures["stalls"])
        goods = sum(each["amount"] for each in figures["products"])
        if len({figures["total"], parts, goods, booked}) > 1:
            findings.append(Finding("bazaar_report", report.id, "stalls, goods, total and book differ"))
        written = happening.list_incidents(report.bazaar_id)
        told = [(each.id, each.kind, each.happened_at.isoformat()) for each in written]
        sealed = [(each["incident"], each["kind"], each["at"]) for each in figures.get("incidents", ())]
        if told != sealed:
            findings.append(Finding("bazaar_report", report.id, "its incidents are others"))
    unreported = select(Bazaar.id).outerjoin(Report, Report.bazaar_id == Bazaar.id)
    unreported = unreported.where((Bazaar.state == "reported") != Report.id.is_not(None)).order_by(Bazaar.id)
    return findings + [Finding("bazaar", row, "report and state differ") for row in db.session.scalars(unreported)]

"""Reminders to hand the result in, and goods that nobody will sell any more brought home."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from app.core.clock import now
from app.core.db import db
from app.core.jobs import every
from app.goods.stock import operations as stock
from app.goods.stock import queries as stock_queries
from app.goods.stock.rules import Cause
from app.trade.bazaars import steps
from app.trade.bazaars.models import Application, Bazaar, BazaarMessage
from app.trade.stalls import queries
from app.trade.stalls.models import EventStock, Settlement

KIND = "settle_reminder"
AFTER_DAYS = (1, 3)
HOUR, MINUTE = 3600, 60
GONE = ("withdrawn", "no_show", "removed", "not_placed", "offer_lapsed")


def count_reminders(application_id: int) -> int:
    """Count how often a seller was reminded."""
    query = select(func.count()).where(BazaarMessage.application_id == application_id, BazaarMessage.kind == KIND)
    return db.session.scalar(query) or 0


@every(HOUR, "stalls.remind")
def remind() -> None:
    """Remind whoever has not handed the result in, on the first and on the third day after."""
    query = select(Application).join(Bazaar, Bazaar.id == Application.bazaar_id)
    query = query.outerjoin(Settlement, Settlement.application_id == Application.id)
    query = query.where(Bazaar.state == "closed", Application.state == "checked_in", Settlement.id.is_(None))
    for application in db.session.scalars(query.order_by(Application.id)).all():
        sent = count_reminders(application.id)
        due = sum(1 for days in AFTER_DAYS if now() >= application.bazaar.ends_at + timedelta(days=days))
        if sent < due:
            steps.tell(application, KIND, f"{KIND}:{sent + 1}:{application.id}")
    db.session.flush()


@every(MINUTE, "stalls.unpack")
def unpack() -> None:
    """Bring goods home that were packed for a stall which will not be, whole."""
    query = select(EventStock.application_id).join(Application, Application.id == EventStock.application_id)
    query = query.join(Bazaar, Bazaar.id == EventStock.bazaar_id)
    lying = EventStock.taken > EventStock.sold + EventStock.returned + EventStock.damaged
    off = (Bazaar.state == "cancelled") | Application.state.in_(GONE)
    for application_id in sorted(set(db.session.scalars(query.where(lying, off)))):
        application = queries.lock_place(application_id)
        for variant_id, pool in queries.pools_of(application_id).items():
            left = pool.left
            if left and stock_queries.available([variant_id]):
                stock.move(variant_id, "from_event", left, Cause("bazaar", application.bazaar_id, note="bazar batal"))
            pool.returned += left
    db.session.flush()

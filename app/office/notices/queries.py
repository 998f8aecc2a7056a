"""How much waits for a seller, in one question that her pages ask again now and then; and how she is told outside."""

from __future__ import annotations

from sqlalchemy import func, select

from app.core import outbox
from app.core.db import db
from app.goods.shops.models import Shop
from app.office.notices.models import MailAddress, PushAddress
from app.trade.orders import pages, rules
from app.trade.orders.models import Order


def count_waiting(owner_id: int) -> dict[str, int]:
    """Return how many orders stand in each of her lists, how many wait for her answer, and what she has not read."""
    shop = select(Shop.id).where(Shop.owner_id == owner_id, Shop.state != "ended")
    shop_id = shop.order_by(Shop.id.desc()).limit(1).scalar_subquery()
    lists = [pages.count_going(pages.TABS[each]) for each in pages.WAITING]
    query = select(*lists, pages.count_going(("placed",)), outbox.unseen("shop", shop_id))
    row = db.session.execute(query.where(Order.seller_id == shop_id, Order.state.in_(rules.OPEN))).one()
    return dict(zip((*pages.WAITING, "jawab", "kabar"), row, strict=True))


def find_mail(account_id: int) -> MailAddress | None:
    """Return the address of e-mail of an account, or None."""
    return db.session.scalar(select(MailAddress).where(MailAddress.account_id == account_id))


def count_phones(account_id: int) -> int:
    """Return how many browsers tell an account."""
    return db.session.scalar(select(func.count(PushAddress.id)).where(PushAddress.account_id == account_id)) or 0

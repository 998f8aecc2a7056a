"""What is kept of orders: those that her shop got, and those that she placed herself under her number."""

from __future__ import annotations

from sqlalchemy import func, select, update

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.goods.products.queries import kind_of
from app.trade.orders import forgetting
from app.trade.orders.models import Order, OrderEvent, OrderGroup, OrderLine


def _orders(whose: Whose, most: int | None) -> list[Row]:
    query = select(Order).where(Order.seller_id.in_(whose.shop_ids)).order_by(Order.id.desc()).limit(most)
    return [
        {"code": each.code, "total": each.total, "placed": each.created_at, "pickup_place": each.pickup_place}
        for each in db.session.scalars(query)
    ]


def _bought(whose: Whose, most: int | None) -> list[Row]:
    if not whose.phone:
        return []
    door = select(func.max(Order.to_address)).where(Order.group_id == OrderGroup.id).scalar_subquery()
    query = select(OrderGroup, door.label("door")).where(OrderGroup.buyer_phone == whose.phone)
    return [
        {
            "name": each.buyer_name,
            "phone": each.buyer_phone,
            "note": each.note,
            "address": at,
            "placed": each.created_at,
        }
        for each, at in db.session.execute(query.order_by(OrderGroup.id.desc()).limit(most))
    ]


def _erase(whose: Whose, by: Actor) -> None:
    """Keep amounts, days, seller and state; what was sold stays as its category, and no word of anybody stays."""
    hers = select(Order.id).where(Order.seller_id.in_(whose.shop_ids))
    blind = {"synchronize_session": False}
    lines = update(OrderLine).where(OrderLine.order_id.in_(hers))
    db.session.execute(lines.values(name=kind_of(OrderLine.product_id)).execution_options(**blind))
    events = update(OrderEvent).where(OrderEvent.order_id.in_(hers), OrderEvent.note != "")
    db.session.execute(events.values(note="").execution_options(**blind))
    shops = update(Order).where(Order.seller_id.in_(whose.shop_ids))
    db.session.execute(shops.values(pickup_place="").execution_options(**blind))
    if whose.phone:
        groups = select(OrderGroup.id).where(OrderGroup.buyer_phone == whose.phone)
        forgetting.forget_words(db.session.scalars(groups).all())


personal.keeps(
    "orders", _l("Pesanan di lapak"), storey=31, tables=("order", "order_line", "order_event", "money_entry"),
    tell=_orders, erase=_erase,
    words={
        "code": _l("Kode"), "total": _l("Uang"), "placed": _l("Dipesan"), "pickup_place": _l("Tempat ambil"),
    },
)  # fmt: skip
personal.keeps(
    "bought", _l("Pesanan dengan nomor HP ini"), storey=32, tables=("order_group",), tell=_bought,
    words={
        "name": _l("Nama"), "phone": _l("Nomor HP"), "note": _l("Catatan"), "address": _l("Alamat antar"),
        "placed": _l("Dipesan"),
    },
)  # fmt: skip

"""What is kept of orders of offices: who signs for one. Contact and orders are told by `trade/orders`."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select, update

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.trade.offices.models import OfficeRequest
from app.trade.orders.models import OrderGroup

NOBODY = {"purpose": "", "receiver": "", "treasurer": ""}


def _asked(whose: Whose, most: int | None) -> list[Row]:
    if not whose.phone:
        return []
    query = select(OfficeRequest).join(OfficeRequest.group).where(OrderGroup.buyer_phone == whose.phone)
    return [
        {"office": each.office, "purpose": each.purpose, "receiver": each.receiver, "treasurer": each.treasurer}
        for each in db.session.scalars(query.order_by(OfficeRequest.id.desc()).limit(most))
    ]


def _erase(whose: Whose, by: Actor) -> None:
    """Keep the office, which is nobody; names and purpose go."""
    if whose.phone:
        query = select(OrderGroup.id).where(OrderGroup.buyer_phone == whose.phone)
        _forget(db.session.scalars(query).all())


def forget_old() -> None:
    """Forget the names of requests whose buyer was forgotten already."""
    named = or_(*(getattr(OfficeRequest, name) != "" for name in NOBODY))
    query = select(OfficeRequest.group_id).join(OfficeRequest.group).where(OrderGroup.buyer_phone.is_(None), named)
    _forget(db.session.scalars(query).all())


def _forget(group_ids: Sequence[int]) -> None:
    gone = update(OfficeRequest).where(OfficeRequest.group_id.in_(group_ids)).values(**NOBODY)
    db.session.execute(gone.execution_options(synchronize_session=False))
    db.session.expire_all()


personal.keeps(
    "office_orders", _l("Pesanan untuk kantor"), storey=38, tables=("office_request",), tell=_asked, erase=_erase,
    words={
        "office": _l("Kantor"), "purpose": _l("Keperluan"), "receiver": _l("Penerima"), "treasurer": _l("Bendahara"),
    },
)  # fmt: skip

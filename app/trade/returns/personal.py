"""What is kept of complaints: those about her goods with her answers, and those that were sent with her number."""

from __future__ import annotations

from sqlalchemy import Select, select

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.trade.orders.models import Order, OrderGroup
from app.trade.returns import operations, words
from app.trade.returns.models import ReturnCase


def _about(whose: Whose) -> Select[ReturnCase]:
    query = select(ReturnCase).join(Order, Order.id == ReturnCase.order_id).where(Order.seller_id.in_(whose.shop_ids))
    return query.order_by(ReturnCase.id.desc())


def _complaints(whose: Whose, most: int | None) -> list[Row]:
    """Tell what for, how it ended, and her own words; the buyer's are another person's."""
    return [
        {
            "about": words.kind(each.kind),
            "state": words.short(each.state)[0],
            "answer": each.answer,
            "closing": each.closing,
            "said": each.opened_at,
        }
        for each in db.session.scalars(_about(whose).limit(most))
    ]


def _erase(whose: Whose, by: Actor) -> None:
    """Leave kind, units, state and days, and no word of anybody."""
    operations.forget_everything(list(db.session.scalars(_about(whose))))


def _sent(whose: Whose, most: int | None) -> list[Row]:
    if not whose.phone:
        return []
    query = select(ReturnCase).join(Order, Order.id == ReturnCase.order_id)
    query = query.join(OrderGroup, OrderGroup.id == Order.group_id).where(OrderGroup.buyer_phone == whose.phone)
    found = db.session.scalars(query.order_by(ReturnCase.id.desc()).limit(most))
    return [{"about": words.kind(each.kind), "words": each.words, "said": each.opened_at} for each in found]


personal.keeps(
    "complaints", _l("Keluhan pembeli"), storey=34, tables=("return_case", "return_line", "return_event"),
    tell=_complaints, erase=_erase,
    words={
        "about": _l("Tentang"), "state": _l("Keadaan"), "answer": _l("Jawaban penjual"),
        "closing": _l("Kalimat pendamping"), "said": _l("Waktu"),
    },
)  # fmt: skip
personal.keeps(
    "complained", _l("Keluhan yang dikirim dengan nomor HP ini"), storey=35, tables=("return_case",), tell=_sent,
    words={"about": _l("Tentang"), "words": _l("Kalimat"), "said": _l("Waktu")},
)  # fmt: skip

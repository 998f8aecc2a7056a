"""What is kept of sales: the book stays whole; what was typed beside a line can go."""

from __future__ import annotations

from sqlalchemy import select, update

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.trade.sales.models import SaleRecord


def _sales(whose: Whose, most: int | None) -> list[Row]:
    query = select(SaleRecord).where(SaleRecord.seller_id.in_(whose.shop_ids)).order_by(SaleRecord.id.desc())
    return [
        {
            "sold_on": each.sold_on,
            "what": each.free_text,
            "qty": each.qty,
            "amount": each.amount,
            "grade": each.grade,
        }
        for each in db.session.scalars(query.limit(most))
    ]


def _erase(whose: Whose, by: Actor) -> None:
    typed = update(SaleRecord).where(SaleRecord.seller_id.in_(whose.shop_ids), SaleRecord.free_text != "")
    db.session.execute(typed.values(free_text="").execution_options(synchronize_session=False))


personal.keeps(
    "sales", _l("Penjualan"), storey=30, tables=("sale_record", "sale_evidence"), tell=_sales, erase=_erase,
    words={
        "sold_on": _l("Hari"), "what": _l("Catatan"), "qty": _l("Jumlah"), "amount": _l("Uang"),
        "grade": _l("Tingkat bukti"),
    },
)  # fmt: skip

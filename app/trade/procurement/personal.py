"""What is kept of orders of government offices: who bought of her, and their papers."""

from __future__ import annotations

from sqlalchemy import select, update

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.trade.procurement.models import GovernmentOrder, GovernmentPaper, GovernmentReturn


def _orders(whose: Whose, most: int | None) -> list[Row]:
    query = select(GovernmentOrder).where(GovernmentOrder.shop_id.in_(whose.shop_ids))
    return [
        {"buyer": each.buyer, "reference": each.reference, "amount": each.amount, "on": each.sold_on}
        for each in db.session.scalars(query.order_by(GovernmentOrder.id.desc()).limit(most))
    ]


def _erase(whose: Whose, by: Actor) -> None:
    """Keep office, number, amount and day, as the office keeps them; papers and reasons go."""
    hers = select(GovernmentOrder.id).where(GovernmentOrder.shop_id.in_(whose.shop_ids))
    papers = db.session.scalars(select(GovernmentPaper.file).where(GovernmentPaper.order_id.in_(hers)))
    personal.forget_files(private=list(papers))
    bare = update(GovernmentReturn).where(GovernmentReturn.order_id.in_(hers), GovernmentReturn.reason != "")
    db.session.execute(bare.values(reason="").execution_options(synchronize_session=False))


personal.keeps(
    "government_orders", _l("Pesanan kantor pemerintah"), storey=37, tell=_orders, erase=_erase,
    tables=("government_order", "government_paper", "government_return"),
    words={
        "buyer": _l("Kantor pembeli"), "reference": _l("Nomor"), "amount": _l("Uang"), "on": _l("Tanggal"),
    },
)  # fmt: skip

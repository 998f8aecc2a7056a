"""What is kept of stalls: what a seller handed in and why, what her goods were called, who helped her."""

from __future__ import annotations

from sqlalchemy import Select, select, update
from sqlalchemy.orm import joinedload

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.goods.products.models import Variant
from app.goods.products.queries import kind_of
from app.trade.bazaars.models import Application
from app.trade.stalls.models import HelperPass, Settlement, StallLine, StallSale


def _hers(whose: Whose) -> Select[int]:
    return select(Application.id).where(Application.shop_id.in_(whose.shop_ids))


def _settlements(whose: Whose, most: int | None) -> list[Row]:
    query = select(Settlement).where(Settlement.application_id.in_(_hers(whose))).order_by(Settlement.id.desc())
    query = query.options(joinedload(Settlement.application).joinedload(Application.bazaar))
    return [
        {
            "bazaar": each.application.bazaar.name,
            "cash": each.cash,
            "other": each.other,
            "reason": each.reason,
            "answer": each.answer,
            "sent": each.submitted_at,
        }
        for each in db.session.scalars(query.limit(most))
    ]


def _passes(whose: Whose, most: int | None) -> list[Row]:
    return [{"helper": each.name, "since": each.issued_at} for each in _helpers(whose)[:most]]


def _helpers(whose: Whose) -> list[HelperPass]:
    """Return the passes that open one of her stalls, the newest first."""
    places = select(Application).where(Application.shop_id.in_(whose.shop_ids))
    hers = {each.id: each.bazaar_id for each in db.session.scalars(places)}
    query = select(HelperPass).where(HelperPass.bazaar_id.in_(set(hers.values()))).order_by(HelperPass.id.desc())
    return [each for each in db.session.scalars(query) if hers.keys() & set(each.application_ids)]


def _erase(whose: Whose, by: Actor) -> None:
    """Keep goods, money and signatures; what was sold stays as its category, and no word of anybody stays."""
    product = select(Variant.product_id).where(Variant.id == StallLine.variant_id).scalar_subquery()
    sold = select(StallSale.id).where(StallSale.application_id.in_(_hers(whose)))
    for step in (
        update(StallLine).where(StallLine.sale_id.in_(sold)).values(name=kind_of(product)),
        update(Settlement).where(Settlement.application_id.in_(_hers(whose))).values(reason="", answer=""),
    ):
        db.session.execute(step.execution_options(synchronize_session=False))
    for each in _helpers(whose):
        each.name = ""


personal.keeps(
    "stalls", _l("Hasil lapak bazar"), storey=38, tell=_settlements, erase=_erase,
    tables=("event_stock", "stall_sale", "stall_line", "stall_sheet", "stall_settlement"),
    words={
        "bazaar": _l("Bazar"), "cash": _l("Tunai"), "other": _l("Bukan tunai"), "reason": _l("Alasan selisih"),
        "answer": _l("Jawaban petugas"), "sent": _l("Dikirim"),
    },
)  # fmt: skip
personal.keeps(
    "helpers", _l("Pembantu di lapak bazar"), storey=39, tables=("helper_pass",), tell=_passes,
    words={"helper": _l("Nama"), "since": _l("Sejak")},
)  # fmt: skip

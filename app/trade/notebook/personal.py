"""What is kept of notes beside the sale itself: a photo."""

from __future__ import annotations

from sqlalchemy import Select, delete, select

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.trade.notebook.models import SalePhoto
from app.trade.sales.models import SaleRecord


def _hers(whose: Whose) -> Select[int]:
    return select(SaleRecord.id).where(SaleRecord.seller_id.in_(whose.shop_ids))


def _photos(whose: Whose, most: int | None) -> list[Row]:
    query = select(SalePhoto).where(SalePhoto.sale_id.in_(_hers(whose))).order_by(SalePhoto.sale_id.desc()).limit(most)
    return [{"sale": each.sale_id, "since": each.at} for each in db.session.scalars(query)]


def _erase(whose: Whose, by: Actor) -> None:
    gone = delete(SalePhoto).where(SalePhoto.sale_id.in_(_hers(whose))).returning(SalePhoto.file)
    personal.forget_files(private=list(db.session.scalars(gone).all()))


personal.keeps(
    "sale_photos", _l("Foto catatan jualan"), storey=37, tables=("sale_photo",), tell=_photos, erase=_erase,
    words={"sale": _l("Catatan"), "since": _l("Sejak")},
)  # fmt: skip

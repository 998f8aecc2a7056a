"""What is kept of lists of goods: their lines, for a day at most."""

from __future__ import annotations

from sqlalchemy import delete

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Whose
from app.core.policy import Actor
from app.goods.spreadsheets.models import GoodsList


def _erase(whose: Whose, by: Actor) -> None:
    db.session.execute(delete(GoodsList).where(GoodsList.shop_id.in_(whose.shop_ids)))


personal.keeps("goods_lists", _l("Daftar produk yang diunggah"), storey=27, tables=("goods_list",), erase=_erase)

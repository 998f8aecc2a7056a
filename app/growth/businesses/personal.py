"""What is kept of a family's business: which shop was whose on which days, and its licence number."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.goods.shops.models import Shop
from app.growth.businesses.models import AccountTurn, Business


def _businesses(whose: Whose, most: int | None) -> list[Row]:
    query = select(Business, Shop.name).join(Shop, Shop.id == Business.shop_id).where(Business.kpm_id == whose.kpm_id)
    rows = db.session.execute(query.order_by(Business.id.desc()).limit(most))
    return [{"shop": name, "nib": row.nib, "since": row.started_on, "until": row.ended_on} for row, name in rows]


def _erase(whose: Whose, by: Actor) -> None:
    """Keep the dated link for the sums; the number that the state gave goes, and how her account came to be."""
    hers = Business.kpm_id == whose.kpm_id if whose.kpm_id else Business.shop_id.in_(whose.shop_ids)
    db.session.execute(update(Business).where(hers).values(nib=None).execution_options(synchronize_session=False))
    turn = AccountTurn.kpm_id == whose.kpm_id if whose.kpm_id else AccountTurn.shop_id.in_(whose.shop_ids)
    db.session.execute(delete(AccountTurn).where(turn).execution_options(synchronize_session=False))


personal.keeps(
    "businesses", _l("Usaha keluarga"), storey=40, tables=("business", "account_turn"), tell=_businesses, erase=_erase,
    words={"shop": _l("Lapak"), "nib": _l("NIB"), "since": _l("Sejak"), "until": _l("Sampai")},
)  # fmt: skip

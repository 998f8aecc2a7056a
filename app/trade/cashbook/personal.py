"""What is kept of a cash book: all of it is hers, so all of it can go."""

from __future__ import annotations

from sqlalchemy import delete, select

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.trade.cashbook.models import CashEntry
from app.trade.cashbook.words import TITLES


def _entries(whose: Whose, most: int | None) -> list[Row]:
    query = select(CashEntry).where(CashEntry.owner_id == whose.account_id).order_by(CashEntry.id.desc()).limit(most)
    return [
        {"on_day": each.on_day, "what": str(TITLES[each.kind]), "note": each.note, "amount": each.amount}
        for each in db.session.scalars(query)
    ]


def _erase(whose: Whose, by: Actor) -> None:
    hers = CashEntry.owner_id == whose.account_id
    db.session.execute(delete(CashEntry).where(hers, CashEntry.reversal_of.is_not(None)))
    db.session.execute(delete(CashEntry).where(hers))


personal.keeps(
    "cash_book", _l("Buku kas"), storey=38, tables=("cash_entry",), tell=_entries, erase=_erase,
    words={"on_day": _l("Hari"), "what": _l("Jenis"), "note": _l("Catatan"), "amount": _l("Uang")},
)  # fmt: skip

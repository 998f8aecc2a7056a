"""What is kept of a seller's phones: that they tell her. Their addresses go with her."""

from __future__ import annotations

from sqlalchemy import select

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.office.notices import operations
from app.office.notices.models import PushAddress


def _phones(whose: Whose, most: int | None) -> list[Row]:
    query = select(PushAddress.created_at).where(PushAddress.account_id == whose.account_id)
    return [{"since": since} for since in db.session.scalars(query.order_by(PushAddress.id.desc()).limit(most))]


def _erase(whose: Whose, by: Actor) -> None:
    if whose.account_id is not None:
        operations.forget_phones(whose.account_id)


personal.keeps(
    "push_phones", _l("HP yang memberi kabar"), storey=55, tables=("push_address",), tell=_phones, erase=_erase,
    words={"since": _l("Sejak")},
)  # fmt: skip

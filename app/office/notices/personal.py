"""What is kept of how a seller is told outside: her phones and her e-mail. Their addresses go with her."""

from __future__ import annotations

from sqlalchemy import literal, select, union_all

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.office.notices import operations
from app.office.notices.models import MailAddress, PushAddress


def _ways(whose: Whose, most: int | None) -> list[Row]:
    phones = select(PushAddress.created_at.label("since"), literal("").label("address"))
    letters = select(MailAddress.created_at, MailAddress.address).where(MailAddress.account_id == whose.account_id)
    both = union_all(phones.where(PushAddress.account_id == whose.account_id), letters).subquery()
    rows = db.session.execute(select(both).order_by(both.c.since.desc(), both.c.address).limit(most))
    return [{"since": row.since, "address": row.address} for row in rows]


def _erase(whose: Whose, by: Actor) -> None:
    if whose.account_id is not None:
        operations.forget_phones(whose.account_id)
        operations.forget_mail(whose.account_id)


personal.keeps(
    "push_phones", _l("HP dan surel yang memberi kabar"), storey=55, tables=("push_address", "mail_address"),
    tell=_ways, erase=_erase, words={"since": _l("Sejak"), "address": _l("Alamat surel")},
)  # fmt: skip

"""What is kept of the way in: her account, phones, cards, sessions, and what she agreed to."""

from __future__ import annotations

from sqlalchemy import delete, select

from app.core import personal
from app.core.clock import now
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.people.accounts import operations, words
from app.people.accounts.models import Account, Consent, Device, LoginCard, WebSession
from app.people.places.queries import get_region

NAMELESS = "Akun terhapus"


def _account(whose: Whose, _most: int | None) -> list[Row]:
    account = _find(whose)
    if account is None:
        return []
    region = get_region(account.region_code).full_name
    facts: Row = {"name": account.name, "phone": account.phone, "task": words.role(account.role), "region": region}
    return [facts | {"since": account.created_at}]


def _find(whose: Whose) -> Account | None:
    return db.session.get(Account, whose.account_id) if whose.account_id else None


def _consents(whose: Whose, most: int | None) -> list[Row]:
    query = select(Consent).where(Consent.account_id == whose.account_id).order_by(Consent.id.desc()).limit(most)
    return [
        {
            "purpose": words.purpose(each.purpose),
            "wording": each.wording_version,
            "given": each.given_at,
            "withdrawn": each.withdrawn_at,
        }
        for each in db.session.scalars(query)
    ]


def _devices(whose: Whose, most: int | None) -> list[Row]:
    query = select(Device).where(Device.account_id == whose.account_id).order_by(Device.id.desc()).limit(most)
    return [
        {"device": each.label, "since": each.bound_at, "last_used": each.last_used_at, "forgotten": each.ended_at}
        for each in db.session.scalars(query)
    ]


def _sessions(whose: Whose, most: int | None) -> list[Row]:
    query = select(WebSession).where(WebSession.account_id == whose.account_id).order_by(WebSession.id.desc())
    return [
        {"device": each.label, "since": each.created_at, "last_used": each.seen_at, "ended": each.ended_at}
        for each in db.session.scalars(query.limit(most))
    ]


def _cards(whose: Whose, most: int | None) -> list[Row]:
    query = select(LoginCard).where(LoginCard.account_id == whose.account_id).order_by(LoginCard.id.desc()).limit(most)
    return [
        {"issued": each.issued_at, "first_used": each.first_used_at, "ended": each.ended_at}
        for each in db.session.scalars(query)
    ]


def _erase(whose: Whose, by: Actor) -> None:
    """Leave a row that history can point to, without a name, a number or a way in."""
    account = _find(whose)
    if account is None:
        return
    operations.end(account, by=by)
    account.name, account.phone, account.erased_at = NAMELESS, None, now()
    account.pin_hash = account.password_hash = account.totp_sealed = account.creation_key = None
    db.session.flush()
    for kind in (WebSession, Device, LoginCard):
        db.session.execute(delete(kind).where(kind.account_id == account.id))


_SINCE, _ENDED, _DEVICE = _l("Sejak"), _l("Berakhir"), _l("Perangkat")
personal.keeps(
    "account", _l("Akun"), storey=10, tables=("account",), tell=_account, erase=_erase,
    words={"name": _l("Nama"), "phone": _l("Nomor HP"), "task": _l("Tugas"), "region": _l("Wilayah"), "since": _SINCE},
)  # fmt: skip
personal.keeps(
    "consents", _l("Yang pernah disetujui"), storey=11, tables=("consent",), tell=_consents,
    words={
        "purpose": _l("Untuk apa"), "wording": _l("Bunyi"), "given": _l("Diberikan"), "withdrawn": _l("Ditarik"),
    },
)  # fmt: skip
personal.keeps(
    "devices", _l("HP yang dikenal"), storey=12, tables=("device",), tell=_devices,
    words={
        "device": _DEVICE, "since": _SINCE, "last_used": _l("Terakhir dipakai"), "forgotten": _l("Dilupakan"),
    },
)  # fmt: skip
personal.keeps(
    "sessions", _l("Pernah masuk di"), storey=13, tables=("web_session",), tell=_sessions,
    words={"device": _DEVICE, "since": _SINCE, "last_used": _l("Terakhir dipakai"), "ended": _ENDED},
)  # fmt: skip
personal.keeps(
    "cards", _l("Kartu masuk"), storey=14, tables=("login_card",), tell=_cards,
    words={"issued": _l("Dibuat"), "first_used": _l("Pertama dipakai"), "ended": _ENDED},
)  # fmt: skip

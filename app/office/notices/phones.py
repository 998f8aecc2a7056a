"""A seller lets her phone tell her, and stops it again: a part of her account's page."""

from __future__ import annotations

from flask import flash, redirect, render_template
from sqlalchemy import delete, func, select
from werkzeug.wrappers import Response as BaseResponse

from app.core.db import db, transaction
from app.core.errors import DomainError
from app.core.forms import posted
from app.core.i18n import _, _l
from app.core.panels import fill
from app.core.policy import Actor, allow, current_actor
from app.core.vault import token_hash
from app.office.notices import push
from app.office.notices.door import bp
from app.office.notices.models import PushAddress
from app.office.notices.policies import is_seller
from app.people.accounts.models import Account

MOST, LONGEST = 5, 1000
ACCOUNT = "/saya"


class NoPhone(DomainError):
    """What the browser gave is no address of a message service."""

    status = 422
    text = _l("HP ini belum bisa diberi kabar. Coba lagi, atau pakai peramban lain.")


@bp.post("/saya/kabar-hp")
@allow(is_seller)
def begin() -> BaseResponse:
    """Let this phone tell her.

    Raises:
        NoPhone: the browser gave something else.
    """
    with transaction():
        keep(current_actor(), posted("alamat"), posted("kunci"), posted("rahasia"))
    flash(_("HP ini akan memberi kabar."), "success")
    return redirect(ACCOUNT, 303)


@bp.post("/saya/kabar-hp/berhenti")
@allow(is_seller)
def stop() -> BaseResponse:
    """Let no phone of hers tell her any more."""
    with transaction():
        db.session.execute(delete(PushAddress).where(PushAddress.account_id == current_actor().id))
    flash(_("HP tidak memberi kabar lagi."), "success")
    return redirect(ACCOUNT, 303)


def keep(by: Actor, endpoint: str, point: str, auth: str) -> None:
    """Keep the address of a browser, once, and at most a few for each account: the oldest make room."""
    if len(endpoint) > LONGEST or not push.is_service(endpoint) or not push.is_key(point, auth):
        raise NoPhone
    db.session.execute(select(Account.id).where(Account.id == by.id).with_for_update())
    hashed = token_hash(endpoint)
    db.session.execute(delete(PushAddress).where(PushAddress.endpoint_hash == hashed))
    db.session.add(PushAddress(account_id=by.id, endpoint_hash=hashed, endpoint=endpoint, point=point, auth=auth))
    db.session.flush()
    newest = select(PushAddress.id).where(PushAddress.account_id == by.id).order_by(PushAddress.id.desc()).limit(MOST)
    kept = list(db.session.scalars(newest))
    old = delete(PushAddress).where(PushAddress.account_id == by.id, PushAddress.id.not_in(kept))
    db.session.execute(old)


@fill("account.own")
def phones(*, account: Account) -> str:
    """Show a seller whether her phone tells her, and let her change it."""
    if account.role != "seller":
        return ""
    count = db.session.scalar(select(func.count()).where(PushAddress.account_id == account.id)) or 0
    return render_template("office/notices/_phone.html", count=count, key=push.public_key())

"""A seller lets her phone tell her, and stops it again: a part of her account's page."""

from __future__ import annotations

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response as BaseResponse

from app.core.db import transaction
from app.core.forms import posted
from app.core.i18n import _
from app.core.panels import fill
from app.core.policy import allow, current_actor
from app.office.notices import operations, push, queries
from app.office.notices.door import bp
from app.office.notices.policies import is_seller
from app.people.accounts.models import Account

ACCOUNT = "/saya"


@bp.post("/saya/kabar-hp")
@allow(is_seller)
def begin() -> BaseResponse:
    """Let this phone tell her.

    Raises:
        NoPhone: the browser gave something else.
    """
    with transaction():
        operations.keep_phone(current_actor(), posted("alamat"), posted("kunci"), posted("rahasia"))
    flash(_("HP ini akan memberi kabar."), "success")
    return redirect(ACCOUNT, 303)


@bp.post("/saya/kabar-hp/berhenti")
@allow(is_seller)
def stop() -> BaseResponse:
    """Let no phone of hers tell her any more."""
    with transaction():
        operations.forget_phones(current_actor().id)
    flash(_("HP tidak memberi kabar lagi."), "success")
    return redirect(ACCOUNT, 303)


@fill("account.own")
def phones(*, account: Account) -> str:
    """Show a seller whether her phone tells her, and let her change it."""
    if not is_seller(account):
        return ""
    return render_template("office/notices/_phone.html", count=queries.count_phones(account.id), key=push.public_key())

"""A seller or an officer lets e-mail tell them, where the office has a server for it: one address, theirs to change and
to empty. Nothing but one letter goes there before whoever reads it has said yes.
"""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.core.addresses import origin
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import NotFound, TooMany
from app.core.forms import EmailField, Form, posted
from app.core.i18n import _, _l
from app.core.panels import fill
from app.core.policy import allow, current_actor, public
from app.kit.mail import mask as masked
from app.office.notices import links, mail, operations, queries
from app.office.notices.door import bp
from app.office.notices.phones import ACCOUNT
from app.office.notices.policies import is_told
from app.people.accounts.models import Account


class MailForm(Form):
    """An address, or nothing."""

    surel = EmailField(_l("Alamat surel"), render_kw={"type": "email", "autocomplete": "email"})


@fill("account.own", order=51)
def letters(*, account: Account) -> str:
    """Show whether e-mail tells this account, and let its owner change it."""
    if not is_told(account) or not mail.is_set_up():
        return ""
    kept = queries.find_mail(account.id)
    shown = masked(kept.address) if kept else ""
    return render_template("office/notices/_mail.html", address=shown, waits=kept is not None and not kept.confirmed_at)


@bp.route("/saya/surel", methods=["GET", "POST"])
@allow(is_told)
def own_mail() -> ResponseReturnValue:
    """Take an address and send it the letter with the link, or keep none.

    Raises:
        NotFound: this office sends no e-mail.
    """
    if not mail.is_set_up():
        raise NotFound
    kept = queries.find_mail(current_actor().id)
    form = MailForm(data={"surel": kept.address if kept else ""})
    if not form.filled():
        return _form_page(form, 422 if form.is_submitted() else 200)
    try:
        with transaction():
            kept = operations.keep_mail(current_actor(), form.surel.data or "", home=origin())
            waits = kept is not None and kept.confirmed_at is None
    except TooMany as refusal:
        form.note("surel", _("Hari ini sudah terlalu banyak surel dikirim. Coba lagi besok."))
        return _form_page(form, refusal.status)
    flash(_said(form.surel.data or "", waits=waits), "success")
    return redirect(ACCOUNT, 303)


def _said(address: str, *, waits: bool) -> str:
    if waits:
        return _("Kami kirim surel ke %(address)s. Buka tautan di dalamnya.", address=masked(address))
    return _("Kabar dikirim ke surel itu.") if address else _("Surel tidak memberi kabar lagi.")


def _form_page(form: MailForm, status: int) -> ResponseReturnValue:
    kept = queries.find_mail(current_actor().id)
    return private_page(render_template("office/notices/mail.html", form=form, has=kept is not None), status)


@bp.route("/surel/<code:token>", methods=["GET", "POST"])
@public
def confirm(token: str) -> ResponseReturnValue:
    """Ask whoever opened the link whether the address is theirs; only the answer changes anything.

    Programs that look into letters open links too, so opening it is no answer.
    """
    kept = links.get_by_token(token)
    shown, answer = masked(kept.address), posted("jawab")
    if request.method == "POST" and answer in ANSWERS:
        with transaction():
            ANSWERS[answer](token)
        return private_page(render_template("office/notices/confirmed.html", address=shown, yes=answer == "ya"))
    page = render_template("office/notices/confirm.html", address=shown, token=token, yes=kept.confirmed_at is not None)
    return private_page(page)


ANSWERS = {"ya": operations.confirm_mail, "bukan": operations.refuse_mail}

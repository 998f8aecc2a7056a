"""A seller lets e-mail tell her, where the office has a server for it: one address, hers to change and to empty."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import NotFound
from app.core.forms import EmailField, Form
from app.core.i18n import _, _l
from app.core.policy import allow, current_actor
from app.office.notices import mail, operations, queries
from app.office.notices.door import bp
from app.office.notices.phones import ACCOUNT
from app.office.notices.policies import is_seller


class MailForm(Form):
    """Her address, or nothing."""

    surel = EmailField(_l("Alamat surel"), render_kw={"type": "email", "autocomplete": "email"})


@bp.route("/saya/surel", methods=["GET", "POST"])
@allow(is_seller)
def own_mail() -> ResponseReturnValue:
    """Take the address that tells her, or none.

    Raises:
        NotFound: this office sends no e-mail.
    """
    if not mail.is_set_up():
        raise NotFound
    form = MailForm(data={"surel": queries.find_mail(current_actor().id)})
    if not form.filled():
        page = render_template("office/notices/mail.html", form=form)
        return private_page(page, 422 if form.is_submitted() else 200)
    with transaction():
        operations.keep_mail(current_actor(), form.surel.data or "")
    flash(_("Kabar dikirim ke surel itu.") if form.surel.data else _("Surel tidak memberi kabar lagi."), "success")
    return redirect(ACCOUNT, 303)

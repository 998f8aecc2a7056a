"""Saying once more who one is, before a way in is changed; an officer's word of a moment ago still counts."""

from __future__ import annotations

from flask import session
from wtforms import Field

from app.core.clock import now
from app.core.db import transaction
from app.core.errors import TooMany
from app.core.forms import Form
from app.core.i18n import _
from app.core.policy import current_actor
from app.people.accounts import hashing, operations, queries, rules
from app.people.accounts.forms import ProvedForm
from app.people.accounts.models import Account


def is_fresh() -> bool:
    """Tell whether whoever is signed in proved it on this device a moment ago: at the sign-in, or since."""
    age = now().timestamp() - float(session.get(rules.PROVED_AT, 0))
    return 0 <= age < rules.PROOF_LASTS.total_seconds()


def is_said(form: ProvedForm) -> bool:
    """Tell whether the own password came with what was filled in, where the form asks for it."""
    return "sandi" not in form or is_proved(form, form.sandi, queries.get_own(current_actor()))


def is_proved(form: Form, field: Field, account: Account) -> bool:
    """Check the present PIN or password of whoever is signed in; a wrong one stands beside its field."""
    try:
        with transaction():
            operations.count_proof(account)
    except TooMany as refusal:
        form.note(field.name, refusal)
        return False
    if account.is_staff:
        right = hashing.is_password(account.password_hash, field.data)
    else:
        right = hashing.is_pin(account.pin_hash, field.data)
    if not right:
        form.note(field.name, _("Belum cocok dengan yang dipakai sekarang."))
        return False
    session[rules.PROVED_AT] = now().timestamp()
    return True

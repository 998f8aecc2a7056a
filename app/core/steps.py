"""The step that a form is for: it is done and the next page says so, or the form comes back with the reason."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from app.core.db import transaction
from app.core.errors import DomainError
from app.core.forms import Form

Made = TypeVar("Made")
LONGEST_KEY = 64


def key_of(form: Any) -> str:
    """Return the key (`kunci`) under which a form counts once; a form that was never sent gets one."""
    form.kunci.data = (form.kunci.data or "")[:LONGEST_KEY] or secrets.token_urlsafe(16)
    return str(form.kunci.data)


def step(
    form: Form,
    act: Callable[[], Made],
    page: Callable[[int], ResponseReturnValue],
    *,
    done: Callable[[Made], str],
    said: str,
    draft: str = "",
    beside: Mapping[type[DomainError], str] | None = None,
) -> ResponseReturnValue:
    """Show a form until it holds, then act in one transaction and go on.

    Args:
        form: what people type; it comes back with everything they typed.
        act: the operation; its refusal stands over the form, or beside the field that `beside` names.
        page: renders the form with a status.
        done: the address that follows what was made.
        said: the sentence over the page that follows.
        draft: the key of what the phone kept of the form, which has reached us then.
        beside: fields by the refusal that is about them.
    """
    if not form.filled():
        return page(422 if form.is_submitted() else 200)
    try:
        with transaction():
            made = act()
    except DomainError as refusal:
        field = next((name for kind, name in (beside or {}).items() if isinstance(refusal, kind)), None)
        if field:
            form.note(field, refusal)
        else:
            form.form_errors = [str(refusal)]
        return page(refusal.status)
    flash(said, "success")
    if draft:
        flash(draft, "draft-done")
    return redirect(done(made), 303)

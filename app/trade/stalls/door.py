"""Where the pages of stalls hang, and how a button of theirs is answered."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue

from app.core.db import transaction
from app.core.errors import DomainError, Unreadable
from app.core.forms import posted
from app.core.i18n import _

bp = Blueprint("stalls", __name__)


def do(acts: dict[str, Any], after: str) -> ResponseReturnValue:
    """Do the step that a button named, and say on the page before why it could not be."""
    act = acts.get(posted("langkah"))
    if act is None:
        raise Unreadable
    try:
        with transaction():
            act()
    except DomainError as refusal:
        flash(str(refusal), "error")
        return redirect(after, 303)
    flash(_("Tersimpan."), "success")
    return redirect(after, 303)

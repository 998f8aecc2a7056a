"""Where the pages of the notebook hang, and the name under which a phone keeps what was not sent yet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, flash, url_for

from app.core.i18n import _
from app.core.policy import current_actor
from app.core.vault import blind
from app.trade.sales.models import SaleRecord

bp = Blueprint("notebook", __name__)

TOKEN_LENGTH = 32


@bp.app_context_processor
def owners() -> dict[str, Any]:
    """Let the pages of a seller's desk name her to the phone."""
    return {"notes_owner": owner_token}


def owner_token() -> str:
    """Return what stands for whoever is signed in beside the notes that wait on the phone: it names nobody."""
    return blind(str(current_actor().id), "notebook-owner")[:TOKEN_LENGTH]


def say_written(sale: SaleRecord) -> None:
    """Say that her note stands in the book, with the way back."""
    undo = url_for("notebook.take_back", sale_id=sale.id)
    words = {"text": _("Tercatat: %(amount)s.", amount=sale.amount), "url": undo, "label": _("Batalkan")}
    flash(words, "undo")  # type: ignore[arg-type]


def say_short(names: Iterable[str]) -> None:
    """Say of which goods fewer were counted here than she sold: the sale stands, she counts the shelf again."""
    if told := ", ".join(dict.fromkeys(names)):
        flash(_("Stok %(names)s di sini kurang dari yang dicatat. Hitung lagi stoknya.", names=told), "warning")

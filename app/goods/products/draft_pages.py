"""Drafts on pages: throwing one away. Going on with one is the page of a new product itself."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.core.db import transaction
from app.core.i18n import _
from app.core.policy import allow
from app.goods.products import drafting, policies
from app.goods.products.door import bp
from app.goods.products.models import ProductDraft


@bp.post("/jualan/produk/draf/<id:draft_id>/hapus")
@allow(policies.began, drafting.get_draft)
def drop_draft(draft: ProductDraft) -> ResponseReturnValue:
    """Throw a draft away."""
    with transaction():
        drafting.forget(draft)
    flash(_("Draf dihapus."), "success")
    return redirect(url_for("products.index"), 303)

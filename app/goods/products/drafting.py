"""Drafts: a new product that its seller began, kept word by word until she sends it or throws it away."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Final

from sqlalchemy import func, select

from app.core.clock import now
from app.core.db import advisory_lock, db
from app.core.errors import DomainError, NotFound
from app.core.i18n import _l
from app.goods.photos.models import Photo
from app.goods.products import rules
from app.goods.products.models import ProductDraft
from app.goods.shops.models import Shop

LOCK: Final = 7_300_000_000_002
MOST: Final = 20


class TooManyDrafts(DomainError):
    """More than anybody finishes."""

    text = _l("Drafnya sudah banyak. Selesaikan atau hapus satu dulu, ya.")


def get_draft(draft_id: int) -> ProductDraft:
    """Return a draft.

    Raises:
        NotFound: there is none with this number.
    """
    found = db.session.get(ProductDraft, draft_id)
    if found is None:
        raise NotFound(draft_id)
    return found


def find_draft(shop: Shop, draft_id: int) -> ProductDraft | None:
    """Return a draft of a shop, or None."""
    return db.session.scalar(select(ProductDraft).where(ProductDraft.id == draft_id, ProductDraft.shop_id == shop.id))


def list_drafts(shop: Shop) -> list[ProductDraft]:
    """Return what a seller began, the latest first."""
    query = select(ProductDraft).where(ProductDraft.shop_id == shop.id)
    return list(db.session.scalars(query.order_by(ProductDraft.saved_at.desc(), ProductDraft.id.desc())))


def save(shop: Shop, key: str, typed: Mapping[str, str], photo: Photo | None, *, version: int) -> ProductDraft:
    """Keep what was typed under the key of its form; a page that was opened before a later save makes its own draft.

    Raises:
        TooManyDrafts: there is no room for one more.
    """
    advisory_lock(LOCK)
    own_key = rules.own_key(shop.id, key)
    known = db.session.scalar(select(ProductDraft).where(ProductDraft.key == own_key))
    photo_id = photo.id if photo else None
    if known is not None and (dict(known.typed), known.photo_id) == (dict(typed), photo_id):
        return known
    if known is None or known.version != version:
        if known is not None:
            own_key = rules.own_key(shop.id, secrets.token_urlsafe(16))
        held = select(func.count()).select_from(ProductDraft).where(ProductDraft.shop_id == shop.id)
        if (db.session.scalar(held) or 0) >= MOST:
            raise TooManyDrafts(shop)
        known = ProductDraft(shop_id=shop.id, key=own_key, version=0)
        db.session.add(known)
    known.typed, known.photo_id, known.saved_at = dict(typed), photo_id, now()
    known.version += 1
    db.session.flush()
    return known


def forget(draft: ProductDraft) -> None:
    """Throw a draft away."""
    db.session.delete(draft)
    db.session.flush()


def sent(shop: Shop, key: str) -> None:
    """Forget the draft of a form that has become a product."""
    draft = db.session.scalar(select(ProductDraft).where(ProductDraft.key == rules.own_key(shop.id, key)))
    if draft is not None:
        forget(draft)

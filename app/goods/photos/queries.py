"""Questions about photos."""

from __future__ import annotations

from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select

from app.core.db import db
from app.core.errors import NotFound
from app.core.storage import public_store
from app.core.vault import settings
from app.goods.photos import rules
from app.goods.photos.models import Photo

LONGEST_TICKET = 200


def picture(photo: Photo | None) -> rules.Picture | None:
    """Return the addresses of a photo, None when there is none."""
    return picture_of(photo) if photo else None


def picture_of(row: Any) -> rules.Picture | None:
    """Return the addresses of the photo whose columns stand in this row, None when they are empty."""
    if not row.stem:
        return None
    start = public_store().url(f"{row.stem}.jpg").removesuffix(".jpg")
    return rules.picture(start, ready=row.ready, width=row.width, height=row.height)


def data_of(stem: str, *, ready: bool) -> bytes | None:
    """Return the small square of a photo for a paper, the master until it is made; None when its file is not there."""
    try:
        return public_store().read(f"{stem}-{rules.ENDINGS[1]}" if ready else f"{stem}.jpg")
    except NotFound:
        return None


def thumb_of(stem: str) -> bytes | None:
    """Return the smallest square of a photo for a paper, None when its file is not there."""
    try:
        return public_store().read(f"{stem}-{rules.ENDINGS[0]}")
    except NotFound:
        return None


def ticket(photo: Photo) -> str:
    """Return what a form carries so that a photo that has arrived need not be sent again."""
    return str(_signer().dumps([photo.id, photo.shop_id]))


def find_by_ticket(text: str, shop_id: int) -> Photo | None:
    """Return the photo that a form of this shop carried, or None."""
    try:
        facts = _signer().loads(text[:LONGEST_TICKET]) if text else None
    except (BadData, ValueError):
        return None
    if not isinstance(facts, list) or len(facts) != 2 or facts[1] != shop_id:
        return None
    return db.session.scalar(select(Photo).where(Photo.id == facts[0], Photo.shop_id == shop_id))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().derive("photo-ticket"), salt="photo")

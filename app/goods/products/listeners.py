"""Work that waits for its turn: sizes of photos, and photos that nobody came back for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.core.clock import now
from app.core.db import db
from app.core.jobs import every, handler
from app.goods.photos import operations as photos
from app.goods.photos.models import Photo
from app.goods.products import queries, shelving

LOOSE_AFTER = timedelta(days=1)
SWEEP_SECONDS = 3600


@handler(photos.SIZES_JOB)
def make_sizes(payload: dict[str, Any]) -> None:
    """Make the sizes of one photo, and show it on the cards of its products."""
    photo = db.session.get(Photo, payload["photo_id"])
    if photo is None:
        return
    photos.make_sizes(photo)
    shelving.refresh_cards(photo)


@every(SWEEP_SECONDS, "photo.sweep")
def forget_loose_photos() -> None:
    """Remove photos of forms that were never finished."""
    for photo in queries.list_loose_photos(now() - LOOSE_AFTER):
        photos.forget(photo)

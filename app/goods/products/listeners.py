"""Work that waits for its turn: sizes of photos, and photos that nobody came back for."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from app.core.clock import now
from app.core.db import db
from app.core.jobs import Finish, every, slow_handler
from app.goods.photos import operations as photos
from app.goods.photos.models import Photo
from app.goods.products import queries, shelving

LOOSE_AFTER = timedelta(days=1)
SWEEP_SECONDS = 3600


@slow_handler(photos.SIZES_JOB)
def make_sizes(payload: dict[str, Any]) -> Finish:
    """Make the sizes of one photo while others write, then show it on the cards of its products."""
    number = payload["photo_id"]
    stem = db.session.scalar(select(Photo.stem).where(Photo.id == number, Photo.ready.is_(False)))
    db.session.rollback()  # nothing stays open while the sizes are made
    if stem is None:
        return _nothing
    photos.make_files(stem)
    return partial(_show, number, stem)


def _nothing() -> None:
    """Do nothing: the photo is gone, or had its sizes."""


def _show(number: int, stem: str) -> None:
    photo = db.session.get(Photo, number)
    if photo is None:
        photos.forget_files(stem)  # it was taken away meanwhile, and what was just made goes after it
        return
    photo.ready = True
    db.session.flush()
    shelving.refresh_cards(photo)


@every(SWEEP_SECONDS, "photo.sweep")
def forget_loose_photos() -> None:
    """Remove photos of forms that were never finished."""
    for photo in queries.list_loose_photos(now() - LOOSE_AFTER):
        photos.forget(photo)

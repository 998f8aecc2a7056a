"""Keeping photos: the master at once, every other size by a job, so that a seller does not wait for them."""

from __future__ import annotations

from app.core import limits, storage
from app.core.db import db
from app.core.jobs import enqueue
from app.core.pictures import Master, renditions
from app.core.policy import Actor
from app.goods.photos.models import Photo
from app.goods.photos.rules import ENDINGS

SIZES_JOB = "photo.sizes"
LIMIT = "photo"


def count_try(by: Actor) -> None:
    """Count a photo before it is decoded: that is the costly part, and most costly when nothing comes of it.

    Raises:
        TooMany: this account sent more photos in an hour than anybody photographs.
    """
    limits.spend(LIMIT, by.id)


def keep(master: Master, shop_id: int) -> Photo:
    """Store a cleaned photo and ask for its sizes.

    Raises:
        StorageFull: the disk took no more.
    """
    name = storage.new_name(master.extension)
    storage.public_store().put(name, master.data)
    photo = Photo(shop_id=shop_id, stem=name.rpartition(".")[0], width=master.width, height=master.height)
    db.session.add(photo)
    db.session.flush()
    enqueue(SIZES_JOB, {"photo_id": photo.id}, key=f"{SIZES_JOB}:{photo.id}")
    return photo


def make_files(stem: str) -> None:
    """Make every size of a photo from its master; doing it twice changes nothing. Call it outside any transaction."""
    store, name = storage.public_store(), f"{stem}.jpg"
    for ending, rendition in renditions(store.read(name)).items():
        store.put(storage.sibling(name, ending), rendition.data)


def forget(photo: Photo) -> None:
    """Remove a photo that no product shows, with all its files."""
    stem = photo.stem
    db.session.delete(photo)
    db.session.flush()
    forget_files(stem)


def forget_files(stem: str) -> None:
    """Remove the master and every size."""
    store, name = storage.public_store(), f"{stem}.jpg"
    for each in (name, *(storage.sibling(name, ending) for ending in ENDINGS)):
        store.delete(each)

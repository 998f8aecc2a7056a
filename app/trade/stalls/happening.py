"""What happens on the days of a bazaar: incidents, written down while it runs, and photos that visitors see too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import func, select

from app.core import audit, papers, personal, storage
from app.core.clock import now
from app.core.db import db
from app.core.errors import DomainError, NotFound
from app.core.i18n import _l
from app.core.jobs import Finish, enqueue, slow_handler
from app.core.pictures import Master
from app.core.policy import Actor
from app.goods.photos import operations as photos
from app.goods.photos import queries as pictures
from app.goods.photos.rules import ENDINGS, Picture
from app.trade.bazaars import steps
from app.trade.bazaars.models import Bazaar
from app.trade.stalls.models import BazaarPhoto, Incident

SIZES_JOB = "bazaar_photo.sizes"
MOST_PHOTOS = 24


class NotThen(DomainError):
    """An incident happens while the bazaar runs, and not in an hour to come."""

    status = 422
    text = _l("Isi jam sejak bazar dibuka sampai sekarang.")


class NoPhoto(DomainError):
    """There is nothing to keep."""

    status = 422
    text = _l("Ambil atau pilih foto dulu.")


class EnoughPhotos(DomainError):
    """More pictures than anybody looks at."""

    text = _l("Fotonya sudah 24. Hapus satu dulu.")


@dataclass(frozen=True)
class Happened:
    """An incident as somebody tells it: what kind, when, what, and what was done about it."""

    kind: str
    at: datetime
    text: str
    done: str = ""


def record(bazaar: Bazaar, told: Happened, key: str, *, by: Actor) -> Incident:
    """Write an incident down; the same key again finds it. Nobody changes it: what follows is another one.

    Raises:
        NotNow: the bazaar does not run.
        NotThen: it had not opened, or the hour is to come.
    """
    bazaar = steps.begin(bazaar)
    known = db.session.scalar(select(Incident).where(Incident.bazaar_id == bazaar.id, Incident.key == key))
    if known is not None:
        return known
    if bazaar.state != "running":
        raise steps.NotNow(bazaar)
    if not bazaar.starts_at <= told.at <= now():
        raise NotThen(bazaar)
    made = Incident(
        key=key, bazaar_id=bazaar.id, kind=told.kind, happened_at=told.at, text=told.text, done=told.done, by_id=by.id
    )
    db.session.add(made)
    db.session.flush()
    audit.record(by, "bazaar.incident", made, bazaar=bazaar.id, kind=told.kind)
    return made


def list_incidents(bazaar_id: int) -> list[Incident]:
    """Return what happened at a bazaar, in the order of the day."""
    query = select(Incident).where(Incident.bazaar_id == bazaar_id).order_by(Incident.happened_at, Incident.id)
    return list(db.session.scalars(query))


def add_photo(bazaar: Bazaar, master: Master | None, caption: str, key: str, *, by: Actor) -> BazaarPhoto:
    """Keep a photo of a bazaar for everybody to see; the same key again finds it.

    Raises:
        NoPhoto: none came.
        NotNow: the day has not begun, or the report is signed.
        EnoughPhotos: there are many already.
        StorageFull: the disk took no more.
    """
    if master is None:
        raise NoPhoto(bazaar)
    bazaar = steps.begin(bazaar, "running", "closed")
    known = db.session.scalar(select(BazaarPhoto).where(BazaarPhoto.bazaar_id == bazaar.id, BazaarPhoto.key == key))
    if known is not None:
        return known
    if (db.session.scalar(select(func.count()).where(BazaarPhoto.bazaar_id == bazaar.id)) or 0) >= MOST_PHOTOS:
        raise EnoughPhotos(bazaar)
    name = storage.new_name(master.extension)
    storage.public_store().put(name, master.data)
    made = BazaarPhoto(
        key=key, bazaar_id=bazaar.id, stem=name.rpartition(".")[0], width=master.width, height=master.height,
        caption=caption, by_id=by.id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    enqueue(SIZES_JOB, {"photo_id": made.id}, key=f"{SIZES_JOB}:{made.id}")
    audit.record(by, "bazaar.photo_added", made, bazaar=bazaar.id)
    return made


def remove_photo(photo: BazaarPhoto, *, by: Actor) -> None:
    """Take a photo away for good, whenever somebody on it asks: no figure leans on it."""
    audit.record(by, "bazaar.photo_removed", photo, bazaar=photo.bazaar_id)
    master = f"{photo.stem}.jpg"
    personal.forget_files(public=[master, *(storage.sibling(master, ending) for ending in ENDINGS)])
    db.session.delete(photo)
    db.session.flush()


def get_photo(bazaar_photo_id: int) -> BazaarPhoto:
    """Return a photo.

    Raises:
        NotFound: none has this id.
    """
    found = db.session.get(BazaarPhoto, bazaar_photo_id)
    if found is None:
        raise NotFound(bazaar_photo_id)
    return found


def list_photos(bazaar_id: int) -> Sequence[BazaarPhoto]:
    """Return the photos of a bazaar in the order they came."""
    return db.session.scalars(
        select(BazaarPhoto).where(BazaarPhoto.bazaar_id == bazaar_id).order_by(BazaarPhoto.id)
    ).all()


def shown(bazaar_id: int) -> list[tuple[BazaarPhoto, Picture | None]]:
    """Return the photos with their addresses."""
    return [(each, pictures.picture_of(each)) for each in list_photos(bazaar_id)]


def drawn(bazaar_id: int) -> list[tuple[str, str]]:
    """Return the photos as a paper carries them: address and caption; one whose file is not there is left out."""
    found = ((pictures.data_of(each.stem, ready=each.ready), each.caption) for each in list_photos(bazaar_id))
    return [(papers.embedded(papers.thumbnail(data)), caption) for data, caption in found if data]


@slow_handler(SIZES_JOB)
def make_sizes(payload: dict[str, Any]) -> Finish:
    """Make the sizes of one photo while others write."""
    number = payload["photo_id"]
    stem = db.session.scalar(select(BazaarPhoto.stem).where(BazaarPhoto.id == number, BazaarPhoto.ready.is_(False)))
    db.session.rollback()  # nothing stays open while the sizes are made
    if stem is not None:
        photos.make_files(stem)
    return partial(_show, number, stem)


def _show(number: int, stem: str | None) -> None:
    photo = db.session.get(BazaarPhoto, number)
    if photo is not None:
        photo.ready = True
    elif stem is not None:
        photos.forget_files(stem)  # it was taken away meanwhile, and what was just made goes after it

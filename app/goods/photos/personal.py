"""What is kept of photos: the pictures themselves, in every size."""

from __future__ import annotations

from sqlalchemy import delete, select

from app.core import personal, storage
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.goods.photos.models import Photo
from app.goods.photos.rules import ENDINGS


def _photos(whose: Whose, most: int | None) -> list[Row]:
    query = select(Photo).where(Photo.shop_id.in_(whose.shop_ids)).order_by(Photo.id.desc()).limit(most)
    rows = db.session.scalars(query)
    return [{"photo": storage.public_store().url(f"{each.stem}.jpg"), "since": each.created_at} for each in rows]


def _erase(whose: Whose, by: Actor) -> None:
    gone = db.session.scalars(delete(Photo).where(Photo.shop_id.in_(whose.shop_ids)).returning(Photo.stem)).all()
    masters = [f"{stem}.jpg" for stem in gone]
    smaller = [storage.sibling(name, ending) for name in masters for ending in ENDINGS]
    personal.forget_files(public=[*masters, *smaller])


personal.keeps(
    "photos", _l("Foto"), storey=22, tables=("photo",), tell=_photos, erase=_erase,
    words={"photo": _l("Foto"), "since": _l("Sejak")},
)  # fmt: skip

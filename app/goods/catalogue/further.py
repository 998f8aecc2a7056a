"""The photos of a product after its cover: read in the same question as everything else of its page."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.core.together import told
from app.goods.photos.models import Photo
from app.goods.photos.queries import picture_of
from app.goods.photos.rules import Picture
from app.goods.products.models import Product, RevisionPhoto
from app.kit.signs import END, FACT

_OTHER = aliased(Photo)
_FACTS: Final = (RevisionPhoto.position, _OTHER.stem, _OTHER.ready, _OTHER.width, _OTHER.height, RevisionPhoto.alt)

# The photos after the cover in one word, so that they cost no question of their own; in no order, hence the position.
FURTHER: Final = (
    select(func.aggregate_strings(told(*_FACTS), END))
    .join(_OTHER, _OTHER.id == RevisionPhoto.photo_id)
    .where(RevisionPhoto.revision_id == Product.approved_revision_id)
    .correlate(Product)
    .scalar_subquery()
)


class PhotoRow(NamedTuple):
    """The columns of a photo."""

    stem: str
    ready: bool
    width: int
    height: int


def read_further(said: str) -> list[tuple[Picture, str]]:
    """Read the photos after the cover, in their order."""
    rows = sorted((each.split(FACT) for each in said.split(END) if each), key=lambda row: int(row[0]))
    found = []
    for _place, stem, ready, width, height, alt in rows:
        row = PhotoRow(stem, ready in ("1", "true", "t"), int(width), int(height))
        if shown := picture_of(row):
            found.append((shown, alt))
    return found

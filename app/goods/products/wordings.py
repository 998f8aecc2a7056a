"""Wordings and the revisions that keep them: one is read from rows, and stored as new rows, never changed."""

from __future__ import annotations

from dataclasses import fields
from typing import Final

from app.core.db import db
from app.core.policy import Actor
from app.goods.products.models import Product, Revision, RevisionChoice, RevisionPhoto
from app.goods.products.rules import Choice, Shot, Wording

_CHOICE: Final = tuple(each.name for each in fields(Choice))
_CODES: Final = ("allergens", "warnings")
_PLAIN: Final = tuple(each.name for each in fields(Wording) if each.name not in {"choices", "photos", *_CODES})


def read(revision: Revision) -> Wording:
    """Return what a revision says."""
    said = {name: getattr(revision, name) for name in _PLAIN}
    choices = tuple(Choice(**{name: getattr(each, name) for name in _CHOICE}) for each in revision.choices)
    photos = tuple(Shot(each.photo_id, each.alt) for each in revision.photos)
    for name in _CODES:
        codes = getattr(revision, name)
        said[name] = None if codes is None else tuple(codes)
    return Wording(**said, choices=choices, photos=photos)


def store(product: Product, number: int, wording: Wording, *, by: Actor) -> Revision:
    """Write a wording as the next revision of a product; it waits for a curator."""
    said = {name: getattr(wording, name) for name in _PLAIN}
    revision = Revision(product_id=product.id, number=number, state="waiting", submitted_by_id=by.id, **said)
    for name in _CODES:
        codes = getattr(wording, name)
        setattr(revision, name, None if codes is None else list(codes))
    revision.choices = [
        RevisionChoice(position=place, **{name: getattr(each, name) for name in _CHOICE})
        for place, each in enumerate(wording.choices, 1)
    ]
    revision.photos = [
        RevisionPhoto(position=place, photo_id=each.photo_id, alt=each.alt)
        for place, each in enumerate(wording.photos, 1)
    ]
    db.session.add(revision)
    db.session.flush()
    return revision

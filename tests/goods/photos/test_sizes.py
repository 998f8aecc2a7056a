"""The sizes of a photo: made while others write, shown when they are there, and gone with a photo that is gone."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.core import jobs
from app.core.db import db, transaction
from app.core.jobs import Job
from app.core.storage import public_store
from app.goods.photos import operations
from app.goods.photos.models import Photo
from app.goods.products import listeners
from tests.factories.ekatalog import master
from tests.factories.goods import make_shop


@pytest.fixture
def photo(app):
    """A photo that has just come, and whose sizes are asked for."""
    for name in public_store().list_names():
        public_store().delete(name)
    shop = make_shop()
    with transaction():
        return operations.keep(master(), shop.id).id


def names() -> list[str]:
    """What lies in the store."""
    return sorted(public_store().list_names())


def asked() -> dict:
    """What the worker is told."""
    return db.session.scalars(select(Job.payload).where(Job.kind == operations.SIZES_JOB)).one()


def test_no_transaction_is_open_while_sizes_are_made(photo):
    finish = listeners.make_sizes(asked())

    assert not db.session().in_transaction()
    assert len(names()) == 5
    assert not db.session.get_one(Photo, photo).ready
    with transaction():
        finish()
    assert db.session.get_one(Photo, photo).ready


def test_a_photo_that_is_taken_away_meanwhile_leaves_no_file(photo):
    finish = listeners.make_sizes(asked())
    with transaction():
        operations.forget(db.session.get_one(Photo, photo))

    with transaction():
        finish()

    assert names() == []


def test_a_photo_that_is_gone_or_ready_asks_for_nothing(photo):
    told = asked()
    jobs.run_due()
    before = names()

    with transaction():
        listeners.make_sizes(told)()
        listeners.make_sizes({"photo_id": 0})()

    assert names() == before

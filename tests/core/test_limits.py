"""Counted tries: bound to a secret, and forgotten once nobody asks."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import limits
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import TooMany
from app.core.limits import LimitHit

PHONE = "+6281234567890"


def rows():
    return list(db.session.scalars(select(LimitHit.bucket)))


def test_a_copy_of_the_table_tells_no_phone(app):
    """There are only so many phone numbers: a hash without a secret is undone by trying them all."""
    with transaction():
        limits.hit("sign-in:pin", PHONE)

    guesses = [PHONE, f"sign-in:pin|{PHONE}", f"sign-in:pin:{PHONE}"]
    plain = {hashlib.sha256(guess.encode()).hexdigest()[:32] for guess in guesses}

    assert rows() and not any(row.endswith(tuple(plain)) for row in rows())


def test_tries_of_one_bucket_do_not_count_in_another(app):
    with transaction():
        for _again in range(10):
            limits.hit("sign-in:pin", PHONE)

    limits.check("sign-in:card", PHONE)
    with pytest.raises(TooMany):
        limits.check("sign-in:pin", PHONE)


def test_old_tries_are_forgotten_and_those_of_a_day_count_on(app):
    with transaction():
        limits.hit("handover", "fresh")
        db.session.add(LimitHit(bucket=limits.name("handover", "old"), at=now() - timedelta(days=1, minutes=1)))
        db.session.add(LimitHit(bucket=limits.name("handover", "late"), at=now() - timedelta(hours=23)))

    with transaction():
        limits.forget_old()

    assert sorted(rows()) == sorted([limits.name("handover", "fresh"), limits.name("handover", "late")])

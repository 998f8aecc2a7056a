"""PINs and passwords are kept as argon2id, at a cost that stands up to whoever holds the database; PINs keyed too."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError
from argon2.low_level import Type
from flask import Flask

from app.people.accounts import hashing
from config import Settings

PIN, PASSWORD = "482913", "perahu biru melompat pelan"


@pytest.mark.parametrize(
    ("made", "right"), [(hashing.hash_pin, hashing.is_pin), (hashing.hash_password, hashing.is_password)]
)
def test_what_is_stored_is_argon2id_with_a_salt_of_its_own(app: Flask, made, right) -> None:
    first, second = made(PIN), made(PIN)

    assert extract_parameters(first).type is Type.ID
    assert first != second
    assert right(first, PIN)
    assert right(second, PIN)
    assert not right(first, "482914")


def test_a_pin_cannot_be_tried_with_the_database_alone(app: Flask) -> None:
    """Six digits are a million tries; without the key of the house none of them fits."""
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(hashing.hash_pin(PIN), PIN)


def test_twin_a_password_that_is_not_keyed_can(app: Flask) -> None:
    assert PasswordHasher().verify(hashing.hash_password(PASSWORD), PASSWORD)


def test_outside_of_tests_each_try_costs_what_is_advised() -> None:
    """Source: OWASP Password Storage Cheat Sheet: argon2id with 19 MiB and two rounds at least."""
    assert Settings.argon2_memory_kib >= 19 * 1024
    assert Settings.argon2_time_cost >= 2

"""The register of areas, from provinces to desa: whole, hanging together, and stored once."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select

from app.core.db import db, transaction
from app.people.places import operations, queries, rules
from app.people.places.models import Region

# app/data/README.md: all of Indonesia down to kabupaten and kota, Banten down to desa and kelurahan.
AREAS = {"province": 38, "regency": 514, "kecamatan": 155, "desa": 1552}
ABOVE = {"province": None, "regency": "province", "kecamatan": "regency", "desa": "kecamatan"}
SERANG = "36.04"


def test_every_area_is_there_below_the_one_that_holds_it(app):
    regions = {each.code: each for each in db.session.scalars(select(Region))}

    assert Counter(each.level for each in regions.values()) == AREAS
    for each in regions.values():
        above = regions.get(each.parent_code)
        assert (above.level if above else None) == ABOVE[each.level], each.code
        assert rules.parent_of(each.code) == each.parent_code, each.code
    assert {each.zone for each in regions.values()} == {"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"}


def test_the_first_home_has_its_kecamatan_and_desa(app):
    assert queries.get_region(SERANG).full_name == "Kabupaten Serang"
    assert len(queries.list_children(SERANG)) == 29
    assert len(queries.list_desa(SERANG)) == 326


def test_a_second_load_stores_nothing(app):
    with transaction():
        assert operations.load() == 0

    assert db.session.scalar(select(func.count()).select_from(Region)) == sum(AREAS.values())

"""No table leads to a person without a room that tells of it and erases it, or a line that says why it need not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table

import app.factory  # noqa: F401 - what each room keeps registers itself by being imported
from app.core import personal
from app.core.db import Base

NOTHING = Path(__file__).with_name("nothing_personal.csv")
PEOPLE = {"account", "shop", "kpm"}
HOW = (
    "{name} leads to a person and nobody says what it keeps. If a person's words, numbers or files stand in it, name "
    "it in the `personal.py` of its room (`personal.keeps(…, tables=(…), tell=…, erase=…)`, see app/core/personal.py) "
    "and list that file under PERSONAL in app/factory.py. If nothing personal stands in it, add a line with "
    "the reason to tests/office/requests/nothing_personal.csv."
)


def nothing() -> dict[str, str]:
    """Return the tables that hold nothing personal, and why."""
    with NOTHING.open(encoding="utf-8") as stream:
        return {row["table"]: row["why"] for row in csv.DictReader(stream)}


def leading_to_people(metadata: MetaData) -> set[str]:
    """Return the tables from which foreign keys lead to an account, a shop or a family, however far."""
    found = {name for name in PEOPLE if name in metadata.tables}
    while True:
        more = {
            table.name
            for table in metadata.tables.values()
            if table.name not in found and {key.column.table.name for key in table.foreign_keys} & found
        }
        if not more:
            return found
        found |= more


def forgotten(metadata: MetaData) -> list[str]:
    """Say what to do for every table that nobody names."""
    known = personal.named_tables() | set(nothing())
    return [HOW.format(name=name) for name in sorted(leading_to_people(metadata) - known)]


def test_every_table_that_leads_to_a_person_is_told_of_and_erased_or_holds_nothing():
    assert forgotten(Base.metadata) == []


def test_twin_a_table_that_nobody_names_is_missed_and_its_author_told_what_to_add():
    later = MetaData()
    Table("shop", later, Column("id", Integer, primary_key=True))
    Table("diary", later, Column("id", Integer, primary_key=True), Column("shop_id", ForeignKey("shop.id")))
    Table("diary_page", later, Column("id", Integer), Column("diary_id", ForeignKey("diary.id")))

    missed = forgotten(later)

    assert [each.split()[0] for each in missed] == ["diary", "diary_page"]
    assert "personal.keeps" in missed[0]
    assert "nothing_personal.csv" in missed[0]


def test_the_list_of_tables_that_hold_nothing_names_only_tables_that_are_there_and_not_named_elsewhere():
    assert set(nothing()) <= set(Base.metadata.tables)
    assert set(nothing()) & personal.named_tables() == set()
    assert all(len(why) > 10 for why in nothing().values())


def test_every_part_names_tables_that_are_there_and_has_a_word_for_each_field():
    for each in personal.keepings():
        assert set(each.tables) <= set(Base.metadata.tables), each.name
        assert str(each.title), each.name


@pytest.mark.parametrize(
    "name", ["account", "family", "shops", "goods", "orders", "sales", "bazaars", "stalls", "photos", "ekatalog"]
)
def test_what_holds_words_has_an_eraser(name):
    assert {each.name: each for each in personal.keepings()}[name].erase is not None


def test_no_part_takes_the_place_of_another_of_its_name():
    with pytest.raises(ValueError, match="wishes"):
        personal.keeps("wishes", "Lain", storey=99, tables=("elsewhere",))
    assert "selling_request" in personal.named_tables()

"""Families of the demonstration: as many as asked, the same each time, nobody's numbers, one of them a seller."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.core import books
from app.core.clock import today
from app.core.db import db
from app.growth.businesses.queries import list_on_shop
from app.growth.capital import queries as capital
from app.kit import nik
from app.people.accounts.queries import find_staff
from app.people.families import queries
from app.people.families.models import Kpm
from app.site.demo import commands, families, helped, operations
from app.site.demo.pictures import drawer
from app.site.demo.plan import Plan
from app.site.demo.queries import list_shops
from tests.support.remembered import remembered

pytestmark = pytest.mark.xdist_group("demonstration")  # one process loads it, once


@pytest.fixture
def plan(app, database):
    """A small demonstration."""
    plan = Plan(today("Asia/Jakarta"), products=6, shops=4, orders=4, sales=4)
    remembered(database, "families", lambda: operations.load(plan, drawer(plan.seed), commands._hashes(plan)))
    return plan


def test_families_are_loaded_up_to_a_number_and_agree_with_the_books(plan):
    assert families.load(plan, 30) == 30
    assert families.load(plan, 30) == 0
    assert families.load(plan, 40) == 10

    assert db.session.scalar(select(func.count(Kpm.id))) == 40
    assert [finding for _name, found in books.verify() for finding in found] == []


def test_one_demo_seller_belongs_to_a_family_and_one_to_none(plan):
    families.load(plan, 5)

    shops = list_shops()
    assert len(list_on_shop(shops[0].id)) == 1
    assert list_on_shop(shops[1].id) == []


def test_no_demo_nik_is_one_that_is_given_out():
    numbers = [families.nik_of(index) for index in range(0, 40_000, 7)]

    assert len(set(numbers)) == len(numbers)
    assert all(nik.parse(number) == number and not nik.has_serial(number) for number in numbers)


def test_help_is_given_once_in_every_state_and_agrees_with_the_books(plan):
    families.load(plan, 20)

    assert helped.load(plan) == helped.GRANTS
    assert helped.load(plan) == 0

    caseworker, day = find_staff("petugas"), today("Asia/Jakarta")
    grants = capital.list_grants(scope=caseworker)
    assert len(capital.list_waiting(scope=caseworker)) == 2
    assert {(bool(each.bast), bool(each.report)) for each in grants} == {(False, False), (True, False), (True, True)}
    assert capital.count_late(day, scope=caseworker) > 0
    assert [finding for _name, found in books.verify() for finding in found] == []


def test_the_demo_caseworker_sees_them(plan):
    families.load(plan, 3)

    assert queries.page_of_kpm(find_staff("petugas"))[1] == 3

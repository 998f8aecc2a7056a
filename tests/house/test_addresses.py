"""Every route is guarded, typed, Indonesian, and has its row in access.csv; each law has its twin."""

from __future__ import annotations

import pytest
from flask import Blueprint, Flask
from jinja2 import StrictUndefined, Undefined, UndefinedError

from app.core.policy import allow, public
from tests.house import addresses

LAWS = (addresses.unguarded, addresses.untyped, addresses.unlovely, addresses.changing_gets)


@pytest.fixture(scope="module")
def house(fresh_app):
    return fresh_app()


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_law_holds(house, law):
    assert law(house) == []


BREACHES = (
    (addresses.unguarded, "/rahasia", lambda view: view, {}),
    (addresses.untyped, "/produk/<nama>/foto", public, {}),
    (addresses.unlovely, "/produk/Baru_Sekali", public, {}),
    (addresses.unlovely, "/checkout", public, {}),
    (addresses.changing_gets, "/produk-lama", public, {"methods": ["DELETE"]}),
)


@pytest.mark.parametrize(
    ("law", "address", "guard", "options"), BREACHES, ids=["unguarded", "untyped", "capital", "english", "delete"]
)
def test_the_law_goes_red_when_a_route_breaks_it(fresh_app, law, address, guard, options):
    house = fresh_app()
    before = law(house)

    house.add_url_rule(address, "twin", guard(lambda **values: "halo"), **options)

    assert len(law(house)) == len(before) + 1


def test_every_route_has_its_row(house):
    assert addresses.missing_rows(house, addresses.matrix()) == []


def test_a_route_without_a_row_goes_red(fresh_app):
    house = fresh_app()
    before = addresses.missing_rows(house, addresses.matrix())

    house.add_url_rule("/baru", "twin", public(lambda: "halo"))

    assert set(addresses.missing_rows(house, addresses.matrix())) - set(before) == {"twin GET has no row in access.csv"}


def test_each_policy_lets_in_exactly_the_roles_of_its_row(house):
    assert addresses.wrong_roles(house, addresses.matrix()) == []


def test_a_policy_that_lets_in_one_more_goes_red(fresh_app):
    house = fresh_app()
    rows = [{"endpoint": "twin", "methods": "GET", "who": "curator", "ownership": "none", "region": "none"}]

    house.add_url_rule("/baru", "twin", allow(lambda actor: actor.role in {"curator", "head"})(lambda: "halo"))

    assert addresses.wrong_roles(house, rows) == ["twin: the policy lets in curator;head, not curator"]


def test_a_row_that_says_otherwise_than_its_view_goes_red(house):
    rows = addresses.matrix()
    row = next(row for row in rows if row["who"] == "anyone")
    before = addresses.missing_rows(house, rows)

    row["who"] = "curator"

    assert set(addresses.missing_rows(house, rows)) - set(before) == {
        f"{row['endpoint']}: access.csv says curator, the view says otherwise"
    }


def test_an_unknown_name_in_a_template_is_an_error(house):
    assert house.jinja_env.undefined is StrictUndefined
    with pytest.raises(UndefinedError):
        house.jinja_env.from_string("{{ nobody_gave_this }}").render()


def test_without_strictness_the_same_name_would_pass_silently(fresh_app):
    house = fresh_app()
    house.jinja_env.undefined = Undefined

    assert house.jinja_env.from_string("{{ nobody_gave_this }}").render() == ""


def misnamed(house: Flask) -> list[str]:
    """Name the blueprints that are called otherwise than their rooms."""
    return [name for name, each in house.blueprints.items() if each.import_name.split(".")[-2] != name]


def test_blueprints_are_named_like_their_rooms(house):
    assert misnamed(house) == []


def test_a_blueprint_that_is_called_otherwise_is_named(fresh_app):
    house = fresh_app()

    house.register_blueprint(Blueprint("market_days", "app.trade.bazaars.views"))

    assert misnamed(house) == ["market_days"]


def test_every_law_of_addresses_has_a_twin():
    assert {law for law, *_rest in BREACHES} == set(LAWS)

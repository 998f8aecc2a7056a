"""Walk every route as everybody: who is not named in access.csv is turned away, who is named never meets a refusal."""

from __future__ import annotations

import pytest

from app.core.policy import ACCESS
from tests.factories.people import make_account, sign_in
from tests.house import addresses
from tests.support.slices import slice_of

pytestmark = pytest.mark.slow

MISSING = {
    "id": 999_999_999,
    "slug": "tidak-ada",
    "code": "TIDAK-ADA",
    "string": "tidak-ada",
    "path": "tidak-ada",
    "int": 9,
}
NAMED = {row["endpoint"]: row for row in addresses.matrix()}


def url(app, rule):
    """Fill an address with things that do not exist."""
    kinds = {converter: kind for kind, converter in app.url_map.converters.items()}
    values = {name: MISSING.get(kinds[type(rule._converters[name])], "tidak-ada") for name in rule.arguments}
    _domain, path = rule.build(values, append_unknown=False)
    return path


def asked(app):
    """Yield every (row, rule, method, address) that is not for everybody; what ends the session comes last."""
    for rule in sorted(addresses.rules(app), key=lambda rule: rule.endpoint == "accounts.end_all_sessions"):
        row = NAMED.get(rule.endpoint)
        if row is not None and row["who"] != "anyone":
            for method in addresses.methods(rule).split():
                yield row, rule, method, url(app, rule)


def test_a_stranger_is_asked_to_sign_in(app, client):
    wrong = []
    for _row, rule, method, address in asked(app):
        answer = client.open(address, method=method)
        to_door = answer.status_code == 303 and answer.location.startswith("/masuk")
        if not (to_door if method == "GET" else answer.status_code == 401):
            wrong.append(f"{method} {rule.rule}: {answer.status}")

    assert wrong == []


@pytest.mark.parametrize("role", slice_of(addresses.ROLES, "seller", "caseworker"))
def test_a_role_meets_what_its_rows_say(app, client, role):
    sign_in(client, make_account(role))
    wrong = []
    for row, rule, method, address in asked(app):
        access = getattr(app.view_functions[rule.endpoint], ACCESS)
        named = row["who"] == "signed-in" or role in row["who"].split(";")
        status = client.open(address, method=method).status_code
        if access.loader and not named:
            right = status in {403, 404}
        elif not named:
            right = status == 403
        else:
            right = status < 500 and (access.loader is not None or status not in {401, 403, 404})
        if not right:
            wrong.append(f"{method} {rule.rule} as {role}: {status}")

    assert wrong == []


def test_a_row_that_names_one_role_too_many_goes_red(app, client, monkeypatch):
    row = next(row for row in NAMED.values() if row["who"] == "curator" and row["ownership"] == "none")
    monkeypatch.setitem(NAMED, row["endpoint"], row | {"who": "curator;head"})

    with pytest.raises(AssertionError, match="as head: 403"):
        test_a_role_meets_what_its_rows_say(app, client, "head")

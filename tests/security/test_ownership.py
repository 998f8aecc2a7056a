"""Walk every route that asks who you are, as everybody, with her things, a neighbour's and another kabupaten's.

What access.csv forbids must answer exactly like something that is not there, and must change nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import literal, select
from werkzeug.test import TestResponse

from app.core.db import db, transaction
from app.goods.products.models import Revision
from app.goods.shops import policies as shops
from app.goods.shops.queries import get_shop
from app.people.accounts.policies import areas_of
from app.people.places.rules import within
from tests.factories.people import sign_in
from tests.house import addresses
from tests.security import walk
from tests.security.dump import stored
from tests.security.walk import Stop
from tests.security.world import FAR, NEXT_DOOR
from tests.support.queries import count_queries
from tests.support.slices import slice_of

REFUSED = {403, 404}
HARDLY_LONGER = 4  # questions by key: what is not hers has to be found before it can be refused
DESA = {"near": "36.04.27.2001", "rival": NEXT_DOOR["desa_code"], "far": FAR["desa_code"]}
OWNER = {"near": "seller", "rival": "rival", "far": "seller_far"}
PEOPLE = (
    "seller", "rival", "seller_far", "pendamping", "pendamping_far", "curator", "curator_far",
    "caseworker", "approver", "head", "steward", "admin", "partner",
)  # fmt: skip


def guarded(app, world, side, most=9) -> Iterator[tuple[Stop, dict[str, str]]]:
    """Yield the routes that ask for something by its address, filled with one side's things."""
    subjects = {name: values[:most] for name, values in getattr(world, side).items()}
    for method in ("GET", "POST"):
        for stop in walk.stops(app, subjects, method):
            access = walk.access_of(app, stop.rule)
            if access.loader is not None and stop.rule.arguments - walk.OWN_WORDS:
                yield stop, walk.row_of(stop.rule.endpoint)


def may(row, who, world, side) -> bool:
    """Say what access.csv promises for one person and one side's things."""
    account = world.people[who]
    if row["who"] != "signed-in" and account.role not in row["who"].split(";"):
        return False
    if row["ownership"] == "own" and OWNER[side] != who:
        return False
    return row["region"] == "none" or any(within(DESA[side], area) for area in areas_of(account))


def refusals(app, world, client, who, room="") -> list[str]:
    """Return every address, or those of one room, that answers otherwise than for a missing thing who may not.

    The time it takes is told by what is asked of the database: a few short questions more do not show.
    """
    wrong, nothing = [], {}
    for side in DESA:
        for stop, row in guarded(app, world, side, most=1):
            if not stop.rule.endpoint.startswith(room) or may(row, who, world, side):
                continue
            way = (stop.method, stop.missing)
            if way not in nothing:
                nothing[way] = answered(app, client, *way)
            (absent, few), (real, many) = nothing[way], answered(app, client, stop.method, stop.path)
            if many - few > HARDLY_LONGER:
                wrong.append(f"{stop.method} {stop.path} ({side}) as {who}: {many} questions, {few} for a missing one")
            if real.status_code not in REFUSED:
                wrong.append(f"{stop.method} {stop.path} ({side}) as {who}: {real.status}")
            elif difference(stop, real, absent):
                wrong.append(f"{stop.method} {stop.path} ({side}) as {who} differs from a missing one")
    return wrong


def answered(app, client, method, path) -> tuple[TestResponse, int]:
    """Return an answer, and how many questions the database was asked for it."""
    with count_queries(app) as asked:
        return client.open(path, method=method), len(asked)


def difference(stop, real, absent) -> bool:
    """Tell whether two answers can be told apart."""
    parts = (stop.path, stop.missing)
    bodies = {walk.alike(answer.get_data(as_text=True), *parts) for answer in (real, absent)}
    heads = {
        tuple(sorted((name, value) for name, value in answer.headers if name not in {"Content-Length", "Date"}))
        for answer in (real, absent)
    }
    return real.status_code != absent.status_code or len(bodies) != 1 or len(heads) != 1


@pytest.mark.parametrize("who", slice_of(PEOPLE, "rival", "pendamping_far"))
def test_what_is_not_hers_answers_like_nothing_at_all(app, world, browser, who):
    client, before = browser(world.people[who]), stored()

    wrong = refusals(app, world, client, who)

    assert wrong == []
    assert stored() == before


@pytest.mark.parametrize("who", slice_of(PEOPLE, "seller"))
def test_what_is_hers_opens(app, world, browser, who):
    client, wrong = browser(world.people[who]), []

    for side in DESA:
        for stop, row in guarded(app, world, side):
            if not may(row, who, world, side) or stop.method != "GET":
                continue
            answer = client.get(stop.path)
            if answer.status_code not in {200, 303}:
                wrong.append(f"{stop.path} ({side}) as {who}: {answer.status}")

    assert wrong == []


def test_every_named_role_may_open_something(world):
    named = {who for row in addresses.matrix() for who in row["who"].split(";")} - {"anyone", "signed-in"}

    assert named <= {account.role for account in world.people.values()}


def test_an_address_without_its_lock_goes_red(app, world, browser, monkeypatch):
    view = app.view_functions["fostering.show"].__wrapped__

    def open_to_all(shop_id: int) -> object:
        return view(get_shop(shop_id))

    access = walk.access_of(app, next(app.url_map.iter_rules("fostering.show")))
    setattr(open_to_all, walk.ACCESS, access)
    monkeypatch.setitem(app.view_functions, "fostering.show", open_to_all)

    wrong = refusals(app, world, browser(world.people["rival"]), "rival", "fostering.")

    assert wrong
    assert all("/dampingan/penjual/" in each for each in wrong)


def test_a_lock_that_forgets_the_region_goes_red(app, world, browser, monkeypatch):
    monkeypatch.setattr(shops, "works_in", lambda actor, desa_code: True)

    wrong = refusals(app, world, browser(world.people["pendamping"]), "pendamping", "fostering.")

    assert any("(far)" in each for each in wrong)
    assert any("(rival)" in each for each in wrong)


def test_a_lock_that_thinks_long_goes_red(app, world, browser, monkeypatch):
    def slow(actor, desa_code) -> bool:
        return all(db.session.scalar(select(literal(number))) for number in range(1, 2 + HARDLY_LONGER)) and False

    monkeypatch.setattr(shops, "works_in", slow)

    wrong = refusals(app, world, browser(world.people["pendamping_far"]), "pendamping_far", "fostering.")

    assert any("questions" in each for each in wrong)


def test_nobody_decides_on_what_they_entered(app, world, browser):
    curator = world.people["curator"]
    sign_in(client := browser(), curator)
    revision_id = world.near["revision_id"][0]
    assert client.get(f"/dinsos/kurasi/{revision_id}").status_code == 200

    from_her = _entered_by(revision_id, curator)

    assert client.get(f"/dinsos/kurasi/{from_her}").status_code == 404
    assert client.post(f"/dinsos/kurasi/{from_her}/jawab", data={"jawaban": "setujui"}).status_code == 404


def _entered_by(revision_id, account) -> str:
    with transaction() as session:
        session.get(Revision, int(revision_id)).submitted_by_id = account.id
    return revision_id

"""The morning of a bazaar: who has come, who has not, and who comes without having asked."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.core import books
from app.core.db import db, transaction
from app.trade.bazaars import applying, ground, queries, rules, steps
from app.trade.bazaars.models import Application, BazaarEvent, BazaarMessage
from tests.factories import stalls
from tests.factories.goods import make_product, make_shop
from tests.factories.people import OTHER_DESA, make_account, sign_in
from tests.support.log import did, log
from tests.support.together import at_once


@pytest.fixture
def at_the_gate(stand, client, curator):
    sign_in(client, curator)
    return client


def list_of(stand):
    return f"/dinsos/bazar/{stand.bazaar.id}/kehadiran"


def tap(client, stand, step):
    return client.post(f"/hadir-bazar/{stand.application.id}", data={"langkah": step})


def comer(**given):
    shop = make_shop(name="Keripik Bu Eha", **given)
    make_product(shop, category="keripik-kerupuk")
    return shop


def walk_in(stand, shop, by, key="k"):
    with transaction():
        return ground.walk_in(stand.bazaar, shop, key, by=by)


def wrong():
    return [str(finding) for _, findings in books.verify() for finding in findings]


def test_an_officer_notes_who_has_come_once(stand, at_the_gate, curator):
    assert "0 dari 1 lapak sudah datang." in at_the_gate.get(list_of(stand)).text

    for _ in range(2):
        assert tap(at_the_gate, stand, "datang").location == list_of(stand)

    assert stand.application.state == "checked_in"
    assert "1 dari 1 lapak sudah datang." in at_the_gate.get(list_of(stand)).text
    steps_there = select(BazaarEvent.actor_id).where(BazaarEvent.to_state == "checked_in")
    assert db.session.scalars(steps_there).all() == [curator.id]


def test_her_own_page_shows_the_code_that_opens_the_row_for_staff(stand, client, curator):
    sign_in(client, stand.owner)
    assert "Kode datang" in client.get(f"/jualan/bazar/pendaftaran/{stand.application.id}").text
    assert client.get(f"/hadir-bazar/{stand.application.id}").status_code == 404
    pendamping = make_account("pendamping")
    for actor in (curator, pendamping):
        sign_in(client, actor)
        assert stand.shop.name in client.get(f"/hadir-bazar/{stand.application.id}").text
    tap(client, stand, "datang")

    assert stand.application.state == "checked_in"
    sign_in(client, stand.owner)
    assert "Kode datang" not in client.get(f"/jualan/bazar/pendaftaran/{stand.application.id}").text


def test_a_stranger_notes_nobody(stand, client):
    strangers = (make_account("seller"), make_account("pendamping", areas=[OTHER_DESA]), make_account("caseworker"))
    for actor in strangers:
        sign_in(client, actor)
        assert tap(client, stand, "datang").status_code in {403, 404}
        assert client.get(list_of(stand)).status_code in {403, 404}
    assert stand.application.state == "confirmed"


def test_nobody_comes_before_the_bazaar_opens(app, client, curator):
    stand = stalls.make_stand(begun=False)
    sign_in(client, curator)

    tap(client, stand, "datang")

    assert stand.application.state == "confirmed"
    assert "Kasir dibuka saat bazar mulai" in client.get(list_of(stand)).text


def test_the_wrong_row_is_taken_back_while_nothing_was_sold(stand, at_the_gate):
    tap(at_the_gate, stand, "datang")
    tap(at_the_gate, stand, "bukan")
    assert stand.application.state == "confirmed"
    stalls.sell(stand, 1)

    tap(at_the_gate, stand, "bukan")

    assert stand.application.state == "checked_in"
    assert wrong() == []


def test_who_does_not_come_is_told_once_and_the_stall_is_free(app, client, curator):
    stand = stalls.make_stand(begun=False)
    order = stalls.order_for(stand, state="ready")
    stalls.begin_day(stand.bazaar)
    sign_in(client, curator)

    tap(client, stand, "tidak-datang")
    tap(client, stand, "tidak-datang")

    assert (order.meet_lost, stand.application.state) == ("stall_gone", "no_show")
    assert queries.find_stall_of(stand.application.id) is None
    kinds = db.session.scalars(select(BazaarMessage.kind).where(BazaarMessage.kind == "no_show")).all()
    assert kinds == ["no_show"]
    assert wrong() == []


def test_only_the_curator_says_that_somebody_does_not_come(stand, client):
    sign_in(client, make_account("pendamping"))

    assert tap(client, stand, "tidak-datang").status_code == 400
    assert stand.application.state == "confirmed"


def test_a_seller_who_comes_on_the_spot_gets_the_next_free_stall_and_sells(stand, at_the_gate):
    shop = comer()
    page = at_the_gate.get(f"{list_of(stand)}?cari=bu eha").text
    assert shop.owner.name in page
    key = re.search(r'name="kunci" value="([^"]+)"', page)[1]

    for _ in range(2):
        at_the_gate.post(f"/dinsos/bazar/{stand.bazaar.id}/datang-langsung", data={"lapak": shop.id, "kunci": key})

    (application,) = db.session.scalars(select(Application).where(Application.shop_id == shop.id))
    assert (application.state, application.walked_in, application.late) == ("checked_in", True, False)
    assert application.on_behalf_of_id == shop.owner_id
    assert queries.find_stall_of(application.id).number == 2
    page = at_the_gate.get(f"{list_of(stand)}?cari=bu eha").text
    assert "datang langsung" in page
    assert "Tidak ada penjual dengan nama itu yang belum punya tempat." in page
    sign_in(at_the_gate, shop.owner)
    assert "Tercatat" not in at_the_gate.get(f"/jualan/bazar/lapak/{application.id}/kasir").text
    assert "Datang langsung pada hari bazar" in at_the_gate.get(f"/jualan/bazar/pendaftaran/{application.id}").text
    assert wrong() == []


def test_a_full_pool_keeps_a_comer_out_and_is_named(app, client, curator):
    stand = stalls.make_stands(1, pools=(rules.Pool("total", 5), rules.Pool("category:keripik-kerupuk", 1)))[0]
    walk_in(stand, comer(), curator)
    sign_in(client, curator)

    client.post(f"/dinsos/bazar/{stand.bazaar.id}/datang-langsung", data={"lapak": comer().id, "kunci": "another"})

    assert "Yang penuh: Keripik" in client.get(list_of(stand)).text
    assert len(queries.list_states(stand.bazaar.id, rules.STANDING)) == 2


def test_a_stall_whose_seller_did_not_come_goes_to_the_next(app, curator):
    stand = stalls.make_stands(1, pools=(rules.Pool("total", 1),), stall_count=1)[0]
    with pytest.raises(ground.NoRoom):
        walk_in(stand, comer(), curator)
    with transaction():
        ground.absent(stand.application, by=curator)

    application = walk_in(stand, comer(), curator, key="again")

    assert queries.find_stall_of(application.id).number == 1
    assert log("bazaar.absent") == [did(curator, stand.application)]
    assert log("bazaar.walked_in") == [did(curator, application, number=1)]
    assert wrong() == []


@pytest.mark.parametrize("why", ["twice", "resting", "elsewhere", "before", "after"])
def test_no_place_is_given_on_the_spot_to(app, curator, why):
    stand = stalls.make_stand(begun=why != "before")
    shop = stand.shop if why == "twice" else comer(**{"resting": {"state": "paused"}}.get(why, {}))
    if why == "elsewhere":
        shop = comer(desa_code="36.01.01.2001")
    if why == "after":
        stalls.end_day(stand.bazaar)

    with pytest.raises((applying.AlreadyIn, applying.ShopResting, steps.NotNow)):
        walk_in(stand, shop, curator)


def test_two_comers_at_once_for_the_last_place_and_one_gets_it(app, curator):
    stand = stalls.make_stands(1, pools=(rules.Pool("total", 2),))[0]
    bazaar_id, numbers = stand.bazaar.id, [comer().id for _ in range(4)]

    def coming(shop_id):
        def run():
            with transaction() as session:
                bazaar, shop = queries.get_bazaar(bazaar_id), session.get_one(stalls.Shop, shop_id)
                ground.walk_in(bazaar, shop, f"key-{shop_id}", by=curator)

        return run

    answers = at_once(app, [coming(number) for number in numbers])

    assert sorted(answers) == ["NoRoom", "NoRoom", "NoRoom", "ya"]
    assert wrong() == []

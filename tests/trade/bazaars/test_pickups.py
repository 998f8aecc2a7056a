"""Collected at the bazaar: who can be ordered from there, until when, and what becomes of it if it falls away."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.core import books, jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.goods.products.models import Product
from app.goods.shelf import operations as shelf
from app.goods.shelf.models import ShelfItem, ShelfMark
from app.goods.stock.models import Stock
from app.people.places import operations as places
from app.trade.bazaars import applying, changing, judging, pickups, standing
from app.trade.bazaars.models import BazaarMessage
from app.trade.orders import operations as orders
from app.trade.orders import rules
from app.trade.orders.meeting import Meeting, Spot
from app.trade.orders.models import Order, OrderEvent, OrderGroup
from tests.factories import bazaars, stalls
from tests.factories.goods import make_product, variant_of
from tests.factories.people import make_account
from tests.factories.trade import checkout, place_order
from tests.support.together import at_once

pytestmark = pytest.mark.slow
HOUR = timedelta(hours=1)


@pytest.fixture
def stand(app):
    """A stall of a bazaar in thirty days, with two days of eight to three o'clock."""
    return stalls.make_stands(1, begun=False, many_days=2)[0]


def day_of(stand, place=0):
    return pickups.coming([stand.shop.id])[stand.shop.id][place]


def part(stand):
    return rules.Block(stand.shop.id, (rules.Wanted(stand.variant.id, 1, stand.variant.price),))


def badges(stand):
    query = select(ShelfItem.badges).where(ShelfItem.shop_id == stand.shop.id)
    return db.session.scalars(query.order_by(ShelfItem.product_id)).all()


def withdraw(stand):
    with transaction():
        applying.withdraw(stand.application, by=stand.owner)


def kinds_told(stand):
    query = select(BazaarMessage.kind, BazaarMessage.facts).where(BazaarMessage.account_id == stand.owner.id)
    return [(kind, facts.get("n")) for kind, facts in db.session.execute(query.order_by(BazaarMessage.id))]


def wrong():
    return [str(finding) for _, findings in books.verify() for finding in findings]


def test_goods_that_are_not_sold_at_bazaars_stay_at_home(stand, client):
    product = make_product(stand.shop, "Kue basah")
    with transaction():
        product.at_bazaars = False
    submit = checkout((stand.variant, 1), (variant_of(product), 1), at=day_of(stand).spot)

    with pytest.raises(pickups.NotThere), transaction():
        orders.place(submit, pickups.claim)

    client.post("/keranjang", data={"varian": stand.variant.id})
    assert "Ambil di mana?" in client.get("/pesan").text
    client.post("/keranjang", data={"varian": variant_of(product).id})
    assert "Ambil di mana?" not in client.get("/pesan").text


def test_what_stays_at_home_does_not_say_that_it_can_be_collected_at_a_bazaar(stand, client):
    said, product = "Bisa diambil di bazar", make_product(stand.shop, "Kue basah")
    slug = db.session.get_one(Product, stand.variant.product_id).slug
    with transaction():
        product.at_bazaars = False

    assert said in client.get(f"/produk/{slug}").text
    assert said not in client.get(f"/produk/{product.slug}").text
    client.post("/keranjang", data={"varian": stand.variant.id})
    assert said in client.get("/keranjang").text
    client.post("/keranjang", data={"varian": variant_of(product).id})
    assert said not in client.get("/keranjang").text


def test_each_day_can_be_chosen_until_half_a_day_before_it_opens(stand):
    first, second = pickups.coming([stand.shop.id])[stand.shop.id]

    assert (second.day - first.day, first.opens - first.until) == (timedelta(days=1), 12 * HOUR)
    with time_machine.travel(first.until - HOUR):
        assert pickups.claim(part(stand), first.spot).opens == first.opens
    with time_machine.travel(first.until):
        assert [each.day for each in pickups.orderable(stand.shop.id)] == [second.day]
        with pytest.raises(pickups.NotThere):
            pickups.claim(part(stand), first.spot)


def test_a_kabupaten_says_until_when_can_be_ordered_for_a_bazaar(stand):
    with transaction():
        places.set_setting("36.01", "bazaar.order_hours", 1)
        places.set_setting(stand.shop.regency_code, "bazaar.order_hours", 3)

    first, _second = pickups.coming([stand.shop.id])[stand.shop.id]

    assert first.opens - first.until == 3 * HOUR


@pytest.mark.parametrize("spot", ["another day", "another bazaar", "another shop"])
def test_nobody_chooses_what_is_not_offered(stand, spot):
    day = day_of(stand)
    shop_id = stand.shop.id + (spot == "another shop")
    chosen = Spot(day.bazaar_id + (spot == "another bazaar"), day.day + timedelta(days=9 * (spot == "another day")))

    with pytest.raises(pickups.NotThere), transaction():
        orders.place(
            checkout((stand.variant, 1), at=chosen),
            lambda block, where: pickups.claim(replace(block, shop_id=shop_id), where),
        )

    assert db.session.scalars(select(OrderGroup.id)).all() == []


@pytest.mark.parametrize("state", ["offered", "waitlisted"])
def test_who_has_not_said_yes_is_nowhere(app, state):
    bazaar, applications = bazaars.make_published(2, pools=(bazaars.rules.Pool("total", 1),))
    shop = next(each.shop for each in applications if each.state == state)

    assert pickups.coming([shop.id]) == {}
    with pytest.raises(pickups.NotThere):
        pickups.claim(rules.Block(shop.id, ()), Spot(bazaar.id, bazaar.days[0].day))


def test_an_order_keeps_place_and_day_and_its_clocks_follow_them(stand):
    day = day_of(stand)

    order = stalls.order_for(stand)

    assert (order.bazaar_id, order.meet_from, order.meet_until) == (stand.bazaar.id, day.opens, day.closes)
    assert order.pickup_place == f"{stand.bazaar.name}, {stand.bazaar.place}"
    assert order.accept_by < day.opens
    with transaction():
        orders.accept(order, by=stand.owner)
    assert (order.promised_at, order.ready_by) == (day.opens, day.closes + 2 * HOUR)
    with transaction():
        orders.mark_ready(order, by=stand.owner)
    assert order.collect_by == day.closes + 2 * HOUR
    assert wrong() == []


def test_its_seller_offers_no_other_day(stand):
    order = stalls.order_for(stand)

    with pytest.raises(orders.NoOtherDay), transaction():
        orders.offer_less(order, {}, day=now().date() + timedelta(days=2), by=stand.owner)

    assert (order.state, order.promised_at) == ("placed", day_of(stand).opens)


def test_what_is_not_answered_when_the_bazaar_opens_has_ended(stand):
    day = day_of(stand)
    with time_machine.travel(day.until - HOUR):
        order = stalls.order_for(stand)

    assert order.accept_by == day.opens
    assert rules.effective(order, day.opens) == "expired_silent"


def test_goods_that_nobody_fetched_by_the_evening_go_back_on_sale(stand):
    order = stalls.order_for(stand, state="ready")

    with time_machine.travel(order.meet_until + 2 * HOUR):
        with transaction():
            orders.expire_due()

        assert (order.state, order.collect_by) == ("not_collected", None)
        assert wrong() == []


def test_the_same_submit_again_finds_its_order_though_the_day_is_closed_by_now(stand):
    day = day_of(stand)
    submit = checkout((stand.variant, 1), key="the same page", at=day.spot)
    with transaction():
        first = orders.place(submit, pickups.claim).id

    with time_machine.travel(day.until + HOUR), transaction():
        assert orders.place(submit, pickups.claim).id == first


def test_the_same_key_for_another_place_is_another_order(stand):
    submit = checkout((stand.variant, 1), key="the same page", at=day_of(stand).spot)
    with transaction():
        orders.place(submit, pickups.claim)

    with pytest.raises(orders.KeyReused), transaction():
        orders.place(checkout((stand.variant, 1), key="the same page"), pickups.claim)


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda stand, by: changing.postpone(stand.bazaar, "Tempat dipakai", by=by), "bazaar_moved"),
        (lambda stand, by: applying.withdraw(stand.application, by=stand.owner), "stall_gone"),
        (lambda stand, by: judging.remove(stand.application, "Tidak sesuai", by=by), "stall_gone"),
    ],
    ids=["put off", "withdrawn", "removed"],
)
@pytest.mark.parametrize("state", ["placed", "accepted", "ready"])
def test_when_she_or_the_day_moves_away_orders_are_collected_at_home(stand, act, why, state):
    with transaction():
        stand.shop.pickup_place = "Rumah Bu Ida"
    order, by = stalls.order_for(stand, state=state), make_account("curator")

    with transaction():
        act(stand, by)

    assert (order.state, order.meet_lost, order.pickup_place) == (state, why, "Rumah Bu Ida")
    assert (order.meet_from, order.meet_until) == (None, None)
    limit = {"placed": order.accept_by, "accepted": order.ready_by, "ready": order.collect_by}[state]
    assert now() < limit < now() + timedelta(days=4)
    assert ("orders_home", 1) in kinds_told(stand)
    assert wrong() == []


@pytest.mark.parametrize("state", ["placed", "accepted", "ready"])
def test_when_the_bazaar_will_not_be_its_orders_end_and_the_goods_are_free_again(stand, state):
    order, at_home = stalls.order_for(stand, state=state), place_order(stand.product)

    with transaction():
        changing.call_off(stand.bazaar, "Hujan lebat", by=make_account("curator"))

    events = select(OrderEvent).where(OrderEvent.order_id == order.id).order_by(OrderEvent.id)
    last = db.session.scalars(events).all()[-1]
    assert (order.state, last.reason, last.actor_kind) == ("cancelled_admin", "bazaar_off", "admin")
    assert (at_home.state, db.session.get_one(Stock, stand.variant.id).reserved) == ("placed", 1)
    assert ("orders_off", 1) in kinds_told(stand)
    assert wrong() == []


def test_orders_of_others_and_orders_that_ended_stay_as_they_are(app):
    stand, other = stalls.make_stands(2, begun=False)
    mine, done, theirs = stalls.order_for(stand), stalls.order_for(stand), stalls.order_for(other)
    with transaction():
        orders.cancel_by_buyer(done, "salah_pesan")

    withdraw(stand)

    assert [each.meet_lost for each in (mine, done, theirs)] == ["stall_gone", "", ""]
    assert theirs.meets


def test_an_order_that_comes_to_life_after_its_bazaar_is_collected_at_home(stand):
    order = stalls.order_for(stand, state="accepted", method="transfer_seller")
    with time_machine.travel(order.meet_until + timedelta(days=1)), transaction():
        orders.receive_payment(order, order.total, by=stand.owner, key="late money")

        assert (order.state, order.meet_lost) == ("accepted", "bazaar_over")
        assert order.ready_by > now()


def test_a_bazaar_that_is_called_off_while_somebody_orders_for_it_leaves_no_order_behind(app):
    stand = stalls.make_stand(begun=False)
    day, variant_id, bazaar_id = day_of(stand), stand.variant.id, stand.bazaar.id
    submits, curator = [checkout((stand.variant, 1), at=day.spot) for _ in range(5)], make_account("curator")

    def ordering(submit):
        def run():
            with transaction():
                orders.place(submit, pickups.claim)

        return run

    def calling_off():
        with transaction():
            changing.call_off(bazaars.operations.queries.get_bazaar(bazaar_id), "Hujan lebat", by=curator)

    answers = at_once(app, [*map(ordering, submits), calling_off])

    assert set(answers) <= {"ya", "NotThere"}
    db.session.rollback()
    placed = db.session.scalars(select(Order).where(Order.bazaar_id == bazaar_id)).all()
    assert len(placed) == answers[:5].count("ya")
    assert {each.state for each in placed} <= {"cancelled_admin"}
    assert db.session.get_one(Stock, variant_id).reserved == 0
    assert wrong() == []


def test_cards_say_the_next_bazaar_from_the_moment_she_says_yes(app):
    bazaar, (application,) = bazaars.make_published(1, many_days=2)
    shop = application.shop
    make_product(shop, "Telur asin")
    stand = stalls.Stand(bazaar, application, shop, None, None)
    assert badges(stand) == [[]]

    bazaars.confirmed(application)
    make_product(shop, "Telur baru")

    first, last = (each.day for each in bazaar.days)
    assert badges(stand) == [[["bazaar", f"{first}/{last}"]]] * 2
    mark = db.session.scalars(select(ShelfMark)).one()
    assert (mark.shop_id, mark.key) == (shop.id, bazaar.slug)


@pytest.mark.parametrize("act", ["withdraw", "call off", "put off", "time"])
def test_cards_say_nothing_once_she_does_not_stand_there(stand, act):
    assert badges(stand)[0][0][0] == "bazaar"
    by = make_account("curator")

    if act == "withdraw":
        withdraw(stand)
    elif act == "time":
        with time_machine.travel(stand.bazaar.ends_at), transaction():
            jobs._clocks["bazaars.keep_time"].run()
    else:
        change = changing.call_off if act == "call off" else changing.postpone
        with transaction():
            change(stand.bazaar, "Hujan lebat", by=by)

    assert badges(stand) == [[]]
    assert db.session.scalars(select(ShelfMark)).all() == []


def test_a_bazaar_on_another_day_is_said_when_she_says_yes_again(stand):
    with transaction():
        changing.postpone(stand.bazaar, "Tempat dipakai", by=make_account("curator"))
    with transaction():
        changing.resume(stand.bazaar, bazaars.days_from(40), None, None, None, by=make_account("curator"))
    assert badges(stand) == [[]]

    bazaars.confirmed(stand.application)

    assert badges(stand) == [[["bazaar", f"{stand.bazaar.days[0].day}/{stand.bazaar.days[0].day}"]]]


def test_after_a_bazaar_the_cards_say_the_one_after_it(stand):
    later = bazaars.make_call(days_ahead=60)
    application = bazaars.apply_to(later, stand.shop)
    bazaars.close_call(later)
    bazaars.score(application)
    bazaars.publish(later)
    bazaars.confirmed(application)
    assert stand.bazaar.days[0].day.isoformat() in badges(stand)[0][0][1]

    withdraw(stand)

    assert later.days[0].day.isoformat() in badges(stand)[0][0][1]


def test_a_shop_that_comes_back_from_a_pause_says_what_holds_then(stand):
    with transaction():
        shelf.hide_shop(stand.shop.id)
    withdraw(stand)

    with transaction():
        shelf.show_shop(stand.shop.id)

    assert badges(stand) == [[]]


def test_a_mark_that_slipped_is_found_and_mended(stand):
    with transaction():
        shelf.mark_shops("bazaar", {stand.shop.id: ("2026-01-01/2026-01-01", "lama")})
    assert [finding for finding in wrong() if "shelf_mark" in finding] != []

    with transaction():
        standing.mark_all()

    assert wrong() == []


def test_a_card_and_its_pages_say_where_it_can_be_collected(stand, client):
    product = f"/produk/{stand.product.slug}"
    day = day_of(stand)

    pages = [client.get(each).text for each in ("/produk", f"/lapak/{stand.shop.slug}", product)]

    assert 'class="photo__badge">Bazar ' in pages[0]
    assert 'class="photo__badge">Bazar ' in pages[1]
    assert "Bisa diambil di bazar" in pages[1]
    assert "Bisa diambil di bazar" in pages[2]
    with time_machine.travel(day.until + HOUR):
        assert "Lapak ini ada di bazar" in client.get(product).text
    with time_machine.travel(stand.bazaar.ends_at + 9 * HOUR):
        assert 'class="photo__badge">Bazar ' not in client.get("/produk").text


def test_an_order_for_her_own_place_knows_no_bazaar(stand):
    order = place_order(stand.product)

    assert (order.bazaar_id, order.meets, order.meet_lost, order.promised_at) == (None, False, "", None)


def test_a_meeting_is_asked_for_once_and_only_for_a_new_submit(stand):
    asked = []

    def meet(_block, spot):
        asked.append(spot)
        return Meeting(spot.bazaar_id, "Alun-alun", now() + 20 * HOUR, now() + 27 * HOUR)

    submit = checkout((stand.variant, 1), key="the same page", at=day_of(stand).spot)
    for _ in range(2):
        with transaction():
            orders.place(submit, meet)

    assert len(asked) == 1

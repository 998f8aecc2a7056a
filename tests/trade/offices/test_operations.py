"""An office's order is one submit over several sellers, with papers whose numbers have no gap."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from app.core import books, personal
from app.core.clock import now, today
from app.core.db import db, transaction
from app.core.errors import StaleVersion
from app.core.personal import Whose
from app.goods.delivery.models import DeliveryPlan
from app.goods.products.models import Product
from app.kit.rupiah import Rupiah
from app.people.places import operations as places
from app.trade.offices import listeners, operations, planning, queries, rules
from app.trade.offices.models import OfficePaper, OfficeRequest
from app.trade.offices.operations import TooFar, TooSoon
from app.trade.orders import forgetting
from app.trade.orders import operations as orders
from app.trade.orders.meeting import Need
from app.trade.orders.models import Order, OrderGroup
from app.trade.orders.placing import LinesChanged
from app.trade.sales.models import SaleRecord
from tests.factories.goods import make_product, make_zones, variant_of
from tests.factories.offices import HALL, ZONE, asked, hand_over, order_for_office, parts_of
from tests.factories.payments import make_means
from tests.factories.people import KECAMATAN, REGENCY, make_account
from tests.factories.trade import make_stall

FAR = "36.04.12"
BOOKS = ("pesanan", "uang", "penjualan pesanan", "pesanan pemerintah", "surat kantor")


@pytest.fixture
def stalls(app):
    """Two sellers of snack boxes: one has 80, the other 60."""
    (first, one), (second, two) = make_stall(), make_stall()
    boxes = make_product(one, "Snack box", price=15_000, qty=80, unit="kotak", category="roti-bolu")
    more = make_product(two, "Kotak kue", price=16_000, qty=60, unit="kotak", category="roti-bolu")
    return (first, boxes), (second, more)


def wrong():
    return [finding for _name, found in books.verify(*BOOKS) for finding in found]


def numbers(kind=None):
    query = select(OfficePaper).order_by(OfficePaper.id)
    return [each.numbered for each in db.session.scalars(query) if kind in {None, each.kind}]


def need_in(days, kecamatan=KECAMATAN):
    return Need(HALL, now() + timedelta(days=days), kecamatan)


def plan_for(product, qty, days=7, method="cash_cod"):
    return planning.make({variant_of(product).id: qty}, need_in(days), ZONE, method)


def made_to_order(product, capacity, lead_days=0):
    with transaction():
        variant = variant_of(product)
        variant.stock_mode, variant.day_capacity, variant.lead_days = "made_to_order", capacity, lead_days


def test_a_hundred_and_twenty_boxes_come_from_two_sellers_in_one_submit(stalls):
    (_first, boxes), (_second, more) = stalls
    request = order_for_office((boxes, 120))
    one, two = parts_of(request)

    assert [(each.seller_id, each.subtotal.amount) for each in (one, two)] == [
        (boxes.shop_id, 80 * 15_000),
        (more.shop_id, 40 * 16_000),
    ]
    assert {each.promised_at for each in (one, two)} == {one.promised_at}
    assert all(each.for_office and each.pickup_place == HALL and each.method == "cash_cod" for each in (one, two))
    assert len(numbers("order")) == len(numbers()) == 2
    assert wrong() == []


def test_one_seller_is_enough_when_she_has_all_of_it(stalls):
    (_first, boxes), _other = stalls

    assert len(plan_for(boxes, 80).parts) == 1


def test_other_goods_other_units_and_other_kabupaten_do_not_help_out(stalls):
    (_first, boxes), (_second, more) = stalls
    third = make_stall()[1]
    make_product(third, "Kue satuan", qty=500, unit="biji", category="roti-bolu")
    make_product(third, "Telur asin", qty=500, unit="kotak")
    far = make_stall(regency_code="36.01", kecamatan_code="36.01.01", desa_code="36.01.01.2001")[1]
    make_product(far, "Snack jauh", qty=500, unit="kotak", category="roti-bolu")
    plan = plan_for(boxes, 200)

    assert {part.stall.id for part in plan.parts} == {boxes.shop_id, more.shop_id}
    assert [(each.found, each.asked) for each in plan.short] == [(140, 200)]


def test_a_paused_shop_does_not_help_out(stalls):
    (_first, boxes), (_second, more) = stalls
    with transaction():
        more.shop.state = "paused"

    assert [(each.found, each.asked) for each in plan_for(boxes, 120).short] == [(80, 120)]


def test_a_helper_is_not_asked_for_less_than_she_takes(stalls):
    (_first, boxes), (_second, more) = stalls
    with transaction() as session:
        session.add(DeliveryPlan(shop_id=more.shop_id, least=Rupiah(500_000)))

    assert [(each.found, each.asked) for each in plan_for(boxes, 90).short] == [(80, 90)]
    assert len(plan_for(boxes, 120).parts) == 2


def test_a_seller_who_takes_no_small_orders_is_not_asked_for_one(stalls):
    (_first, boxes), _other = stalls
    with transaction() as session:
        session.add(DeliveryPlan(shop_id=boxes.shop_id, least=Rupiah(500_000)))

    assert [(each.found, each.least) for each in plan_for(boxes, 5).short] == [(0, Rupiah(500_000))]


def test_what_is_made_to_order_is_bounded_by_its_day_and_its_lead(stalls):
    (_first, boxes), _other = stalls
    made_to_order(boxes, capacity=30, lead_days=3)
    near, later = plan_for(boxes, 100, days=1), plan_for(boxes, 90, days=7)

    assert [(each.found, each.lead_days) for each in near.short] == [(60, 3)]
    assert [sum(line.qty for line in part.lines) for part in later.parts] == [30, 60]


def test_the_same_key_finds_the_same_request_and_numbers_nothing_twice(stalls):
    (_first, boxes), _other = stalls
    at = now() + timedelta(days=5)
    given = {"key": "kunci-kantor", "phone": "+628570000001", "at": at}
    first = order_for_office((boxes, 10), **given)
    second = order_for_office((boxes, 10), **given)

    assert first.id == second.id
    assert len(numbers()) == 1
    with pytest.raises(orders.KeyReused):
        order_for_office((boxes, 11), **given)


def test_goods_that_went_meanwhile_store_nothing(stalls):
    (_first, boxes), _other = stalls
    need, units = Need(HALL, now() + timedelta(days=7)), {variant_of(boxes).id: 120}
    plan = planning.make(units, need, ZONE, "cash_cod")
    parts = planning.agreed(planning.pack(plan, units, need, "cash_cod"), units, need, "cash_cod")
    order_for_office((boxes, 20))
    before = db.session.scalars(select(OfficeRequest.id)).all()

    with pytest.raises(orders.LinesChanged), transaction():
        operations.request(operations.Asked("Desa Kadikaran", "", "", "Pak Udin", "+628571234567", ""), parts, key="k2")
    assert db.session.scalars(select(OfficeRequest.id)).all() == before
    assert wrong() == []


@pytest.mark.parametrize(
    ("after", "refusal"),
    [(timedelta(days=-1), TooSoon), (timedelta(hours=11), TooSoon), (timedelta(days=181), TooFar)],
)
def test_a_day_that_is_over_too_near_or_too_far_is_refused(app, after, refusal):
    with pytest.raises(refusal):
        operations.check_time(Need(HALL, now() + after), REGENCY)


def test_a_kabupaten_says_how_long_before_an_office_orders_and_says_it_for_no_other(app):
    with transaction():
        places.set_setting(REGENCY, operations.NOTICE, 30)
    need = Need(HALL, now() + timedelta(hours=29))

    with pytest.raises(TooSoon) as refusal:
        operations.check_time(need, REGENCY)
    assert "30 jam" in str(refusal.value)
    operations.check_time(need, "36.01")
    operations.check_time(Need(HALL, now() + timedelta(hours=31)), REGENCY)


def test_a_plan_answers_only_what_it_was_made_for(stalls):
    (_first, boxes), _other = stalls
    need, units = Need(HALL, now() + timedelta(days=7)), {variant_of(boxes).id: 10}
    signed = planning.pack(planning.make(units, need, ZONE, "cash_cod"), units, need, "cash_cod")

    assert planning.agreed(signed, units, need, "cash_cod")
    assert planning.agreed(signed, {variant_of(boxes).id: 11}, need, "cash_cod") is None
    assert planning.agreed(signed, units, Need(HALL, need.at + timedelta(hours=1)), "cash_cod") is None
    assert planning.agreed(signed, units, need, "paid_elsewhere") is None
    for tampered in ("", "x", signed[:-1], signed + "a", signed.replace(".", "", 1), "\x00" * 50):
        assert planning.agreed(tampered, units, need, "cash_cod") is None


def test_what_is_handed_over_has_its_papers_and_its_channel(stalls):
    (seller, boxes), _other = stalls
    (order,) = parts_of(order_for_office((boxes, 80)))
    hand_over(order, seller)
    papers = queries.list_papers([order.id])[order.id]

    assert [each.kind for each in papers] == ["order", "bill", "handover", "receipt"]
    assert {each.amount for each in papers} == {order.total}
    assert db.session.scalars(select(SaleRecord.channel)).all() == ["government"]
    assert wrong() == []


def test_the_receipt_of_a_treasurer_who_pays_later_comes_with_the_money_once(stalls):
    (seller, boxes), _other = stalls
    (order,) = parts_of(order_for_office((boxes, 80), method="paid_elsewhere"))
    hand_over(order, seller)
    assert [each.kind for each in queries.list_papers([order.id])[order.id]] == ["order", "bill", "handover"]
    assert wrong() == []

    for _tap in range(2):
        with transaction():
            operations.note_paid(order, by=seller)
    assert [each.kind for each in queries.list_papers([order.id])[order.id]][-1] == "receipt"
    assert len(numbers("receipt")) == 1
    assert wrong() == []


def test_a_paper_that_a_listener_missed_is_made_by_the_job(stalls, monkeypatch):
    (seller, boxes), _other = stalls
    (order,) = parts_of(order_for_office((boxes, 80)))
    monkeypatch.setattr(operations, "issue", lambda _orders: 1 / 0)
    hand_over(order, seller)
    monkeypatch.undo()
    assert len(numbers()) == 1

    with transaction():
        listeners.issue_missing()
    assert len(numbers()) == 4
    assert wrong() == []


def test_numbers_run_by_seller_kind_and_year_and_an_order_that_fails_leaves_no_gap(stalls):
    (seller, boxes), (_helper, others) = stalls
    first, second, third = (parts_of(order_for_office((boxes, 5)))[0] for _ in range(3))
    theirs = parts_of(order_for_office((others, 5)))[0].seller_id
    with transaction():
        orders.refuse(second, "tutup", by=seller)
    hand_over(third, seller)
    hand_over(first, seller)

    shop, year = first.seller_id, today("Asia/Jakarta").year
    assert numbers("order") == [
        f"{n:03d}/SP/LM-{of}/{year}" for of, n in ((shop, 1), (shop, 2), (shop, 3), (theirs, 1))
    ]
    assert numbers("receipt") == [f"{n:03d}/KW/LM-{shop}/{year}" for n in (1, 2)]
    with time_machine.travel(now() + timedelta(days=370)):
        order_for_office((boxes, 5))
    assert numbers("order")[-1].startswith("001/SP/")
    assert wrong() == []


def test_a_paper_is_never_changed_and_never_taken_away(stalls):
    (_seller, boxes), _other = stalls
    order_for_office((boxes, 5))
    for act in ("UPDATE office_paper SET amount = amount + 1", "DELETE FROM office_paper"):
        with pytest.raises(DatabaseError), transaction():
            db.session.execute(text(act))
        db.session.rollback()


def test_a_heading_changes_the_words_alone_and_a_stale_page_changes_nothing(stalls):
    (_seller, boxes), _other = stalls
    request = order_for_office((boxes, 5))
    before, version = numbers(), request.version
    words = ("PEMERINTAH KABUPATEN SERANG\nKecamatan Ciruas", "Rapat", "Drs. Umar, NIP 19700101", "Siti, NIP 19800101")
    with transaction():
        operations.change_heading(request, *words, version=version)

    assert (request.heading, request.purpose, request.receiver, request.treasurer) == words
    assert numbers() == before
    with pytest.raises(StaleVersion), transaction():
        operations.change_heading(request, "lain", "", "", "", version=version)


def test_who_signed_is_told_and_forgotten_with_the_one_who_ordered(stalls):
    (seller, boxes), _other = stalls
    request = order_for_office((boxes, 5), phone="+628577777777")
    with transaction():
        operations.change_heading(request, "Kecamatan", "Rapat", "Drs. Umar", "Siti", version=request.version)
    kept = next(each for each in personal.keepings() if each.name == "office_orders")
    assert [row["receiver"] for row in kept.tell(Whose(phone="+628577777777"), None)] == ["Drs. Umar"]
    assert kept.tell(Whose(phone="+628570000000"), None) == []

    hand_over(parts_of(request)[0], seller)
    with transaction():
        forgetting.forget([db.session.get_one(OrderGroup, request.group_id)], by=None)
        listeners.forget_signers()
    assert (request.receiver, request.treasurer, request.purpose) == ("", "", "")
    assert request.office == "Kecamatan Ciruas"
    assert wrong() == []


def test_a_person_who_is_erased_leaves_no_name(stalls):
    (_seller, boxes), _other = stalls
    request = order_for_office((boxes, 5), phone="+628577777777")
    with transaction():
        operations.change_heading(request, "Kecamatan", "Rapat", "Drs. Umar", "Siti", version=request.version)
        personal.erase(Whose(phone="+628577777777"), by=make_account("steward"))

    db.session.refresh(request)
    assert (request.receiver, request.treasurer, request.purpose) == ("", "", "")


PLANTED = {
    "an office's order without its request": "DELETE FROM office_request",
    "an order that is nobody's any more": 'UPDATE "order" SET for_office = (1 = 0)',
    "a state that has no such papers": """UPDATE "order" SET state = 'ready' WHERE state = 'handed_over'""",
    "another amount": 'UPDATE "order" SET total = total + 1',
}


@pytest.mark.parametrize("plant", PLANTED.values(), ids=PLANTED)
def test_the_book_finds_what_is_planted(stalls, plant):
    (seller, boxes), _other = stalls
    hand_over(parts_of(order_for_office((boxes, 5)))[0], seller)
    assert list(books.verify("surat kantor")) == [("surat kantor", [])]
    with transaction():
        db.session.execute(text(plant))

    ((_name, found),) = books.verify("surat kantor")
    assert found


def test_nothing_of_a_plain_order_is_a_paper(stalls):
    (seller, boxes), _other = stalls
    with pytest.raises(orders.NotNow), transaction():
        operations.note_paid(parts_of(order_for_office((boxes, 5), method="paid_elsewhere"))[0], by=seller)
    assert db.session.scalar(select(Order.unpaid_since)) is None


def test_the_fee_of_the_zone_is_paid_and_stands_in_the_papers_and_is_no_turnover(client, stalls):
    (first, boxes), _other = stalls
    make_zones(boxes.shop, {KECAMATAN: 25_000})
    request = order_for_office((boxes, 20), method="paid_elsewhere")
    (order,) = parts_of(request)
    hand_over(order, first)
    with transaction():
        operations.note_paid(order, by=first)

    assert (order.subtotal, order.delivery, order.total) == (Rupiah(300_000), Rupiah(25_000), Rupiah(325_000))
    assert (order.to_kecamatan, order.to_address, order.pickup_place) == (KECAMATAN, "", HALL)
    papers = queries.list_papers([order.id])[order.id]
    assert [(paper.kind, paper.amount) for paper in papers] == [(kind, Rupiah(325_000)) for kind in rules.KINDS]
    for paper in papers:
        assert "Rp25.000" in client.get(f"/kantor/{request.group.token}/surat?nomor={paper.id}").text
    assert db.session.scalars(select(SaleRecord.amount)).all() == [Rupiah(300_000)]
    assert wrong() == []


def test_a_fee_that_moved_since_the_page_is_said_and_nothing_stored(stalls):
    (_first, boxes), _other = stalls
    make_zones(boxes.shop, {KECAMATAN: 25_000})
    need, units = need_in(7), {variant_of(boxes).id: 10}
    signed = planning.pack(planning.make(units, need, ZONE, "cash_cod"), units, need, "cash_cod")
    make_zones(boxes.shop, {KECAMATAN: 30_000})
    parts = planning.agreed(signed, units, need, "cash_cod")

    with pytest.raises(LinesChanged) as refused, transaction():
        operations.request(asked(), parts, key="ongkos-berubah")

    assert [(change.kind, change.price) for change in refused.value.changes] == [("fee", Rupiah(30_000))]
    assert db.session.scalars(select(Order)).all() == []


@pytest.mark.parametrize(
    ("takes", "method", "way", "fee"),
    [
        (True, "cash_cod", "transfer_seller", 9_000),
        (False, "cash_cod", "cash_cod", 0),
        (False, "transfer_seller", "cash_cod", 0),
        (True, "transfer_seller", "transfer_seller", 9_000),
        (False, "paid_elsewhere", "paid_elsewhere", 9_000),
    ],
)
def test_where_money_must_come_first_cash_becomes_a_transfer_or_the_way_is_arranged(stalls, takes, method, way, fee):
    (first, boxes), _other = stalls
    make_zones(boxes.shop, {FAR: 9_000}, cod_km=1)
    if takes:
        make_means(first, boxes.shop)

    (part,) = planning.make({variant_of(boxes).id: 10}, need_in(7, FAR), ZONE, method).parts

    assert (part.method, part.fee) == (way, Rupiah(fee))


def test_goods_that_stay_are_brought_by_arrangement(stalls):
    (_first, boxes), _other = stalls
    make_zones(boxes.shop, {KECAMATAN: 25_000})
    with transaction() as session:
        session.get_one(Product, boxes.id).delivered = False

    (part,) = plan_for(boxes, 10).parts

    assert (part.to, part.total) == (None, Rupiah(150_000))


def test_an_order_whose_way_is_arranged_is_placed_although_its_goods_are_only_brought(stalls):
    (_first, boxes), _other = stalls
    make_zones(boxes.shop, {FAR: 9_000})
    with transaction() as session:
        session.get_one(Product, boxes.id).pickup = False
    need, units = need_in(7), {variant_of(boxes).id: 10}
    signed = planning.pack(planning.make(units, need, ZONE, "cash_cod"), units, need, "cash_cod")
    parts = planning.agreed(signed, units, need, "cash_cod")

    with transaction():
        made = operations.request(asked(), parts, key="diantar-janjian")

    (order,) = db.session.scalars(select(Order).where(Order.group_id == made.group_id))
    assert (order.delivery, order.pickup_place) == (Rupiah(0), HALL)

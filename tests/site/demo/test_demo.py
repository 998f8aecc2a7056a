"""The demonstration: the same for the same seed, never doubled, lawful in every book, and shut out of production."""

from __future__ import annotations

import io
import itertools
import json
from collections import defaultdict
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pyotp
import pytest
import time_machine
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from app.core import books, clock, marks, storage
from app.core.db import Base, db, transaction
from app.goods.photos.models import Photo
from app.goods.products.models import Product, Revision, Variant
from app.goods.shelf.models import ShelfItem
from app.goods.shops.models import Shop
from app.kit.periods import zone_named
from app.people.accounts import hashing
from app.people.accounts.models import Account
from app.people.entrance.queries import find_card
from app.site.demo import commands, operations, people, rounds
from app.site.demo.goods import Row
from app.site.demo.pictures import drawer, names, stem
from app.site.demo.plan import Plan, samples
from app.trade.bazaars.forms import filled_from
from app.trade.bazaars.models import Bazaar
from app.trade.orders import rules
from app.trade.orders.models import Order, OrderEvent
from app.trade.procurement import rules as procurement
from app.trade.sales.models import SaleRecord
from app.trade.stalls import happening, reporting
from app.trade.stalls.models import Report
from tests.factories.goods import make_product, make_shop, revision_of
from tests.factories.people import make_account, sign_in
from tests.support.log import did, log
from tests.support.pages import PageClient
from tests.support.remembered import remembered

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demonstration")]  # one process draws its pictures, once

DAY = date(2026, 11, 20)
SMALL = Plan.of(DAY, 36, 24, 12, 60, 40)
# Salted, sealed, or the moment of writing: the only columns that may differ.
VARY = {"password_hash", "pin_hash", "totp_sealed", "number_sealed", "hash", "previous_hash"}
# What an office bought names its order, whose number PostgreSQL counts on, and the moment of the load.
BOUGHT = {"at", "source_id", "client_uuid"}


def fill(plan: Plan = SMALL) -> dict[str, int]:
    """Load a demonstration as the command does."""
    return operations.load(plan, drawer(plan.seed), commands._hashes(plan))


@pytest.fixture
def small(app: Flask, database: Any) -> Plan:
    """A small demonstration, just loaded."""
    remembered(database, "demonstration", fill)
    return SMALL


@pytest.fixture
def reported(app: Flask, database: Any) -> Plan:
    """The goods of the report and its bazaar, just loaded."""
    plan = Plan.of(DAY, 36, 58, 29, 12, 12)
    remembered(database, "report", lambda: fill(plan))
    return plan


def rows() -> dict[str, list[Row]]:
    """Return every row of the tables that a demonstration fills, without what varies by nature."""
    found = {}
    for table in Base.metadata.sorted_tables:
        # Rounds, and what offices buy of them, are written by the operations of people: random file names, and the
        # moment of the load, which the stamp of public pages tells too.
        if table.name.startswith(("audit", "permit", "ekatalog_", "government_", "page_stamp")):
            continue
        order = list(table.primary_key.columns)
        # PostgreSQL goes on counting after the rows are gone; these ids are named by no other row.
        vary = VARY if table.name in operations._NUMBERED else VARY | {"id"}
        found[table.name] = [
            {name: value for name, value in row.items() if name not in (vary | BOUGHT if _is_bought(row) else vary)}
            for row in db.session.execute(select(table).order_by(*order)).mappings()
        ]
    return found


def _is_bought(row: Row) -> bool:
    """Tell whether a line of the sales book, or the evidence beside it, came of an office's purchase."""
    return row.get("channel") == "government" or row.get("reason") in procurement.REASONS.values()


def run(app: Flask, *words: str) -> Any:
    """Run a command as an operator would."""
    db.session.remove()
    return app.test_cli_runner().invoke(args=["demo", *words])


def in_production(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this installation be a real one."""
    settings = replace(app.extensions["lapak_settings"], environment="production")
    monkeypatch.setitem(app.extensions, "lapak_settings", settings)


def test_the_same_seed_and_day_give_the_same_rows(app: Flask, database: Any, small: Plan) -> None:
    first = rows()
    db.session.remove()
    db.engine.dispose()
    database.clean(db.engine.dispose)

    fill()

    again = rows()
    assert [name for name in first if first[name] != again[name]] == []
    assert len(first["order"]) == 60


def test_loading_again_adds_nothing_and_loading_more_tops_up(app: Flask, small: Plan) -> None:
    before = rows()

    assert sum(fill().values()) == 0
    assert rows() == before
    more = fill(replace(SMALL, products=30, orders=64))
    assert more["produk"] == 6
    assert log("demo.loaded")[1:] == [did(None, None, **{f"n_{name}": number for name, number in more.items()})]
    assert [str(finding) for _, found in books.verify() for finding in found] == []


def test_every_book_is_right_after_a_load(app: Flask, small: Plan) -> None:
    assert [str(finding) for _, found in books.verify() for finding in found] == []
    assert {name for name, _ in books.verify()} >= {"audit", "penjualan"}


def test_orders_stand_in_every_state_and_end_where_their_events_say(app: Flask, small: Plan) -> None:
    fill(replace(SMALL, products=60, shops=20, orders=130))

    states = set(db.session.scalars(select(Order.state)))
    assert states == {*rules.OPEN, *rules.ENDS}
    for order in db.session.scalars(select(Order)):
        events = list(
            db.session.scalars(select(OrderEvent).where(OrderEvent.order_id == order.id).order_by(OrderEvent.id))
        )
        assert events[0].to_state == "placed"
        assert events[-1].to_state == order.state
        assert all(one.to_state == two.from_state and one.at <= two.at for one, two in itertools.pairwise(events))


def test_orders_that_wait_have_not_run_out(app: Flask) -> None:
    fill(replace(SMALL, today=clock.today("Asia/Jakarta")))

    waiting = list(db.session.scalars(select(Order).where(Order.state.in_(rules.OPEN))))
    assert waiting
    for order in waiting:
        ends = [getattr(order, name) for name in rules.CLOCKS if getattr(order, name) is not None]
        assert min(ends) > clock.now()


def test_this_week_and_the_last_have_sales(app: Flask, small: Plan) -> None:
    days = set(db.session.scalars(select(SaleRecord.sold_on)))
    assert sum((DAY - day).days < 7 for day in days) >= 4
    assert sum(7 <= (DAY - day).days < 14 for day in days) >= 3


def test_sales_lie_within_a_year_and_after_their_shop(app: Flask, small: Plan) -> None:
    fill(replace(SMALL, sales=400))

    opened = dict(db.session.execute(select(Shop.id, Shop.created_at)).all())
    sales = list(db.session.scalars(select(SaleRecord).where(SaleRecord.source_type == "notebook")))
    months = {sale.sold_on.replace(day=1) for sale in sales}
    assert len(months) >= 10
    assert min(sale.sold_on for sale in sales) >= DAY - timedelta(days=366)
    assert all(sale.sold_on >= opened[sale.seller_id].date() for sale in sales)


def test_every_card_has_a_picture_that_opens(app: Flask, small: Plan) -> None:
    store = storage.public_store()

    for stem_ in db.session.scalars(select(ShelfItem.photo)):
        for ending in ("320.webp", "640.webp", "1280.webp", "960.jpg"):
            Image.open(io.BytesIO(store.read(f"{stem_}-{ending}"))).verify()
        assert len(store.read(f"{stem_}-320.webp")) <= 7_900


def test_products_of_one_category_never_share_a_picture(app: Flask, small: Plan) -> None:
    store, seen = storage.public_store(), defaultdict(list)

    for category, stem_ in db.session.execute(
        select(Revision.category_id, Photo.stem)
        .join(Photo, Photo.id == Revision.photo_id)
        .join(Product, Product.approved_revision_id == Revision.id)
    ):
        seen[category].append(store.read(f"{stem_}.jpg"))

    assert all(len(set(pictures)) == len(pictures) for pictures in seen.values())


def test_each_sample_of_the_register_has_a_picture_of_its_own() -> None:
    assert len({stem(36, sample.slug) for sample in samples()}) == len(samples()) == 206


def test_the_whole_register_stands_in_every_kecamatan_when_nothing_is_asked() -> None:
    plan = Plan.of(DAY, 36, None, None, None, None)

    assert plan.products == 206
    assert len({sample.kecamatan for sample in samples()}) == 29
    assert {plan.shop_of(index) for index in range(206)} <= set(range(plan.shops))


def test_the_goods_of_the_report_are_on_sale_and_its_bazaar_stands_in_the_past(app: Flask, reported: Plan) -> None:
    """Salted egg, chips, bubur sumsum, accessories; 16 August 2022 in the yard of the Dinsos, beside another event."""
    offered = samples()[: Plan.of(DAY, 36, None, None, None, None).products]
    for words in ("Telur asin", "Keripik", "Bubur sumsum"):
        assert any(sample.name.startswith(words) for sample in offered), words
    assert {"perhiasan-imitasi", "tas-dompet", "hiasan-rambut-hijab"} & {sample.category for sample in offered}

    first = db.session.scalars(select(Bazaar).order_by(Bazaar.starts_at).limit(1)).one()

    assert zone_named("Asia/Jakarta").day(first.starts_at) == date(2022, 8, 16)
    assert (first.state, first.host_event) == ("reported", "Khitanan massal dan donor darah")


def test_the_bazaar_of_the_past_has_its_incidents_and_photos_on_page_and_report(
    reported: Plan, client: PageClient
) -> None:
    first = db.session.scalars(select(Bazaar).order_by(Bazaar.starts_at).limit(1)).one()
    photos, incidents = happening.shown(first.id), happening.list_incidents(first.id)
    store = storage.public_store()

    page = client.get(f"/bazar/{first.slug}").text

    assert len(photos) == 3
    assert all(picture is not None and picture.medium in page and photo.caption in page for photo, picture in photos)
    for photo, _picture in photos:
        for name in names(photo.stem):
            assert Image.open(io.BytesIO(store.read(name))).size[0] > 0
    assert [first.starts_at < each.happened_at < first.ends_at for each in incidents] == [True, True]
    signed = db.session.scalars(select(Report).where(Report.bazaar_id == first.id)).one()
    assert reporting.told(first.id, signed.figures)["incidents"] == incidents
    assert len(happening.drawn(first.id)) == 3


def test_the_draft_of_a_bazaar_holds_nothing_that_its_own_form_refuses(reported: Plan, client: PageClient) -> None:
    draft = db.session.scalars(select(Bazaar).where(Bazaar.state == "draft")).one()
    fields = {
        name: f"{value:%H:%M}" if isinstance(value, time) else str(value)
        for name, value in filled_from(draft).items()
        if value is not None
    }

    with time_machine.travel(reported.moment):
        sign_in(client, db.session.get_one(Account, draft.created_by_id))
        answer = client.post(f"/dinsos/bazar/{draft.id}/ubah", data=fields)

    assert answer.status_code == 409  # all of it can be read; it waits for its second signature


def test_accounts_are_told_as_promised(app: Flask, small: Plan) -> None:
    told = json.loads(run(app, "accounts", "--json").output)

    roles = [each["role"] for each in told]
    assert set(told[0]) == {
        "role",
        "name",
        "region",
        "username",
        "phone",
        "password",
        "pin",
        "card_code",
        "totp_secret",
    }
    assert roles.count("curator") >= 3
    assert roles.count("caseworker") == 2
    assert roles.count("seller") == 3
    assert {"approver", "head", "steward", "admin", "partner"} <= set(roles)
    assert len({each["region"] for each in told if each["role"] == "pendamping"}) == 2


def test_what_is_told_opens(app: Flask, small: Plan) -> None:
    told = people.known(SMALL)

    for each in told:
        if each.username:
            account = db.session.scalars(select(Account).where(Account.username == each.username)).one()
            assert hashing.is_password(account.password_hash, each.password or "")
            assert commands._secret(account) == each.totp_secret
        else:
            phone = "+62" + (each.phone or "")[1:]
            card = find_card(phone, (each.card_code or "").replace("-", ""))
            assert card is not None
            owner = db.session.get_one(Account, card.account_id)
            assert hashing.is_pin(owner.pin_hash, each.pin or "")
    paused = db.session.scalars(select(Shop).where(Shop.state == "paused")).one()
    assert db.session.scalar(select(func.count()).where(ShelfItem.shop_id == paused.id)) == 0


def test_the_code_told_is_the_code_of_now(app: Flask, small: Plan) -> None:
    secret = next(each.totp_secret for each in people.staff(36) if each.username == "kurator")

    before = pyotp.TOTP(secret or "").at(clock.now())
    printed = run(app, "code", "kurator").output.strip()

    assert printed in {before, pyotp.TOTP(secret or "").at(clock.now())}
    assert run(app, "code", "siapa").exit_code == 1


@pytest.mark.parametrize("words", [("load", "--products", "3"), ("accounts", "--json"), ("code", "kurator")])
def test_production_refuses_with_one_line(app: Flask, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    with transaction():
        marks.put("demo", '{"seed": 36}')
    in_production(app, monkeypatch)

    result = run(app, *words)

    assert result.exit_code == 1
    assert len(result.output.strip().splitlines()) == 1
    assert commands.greeting() == []


def test_production_does_not_start_on_the_database_of_a_demonstration(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its passwords and second factors are the same everywhere: whoever knows one demonstration could walk in."""
    in_production(app, monkeypatch)
    assert commands.load_first() == 0

    with transaction():
        marks.put("demo", '{"seed": 36}')
    with pytest.raises(commands.Refused, match="produksi perlu yang kosong"):
        commands.load_first()


@pytest.mark.parametrize("words", [("accounts",), ("code", "kurator")])
def test_nothing_is_told_where_no_demonstration_stands(app: Flask, words: tuple[str, ...]) -> None:
    result = run(app, *words)

    assert result.exit_code == 1
    assert "demo" in result.output


def test_a_database_that_people_use_is_left_alone(app: Flask) -> None:
    make_account("admin")

    assert commands.load_first() == 0
    assert run(app, "load", "--products", "3").exit_code == 1
    assert people.seed() is None


def test_the_command_loads_and_says_what_it_did(app: Flask) -> None:
    result = run(
        app,
        "load",
        "--products",
        "6",
        "--shops",
        "4",
        "--orders",
        "8",
        "--sales",
        "5",
        "--families",
        "2",
        "--today",
        "2026-11-20",
        "--seed",
        "7",
    )

    assert result.exit_code == 0, result.output
    assert "6 produk" in result.output
    assert db.session.scalar(select(func.count()).select_from(Variant)) is not None
    assert run(app, "load", "--seed", "8").exit_code == 1
    assert any("kurator" in line for line in commands.greeting())


def test_rounds_of_the_e_katalog_choose_goods_for_which_a_pirt_is_enough(app: Flask) -> None:
    shop = make_shop()
    goods = [
        make_product(shop, name, category=kind)
        for name, kind in (("Nugget", "makanan-beku"), ("Emping", "emping-ceplis"))
    ]
    with transaction():
        for each in goods:
            revision_of(each).net_weight_g = 250

    assert [each.id for each in rounds._products()] == [goods[1].id]

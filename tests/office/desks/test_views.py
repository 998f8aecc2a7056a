"""The first page of every role: what it counts is what is there, and nobody else gets in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.core.clock import now, today
from app.core.db import db, transaction
from app.goods.permits import operations as permits
from app.kit.rupiah import Rupiah
from app.office.desks import navigation
from app.trade.bazaars import operations as scheduling
from app.trade.ekatalog import queries as submissions
from app.trade.sales import operations
from tests.factories import bazaars
from tests.factories import ekatalog as rounds
from tests.factories.goods import make_product, make_revision, make_shop, make_waiting_product, variant_of
from tests.factories.people import make_account, sign_in
from tests.factories.sales import make_sale
from tests.factories.trade import place_group
from tests.support.pages import PageClient
from tests.support.queries import count_queries

OFFICE = ("curator", "caseworker", "approver", "head", "steward", "admin")


def test_a_seller_has_five_choices_one_yolk_tile_and_four_quiet_ways(client: PageClient) -> None:
    seller = make_account("seller")
    make_shop(seller)
    sign_in(client, seller)

    text = client.get("/jualan").text

    choices, quiet = (
        re.search(rf'<nav class="[\w-]+" aria-label="{name}">(.*?)</nav>', text, re.S)
        for name in ("Pilihan", "Lainnya")
    )
    assert choices and quiet
    words = re.findall(r"<b>([^<]+?)\s*<", choices[1])
    assert words == ["Pesanan baru", "Produk saya", "Catat jualan", "Bazar", "Bantuan"]
    assert re.findall(r"</svg>([^<]+)</a>", quiet[1]) == ["Lapak saya", "Uang masuk", "Surat usaha", "Langkah usaha"]
    assert len(re.findall(r'class="tile"', text)) == 1


def test_a_choice_of_a_product_lies_on_the_way_to_her_products(client: PageClient) -> None:
    seller = make_account("seller")
    variant = variant_of(make_product(make_shop(seller)))
    sign_in(client, seller)

    for page in ("", "/cara", "/catatan"):
        text = client.get(f"/jualan/pilihan/{variant.id}{page}").text
        assert set(re.findall(r'<a href="([^"]*)" aria-current="page"', text)) == {"/jualan/produk"}


def test_the_secretary_signs_a_bazaar_and_a_submission_and_nobody_signs_their_own(client: PageClient) -> None:
    curator, secretary = make_account("curator"), make_account("approver")
    bazaar = bazaars.make_draft(curator)
    with transaction():
        proposal = scheduling.ask_to_open(bazaar, by=curator)
    case = rounds.approved(rounds.sent(rounds.make_goods()))
    bazaar_sign = f"/dinsos/bazar/tanda-tangan/{proposal.id}"
    submission_sign = f"/dinsos/ekatalog/{case.submission.id}/tanda-tangan"
    sign_in(client, curator)
    assert client.post(submission_sign).status_code == 404
    assert client.post(bazaar_sign, data={"langkah": "setuju"}).status_code in {303, 403, 404}
    db.session.expire_all()
    assert bazaar.state == "draft"

    sign_in(client, secretary)
    home = client.get("/dinsos").text
    assert 'href="/dinsos/bazar"' in home
    assert 'href="/dinsos/ekatalog"' in home
    assert bazaar.name in client.get("/dinsos/bazar").text
    assert "Menunggu tanda tangan kedua" in client.get("/dinsos/ekatalog").text
    assert client.post(bazaar_sign, data={"langkah": "setuju"}).status_code == 303
    assert client.post(submission_sign).status_code == 303

    db.session.expire_all()
    assert (bazaar.state, submissions.find_bundle(case.submission.id) is not None) == ("open_call", True)


def test_a_seller_sees_her_new_order_and_its_sum(client: PageClient) -> None:
    seller = make_account("seller")
    shop = make_shop(seller)
    product = make_product(shop, "Telur asin masir", price=19_000)
    place_group((variant_of(product), 2))
    sign_in(client, seller)

    text = client.get("/jualan").text

    assert "Ada 1 pesanan baru" in text
    assert "Rp38.000" in text
    assert "1 produk" in text
    assert text.index("Rp38.000") < text.index("Uang masuk minggu ini") < text.index("Produk saya")


def test_an_empty_desk_offers_the_next_thing_to_do(client: PageClient) -> None:
    seller = make_account("seller")
    make_shop(seller)
    sign_in(client, seller)

    text = client.get("/jualan").text

    assert "Belum ada pesanan baru" in text
    assert 'href="/jualan/produk/baru"' in text


def test_a_seller_s_desk_asks_at_most_twelve_questions_however_full_it_is(app: Flask, client: PageClient) -> None:
    seller = make_account("seller")
    shop = make_shop(seller)
    sign_in(client, seller)
    for number in range(3):
        product = make_product(shop, f"Telur {number}")
        place_group((variant_of(product), 1))
        make_revision(make_waiting_product(shop), "returned")
    with transaction():
        paper = permits.Paper("pirt", "2033604010012-30", expires_on=today("Asia/Jakarta"))
        permits.enter(shop, paper, rounds.master(), by=seller)
    client.get("/jualan")

    with count_queries(app) as asked:
        assert "1 surat segera habis atau sudah habis" in client.get("/jualan").text

    assert len(asked) <= 12, [statement for statement, _facts in asked]


def test_a_product_to_mend_is_counted_on_both_desks(client: PageClient) -> None:
    seller, pendamping = make_account("seller"), make_account("pendamping")
    shop = make_shop(seller, name="Dapur Bantu")
    make_revision(make_waiting_product(shop), "returned")
    sign_in(client, seller)

    assert "1 produk perlu diperbaiki" in client.get("/jualan").text
    sign_in(client, pendamping)
    assert "Dapur Bantu" in client.get("/dampingan").text


def test_a_silent_order_climbs_to_the_pendamping_after_twelve_hours(client: PageClient) -> None:
    pendamping = make_account("pendamping")
    product = make_product(make_shop(make_account("seller"), name="Dapur Diam"))
    place_group((variant_of(product), 1))
    sign_in(client, pendamping, idle_seconds=10**6)

    early = client.get("/dampingan").text
    with time_machine.travel(now() + timedelta(hours=23), tick=False):  # beyond any night
        late = client.get("/dampingan").text

    assert "Dapur Diam" not in early
    assert "Dapur Diam" in late


@pytest.mark.parametrize("role", OFFICE)
def test_every_office_role_has_a_desk_with_the_figures_of_its_region(client: PageClient, role: str) -> None:
    make_product(make_shop())
    sign_in(client, make_account(role))

    text = client.get("/dinsos").text

    assert "Produk tampil" in text
    assert ("/dinsos/kurasi" in text) == (role == "curator")


def test_a_partner_meets_no_figure_and_no_door_of_the_office(client: PageClient) -> None:
    product = make_product(make_shop())
    place_group((variant_of(product), 3))
    sign_in(client, make_account("partner"))

    page = client.get("/dinsos")

    assert "Belum ada pelatihan atau rujukan" in page.text
    assert "stat__value" not in page.text
    assert set(re.findall(r'href="(/(?:dinsos|dampingan|jualan)[^"]*)"', page.text)) == {"/dinsos"}


def test_the_takings_of_the_month_are_those_of_the_book_in_one_region_or_a_whole_province(client: PageClient) -> None:
    first, far = make_shop(), make_shop(desa_code="36.01.01.2001")
    this_month, month_before = today("Asia/Jakarta"), today("Asia/Jakarta").replace(day=1) - timedelta(days=1)
    for shop, amount, day in ((first, 40_000, this_month), (first, 7_000, month_before), (far, 300, this_month)):
        make_sale(shop, amount=Rupiah(amount), sold_on=day)
    with transaction():
        back = make_sale(first, amount=Rupiah(9_000), qty=3)
        operations.reverse(back, 1, by=first.owner, key="balik")

    shown = []
    for region in ("36.04", far.regency_code, "36"):
        sign_in(client, make_account("head", region_code=region))
        shown += re.findall(r'stat__value">(Rp[\d.]+)', client.get("/dinsos").text)

    assert shown == ["Rp46.000", "Rp300", "Rp46.300"]


def test_figures_of_another_region_stay_there(client: PageClient) -> None:
    product = make_product(make_shop())
    place_group((variant_of(product), 3))
    sign_in(client, make_account("head", region_code="36.02"))

    text = client.get("/dinsos").text

    assert text.count('<span class="stat__value">0</span>') == 3
    assert '<span class="stat__value">Rp0</span>' in text


@pytest.mark.parametrize(
    ("role", "path"),
    [("seller", "/dampingan"), ("seller", "/dinsos"), ("curator", "/dampingan"), ("head", "/dampingan")],
)
def test_a_desk_is_for_its_role_only(client: PageClient, role: str, path: str) -> None:
    account = make_account(role)
    if role == "seller":
        make_shop(account)
    sign_in(client, account)

    assert client.get(path).status_code == 403


def test_a_stranger_is_asked_to_sign_in_and_sent_back(client: PageClient) -> None:
    answer = client.get("/jualan")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/masuk?next=/jualan"


@pytest.mark.parametrize("role", [role for role, ways in navigation.WAYS.items() if len(ways) <= 5])
def test_names_of_rooms_under_the_thumb_are_as_short_as_a_fifth_of_a_phone(app: Flask, role: str) -> None:
    with app.test_request_context():
        assert max(len(str(name)) for _url, name, *_rest in navigation.WAYS[role]) <= 11


@pytest.mark.parametrize(
    ("role", "path", "way"),
    [
        ("curator", "/dinsos/aduan", "/dinsos"),
        ("curator", "/dinsos/ulasan", "/dinsos"),
        ("pendamping", "/dampingan/keluhan", "/dampingan/penjual"),
        ("curator", "/dampingan/keluhan", "/dampingan/penjual"),
        ("head", "/dinsos/aduan", "/dinsos"),
        ("caseworker", "/dinsos/uep?terlambat=1", "/dinsos/uep"),
        ("steward", "/dinsos/permintaan-data", "/dinsos/permintaan-data?lihat=dijawab"),
        ("steward", "/dinsos/permintaan-data?lihat=dijawab", "/dinsos/permintaan-data"),
    ],
)
def test_an_empty_inbox_leads_on(app, role, path, way):
    pages = PageClient(app)
    sign_in(pages, make_account(role))

    page = pages.get(path).text

    empty = page.partition('class="empty-state"')[2].partition("</div>")[0]
    assert f'href="{way}"' in empty
    assert pages.get(way).status_code == 200

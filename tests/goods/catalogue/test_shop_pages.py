"""The page of a shop and the directory: what stands there, and that each card is met exactly once, page after page."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask

from app.core.db import transaction
from app.goods.catalogue import detail
from app.goods.permits import operations as permits
from app.goods.shops.models import Shop
from tests.factories import goods
from tests.factories.ekatalog import NUMBERS, master, paper
from tests.factories.people import OTHER_DESA, make_account
from tests.support.pages import PageClient

CARD = re.compile(r'data-produk="(\d+)"')
SHOP = re.compile(r'href="/lapak/(toko-\d+)"')
PHONE = "+6281234567801"


@pytest.fixture
def shop(app: Flask) -> Shop:
    """A shop that says everything of itself."""
    return goods.make_shop(
        name="Telur Muara", slug="telur-muara", story="Sejak 2019 di dapur sendiri.", pickup_place="Samping balai desa",
        pickup_hours="Setiap hari 08.00 sampai 15.00",
    )  # fmt: skip


def pages(client: PageClient, first: str) -> list[str]:
    """Every page of a list, by its link to the next."""
    found, path = [], first
    while path:
        found.append(client.get(path).text)
        following = re.search(r'href="([^"]+)" rel="next"', found[-1])
        path = following[1].replace("&amp;", "&") if following else ""
    return found


def test_a_shop_s_page_holds_what_a_buyer_needs(client: PageClient, shop: Shop) -> None:
    eggs = goods.make_product(shop, "Telur asin bebek", price=38_000)
    with transaction():
        checked = permits.enter(shop, paper("halal", expires_on=date(2099, 5, 1)), master(), by=shop.owner)
        permits.enter(shop, paper("pirt"), master(), by=shop.owner)
        permits.verify(checked, by=make_account("curator"))

    html = client.get("/lapak/telur-muara").text

    for said in (
        "<h1>Telur Muara</h1>", "Kecamatan Ciomas", "1 produk", "Sejak 2019 di dapur sendiri.", "Samping balai desa",
        "Setiap hari 08.00 sampai 15.00", NUMBERS["halal"], "1 Mei 2099", "Telur asin bebek", "Rp38.000",
        f'href="/lapak?kecamatan={shop.kecamatan_code}"',
    ):  # fmt: skip
        assert said in html, said
    assert CARD.findall(html) == [str(eggs.id)]
    assert NUMBERS["pirt"] not in html, "nobody has checked it"
    assert "Tanya" not in html, "she keeps her number to herself"

    with transaction() as session:
        session.merge(shop).phone = PHONE
    html = client.get("/lapak/telur-muara").text
    assert f"https://wa.me/{PHONE.removeprefix('+')}?text=" in html


def test_the_goods_of_a_shop_follow_each_other_page_by_page(client: PageClient, shop: Shop) -> None:
    made = {goods.make_product(shop, f"Telur {number}").id for number in range(27)}
    goods.make_product(goods.make_shop(), "Emping orang lain")

    found = pages(client, "/lapak/telur-muara")

    shown = [int(number) for html in found for number in CARD.findall(html)]
    assert [len(CARD.findall(html)) for html in found] == [24, 3]
    assert len(shown) == len(set(shown)) and set(shown) == made
    assert "27 produk" in found[0]
    assert 'name="robots" content="noindex, follow"' in found[1]


def test_shops_follow_each_other_page_by_page_within_the_chosen_kecamatan(
    client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(detail, "SHOPS_PAGE", 2)
    for number in range(5):
        goods.make_product(goods.make_shop(name=f"Toko {number}", slug=f"toko-{number}"))
        goods.make_product(goods.make_shop(slug=f"toko-9{number}", desa_code=OTHER_DESA))
    goods.make_shop(name="Toko 8", slug="toko-8")  # sells nothing

    found = [SHOP.findall(html) for html in pages(client, "/lapak?kecamatan=36.04.27")]
    shown = [slug for page in found for slug in dict.fromkeys(page)]

    assert shown == [f"toko-{number}" for number in (4, 3, 2, 1, 0)]
    assert [len(set(page)) for page in found] == [2, 2, 1]

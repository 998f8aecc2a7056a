"""The list of shops with its map: every kecamatan drawn, those with shops lead there, and chips say the same."""

from __future__ import annotations

import re

from flask import Flask

from app.core.db import transaction
from app.goods.shops import operations as shops
from app.people.places import shapes
from tests.factories import goods, people
from tests.support.pages import PageClient
from tests.support.queries import count_queries

AREA = re.compile(r'<a href="/lapak\?kecamatan=([\d.]+)"( aria-current="true")? aria-label="([^"]+)">\s*<path')


def test_each_kecamatan_is_drawn_and_those_with_shops_lead_to_them(client: PageClient) -> None:
    for desa in ("36.04.13.2001", "36.04.13.2001", people.OTHER_DESA):
        goods.make_product(goods.make_shop(desa_code=desa))
    html = client.get("/lapak").text

    outline = shapes.outline("36.04")
    assert outline is not None
    assert html.count('<path class="bar-chart__bar"') == len(outline.shapes) == 29
    found = {code: said for code, _, said in AREA.findall(html)}
    assert set(found) == {"36.04.13", people.OTHER_DESA[:8]}
    assert found["36.04.13"].endswith(": 2 lapak")
    for code, said in found.items():
        assert re.search(rf'chip" href="/lapak\?kecamatan={code}"[^>]*>[^<]+<span class="chip__count">{said[-7]}', html)


def test_the_chosen_area_is_marked_and_its_shops_are_listed(client: PageClient) -> None:
    owner = people.make_account()
    shop = goods.make_shop(owner, name="Telur Muara", desa_code="36.04.13.2001")
    goods.make_product(shop)
    goods.make_product(goods.make_shop(name="Anyaman Ciomas", desa_code=people.OTHER_DESA))
    html = client.get("/lapak?kecamatan=36.04.13").text
    assert [code for code, current, _ in AREA.findall(html) if current] == ["36.04.13"]
    assert "Telur Muara" in html
    assert "Anyaman Ciomas" not in html
    assert "Anyaman Ciomas" in client.get("/lapak").text

    with transaction():
        shops.pause(shop, by=owner)
    assert [code for code, _current, _said in AREA.findall(client.get("/lapak").text)] == [people.OTHER_DESA[:8]]


def test_the_map_asks_no_more_questions_for_more_shops(app: Flask, client: PageClient) -> None:
    counts = []
    for many in (1, 5):
        for _ in range(many):
            goods.make_product(goods.make_shop())
        with count_queries(app) as asked:
            assert client.get("/lapak").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 6

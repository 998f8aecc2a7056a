"""Nobody decides about somebody they are related to: one declaration hands a whole shop to other officers."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.core.db import db, transaction
from app.goods.curation import operations, queries
from app.goods.permits import operations as permits
from app.goods.permits import queries as waiting_papers
from app.goods.reports import queries as reports
from app.goods.shops import operations as shops
from app.goods.shops.models import Kinship
from app.trade.bazaars.queries import is_kin
from tests.factories.ekatalog import master, paper
from tests.factories.goods import make_product, make_shop, make_waiting_product, revision_of
from tests.factories.people import make_account, sign_in
from tests.factories.reports import make_report

INBOX = "/dinsos/kurasi"


@pytest.fixture
def shop(app):
    """A stall."""
    return make_shop()


@pytest.fixture
def curator(client, app):
    """An officer of the region, signed in."""
    account = make_account("curator")
    sign_in(client, account)
    return account


def test_one_tap_hands_everything_of_a_shop_to_others(client, curator, shop):
    waiting, sold = make_waiting_product(shop, "Keripik"), make_product(shop)
    make_report(sold, "photo")
    way = f"{INBOX}/{revision_of(waiting, 'waiting').id}"
    assert "Saya punya hubungan dengan penjual ini" in client.get(way).text

    for _again in range(2):
        client.post(f"{way}/hubungan")

    page = client.get(INBOX).text
    assert "diperiksa petugas lain" in page
    assert way not in page
    assert db.session.scalar(select(func.count()).select_from(Kinship)) == 1
    for path in (way, f"{INBOX}/produk/{sold.id}", f"{INBOX}/laporan/{sold.id}"):
        assert client.get(path).status_code == 404
    assert client.post(f"{way}/jawab", data={"jawaban": "setujui"}).status_code == 404
    assert reports.count_waiting(scope=curator) == 0
    other = make_account("curator")
    assert queries.count_waiting(scope=other) == 1
    assert reports.count_waiting(scope=other) == 1


def test_who_opened_the_page_before_declaring_is_refused_all_the_same(curator, shop):
    revision = revision_of(make_waiting_product(shop), "waiting")
    with transaction():
        shops.declare_kin(shop, by=curator)

    with pytest.raises(operations.Related), transaction():
        operations.approve(revision, by=curator)

    assert revision_of(revision.product, "waiting")


def test_a_relation_to_one_shop_says_nothing_of_another_and_bazaars_know_it(curator, shop):
    with transaction():
        shops.declare_kin(shop, by=curator)
    make_waiting_product(make_shop())

    assert queries.count_waiting(scope=curator) == 1
    assert is_kin(curator.id, shop.id)
    assert not is_kin(make_account("curator").id, shop.id)


def test_papers_of_kin_are_checked_by_others_too(client, curator, shop):
    with transaction():
        permit = permits.enter(shop, paper("pirt"), master(), by=shop.owner)
    way = f"/dinsos/surat/{permit.id}"
    assert way in client.get("/dinsos/surat").text
    assert "Saya punya hubungan dengan penjual ini" in client.get(f"{way}/periksa").text

    said = client.get(client.post(f"{way}/hubungan").location).text

    assert "diperiksa petugas lain" in said
    assert way not in said
    assert waiting_papers.count_waiting(scope=curator) == 0
    for answer in (client.get(f"{way}/periksa"), client.post(f"{way}/periksa", data={"jawaban": "benar"})):
        assert answer.status_code == 404
    with pytest.raises(shops.Related), transaction():
        permits.verify(permit, by=curator)
    other = make_account("curator")
    assert waiting_papers.count_waiting(scope=other) == 1
    with transaction():
        permits.verify(permit, by=other)


def test_papers_of_an_own_shop_are_checked_by_others(client, curator):
    own = make_shop(curator)
    with transaction():
        permit = permits.enter(own, paper("pirt"), master(), by=make_account("pendamping"))

    assert waiting_papers.list_waiting(scope=curator) == []
    assert client.get(f"/dinsos/surat/{permit.id}/periksa").status_code == 404
    assert client.post(f"/dinsos/surat/{permit.id}/hubungan").status_code == 404

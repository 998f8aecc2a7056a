"""Her own page: everything about her and nothing about others, who looked, and what she asks."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.core import jobs, personal
from app.core.clock import now
from app.core.db import db, transaction
from app.goods.shops import operations as shops
from app.office.requests import chapters, operations, queries
from app.office.requests.models import DataRequest
from app.office.requests.queries import About
from app.people.accounts import operations as accounts
from app.people.families import operations as families
from tests.factories.families import make_business, make_consent, make_enrollment, make_kpm
from tests.factories.goods import make_product, make_shop
from tests.factories.people import make_account, sign_in
from tests.factories.requests import make_data_request
from tests.factories.trade import handed_order
from tests.support.log import did, log
from tests.support.paper import text_of
from tests.support.queries import count_queries

KINDS = {"salinan": "copy", "perbaiki": "correct", "hapus": "erase"}


@pytest.fixture
def seller(app):
    return make_account(name="Nurhayati", phone="+6281290001234")


@pytest.fixture
def shop(seller):
    return make_shop(seller, name="Telur Asin Bu Nur")


@pytest.fixture
def hers(client, seller, shop):
    sign_in(client, seller)
    return client


@pytest.fixture
def kpm(shop):
    kpm = make_kpm(name="Keluarga Nurhayati", nik="3604154512790000", address="Kampung Baru RT 2")
    make_enrollment(kpm)
    make_consent(kpm)
    make_business(kpm, shop)
    return kpm


def everything(hers) -> str:
    """Read her page and each chapter that it leads to."""
    page = hers.get("/saya/data").text
    ways = set(re.findall(r'href="(/saya/data/[a-z]+)"', page))
    assert ways == {f"/saya/data/{each.word}" for each in chapters.ALL}
    return "".join([page, *(hers.get(way).text for way in ways)])


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(DataRequest)) or 0


def test_she_reads_everything_about_her_account_shop_and_trade(hers, seller, shop):
    product = make_product(shop, "Telur asin asap")
    order = handed_order(product, seller)

    page = everything(hers)

    for word in ("Nurhayati", "0812", "Telur Asin Bu Nur", "Telur asin asap", order.code, "Penjualan", "Siapa melihat"):
        assert word in page, word


def test_she_sees_her_family_with_masked_numbers_and_who_looked_at_it(hers, kpm):
    pendamping = make_account("pendamping", name="Pak Deden")
    with transaction():
        families.note_look(kpm, "nik", "verify", by=pendamping)

    page = everything(hers)

    assert kpm.pseudonym in page
    assert "Kampung Baru RT 2" in page
    assert "3604154512790000" not in page
    assert "PKH" in page
    for word in ("Pak Deden", "Membuka NIK", "Mencocokkan data"):
        assert word in page, word


def test_she_sees_what_others_did_to_her_account_and_shop(hers, shop, seller):
    curator = make_account("curator", name="Bu Kurator")
    with transaction():
        shops.rename(shop, "Telur Asin Bu Nur", by=curator)
        accounts.end_all_sessions(seller)
    sign_in(hers, seller)

    page = everything(hers)

    assert "Bu Kurator" in page
    assert "Nama lapak diganti" in page
    assert "Keluar dari semua perangkat" not in page


def test_without_a_link_no_family_stands_on_her_page(hers):
    stranger = make_kpm(name="Keluarga Lain")

    page = everything(hers)

    assert stranger.pseudonym not in page
    assert "Nomor keluarga" not in page


def test_a_link_that_has_ended_shows_the_family_no_more(client, seller, shop):
    kpm = make_kpm()
    make_business(kpm, shop, ended_on=(now() - timedelta(days=2)).date())
    sign_in(client, seller)

    assert kpm.pseudonym not in everything(client)


@pytest.mark.parametrize("word", [each.word for each in chapters.ALL])
def test_each_chapter_is_read_with_a_few_questions(app, hers, kpm, word):
    with count_queries(app) as asked:
        assert hers.get(f"/saya/data/{word}").status_code == 200

    assert len(asked) <= 12


def test_every_part_that_tells_something_stands_in_one_chapter_and_a_new_one_in_the_first(fresh_app, monkeypatch):
    fresh_app()  # every room has said what it keeps
    told = [each.name for chapter in chapters.ALL for each in chapters.keepings_of(chapter)]
    assert sorted([*told, *chapters.SEEN]) == sorted(each.name for each in personal.keepings())

    monkeypatch.setattr(personal, "_keepings", dict(personal._keepings))
    personal.keeps("diary", "Buku harian", storey=99, tables=("diary",))
    assert [each.name for each in chapters.keepings_of(chapters.OWN)][-1] == "diary"


def test_a_chapter_that_is_not_there_is_missing(hers):
    assert hers.get("/saya/data/lainnya").status_code == 404


@pytest.mark.parametrize("word", KINDS)
def test_one_request_of_a_kind_is_open_at_a_time(hers, seller, word):
    fields = {"kata": "Nama desa salah", "yakin": "y"}
    assert hers.post(f"/saya/data/minta/{word}", data=fields).status_code == 303
    assert hers.post(f"/saya/data/minta/{word}", data=fields).status_code == 303

    assert count() == 1
    assert queries.find_open(KINDS[word], About(seller.id)).source == "own"
    assert "sudah dicatat" in hers.get(f"/saya/data/minta/{word}").text


def test_twin_the_database_refuses_a_second_open_one(seller):
    first = make_data_request("copy", seller)
    again = {"kind": "copy", "source": "own", "account_id": seller.id, "regency_code": "36.04", "due_at": first.due_at}

    with pytest.raises(IntegrityError), transaction() as session:
        session.add(DataRequest(**again))


def test_an_erasure_needs_her_yes_and_a_correction_her_words(hers):
    assert "Centang dulu" in hers.post("/saya/data/minta/hapus", data={}).text
    assert hers.post("/saya/data/minta/perbaiki", data={"kata": " "}).status_code == 422
    assert hers.get("/saya/data/minta/lainnya").status_code == 404
    assert count() == 0


def test_an_erasure_is_about_the_family_only_when_she_says_so(hers, seller, kpm):
    hers.post("/saya/data/minta/hapus", data={"yakin": "y"})
    assert queries.find_open("erase", About(seller.id)).kpm_id is None

    with transaction():
        operations.decline(queries.find_open("erase", About(seller.id)), "Sudah bicara.", by=make_account("steward"))
    hers.post("/saya/data/minta/hapus", data={"yakin": "y", "keluarga": "y"})
    assert queries.find_open("erase", About(seller.id)).kpm_id == kpm.id


def test_an_answer_is_due_after_fourteen_working_days_and_a_withdrawal_after_three_days(seller):
    with time_machine.travel("2026-11-25 03:00+00:00", tick=False):
        copy = make_data_request("copy", seller)
        withdrawn = make_data_request("withdraw", seller, words="publish", source="withdrawal")

    assert copy.due_at.isoformat() == "2026-12-15T16:59:00+00:00"
    assert withdrawn.due_at.isoformat() == "2026-11-28T03:00:00+00:00"


def test_she_fetches_her_copy_herself_once_it_was_opened(hers, seller, kpm, shop):
    make_product(shop, "Telur asin asap")
    hers.post("/saya/data/minta/salinan", data={})
    asked = queries.find_open("copy", About(seller.id))
    assert hers.post(f"/saya/data/salinan/{asked.id}", data={"bentuk": "json"}).status_code == 404
    with transaction():
        operations.open_copy(asked, by=make_account("steward"))
    assert "Siap diambil" in hers.get("/saya/data").text

    answer = hers.post(f"/saya/data/salinan/{asked.id}", data={"bentuk": "json"})
    jobs.run_due()
    told = json.loads(hers.get(f"{answer.location}/unduh").data)
    assert told["account"][0]["phone"] == "+6281290001234"
    assert told["goods"][0]["name"] == "Telur asin asap"
    assert told["family"][0]["address"] == "Kampung Baru RT 2"
    assert "3604154512790000" not in json.dumps(told)

    answer = hers.post(f"/saya/data/salinan/{asked.id}", data={"bentuk": "pdf"})
    jobs.run_due()
    paper = text_of(hers.get(f"{answer.location}/unduh").data)
    assert "Telur Asin Bu Nur" in paper
    assert "Kampung Baru" in paper


def test_a_copy_can_be_fetched_for_a_month_and_by_nobody_else(hers, seller, browser_of):
    asked, steward = make_data_request("copy", seller), make_account("steward")
    with transaction():
        operations.open_copy(asked, by=steward)

    assert log("request.copy_opened") == [did(steward, asked)]
    assert browser_of(make_account()).post(f"/saya/data/salinan/{asked.id}", data={"bentuk": "pdf"}).status_code == 404
    assert hers.post(f"/saya/data/salinan/{asked.id}", data={"bentuk": "exe"}).status_code == 404
    with time_machine.travel(now() + timedelta(days=31)):
        sign_in(hers, seller)
        assert hers.post(f"/saya/data/salinan/{asked.id}", data={"bentuk": "pdf"}).status_code == 404


def test_taking_a_consent_back_opens_one_task_with_three_days(hers, seller, shop):
    with transaction():
        shops.publish(shop, "2026-11", by=seller)
    with transaction():
        shops.withhold(shop, by=seller)
        shops.publish(shop, "2026-11", by=seller)
        shops.withhold(shop, by=seller)

    task = queries.find_open("withdraw", About(seller.id))
    assert (task.source, round((task.due_at - task.asked_at) / timedelta(hours=1))) == ("withdrawal", 72)
    assert count() == 1
    assert "Penarikan izin" not in hers.get("/saya/data").text.partition("Siapa melihat")[0]


def test_a_family_that_takes_its_consent_back_opens_a_task_of_its_own(kpm):
    with transaction():
        families.withdraw_consent(kpm, "graduation_monitoring", by=make_account("caseworker"))

    assert queries.find_open("withdraw", About(kpm_id=kpm.id)).words == "graduation_monitoring"


def test_staff_have_no_such_page(client):
    for role in ("curator", "steward", "admin"):
        sign_in(client, make_account(role))
        assert client.get("/saya/data").status_code in {403, 404}

"""A sale far above the usual waits for a look: its evidence counts less, its money whole, and nobody is accused."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from sqlalchemy import select, text

from app.core import books
from app.core.clock import today
from app.core.db import db, dialect, transaction
from app.kit.rupiah import Rupiah
from app.people.places.operations import set_setting
from app.trade.sales import operations, queries, rules, unusual
from app.trade.sales.models import SaleEvidence, SaleRecord
from app.trade.sales.operations import LookedAt
from tests.factories.people import make_account, sign_in
from tests.factories.sales import make_sale
from tests.factories.trade import make_stall
from tests.support.log import did, log
from tests.support.queries import count_queries, plan_of
from tests.support.together import at_once

LIST = "/dinsos/penjualan"
BIG = Rupiah(900_000)


@pytest.fixture
def stall(app):
    return make_stall(name="Telur Ibu Sarmi")


@pytest.fixture
def curator(client):
    account = make_account("curator")
    sign_in(client, account)
    return account


def marked(shop, **given):
    for _ in range(rules.LEAST_TO_COMPARE):
        make_sale(shop)
    return make_sale(shop, **({"amount": BIG, "grade": "C", "free_text": "Nasi kotak", "qty": 30} | given))


def say(client, sale, answer):
    return client.post(f"{LIST}/{sale.id}", data={"jawaban": answer})


def told(sale):
    db.session.expire_all()
    query = select(SaleEvidence.grade, SaleEvidence.reason).where(SaleEvidence.sale_id == sale.id)
    return list(map(tuple, db.session.execute(query.order_by(SaleEvidence.id))))


def test_it_stands_on_the_list_in_kind_words_and_is_counted_whole(client, stall, curator):
    sale = marked(stall[1])

    page = client.get(LIST).text

    assert "Telur Ibu Sarmi" in page
    assert "Nasi kotak" in page
    assert "Rp900.000" in page
    assert page.count("<article") == 1
    assert "Uangnya sudah dihitung penuh." in page
    assert queries.grade_of(sale.id) == "D"
    assert queries.takings(stall[1].id, sale.sold_on, sale.sold_on) == BIG + Rupiah(25_000 * rules.LEAST_TO_COMPARE)
    assert f'href="{LIST}"' in client.get("/dinsos").text


def test_a_kabupaten_says_what_is_far_above_and_says_it_for_no_other(client, stall, curator):
    elsewhere = make_stall(regency_code="36.01", kecamatan_code="36.01.01", desa_code="36.01.01.2001")[1]
    with transaction():
        set_setting(stall[1].regency_code, "book.far_above", 40)

    usual, marks = marked(stall[1]), marked(elsewhere)

    assert (queries.grade_of(usual.id), queries.grade_of(marks.id)) == ("C", "D")
    assert queries.grade_of(make_sale(stall[1], amount=Rupiah(1_000_001), grade="C").id) == "D"
    assert "Lebih dari 40 kali" in client.get(LIST).text


def test_whoever_looks_reads_what_is_usual_and_may_ask_her_kindly(client, stall, curator):
    for amount in (10_000, 20_000, 30_000, 40_000, 90_000):
        make_sale(stall[1], amount=Rupiah(amount))
    make_sale(stall[1], amount=BIG, free_text="Nasi kotak", qty=30)
    make_sale(stall[1], amount=Rupiah(5_000), sold_on=today("Asia/Jakarta") - timedelta(days=400))
    page = client.get(LIST).text
    [asked] = re.findall(r'href="https://wa\.me/(\d+)\?text=([^"]+)"', page)

    assert "biasanya sekitar Rp30.000" in page
    assert asked[0] == stall[0].phone.removeprefix("+")
    assert unquote(asked[1]).startswith("Halo Telur Ibu Sarmi, ada penjualan Rp900.000 pada ")
    assert f'href="/dampingan/penjual/{stall[1].id}"' in page
    assert client.get(f"/dampingan/penjual/{stall[1].id}").status_code == 200


@pytest.mark.parametrize(
    ("answer", "grade", "reason"), [("sesuai", "C", rules.LOOKED_FITS), ("tetap", "D", rules.LOOKED_STAYS)]
)
def test_a_look_ends_it_and_says_what_counts_from_now_on(client, stall, curator, answer, grade, reason):
    sale = marked(stall[1])
    before = told(sale)

    assert say(client, sale, answer).location == LIST

    assert told(sale) == [*before, (grade, reason)]
    assert "Tidak ada penjualan yang perlu dilihat." in client.get(LIST).text
    assert log("sale.looked_at") == [did(curator, sale, grade=grade)]
    assert say(client, sale, "sesuai").status_code == 409
    assert [each for _name, found in books.verify() for each in found] == []


def test_her_own_page_says_it_without_a_reproach_until_somebody_has_looked(client, stall, curator):
    sale = marked(stall[1])
    sign_in(client, stall[0])
    assert "Jauh lebih besar dari biasanya: simpan notanya" in client.get("/jualan/uang").text
    with transaction():
        operations.look(sale, fits=True, by=curator)

    assert "Jauh lebih besar" not in client.get("/jualan/uang").text


def test_what_better_evidence_has_come_for_what_was_taken_back_and_what_has_papers_is_not_asked(app, stall, curator):
    proved, back, bought = (
        marked(stall[1]),
        make_sale(stall[1], amount=BIG),
        make_sale(stall[1], amount=BIG, channel="government"),
    )
    partly = make_sale(stall[1], amount=BIG, qty=9)
    with transaction():
        operations.add_evidence(proved, "A", "kode pembeli cocok", by_id=1)
        operations.reverse(back, back.qty, by=stall[0], key="balik")
        operations.reverse(partly, 2, by=stall[0], key="balik-dua")

    assert [each.sale.id for each in unusual.list_unusual(scope=curator)] == [partly.id]
    assert told(bought)[-1][1] == rules.FAR_ABOVE_USUAL
    with pytest.raises(LookedAt), transaction():
        operations.look(proved, fits=True, by=curator)


@pytest.mark.parametrize("sent", ["", "x", "Sesuai", "\u202e" * 900])
def test_what_no_page_of_ours_says_changes_nothing(client, stall, curator, sent):
    sale = marked(stall[1])
    before = told(sale)

    assert say(client, sale, sent).status_code == 400
    assert told(sale) == before


def test_only_a_curator_of_the_region_looks_and_never_at_what_is_his_own(client, stall):
    sale = marked(stall[1])
    before = told(sale)
    far = make_account("curator", region_code="36.73")
    for account in (far, make_account("pendamping"), make_account("head"), stall[0]):
        sign_in(client, account)
        assert say(client, sale, "sesuai").status_code in (403, 404)
    sign_in(client, far)
    assert "Telur Ibu Sarmi" not in client.get(LIST).text
    writer = make_account("curator")
    with transaction():
        own = operations.record(
            [
                rules.Sale(
                    "tulis", stall[1].id, stall[1].regency_code, 1, BIG, sale.sold_on, "manual", "D", "-", ("note", 1)
                )
            ],
            by_id=writer.id,
        )[0]
    sign_in(client, writer)
    page = client.get(LIST).text
    assert page.count("<article") == 2
    assert f'action="{LIST}/{sale.id}"' in page
    assert f'action="{LIST}/{own.id}"' not in page
    assert "petugas lain yang melihatnya" in page
    assert say(client, own, "sesuai").status_code == 404
    assert told(sale) == before


def test_they_come_in_pages_and_in_one_number_of_questions(app, client, stall, curator):
    for _ in range(unusual.PAGE + 1):
        marked(make_stall()[1])
    client.get(LIST)

    with count_queries(app) as asked:
        first = client.get(LIST).text
    more = re.search(r'href="([^"]*setelah=\d+)"', first)[1]

    assert first.count("<article") == unusual.PAGE
    assert client.get(more).text.count("<article") == 1
    assert len(asked) <= 12
    (statement,) = [each for each in asked if "sale_evidence" in each[0]]
    if dialect() == "sqlite":
        assert "ix_sale_evidence_marked" in plan_of(*statement)
    assert db.session.execute(text("SELECT count(*) FROM sale_evidence")).scalar() > unusual.PAGE


@pytest.mark.race
def test_two_curators_at_once_answer_once(app, stall):
    sale = marked(stall[1])
    officers, number = [make_account("curator") for _ in range(6)], sale.id
    numbers = [each.id for each in officers]

    def answer(officer):
        def act():
            with transaction():
                by = db.session.get_one(type(officers[0]), officer)
                operations.look(db.session.get_one(SaleRecord, number), fits=True, by=by)

        return act

    answers = at_once(app, [answer(each) for each in numbers])

    assert sorted(answers) == ["LookedAt"] * 5 + ["ya"]
    assert [reason for _grade, reason in told(sale)].count(rules.LOOKED_FITS) == 1

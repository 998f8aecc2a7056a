"""Complaints to the office: anybody's, with a number, a clock, and one answer by name."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

import pytest
import time_machine

from app.core import outbox
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import TooMany
from app.kit.periods import WIB
from app.office.tickets import operations, queries
from app.office.tickets.models import Ticket
from app.people.accounts.models import Account
from app.people.places import operations as places
from tests.factories.people import REGENCY, make_account, sign_in
from tests.factories.tickets import answer_ticket, make_ticket
from tests.support.together import at_once

PHONE = "+6281370008877"


def typed(**other):
    return {"kunci": "k" * 20, "tentang": "seller", "cerita": "Penjual tidak pernah menjawab.", "telepon": ""} | other


def link(ticket):
    return f"/aduan/{ticket.code}?s={queries.signature_of(ticket.code)}"


def test_a_complaint_gets_a_number_and_seven_days_and_is_followed_by_link_or_phone(client):
    assert "Kirim aduan" in client.get("/aduan").text

    with time_machine.travel(WIB.at(date(2026, 12, 5), time(22)), tick=False):
        answer = client.post("/aduan", data=typed(telepon="0813 7000 8877"))
        ticket = db.session.query(Ticket).one()
        assert ticket.due_at == WIB.at(date(2026, 12, 13), time(7))  # never in the night
        assert (answer.status_code, answer.location) == (303, link(ticket))
        page = client.get(answer.location).text
        assert ticket.code in page
        assert "Dijawab paling lambat" in page
        found = client.post("/aduan/cari", data={"kode": ticket.code.lower(), "telepon": "+62 813-7000-8877"})
    assert (found.status_code, found.location) == (303, link(ticket))


def test_a_kabupaten_says_in_how_many_days_it_answers_and_says_it_for_no_other(app):
    noon = WIB.at(date(2026, 12, 5), time(12))
    with transaction():
        places.set_setting(REGENCY, "ticket.days", 3)

    with time_machine.travel(noon, tick=False):
        here, there = make_ticket(), make_ticket(regency_code="36.01")

    assert (here.due_at, there.due_at) == (noon + timedelta(days=3), noon + timedelta(days=7))


def test_the_same_form_sent_again_is_the_same_number_and_with_other_words_it_is_refused(app, client):
    first = client.post("/aduan", data=typed())
    assert client.post("/aduan", data=typed()).location == first.location
    other = client.post("/aduan", data=typed(cerita="Sekarang isinya lain sama sekali."))
    assert other.status_code == 409
    assert "Sekarang isinya lain" in other.text
    assert client.post("/aduan", data=typed(tentang="goods")).status_code == 409
    made = at_once(app, [lambda: make_ticket(key="sama sekali sama", address="198.51.100.9").id] * 4)

    assert db.session.query(Ticket).count() == 2
    assert len({each for each in made if each.isdigit()}) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"tentang": ""}, "Pilih salah satu."),
        ({"tentang": "lainlagi"}, "Pilih salah satu."),
        ({"cerita": ""}, "Ceritakan apa yang terjadi."),
        ({"cerita": "pendek"}, "Terlalu pendek."),
        ({"cerita": "x" * 1001}, "Terlalu panjang."),
        ({"telepon": "12"}, "Nomor HP belum benar"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(client, wrong, said):
    answer = client.post("/aduan", data=typed(**wrong))

    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.query(Ticket).count() == 0


def test_a_wrong_link_and_a_wrong_phone_tell_nothing(client):
    ticket = make_ticket(phone=PHONE)
    wrong, unknown = client.get(f"/aduan/{ticket.code}?s={'a' * 16}"), client.get(f"/aduan/ZZZ2345?s={'a' * 16}")
    assert (wrong.status_code, unknown.status_code) == (404, 404)
    assert wrong.text.replace(ticket.code, "ZZZ2345") == unknown.text
    pages = [
        client.post("/aduan/cari", data={"kode": code, "telepon": phone})
        for code, phone in ((ticket.code, "0813 7000 0000"), ("ZZZ2345", "0813 7000 8877"))
    ]
    assert [each.status_code for each in pages] == [404, 404]
    nameless = make_ticket()
    assert client.post("/aduan/cari", data={"kode": nameless.code, "telepon": PHONE}).status_code == 404


def test_too_many_are_refused_from_one_number_and_from_one_address(app, client):
    for _ in range(5):
        make_ticket(phone=PHONE)
    with pytest.raises(TooMany):
        make_ticket(phone=PHONE)

    answer = client.post("/aduan", data=typed(telepon=PHONE))

    assert answer.status_code == 429
    assert "Penjual tidak pernah menjawab." in answer.text
    make_ticket(phone="+6281370008878")


def test_too_many_from_one_address_are_refused_whatever_number_they_bear(app):
    def flood() -> None:
        for number in range(200):
            make_ticket(phone=f"+62813700{number:05}", address="203.0.113.9")

    with pytest.raises(TooMany):
        flood()
    make_ticket(phone=PHONE, address="203.0.113.10")


def test_an_officer_answers_once_with_her_name_and_whatever_is_overdue_stands_first(client):
    ticket = make_ticket("Sudah lama sekali menunggu.", phone=PHONE)
    newer = make_ticket("Baru saja terjadi tadi pagi.")
    with transaction():
        ticket.due_at = now() - timedelta(hours=1)
    officer = make_account("curator", name="Ibu Lestari")
    sign_in(client, officer)
    page = client.get("/dinsos/aduan").text
    assert page.index(ticket.code) < page.index(newer.code)
    assert page.count("Lewat waktu") == 1
    assert "2 menunggu jawaban" in client.get("/dinsos").text
    where = f"/dinsos/aduan/{ticket.code}"
    assert client.post(where, data={"versi": 1, "jawaban": ""}).status_code == 422
    assert client.post(where, data={"versi": 1, "jawaban": "Sudah kami tegur."}).status_code == 303
    late = client.post(where, data={"versi": 1, "jawaban": "Sudah saya telepon juga."})
    assert late.status_code == 409
    assert "Sudah kami tegur." in late.text
    assert "Sudah saya telepon juga." in late.text, "what the slower officer wrote is lost"
    assert "wa.me/6281370008877" in client.get(where).text

    told = client.get(link(ticket)).text

    assert "Sudah kami tegur." in told
    assert "Ibu Lestari" in told


def test_two_officers_at_once_give_one_answer(app):
    code, officers = make_ticket().code, [make_account("curator").id for _ in range(3)]

    def act(who):
        with transaction():
            operations.answer(queries.get_ticket(code), "Sudah.", by=db.session.get_one(Account, who))

    came = at_once(app, [lambda who=who: act(who) for who in officers])

    assert sorted(came) == ["Answered", "Answered", "ya"]


def test_a_caseworker_reads_of_it_on_the_first_page_and_others_may_not(client):
    ticket = make_ticket()
    sign_in(client, make_account("caseworker"))
    assert "1 aduan belum dijawab" in client.get("/dinsos").text
    for other in (make_account("curator", region_code="36.01"), make_account("pendamping"), make_account("seller")):
        sign_in(client, other)
        assert client.get(f"/dinsos/aduan/{ticket.code}").status_code in {403, 404}
        assert ticket.code not in client.get("/dinsos/aduan").text


def test_who_complained_is_forgotten_ninety_days_after_the_answer(app):
    ticket = make_ticket(phone=PHONE)
    with transaction():
        operations.answer(ticket, "Sudah.", by=make_account("curator"))
    with time_machine.travel(now() + timedelta(days=89), tick=False), transaction():
        assert operations.forget_old() == 0

    with time_machine.travel(now() + timedelta(days=91), tick=False), transaction():
        assert operations.forget_old() == 1

    assert (ticket.words, ticket.answer, ticket.phone, ticket.kind) == ("", "", None, "seller")


def test_hostile_words_stay_words(client):
    answer = client.post("/aduan", data=typed(cerita="<script>alert(1)</script> dan \x00 tanda"))

    hers = client.get(answer.location).text
    sign_in(client, make_account("curator"))
    officers = client.get("/dinsos/aduan/" + re.search(r"/aduan/(\w+)", answer.location)[1]).text
    for page in (hers, officers):
        assert "<script>alert" not in page
        assert re.search(r"&lt;script&gt;alert\(1\)", page)


def news_of(officer):
    """What an officer reads on her own page, newest first: kind and number."""
    return [(each.kind, each.about) for each in outbox.list_of(("account", officer.id))]


def test_each_officer_who_may_answer_is_told_and_again_a_day_before_the_end(client):
    told = [make_account("curator"), make_account("caseworker"), make_account("head", region_code="36")]
    silent = [make_account("curator", region_code="36.01"), make_account("approver"), make_account("pendamping")]
    with time_machine.travel(WIB.at(date(2026, 12, 1), time(10)), tick=False) as clock:
        ticket = make_ticket()
        assert [news_of(each) for each in told] == [[("ticket.made", ticket.code)]] * 3
        clock.shift(timedelta(days=6, seconds=1))
        near = [("ticket.near", ticket.code), ("ticket.made", ticket.code)]
        assert [news_of(each) for each in told] == [near] * 3
        clock.shift(timedelta(days=1))
        assert news_of(told[0]) == near
        assert news_of(told[2]) == [("ticket.late", ticket.code), *near]  # it has climbed
    assert [news_of(each) for each in silent] == [[]] * 3


def test_news_stands_where_its_hour_puts_it_and_what_came_due_meanwhile_stays_new(client):
    head = make_account("head")
    whom = ("account", head.id)
    with time_machine.travel(WIB.at(date(2026, 12, 1), time(10)), tick=False) as clock:
        older = make_ticket()
        clock.shift(timedelta(days=6, minutes=-1))
        newer = make_ticket()
        sign_in(client, head)
        last = re.search(r'name="sampai" value="(\d+)"', client.get("/dinsos/kabar").text)[1]
        clock.shift(timedelta(minutes=2))  # while she reads, the older one comes due
        client.post("/dinsos/kabar/dibaca", data={"sampai": last})
        assert [each.kind for each in outbox.list_of(whom) if each.seen_at is None] == ["ticket.near"]
        clock.shift(timedelta(days=1))
        listed = [
            ("ticket.late", older.code), ("ticket.near", older.code), ("ticket.made", newer.code),
            ("ticket.made", older.code),
        ]  # fmt: skip
        assert news_of(head) == listed
        assert paged(whom) == listed


def paged(whom):
    """The same, a page for each."""
    found = []
    while row := outbox.list_of(whom, before_id=found[-1].id if found else 0, limit=1):
        found += row
    return [(each.kind, each.about) for each in found]


@pytest.mark.parametrize("moved", [{"region_code": "36.01"}, {"role": "approver"}], ids=str)
def test_an_officer_who_went_elsewhere_hears_no_more_of_what_was_answered(app, moved):
    officer = make_account("curator")
    ticket = make_ticket()
    with transaction():
        for name, value in moved.items():
            setattr(officer, name, value)
    answer_ticket(ticket)

    with time_machine.travel(now() + timedelta(days=30), tick=False):
        assert [kind for kind, _code in news_of(officer)] == ["ticket.made"]


def test_what_waits_for_another_complaint_is_told_all_the_same(app):
    officer, other = make_account("curator"), make_ticket()
    answer_ticket(make_ticket(), by=officer)

    with time_machine.travel(now() + timedelta(days=30), tick=False):
        assert ("ticket.near", other.code) in news_of(officer)


def test_what_was_answered_in_time_is_not_told_again(client):
    officer, head = make_account("curator"), make_account("head")
    answer_ticket(make_ticket(), by=officer)

    with time_machine.travel(now() + timedelta(days=30), tick=False):
        assert [kind for kind, _code in news_of(head)] == ["ticket.made"]


def test_an_officer_reads_her_news_and_goes_straight_to_the_complaint(client):
    officer = make_account("caseworker")
    ticket = make_ticket()
    sign_in(client, officer)
    assert 'Kabar <span class="badge badge--warning">1</span>' in client.get("/dinsos").text
    page = client.get("/dinsos/kabar").text
    assert f'href="/dinsos/aduan/{ticket.code}">Aduan baru: {ticket.code}.' in page
    last = re.search(r'name="sampai" value="(\d+)"', page)[1]

    client.post("/dinsos/kabar/dibaca", data={"sampai": last})

    assert "badge--warning" not in client.get("/dinsos/kabar").text
    sign_in(client, make_account("caseworker"))
    assert ticket.code not in client.get("/dinsos/kabar").text


@pytest.mark.parametrize("role", ["seller", "pendamping", "approver", "steward", "admin", "partner"])
def test_whoever_answers_nothing_has_no_such_page(client, role):
    sign_in(client, make_account(role))

    assert client.get("/dinsos/kabar").status_code == 403
    assert client.post("/dinsos/kabar/dibaca", data={"sampai": "1"}).status_code == 403


def test_a_complaint_that_was_not_kept_is_told_to_nobody(app):
    officer = make_account("curator")
    for _ in range(5):
        make_ticket(phone=PHONE)
    with pytest.raises(TooMany):
        make_ticket(phone=PHONE)

    def half() -> None:
        with transaction():
            make_ticket()
            raise LookupError

    with pytest.raises(LookupError):
        half()
    assert len(news_of(officer)) == 5

"""A seller's e-mail tells her through the server of her office: plainly, again when it is away, and of nobody."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
import time_machine
from sqlalchemy import select

from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.jobs import Job
from app.office.notices import operations
from app.office.notices.channels import Gone, Parcel
from app.office.notices.mail import MailChannel
from app.office.notices.models import MailAddress
from tests.factories.goods import make_product
from tests.factories.notices import make_mail
from tests.factories.people import make_account, sign_in
from tests.factories.tickets import make_ticket
from tests.factories.trade import BUYER, make_stall, place_order
from tests.support.together import at_once

OWN, HERS = "/saya/surel", "sarmi@contoh.id"
ASKED, PUBLIC = "http://127.0.0.1:8000", "https://lapak.contoh.go.id"
PARCEL = Parcel("mail-7-3", HERS, "Ada pesanan baru. Buka Lapak Mandiri.", "/jualan/kabar")


class Server(socketserver.ThreadingTCPServer):
    """A server of e-mail on this machine: it speaks SMTP, and says what it is told to say to each command."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.says: dict[str, str] = {}
        self.came: list[bytes] = []
        self.heard: list[str] = []


class Talk(socketserver.StreamRequestHandler):
    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        self.say("220 surel.contoh.id")
        for line in iter(self.rfile.readline, b""):
            self.server.heard.append(line.decode().strip())
            verb = line.decode().split()[0].upper().split(":")[0]
            said = self.server.says.get(verb)
            if said:
                self.say(said)
            elif verb == "EHLO":
                self.say("250-surel.contoh.id")
                self.say("250 AUTH PLAIN")
            elif verb == "DATA":
                self.say("354 go on")
                self.server.came.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                self.say("250 kept")
            else:
                self.say("221 bye" if verb == "QUIT" else "250 ok")


@pytest.fixture
def server(app) -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        use(app, f"smtp://127.0.0.1:{server.server_address[1]}")
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _settings_of_before(app) -> Iterator[None]:
    before = app.extensions["lapak_settings"]
    yield
    app.extensions["lapak_settings"] = before
    app.extensions.pop(operations.WAYS, None)


def use(app, address: str) -> None:
    app.extensions["lapak_settings"] = replace(app.extensions["lapak_settings"], smtp_url=address, public_url=PUBLIC)
    app.extensions.pop(operations.WAYS, None)


@pytest.fixture
def stall(app):
    return make_stall()


@pytest.fixture
def hers(client, stall):
    sign_in(client, stall[0])
    return client


def carry() -> None:
    with transaction():
        operations.carry()
    jobs.run_due()


def again() -> None:
    with transaction():
        for each in db.session.scalars(select(Job)):
            each.run_at = each.run_at.replace(year=2020)
    jobs.run_due()


def letters(server) -> list[EmailMessage]:
    return [message_from_bytes(each, policy=policy.default) for each in server.came]


def way(letter: EmailMessage) -> str:
    """Return the link of a letter, on this site."""
    return re.search(r"https://lapak\.contoh\.go\.id(/surel/\S+)", letter.get_content())[1]


def confirmed() -> list[bool]:
    db.session.expire_all()
    return [each is not None for each in db.session.scalars(select(MailAddress.confirmed_at))]


def kept() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(select(MailAddress.address)))


def test_she_is_told_by_one_letter_that_there_is_an_order_and_of_nobody(server, hers, stall):
    make_mail(stall[0], "Sarmi@contoh.id")
    order = place_order(make_product(stall[1]))
    carry()
    carry()

    [raw] = server.came
    letter = message_from_bytes(raw, policy=policy.default)
    body = letter.get_content()
    assert (letter["To"], letter["Subject"]) == ("Sarmi@contoh.id", "Ada pesanan baru. Buka Lapak Mandiri.")
    assert letter["From"] == "Lapak Mandiri <lapak@contoh.go.id>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "https://lapak.contoh.go.id/jualan/kabar" in body
    assert not any(word in str(letter) for word in (BUYER, order.code, str(order.total), stall[0].name, stall[0].phone))
    assert db.session.scalars(select(Job)).all() == []


def test_a_server_that_is_away_is_asked_again_with_the_same_letter(server, hers, stall):
    make_mail(stall[0])
    server.says = {"RCPT": "451 later"}
    place_order(make_product(stall[1]))
    carry()
    [job] = db.session.scalars(select(Job))
    assert (job.attempts, kept()) == (1, [HERS])
    assert job.last_error == "OSError"

    server.says = {}
    again()

    assert len(server.came) == 1
    assert db.session.scalars(select(Job)).all() == []


def test_an_address_that_nobody_has_is_forgotten(server, hers, stall):
    make_mail(stall[0])
    server.says = {"RCPT": f"550 <{HERS}> unknown"}
    place_order(make_product(stall[1]))
    carry()

    assert (kept(), db.session.scalars(select(Job)).all(), server.came) == ([], [], [])


def test_the_same_parcel_is_the_same_letter(server):
    for _ in range(2):
        MailChannel().send(PARCEL)

    ids = {message_from_bytes(each)["Message-ID"] for each in server.came}
    assert (len(server.came), ids) == (2, {"<mail-7-3@contoh.go.id>"})


@pytest.mark.parametrize(("public", "home"), [(PUBLIC, PUBLIC), ("", ASKED)], ids=["public", "asked"])
def test_links_lead_to_the_public_address_and_without_one_to_where_it_was_asked(server, app, public, home):
    app.extensions["lapak_settings"] = replace(app.extensions["lapak_settings"], public_url=public)

    MailChannel(home=ASKED).send(PARCEL)

    [letter] = letters(server)
    assert re.findall(r"(https?://\S+)/jualan/kabar", letter.get_content()) == [home]


@pytest.mark.parametrize(
    ("verb", "said"),
    [("MAIL", "421 closing"), ("MAIL", "550 not you"), ("DATA", "554 no"), ("RCPT", "452 full")],
)
def test_whatever_a_server_refuses_is_tried_later_and_names_nobody(server, verb, said):
    server.says = {verb: said}

    with pytest.raises(OSError, match=said[:3]) as refusal:
        MailChannel().send(PARCEL)

    assert HERS not in str(refusal.value)


def test_a_server_that_is_not_there_is_tried_later(app):
    use(app, "smtp://127.0.0.1:9")

    with pytest.raises(OSError, match="refused"):
        MailChannel().send(PARCEL)


def test_no_password_goes_over_an_open_line(app, server):
    use(app, f"smtp://petugas:rahasia%20kantor@127.0.0.1:{server.server_address[1]}")

    with pytest.raises(OSError, match="open line"):
        MailChannel().send(PARCEL)

    assert not any("AUTH" in each for each in server.heard)


def test_without_a_server_nothing_is_offered_and_nothing_leaves(app, hers, stall):
    make_mail(stall[0])
    use(app, "")

    assert "Kabar lewat surel" not in hers.get("/saya").text
    assert hers.get(OWN).status_code == 404
    assert hers.post(OWN, data={"surel": "lain@contoh.id"}).status_code == 404
    place_order(make_product(stall[1]))
    carry()
    assert (kept(), db.session.scalars(select(Job)).all()) == ([HERS], [])


def test_her_page_shows_enough_of_it_and_an_empty_field_ends_it(server, hers, stall):
    assert "Belum ada alamat surel." in hers.get("/saya").text
    make_mail(stall[0])
    page = hers.get("/saya").text
    assert "s****@contoh.id" in page
    assert HERS not in page
    assert f'value="{HERS}"' in hers.get(OWN).text

    hers.post(OWN, data={"surel": "  "})

    assert kept() == []


@pytest.mark.parametrize(
    "typed",
    [
        "x", "a@b", "a@@b.id", "a@b..id", "a b@c.id", "a@b.id, c@d.id", "a@-b.id", "<a@b.id>",
        "ibu@contoh.id\r\nBcc: x@y.id", "a" * 65 + "@b.id", "a@" + "b" * 180 + ".id", "\u202ea@b.id;",
        "🥚@contoh.id", "a@b.id?bcc=c@d.id",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_and_stays_in_its_field(server, hers, typed):
    answer = hers.post(OWN, data={"surel": typed})

    assert answer.status_code == 422
    assert "Alamat surel belum benar" in answer.text
    assert kept() == []


def test_another_address_takes_the_place_of_hers_and_what_waited_for_the_old_one_goes_nowhere(server, hers, stall):
    make_mail(stall[0])
    place_order(make_product(stall[1]))
    with transaction():
        operations.carry()
    hers.post(OWN, data={"surel": "baru@contoh.id"})
    jobs.run_due()

    [letter] = letters(server)
    assert (kept(), letter["To"]) == (["baru@contoh.id"], "baru@contoh.id")
    assert "/surel/" in letter.get_content()


def test_nothing_but_one_letter_goes_to_an_address_before_its_owner_said_yes(server, hers, stall, app):
    assert hers.post(OWN, data={"surel": " Sarmi@CONTOH.id"}).location == "/saya"
    assert "Kami kirim surel ke S****@contoh.id." in hers.get("/saya").text
    place_order(make_product(stall[1]))
    carry()
    [asked] = letters(server)
    assert "Buka tautan di surel yang kami kirim ke S****@contoh.id." in hers.get("/saya").text
    link, stranger = way(asked), app.test_client()

    assert "Sarmi" not in stranger.get(link).text  # a program that looks into letters answers nothing
    stranger.get(link, data={"jawab": "ya"})  # nor does one that only reads, whatever it sends along
    assert confirmed() == [False]
    assert "Surel Anda menerima kabar" in stranger.post(link, data={"jawab": "ya"}).text
    assert "sudah menerima kabar" in stranger.get(link).text
    place_order(make_product(stall[1]))
    carry()

    assert [each["Subject"] for each in letters(server)[1:]] == ["Ada pesanan baru. Buka Lapak Mandiri."]
    assert asked["Auto-Submitted"] == "auto-generated"
    assert asked["Subject"] == "Mau menerima kabar dari Lapak Mandiri? Buka tautan ini dalam 2 hari."
    assert "pilih “Bukan saya, hentikan”." in asked.get_content()
    assert not any(word in str(asked) for word in (stall[0].name, stall[0].phone, stall[1].name))


def test_news_on_its_way_does_not_go_to_an_address_that_was_written_meanwhile(server, hers, stall):
    make_mail(stall[0])
    place_order(make_product(stall[1]))
    with transaction():
        operations.carry()
    with transaction():
        operations.keep_mail(stall[0], "lain@contoh.id", home=ASKED)

    jobs.run_due()

    assert [each["To"] for each in letters(server)] == ["lain@contoh.id"]
    assert "Mau menerima kabar" in letters(server)[0]["Subject"]


def test_nothing_is_begun_for_an_address_that_its_owner_did_not_confirm(server, hers, stall):
    make_mail(stall[0])
    with transaction():
        db.session.scalars(select(MailAddress)).one().confirmed_at = None
    place_order(make_product(stall[1]))
    with transaction():
        operations.carry()

    assert [each.payload for each in db.session.scalars(select(Job)) if each.payload.get("way") == "mail"] == []


def test_whoever_is_not_her_says_so_and_the_address_is_gone(server, hers, app):
    hers.post(OWN, data={"surel": HERS})
    jobs.run_due()
    link, stranger = way(letters(server)[0]), app.test_client()

    assert "Surel ini tidak menerima kabar" in stranger.post(link, data={"jawab": "bukan"}).text

    assert kept() == []
    assert stranger.get(link).status_code == 404


def test_a_link_ends_after_two_days_and_with_another_address(server, hers, app):
    hers.post(OWN, data={"surel": HERS})
    jobs.run_due()
    link, stranger = way(letters(server)[0]), app.test_client()
    wrong = [link[:-1] + ("a" if link[-1] != "a" else "b"), link.replace("-", "-9", 1), "/surel/1", "/surel/1-2-3"]
    assert {stranger.post(each, data={"jawab": "ya"}).status_code for each in wrong} == {404}

    with time_machine.travel(now() + timedelta(hours=49), tick=False):
        assert stranger.post(link, data={"jawab": "ya"}).status_code == 404
    hers.post(OWN, data={"surel": "baru@contoh.id"})

    assert stranger.post(link, data={"jawab": "ya"}).status_code == 404
    assert confirmed() == [False]


def test_the_same_address_is_asked_again_until_its_owner_said_yes(server, hers, app):
    for _ in range(2):
        hers.post(OWN, data={"surel": HERS})
    jobs.run_due()
    assert len(letters(server)) == 2
    app.test_client().post(way(letters(server)[1]), data={"jawab": "ya"})

    hers.post(OWN, data={"surel": HERS})
    assert "Kabar dikirim ke surel itu." in hers.get("/saya").text

    jobs.run_due()
    assert (len(letters(server)), confirmed()) == (2, [True])


def test_nobody_sends_more_than_five_letters_a_day_to_one_address(server, app, stall):
    answers = []
    for number in range(6):
        other = app.test_client()
        sign_in(other, make_stall()[0])
        answers.append(other.post(OWN, data={"surel": HERS.upper() if number % 2 else HERS}))
    jobs.run_due()

    assert [each.status_code for each in answers] == [303] * 5 + [429]
    assert "Hari ini sudah terlalu banyak surel dikirim. Coba lagi besok." in answers[-1].text
    assert len(letters(server)) == 5


def test_nobody_has_more_than_five_letters_a_day_sent_wherever_they_go(server, hers):
    answers = [hers.post(OWN, data={"surel": f"a{number}@contoh.id"}).status_code for number in range(6)]
    jobs.run_due()

    assert (answers, kept()) == ([303] * 5 + [429], ["a4@contoh.id"])
    assert len(letters(server)) <= 5


def test_a_letter_that_is_not_wanted_any_more_is_not_sent(server, hers):
    hers.post(OWN, data={"surel": HERS})
    hers.post(OWN, data={"surel": ""})
    jobs.run_due()

    assert server.came == []


def test_an_officer_is_told_by_letter_of_a_complaint_and_of_nothing_in_it(server, client):
    officer = make_account("caseworker")
    make_mail(officer)
    ticket = make_ticket("Penjual menipu ibu saya.", phone="+6281370008877")
    carry()

    [letter] = letters(server)
    assert letter["Subject"] == "Ada aduan yang menunggu jawaban. Buka Lapak Mandiri."
    assert "https://lapak.contoh.go.id/dinsos/kabar" in letter.get_content()
    assert not any(word in str(letter) for word in (ticket.code, "menipu", "8877"))


@pytest.mark.parametrize("change", [{"role": "pendamping"}, {"state": "disabled"}], ids=["moved", "shut-out"])
def test_an_officer_without_news_any_more_gets_no_letter_and_hears_again_once_she_is_back(server, app, change):
    officer = make_account("caseworker")
    make_mail(officer)
    before = {each: getattr(officer, each) for each in change}
    make_ticket("Penjual menipu ibu saya.")
    set_account(officer, change)
    carry()
    with time_machine.travel(now() + timedelta(days=6, hours=12), tick=False):
        carry()  # the reminder was written while she still had news
    assert (server.came, kept(), db.session.scalars(select(Job)).all()) == ([], [HERS], [])

    set_account(officer, before)
    with time_machine.travel(now() + timedelta(hours=2), tick=False):
        make_ticket("Sejam kemudian.")
        carry()

    assert len(letters(server)) == 1


def set_account(account, values) -> None:
    with transaction():
        for name, value in values.items():
            setattr(account, name, value)


@pytest.mark.race
def test_two_phones_at_once_keep_one_address(app, stall):
    by = stall[0]
    number = by.id

    def keep(address):
        def act():
            with transaction():
                operations.keep_mail(db.session.get(type(by), number), address, home="")

        return act

    at_once(app, [keep(f"a{each}@contoh.id") for each in range(8)])

    assert len(kept()) == 1


def test_it_is_for_whoever_has_news(server, client):
    sign_in(client, make_account("curator"))
    assert "Belum ada alamat surel." in client.get("/saya").text
    assert client.get(OWN).status_code == 200
    sign_in(client, make_account("pendamping"))

    assert client.get(OWN).status_code == 403
    assert "Kabar lewat surel" not in client.get("/saya").text


def test_a_flood_of_complaints_is_one_letter_an_hour_and_all_of_it_is_on_the_list(server, client):
    officer = make_account("caseworker")
    make_mail(officer)
    for number in range(5):
        make_ticket(f"Aduan ke-{number}.")
    carry()
    assert len(letters(server)) == 1
    sign_in(client, officer)
    assert client.get("/dinsos/kabar").text.count("Aduan baru") == 5

    with time_machine.travel(now() + timedelta(minutes=61), tick=False):
        make_ticket("Sejam kemudian.")
        carry()

    assert len(letters(server)) == 2


def test_whoever_has_read_her_list_hears_of_the_next_complaint_within_the_hour(server, client):
    officer = make_account("caseworker")
    make_mail(officer)
    make_ticket("Yang pertama.")
    carry()
    sign_in(client, officer)
    last = re.search(r'name="sampai" value="(\d+)"', client.get("/dinsos/kabar").text)[1]
    client.post("/dinsos/kabar/dibaca", data={"sampai": last})
    make_ticket("Yang kedua.")
    carry()

    assert len(letters(server)) == 2


def test_an_address_that_was_mended_while_the_letter_was_refused_stays(server, stall):
    make_mail(stall[0])

    class Refuses:
        def send(self, parcel):
            with transaction():
                operations.keep_mail(stall[0], "benar@contoh.id", home="")
            raise Gone

    operations.channels()["mail"] = Refuses()
    place_order(make_product(stall[1]))
    carry()

    assert kept() == ["benar@contoh.id"]

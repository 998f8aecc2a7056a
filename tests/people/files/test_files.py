"""Files on order: asked for at once, made by the worker, handed to whoever asked and to nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction, writing
from app.core.storage import private_store
from app.people.accounts import operations as accounts
from app.people.accounts.models import Account
from app.people.files import operations, queries
from app.people.files.models import PreparedFile
from app.people.files.operations import Made, counted
from tests.factories.people import make_account, sign_in

TITLE = "Laporan bulan ini"


@pytest.fixture
def curator(app):
    return make_account("curator")


@pytest.fixture
def built(monkeypatch):
    """A builder that notes what it was given, and whether a writer waited meanwhile."""
    notes = []

    def build(facts):
        notes.append((facts, writing()))
        return Made(b"isi laporan", "laporan.txt", "text/plain")

    monkeypatch.setitem(operations._builders, "uji", build)
    return notes


def order(by, facts=None):
    with transaction():
        return operations.ask("uji", TITLE, facts or {"bulan": "2026-11"}, by=by)


def state_of(wanted):
    db.session.expire_all()
    return db.session.get(PreparedFile, wanted.id).state


def test_a_file_is_made_outside_the_transaction_and_handed_to_its_owner(client, curator, built):
    sign_in(client, curator)
    wanted = order(curator)
    waiting = client.get(f"/saya/berkas/{wanted.id}")
    assert "Sedang disiapkan" in waiting.text
    for page in (waiting, client.get("/saya/berkas")):
        assert '<a href="/saya">Akun saya</a>' in page.text
    assert waiting.headers["Refresh"] == "3"
    assert client.get(f"/saya/berkas/{wanted.id}/unduh").status_code == 404

    jobs.run_due()

    assert built == [({"bulan": "2026-11"}, False)]
    assert "Refresh" not in client.get(f"/saya/berkas/{wanted.id}").headers
    answer = client.get(f"/saya/berkas/{wanted.id}/unduh")
    assert answer.data == b"isi laporan"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="laporan.txt"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_page_of_a_long_paper_says_how_many_parts_are_made(client, curator, monkeypatch):
    sign_in(client, curator)
    told = []

    def parts():
        for _part in range(3):
            told.append(client.get(f"/saya/berkas/{wanted.id}").text)
            yield b"isi"

    monkeypatch.setitem(
        operations._builders, "uji", lambda _facts: Made(b"".join(counted(parts(), 3)), "buku.pdf", "application/pdf")
    )
    wanted = order(curator)
    jobs.run_due()

    assert "dari 3 bagian" not in told[0]
    assert ["1 dari 3 bagian sudah jadi" in told[1], "2 dari 3 bagian sudah jadi" in told[2]] == [True, True]
    assert '<progress id="kemajuan" value="2" max="3">' in told[2]
    assert client.get(f"/saya/berkas/{wanted.id}/unduh").data == b"isi" * 3


def test_asking_twice_finds_the_one_that_waits(app, curator, built):
    assert order(curator).id == order(curator).id
    assert order(curator, {"bulan": "2026-10"}).id != order(curator).id
    assert db.session.scalar(select(func.count()).select_from(PreparedFile)) == 2


def test_nobody_else_sees_it(client, curator, built):
    wanted = order(curator)
    jobs.run_due()
    sign_in(client, make_account("curator"))

    for address in (f"/saya/berkas/{wanted.id}", f"/saya/berkas/{wanted.id}/unduh"):
        assert client.get(address).status_code == 404
    assert TITLE not in client.get("/saya/berkas").text


def test_the_list_shows_what_was_asked_for(client, curator, built):
    sign_in(client, curator)
    assert "Belum ada berkas" in client.get("/saya/berkas").text
    order(curator)

    assert TITLE in client.get("/saya/berkas").text


def test_one_that_cannot_be_made_says_so_after_the_last_try(client, curator, monkeypatch):
    def broken(facts):
        raise ValueError("no")

    monkeypatch.setitem(operations._builders, "uji", broken)
    sign_in(client, curator)
    wanted = order(curator)

    with time_machine.travel(now(), tick=False) as clock:
        for _try in range(jobs.MOST_ATTEMPTS):
            assert state_of(wanted) == "waiting"
            jobs.run_due()
            clock.shift(timedelta(minutes=10))

    assert state_of(wanted) == "failed"
    assert "belum bisa dibuat" in client.get(f"/saya/berkas/{wanted.id}").text


def test_a_day_later_row_and_bytes_are_gone(client, curator, built):
    sign_in(client, curator)
    wanted = order(curator)
    jobs.run_due()
    stored = db.session.get(PreparedFile, wanted.id).stored
    db.session.rollback()

    with time_machine.travel(now() + timedelta(hours=25)):
        sign_in(client, curator)
        assert client.get(f"/saya/berkas/{wanted.id}").status_code == 404
        with transaction():
            operations.sweep()

    assert db.session.get(PreparedFile, wanted.id) is None
    assert not private_store().has(stored)


def fetched(app, account, wanted):
    """Sign in anew and ask for a file: its page, its bytes, and whether the list names it."""
    client = app.test_client()
    sign_in(client, account)
    answers = [client.get(f"/saya/berkas/{wanted.id}{tail}").status_code for tail in ("", "/unduh")]
    return [*answers, TITLE in client.get("/saya/berkas").text]


CHANGES = {
    "another task": lambda account, by: accounts.change_work(
        account, role="caseworker", areas=[], version=account.version, by=by
    ),
    "shut and opened again": lambda account, by: (accounts.disable(account, by=by), accounts.enable(account, by=by)),
    "new access": lambda account, by: accounts.renew_access(account, "hash", by=by),
}


def change(account, how):
    with transaction() as session:
        CHANGES[how](session.get_one(Account, account.id), make_account("admin"))


@pytest.mark.parametrize("how", sorted(CHANGES))
def test_a_file_does_not_outlive_a_change_of_who_asked(app, curator, built, how):
    wanted = order(curator)
    jobs.run_due()
    number, stored = wanted.id, db.session.get(PreparedFile, wanted.id).stored
    assert fetched(app, curator, wanted) == [200, 200, True]

    change(curator, how)
    assert fetched(app, curator, wanted) == [404, 404, False]

    with transaction():
        operations.sweep()
    assert db.session.get(PreparedFile, number) is None
    assert not private_store().has(stored)


def test_what_was_asked_before_a_change_is_not_made_after_it(app, curator, built):
    order(curator)
    change(curator, "another task")

    jobs.run_due()

    assert built == []


def test_a_change_while_it_is_made_leaves_no_bytes(app, curator, monkeypatch):
    def build(facts):
        change(curator, "another task")
        return Made(b"isi laporan", "laporan.txt", "text/plain")

    monkeypatch.setitem(operations._builders, "uji", build)
    before = set(private_store().list_names())
    order(curator)

    jobs.run_due()

    assert set(private_store().list_names()) == before


def test_asking_again_after_a_change_makes_a_new_one(app, curator, built):
    before = order(curator).id
    change(curator, "new access")

    after = order(curator)
    jobs.run_due()

    assert after.id != before
    assert fetched(app, curator, after) == [200, 200, True]


def test_twin_that_never_asks_who_asked_hands_it_to_the_next_task(app, curator, built, monkeypatch):
    wanted = order(curator)
    jobs.run_due()
    change(curator, "another task")

    monkeypatch.setattr(queries, "is_owned", lambda wanted: True)

    assert fetched(app, curator, wanted)[:2] == [200, 200]

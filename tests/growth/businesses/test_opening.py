"""Accounts for a whole place in one go: a few at a time by the worker, nobody twice, and for each family why not."""

from __future__ import annotations

import tracemalloc
from datetime import timedelta
from statistics import median

import pytest
import time_machine
from sqlalchemy import func, select

from app.core import audit, jobs, vault
from app.core.clock import now, today
from app.core.db import db, transaction
from app.goods.shops.models import Shop
from app.growth.businesses import opening, operations, queries
from app.growth.businesses.models import AccountBatch, AccountTurn
from app.people.accounts.models import Account, LoginCard
from app.people.accounts.operations import lock_key
from app.people.families import operations as families
from app.people.families.models import Kpm
from app.people.files.models import PreparedFile
from app.people.files.queries import list_own
from tests.factories.families import facts, make_business
from tests.factories.goods import make_shop
from tests.factories.people import PASSWORD, make_account, sign_in
from tests.support import clocks
from tests.support.log import did, log
from tests.support.paper import pages_of, readable
from tests.support.queries import count_queries
from tests.support.together import crossed

ACCOUNTS = "/dinsos/keluarga/akun-penjual"
DESA, NEXT_DESA, OTHER = "36.04.27.2001", "36.04.27.2002", "36.04.12.2001"
CHOSEN = {"semua": "1", "jenis": "warung-kelontong", "setuju": "y", "kunci": "kunci-satu"}
MANY, STEP_MOST = 1_000, 1.5


@pytest.fixture
def officer(client):
    """A caseworker, signed in."""
    account = make_account("caseworker")
    sign_in(client, account)
    return account


def wishing(officer, many=1, **given):
    """So many families that want to sell, in one go."""
    with transaction():
        made = []
        for number in range(many):
            told = {"phone": f"+62812900{number:05d}", "wants_to_sell": True, "makes": "keripik"} | given
            made.append(families.register(facts(**told), by=officer).id)
    return made


def ask(client, place="", **given):
    return client.post(ACCOUNTS, data=CHOSEN | {"wilayah": place} | given)


def work():
    while jobs.run_due():
        pass


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


def turns():
    db.session.expire_all()
    return {turn.kpm_id: turn.state for turn in db.session.scalars(select(AccountTurn))}


@pytest.mark.parametrize("several", [False, True])
def test_an_officer_who_left_the_desk_for_a_while_says_the_own_password_before_cards_are_made(client, officer, several):
    [family] = wishing(officer)
    given = {} if several else {"semua": "", "pilih": str(family)}

    with time_machine.travel(now() + timedelta(minutes=11)):
        asked, wrong = ask(client, **given), ask(client, **given, sandi="bukan-kata-sandi-nya")
        before = count(AccountBatch), count(Shop)
        done = ask(client, **given, sandi=PASSWORD)

    assert [each.status_code for each in (asked, wrong, done)] == [422, 422, 303]
    assert all("Kata sandi Anda" in each.text for each in (asked, wrong))
    assert before == (0, 0)
    assert (count(AccountBatch), count(Shop)) == ((1, 0) if several else (0, 1))


def test_all_that_fit_are_opened_in_steps_and_their_cards_stand_on_one_paper(client, officer, monkeypatch):
    monkeypatch.setattr(opening, "AT_ONCE", 3)
    monkeypatch.setattr(opening, "DRAWN_AT_ONCE", 4)
    wishing(officer, 7)
    assert "Buat untuk semua (7 keluarga)" in client.get(ACCOUNTS).text

    page = ask(client).location
    begun = client.get(page)
    jobs.run_due(limit=1)
    going = client.get(page)
    work()
    over = client.get(page)

    assert "0 dari 7 keluarga" in begun.text and begun.headers["Refresh"]
    assert "3 dari 7 keluarga" in going.text
    assert "Refresh" not in over.headers
    assert (count(Shop), count(LoginCard), len(set(turns().values()))) == (7, 7, 1)
    batch = db.session.scalars(select(AccountBatch)).one()
    assert log("account_batch.asked") == log("account_batch.ended") == [did(officer, batch, families=7)]
    (file,) = list_own(officer.id)
    assert (file.state, file.parts, file.parts_made) == ("ready", 2, 2)
    paper = client.get(f"/saya/berkas/{file.id}/unduh").get_data()
    assert (paper[:5], pages_of(paper)) == (b"%PDF-", 2)
    for turn in db.session.scalars(select(AccountTurn)):
        code = vault.unseal(turn.card_sealed, f"account_turn:{turn.id}:card_sealed")
        owner = db.session.get_one(Shop, turn.shop_id).owner_id
        card = db.session.scalars(select(LoginCard).where(LoginCard.account_id == owner)).one()
        assert card.code_hash == vault.blind(code, "login_card")
        assert code in readable(paper).replace("-", "").replace(" ", "")


@pytest.mark.parametrize(("place", "families"), [("", 3), ("36.04.27", 2), (NEXT_DESA, 1), ("36.01", 0), ("?", 0)])
def test_a_place_chooses_its_own_families(client, officer, place, families):
    for desa in (DESA, NEXT_DESA, OTHER):
        wishing(officer, desa_code=desa)
    wishing(make_account("caseworker", region_code="36.01"), desa_code="36.01.01.2001")

    answer = ask(client, place)
    work()

    assert count(Shop) == families
    assert answer.status_code == (303 if families else 409)


def test_sent_twice_it_is_one_batch_and_with_other_contents_it_is_refused(client, officer):
    wishing(officer, 2)

    first, again = ask(client), ask(client)
    other = ask(client, "36.04.27")
    work()
    late = ask(client)

    assert first.location == again.location == late.location
    assert other.status_code == 409
    assert (count(AccountBatch), count(Shop), count(LoginCard)) == (1, 2, 2)


def test_a_second_stack_opens_nobody_twice(client, officer):
    wishing(officer, 2)

    ask(client)
    ask(client, kunci="kunci-dua")
    work()

    assert (count(AccountBatch), count(Shop), count(LoginCard)) == (2, 2, 2)
    states = [turn.state for turn in db.session.scalars(select(AccountTurn).order_by(AccountTurn.id))]
    assert sorted(states) == ["has_shop", "has_shop", "opened", "opened"]


def test_killed_in_the_middle_of_a_step_it_goes_on_and_opens_nobody_twice(client, officer, monkeypatch):
    monkeypatch.setattr(opening, "AT_ONCE", 2)
    wishing(officer, 5)
    ask(client)
    jobs.run_due(limit=1)
    link, calls = operations.link, []

    def torn(*given, **rest):
        calls.append(given)
        if len(calls) == 2:
            raise RuntimeError("the plug is pulled")
        return link(*given, **rest)

    monkeypatch.setattr(operations, "link", torn)
    jobs.run_due(limit=1)
    assert (len(calls), count(Shop), count(LoginCard)) == (2, 2, 2)

    with time_machine.travel(now() + timedelta(minutes=10)):
        work()

    assert (count(Shop), count(LoginCard), count(Account) - 1) == (5, 5, 5)
    assert set(turns().values()) == {"opened"}


def test_each_family_that_got_none_is_named_with_the_reason(client, officer):
    silent = wishing(officer, phone=None, name="Ibu Sunyi")[0]
    gone, has, *_rest = wishing(officer, 3)
    [calm] = wishing(officer)
    page = ask(client).location
    with transaction() as session:
        session.get_one(families.Kpm, calm).wants_to_sell = False
    make_business(queries.db.session.get_one(families.Kpm, has), make_shop(), officer)
    with transaction() as session:
        session.get_one(families.Kpm, gone).state = "moved"
    work()

    told = client.get(page).text

    assert turns() == {silent: "no_phone", gone: "gone", calm: "gone", has: "has_shop", _rest[0]: "opened"}
    for reason in ("Belum ada nomor HP", "Sudah punya lapak", "Tidak lagi mau jualan", "Ibu Sunyi"):
        assert reason in told


@pytest.mark.parametrize("change", [{"role": "curator"}, {"state": "disabled"}, {"region_code": "36.01"}])
def test_an_officer_who_may_not_any_more_opens_nothing(client, officer, change):
    wishing(officer, 2)
    ask(client)
    with transaction() as session:
        for name, value in change.items():
            setattr(session.get_one(Account, officer.id), name, value)

    work()

    batch = db.session.scalars(select(AccountBatch)).one()
    assert (count(Shop), batch.state) == (0, "stopped")
    assert log("account_batch.ended") == [did(officer, batch, families=0)]


def test_the_codes_are_forgotten_after_a_day(client, officer):
    wishing(officer)
    page = ask(client).location
    work()
    assert client.post(f"{page}/kartu").location.startswith("/saya/berkas/")
    batch = db.session.scalars(select(AccountBatch)).one()
    assert log("account_batch.cards_asked") == [did(officer, batch)] * 2

    with time_machine.travel(now() + timedelta(hours=25)):
        clocks.rewind()
        jobs.run_clocks()
        sign_in(client, officer)

        assert "sudah tidak bisa dilihat" in client.get(page).text
        assert client.post(f"{page}/kartu").status_code == 404
    assert db.session.scalars(select(AccountTurn.card_sealed)).all() == [None]


def test_a_stack_of_another_kabupaten_is_like_none(client, officer):
    wishing(officer)
    page = ask(client).location
    sign_in(client, make_account("caseworker", region_code="36.01"))

    assert client.get(page).status_code == client.post(f"{page}/kartu").status_code == 404


@pytest.mark.parametrize("missing", ["jenis", "setuju", "kunci"])
def test_what_is_missing_is_said(client, officer, missing):
    wishing(officer)

    answer = ask(client, **{missing: ""})

    assert answer.status_code in {422, 400}
    assert count(AccountBatch) == 0


@pytest.mark.drill
def test_a_thousand_are_opened_step_by_step_in_the_same_memory(client, officer):
    wishing(officer, MANY)
    ask(client)
    peaks, asked, steps = [], [], MANY // opening.AT_ONCE
    while db.session.scalars(select(AccountBatch.state)).one() == "waiting":
        db.session.rollback()
        if looked_at := len(asked) <= 10 or len(asked) >= steps - 10:  # the first and the last; looking takes longest
            tracemalloc.start()
        with count_queries(client.application) as queries_:
            jobs.run_due(limit=1)
        if looked_at:
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        asked.append(len(queries_))
        db.session.expire_all()

    assert (count(Shop), count(LoginCard), len(asked)) == (MANY, MANY, steps)
    assert median(peaks[-10:]) < STEP_MOST * median(peaks[1:11])  # one step may meet what others left to be collected
    assert max(asked[2:]) <= asked[1] + 10  # the last step also orders the cards
    assert db.session.scalars(select(PreparedFile.kind)).all() == [opening.CARDS]


@pytest.mark.race
@pytest.mark.parametrize("by_worker", [False, True])
def test_several_accounts_at_once_wait_before_the_first_is_noted_and_then_for_nobody(app, client, officer, by_worker):
    first, second = sorted(wishing(officer, 2))
    officer_id, colleague = officer.id, make_account("caseworker")
    if by_worker:
        ask(client)

    def open_both() -> None:
        if by_worker:
            batch = db.session.scalars(select(AccountBatch)).one()
            opening.go_on({"batch": batch.id, "step": 0, "origin": "https://contoh.example"})
            return
        chosen = [db.session.get_one(Kpm, number) for number in (first, second)]
        by = db.session.get_one(Account, officer_id)
        operations.open_accounts(
            chosen, business_type_slug="warung-kelontong", wording_version="1", today=today("Asia/Jakarta"), by=by
        )

    came = crossed(
        app,
        lambda: lock_key(f"accounts:{second}"),
        lambda: audit.record(colleague, "opened", f"kpm:{second}"),
        open_both,
    )

    assert came == ["ya"]
    assert count(Shop) == 2

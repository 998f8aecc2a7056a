"""Papers: read as people copy them, sealed where they hide a NIK, judged by somebody else."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.core.vault import unseal
from app.goods.permits import operations, queries, rules
from app.goods.permits.models import Permit
from tests.factories.ekatalog import master, paper
from tests.factories.goods import make_shop
from tests.factories.people import make_account, sign_in
from tests.support.log import did, log


@pytest.fixture
def shop(app):
    """A stall."""
    return make_shop()


def enter(shop, what, scan=True, by=None):
    """Enter a paper as its owner, or as somebody else."""
    with transaction():
        permit = operations.enter(shop, what, master() if scan else None, by=by or shop.owner)
    return permit


@pytest.mark.parametrize(
    ("kind", "typed", "number"),
    [
        ("nib", " 1234 5678 90123 ", "1234567890123"),
        ("npwp", "01.234.567.8-901.234", "012345678901234"),
        ("pirt", "2033604010012–30", "2033604010012-30"),
        ("halal", "id 36110000123450925", "ID36110000123450925"),
        ("bpom", "md 227012340123", "MD227012340123"),
        ("kbli", "10799", "10799"),
        ("kbki", "2111", "2111"),
    ],
)
def test_numbers_are_read_as_people_write_them(kind, typed, number):
    assert rules.read(kind, typed).number == number


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("nib", "123456789012"), ("npwp", "12345"), ("pirt", "20336040100123"), ("halal", "ID123"), ("bpom", "XX123"),
        ("kbli", "1079"), ("kbki", "12345678901"), ("nib", ""), ("nib", "١٢٣٤٥٦٧٨٩٠١٢٣"), ("slhs", "a\x00b"),
    ],
)  # fmt: skip
def test_what_cannot_be_one_is_refused(kind, typed):
    with pytest.raises(rules.Unreadable):
        rules.read(kind, typed)


def test_an_older_district_code_warns_and_never_refuses():
    assert rules.read("pirt", "203327601001230", region="36.04").warnings == ("region",)


@pytest.mark.parametrize(
    ("last", "state"),
    [(date(2026, 11, 24), "expired"), (date(2026, 11, 25), "verified"), (None, "verified")],
)
def test_a_paper_ends_on_its_day_without_anybody_noticing(last, state):
    assert rules.state_on("verified", last, date(2026, 11, 25)) == state


def test_a_number_that_may_be_a_nik_is_sealed_and_stands_nowhere_else(shop):
    nik = "3604012345670001"
    permit = enter(shop, operations.Paper("npwp", nik))

    assert permit.number == "•••• 0001"
    assert unseal(permit.number_sealed, operations.sealed_place(permit)) == nik
    stored = db.session.execute(text("SELECT * FROM permit")).one()
    assert nik not in str(stored)
    assert nik not in str([row.facts for row in db.session.scalars(select(AuditEntry))])


def test_the_database_itself_refuses_a_nik_in_the_open(shop):
    permit = enter(shop, paper("npwp"))

    with pytest.raises(IntegrityError), transaction():
        permit.number = "3604012345670001"


def test_a_newer_paper_takes_the_place_and_the_older_stays_as_it_was(shop):
    before = enter(shop, paper("pirt"))
    after = enter(shop, paper("pirt", expires_on=date(2031, 1, 1)), scan=False)

    assert queries.find_current(shop.id, "pirt").id == after.id
    assert (before.replaced_at is not None, before.expires_on) == (True, None)
    assert after.scan == before.scan
    assert db.session.scalar(select(func.count()).select_from(Permit)) == 2


def test_a_number_without_a_scan_is_refused(shop):
    with pytest.raises(operations.NoScan):
        enter(shop, paper("nib"), scan=False)


def test_nobody_verifies_what_they_entered(shop):
    helper = make_account("pendamping")
    permit = enter(shop, paper("nib"), by=helper)

    with pytest.raises(operations.OwnPaper), transaction():
        operations.verify(permit, by=helper)
    with pytest.raises(IntegrityError), transaction():
        permit.state, permit.verified_by_id = "verified", helper.id
    curator = make_account("curator")
    with transaction():
        operations.reject(permit, "Terpotong.", by=curator)
    assert (permit.state, permit.note, permit.verified_by_id) == ("rejected", "Terpotong.", curator.id)
    assert log("permit.rejected") == [did(curator, permit, kind="nib")]


def test_a_scan_is_for_its_owner_and_her_officers_and_every_look_is_noted(client, shop):
    permit = enter(shop, paper("nib"))
    looks = [(shop.owner, "/jualan", 200), (make_account(), "/jualan", 404), (make_account("curator"), "/dinsos", 200)]
    looks += [(make_account("approver"), "/dinsos", 200), (make_account("head"), "/dinsos", 404)]
    looks += [(make_account("pendamping", areas=["36.04.12"]), "/dinsos", 404)]

    for account, way, status in looks:
        sign_in(client, account)
        answer = client.get(f"{way}/surat/{permit.id}")
        assert (account.role, answer.status_code) == (account.role, status)
        if status == 200:
            assert answer.headers["Cache-Control"] == "no-store"
    query = select(AuditEntry.actor_role).where(AuditEntry.action == "permit.read").order_by(AuditEntry.id)
    assert list(db.session.scalars(query)) == ["curator", "approver"]

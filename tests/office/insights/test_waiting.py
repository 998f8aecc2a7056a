"""What waits for whom: each is told what somebody else asked of them, and nothing of their own making."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import g
from sqlalchemy import update

from app.core.db import transaction
from app.growth.graduation import letters
from app.growth.graduation.models import Appeal
from app.office.insights.waiting import list_waiting
from app.trade.bazaars import operations as bazaar_operations
from tests.factories import bazaars, ekatalog
from tests.factories.capital import make_grant
from tests.factories.families import make_kpm
from tests.factories.growth import (
    TODAY,
    make_appeal,
    make_case,
    make_decision,
    make_draft,
    make_family,
    make_graduation,
    make_proposal,
    make_tried,
)
from tests.factories.people import make_account, sign_in
from tests.support.queries import count_queries

ROLES = ("head", "approver", "caseworker")


@pytest.fixture
def people(app):
    """Those who answer for Kabupaten Serang, by role."""
    return {role: make_account(role) for role in ROLES}


def told(app, actor):
    """What waits, in words; each request asks anew."""
    with app.test_request_context():
        g.pop("waiting", None)
        return [each.text for each in list_waiting(actor)]


def late():
    """Every objection is overdue."""
    with transaction() as session:
        session.execute(update(Appeal).values(due_on=TODAY - timedelta(days=1)))


def followed():
    kpm, _shop = make_family()
    make_case(kpm)
    return kpm


def test_nobody_is_told_anything_while_nothing_waits(app, people):
    assert [told(app, each) for each in people.values()] == [[], [], []]


def test_an_objection_waits_for_a_third_person_and_for_the_head_once_it_is_overdue(app, people):
    kpm = followed()
    make_decision(make_proposal(kpm), people["caseworker"])
    make_appeal(kpm)

    assert told(app, people["head"]) == []
    assert told(app, people["approver"]) == ["1 keberatan keluarga belum dijawab"]
    assert told(app, people["caseworker"]) == []
    late()
    assert told(app, people["head"]) == ["1 keberatan keluarga lewat waktu"]
    assert told(app, people["approver"])[0] == "1 keberatan keluarga lewat waktu"
    assert told(app, make_account("head", region_code="36.01")) == []


def test_a_move_and_a_letter_wait_for_others_than_who_made_them(app, people):
    writer = people["caseworker"]
    make_proposal(followed(), by=writer)
    graduation = make_graduation(make_kpm(), writer)
    assert told(app, people["approver"]) == ["1 usulan langkah keluarga belum dijawab"]

    with transaction():
        letters.add_scan(graduation, "aa/bb/cc.jpg", by=writer)

    assert told(app, people["approver"]) == [
        "1 usulan langkah keluarga belum dijawab", "1 graduasi belum disahkan",
    ]  # fmt: skip
    assert told(app, writer) == told(app, people["head"]) == []
    assert told(app, make_account("approver", region_code="36.01")) == []


def test_rules_wait_for_a_second_person_once_they_were_tried(app, people):
    draft = make_draft(by=people["caseworker"])
    assert told(app, people["head"]) == []
    make_tried(draft)

    assert [told(app, people[role]) for role in ROLES] == [["1 rancangan aturan menunggu orang kedua"]] * 2 + [[]]


def test_signatures_wait_for_the_approver_and_late_papers_for_the_caseworker(app, people):
    bazaar = bazaars.make_draft()
    with transaction():
        bazaar_operations.ask_to_open(bazaar, by=make_account("curator"))
    ekatalog.approved()
    make_grant(make_kpm(), granted_on=TODAY - timedelta(days=30))

    assert told(app, people["approver"]) == [
        "1 bazar menunggu tanda tangan kedua", "1 pengajuan e-Katalog belum dijawab",
    ]  # fmt: skip
    assert told(app, people["caseworker"]) == ["1 bantuan UEP kurang surat atau laporan"]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", ["/dinsos", "/dinsos/ringkasan"])
def test_page_and_rooms_say_the_same_in_at_most_twelve_questions(app, client, people, role, page):
    kpm = followed()
    make_decision(make_proposal(kpm))
    make_appeal(kpm)
    late()
    sign_in(client, people[role])
    client.get(page)

    with count_queries(app) as asked:
        text = client.get(page).text

    assert len(asked) <= 12, len(asked)
    assert "Menunggu Anda" in text
    assert '<a href="/dinsos/perkembangan/keberatan"><strong>1 keberatan keluarga lewat waktu</strong>' in text
    assert '<span class="badge badge--error">Lewat waktu</span>' in text

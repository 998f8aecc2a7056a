"""The log of acts: who may read it, how it is searched, what an export holds, and what the chain check finds."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import text, update

from app.core import audit, jobs
from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.office.oversight import queries
from app.office.oversight.queries import Asked
from app.trade.bazaars import steps
from tests.factories import bazaars
from tests.factories.goods import make_shop
from tests.factories.people import make_account, sign_in


@pytest.fixture
def steward(app):
    return make_account("steward")


@pytest.fixture
def desk(client, steward):
    sign_in(client, steward)
    return client


def act(by, action, subject="shop:12", **facts):
    with transaction():
        audit.record(by, action, subject, **facts)


def download(desk, path, **fields):
    location = desk.post(path, data=fields).location
    jobs.run_due()
    return desk.get(f"{location}/unduh")


def test_an_act_is_found_by_what_who_and_about(desk):
    curator, other = make_account("curator", name="Kurator Satu"), make_account("curator", name="Kurator Dua")
    act(curator, "shop.paused", "shop:12", note=7)
    act(other, "shop.opened", "shop:31")

    everything = desk.get("/dinsos/catatan").text
    assert "Lapak istirahat" in everything
    assert "Kurator Satu" in everything
    assert "note: 7" in everything
    for narrow in ("perbuatan=shop.paused", f"siapa={curator.id}", "tentang=shop:12"):
        page = desk.get(f"/dinsos/catatan?{narrow}").text
        assert "Kurator Satu" in page
        assert "Kurator Dua" not in page
    assert "Tidak ada catatan yang cocok" in desk.get("/dinsos/catatan?dari=2020-01-01&sampai=2020-01-02").text
    assert desk.get("/dinsos/catatan?dari=kemarin&siapa=x&setelah=-1").status_code == 200


def test_acts_of_another_kabupaten_are_not_hers(desk):
    act(make_account("curator", region_code="36.01", name="Kurator Jauh"), "shop.paused")

    assert "Kurator Jauh" not in desk.get("/dinsos/catatan").text
    assert b"Kurator Jauh" not in download(desk, "/dinsos/catatan/unduh").data


def test_the_export_holds_what_was_asked_for_and_is_written_down_itself(desk, steward):
    curator = make_account("curator", name="=HYPERLINK(1)")
    act(curator, "shop.paused")
    act(curator, "shop.opened")

    answer = download(desk, "/dinsos/catatan/unduh", perbuatan="shop.paused")

    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert [row[5] for row in rows[1:]] == ["shop.paused"]
    assert rows[1][2] == "'=HYPERLINK(1)"
    (noted,) = db.session.scalars(db.select(AuditEntry).where(AuditEntry.action == "audit.exported"))
    assert noted.actor_id == steward.id


def test_the_chain_check_is_calm_until_a_row_was_touched(desk):
    act(make_account("curator"), "shop.paused")
    assert "Rantai utuh" in download(desk, "/dinsos/catatan/periksa").text

    touched = db.session.scalar(db.select(AuditEntry.id).where(AuditEntry.action == "shop.paused"))
    with transaction():
        if db.engine.dialect.name == "sqlite":
            for (name,) in db.session.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'")
            ).all():
                db.session.execute(text(f'DROP TRIGGER "{name}"'))
        else:
            db.session.execute(text("SET LOCAL session_replication_role = replica"))
        db.session.execute(update(AuditEntry).where(AuditEntry.id == touched).values(action="shop.opened"))

    assert f"audit_entry {touched}" in download(desk, "/dinsos/catatan/periksa").text


def test_pages_of_the_log_follow_each_other_without_a_gap(desk, monkeypatch):
    monkeypatch.setattr("app.office.oversight.queries.PAGE", 3)
    curator = make_account("curator")
    for number in range(5):
        act(curator, "shop.paused", f"shop:9{number}")
    seen, address = [], "/dinsos/catatan?perbuatan=shop.paused"
    while address:
        page = desk.get(address).text
        seen += [f"shop:9{n}" for n in range(4, -1, -1) if f">Lapak 9{n}<" in page]
        rest = page.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
        address = rest.replace("&amp;", "&") if 'rel="next"' in page else ""

    assert seen == [f"shop:9{n}" for n in range(4, -1, -1)]


@pytest.mark.parametrize("role", ["curator", "caseworker", "approver", "head", "admin", "pendamping", "seller"])
def test_nobody_else_reads_the_log(client, app, role):
    person = make_account(role)
    if role == "seller":
        make_shop(person)
    sign_in(client, person)

    assert client.get("/dinsos/catatan").status_code == 403
    assert client.post("/dinsos/catatan/unduh").status_code == 403


def close_bazaars():
    """Let time close one bazaar here and one in another kabupaten, and something happen nowhere."""
    for region in ("36.04", "36.01"):
        over = bazaars.make_call(by=make_account("curator", region_code=region))
        with transaction():
            steps.move_bazaar(over, "curation", by=None)
    act(None, "demo.loaded", None)


def test_what_the_system_did_is_read_in_its_region_and_what_it_did_nowhere_by_all(desk):
    close_bazaars()

    acts = [each.entry for each in queries.list_acts(Asked(), scope=make_account("steward"))]
    by_system = [(entry.action, entry.facts.get("region")) for entry in acts if entry.actor_id == 0]
    exported = download(desk, "/dinsos/catatan/unduh").data.decode()

    assert by_system == [("demo.loaded", None), ("bazaar.curation", "36.04")]
    assert "region=36.04" in exported
    assert "36.01" not in exported


def test_twin_that_asks_for_no_region_reads_what_happened_elsewhere(desk, monkeypatch):
    monkeypatch.setattr(queries, "_by_system", lambda scope: AuditEntry.actor_id == 0)
    close_bazaars()

    assert "36.01" in download(desk, "/dinsos/catatan/unduh").data.decode()


@pytest.mark.parametrize("scope", ["36", "36.04"])
def test_a_province_reads_all_of_its_regions(app, scope):
    close_bazaars()

    acts = queries.list_acts(Asked(act="bazaar.curation"), scope=make_account("steward", region_code=scope))

    assert [each.entry.facts["region"] for each in acts] == ["36.01", "36.04"][0 if scope == "36" else 1 :]


def test_another_language_keeps_what_the_log_was_asked_for(desk):
    curator = make_account("curator")
    act(curator, "shop.paused", "shop:12")

    assert '<a href="?perbuatan=shop.paused&amp;bahasa=en"' in desk.get("/dinsos/catatan?perbuatan=shop.paused").text

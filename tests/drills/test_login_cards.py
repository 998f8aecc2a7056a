"""A thousand login cards on one paper: drawn by a worker of its own, in a memory that a small server has.

When this was written: 56 seconds of one core, 198 MiB at the most (168 before the first page), 125 sheets in 1.3 MiB.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from sqlalchemy import func, select, text

from app.core.clock import now
from app.core.db import db, transaction
from app.core.storage import private_store
from app.growth.businesses import opening
from app.growth.businesses.models import AccountBatch, AccountTurn
from app.kit import codes
from app.people.files.models import PreparedFile
from tests.factories.families import make_kpm
from tests.factories.goods import make_shop
from tests.factories.people import REGENCY, make_account
from tests.support.live import ROOT
from tests.support.paper import pages_of

pytestmark = pytest.mark.drill

CARDS = 1_000
MOST_SECONDS, MOST_MIB = 120, 256
# Says how long its one core worked, how much memory it had before the first page, and how much at the most.
# VmHWM and not ru_maxrss: the latter is handed down from the process that starts this one.
WORKER = """
import time
from pathlib import Path
from config import load_settings
from app.factory import create_app
from app.core import jobs

def most():
    told = Path("/proc/self/status").read_text(encoding="ascii")
    return int(told.partition("VmHWM:")[2].split()[0]) // 1024

with create_app(load_settings()).app_context():
    before, began = most(), time.process_time()
    while jobs.run_due():
        pass
    print(round(time.process_time() - began, 1), before, most())
"""


@pytest.fixture
def batch(app) -> AccountBatch:
    """A thousand families whose accounts were opened a moment ago, with the codes still known."""
    officer, kpm, shop = make_account("caseworker"), make_kpm(), make_shop(name="Keripik Ibu Sarmi")
    with transaction() as session:
        made = AccountBatch(
            key="seribu", region_code=REGENCY, place="", business_type_slug=shop.business_type_slug,
            wording_version="2026-11", started_on=shop.created_at.date(), asked_by_id=officer.id, state="done",
            ended_at=now(),
        )  # fmt: skip
        session.add(made)
        session.flush()
        many("kpm", kpm.id, "pseudonym", "'SERIBU' || i")
        many("shop", shop.id, "slug", "'seribu-' || i")
        turns = [
            AccountTurn(batch_id=made.id, kpm_id=kpm.id + i, shop_id=shop.id + i, state="opened") for i in range(CARDS)
        ]
        session.add_all(turns)
        session.flush()
        for turn in turns:
            turn.card_sealed = opening.vault.seal(codes.new_card_code(), f"account_turn:{turn.id}:card_sealed")
    return made


def many(table: str, number: int, changed: str, value: str) -> None:
    """Copy a row so often, each with the next number and another value in one column."""
    columns = list(db.session.execute(text(f"SELECT * FROM {table} LIMIT 0")).keys())
    other = {"id": ":number + i", changed: value}
    kept = ", ".join(other.get(name, f"{table}.{name}") for name in columns)
    numbers = f"n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {CARDS - 1})"
    db.session.execute(
        text(
            f"WITH RECURSIVE {numbers} INSERT INTO {table} ({', '.join(columns)}) SELECT {kept} FROM n, {table}"
            f" WHERE {table}.id = :number AND i > 0"
        ),
        {"number": number},
    )


def test_a_thousand_cards_are_one_paper_in_a_small_memory(batch, database, environ, record_property):
    with transaction():
        opening.order_cards(batch, "https://lapak.example", by=db.session.get_one(opening.Account, batch.asked_by_id))
    assert db.session.scalar(select(func.count()).select_from(AccountTurn)) == CARDS
    plain = {name: value for name, value in os.environ.items() if not name.startswith("LAPAK_")}

    done = subprocess.run(
        [sys.executable, "-c", WORKER], cwd=ROOT, env={**plain, **environ, "LAPAK_DATABASE_URL": database.url},
        capture_output=True, text=True, check=False, timeout=580,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-2_000:]
    seconds, before, most = (float(each) for each in done.stdout.split()[-3:])
    db.session.rollback()
    file = db.session.scalars(select(PreparedFile)).one()
    paper = private_store().read(file.stored)
    record_property("seconds of one core", seconds)
    record_property("MiB at the start and at the most", f"{before:.0f} {most:.0f}")
    record_property("KiB of paper", len(paper) // 1024)
    assert (file.state, pages_of(paper)) == ("ready", CARDS // opening.ON_A_SHEET)
    assert seconds <= MOST_SECONDS
    assert most <= MOST_MIB

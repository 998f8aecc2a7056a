"""Turning the ring of keys: resumable, under load, and nothing is lost."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.core import books, jobs, keyring, marks, vault
from app.core.db import Base, db, transaction
from app.people.accounts import operations as accounts
from app.people.accounts.models import Account
from app.people.families.models import KpmIdentity
from tests.factories.families import make_kpm
from tests.factories.people import TOTP_SECRET, make_account

ROOT = Path(__file__).resolve().parents[2]
NEW = ("baru", b"2" * 32)


def unregistered() -> set[str]:
    """Name the columns that hold sealed values and that nobody would turn."""
    named = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name == "sealed" or column.name.endswith("_sealed")
    }
    return named - {each.name for each in keyring.list_sealed()}


def test_every_sealed_column_is_turned(app):
    assert unregistered() == set()
    assert len(keyring.list_sealed()) >= 12


def test_a_column_that_nobody_registers_goes_red(app, monkeypatch):
    monkeypatch.delitem(keyring._known, "permit.number_sealed")

    assert unregistered() == {"permit.number_sealed"}


@pytest.fixture
def kept(app):
    """Five officers and a family, sealed with the key that will be old."""
    officers = [make_account("curator").id for _ in range(5)]
    return officers, make_kpm(name="Ibu Sarinah", nik="3604274101810000").id


@pytest.fixture
def ring(app, monkeypatch):
    """Put keys into the ring, newest first; without arguments the first one as it was."""
    settings = app.extensions["lapak_settings"]

    def put(*names):
        known = {"baru": NEW, **{name: (name, key) for name, key in settings.field_keys}}
        keys = tuple(known[name] for name in names) or settings.field_keys
        monkeypatch.setitem(app.extensions, "lapak_settings", replace(settings, field_keys=keys))

    put.old = settings.field_keys[0][0]
    return put


def keys_used():
    db.session.rollback()
    found = set()
    for each in keyring.list_sealed():
        values = db.session.scalars(select(each.column).where(each.column.is_not(None), each.column != ""))
        found |= {value.partition(".")[0] for value in values}
    return found


def opens(kept):
    officers, kpm_id = kept
    db.session.expire_all()
    people = [db.session.get_one(Account, each) for each in officers]
    secrets = [vault.unseal(each.totp_sealed or "", accounts.totp_place(each)) for each in people]
    identity = db.session.get_one(KpmIdentity, kpm_id)
    nik = vault.unseal(identity.nik_sealed, f"kpm_identity:{kpm_id}:nik")
    return secrets == [TOTP_SECRET] * len(officers) and nik == "3604274101810000"


def test_everything_comes_under_the_newest_key_and_the_old_one_may_go(kept, ring):
    ring("baru", ring.old)

    turned = keyring.turn_all(most=2)

    assert keys_used() == {"baru"}
    assert turned.done["account.totp_sealed"] >= 5
    assert turned.closed.total() == 0
    ring("baru")
    assert opens(kept)
    assert books._checks["kunci"]() == []
    assert keyring.turn_all().done.total() == 0


def test_whoever_is_stopped_half_way_begins_again_and_loses_nothing(kept, ring, monkeypatch):
    ring("baru", ring.old)
    right, batches = keyring.turn_batch, []

    def stopped(*given):
        batches.append(given)
        going = right(*given)
        if len(batches) == 2:
            raise KeyboardInterrupt
        return going

    monkeypatch.setattr(keyring, "turn_batch", stopped)
    with pytest.raises(KeyboardInterrupt):
        keyring.turn_all(most=2)
    assert keys_used() == {"baru", ring.old}
    assert opens(kept)

    monkeypatch.setattr(keyring, "turn_batch", right)
    keyring.turn_all(most=2)

    assert keys_used() == {"baru"}
    assert opens(kept)


@pytest.mark.slow
def test_the_command_killed_under_way_goes_on_where_it_was(kept, ring, environ, database):
    officers, _kpm = kept
    with transaction():
        sealed = db.session.get_one(Account, officers[0]).totp_sealed
        rows = [{"name": f"Petugas {n}", "user": f"petugas-kunci-{n}"} for n in range(3000)]
        db.session.execute(
            text(
                "INSERT INTO account (role, state, name, username, region_code, areas, totp_last_step, created_at,"
                " version) VALUES ('curator', 'active', :name, :user, '36.04', '[]', 0, '2026-01-01 00:00:00', 1)"
            ),
            rows,
        )
        for each in db.session.scalars(select(Account).where(Account.username.startswith("petugas-kunci-"))):
            each.totp_sealed = vault.seal(TOTP_SECRET, accounts.totp_place(each))
    assert sealed.startswith(f"{ring.old}.")
    old = dict(vault.settings().field_keys)[ring.old]
    keys = ",".join(f"{name}:{base64.b64encode(key).decode()}" for name, key in (NEW, (ring.old, old)))
    named = os.environ | environ | {"LAPAK_DATABASE_URL": database.url, "LAPAK_FIELD_KEYS": keys}
    command = [sys.executable, "-m", "flask", "keys", "turn", "--batch", "20"]
    db.session.remove()

    killed = subprocess.Popen(command, cwd=ROOT, env=named, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while keys_used() != {"baru", ring.old} and time.monotonic() < deadline and killed.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            killed.wait(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.wait()

    assert keys_used() == {"baru", ring.old}
    done = subprocess.run(command, cwd=ROOT, env=named, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Boleh dilepas" in done.stdout
    assert keys_used() == {"baru"}
    ring("baru")
    assert opens(kept)


def test_what_somebody_saves_meanwhile_is_not_written_over(kept, ring, monkeypatch):
    ring("baru", ring.old)
    right = vault.seal

    def saved_meanwhile(value, place):
        if place == f"account:{kept[0][0]}:totp_sealed":
            newer = right("RAHASIABARU", place)
            db.session.execute(
                text("UPDATE account SET totp_sealed = :newer WHERE id = :id"), {"newer": newer, "id": kept[0][0]}
            )
        return right(value, place)

    monkeypatch.setattr(vault, "seal", saved_meanwhile)
    keyring.turn_all()

    db.session.expire_all()
    first = db.session.get_one(Account, kept[0][0])
    assert vault.unseal(first.totp_sealed, accounts.totp_place(first)) == "RAHASIABARU"


def test_a_value_that_does_not_open_stops_nobody_and_is_told(kept, ring):
    with transaction() as session:
        session.execute(text("UPDATE account SET totp_sealed = 'hilang.AAAA' WHERE id = :id"), {"id": kept[0][0]})
    ring("baru", ring.old)

    turned = keyring.turn_all(most=2)

    assert turned.closed == {"account.totp_sealed": 1}
    assert keys_used() == {"baru", "hilang"}
    assert [(each.table, each.row) for each in books._checks["kunci"]()] == [("account.totp_sealed", 1)]


def test_the_worker_turns_by_itself_once_for_each_new_key(kept, ring):
    with transaction():
        keyring.begin()
    jobs.run_due()
    assert marks.get(keyring.MARK) == ring.old
    ring("baru", ring.old)

    with transaction():
        keyring.begin()
        keyring.begin()
    jobs.run_due()

    assert keys_used() == {"baru"}
    assert db.session.scalar(select(jobs.Job.id).where(jobs.Job.kind == keyring.KIND)) is None


def test_where_nobody_turns_the_old_key_cannot_go(kept, ring):
    ring("baru", ring.old)
    ring("baru")

    with pytest.raises(vault.Tampered):
        opens(kept)
    assert {"account.totp_sealed", "kpm_identity.nik_sealed"} <= {each.table for each in books._checks["kunci"]()}

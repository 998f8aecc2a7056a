"""The first account of an installation."""

from __future__ import annotations

import re

from sqlalchemy import select

from app.core.db import db
from app.people.accounts.models import Account


def test_an_administrator_is_made_once_and_can_come_in(app, client):
    run = app.test_cli_runner()
    made = run.invoke(args=["accounts", "create-admin", "Utama"])
    again = run.invoke(args=["accounts", "create-admin", "utama"])
    password = re.search(r"Kata sandi:\s+(\S+)", made.output)[1]
    db.session.rollback()

    step = client.post("/masuk/petugas", data={"nama_pengguna": "utama", "kata_sandi": password})

    assert made.exit_code == 0
    assert again.exit_code == 1
    assert step.location == "/masuk/pasang-kode"
    account = db.session.scalars(select(Account)).one()
    assert (account.role, account.region_code) == ("admin", "36.04")
    assert password not in (account.password_hash or "")


def test_an_unknown_region_is_said(app):
    answer = app.test_cli_runner().invoke(args=["accounts", "create-admin", "utama", "--region", "99.99"])

    assert answer.exit_code == 1
    assert "tidak dikenal" in answer.output

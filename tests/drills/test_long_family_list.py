"""Twenty thousand families in one list cost time, and hardly more memory than two thousand.

Measured in a process of its own, from the file's bytes to the register.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, timedelta

import pytest

from app.core.sheets import Sheet, write_xlsx
from app.people.families import lists
from tests.factories.people import DESA, make_account
from tests.support.live import ROOT

pytestmark = pytest.mark.drill

FEW, MANY = 2_000, 19_990
# What holds all lines at once takes 130 MiB more; the reader's own table of cells is most of what is left.
MOST_MIB = 60
PROGRAM = """
import resource, sys
from pathlib import Path
from app.core.db import db, transaction
from app.factory import create_app
from app.people.accounts.queries import get_account
from app.people.families import importing
from config import load_settings

def taken(path):
    officer = get_account(int(sys.argv[1]))
    with transaction():
        batch = importing.stage(Path(path).read_bytes(), regency="36.04", by=officer)
    with transaction():
        importing.confirm(batch, by=officer)
    new = batch.counts["new"]
    db.session.remove()
    return new, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

with create_app(load_settings()).app_context():
    for path in sys.argv[2:]:
        print(*taken(path))
"""


def line(number: int) -> list[str]:
    """One family; a NIK and a KK of its own for each number."""
    born = date(1950, 1, 1) + timedelta(days=number % 18_000)
    nik = f"360427{born.day + 40:02d}{born:%m%y}{1 + number // 18_000:03d}1"
    told = {
        "nik": nik, "kk": f"{nik[:-1]}3", "name": f"Ibu Keluarga Nomor {number}", "desa": DESA, "size": "4",
        "program": "PKH", "started_on": "1/3/2021", "address": f"Kampung Baru RT {number} RW 2, dekat masjid",
        "phone": f"0812{number:08d}", "desil": "2", "desil_as_of": "1/9/2026", "makes": "keripik singkong",
    }  # fmt: skip
    return [told.get(column, "") for column in lists.COLUMNS]


def written(folder, first: int, many: int) -> str:
    """A list of so many families, as a workbook on the disk."""
    path = folder / f"{many}.xlsx"
    heads = [heads[0] for heads in lists.COLUMNS.values()]
    path.write_bytes(write_xlsx([Sheet("Daftar", heads, (line(number) for number in range(first, first + many)))]))
    return str(path)


def test_ten_times_the_families_take_hardly_more_memory(app, environ, database, tmp_path):
    officer = make_account("caseworker")
    files = [written(tmp_path, 0, FEW), written(tmp_path, FEW, MANY)]

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(officer.id), *files], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, **environ, "LAPAK_DATABASE_URL": database.url},
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    (few, small), (many, large) = (map(int, row.split()) for row in done.stdout.splitlines()[-2:])
    assert (few, many) == (FEW, MANY)
    assert large - small < MOST_MIB, f"{small} MiB for {FEW} families, {large} MiB for {MANY}"

"""A night of ten thousand families with two years of sales: within a minute, and taken up where it was killed.

Source: spec/performance.md, budget 15.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select, text

from app.core import jobs
from app.core.clock import now
from app.core.db import db, dialect, transaction
from app.core.jobs import LEASE
from app.growth.graduation import jobs as nightly
from app.growth.graduation import queries, reckoning
from app.growth.graduation.models import Assessment, GrowthCase
from app.growth.graduation.verify import check_growth
from tests.factories.growth import TODAY, make_case, make_family
from tests.factories.people import REGENCY
from tests.support.live import ROOT

pytestmark = pytest.mark.drill

FAMILIES, MONTHS = 10_000, 25
MOST_SECONDS = 60
# Each month of a family: four days on which somebody else saw the sale, and one at a bazaar that nobody counted.
SALE_DAYS = ((3, "manual", "A"), (9, "manual", "A"), (15, "manual", "B"), (21, "manual", "B"), (27, "bazaar", "D"))
NIGHT = """
from config import load_settings
from app.factory import create_app
from app.core import jobs
from app.core.db import transaction
from app.growth.graduation import jobs as nightly

with create_app(load_settings()).app_context():
    with transaction():
        nightly.begin()
    while jobs.run_due():
        pass
"""


def sells_no_more(family: int) -> bool:
    """Every tenth family sold its last five months ago."""
    return family % 10 == 0


def says_no(family: int) -> bool:
    """Every seventh has taken its consent back."""
    return family % 7 == 3


def amount(family: int) -> int:
    """What each of its days with a sale brings."""
    return 1_000 * (1 + family % 9)


@pytest.fixture
def first(app) -> int:
    """Ten thousand followed families, each with a shop and its days; the id of the first of them."""
    kpm, shop = make_family()
    case = make_case(kpm)
    with transaction():
        base = {"base": kpm.id, "shop": shop.id}
        many("kpm", "id = :base", {"id": ":base + i", "pseudonym": "'RAMAI' || i"}, base)
        many("shop", "id = :shop", {"id": ":shop + i", "slug": "'ramai-' || i"}, base)
        made = {"id": "business.id + i", "kpm_id": ":base + i", "shop_id": ":shop + i"}
        many("business", "kpm_id = :base", made, base)
        many("family_consent", "kpm_id = :base", {"id": "family_consent.id + i", "kpm_id": ":base + i"}, base)
        many("growth_case", "kpm_id = :base", {"kpm_id": ":base + i"}, base)
        withdrawn = "UPDATE family_consent SET withdrawn_at = CURRENT_TIMESTAMP, withdrawn_by_id = recorded_by_id"
        db.session.execute(text(f"{withdrawn} WHERE (kpm_id - :base) % 7 = 3"), base)
        pour_days(shop.id)
    assert case.status == "observing"
    if dialect() == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    return kpm.id


def many(table: str, which: str, changed: dict[str, str], told: dict[str, int]) -> None:
    """Copy one row so often, each with other values in some columns."""
    columns = list(db.session.execute(text(f"SELECT * FROM {table} LIMIT 0")).keys())
    kept = ", ".join(changed.get(name, f"{table}.{name}") for name in columns)
    source = f"WITH RECURSIVE {numbers()} INSERT INTO {table} ({', '.join(columns)}) SELECT {kept}"
    db.session.execute(text(f"{source} FROM n, {table} WHERE {table}.{which} AND i > 0"), told)


def numbers() -> str:
    """Return a table `n(i)` of a number for each family, in the words of the engine."""
    if dialect() == "postgresql":
        return f"n(i) AS (SELECT generate_series(0, {FAMILIES - 1}))"
    return f"n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {FAMILIES - 1})"


def pour_days(first_shop: int) -> None:
    """Write what each shop sold by day: the book is read through these sums, and they are all that a night reads."""
    word = "DATE " if dialect() == "postgresql" else ""
    days = [
        f"({word}'{reckoning.month_before(TODAY, back).replace(day=day)}', '{channel}', '{grade}', {back})"
        for back in range(1, MONTHS + 1)
        for day, channel, grade in SALE_DAYS
    ]
    db.session.execute(
        text(
            f"WITH RECURSIVE {numbers()}, d(day, channel, grade, back) AS (VALUES {', '.join(days)})"
            " INSERT INTO sale_day (shop_id, sold_on, channel, grade, regency_code, amount, qty, lines)"
            f" SELECT :shop + i, d.day, d.channel, d.grade, '{REGENCY}', 1000 * (1 + i % 9), 2, 1 FROM n, d"
            " WHERE d.back > 4 OR i % 10 <> 0"
        ),
        {"shop": first_shop},
    )


def reckoned() -> int:
    """Count the families of this night."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(GrowthCase.reckoned_on.is_not(None))) or 0


@contextmanager
def another_worker(environ, url: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of its own that begins the night, and is gone afterwards whatever happens."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("LAPAK_")}
    child = subprocess.Popen(
        [sys.executable, "-c", NIGHT], cwd=ROOT, env={**plain, **environ, "LAPAK_DATABASE_URL": url}
    )
    try:
        yield child
    finally:
        child.kill()
        child.wait()


def busy() -> float:
    """Return how long this process, and the engine for it, have worked: what else the machine does is left out."""
    own = time.process_time()
    if dialect() == "sqlite":
        return own
    stat = Path(f"/proc/{db.session.scalar(select(func.pg_backend_pid()))}/stat").read_text(encoding="ascii")
    user, system = stat.rpartition(")")[2].split()[11:13]
    return own + (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def work() -> tuple[float, float]:
    """Play a night to its end; return how long one core worked on it and how long it took, in seconds."""
    worked, began = busy(), time.perf_counter()
    with transaction():
        nightly.begin()
    while jobs.run_due():
        pass
    return busy() - worked, time.perf_counter() - began


def test_a_night_is_killed_half_way_taken_up_and_over_within_a_minute(first, database, environ, record_property):
    with another_worker(environ, database.url) as child:
        while reckoned() < FAMILIES // 3:
            with pytest.raises(subprocess.TimeoutExpired):
                child.wait(0.2)
        child.send_signal(signal.SIGKILL)
    done = reckoned()
    assert 0 < done < FAMILIES

    with time_machine.travel(now() + LEASE + timedelta(seconds=1)):
        rest = work()

    assert reckoned() == FAMILIES
    made = db.session.execute(select(Assessment.kpm_id, Assessment.results_json, Assessment.inputs_json)).all()
    assert [n for n, times in Counter(row.kpm_id for row in made).items() if times > 1] == []
    assert len(made) == FAMILIES
    flagged = {case.kpm_id - first: case.watch for case in db.session.scalars(select(GrowthCase)) if case.watch}
    assert flagged == {n: ["I8", "I7"] for n in range(FAMILIES) if sells_no_more(n) and not says_no(n)}
    states = Counter(db.session.scalars(select(GrowthCase.status)))
    assert states == {"visit_only": sum(map(says_no, range(FAMILIES))), "observing": FAMILIES - states["visit_only"]}
    for family in (1, 2, 3, 10, 9_999):
        newest = select(Assessment).where(Assessment.kpm_id == first + family).order_by(Assessment.id.desc())
        figures = reckoning.indicators(queries.inputs_of(db.session.scalars(newest.limit(1)).one()))
        told = {code: figure.value for code, figure in figures.items()}
        month = 5 * amount(family)
        if says_no(family):
            assert set(told.values()) == {None}
        elif sells_no_more(family):
            assert (told["I1"], told["I5"], told["I7"]) == (0, 8, -1000)
        else:
            assert (told["I1"], told["I2"], told["I3"], told["I5"], told["I6"]) == (month, month, 800, 12, 0)
            assert figures["I11"].parts == (("bazaar", 200), ("manual", 800))
    assert [str(each) for each in check_growth()][:3] == []

    # A new month is the longest night: every family's measures are kept anew.
    with time_machine.travel(now() + timedelta(days=32)):
        whole = work()
    assert db.session.scalar(select(func.count(Assessment.id))) == 2 * FAMILIES
    record_property("seconds of one core", round(whole[0], 1))
    record_property("seconds after the kill", round(rest[1], 1))
    assert whole[0] <= MOST_SECONDS

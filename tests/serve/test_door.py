"""A web server that is handed the application alone refuses what `flask serve` refuses."""

from __future__ import annotations

import base64
import subprocess
import sys
import time
import urllib.request

import pytest
from flask_migrate import upgrade

from app.core import marks
from app.core.db import db, transaction
from app.site.demo import door
from app.site.demo.people import MARK
from tests.conftest import build, test_settings
from tests.support.live import ROOT, START_SECONDS, LiveServer

pytestmark = pytest.mark.slow

PRODUCTION = {
    "LAPAK_ENV": "production",
    "LAPAK_SECRET_KEY": "7f3a9c1e5b8d2046af17c3e9085b6d42",
    "LAPAK_FIELD_KEYS": f"2026a:{base64.b64encode(b'k' * 32).decode()}",
    "LAPAK_SMTP_URL": "",  # letters would want the name of the house
}


@pytest.fixture
def demo(app):
    """The database, marked as a demonstration."""
    with transaction():
        marks.put(MARK, '{"seed": 36}')
    db.session.remove()
    db.engine.dispose()


@pytest.fixture
def real(environ, database, tmp_path):
    """Plain gunicorn in production on that database; not started."""
    server = LiveServer({**environ, **PRODUCTION, "LAPAK_DATABASE_URL": database.url}, tmp_path / "server.log")
    yield server
    server.stop()


def test_gunicorn_in_production_refuses_a_demonstration(demo, real):
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{real.port}", "--no-control-socket", "wsgi:app"]
    done = subprocess.run(command, cwd=ROOT, env=real.environ, capture_output=True, text=True, check=False, timeout=120)

    assert done.returncode == 3  # it does not try again for ever
    assert door.SENTENCE in done.stderr
    assert "Traceback" not in done.stderr


def test_gunicorn_in_production_serves_a_real_database(app, real):
    real.start()

    with urllib.request.urlopen(real.url + "/healthz", timeout=5) as answer:
        assert answer.status == 200


def test_a_demonstration_is_served_where_nobody_depends_on_it(demo, live_server):
    with urllib.request.urlopen(live_server.url + "/healthz", timeout=5) as answer:
        assert answer.status == 200


def test_twin_without_the_check_gunicorn_serves_the_demonstration(demo, real, tmp_path):
    """The application as wsgi.py had it: whoever knows the keys of any demonstration could walk in."""
    (tmp_path / "open_door.py").write_text(
        "from app.factory import create_app\nfrom config import load_settings\napp = create_app(load_settings())\n"
    )
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{real.port}", "--no-control-socket"]
    command += ["--pythonpath", f"{tmp_path},{ROOT}", "open_door:app"]
    with real.log.open("ab") as log:
        real.process = subprocess.Popen(command, env=real.environ, stdout=log, stderr=log, start_new_session=True)

    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(real.url + "/healthz", timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:  # not there yet, or too busy to answer at once
            with pytest.raises(subprocess.TimeoutExpired):
                real.process.wait(0.1)
    raise AssertionError(real.log.read_text())


def test_the_operator_s_commands_refuse_too(demo, real):
    done = subprocess.run(
        [sys.executable, "-m", "flask", "verify"],
        cwd=ROOT,
        env=real.environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 3
    assert done.stderr.splitlines() == [f"Lapak Mandiri: {door.SENTENCE}"]


def test_a_database_that_was_away_at_the_start_is_asked_before_the_first_page(environ, tmp_path):
    """It cannot be told apart then, and a server must not stay down because its database came a little later."""
    url = f"sqlite:///{tmp_path / 'late.sqlite'}"
    app = build(test_settings({**environ, **PRODUCTION}, url))
    door.check(app)
    with app.app_context():
        upgrade()
        with transaction():
            marks.put(MARK, '{"seed": 36}')
        db.session.remove()

    answer = app.test_client().get("/tentang", base_url="https://localhost")

    assert answer.status_code == 500
    assert "Maaf" in answer.text
    with app.app_context(), transaction():
        db.session.delete(db.session.get_one(marks.Mark, MARK))
    assert app.test_client().get("/healthz", base_url="https://localhost").status_code == 200
    with app.app_context():
        db.session.remove()
        db.engine.dispose()

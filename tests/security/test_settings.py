"""A real installation starts only with secrets of its own, and says in one line what is missing."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import BadSettings, load_settings
from tests.security.conftest import build_app

ROOT = Path(__file__).resolve().parents[2]
KEY = base64.b64encode(b"k" * 32).decode()
SECRET = "5d41402abc4b2a76b9719d911017c592ae86f1d0937b2c48"
GOOD = {
    "LAPAK_ENV": "production",
    "LAPAK_SECRET_KEY": SECRET,
    "LAPAK_FIELD_KEYS": f"a:{KEY}",
    "LAPAK_DATABASE_URL": "sqlite://",
    "LAPAK_PUBLIC_URL": "https://lapak.contoh.go.id",
}
NEEDED = ("LAPAK_SECRET_KEY", "LAPAK_FIELD_KEYS", "LAPAK_DATABASE_URL")
POOR = (
    ("LAPAK_SECRET_KEY", ""),
    ("LAPAK_SECRET_KEY", "short"),
    ("LAPAK_SECRET_KEY", "a" * 64),
    ("LAPAK_SECRET_KEY", "ganti-saya-ganti-saya-ganti-saya-ganti-saya"),
    ("LAPAK_SECRET_KEY", "change-me-change-me-change-me-change-me-"),
    ("LAPAK_FIELD_KEYS", "a:" + base64.b64encode(b"short").decode()),
    ("LAPAK_FIELD_KEYS", ":" + KEY),
    ("LAPAK_FIELD_KEYS", "a:not base64 at all"),
    ("LAPAK_FIELD_KEYS", f"a:{KEY},a:{KEY}"),
    ("LAPAK_PROXIES", "satu"),
    ("LAPAK_ENV", "prod"),
)


def test_what_production_needs_is_enough(tmp_path):
    assert load_settings(GOOD).production


@pytest.mark.parametrize("name", NEEDED)
def test_no_secret_has_a_default(name):
    with pytest.raises(BadSettings, match=name):
        load_settings({key: value for key, value in GOOD.items() if key != name})


@pytest.mark.parametrize(("name", "value"), POOR)
def test_a_poor_secret_is_refused_without_being_told(name, value):
    with pytest.raises(BadSettings) as refusal:
        load_settings(GOOD | {name: value})

    assert "\n" not in str(refusal.value)
    assert KEY not in str(refusal.value)


@pytest.mark.parametrize("name", NEEDED)
def test_the_start_says_in_one_line_what_is_missing(name, tmp_path):
    environ = {key: value for key, value in os.environ.items() if not key.startswith("LAPAK_")}
    environ |= {key: value for key, value in GOOD.items() if key != name} | {"LAPAK_VAR_DIR": str(tmp_path)}

    done = subprocess.run(
        [sys.executable, "-m", "flask", "serve"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    said = (done.stdout + done.stderr).strip()
    assert done.returncode != 0
    assert name in said
    assert len(said.splitlines()) == 1
    assert "Traceback" not in said


@pytest.mark.parametrize("given", [{}, {"FLASK_DEBUG": "1"}, {"LAPAK_DEBUG": "1"}, {"DEBUG": "1"}])
def test_debug_is_impossible(given, monkeypatch, tmp_path):
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    app = build_app(load_settings(GOOD | given | {"LAPAK_VAR_DIR": str(tmp_path)}))

    assert not app.debug
    assert not app.testing
    assert app.extensions["lapak_settings"].secure_cookies


def test_secrets_do_not_show_in_what_settings_print():
    shown = repr(load_settings(GOOD))

    assert SECRET not in shown
    assert KEY not in shown
    assert "secret_key" not in shown


def test_no_two_purposes_share_a_key():
    settings = load_settings(GOOD)

    assert len({settings.derive(purpose) for purpose in ("flask", "pin", "cart", "blind:nik", "order-link")}) == 5

"""`make run` that cannot start: the line that says why, no line of make's own, and no success."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from tests.serve.test_serve import ROOT, lines


def make_run(*arguments, folder, python=sys.executable, **environ):
    """Type `make run`, or make with other `arguments`; return how it ended and the lines that a person reads."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LAPAK_", "MAKE"))}
    command = ["make", *(arguments or ("run",)), f"PYTHON={python}"]
    kept |= {"LAPAK_VAR_DIR": str(folder), "PORT": "no port"} | environ
    done = subprocess.run(
        command, cwd=ROOT, env=kept, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, lines(done.stdout + done.stderr)


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, "PORT=no port"),
        ({"LAPAK_ENV": "production"}, "LAPAK_SECRET_KEY"),  # refused where the application is made
        ({"LAPAK_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none", "PORT": "free"}, "tidak menjawab"),
        ({"PORT": "taken"}, "sedang dipakai"),
    ],
    ids=["no port", "no secret", "no database", "a taken port"],
)
def test_what_cannot_start_says_one_line_and_make_none(tmp_path, environ, said):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        if environ.get("PORT") == "taken":
            probe.listen()
        else:
            probe.close()
        if "PORT" in environ:
            environ = environ | {"PORT": str(port)}

        code, heard = make_run(folder=tmp_path, **environ)

    assert code != 0
    assert len(heard) == 1, heard
    assert said in heard[0]


def test_who_asks_what_would_be_done_starts_nothing(tmp_path):
    code, heard = make_run("--dry-run", "run", folder=tmp_path)

    assert code == 0
    assert "tools/run.py" in heard[0]
    assert len(heard) == 1


def test_the_other_rules_of_make_still_say_what_failed(tmp_path):
    code, heard = make_run("env", "run", folder=tmp_path, python="false")

    assert code == 2
    assert heard[-1].startswith("make: *** ")

"""Make `.venv` hold one of the locks in `requirements/`, with uv when it is there and with pip when it is not.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "lapak-locks"
LOCKS = ("run", "test", "dev")  # each holds the one before it, from the same resolution


class NoEnvironment(Exception):
    """The environment cannot be made; the message is one line that says what to do."""


def ensure(lock: str) -> None:
    """Install `requirements/<lock>.lock` into `.venv` unless exactly that is there already.

    Raises:
        NoEnvironment: the folder cannot be written, or neither uv nor pip could install.
    """
    try:
        if PYTHON.exists() and _print_of(lock) in _installed():
            return
        print(f"Menyiapkan lingkungan Python ({lock}); hanya sekali … / Preparing the environment, once …", flush=True)
        uv = _find_uv()
        _make_venv(uv)
        _install(uv, ROOT / "requirements" / f"{lock}.lock")
        held = LOCKS[: LOCKS.index(lock) + 1]
        STAMP.write_text("".join(_print_of(each) + "\n" for each in held))
    except OSError as error:  # an environment that somebody else made in a home of theirs is none to us either
        raise NoEnvironment(
            f"Folder {ROOT} tidak bisa ditulis / cannot be written: {error.strerror or error}."
        ) from None


def _print_of(lock: str) -> str:
    return hashlib.sha256((ROOT / "requirements" / f"{lock}.lock").read_bytes()).hexdigest()


def _installed() -> list[str]:
    return STAMP.read_text().split() if STAMP.exists() else []


def _find_uv() -> str | None:
    """Return a uv to work with: the one on the PATH, our own, or a freshly fetched one; None when there is none."""
    own = ROOT / ".tools" / "bin" / "uv"
    found = shutil.which("uv") or (str(own) if own.exists() else None)
    if found and _works([found, "--version"]):
        return found
    # Debian refuses a plain `pip install` for the system's Python but takes --target, and needs no python3-venv for it.
    fetch = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    fetch += ["--target", str(ROOT / ".tools"), "--upgrade", "-r", str(ROOT / "requirements" / "tools.lock")]
    return str(own) if _works(fetch) and own.exists() else None


def _make_venv(uv: str | None) -> None:
    if PYTHON.exists() and _works([str(PYTHON), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]):
        return
    if VENV.exists():
        shutil.rmtree(VENV)
    VENV.mkdir()  # a read-only folder says so here, in one line
    if uv and _works([uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(VENV)]):
        return
    plain = [sys.executable, "-m", "venv"]
    if not (_works([*plain, str(VENV)]) or _works([*plain, "--clear", "--without-pip", str(VENV)])):
        raise NoEnvironment("Python ini tanpa venv / has no venv: apt install python3-venv, atau / or pip install uv")


def _install(uv: str | None, lock: Path) -> None:
    ways = [
        [sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "--quiet", "--disable-pip-version-check"],
        [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"],
    ]
    if uv:
        ways.insert(0, [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(PYTHON)])
    problem = ""
    for way in ways:
        done = _call([*way, "--require-hashes", "-r", str(lock)])
        if done.returncode == 0:
            return
        problem = problem or (done.stderr.strip().splitlines() or ["?"])[-1]
    raise NoEnvironment(f"Paket tidak terpasang; periksa sambungan / packages were not installed: {problem}")


def _works(command: list[str]) -> bool:
    try:
        return _call(command).returncode == 0
    except OSError:
        return False


def _call(command: list[str]) -> subprocess.CompletedProcess[str]:
    env = {"UV_SYSTEM_CERTS": "1", "UV_PYTHON_DOWNLOADS": "never", **os.environ}
    env.pop("VIRTUAL_ENV", None)
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env, cwd=ROOT)

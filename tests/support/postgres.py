"""A PostgreSQL server of one drill's own, which may be killed and started again; its disk is taken seriously."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tools import testdb

CAREFUL = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


class OwnPostgres:
    """One cluster in a folder of its own."""

    def __init__(self) -> None:
        """Make the cluster; nothing runs yet."""
        self.folder = Path(tempfile.mkdtemp(prefix="lapak-drill-"))
        self.folder.chmod(0o755)
        home = self.folder / "postgres"
        home.mkdir(mode=0o700)
        user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self.bin = testdb._binaries(home) if user else testdb._installed() / "pginstall" / "bin"
        self._as: dict[str, Any] = {"cwd": home, "stdin": subprocess.DEVNULL}
        self._env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(home)}
        if user:
            os.chown(home, user.pw_uid, user.pw_gid)
            self._as |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self.data, self.port = home / "data", testdb._free_port()
        self.address = f"postgresql+psycopg://postgres@127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        make = [self.bin / "initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
        make += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(make, check=True, env=self._env, **self._as, **quiet)

    def start(self) -> None:
        """Start, and return once it takes connections."""
        options = [part for name, value in (testdb.SPEED | CAREFUL).items() for part in ("-c", f"{name}={value}")]
        command = [self.bin / "postgres", "-D", self.data, "-p", str(self.port), *options]
        with (self.folder / "said.txt").open("ab") as log:
            self.process = subprocess.Popen(command, env=self._env, **self._as, stdout=log, stderr=log)
        testdb._until_ready(self.bin, self.port, self._env, self.process)

    def stop(self, number: int = signal.SIGQUIT) -> None:
        """End it at once, as a fault would (SIGQUIT: no farewell, no checkpoint); SIGINT asks politely."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(timeout=20)
            self.process = None

    def remove(self) -> None:
        """Leave nothing behind."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

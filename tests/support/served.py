"""The market as `make run` starts it: a supervisor that keeps web and worker alive."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import psutil

from tests.support.live import ROOT, LiveServer


class Served(LiveServer):
    """`flask serve`: its supervisor brings back what was killed."""

    def start(self, application: str = "") -> None:
        """Start, and return once the greeting is printed."""
        command = [sys.executable, "-m", "flask", "serve"]
        environ = {**self.environ, "PORT": str(self.port)}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + 60
        while "siap di" not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            threading.Event().wait(0.05)

    def kill_web(self) -> None:
        """Kill the whole web at once, master and workers."""
        assert self.process is not None
        web = next(each for each in psutil.Process(self.process.pid).children() if each.children())
        os.killpg(web.pid, signal.SIGKILL)

    def stop(self, number: int = signal.SIGTERM) -> None:
        """Ask the supervisor to end everything."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(15)
            self.process = None

"""The supervisor of `flask serve` and its two children, web and worker: its end is theirs."""

from __future__ import annotations

import contextvars
import ctypes
import multiprocessing
import os
import signal
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from app.core import jobs

HOST = "127.0.0.1"
WEB = {
    "workers": 2,
    # Threads only keep a slow phone, or photos that wait for each other, from holding a whole process; the work is
    # spread over processes. They begin as they are needed: fifty photos at once leave some for whoever looks.
    "worker_class": "gthread",
    "threads": 32,
    "graceful_timeout": 6,
    "loglevel": "warning",
    "preload_app": True,
    "control_socket_disable": True,
    # Forwarded headers count only from the proxies that LAPAK_PROXIES names; gunicorn itself believes none.
    "forwarded_allow_ips": "",
}
START_SECONDS = 30
END_SECONDS = 8
CALM_SECONDS = 1.0
PR_SET_PDEATHSIG = 1

FORK = multiprocessing.get_context("fork")
Child = multiprocessing.context.ForkProcess


class Web(BaseApplication):
    """Gunicorn around the application that is already loaded here."""

    def __init__(self, app: Flask, port: int) -> None:
        """Remember what to serve and where."""
        self.app = app
        self.bind = f"{HOST}:{port}"
        super().__init__()

    def load_config(self) -> None:
        """Hand gunicorn its settings."""
        for name, value in (WEB | {"bind": self.bind}).items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Hand gunicorn the application."""
        return self.app


class Household:
    """The supervisor and its two children, web and worker: forks of this process, so nothing is imported twice."""

    def __init__(self, app: Flask, port: int, greeting: list[str]) -> None:
        """Know what to serve, where, and what to say once it answers."""
        self.app = app
        self.port = port
        self.greeting = greeting
        self.told = threading.Event()
        self.children: dict[str, Child] = {}

    def keep(self) -> int:
        """Start both, bring back whoever dies, end both when told to stop; return the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.told.set())
        try:
            self._start("web")
            if not self._answers():
                return 0 if self.told.is_set() else 1
            self._start("worker")
            self._greet()
            while not self.told.wait(0.25):
                self._revive()
            return 0
        finally:
            _end(list(self.children.values()))

    def serve_pages(self) -> None:
        """Be the web."""
        Web(self.app, self.port).run()

    def do_jobs(self) -> None:
        """Be the worker."""
        with self.app.app_context():
            jobs.work()

    def _start(self, name: str) -> None:
        job, last_word = {"web": (self.serve_pages, signal.SIGQUIT), "worker": (self.do_jobs, signal.SIGTERM)}[name]
        child = FORK.Process(target=_live, args=(job, last_word), name=name)
        child.start()
        self.children[name] = child

    def _revive(self) -> None:
        for name, child in self.children.items():
            if not child.is_alive():
                click.echo(f"Lapak Mandiri: {name} berhenti, dimulai lagi. / has ended and starts again.", err=True)
                self.told.wait(CALM_SECONDS)  # what cannot start must not spin
                if not self.told.is_set():
                    self._start(name)

    def _answers(self) -> bool:
        deadline = time.monotonic() + START_SECONDS
        web = self.children["web"]
        while time.monotonic() < deadline and web.is_alive() and not self.told.is_set():
            with suppress(OSError), urllib.request.urlopen(f"http://{HOST}:{self.port}/healthz", timeout=5):
                return True
            self.told.wait(0.05)
        if not self.told.is_set():
            click.echo("Lapak Mandiri: server web tidak bisa mulai. / The web server did not start.", err=True)
        return False

    def _greet(self) -> None:
        click.echo(f"\nLapak Mandiri siap di http://{HOST}:{self.port}  (Ctrl+C untuk berhenti / to stop)")
        for line in self.greeting:
            click.echo(line)
        sys.stdout.flush()


def _live(job: Callable[[], None], last_word: int) -> None:
    """Be a child: in a session of our own, so that Ctrl+C reaches us once and through the supervisor."""
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:  # Linux tells us when the supervisor is killed outright
        prctl(PR_SET_PDEATHSIG, last_word)
    # A fresh context: the supervisor's open application context must not become every request's.
    contextvars.Context().run(job)


def _end(children: list[Child]) -> None:
    for child in children:
        child.terminate()
    deadline = time.monotonic() + END_SECONDS
    for child in children:
        child.join(max(0.1, deadline - time.monotonic()))
        if child.is_alive() and child.pid:
            os.killpg(child.pid, signal.SIGKILL)
            child.join()

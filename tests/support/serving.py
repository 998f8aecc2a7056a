"""What gunicorn is told when it serves a test: it ends with the process that started it, even one that was killed."""

from __future__ import annotations

import ctypes
import os
import signal
from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache

# Where the compiled templates of a run lie, so that each process need not compile them anew.
TEMPLATES = "TEST_TEMPLATES"
PR_SET_PDEATHSIG = 1


def on_starting(server: Any) -> None:
    """Ask Linux to end this server with its parent, so that a killed test run leaves none behind."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def post_worker_init(worker: Any) -> None:
    """Share compiled templates; an application that a drill wrapped or broke compiles its own."""
    if isinstance(worker.wsgi, Flask) and (folder := os.environ.get(TEMPLATES)):
        worker.wsgi.jinja_env.bytecode_cache = FileSystemBytecodeCache(folder)

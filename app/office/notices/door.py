"""The door of the room: its pages stand in several files."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("notices", __name__)

"""Where the pages of the front door hang."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("front", __name__)

"""The one blueprint of this room; its pages stand in views, hearings, rulebook, statements and own."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("graduation", __name__)

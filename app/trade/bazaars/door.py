"""The one blueprint of the room, for the pages of visitors, sellers and the office."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("bazaars", __name__)

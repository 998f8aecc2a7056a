"""The door of the lists that curators keep."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("reference", __name__)

"""The one blueprint under which everything about people's own data answers."""

from __future__ import annotations

from flask import Blueprint

from app.office.requests import words

bp = Blueprint("requests", __name__)
bp.add_app_template_filter(words.kind, "jenis_permintaan")
bp.add_app_template_filter(words.source, "asal_permintaan")

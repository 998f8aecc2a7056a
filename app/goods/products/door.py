"""Where the seller's pages of her goods hang."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("products", __name__)

"""What the processes of `flask serve` share: loaded and compiled before the first of them begins."""

from __future__ import annotations

import contextvars
import gc
import re

from flask import Flask

from app.core.db import db

# The last is mistyped: reading it takes the roots of the language and the words that cards hold.
FIRST_ASKED = ("/", "/produk", "/produk?q=kerpik+pisnag")


def warm(app: Flask, base: str) -> None:
    """Ask for what comes first, close the database, and keep the collector away from all that is there by now."""
    contextvars.Context().run(ask, app, base)
    db.session.remove()
    db.engine.dispose()
    gc.collect()
    gc.freeze()


def ask(app: Flask, base: str) -> None:
    """Ask for the first pages, and for a product that they show."""
    client = app.test_client()
    shown = [client.get(path, base_url=base).text for path in FIRST_ASKED]
    product = re.search(r'href="(/produk/[\w-]+)"', "".join(shown))
    if product:
        client.get(product[1], base_url=base)

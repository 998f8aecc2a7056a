"""The least valid complaint, as a buyer sends it. Every maker opens its own transaction."""

from __future__ import annotations

import io

from PIL import Image

from app.core import pictures
from app.core.db import transaction
from app.core.pictures import Master
from app.trade.orders import queries as orders
from app.trade.orders.models import Order
from app.trade.returns import operations
from app.trade.returns.models import ReturnCase


def photo() -> Master:
    """A picture as a phone takes it."""
    sent = io.BytesIO()
    Image.new("RGB", (90, 160), "maroon").save(sent, "JPEG")
    sent.seek(0)
    return pictures.read_upload(sent)


def complain(order: Order, kind: str = "damaged", qty: int = 1, **given: object) -> ReturnCase:
    """A complaint about some units of the first line of an order; `words` and `picture` may be given."""
    line = orders.list_lines(order.id)[0]
    words = str(given.get("words", "Dua butir pecah di dalam kotak."))
    with transaction():
        return operations.open_case(order, kind, words, {line.id: qty}, given.get("picture"))  # type: ignore[arg-type]


def offered(case: ReturnCase, what: str, by: object) -> ReturnCase:
    """A complaint whose seller offered to `replace` or to `refund`."""
    with transaction():
        operations.offer(case, what, "", by=by, version=case.version)  # type: ignore[arg-type]
    return case


def turned_down(case: ReturnCase, by: object) -> ReturnCase:
    """A complaint to which its seller said no."""
    with transaction():
        operations.turn_down(case, "Waktu diambil masih utuh.", by=by, version=case.version)  # type: ignore[arg-type]
    return case

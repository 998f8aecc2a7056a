"""The login card on paper: its code is known briefly to whoever issued it, then to nobody."""

from __future__ import annotations

from typing import Any

from flask import current_app

from app.core import briefly, papers
from app.core.addresses import origin
from app.goods.fostering.operations import IssuedCard
from app.kit import codes

SLOT = "login_card"


def keep(issued: IssuedCard | None) -> None:
    """Remember a fresh code for the page that prints it."""
    if issued is not None:
        briefly.keep(SLOT, issued.card.id, issued.code)


def find_code(card_id: int | None) -> str | None:
    """Return the code of a card that this session issued a moment ago, or None."""
    return None if card_id is None else briefly.find(SLOT, card_id)


def shown(code: str, site: str = "") -> dict[str, Any]:
    """Return what the paper shows: `code` in groups, `picture` to scan, `address` to type.

    `site` is where this site lives, for a worker that has no request to read it from.
    """
    address = f"{site or origin()}{current_app.url_map.bind('').build('entrance.show')}"
    # The code stands after #: that part of an address never reaches a server or its logs.
    picture = papers.code(f"{address}?cara=kartu#kartu={code}")
    return {"code": codes.grouped(code), "picture": picture, "address": address.partition("://")[2]}


def as_pdf(**facts: Any) -> bytes:
    """Draw one page with the card.

    Raises:
        Unavailable: the drawing library, or what it needs from the system, is not here.
    """
    return papers.draw("goods/fostering/card_pdf.html", "login-card.css", **facts)

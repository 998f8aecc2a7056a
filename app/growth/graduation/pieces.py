"""Parts of pages that office and family share."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from flask import render_template, request

from app.core.errors import NotFound
from app.growth.graduation import display, measure, words
from app.kit import digits
from app.people.families.models import Kpm
from app.trade.sales.ledger import BY_GRADE

AT_ONCE = 50


def rows_page(kpm: Kpm, name: str, back: str) -> str:
    """Return the page of the lines behind a figure.

    Raises:
        NotFound: there is no such figure now, or no consent to look.
    """
    code = request.args.get("apa", "")[:4]
    found = display.periods_of(kpm, code.upper())
    if found is None:
        raise NotFound(code)
    figure, periods = found
    lines = measure.list_rows(kpm.id, periods, _before())
    shown = lines[:AT_ONCE]
    more = {**request.args.to_dict(), "setelah": f"{shown[-1].sold_on.isoformat()}_{shown[-1].id}"} if shown else {}
    return render_template(
        "growth/graduation/rows.html", figure=figure, periods=periods, lines=shown, name=name, back=back,
        more=f"?{urlencode(more)}" if len(lines) > len(shown) else None, words=words, grades=BY_GRADE,
    )  # fmt: skip


def _before() -> tuple[date, int] | None:
    day, _sep, number = request.args.get("setelah", "")[:40].partition("_")
    try:
        return date.fromisoformat(day), digits.whole(number) or 0
    except ValueError:
        return None

"""What the shelf does when it is called from outside a request: making its index anew, and proving its book."""

from __future__ import annotations

from typing import Any, Final

import structlog

from app.core import jobs
from app.core.books import Finding, book
from app.core.clock import today
from app.core.jobs import handler
from app.goods.shelf import operations, presence, queries

HEAL: Final = "shelf.heal"
DAY: Final = 86_400
log = structlog.get_logger()


@handler("shelf.rebuild")
def rebuild(payload: dict[str, Any]) -> None:
    """Make the counts and the index anew, after a migration that emptied them."""
    operations.rebuild()


@jobs.every(DAY, "shelf.heal-nightly")
def begin() -> None:
    """Ask for a look at what is kept of the goods that are there."""
    jobs.enqueue(HEAL, {}, key=f"{HEAL}:{today('Asia/Jakarta')}")


@jobs.slow_handler(HEAL)
def heal(_facts: dict[str, Any]) -> jobs.Finish:
    """Compare it with the stock without holding up anybody; what it returns writes anew what differs.

    Triggers keep it; this is for what no trigger sees: a table restored alone, a hand that switched them off.
    """
    wrong = any(presence.differences()) or any(kind == "a" for kind, *_ in queries.list_wrong_totals())

    def finish() -> None:
        if wrong:
            presence.mend()
            log.warning("shelf_there_healed")

    return finish


@book("rak")
def check() -> list[Finding]:
    """Compare the kept counts and the index with the cards themselves."""
    counted = [
        Finding("shelf_count", f"{category}/{kecamatan}", f"says {kept}, the shelf holds {held}")
        for category, kecamatan, kept, held in queries.list_wrong_counts()
    ]
    counted += [
        Finding("shelf_total", f"{kind}/{key}", f"says {kept}, the shelf holds {held}")
        for kind, key, kept, held in queries.list_wrong_totals()
    ]
    counted += [
        Finding("shelf_item", number, f"has turn {kept}, its age gives it {due}")
        for number, kept, due in queries.list_wrong_turns()
    ]
    counted += [
        Finding("shelf_there", number, f"says {kept}, the shelf holds {due}")
        for number, kept, due in presence.list_wrong()
    ]
    return counted + [
        Finding("search_product", number, "differs from the shelf") for number in queries.list_wrong_index()
    ]

"""What the shelf does when it is called from outside a request: making its index anew, and proving its book."""

from __future__ import annotations

from typing import Any

from app.core.books import Finding, book
from app.core.jobs import handler
from app.goods.shelf import operations, queries


@handler("shelf.rebuild")
def rebuild(payload: dict[str, Any]) -> None:
    """Make the counts and the index anew, after a migration that emptied them."""
    operations.rebuild()


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
    return counted + [
        Finding("search_product", number, "differs from the shelf") for number in queries.list_wrong_index()
    ]

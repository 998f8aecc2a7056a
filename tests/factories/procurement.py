"""The least valid orders of government offices: every maker opens its own transaction and returns what it made."""

from __future__ import annotations

from itertools import count
from typing import Any

from app.core.db import transaction
from app.core.policy import Actor
from app.kit.rupiah import Rupiah
from app.trade.ekatalog.cases import Case
from app.trade.ekatalog.models import OutsideStatus
from app.trade.procurement import operations, queries
from app.trade.procurement.operations import Bought
from app.trade.procurement.queries import Purchase
from tests.factories import ekatalog
from tests.factories.people import make_account

_numbers = count(1)


def shown(**given: Any) -> Case:
    """A product that was seen in the catalogue today."""
    sent = ekatalog.sent(ekatalog.make_goods(**given))
    return ekatalog.seen(ekatalog.seen(ekatalog.exported(ekatalog.approved(sent)), "sent_outside"), "shown_outside")


def proved(case: Case | None = None) -> Case:
    """The same, with a picture that proves it: its mark stands on the public page."""
    case = case or shown()
    with transaction() as session:
        session.add(
            OutsideStatus(
                submission_id=case.submission.id, status="shown_outside", seen_on=case.day, seen_by="Rudi",
                proof="ab/cd/ef.jpg", entered_by_id=make_account("curator").id,
            )
        )  # fmt: skip
    return case


def bought(case: Case, **given: Any) -> Bought:
    """Forty eggs for the school."""
    facts: dict[str, Any] = {
        "variant_id": queries.list_variants(case.submission.product_id)[0].id,
        "buyer": "SDN Ciomas 1",
        "reference": f"027/{next(_numbers)}/SP/2026",
        "qty": 40,
        "amount": Rupiah(600_000),
        "sold_on": case.day,
    }
    return Bought(**(facts | given))


def order(case: Case | None = None, *papers: str, by: Actor | None = None, **given: Any) -> Purchase:
    """A purchase with the office's order, or with the `papers` that are named."""
    case = case or shown()
    pictures = {kind: ekatalog.master() for kind in papers or ("order",)}
    with transaction():
        number = operations.record(
            case, bought(case, **given), pictures, key=f"beli-{next(_numbers)}", by=by or make_account("curator")
        ).id
    return queries.get_purchase(number)

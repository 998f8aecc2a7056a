"""Why an order waits for people, and since when it stands on the list of whoever helps; pure, like the rules.

Source: spec/trade.md, default clocks and the three situations without an exit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from app.trade.orders import rules
from app.trade.orders.rules import Hours

SILENT, AT_RISK, LATE, CLAIM, REFUND, UNPAID = "silent", "at_risk", "late", "claim", "refund", "unpaid"
WHYS: Final = (SILENT, AT_RISK, LATE, CLAIM, REFUND, UNPAID)


class Waiting(Protocol):
    """What this looks at of an order."""

    @property
    def created_at(self) -> datetime:
        """When it was placed."""

    @property
    def at_risk_at(self) -> datetime | None:
        """Since when goods are missing."""

    @property
    def promised_at(self) -> datetime | None:
        """When it was to be ready."""

    @property
    def unpaid_since(self) -> datetime | None:
        """Since when goods are with an office whose treasurer has yet to pay."""


@dataclass(frozen=True, slots=True)
class Wait:
    """One reason, and since when somebody is waited for."""

    why: str
    since: datetime


def waits(order: Waiting, state: str, *, claimed_at: datetime | None, owes_since: datetime | None) -> list[Wait]:
    """Return everything that people must do about an order, whether or not it is time to tell others.

    `state` is the one that holds now; `claimed_at` is the oldest claim without an answer.
    """
    going = state in rules.OPEN
    since = {
        SILENT: order.created_at if state == "placed" else None,
        AT_RISK: order.at_risk_at if going else None,
        LATE: order.promised_at if state == "accepted" else None,
        CLAIM: claimed_at,
        REFUND: owes_since,
        UNPAID: order.unpaid_since,
    }
    return [Wait(why, begun) for why in WHYS if (begun := since[why]) is not None]


def patience(why: str, hours: Hours) -> int:
    """Return for how many hours the seller alone is asked before the pendamping is told."""
    return {
        SILENT: hours.silent,
        AT_RISK: hours.at_risk,
        LATE: 0,
        CLAIM: hours.claim,
        REFUND: hours.refund,
        UNPAID: hours.treasurer,
    }[why]


def climbed(found: list[Wait], hours: Hours, moment: datetime) -> list[Wait]:
    """Return the reasons that have climbed to whoever helps the seller by now."""
    return [each for each in found if each.since <= hours.begun(moment, patience(each.why, hours))]

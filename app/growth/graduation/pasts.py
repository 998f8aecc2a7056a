"""Where the families of a region stood at past moments: told from decisions, objections and consents, never stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, select

from app.core.db import db
from app.growth.graduation.models import Appeal, Decision, GrowthCase
from app.growth.graduation.queries import MONITORING
from app.growth.graduation.rules import Move, Past
from app.kit.periods import zone_named
from app.people.families.models import FamilyConsent, Kpm
from app.people.places.queries import inside

ALWAYS = datetime.max.replace(tzinfo=UTC)


def count_at(region_code: str, moments: Sequence[datetime], *, zone: str) -> list[Counter[str]]:
    """Count the followed families of a region, as it is registered now, by where they stood at each moment."""
    pasts = _pasts(region_code, zone)
    return [
        Counter(past.status_at(moment) for past in pasts.values() if past.opened_at <= moment) for moment in moments
    ]


def _pasts(region_code: str, zone: str) -> dict[int, Past]:
    """Return the past of each case. A family has few moves and consents: each move comes beside each consent."""
    clock, agreed = zone_named(zone), FamilyConsent
    objected = and_(Appeal.decision_id == Decision.id, Decision.kind == "move")
    monitored = and_(agreed.kpm_id == GrowthCase.kpm_id, agreed.purpose == MONITORING)
    query = (
        select(
            GrowthCase.kpm_id, GrowthCase.opened_at, GrowthCase.status, Decision.at, Decision.before, Decision.outcome,
            Appeal.filed_at, Appeal.ended_at, agreed.given_at, agreed.withdrawn_at, agreed.expires_on,
        )
        .join(Kpm, Kpm.id == GrowthCase.kpm_id)
        .outerjoin(Decision, Decision.kpm_id == GrowthCase.kpm_id)
        .outerjoin(Appeal, objected)
        .outerjoin(agreed, monitored)
        .where(inside(Kpm.regency_code, [region_code]), Kpm.state == "active")
        .order_by(GrowthCase.kpm_id, Decision.id, agreed.given_at)
    )  # fmt: skip
    found: dict[int, Past] = {}
    for row in db.session.execute(query):
        past = found.setdefault(row.kpm_id, Past(row.opened_at, row.status if row.at is None else row.before))
        move = Move(row.at, row.before, row.outcome, row.filed_at, row.ended_at)
        if row.at is not None and move not in past.moves:
            past.moves.append(move)
        if row.given_at is not None:
            lapses = clock.at(row.expires_on + timedelta(days=1)) if row.expires_on else ALWAYS
            span = row.given_at, min(row.withdrawn_at or ALWAYS, lapses)
            if span not in past.agreed:
                past.agreed.append(span)
    return found

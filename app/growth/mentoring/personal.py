"""What is kept of visits: when, where, who was met, what was said, and a photo."""

from __future__ import annotations

from sqlalchemy import select, update

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.growth.mentoring import queries, words
from app.growth.mentoring.models import MonitoringVisit


def _visits(whose: Whose, most: int | None) -> list[Row]:
    query = select(MonitoringVisit).where(MonitoringVisit.kpm_id == whose.kpm_id).order_by(MonitoringVisit.id.desc())
    return [
        {
            "visited": each.visited_on,
            "met": str(words.MET[each.met]),
            "said": queries.said_of(each),
        }
        for each in db.session.scalars(query.limit(most))
    ]


def _erase(whose: Whose, by: Actor) -> None:
    """Keep that there was a visit, on which day and what was seen; what was said and the photo go."""
    hers = MonitoringVisit.kpm_id == whose.kpm_id
    photos = db.session.scalars(select(MonitoringVisit.photo).where(hers)).all()
    personal.forget_files(private=[name for name in photos if name])
    bare = update(MonitoringVisit).where(hers).values(said_sealed="", photo=None)
    db.session.execute(bare.execution_options(synchronize_session=False))


personal.keeps(
    "visits", _l("Kunjungan pendamping"), storey=47, tables=("monitoring_visit", "visit_item", "visit_month"),
    tell=_visits, erase=_erase,
    words={"visited": _l("Hari"), "met": _l("Ditemui"), "said": _l("Yang disampaikan")},
)  # fmt: skip

"""What is kept of visits: when, where, who was met, what was said, and a photo."""

from __future__ import annotations

from sqlalchemy import select, update

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.growth.mentoring import agreed, queries, words
from app.growth.mentoring.models import AgreedAction, MonitoringVisit, OwnWish


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


def _actions(whose: Whose, most: int | None) -> list[Row]:
    query = select(AgreedAction).where(AgreedAction.kpm_id == whose.kpm_id).order_by(AgreedAction.id.desc())
    return [
        {
            "what": agreed.what_of(each),
            "whose": str(words.WHOSE[each.whose]),
            "due": each.due_on,
            "outcome": str(words.OUTCOMES[each.outcome]) if each.outcome else "",
        }
        for each in db.session.scalars(query.limit(most))
    ]


def _wishes(whose: Whose, most: int | None) -> list[Row]:
    query = select(OwnWish).where(OwnWish.kpm_id == whose.kpm_id).order_by(OwnWish.id.desc())
    return [{"at": each.at, "alone": each.alone} for each in db.session.scalars(query.limit(most))]


def _erase_actions(whose: Whose, by: Actor) -> None:
    """Keep that something was agreed on, whose it was and how it ended; the words go."""
    bare = update(AgreedAction).where(AgreedAction.kpm_id == whose.kpm_id).values(what_sealed="")
    db.session.execute(bare.execution_options(synchronize_session=False))


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
personal.keeps(
    "agreed", _l("Kesepakatan kunjungan"), storey=47, tables=("agreed_action",), tell=_actions, erase=_erase_actions,
    words={
        "what": _l("Yang disepakati"), "whose": _l("Siapa yang mengerjakan?"), "due": _l("Paling lambat"),
        "outcome": _l("Hasil"),
    },
)  # fmt: skip
personal.keeps(
    "own_wishes", _l("Keinginan mandiri"), storey=47, tables=("own_wish",), tell=_wishes, erase=None,
    words={"at": _l("Waktu"), "alone": _l("Ingin mandiri")},
)  # fmt: skip

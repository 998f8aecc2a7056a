"""What is kept of bazaars: her applications, what was said about them, her questions and objections."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.trade.bazaars.models import Application, BazaarEvent, BazaarMessage, Kinship, Objection, Question, Review


def _applications(whose: Whose, most: int | None) -> list[Row]:
    query = select(Application).where(Application.shop_id.in_(whose.shop_ids)).order_by(Application.id.desc())
    query = query.options(joinedload(Application.bazaar))
    return [
        {
            "bazaar": each.bazaar.name,
            "goods": each.goods,
            "note": each.note,
            "said": each.decision_reason if each.bazaar.published_at else "",
            "sent": each.submitted_at,
        }
        for each in db.session.scalars(query.limit(most))
    ]


def _questions(whose: Whose, most: int | None) -> list[Row]:
    query = select(Question).where(Question.asked_by_id == whose.account_id).order_by(Question.id.desc()).limit(most)
    rows = db.session.scalars(query)
    return [{"question": each.text, "answer": each.answer, "asked": each.asked_at} for each in rows]


def _erase(whose: Whose, by: Actor) -> None:
    """Keep places, scores and steps; take every sentence about her away."""
    hers = select(Application.id).where(Application.shop_id.in_(whose.shop_ids))
    silent = {"goods": "", "note": "", "fix_items": "", "decision_reason": "", "end_reason": ""}
    steps = [
        update(Application).where(Application.shop_id.in_(whose.shop_ids)).values(**silent),
        update(Review).where(Review.application_id.in_(hers)).values(note=""),
        update(Objection).where(Objection.application_id.in_(hers)).values(text="", answer=""),
        update(Question).where(Question.asked_by_id == whose.account_id).values(text="", answer=""),
        update(BazaarEvent).where(BazaarEvent.application_id.in_(hers), BazaarEvent.reason != "").values(reason=""),
        delete(BazaarMessage).where(BazaarMessage.account_id == whose.account_id),
        delete(Kinship).where(Kinship.shop_id.in_(whose.shop_ids)),
    ]
    for step in steps:
        db.session.execute(step.execution_options(synchronize_session=False))


personal.keeps(
    "bazaars", _l("Bazar"), storey=33, tell=_applications, erase=_erase,
    tables=(
        "bazaar_application", "bazaar_review", "bazaar_objection", "bazaar_event", "bazaar_message", "bazaar_kinship",
    ),
    words={
        "bazaar": _l("Bazar"), "goods": _l("Yang dibawa"), "note": _l("Catatan"), "said": _l("Alasan putusan"),
        "sent": _l("Dikirim"),
    },
)  # fmt: skip
personal.keeps(
    "bazaar_questions", _l("Pertanyaan bazar"), storey=34, tables=("bazaar_question",), tell=_questions,
    words={"question": _l("Pertanyaan"), "answer": _l("Jawaban"), "asked": _l("Waktu")},
)  # fmt: skip

"""What is kept of rounds to the e-Katalog: her answers, photos and packages, and what was said about them."""

from __future__ import annotations

from sqlalchemy import select, update

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.trade.ekatalog.models import (
    Answer,
    Appeal,
    Bundle,
    Move,
    OutsideStatus,
    Submission,
    SubmissionCheck,
    SubmissionPhoto,
)


def _rounds(whose: Whose, most: int | None) -> list[Row]:
    query = select(Submission).where(Submission.shop_id.in_(whose.shop_ids)).order_by(Submission.id.desc()).limit(most)
    return [
        {"round": each.wave, "state": each.state, "note": each.note, "since": each.created_at}
        for each in db.session.scalars(query)
    ]


def _answers(whose: Whose, most: int | None) -> list[Row]:
    query = select(Answer).join(Submission, Submission.id == Answer.submission_id)
    query = query.where(Submission.shop_id.in_(whose.shop_ids)).order_by(Answer.id.desc()).limit(most)
    return [
        {
            "question": each.key,
            "answer": ", ".join(f"{name}: {said}" for name, said in each.value.items()),
            "at": each.at,
        }
        for each in db.session.scalars(query)
    ]


def _erase(whose: Whose, by: Actor) -> None:
    """Keep rounds, marks, steps and hashes; take words, photos, proofs and packages away."""
    hers = select(Submission.id).where(Submission.shop_id.in_(whose.shop_ids))
    named = (
        select(SubmissionPhoto.name).where(SubmissionPhoto.submission_id.in_(hers)),
        select(Bundle.name).where(Bundle.submission_id.in_(hers)),
        select(OutsideStatus.proof).where(OutsideStatus.submission_id.in_(hers), OutsideStatus.proof.is_not(None)),
    )
    personal.forget_files(private=[str(name) for query in named for name in db.session.scalars(query)])
    steps = [
        update(Submission).where(Submission.shop_id.in_(whose.shop_ids)).values(note=""),
        update(Appeal).where(Appeal.submission_id.in_(hers)).values(text="", sentence=""),
        update(Answer).where(Answer.submission_id.in_(hers)).values(value={}),
        *(
            update(kind).where(kind.submission_id.in_(hers), kind.note != "").values(note="")
            for kind in (SubmissionCheck, Move, OutsideStatus)
        ),
    ]
    for step in steps:
        db.session.execute(step.execution_options(synchronize_session=False))


personal.keeps(
    "ekatalog", _l("Pengajuan e-Katalog"), storey=35, tell=_rounds, erase=_erase,
    tables=(
        "ekatalog_submission", "ekatalog_photo", "ekatalog_check", "ekatalog_move", "ekatalog_bundle",
        "ekatalog_outside", "ekatalog_appeal", "ekatalog_notice",
    ),
    words={
        "round": _l("Gelombang"), "state": _l("Keadaan"), "note": _l("Catatan"), "since": _l("Sejak"),
    },
)  # fmt: skip
personal.keeps(
    "ekatalog_answers", _l("Isian e-Katalog"), storey=36, tables=("ekatalog_answer",), tell=_answers,
    words={"question": _l("Pertanyaan"), "answer": _l("Jawaban"), "at": _l("Waktu")},
)  # fmt: skip

"""What happens in the official system, as people tell it: a day, a person, and proof or the mark of none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from app.core import scans
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.pictures import Master
from app.core.policy import Actor
from app.trade.ekatalog import filling, moving, queries, reference, rules
from app.trade.ekatalog.cases import Case
from app.trade.ekatalog.models import OutsideStatus, Submission


class NoProof(DomainError):
    """Neither a picture nor the mark that there is none."""

    status = 422
    text = _l("Lampirkan bukti, atau centang tanpa bukti.")


class NotYet(DomainError):
    """A day to come, or before the one before."""

    status = 422
    text = _l("Tanggalnya tidak boleh sesudah hari ini atau sebelum langkah sebelumnya.")


class NoWitness(DomainError):
    """Somebody saw it, by name."""

    status = 422
    text = _l("Tulis siapa yang melihat.")


class NoReason(DomainError):
    """A refusal is mapped to the checklist by its reason."""

    status = 422
    text = _l("Pilih alasan penolakannya.")


@dataclass(frozen=True, slots=True)
class Sighting:
    """What somebody saw or did outside. `claims` tells which claims are shown there."""

    status: str
    seen_on: date
    seen_by: str
    reference_no: str = ""
    reason_code: str = ""
    note: str = ""
    without_proof: bool = False
    claims: dict[str, bool] = field(default_factory=dict)


def record(case: Case, sighting: Sighting, proof: Master | None, *, by: Actor) -> OutsideStatus:
    """Write down what was seen, and take the step that it means. Before sending, the checks run once more.

    Raises:
        NoProof, NotYet, NoWitness, NoReason: a part is missing or cannot be.
        NotReady: an item ran out since the export.
        AlreadyMoved: the table has no such step from here.
    """
    case = moving.fetch(case)
    _check(case, sighting, proof)
    if sighting.status == "sent_outside":
        moving.check_ready(case)
    row = OutsideStatus(
        submission_id=case.submission.id,
        status=sighting.status,
        seen_on=sighting.seen_on,
        seen_by=sighting.seen_by,
        reference_no=sighting.reference_no,
        proof=_kept(proof),
        without_proof=sighting.without_proof and proof is None,
        reason_code=sighting.reason_code if sighting.status == "refused_outside" else None,
        claims=sighting.claims,
        note=sighting.note,
        entered_by_id=by.id,
    )
    db.session.add(row)
    db.session.flush()
    moving.move(case.submission, sighting.status, by=by, note=sighting.note, facts={"outside": row.id})
    case.submission.answer_due = rules.answer_due(sighting.seen_on) if sighting.status == "sent_outside" else None
    db.session.flush()
    return row


def _check(case: Case, sighting: Sighting, proof: Master | None) -> None:
    if proof is None and not sighting.without_proof:
        raise NoProof(case.submission)
    if not sighting.seen_by.strip():
        raise NoWitness(case.submission)
    before = [seen.seen_on for seen in queries.list_outside(case.submission.id)]
    if sighting.seen_on > case.day or any(day > sighting.seen_on for day in before):
        raise NotYet(case.submission)
    if sighting.status == "refused_outside" and sighting.reason_code not in reference.reasons():
        raise NoReason(case.submission)


def _kept(proof: Master | None) -> str | None:
    return None if proof is None else scans.keep(proof)


def go_on(case: Case, *, by: Actor) -> Submission:
    """Open the round that follows; after a refusal it is with the seller, marked where the reason points."""
    reason = next(
        (seen for seen in reversed(queries.list_outside(case.submission.id)) if seen.status == "refused_outside"), None
    )
    refused = case.submission.state == "refused_outside"
    fresh = filling.next_round(case, by=by)
    if refused and reason is not None:
        why = reference.reasons()[reason.reason_code or "other"]
        said = (reason.note or why.sentence, "wrong")
        opened = queries.get_case(fresh.id)
        items = [key for key in why.items if key in {item.key for item in opened.items}]
        moving.mark(opened, dict.fromkeys(items, (said[1], said[0])), by=by)
    return fresh


def close(case: Case, note: str, *, by: Actor) -> None:
    """End a round that nobody goes on with."""
    case = moving.fetch(case)
    moving.move(case.submission, "closed", by=by, note=note)
    case.submission.note = note[: moving.NOTE_SIGNS]
    db.session.flush()

"""What reviewers and officers do with applications: return, score, decide, announce, answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from app.core import audit
from app.core.clock import now
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.policy import Actor
from app.trade.bazaars import ground, queries, rules, steps
from app.trade.bazaars.models import Application, Bazaar, Kinship, Objection, Question, Ranking, Review
from app.trade.bazaars.operations import AlreadyAnswered


class NotYours(DomainError):
    """A facilitator or relative of the applicant scores nothing here."""

    status = 403
    text = _l("Anda membantu atau berkerabat dengan pendaftar ini. Orang lain yang menilai.")


class AlreadyScored(DomainError):
    """One review per reviewer, and no more than are wanted."""

    text = _l("Pendaftaran ini sudah cukup dinilai.")


class WrongScores(DomainError):
    """Points outside the rubric."""

    status = 422
    text = _l("Nilai tiap bagian harus diisi, dan tidak lebih dari batasnya.")


class NotDecided(DomainError):
    """Something is still open; `facts` count it."""

    text = _l("Masih ada %(open)s pendaftaran yang belum diputuskan.")


class NoStandstill(DomainError):
    """There is no time left for objections before the day."""

    text = _l("Waktu keberatan belum habis saat bazar mulai. Tulis alasan untuk memendekkannya.")


def may_review(actor: Actor, application: Application) -> bool:
    """Tell whether somebody may judge: not who entered it or owns it, and no declared relative."""
    if actor.id in {application.entered_by_id, application.shop.owner_id}:
        return False
    return not queries.is_kin(actor.id, application.shop_id)


def declare_kin(application: Application, *, by: Actor) -> None:
    """Declare an applicant a relative, before scoring her and for ever after.

    Raises:
        AlreadyScored: his points stand already.
    """
    steps.begin(application.bazaar_id)
    if any(each.reviewer_id == by.id for each in queries.list_reviews([application.id])[application.id]):
        raise AlreadyScored(application)
    if not queries.is_kin(by.id, application.shop_id):
        db.session.add(Kinship(shop_id=application.shop_id, account_id=by.id))
        audit.record(by, "bazaar.kin_declared", application)


def send_back(application: Application, items: str, until: datetime, *, by: Actor) -> None:
    """Ask an applicant to mend what the items name; her place in time stays.

    Raises:
        NoReason: nothing is named.
    """
    _bazaar, application = _for_review(application, by)
    if not items:
        raise steps.NoReason(application)
    application.fix_items, application.fix_by = items, until
    event = steps.move(application, "needs_fix", by=by, reason=items)
    steps.tell(application, "needs_fix", f"event:{event.id}", items=items, until=until.isoformat())
    audit.record(by, "bazaar.application.returned", application)


def score(application: Application, scores: dict[str, int], note: str = "", *, by: Actor) -> Review:
    """Give points by the rubric; the last wanted review makes the score.

    Raises:
        NotYours: facilitator, owner or relative.
        AlreadyScored: by him, or often enough.
        WrongScores: not what the rubric asks.
    """
    bazaar, application = _for_review(application, by)
    if not rules.right_scores(scores, queries.get_rubric(bazaar.rubric_version).parts):
        raise WrongScores(application)
    reviews = queries.list_reviews([application.id])[application.id]
    totals = [each.total for each in reviews]
    if any(each.reviewer_id == by.id for each in reviews) or len(totals) >= rules.reviews_wanted(totals):
        raise AlreadyScored(application)
    review = Review(
        application_id=application.id, reviewer_id=by.id, scores=scores, total=sum(scores.values()), note=note
    )
    db.session.add(review)
    if application.state != "in_review":
        steps.move(application, "in_review", by=by)
    totals.append(review.total)
    if len(totals) >= rules.reviews_wanted(totals):
        application.score = rules.mean_score(totals)
        application.decision = application.decision or "place"
    audit.record(by, "bazaar.application.scored", application)
    return review


def decide_refusal(application: Application, reason: str, *, by: Actor) -> None:
    """Note that an application will be refused; nobody sees it before all are announced.

    Raises:
        NoReason: without a sentence.
        NotYours: facilitator, owner or relative.
    """
    _bazaar, application = _for_review(application, by)
    if not reason:
        raise steps.NoReason(application)
    if application.decision == "refuse":
        raise AlreadyAnswered(application)
    application.decision, application.decision_reason = "refuse", reason
    application.version += 1
    audit.record(by, "bazaar.application.decided", application)


def take_back_refusal(application: Application, *, by: Actor) -> None:
    """Let an application into the ranking after all, if its score is complete; else it waits for points again."""
    _bazaar, application = _for_review(application, by)
    application.decision = "place" if application.score is not None else ""
    application.decision_reason = ""
    application.version += 1
    audit.record(by, "bazaar.application.decided", application)


def _for_review(application: Application, by: Actor) -> tuple[Bazaar, Application]:
    bazaar = steps.begin(application.bazaar_id, "open_call", "curation")
    db.session.refresh(application)
    if not may_review(by, application):
        raise NotYours(application)
    if application.state not in rules.BEFORE_PUBLISHING:
        raise steps.AlreadyMoved(application)
    return bazaar, application


def preview(applications: Iterable[Application]) -> list[rules.Place]:
    """Return the ranking of a bazaar's applications as it would be announced now."""
    judged = (each for each in applications if queries.now_of(each) in rules.BEFORE_PUBLISHING)
    return rules.in_order(steps.place_of(each) for each in judged if each.decision == "place")


def publish(bazaar: Bazaar, waiver: str = "", *, by: Actor) -> None:
    """Announce everything at one moment: refusals with their reasons, offers, places in line.

    Raises:
        NotDecided: somebody has no decision yet.
        NoStandstill: no days are left for objections, and no reason was given.
    """
    bazaar = steps.begin(bazaar, "curation")
    judged = queries.list_states(bazaar.id, rules.BEFORE_PUBLISHING)
    undecided = sum(not each.decision for each in judged)
    if undecided:
        raise NotDecided(bazaar, open=undecided)
    moment = now()
    if moment + timedelta(days=bazaar.standstill_days) > bazaar.starts_at and not waiver:
        raise NoStandstill(bazaar)
    bazaar.published_at, bazaar.standstill_waived = moment, waiver
    _snapshot(bazaar, judged, by)
    ground.open_up(bazaar)
    steps.move_bazaar(bazaar, "published", by=by, reason=waiver)
    _announce(bazaar, judged, by)


def _snapshot(bazaar: Bazaar, judged: list[Application], by: Actor) -> None:
    ranked = preview(judged)
    known = {each.id: each for each in judged}
    for rank, place in enumerate(ranked, 1):
        known[place.id].rank = rank
    db.session.add(Ranking(bazaar_id=bazaar.id, rows=[row_of(place) for place in ranked], made_by_id=by.id))
    db.session.flush()


def row_of(place: rules.Place) -> dict[str, Any]:
    """Write a place down as the snapshot keeps it."""
    return {
        "application": place.id,
        "number": place.number,
        "submitted_at": place.submitted_at.isoformat(),
        "score": place.score,
        "bonus": place.bonus,
        "past": place.past,
        "late": place.late,
        "pools": sorted(place.pools),
    }


def _announce(bazaar: Bazaar, judged: list[Application], by: Actor) -> None:
    for application in judged:
        if application.decision == "refuse":
            steps.end(application, "refused", by=by, reason=application.decision_reason)
        else:
            steps.move(application, "waitlisted", by=by)
    steps.promote(bazaar)
    for application in queries.list_states(bazaar.id, ("waitlisted",)):
        steps.tell(application, "waitlisted", f"announced:{application.id}", rank=application.rank)
    db.session.flush()


def remove(application: Application, reason: str, *, by: Actor) -> None:
    """Take an application out, with a reason and a way to object.

    Raises:
        NotYours: who entered it or owns it, or a relative.
        NoReason: without a sentence.
    """
    bazaar = steps.begin(application.bazaar_id, "published", "running")
    db.session.refresh(application)
    if not may_review(by, application):
        raise NotYours(application)
    if not reason:
        raise steps.NoReason(application)
    steps.end(application, "removed", by=by, reason=reason)
    if bazaar.state == "published":
        steps.promote(bazaar)
    audit.record(by, "bazaar.application.removed", application)


def answer_objection(objection: Objection, text: str, *, upheld: bool, by: Actor) -> None:
    """Answer an objection; one that was right puts the applicant back in line, and who fits is asked.

    Raises:
        AlreadyAnswered: somebody was quicker.
        NotYours: he reviewed her.
        NoReason: without a sentence.
    """
    bazaar = steps.begin(objection.application.bazaar_id, "published", "running")
    db.session.refresh(objection)
    application = objection.application
    if objection.answered_at is not None:
        raise AlreadyAnswered(objection)
    reviewers = {each.reviewer_id for each in queries.list_reviews([application.id])[application.id]}
    if by.id in reviewers or not may_review(by, application):
        raise NotYours(objection)
    if not text:
        raise steps.NoReason(objection)
    objection.answer, objection.upheld = text, upheld
    objection.answered_by_id, objection.answered_at = by.id, now()
    steps.tell(application, "objection_answered", f"objection:{objection.id}", answer=text, upheld=upheld)
    if upheld and bazaar.state == "published" and rules.may_go(application.state, "waitlisted"):
        steps.move(application, "waitlisted", by=by, reason=text)
        steps.promote(bazaar)
    audit.record(by, "bazaar.objection.answered", objection, upheld=upheld)


def answer_question(question: Question, text: str, *, by: Actor) -> None:
    """Answer what was asked, for everybody to read.

    Raises:
        AlreadyAnswered: somebody was quicker.
    """
    steps.begin(question.bazaar_id)
    db.session.refresh(question)
    if question.answered_at is not None:
        raise AlreadyAnswered(question)
    question.answer, question.answered_by_id, question.answered_at = text, by.id, now()
    audit.record(by, "bazaar.question.answered", question)

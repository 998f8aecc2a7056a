"""Questions about what people ask and are told: second signatures, questions, objections, messages."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from app.core.db import db
from app.core.errors import NotFound
from app.core.policy import Actor
from app.people.places.queries import inside
from app.trade.bazaars.models import Application, Bazaar, BazaarMessage, Objection, Proposal, Question

SHOWN_MESSAGES = 20


def get_proposal(proposal_id: int) -> Proposal:
    """Return a question for a second signature.

    Raises:
        NotFound: none has this id.
    """
    found = db.session.scalar(select(Proposal).options(joinedload(Proposal.bazaar)).where(Proposal.id == proposal_id))
    if found is None:
        raise NotFound(proposal_id)
    return found


def list_proposals(bazaar_id: int) -> list[Proposal]:
    """Return every second signature that was asked for, the newest first."""
    return list(
        db.session.scalars(select(Proposal).where(Proposal.bazaar_id == bazaar_id).order_by(Proposal.id.desc()))
    )


def list_unsigned(scope: Actor) -> list[Proposal]:
    """Return what waits for a second signature in a region, the longest waiting first."""
    query = select(Proposal).join(Bazaar, Bazaar.id == Proposal.bazaar_id).options(joinedload(Proposal.bazaar))
    query = query.where(Proposal.answer == "", inside(Bazaar.regency_code, [scope.region_code]))
    return list(db.session.scalars(query.order_by(Proposal.id)))


def unsigned(scope: Actor) -> ColumnElement[int]:
    """Count, within another question, what waits for a second signature and was asked by somebody else."""
    query = select(func.count()).select_from(Proposal).join(Bazaar, Bazaar.id == Proposal.bazaar_id)
    query = query.where(Proposal.answer == "", Proposal.asked_by_id != scope.id)
    return query.where(inside(Bazaar.regency_code, [scope.region_code])).scalar_subquery()


def list_questions(bazaar_id: int) -> list[Question]:
    """Return what was asked about a bazaar, in order."""
    return list(db.session.scalars(select(Question).where(Question.bazaar_id == bazaar_id).order_by(Question.id)))


def get_question(question_id: int) -> Question:
    """Return a question.

    Raises:
        NotFound: none has this id.
    """
    found = db.session.get(Question, question_id)
    if found is None:
        raise NotFound(question_id)
    return found


def find_objection(application_id: int) -> Objection | None:
    """Return an applicant's objection, or None."""
    return db.session.scalar(select(Objection).where(Objection.application_id == application_id))


def list_objections(bazaar_id: int) -> list[Objection]:
    """Return the objections at a bazaar, in order."""
    query = select(Objection).join(Application, Application.id == Objection.application_id)
    query = query.options(joinedload(Objection.application).joinedload(Application.shop))
    return list(db.session.scalars(query.where(Application.bazaar_id == bazaar_id).order_by(Objection.id)))


def list_messages(account_id: int) -> list[BazaarMessage]:
    """Return what a seller was told, the newest first."""
    query = (
        select(BazaarMessage).options(joinedload(BazaarMessage.bazaar)).where(BazaarMessage.account_id == account_id)
    )
    return list(db.session.scalars(query.order_by(BazaarMessage.id.desc()).limit(SHOWN_MESSAGES)))


def get_objection(objection_id: int) -> Objection:
    """Return an objection.

    Raises:
        NotFound: none has this id.
    """
    found = db.session.get(Objection, objection_id)
    if found is None:
        raise NotFound(objection_id)
    return found

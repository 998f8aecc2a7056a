"""The book of rounds recomputed: packages are what was signed, signatures are two people, moves follow the table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlalchemy import or_, select

from app.core.books import Finding, book
from app.core.db import db
from app.core.errors import NotFound
from app.core.storage import private_store
from app.goods.shops.models import Shop
from app.people.accounts.models import Account
from app.trade.ekatalog import bundles, rules
from app.trade.ekatalog.models import Bundle, Move, Submission


@book("ekatalog")
def check_rounds() -> list[Finding]:
    """Find packages that are not what was signed, signatures of one hand, and steps that the table does not have."""
    return [*_packages(), *_unpacked(), *_signatures(), *_moves()]


def _packages() -> Iterator[Finding]:
    query = select(Bundle).join(Submission, Submission.id == Bundle.submission_id)
    query = query.join(Shop, Shop.id == Submission.shop_id).join(Account, Account.id == Shop.owner_id)
    # Whoever was erased took her packages along; their hashes stay.
    for bundle in db.session.scalars(query.where(Account.erased_at.is_(None)).order_by(Bundle.id)):
        try:
            data = private_store().read(bundle.name)
        except NotFound:
            yield Finding("ekatalog_bundle", bundle.id, "its file is gone")
            continue
        if hashlib.sha256(data).hexdigest() != bundle.sha256:
            yield Finding("ekatalog_bundle", bundle.id, "its file is another")
            continue
        files, manifest = bundles.inside(data)
        found = {name: hashlib.sha256(held).hexdigest() for name, held in files.items() if name != "manifest.json"}
        if found != bundle.files or found != manifest["berkas"]:
            yield Finding("ekatalog_bundle", bundle.id, "a file inside does not match its hash")


def _unpacked() -> Iterator[Finding]:
    packed = select(Bundle.submission_id)
    query = select(Submission.id).where(Submission.signed_by_id.is_not(None), Submission.id.not_in(packed))
    for number in db.session.scalars(query):
        yield Finding("ekatalog_submission", number, "signed without a package")


def _signatures() -> Iterator[Finding]:
    same = or_(
        Submission.signed_by_id == Submission.reviewed_by_id,
        Submission.signed_by_id == Submission.submitted_by_id,
        Submission.signed_by_id == Submission.started_by_id,
        Submission.reviewed_by_id == Submission.submitted_by_id,
        Submission.reviewed_by_id == Submission.started_by_id,
    )
    for number in db.session.scalars(select(Submission.id).where(same).order_by(Submission.id)):
        yield Finding("ekatalog_submission", number, "one person signed twice")


def _moves() -> Iterator[Finding]:
    """Replay the log of each round: it begins once, follows the table, and ends where the round is."""
    last: dict[int, str] = {}
    for step in db.session.scalars(select(Move).order_by(Move.submission_id, Move.id)):
        before = last.get(step.submission_id, "")
        stays = step.from_state == step.to_state and "requirements" in step.facts
        known = not before or stays or rules.may_move(step.from_state, step.to_state, step.by_role)
        if step.from_state != before or not known:
            yield Finding("ekatalog_move", step.id, "a step that the table does not have")
        last[step.submission_id] = step.to_state
    for row in db.session.execute(select(Submission.id, Submission.state).order_by(Submission.id)):
        if last.get(row.id) != row.state:
            yield Finding("ekatalog_submission", row.id, "its log ends in another state")

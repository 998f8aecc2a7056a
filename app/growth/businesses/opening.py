"""Accounts for hundreds of families in one go: asked for once, opened a few at a time, with the cards on one paper.

Each step is one transaction: killed half-way, the next worker goes on with whoever still waits, and nobody is opened
twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, literal, select, update

from app.core import audit, jobs, keyring, papers, vault
from app.core.clock import now
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _, _l
from app.core.policy import Actor
from app.goods.fostering import cards
from app.growth.businesses import operations, policies, queries
from app.growth.businesses.models import AccountBatch, AccountTurn
from app.people.accounts.models import Account
from app.people.accounts.operations import KeyReused, lock_key
from app.people.accounts.queries import get_account
from app.people.families.models import Kpm
from app.people.files import operations as files
from app.people.files.models import PreparedFile
from app.people.files.operations import Made, builder

JOB, CARDS = "open-accounts", "seller-cards"
AT_ONCE = 25
ON_A_SHEET = 8
DRAWN_AT_ONCE = 5 * ON_A_SHEET
KEEP_CODES = timedelta(hours=24)
HOUR = 3600


class NobodyWaits(DomainError):
    """No family of this place wants to sell and has no shop."""

    text = _l("Tidak ada keluarga yang menunggu akun di sini.")


def ask(
    place: str, *, key: str, business_type_slug: str, wording_version: str, today: date, origin: str, by: Actor
) -> AccountBatch:
    """Note every family of a place that wants to sell and runs no shop, and let the worker begin.

    The same key again finds the batch.

    Raises:
        NobodyWaits: there is no such family.
        KeyReused: the key asked for something else, or for somebody else.
    """
    lock_key(f"account_batch:{key}")
    known = queries.find_batch_of(key)
    if known is not None:
        if (known.asked_by_id, known.place, known.business_type_slug) != (by.id, place, business_type_slug):
            raise KeyReused(known)
        return known
    batch = AccountBatch(
        key=key, region_code=by.region_code, place=place, business_type_slug=business_type_slug,
        wording_version=wording_version, started_on=today, asked_by_id=by.id, state="waiting",
    )  # fmt: skip
    db.session.add(batch)
    db.session.flush()
    chosen = select(literal(batch.id), Kpm.id, literal("waiting")).where(queries.wants(by, place)).order_by(Kpm.id)
    db.session.execute(insert(AccountTurn).from_select(["batch_id", "kpm_id", "state"], chosen))
    families = sum(queries.count_turns(batch.id).values())
    if not families:
        raise NobodyWaits(place)
    audit.record(by, "account_batch.asked", batch, families=families)
    _enqueue(batch.id, 0, origin)
    return batch


def _enqueue(batch_id: int, step: int, origin: str) -> None:
    jobs.enqueue(JOB, {"batch": batch_id, "step": step, "origin": origin}, key=f"{JOB}:{batch_id}:{step}")


@jobs.handler(JOB)
def go_on(payload: dict[str, Any]) -> None:
    """Open the accounts of the next few families; after the last of them order the cards."""
    batch = db.session.get(AccountBatch, int(payload["batch"]))
    if batch is None or batch.state != "waiting":
        return
    by, origin = get_account(batch.asked_by_id), str(payload["origin"])
    if not _may_still(batch, by):
        _end(batch, "stopped", by)
        return
    agreed = operations.terms(batch.business_type_slug, batch.wording_version, batch.started_on)
    turns = queries.list_turns(batch.id, "waiting", AT_ONCE)
    operations.queue_for(kpm for _turn, kpm in turns)
    for turn, kpm in turns:
        _take_turn(turn, kpm, agreed, by)
    if queries.list_turns(batch.id, "waiting", 1):
        _enqueue(batch.id, int(payload["step"]) + 1, origin)
        return
    _end(batch, "done", by)
    if queries.count_turns(batch.id).get("opened"):
        order_cards(batch, origin, by=by)


def _may_still(batch: AccountBatch, by: Account) -> bool:
    return by.state == "active" and policies.opens_accounts(by) and by.region_code == batch.region_code


def _take_turn(turn: AccountTurn, kpm: Kpm, agreed: operations.Terms, by: Account) -> None:
    try:
        with db.session.begin_nested():
            opened = operations.open_account(kpm, agreed, by=by)
    except DomainError:
        turn.state = "refused"
        return
    if isinstance(opened, str):
        turn.state = opened
        return
    shop, issued = opened
    turn.state, turn.shop_id = "opened", shop.id
    turn.card_sealed = vault.seal(issued.code, _place(turn)) if issued is not None else None


def _place(turn: AccountTurn) -> str:
    return f"account_turn:{turn.id}:card_sealed"


def _end(batch: AccountBatch, state: str, by: Actor) -> None:
    batch.state, batch.ended_at = state, now()
    audit.record(by, "account_batch.ended", batch, families=queries.count_turns(batch.id).get("opened", 0))


def order_cards(batch: AccountBatch, origin: str, *, by: Actor) -> PreparedFile:
    """Have the cards drawn whose codes are still known: whoever holds the paper holds ways in."""
    audit.record(by, "account_batch.cards_asked", batch)
    return files.ask(CARDS, _("Kartu masuk penjual"), {"batch": batch.id, "origin": origin}, by=by)


@builder(CARDS)
def draw_cards(facts: dict[str, Any]) -> Made:
    """Draw the cards of a batch, eight on a sheet and a few sheets at a time, however many there are."""
    drawn = (
        papers.draw(
            "growth/businesses/cards_pdf.html",
            "login-cards.css",
            cards=stack,
            site={"name": vault.settings().site_name},
        )
        for stack in _stacks(int(facts["batch"]), str(facts["origin"]))
    )
    stacks = -(-queries.count_carded(int(facts["batch"])) // DRAWN_AT_ONCE)
    return Made(papers.joined(files.counted(drawn, stacks)), "kartu-masuk.pdf", "application/pdf")


def _stacks(batch_id: int, origin: str) -> Iterator[list[dict[str, Any]]]:
    after = 0
    while turns := queries.list_carded(batch_id, after, DRAWN_AT_ONCE):
        after = turns[-1][0].id
        yield [
            {"shop": shop, **cards.shown(vault.unseal(turn.card_sealed or "", _place(turn)), origin)}
            for turn, shop in turns
        ]
        for drawn in {row for pair in turns for row in pair}:  # or the session would hold them all
            db.session.expunge(drawn)


@jobs.every(HOUR, "seller-cards")
def forget_codes() -> None:
    """Forget the codes of cards that were to be printed a day ago."""
    over = select(AccountBatch.id).where(AccountBatch.ended_at < now() - KEEP_CODES)
    old = update(AccountTurn).where(AccountTurn.card_sealed.is_not(None), AccountTurn.batch_id.in_(over))
    db.session.execute(old.values(card_sealed=None).execution_options(synchronize_session=False))


keyring.sealed(AccountTurn.card_sealed, _place)

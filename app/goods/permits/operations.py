"""Entering permits, and saying whether the paper shows what was typed."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import func, insert, select

from app.core import audit, keyring, scans
from app.core.clock import now
from app.core.db import advisory_lock, db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.pictures import Master
from app.core.policy import Actor
from app.core.vault import seal, unseal
from app.goods.permits import queries, rules
from app.goods.permits.models import PaperNeed, Permit
from app.goods.shops.models import Shop
from app.goods.shops.operations import Related
from app.goods.shops.queries import is_kin

LOCK = 7_310_000_000_001


DATA = Path(__file__).resolve().parents[2] / "data"


def load() -> int:
    """Store which papers each sector of business needs, when nothing is known yet; returns how many were added."""
    if db.session.scalar(select(func.count()).select_from(PaperNeed)):
        return 0
    with (DATA / "usaha/surat.csv").open(encoding="utf-8", newline="") as file:
        rows = [{"sector": row["sektor"], "kind": row["surat"]} for row in csv.DictReader(file)]
    db.session.execute(insert(PaperNeed), rows)
    return len(rows)


Follower = Callable[[int], None]
_followers: list[Follower] = []


def follows(run: Follower) -> Follower:
    """Register what an upper room does with a shop's id, in the same transaction, when its papers are judged."""
    if run not in _followers:
        _followers.append(run)
    return run


class NoScan(DomainError):
    """A number alone proves nothing."""

    status = 422
    text = _l("Foto suratnya dulu, ya.")


class OwnPaper(DomainError):
    """Nobody checks what they entered."""

    status = 403
    text = _l("Ini isian Anda sendiri. Petugas lain yang memeriksa.")


class AlreadyJudged(DomainError):
    """Another officer was quicker, or she has sent a newer one."""

    text = _l("Surat ini baru saja berubah. Periksa lagi yang sekarang.")


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on a paper; `number` is normalised."""

    kind: str
    number: str
    issued_on: date | None = None
    expires_on: date | None = None
    kbli_version: str | None = None
    kbli_code: str | None = None


def enter(shop: Shop, paper: Paper, scan: Master | None, *, by: Actor, on_behalf_of_id: int | None = None) -> Permit:
    """Put a paper in the place of the one before; without a new scan the last one is kept. Sent twice it is one.

    Raises:
        NoScan: there is no scan, old or new.
    """
    advisory_lock(LOCK)  # two phones that send the same paper
    before = queries.find_current(shop.id, paper.kind)
    digest = hashlib.sha256(scan.data).hexdigest() if scan else before.scan_sha256 if before else None
    if before is not None and _says(before, paper, digest, (by.id, on_behalf_of_id)):
        return before
    name = scans.keep(scan) if scan else before.scan if before else None
    if name is None:
        raise NoScan(paper.kind)
    if before is not None:
        before.replaced_at = now()
        db.session.flush()
    secret = rules.is_secret(paper.kind, paper.number)
    permit = Permit(
        shop_id=shop.id,
        kind=paper.kind,
        number=rules.masked(paper.number) if secret else paper.number,
        kbli_version=paper.kbli_version,
        kbli_code=paper.kbli_code,
        issued_on=paper.issued_on,
        expires_on=paper.expires_on,
        scan=name,
        scan_sha256=digest,
        entered_by_id=by.id,
        on_behalf_of_id=on_behalf_of_id,
    )
    db.session.add(permit)
    db.session.flush()
    if secret:
        permit.number_sealed = seal(paper.number, sealed_place(permit))
    audit.record(by, "permit.entered", permit, kind=paper.kind, on_behalf_of=on_behalf_of_id or 0)
    return permit


def _says(held: Permit, paper: Paper, digest: str | None, hands: tuple[int, int | None]) -> bool:
    """Tell whether this is what somebody sends again; what was turned down may be sent anew as it was."""
    if held.state == "rejected" or (held.scan_sha256, held.entered_by_id, held.on_behalf_of_id) != (digest, *hands):
        return False
    number = unseal(held.number_sealed, sealed_place(held)) if held.number_sealed else held.number
    return paper == Paper(
        held.kind, number, held.issued_on, held.expires_on, held.kbli_version or None, held.kbli_code or None
    )


def sealed_place(permit: Permit) -> str:
    """Return what a sealed number is bound to."""
    return f"permit:{permit.id}:number"


def verify(permit: Permit, *, by: Actor) -> None:
    """Say that the paper shows what was typed."""
    _judge(permit, "verified", "", by)


def reject(permit: Permit, note: str, *, by: Actor) -> None:
    """Say that it does not, and why."""
    _judge(permit, "rejected", note, by)


def answer(permit: Permit, state: str, note: str, *, seen: str, by: Actor) -> None:
    """Judge a paper as it was seen: `state` is verified or rejected, `seen` the state that the officer looked at.

    Raises:
        AlreadyJudged: it is another by now, or a newer paper has taken its place.
        OwnPaper: nobody checks what they entered.
    """
    queries.lock(permit)
    if permit.state != seen or permit.replaced_at is not None:
        raise AlreadyJudged(permit)
    _judge(permit, state, note, by)


def _judge(permit: Permit, state: str, note: str, by: Actor) -> None:
    if by.id in {permit.entered_by_id, permit.on_behalf_of_id, permit.shop.owner_id}:
        raise OwnPaper(permit)
    if is_kin(by.id, permit.shop_id):
        raise Related(permit)
    if (permit.state, permit.note) == (state, note):
        return
    permit.state, permit.note = state, note
    permit.verified_by_id, permit.verified_at = by.id, now()
    db.session.flush()
    for run in _followers:  # before the audit entry: whoever holds that waits for nobody
        run(permit.shop_id)
    audit.record(by, f"permit.{state}", permit, kind=permit.kind)


def note_look(permit: Permit, *, by: Actor) -> None:
    """Write down that somebody looks at a paper that is not her own."""
    if by.role != "seller":
        audit.record(by, "permit.read", permit, kind=permit.kind)


keyring.sealed(Permit.number_sealed, sealed_place)

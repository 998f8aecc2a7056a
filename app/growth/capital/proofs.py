"""The papers of aid: the signed handover and the receipts, kept as pictures, turned when they lie upside down."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from app.core import audit, personal, scans
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.policy import Actor
from app.growth.capital import queries
from app.growth.capital.models import AidGrant, UseReceipt
from app.growth.capital.operations import AlreadyReported, lock
from app.kit.rupiah import Rupiah
from app.people.accounts.operations import KeyReused, lock_key


class NoBast(DomainError):
    """A scan belongs to a record."""

    text = _l("Catat dulu serah terimanya.")


def keep_scan(given: AidGrant, scan: str, *, by: Actor) -> None:
    """Keep the signed paper; a better one takes its place, the log remembers both.

    Raises:
        NoBast: nothing was handed over yet.
    """
    lock(AidGrant, given.id)
    record = queries.find_bast(given.id)
    if record is None:
        raise NoBast(given)
    before, record.scan = record.scan, scan
    personal.forget_files(private=[before] if before else [])
    db.session.flush()
    audit.record(by, "aid.bast_scanned", record, replaced=before is not None)


def turn_scan(given: AidGrant, *, by: Actor) -> None:
    """Turn the signed paper by a quarter to the right.

    Raises:
        NoBast: there is no scan.
    """
    lock(AidGrant, given.id)
    record = queries.find_bast(given.id)
    if record is None or record.scan is None:
        raise NoBast(given)
    record.scan = _turned(record.scan)
    db.session.flush()
    audit.record(by, "aid.bast_turned", record)


def turn_receipt(receipt: UseReceipt, *, by: Actor) -> None:
    """Turn the photo of a receipt by a quarter to the right; what it says stays."""
    lock(UseReceipt, receipt.id)
    db.session.refresh(receipt)
    receipt.photo = _turned(receipt.photo)
    db.session.flush()
    audit.record(by, "aid.receipt_turned", receipt)


def _turned(name: str) -> str:
    personal.forget_files(private=[name])
    return scans.turn(name)


def add_receipt(
    given: AidGrant, *, key: str, what: str, amount: Rupiah, bought_on: date, photo: str, by: Actor
) -> UseReceipt:
    """Keep a receipt; the same key again finds it.

    Raises:
        AlreadyReported: the report is closed.
        KeyReused: the key came before with other contents, or for other aid.
    """
    lock_key(f"receipt:{key}")
    lock(AidGrant, given.id)
    made = db.session.scalar(select(UseReceipt).where(UseReceipt.key == key))
    if made is not None:
        if (made.grant_id, made.what, made.amount, made.bought_on) != (given.id, what, amount, bought_on):
            raise KeyReused(made)
        return made
    if queries.find_report(given.id) is not None:
        raise AlreadyReported(given)
    receipt = UseReceipt(
        key=key, grant_id=given.id, what=what, amount=amount, bought_on=bought_on, photo=photo, entered_by_id=by.id
    )
    db.session.add(receipt)
    db.session.flush()
    audit.record(by, "aid.receipt_kept", receipt, grant=given.id)
    return receipt

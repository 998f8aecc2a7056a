"""Graduations: recorded by one person with the letter's facts, signed, scanned, acknowledged by another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select, update

from app.core import audit, personal, scans
from app.core.clock import today
from app.core.db import db
from app.core.errors import DomainError, StaleVersion
from app.core.i18n import _l
from app.core.policy import Actor
from app.growth.graduation import operations
from app.growth.graduation.models import Graduation
from app.growth.graduation.operations import SamePerson, lock, say
from app.people.families.models import Kpm
from app.people.places.queries import settings_of


class NoScan(DomainError):
    """A graduation is confirmed with the signed letter, or not at all."""

    text = _l("Unggah dulu foto surat yang sudah ditandatangani.")


class NotYetStated(DomainError):
    """The statement bears a day to come."""

    status = 400
    text = _l("Tanggal pernyataan tidak boleh setelah hari ini.")


class AlreadyConfirmed(DomainError):
    """Nothing changes on a confirmed graduation."""

    text = _l("Graduasi ini sudah disahkan.")


class AlreadyStated(DomainError):
    """Another one waits to be confirmed."""

    text = _l("Keluarga ini sudah punya pernyataan yang belum disahkan.")


def state(
    kpm: Kpm, kind: str, stated_on: date, letter: Mapping[str, str], *, key: str, number: str = "", by: Actor
) -> Graduation:
    """Write down that a family leaves its programme; a second tap finds the first.

    Raises:
        NotYetStated: the day is to come.
        AlreadyStated: another statement of this family waits.
    """
    if stated_on > today(settings_of(kpm.regency_code).zone):
        raise NotYetStated(stated_on)
    lock(kpm.id)
    known = db.session.scalar(select(Graduation).where(Graduation.creation_key == key))
    if known is not None:
        return known
    waits = select(Graduation.id).where(Graduation.kpm_id == kpm.id, Graduation.confirmed_on.is_(None)).limit(1)
    if db.session.scalar(waits) is not None:
        raise AlreadyStated(kpm)
    made = Graduation(
        creation_key=key, kpm_id=kpm.id, regency_code=kpm.regency_code, kecamatan_code=kpm.kecamatan_code, kind=kind,
        stated_on=stated_on, letter_number=number, recorded_by_id=by.id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    say(kpm.id, f"graduation:{made.id}:letter", json.dumps(dict(letter)))
    audit.record(by, "graduation.stated", made, kpm=kpm.id, kind=kind)
    return made


def add_scan(graduation: Graduation, name: str, *, by: Actor) -> None:
    """Keep the name of the scan of the signed letter; a newer one takes its place until it is confirmed.

    Raises:
        AlreadyConfirmed: somebody acknowledged it meanwhile.
    """
    _replace_scan(graduation, scan=name, scanned_by_id=by.id, version=Graduation.version + 1)
    audit.record(by, "graduation.scanned", graduation, kpm=graduation.kpm_id)


def turn_scan(graduation: Graduation, *, by: Actor) -> None:
    """Turn the scan by a quarter to the right; it stays whose scan it is.

    Raises:
        NoScan: there is none.
        AlreadyConfirmed: somebody acknowledged it meanwhile.
    """
    if graduation.scan is None:
        raise NoScan(graduation)
    _replace_scan(graduation, scan=scans.turn(graduation.scan))
    audit.record(by, "graduation.scan_turned", graduation, kpm=graduation.kpm_id)


def _replace_scan(graduation: Graduation, **values: Any) -> None:
    before = graduation.scan
    query = update(Graduation).where(Graduation.id == graduation.id, Graduation.confirmed_on.is_(None))
    if db.session.scalar(query.values(**values).returning(Graduation.id)) is None:
        raise AlreadyConfirmed(graduation)
    db.session.refresh(graduation)
    personal.forget_files(private=[before] if before else [])


def confirm(graduation: Graduation, *, version: int, by: Actor) -> None:
    """Acknowledge a graduation by name; the family is followed from now on.

    Raises:
        SamePerson: who recorded it acknowledges nothing.
        NoScan: no signed letter was scanned.
        StaleVersion: it changed since the page was opened, a newer scan for example.
    """
    if by.id == graduation.recorded_by_id:
        raise SamePerson(graduation)
    if graduation.confirmed_on is not None:
        raise AlreadyConfirmed(graduation)
    if graduation.scan is None:
        raise NoScan(graduation)
    values = {
        "acknowledged_by_id": by.id,
        "confirmed_on": today(settings_of(graduation.regency_code).zone),
        "version": version + 1,
    }
    query = update(Graduation).where(
        Graduation.id == graduation.id, Graduation.version == version, Graduation.confirmed_on.is_(None)
    )
    if db.session.scalar(query.values(**values).returning(Graduation.id)) is None:
        raise StaleVersion(graduation)
    db.session.refresh(graduation)
    audit.record(by, "graduation.confirmed", graduation, kpm=graduation.kpm_id, kind=graduation.kind)
    operations.open_case(db.session.get_one(Kpm, graduation.kpm_id), by=by)

"""A list of families from file to register: staged sealed, judged line by line, confirmed whole or not at all.

A list is read, judged and taken in parts, so that its length costs time and no memory.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert, select, update

from app.core import audit, keyring, vault
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.jobs import every
from app.core.policy import Actor
from app.kit.rupiah import Rupiah
from app.people.accounts.operations import lock_key
from app.people.families import operations, queries
from app.people.families.judging import AT_ONCE, Atlas, Known, enrolled_as, find_places, judge, load_known, stay, told
from app.people.families.lists import Entry
from app.people.families.models import DesilRecord, Enrollment, ImportBatch, ImportRow, Kpm, KpmIdentity
from app.people.families.operations import Facts
from app.people.families.reading import read_list
from app.people.places import queries as places

KEEP = timedelta(hours=24)
HOUR = 3600
DAYS = ("started_on", "ended_on", "desil_as_of")
OUTCOMES = ("new", "changed", "same", "bad")


class HasBadRows(DomainError):
    """All or nothing: a list with a bad line is not taken."""

    text = _l("Masih ada baris yang salah. Perbaiki filenya, lalu unggah lagi; belum ada yang tersimpan.")


class NoLonger(DomainError):
    """The list was dropped, has expired, or says something else than when it was looked at."""

    text = _l("Daftar ini sudah tidak berlaku. Unggah lagi filenya.")


def stage(data: bytes, *, regency: str, by: Actor) -> ImportBatch:
    """Read a file, judge every line, and keep it sealed until it is confirmed or a day has passed.

    Raises:
        NotATable, TooManyRows, Bloated, NoHeads, MissingHeads, NothingToRead: it is no list that can be taken.
    """
    entries = read_list(data, today(places.settings_of(regency).zone))
    batch = ImportBatch(
        regency_code=regency, sha256=hashlib.sha256(data).hexdigest(), uploaded_by_id=by.id, expires_at=now() + KEEP,
        counts={},
    )  # fmt: skip
    db.session.add(batch)
    db.session.flush()
    counts, atlas = Counter(dict.fromkeys((*OUTCOMES, "rows", "warned"), 0)), Atlas(regency)
    for part in _parts(entries):
        find_places(part, atlas, by)
        outcomes = judge(part, load_known(part), by)
        counts.update(outcomes)
        counts["rows"] += len(part)
        counts["warned"] += sum(bool(entry.warnings and not entry.problems) for entry in part)
        db.session.execute(insert(ImportRow), [
            {
                "batch_id": batch.id, "line": entry.line, "outcome": outcome, "problems": entry.problems,
                "warnings": entry.warnings, "content_sealed": seal(batch.id, entry),
            }
            for entry, outcome in zip(part, outcomes, strict=True)
        ])  # fmt: skip
    batch.counts = dict(counts)
    audit.record(by, "kpm.list_uploaded", batch, **batch.counts)
    return batch


def _parts(several: Iterator[Entry]) -> Iterator[list[Entry]]:
    """Take a list in parts: what a part needs is let go before the next is read."""
    while part := list(islice(several, AT_ONCE)):
        yield part


def confirm(batch: ImportBatch, *, by: Actor) -> ImportBatch:
    """Take a whole list into the register; the same list confirmed twice is taken once.

    Raises:
        HasBadRows: a line is wrong, perhaps only since it was looked at.
        NoLonger: it was dropped or has expired.
    """
    lock_key(operations.LOCK)
    db.session.refresh(batch, with_for_update=True)
    if batch.state == "confirmed":
        return batch
    if not is_open(batch):
        raise NoLonger(batch)
    if batch.counts["bad"]:
        raise HasBadRows(batch)
    counts = Counter(dict.fromkeys(OUTCOMES, 0))
    for part in _parts(_unsealed(batch)):
        known = load_known(part)
        outcomes = judge(part, known, by)
        if "bad" in outcomes:
            raise HasBadRows(batch)  # and the parts before it are taken back with it
        _add([entry for entry, each in zip(part, outcomes, strict=True) if each == "new"], batch, by)
        for entry, each in zip(part, outcomes, strict=True):
            if each == "changed":
                _change(entry, known, batch)
        db.session.flush()
        counts.update(outcomes)
    batch.state, batch.answered_at = "confirmed", now()
    batch.counts = batch.counts | {each: counts[each] for each in ("new", "changed", "same")}
    forget_rows([batch.id])
    audit.record(by, "kpm.list_taken", batch, **batch.counts)
    return batch


def _unsealed(batch: ImportBatch) -> Iterator[Entry]:
    """Yield the lines of a list as they were read, so many rows at a time."""
    after = 0
    while rows := list_rows(batch, after, AT_ONCE):
        yield from map(unseal, rows)
        after = rows[-1].line


def _add(entries: Sequence[Entry], batch: ImportBatch, by: Actor) -> None:
    """Write new families, all rows of a kind in a few statements."""
    if not entries:
        return
    every = [told(entry, Facts(nik=entry.said["nik"], **_NOTHING)) for entry in entries]
    names = queries.draw_pseudonyms(len(entries))
    rows = [
        operations.placed(facts) | {"pseudonym": name, "created_by_id": by.id}
        for name, facts in zip(names, every, strict=True)
    ]
    made = db.session.execute(insert(Kpm).returning(Kpm.pseudonym, Kpm.id), rows)
    ids = {row.pseudonym: row.id for row in made}
    session = db.session
    session.execute(insert(KpmIdentity), [
        operations.sealed(ids[name], facts) | {"kpm_id": ids[name]} for name, facts in zip(names, every, strict=True)
    ])  # fmt: skip
    said = [(ids[name], entry.said) for name, entry in zip(names, entries, strict=True)]
    times = [{"kpm_id": number} | _time(each, batch) for number, each in said if "program" in each]
    desil = [
        {"kpm_id": number, "desil": each["desil"], "as_of": each["desil_as_of"]}
        for number, each in said
        if "desil" in each
    ]
    for table, several in ((Enrollment, times), (DesilRecord, desil)):
        if several:
            session.execute(insert(table), several)


def _time(said: dict[str, Any], batch: ImportBatch) -> dict[str, Any]:
    """Return a time in a programme as a new row."""
    row = dict.fromkeys(("ended_on", "exit_kind", "exit_date", "monthly_aid"))
    begun = {"program": said["program"], "started_on": said["started_on"], "source": f"list:{batch.id}"}
    return row | begun | stay(said)


_NOTHING: dict[str, Any] = {"kk": None, "name": "", "phone": None, "address": "", "desa_code": "", "size": 1}


def _change(entry: Entry, known: Known, batch: ImportBatch) -> None:
    kpm = known.by_nik[queries.nik_blind(entry.said["nik"])]
    identity = kpm.identity
    if identity is None:
        raise NoLonger(batch)
    before = operations.facts_of(kpm, identity)
    after = told(entry, before)
    if after != before:
        operations.place(kpm, after)
        operations.seal(identity, after)
        kpm.version += 1
    noted = known.desil.get((kpm.id, entry.said["desil_as_of"])) if "desil" in entry.said else None
    _follow(entry, kpm, known.enrolled.get(kpm.id, []), noted, batch)


def _follow(
    entry: Entry, kpm: Kpm, enrolled: Sequence[Enrollment], noted: DesilRecord | None, batch: ImportBatch
) -> None:
    """Write the time in a programme and the decile that a line names."""
    said = entry.said
    if "program" in said:
        row = enrolled_as(entry, enrolled)
        if row is None:
            row = Enrollment(kpm_id=kpm.id, program=said["program"], started_on=said["started_on"])
            row.source = f"list:{batch.id}"
        elif any(getattr(row, name) != value for name, value in stay(said).items()):
            row.version += 1
        for name, value in stay(said).items():
            setattr(row, name, value)
        db.session.add(row)
    if "desil" in said:
        noted = noted or DesilRecord(kpm_id=kpm.id, as_of=said["desil_as_of"])
        noted.desil = said["desil"]
        db.session.add(noted)


def is_open(batch: ImportBatch) -> bool:
    """Tell whether a list still waits for its answer, whatever a job did."""
    return batch.state == "staged" and batch.expires_at > now()


def drop(batch: ImportBatch, *, by: Actor) -> None:
    """Let a list go without taking anything of it."""
    dropped = (
        update(ImportBatch)
        .where(ImportBatch.id == batch.id, ImportBatch.state == "staged")
        .values(state="dropped", answered_at=now())
        .returning(ImportBatch.id)
    )
    if db.session.scalar(dropped) is not None:
        forget_rows([batch.id])
        audit.record(by, "kpm.list_dropped", batch)


@every(HOUR, "family-lists")
def sweep() -> None:
    """Forget the lines of lists that nobody confirmed within a day."""
    late = (ImportBatch.state == "staged", ImportBatch.expires_at <= now())
    numbers = list(db.session.scalars(select(ImportBatch.id).where(*late).limit(AT_ONCE)))
    db.session.execute(update(ImportBatch).where(ImportBatch.id.in_(numbers)).values(state="expired"))
    forget_rows(numbers)


def forget_rows(batch_ids: Sequence[int]) -> None:
    """Remove the sealed lines of some lists."""
    db.session.execute(delete(ImportRow).where(ImportRow.batch_id.in_(batch_ids)))


def list_rows(batch: ImportBatch, after: int = 0, most: int | None = None) -> list[ImportRow]:
    """Return the lines of a list in their order, all of them or so many after one."""
    query = select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.line > after)
    return list(db.session.scalars(query.order_by(ImportRow.line).limit(most)))


def seal(batch_id: int, entry: Entry) -> str:
    """Return what a line says, sealed to its place in its list."""
    said = {name: _plain(value) for name, value in entry.said.items()}
    return vault.seal(json.dumps(said, ensure_ascii=False), _place(batch_id, entry.line))


def unseal(row: ImportRow) -> Entry:
    """Return a line as it was read."""
    said = json.loads(vault.unseal(row.content_sealed, _place(row.batch_id, row.line)))
    said |= {name: date.fromisoformat(said[name]) for name in DAYS if name in said}
    if "monthly_aid" in said:
        said["monthly_aid"] = Rupiah(said["monthly_aid"])
    return Entry(row.line, said)


def _plain(value: object) -> object:
    if isinstance(value, Rupiah):
        return value.amount
    return value.isoformat() if isinstance(value, date) else value


def _place(batch_id: int, line: int) -> str:
    return f"import_row:{batch_id}:{line}:content"


keyring.sealed(ImportRow.content_sealed, lambda row: _place(row.batch_id, row.line))

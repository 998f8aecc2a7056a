"""What a list of families means beside the register: each line new, changed, same or bad."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app.core.db import db
from app.core.policy import Actor
from app.kit import nik
from app.people.families import operations, queries, rules
from app.people.families.cells import plain
from app.people.families.lists import Entry
from app.people.families.models import DesilRecord, Enrollment, Kpm, KpmIdentity
from app.people.families.operations import Facts
from app.people.places import queries as places
from app.people.places.rules import within

AT_ONCE = 500
FIELDS = ("name", "phone", "address", "size", "head_sex", "wants_to_sell", "makes")


@dataclass
class Known:
    """What the register holds of the numbers in a list, by their blind indexes."""

    by_nik: dict[str, Kpm] = field(default_factory=dict)
    by_kk: dict[str, int] = field(default_factory=dict)
    enrolled: dict[int, list[Enrollment]] = field(default_factory=dict)
    desil: dict[tuple[int, date], DesilRecord] = field(default_factory=dict)


def find_places(entries: Sequence[Entry], atlas: Atlas, by: Actor) -> None:
    """Turn names of desa into codes; what lies outside, is unknown or fits twice is named."""
    for entry in entries:
        if "desa" in entry.said:
            found = atlas.find(entry.said["desa"], entry.said.get("kecamatan", ""))
            if found in {"unknown", "two"}:
                entry.problems.append(("desa", found))
            elif not within(found, by.region_code):
                entry.problems.append(("desa", "outside"))
            else:
                entry.said["desa_code"] = found
        if "nik" in entry.said and not atlas.knows(nik.region_of(entry.said["nik"])):
            entry.warnings.append(("nik", "region"))


class Atlas:
    """The desa of a kabupaten by the names people write, and the kecamatan that the register knows."""

    def __init__(self, regency: str) -> None:
        """Read the places once for a whole list."""
        self.desa: dict[str, list[str]] = {}
        for each in places.list_desa(regency):
            self.desa.setdefault(_folded(each.name), []).append(each.code)
        self.kecamatan = {_folded(each.name): each.code for each in places.list_children(regency)}
        self.kecamatan |= {
            _folded(alias): code for alias, code in places.list_aliases().items() if within(code, regency)
        }
        self.known: dict[str, bool] = {}
        self.dotted: dict[str, str] = {}

    def find(self, desa: str, kecamatan: str) -> str:
        """Return the code of a desa, or `unknown`, or `two` when the name alone does not tell."""
        dotted = _dotted(desa)
        if dotted is not None:
            if dotted not in self.dotted:
                region = places.find_region(dotted)
                self.dotted[dotted] = dotted if region is not None and region.level == "desa" else "unknown"
            return self.dotted[dotted]
        found_codes = self.desa.get(_folded(desa), [])
        if kecamatan:
            around = self.kecamatan.get(_folded(kecamatan), "-")
            found_codes = [code for code in found_codes if within(code, around)]
        return found_codes[0] if len(found_codes) == 1 else "two" if found_codes else "unknown"

    def knows(self, kecamatan: str) -> bool:
        """Tell whether a NIK's region is one of today."""
        if kecamatan not in self.known:
            self.known[kecamatan] = places.is_numbered(kecamatan)
        return self.known[kecamatan]


def _folded(name: str) -> str:
    words = [word for word in plain(name).split() if word not in {"desa", "kelurahan", "kel", "kec", "kecamatan"}]
    return "".join(words)


def _dotted(code: str) -> str | None:
    found = "".join(sign for sign in code if sign not in ". ")
    if not (found.isascii() and found.isdigit() and len(found) == 10):
        return None
    return ".".join((found[:2], found[2:4], found[4:6], found[6:]))


def load_known(entries: Sequence[Entry]) -> Known:
    """Load what the register holds of the numbers in a list, a few questions for all of it."""
    known = Known()
    niks = [queries.nik_blind(entry.said["nik"]) for entry in entries if "nik" in entry.said]
    kks = [queries.kk_blind(entry.said["kk"]) for entry in entries if "kk" in entry.said]
    for part in _parts(niks):
        joined = select(Kpm).join(Kpm.identity).options(contains_eager(Kpm.identity))
        for kpm in db.session.scalars(joined.where(KpmIdentity.nik_blind.in_(part))):
            if kpm.identity is not None:
                known.by_nik[kpm.identity.nik_blind] = kpm
    for part in _parts(kks):
        found = db.session.execute(
            select(KpmIdentity.kk_blind, KpmIdentity.kpm_id).where(KpmIdentity.kk_blind.in_(part))
        )
        known.by_kk |= {row.kk_blind: row.kpm_id for row in found}
    for some in _parts([kpm.id for kpm in known.by_nik.values()]):
        known.enrolled |= queries.enrollments_of(some)
        for row in db.session.scalars(select(DesilRecord).where(DesilRecord.kpm_id.in_(some))):
            known.desil[row.kpm_id, row.as_of] = row
    return known


def _parts(values: list[Any]) -> Iterator[list[Any]]:
    return (values[at : at + AT_ONCE] for at in range(0, len(values), AT_ONCE))


def judge(entries: Sequence[Entry], known: Known, by: Actor) -> list[str]:
    """Compare each line with the register: new, changed, same or bad."""
    return ["bad" if entry.problems else _outcome(entry, known, by) for entry in entries]


def _outcome(entry: Entry, known: Known, by: Actor) -> str:
    kpm = known.by_nik.get(queries.nik_blind(entry.said["nik"]))
    if kpm is not None and not within(kpm.desa_code, by.region_code):
        entry.problems.append(("nik", "elsewhere"))
    if "kk" in entry.said and known.by_kk.get(queries.kk_blind(entry.said["kk"])) not in {None, kpm and kpm.id}:
        entry.problems.append(("kk", "taken"))
    if kpm is not None and not _fits(entry, known.enrolled.get(kpm.id, [])):
        entry.problems.append(("started_on", "overlap"))
    if entry.problems:
        return "bad"
    if kpm is None:
        return "new"
    return "changed" if _changes(entry, kpm, known) else "same"


def _fits(entry: Entry, enrolled: Sequence[Enrollment]) -> bool:
    said = entry.said
    same = [each for each in enrolled if each.program == said.get("program")]
    others = [(each.started_on, each.ended_on) for each in same if each.started_on != said["started_on"]]
    return not same or rules.free((said["started_on"], said.get("ended_on")), others)


def _changes(entry: Entry, kpm: Kpm, known: Known) -> bool:
    identity = kpm.identity
    if identity is None or operations.changes(kpm, identity, told(entry, operations.facts_of(kpm, identity))):
        return True
    said = entry.said
    if "program" in said:
        row = enrolled_as(entry, known.enrolled.get(kpm.id, []))
        if row is None or any(getattr(row, name) != value for name, value in stay(said).items()):
            return True
    if "desil" in said:
        noted = known.desil.get((kpm.id, said["desil_as_of"]))
        return noted is None or noted.desil != said["desil"]
    return False


def told(entry: Entry, before: Facts) -> Facts:
    """Return what is known after this line; what it does not say stays."""
    said = {name: entry.said[name] for name in (*FIELDS, "kk", "desa_code") if name in entry.said}
    return replace(before, **said)


def stay(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a line says of a time in a programme, besides when it began."""
    found = {name: said[name] for name in ("ended_on", "exit_kind", "monthly_aid") if name in said}
    return found | ({"exit_date": said["ended_on"]} if "exit_kind" in said else {})


def enrolled_as(entry: Entry, enrolled: Sequence[Enrollment]) -> Enrollment | None:
    wanted = (entry.said.get("program"), entry.said.get("started_on"))
    return next((each for each in enrolled if (each.program, each.started_on) == wanted), None)

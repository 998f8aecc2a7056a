"""Sums over the families of a region: where their cases stand, who graduated, who was helped. Never which family."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Date, and_, case, cast, exists, func, literal, null, or_, select, union_all

from app.core.db import db
from app.growth.businesses.models import Business
from app.growth.capital.models import AidGrant, UseReport
from app.growth.graduation.models import Graduation
from app.growth.graduation.pasts import count_at
from app.growth.graduation.rules import STATUSES
from app.kit import masking
from app.kit.masking import hidden_table
from app.kit.periods import zone_named
from app.office.insights import rules
from app.office.insights.rules import Figure, Overview, Row, Value
from app.people.families.models import FamilyConsent, Kpm
from app.people.families.queries import holds
from app.people.places.queries import inside

NO_CASE = "none"


def standing(seen: Overview) -> tuple[tuple[Row, ...], list[Figure]]:
    """Return the families of the register by where their case stood at the end of each month, and those who sell.

    Each end is a table of its own, closed for itself.
    """
    registered, parts = _registered(seen)
    tables = []
    for everybody, cases in zip(registered, count_at(seen.region_code, seen.moments, zone=seen.zone), strict=True):
        counts = dict.fromkeys((NO_CASE, *STATUSES), 0) | cases
        counts[NO_CASE] = everybody - cases.total()
        tables.append(masking.shown_table(counts))
    now, before, year_ago = (None if masking.too_few(everybody) else everybody for everybody in registered)
    figures = [Figure("FAMILIES", now, before, year_ago)]
    for name, part in parts.items():
        # Who is not among them is a group as well: both sides are many, or neither is told.
        sides = masking.shown_table({"in": part, "out": registered[0] - part})
        figures.append(Figure(name, sides["in"], span="today"))
    ends, last, year = tables
    rows = (Row(status, ends[status], last[status], year[status]) for status in (NO_CASE, *STATUSES))
    return tuple(row for row in rows if {row.now, row.before, row.year_ago} != {0}), figures


def _registered(seen: Overview) -> tuple[list[int], dict[str, int]]:
    """Return how many families were registered at each moment, and how many are watched and sell at the first."""
    moment = seen.moments[0]
    day = zone_named(seen.zone).day(moment - timedelta(microseconds=1))
    known = [Kpm.created_at <= each for each in seen.moments]
    watched = exists().where(FamilyConsent.kpm_id == Kpm.id, holds("graduation_monitoring", moment, day))
    running = or_(Business.ended_on.is_(None), Business.ended_on > day)
    selling = exists().where(Business.kpm_id == Kpm.id, Business.started_on <= day, running)
    query = select(
        *(func.count(case((part, 1))) for part in (*known, and_(known[0], watched), and_(known[0], selling)))
    )
    here = (inside(Kpm.regency_code, [seen.region_code]), Kpm.state == "active")
    *registered, consents, sells = db.session.execute(query.select_from(Kpm).where(*here)).one()
    return registered, {"CONSENT": consents, "SELLING_FAMILIES": sells}


@dataclass(frozen=True, slots=True)
class Step:
    """A graduation, or aid: then with its kind of business, and the day of the report on its use."""

    kpm_id: int
    area: str
    day: date
    kind: str
    reported_on: date | None


def list_steps(seen: Overview) -> list[Step]:
    """Return the graduations and the aid of the year of the month and the one before, and aid reported on in them."""
    years, province = _two_years(seen), "." not in seen.region_code
    graduated_in, aided_in = (each.regency_code if province else each.kecamatan_code for each in (Graduation, AidGrant))
    left = select(Graduation.kpm_id, graduated_in, Graduation.stated_on, literal(""), cast(null(), Date)).where(
        inside(Graduation.regency_code, [seen.region_code]),
        Graduation.confirmed_on.is_not(None),
        Graduation.stated_on.between(*years),
    )
    helped = (
        select(AidGrant.kpm_id, aided_in, AidGrant.granted_on, AidGrant.business_type_slug, UseReport.reported_on)
        .outerjoin(UseReport, UseReport.grant_id == AidGrant.id)
        .where(inside(AidGrant.regency_code, [seen.region_code]))
        .where(or_(AidGrant.granted_on.between(*years), UseReport.reported_on.between(*years)))
    )
    return [Step(*row) for row in db.session.execute(union_all(left, helped))]


def graduations(seen: Overview, steps: Iterable[Step]) -> tuple[tuple[Row, ...], Figure]:
    """Return the families that graduated by area for the year of the month and the one before, and by month.

    Both years are told as they stand today, whatever month is asked for: sums up to one month and up to the next would
    give the families between them away.
    """
    rows, by_month = _years(seen, [(each.kpm_id, each.area, each.day) for each in steps if not each.kind])
    return rows, seen.figure("GRADUATIONS", by_month, 0)


def grants(seen: Overview, steps: Iterable[Step]) -> tuple[tuple[Row, ...], tuple[Figure, ...]]:
    """Return the families that received UEP, told like graduations; the kinds of business; who accounted for it."""
    aid = [each for each in steps if each.kind]
    rows, by_month = _years(seen, [(each.kpm_id, each.area, each.day) for each in aid])
    _areas, reports = _years(seen, [(each.kpm_id, each.area, each.reported_on) for each in aid if each.reported_on])
    kinds, shares = [], []
    for year in (seen.month.year, seen.month.year - 1):
        granted = [each for each in aid if each.day.year == year]
        kinds.append(len({each.kind for each in granted}))
        in_months = {each.kpm_id for each in aid if each.reported_on and each.reported_on.year == year}
        accounted = {each.kpm_id for each in granted if each.reported_on}
        shares.append(_reported(accounted, {each.kpm_id for each in granted}, in_months))
    reported = Figure("REPORTED", shares[0], year_ago=shares[1], span="year")
    types = Figure("GRANT_TYPES", kinds[0], year_ago=kinds[1], span="year")
    return rows, (seen.figure("GRANTS", by_month, 0), types, seen.figure("REPORTS", reports, 0), reported)


def _reported(reported: set[int], everybody: set[int], in_months: set[int]) -> Value:
    """Return the share of families that accounted for their aid, in percent; the rest must be many as well.

    The months of the same year tell who reported in it, about whatever aid: that difference too is many, or nobody.
    """
    sides = {"in": len(reported), "out": len(everybody - reported)}
    differ = (len(reported - in_months), len(in_months - reported))
    if hidden_table(sides) or any(masking.too_few(count) for count in differ):
        return None
    return rules.percent(len(reported), len(everybody)) or 0


def _two_years(seen: Overview) -> tuple[date, date]:
    return date(seen.month.year - 1, 1, 1), date(seen.month.year, 12, 31)


def _years(seen: Overview, found: Iterable[tuple[int, str, date]]) -> tuple[tuple[Row, ...], dict[date, Value]]:
    """Return what happened to families (family, area, day) by area for both years, and by month."""
    first, last = (day.year for day in _two_years(seen))
    areas: dict[int, dict[str, set[int]]] = {first: {}, last: {}}
    months: dict[int, dict[str, set[int]]] = {first: {}, last: {}}
    for family, code, day in found:
        if day.year not in areas:
            continue  # aid of another year that was reported on in one of these, or the other way round
        for table, key in ((areas, code), (months, day.replace(day=1).isoformat())):
            table[day.year].setdefault(key, set()).add(family)
    shown_areas = _shown(areas, dict.fromkeys(areas, seen.area_names))
    shown_months = _shown(
        months, {year: [date(year, month, 1).isoformat() for month in range(1, 13)] for year in months}
    )
    told = {code for table in shown_areas.values() for code, count in table.items() if count != 0}
    codes = sorted(told, key=lambda code: seen.area_names.get(code, ""))
    rows = tuple(Row(code, shown_areas[last].get(code, 0), year_ago=shown_areas[first].get(code, 0)) for code in codes)
    by_month: dict[date, Value] = {
        date.fromisoformat(key): value for table in shown_months.values() for key, value in table.items()
    }
    return rows, by_month


def _shown(
    tables: Mapping[int, Mapping[str, set[int]]], cells: Mapping[int, Iterable[str]]
) -> dict[int, dict[str, int | None]]:
    """Return how many families stand in each cell of each table, what must be hidden hidden."""
    return {
        year: masking.shown_table({key: len(found) for key, found in table.items()}, cells[year])
        for year, table in tables.items()
    }

"""Sums over the families of a region: where their cases stand, who graduated, who was helped. Never which family."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import case, exists, func, literal, select

from app.core.db import db
from app.growth.businesses.models import Business
from app.growth.capital.models import AidGrant, UseReport
from app.growth.graduation.models import Graduation, GrowthCase
from app.growth.graduation.rules import STATUSES, by_consent
from app.kit import masking
from app.kit.masking import hidden_table
from app.office.insights import rules
from app.office.insights.rules import Figure, Overview, Row, Value
from app.people.families.models import FamilyConsent, Kpm
from app.people.families.queries import holds
from app.people.places.queries import inside

NO_CASE = "none"


def standing(seen: Overview) -> tuple[tuple[Row, ...], list[Figure]]:
    """Return the families of the register by where their case stands, and those watched and those who sell."""
    watched = exists().where(FamilyConsent.kpm_id == Kpm.id, holds("graduation_monitoring", seen.computed_at, seen.day))
    selling = exists().where(Business.kpm_id == Kpm.id, Business.ended_on.is_(None))
    shown, yes, no = func.coalesce(GrowthCase.held_status, GrowthCase.status, NO_CASE), literal(1), literal(0)
    inner = (
        select(
            shown.label("status"),
            *(case((part, yes), else_=no).label(n) for n, part in (("w", watched), ("s", selling))),
        )
        .outerjoin(GrowthCase, GrowthCase.kpm_id == Kpm.id)
        .where(inside(Kpm.regency_code, [seen.region_code]), Kpm.state == "active")
        .select_from(Kpm)
        .subquery()
    )
    query = select(inner.c.status, inner.c.w, inner.c.s, func.count()).group_by(inner.c.status, inner.c.w, inner.c.s)
    counts, parts = dict.fromkeys((NO_CASE, *STATUSES), 0), {"CONSENT": 0, "SELLING_FAMILIES": 0}
    for status, consents, sells, count in db.session.execute(query):
        # What a consent makes of a status is true when asked, whatever the night has written down.
        counts[by_consent(status, consents=bool(consents))] += count
        parts["CONSENT"] += count * consents
        parts["SELLING_FAMILIES"] += count * sells
    everybody = sum(counts.values())
    kept = hidden_table(counts)
    figures = [Figure("FAMILIES", None if masking.too_few(everybody) else everybody, span="today")]
    for name, part in parts.items():
        # Who is not among them is a group as well: both sides are many, or neither is told.
        sides = hidden_table({"in": part, "out": everybody - part})
        figures.append(Figure(name, None if "in" in sides else part, span="today"))
    rows = (Row(status, None if status in kept else count) for status, count in counts.items())
    return tuple(row for row in rows if row.now != 0), figures


def graduations(seen: Overview) -> tuple[tuple[Row, ...], Figure]:
    """Return the families that graduated by area for the year of the month and the one before, and by month.

    Both years are told as they stand today, whatever month is asked for: sums up to one month and up to the next would
    give the families between them away.
    """
    area = Graduation.kecamatan_code if "." in seen.region_code else Graduation.regency_code
    query = select(Graduation.kpm_id, area, Graduation.stated_on).where(
        inside(Graduation.regency_code, [seen.region_code]),
        Graduation.confirmed_on.is_not(None),
        Graduation.stated_on.between(*_two_years(seen)),
    )
    rows, by_month = _years(seen, [(family, code, day) for family, code, day in db.session.execute(query)])
    return rows, seen.figure("GRADUATIONS", by_month, 0)


def grants(seen: Overview) -> tuple[tuple[Row, ...], tuple[Figure, ...]]:
    """Return the families that received UEP, told like graduations; the kinds of business; who accounted for it."""
    area = AidGrant.kecamatan_code if "." in seen.region_code else AidGrant.regency_code
    query = (
        select(AidGrant.kpm_id, area, AidGrant.granted_on, AidGrant.business_type_slug, UseReport.id)
        .outerjoin(UseReport, UseReport.grant_id == AidGrant.id)
        .where(inside(AidGrant.regency_code, [seen.region_code]), AidGrant.granted_on.between(*_two_years(seen)))
    )
    found = db.session.execute(query).all()
    rows, by_month = _years(seen, [(family, code, day) for family, code, day, _type, _report in found])
    kinds, shares = [], []
    for year in (seen.month.year, seen.month.year - 1):
        told = [(family, kind, report) for family, _code, day, kind, report in found if day.year == year]
        kinds.append(len({kind for _family, kind, _report in told}))
        shares.append(_reported({family for family, _kind, report in told if report}, {each[0] for each in told}))
    reported = Figure("REPORTED", shares[0], year_ago=shares[1], span="year")
    types = Figure("GRANT_TYPES", kinds[0], year_ago=kinds[1], span="year")
    return rows, (seen.figure("GRANTS", by_month, 0), types, reported)


def _reported(reported: set[int], everybody: set[int]) -> Value:
    """Return the share of families that accounted for their aid, in percent; the rest must be many as well."""
    sides = {"in": len(reported), "out": len(everybody - reported)}
    return None if hidden_table(sides) else rules.percent(len(reported), len(everybody)) or 0


def _two_years(seen: Overview) -> tuple[date, date]:
    return date(seen.month.year - 1, 1, 1), date(seen.month.year, 12, 31)


def _years(seen: Overview, found: Iterable[tuple[int, str, date]]) -> tuple[tuple[Row, ...], dict[date, Value]]:
    """Return what happened to families (family, area, day) by area for both years, and by month."""
    first, last = (day.year for day in _two_years(seen))
    areas: dict[int, dict[str, set[int]]] = {first: {}, last: {}}
    months: dict[int, dict[str, set[int]]] = {first: {}, last: {}}
    for family, code, day in found:
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

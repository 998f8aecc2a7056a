"""What the page of a region shows: sums only. No question here returns a name, a family or a shop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import and_, select

from app.core.clock import now, today
from app.core.db import db
from app.core.policy import Actor
from app.goods.shops.models import Shop
from app.kit import masking
from app.kit.periods import month_of, zone_named
from app.kit.rupiah import ZERO, Rupiah
from app.office.insights import aided, families, rules
from app.office.insights.rules import Area, Figure, Held, Overview, Row, Value
from app.people.places.queries import inside, list_children, settings_of
from app.trade.bazaars.models import Application, Bazaar
from app.trade.sales import queries as sales
from app.trade.sales.models import CHANNELS, GRADES
from app.trade.sales.rules import RegionCell
from app.trade.stalls import queries as stalls

HELD = ("published", "running", "closed", "reported")
TOOK_PART = ("confirmed", "checked_in", "settled")
MOST_MONTHS = 36


def today_in(scope: Actor) -> date:
    """Return the day on the clock of the actor's region."""
    return today(settings_of(scope.region_code).zone)


def list_months(day: date) -> list[date]:
    """Return the months that may be asked for, the newest first."""
    return [rules.earlier(day.replace(day=1), back) for back in range(MOST_MONTHS)]


def overview(month: date, *, scope: Actor) -> Overview:
    """Return the sums of the actor's region for a month."""
    settings = settings_of(scope.region_code)
    names = {each.code: each.name for each in list_children(scope.region_code)}
    seen = Overview(
        scope.region_code, settings.region_name, month, today(settings.zone), now(), settings.zone, area_names=names
    )
    cells = sales.list_region_cells(seen.region_code, seen.compared[2], month)
    channels, grades = _split(seen, cells, "channel", CHANNELS), _split(seen, cells, "grade", GRADES)
    selling, (cases, kept) = _selling(seen), families.standing(seen)
    shops = _shops(seen, selling)
    steps = families.list_steps(seen)
    (graduated, left), (granted, aid) = families.graduations(seen, steps), families.grants(seen, steps)
    takings = (shops, _takings(seen, cells), _proven(grades), _bazaar_takings(channels))
    figures = (*takings, *_bazaars(seen), *kept, left, *aid, aided.after_aid(seen, selling))
    return replace(
        seen,
        figures={each.id: each for each in figures},
        channels=channels,
        grades=grades,
        areas=_areas(seen, cells, shops.now),
        families=cases,
        graduations=graduated,
        grants=granted,
        bazaars=_held(seen),
    )


def _selling(seen: Overview) -> dict[date, int]:
    months = rules.year_until(seen.month)
    return sales.count_active_shops(seen.region_code, months[0], months[-1])


def _shops(seen: Overview, selling: Mapping[date, int]) -> Figure:
    return seen.figure("SHOPS", {m: None if masking.too_few(n) else n for m, n in selling.items()}, 0)


def _takings(seen: Overview, cells: Iterable[RegionCell]) -> Figure:
    months = {c.month: None if masking.too_few(c.shops) else c.amount for c in cells if not c.by}
    return seen.figure("TAKINGS", months, ZERO)


def _split(seen: Overview, found: Iterable[RegionCell], by: str, keys: Iterable[str]) -> tuple[Row, ...]:
    """Return the takings of the three months by channel or grade; a seller may stand in several of them."""
    months = seen.compared
    cells: dict[date, dict[str, RegionCell]] = {month: {} for month in months}
    for each in found:
        if each.by == by and each.month in cells:
            cells[each.month][each.key] = each
    kept = {month: _hidden_parts(found) for month, found in cells.items()}

    def value(month: date, key: str) -> Value:
        return None if key in kept[month] else cells[month][key].amount if key in cells[month] else ZERO

    return tuple(Row(key, *(value(month, key) for month in months)) for key in keys)


def _hidden_parts(cells: Mapping[str, RegionCell]) -> frozenset[str]:
    return masking.hidden({key: each.shops for key, each in cells.items()}, overlap=True)


def _proven(grades: tuple[Row, ...]) -> Figure:
    """Return which share of the takings is proven, in percent; hidden where a part of it is."""
    moments: list[Value] = []
    for name in ("now", "before", "year_ago"):
        values = {row.key: rules.as_number(getattr(row, name)) for row in grades}
        whole = [value for value in values.values() if value is not None]
        open_all = len(whole) == len(values)
        strong = (values["A"] or 0) + (values["B"] or 0)
        moments.append((rules.percent(strong, sum(whole)) or 0) if open_all else None)
    return Figure("PROVEN", moments[0], moments[1], moments[2])


def _bazaar_takings(channels: tuple[Row, ...]) -> Figure:
    row = next(each for each in channels if each.key == "bazaar")
    return Figure("BAZAAR_TAKINGS", row.now, row.before, row.year_ago)


def _bazaars(seen: Overview) -> tuple[Figure, Figure]:
    """Return the bazaars that are over, by month, and how many kecamatan took part since January."""
    clock, months = zone_named(seen.zone), rules.year_until(seen.month)
    until = min(clock.at(month_of(seen.month)[1] + timedelta(days=1)), seen.computed_at)
    took_part = and_(Application.bazaar_id == Bazaar.id, Application.state.in_(TOOK_PART))
    query = (
        select(Bazaar.id, Bazaar.ends_at, Shop.kecamatan_code)
        .outerjoin(Application, took_part)
        .outerjoin(Shop, Shop.id == Application.shop_id)
        .where(inside(Bazaar.regency_code, [seen.region_code]), Bazaar.state.in_(HELD))
        .where(Bazaar.ends_at < until, Bazaar.ends_at >= clock.at(months[0]))
        .distinct()
    )
    held: dict[date, set[int]] = {}
    reached = set()
    for bazaar_id, moment, kecamatan in db.session.execute(query):
        day = clock.day(moment)
        held.setdefault(day.replace(day=1), set()).add(bazaar_id)
        if kecamatan and day.year == seen.month.year:
            reached.add(kecamatan)
    by_month: dict[date, Value] = {month: len(found) for month, found in held.items()}
    return seen.figure("BAZAARS", by_month, 0), Figure("REACH", len(reached), span="today")


def _held(seen: Overview) -> tuple[Held, ...]:
    """Return the bazaars of the month whose report is signed; what too few sellers or buyers made stays hidden."""
    clock = zone_named(seen.zone)
    first, last = month_of(seen.month)
    reports = stalls.list_reports(seen.region_code, clock.at(first), clock.at(last + timedelta(days=1)))
    return tuple(
        Held(
            name=str(told["bazaar"]),
            day=clock.day(each.bazaar.ends_at),
            covered=len(told["kecamatan"]),
            areas=told["kecamatan_all"],
            takings=None if masking.too_few(told["sellers"]) else Rupiah(told["total"]),
            first_buyers=told.get("first_buyers"),
            new_faces=None if masking.too_few(told["new_buyers"]) else told["new_buyers"],
        )
        for each in reports
        for told in (each.figures,)
    )


def _areas(seen: Overview, found: Iterable[RegionCell], total: Value) -> tuple[Area, ...]:
    """Return the areas of the region by name; shops that stand outside by now close the list."""
    names = seen.area_names
    cells = {each.key: each for each in found if each.by == "area"}
    counts = {code: cells[code].shops if code in cells else 0 for code in names}
    away = [each for code, each in cells.items() if code not in names]
    if away:
        counts[""] = sum(each.shops for each in away)
        cells[""] = RegionCell("area", seen.month, "", counts[""], Rupiah.total(each.amount for each in away), 0)
    kept = frozenset(counts) if total is None else masking.hidden(counts)
    return tuple(
        Area(code, names.get(code, ""), None, None)
        if code in kept
        else Area(code, names.get(code, ""), counts[code], cells[code].amount if code in cells else ZERO)
        for code in counts
    )

"""The region's month on paper and in a workbook: the worker makes both, from the same sums as the page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from app.core import papers, sheets
from app.core.i18n import _
from app.office.insights import charts, queries, rules, words
from app.office.insights.definitions import BY_ID, DEFINITIONS
from app.office.insights.rules import Overview, Value
from app.people.accounts.queries import get_account
from app.people.files.operations import Made, builder
from app.people.places import shapes

PDF, WORKBOOK = "insights-report", "insights-workbook"
SPARK = (120, 34)
WIDE = (560, 250)


def facts(seen: Overview) -> dict[str, Any]:
    """Return what the templates show of a region's month."""
    sparks = {each.id: charts.line(each, *SPARK, top=3) for each in seen.figures.values() if each.series}
    return {
        "seen": seen,
        "defined": BY_ID,
        "trend": charts.line(seen.figures["TAKINGS"], *WIDE, left=60, top=24, pad=24),
        "sparks": sparks,
        "outline": shapes.outline(seen.region_code),
        "areas": {each.code: each for each in seen.areas},
        "words": words,
        "rules": rules,
    }


@builder(PDF)
def draw(facts_: dict[str, Any]) -> Made:
    """Draw the report, A4."""
    seen = _seen(facts_)
    drawn = papers.draw("office/insights/report.html", "insights.css", **facts(seen))
    return Made(drawn, f"ringkasan-{seen.month:%Y-%m}.pdf", "application/pdf")


@builder(WORKBOOK)
def fill(facts_: dict[str, Any]) -> Made:
    """Fill the workbook, a sheet for each table."""
    seen = _seen(facts_)
    return Made(sheets.write_xlsx(workbook(seen)), f"ringkasan-{seen.month:%Y-%m}.xlsx", sheets.XLSX)


def _seen(facts_: dict[str, Any]) -> Overview:
    return queries.overview(date.fromisoformat(facts_["month"]), scope=get_account(int(facts_["reader"])))


def workbook(seen: Overview) -> list[sheets.Sheet]:
    """Return the sheets: figures, months, breakdowns, areas, and what each figure means."""
    months = words.heads(seen)
    split = [_("Rincian"), *months]
    years = [_("Wilayah"), str(seen.month.year), str(seen.month.year - 1)]
    return [
        sheets.Sheet(_("Angka"), [_("Kode"), _("Angka"), _("Satuan"), *months], _figures(seen)),
        sheets.Sheet(_("Per bulan"), [_("Bulan"), *_series_names(seen)], _months(seen)),
        sheets.Sheet(_("Saluran"), split, _rows(seen.channels, words.CHANNELS)),
        sheets.Sheet(_("Bukti"), split, _rows(seen.grades, words.GRADES)),
        sheets.Sheet(_("Wilayah"), [_("Kode"), _("Wilayah"), _("Lapak menjual"), _("Uang masuk")], _areas(seen)),
        sheets.Sheet(_("Bazar"), [str(each) for each in words.HELD], _held(seen)),
        sheets.Sheet(_("Keluarga"), [_("Status"), *words.ends(seen)], _rows(seen.families, words.FAMILIES)),
        sheets.Sheet(_("Graduasi"), years, _years(seen, seen.graduations)),
        sheets.Sheet(_("UEP"), years, _years(seen, seen.grants)),
        sheets.Sheet(
            _("Arti angka"),
            [_("Kode"), _("Nama"), _("Satuan"), _("Rumus"), _("Masa"), _("Sumber"), _("Dihitung (UTC)")],
            _definitions(seen),
        ),
    ]


def _cell(value: Value) -> sheets.Cell:
    return _("ditutup") if value is None else value


def _figures(seen: Overview) -> Iterable[list[sheets.Cell]]:
    for each in seen.figures.values():
        known = BY_ID[each.id]
        before = _cell(each.before) if each.span == "month" else ""
        earlier = [before, "" if each.span == "today" else _cell(each.year_ago)]
        yield [each.id, str(known.name), str(known.unit), _cell(each.now), *earlier]


def _series_names(seen: Overview) -> list[str]:
    return [str(BY_ID[each.id].name) for each in seen.figures.values() if each.series]


def _months(seen: Overview) -> Iterable[list[sheets.Cell]]:
    told = [each for each in seen.figures.values() if each.series]
    for n, month in enumerate(rules.year_until(seen.month)):
        yield [words.month(month), *(_cell(each.series[n][1]) for each in told)]


def _rows(rows: Iterable[rules.Row], names: dict[str, Any]) -> Iterable[list[sheets.Cell]]:
    return ([str(names[row.key]), *(_cell(each) for each in (row.now, row.before, row.year_ago))] for row in rows)


def _areas(seen: Overview) -> Iterable[list[sheets.Cell]]:
    for each in seen.areas:
        yield [each.code, each.name or _("Di luar wilayah"), _cell(each.shops), _cell(each.takings)]


def _held(seen: Overview) -> Iterable[list[sheets.Cell]]:
    for each in seen.bazaars:
        measures = (each.takings, each.first_buyers, each.new_faces)
        yield [each.day, each.name, words.covered(each), *(_cell(value) for value in measures)]


def _years(seen: Overview, rows: Iterable[rules.Row]) -> Iterable[list[sheets.Cell]]:
    return ([seen.area_names.get(row.key, row.key), _cell(row.now), _cell(row.year_ago)] for row in rows)


def _definitions(seen: Overview) -> Iterable[list[sheets.Cell]]:
    for each in DEFINITIONS:
        words_ = (each.name, each.unit, each.formula, each.period, each.source)
        yield [each.id, *map(str, words_), seen.computed_at]

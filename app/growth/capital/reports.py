"""The aid of a year in tables: by type of business, kecamatan, fund and year."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response

from app.core.cookies import private_file
from app.core.i18n import _, _p
from app.core.policy import Actor
from app.core.sheets import XLSX, Cell, Sheet, write_xlsx
from app.goods.categories.queries import list_business_types
from app.growth.capital import queries, words
from app.growth.capital.queries import Sum
from app.people.places import queries as places


@dataclass(frozen=True)
class Table:
    """One table: what its rows are, and each with its name."""

    title: str
    what: str
    rows: tuple[tuple[str, Sum], ...]


def tables(actor: Actor, year: int | None) -> list[Table]:
    """Return the tables of a region; by year too when no year is chosen."""
    types = {each.slug: each.name for each in list_business_types()}
    by_type = queries.sums_by("business_type_slug", scope=actor, year=year)
    by_place = queries.sums_by("kecamatan_code", scope=actor, year=year)
    by_fund = queries.sums_by("fund", scope=actor, year=year)
    names = places.names_of({each.key for each in by_place})
    funds = {code: str(text) for code, text in words.FUNDS.items()}
    made = [
        _table(_("Menurut jenis usaha"), _("Jenis usaha"), by_type, types),
        _table(_("Menurut kecamatan"), _("Kecamatan"), by_place, names),
        _table(_("Menurut sumber dana"), _("Sumber dana"), by_fund, funds),
    ]
    if year is None:
        made.append(_table(_("Menurut tahun"), _("Tahun"), queries.sums_by("year", scope=actor), {}))
    return made


def _table(title: str, what: str, sums: list[Sum], names: dict[str, str]) -> Table:
    return Table(title, what, tuple((names.get(each.key, each.key), each) for each in sums))


def workbook(actor: Actor, year: int | None) -> Response:
    """Answer with the tables as a workbook, a sheet each."""
    head = [_p("uang", "Bantuan"), _p("uang", "Nilai"), _("Sudah BAST"), _("Sudah lapor")]
    sheets = [Sheet(table.what[:31], [table.what, *head], _cells(table)) for table in tables(actor, year)]
    return private_file(write_xlsx(sheets), XLSX, f"rekap-uep-{year or 'semua'}.xlsx")


def _cells(table: Table) -> list[list[Cell]]:
    return [[name, sum_.grants, sum_.value, sum_.handed_over, sum_.reported] for name, sum_ in table.rows]

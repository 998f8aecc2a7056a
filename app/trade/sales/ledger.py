"""A seller's week and month as she reads them: bars, and what is known about each sale in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from app.core.db import db
from app.core.i18n import _, _l, angka, bulan, tanggal_pendek
from app.goods.products.models import Product, Revision, Variant
from app.kit.periods import month_of
from app.kit.rupiah import Rupiah
from app.trade.sales import queries, rules
from app.trade.sales.rules import Compared, Month, Span, Taking, Week

DAYS = (_l("Sen"), _l("Sel"), _l("Rab"), _l("Kam"), _l("Jum"), _l("Sab"), _l("Min"))
EVIDENCE = {
    "A": (_l("Bukti kuat: kode pembeli cocok"), "success"),
    "B": (_l("Bukti kuat: dicocokkan petugas bazar"), "success"),
    "C": (_l("Bukti cukup: tanpa kode pembeli"), "info"),
    "D": (_l("Catatan sendiri"), ""),
}
# How a sum is called, and what stands behind it.
BY_GRADE = {
    "A": (_l("Diakui pembeli"), _l("Pesanan yang kode pembelinya cocok.")),
    "B": (_l("Dari bazar"), _l("Dicocokkan dan ditandatangani petugas bazar.")),
    "C": (_l("Ada bukti"), _l("Ada foto nota, atau pesanan tanpa kode pembeli.")),
    "D": (_l("Catatan sendiri"), _l("Ditulis penjual, tanpa bukti lain.")),
}
BY_CHANNEL = {
    "online": _l("Pesanan di sini"),
    "bazaar": _l("Bazar"),
    "manual": _l("Jualan di rumah"),
    "government": _l("Kantor pemerintah"),
    "group": _l("Pesanan kelompok"),
}
# Why a sale counts as her own word though it came another way: said plainly, it accuses nobody.
MARKED = {
    rules.FAR_ABOVE_USUAL: _l("Jauh lebih besar dari biasanya: simpan notanya"),
    rules.OWN_NUMBER: _l(
        "Pemesan memakai nomor sendiri, nomor keluarga, atau nomor pendamping: dihitung catatan sendiri"
    ),
}
WITH_RECEIPT = (_l("Bukti cukup: ada foto nota"), "info")


@dataclass(frozen=True)
class Entry:
    """One line of the book. `evidence` is words and the kind of their badge."""

    name: str
    qty: int
    unit: str
    amount: Rupiah
    sold_on: date
    evidence: tuple[str, str]
    taken_back: bool
    by_buyer: bool


def entries(shop_id: int, first: date) -> list[Entry]:
    """Return the sales of the week that begins on this Monday, newest first."""
    sales = queries.list_of_shop(shop_id, first, first + timedelta(days=6))
    names = names_of(sale.variant_id for sale in sales if sale.variant_id)
    grades = queries.grades_of(sale.id for sale in sales) if sales else {}
    marks = queries.marks_of(number for number, grade in grades.items() if grade == rules.WEAKEST) if sales else {}
    found = []
    for sale in sales:
        name, unit = names.get(sale.variant_id or 0, (sale.free_text or _("Penjualan"), ""))
        with_receipt = sale.channel == "manual" and grades[sale.id] == "C"
        words, kind = WITH_RECEIPT if with_receipt else EVIDENCE[grades[sale.id]]
        if mark := marks.get(sale.id):
            words, kind = MARKED[mark], "info"
        evidence = (str(words), kind)
        found.append(
            Entry(
                name,
                abs(sale.qty),
                unit,
                sale.amount,
                sale.sold_on,
                evidence,
                taken_back=sale.reversal_of is not None,
                by_buyer=sale.channel != "manual",
            )
        )
    return found


def names_of(variant_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return what each variant is called now, and its unit."""
    query = (
        select(Variant.id, Variant.label, Variant.unit, Revision.name)
        .join(Product, Product.id == Variant.product_id)
        .join(Revision, Revision.id == Product.approved_revision_id)
        .where(Variant.id.in_(set(variant_ids)))
    )
    rows = db.session.execute(query)
    return {row.id: (f"{row.name} · {row.label}" if row.label else row.name, row.unit) for row in rows}


def bars(week: Week) -> list[tuple[str, int, str]]:
    """Return the seven bars: day, number, and the number in thousands as it stands above its bar."""
    return [(str(DAYS[n]), taken.amount, thousands(taken)) for n, taken in enumerate(week.days)]


def thousands(amount: Rupiah) -> str:
    """Show thousands of rupiah, exact: `38` for Rp38.000, `12,5` for Rp12.500."""
    return angka(amount.amount // 1000 if amount.amount % 1000 == 0 else amount.amount / 1000)


def compared(week: Week) -> tuple[str, str]:
    """Say how the week stands beside the one before, and which way it went."""
    if not week.last_week:
        return (_("Minggu lalu belum ada uang masuk.") if week.total else "", "")
    difference = week.total - week.last_week
    if not difference:
        return _("Sama dengan minggu sebelumnya."), ""
    if difference.amount > 0:
        return _("Naik %(amount)s dari minggu sebelumnya.", amount=difference), "up"
    return _("Turun %(amount)s dari minggu sebelumnya.", amount=abs(difference)), "down"


def month_of_shop(shop_id: int, day: date) -> Month:
    """Return the calendar month around a day."""
    first, last = month_of(day)
    before = (first - timedelta(days=1)).replace(day=1)
    takings = queries.list_months([Span(shop_id)], before, last)
    now = [each for each in takings if each.month == first]
    by_day = queries.takings_by_day(shop_id, first, last)
    return Month(
        first,
        tuple(
            (a, b, Rupiah.total(by_day[each] for each in by_day if a <= each <= b))
            for a, b in rules.weeks_of(first, last)
        ),
        _added(now, lambda each: each.channel),
        _added(now, lambda each: each.grade),
        queries.count_sale_days([Span(shop_id)], first, last).get(first, 0),
        before,
        Rupiah.total(each.amount for each in takings if each.month == before),
        queries.takings(shop_id, *month_of(first.replace(year=first.year - 1))),
    )


def _added(takings: Iterable[Taking], what: Callable[[Taking], str]) -> dict[str, Rupiah]:
    sums: dict[str, Rupiah] = {}
    for each in takings:
        sums[what(each)] = sums.get(what(each), Rupiah(0)) + each.amount
    return {name: sums[name] for name in sorted(sums) if sums[name]}


def grade_rows(sums: Mapping[str, Rupiah]) -> list[tuple[str, str, Rupiah]]:
    """Return sums by evidence, the strongest first: name, what stands behind it, amount."""
    return [(str(BY_GRADE[grade][0]), str(BY_GRADE[grade][1]), sums[grade]) for grade in BY_GRADE if grade in sums]


def channel_rows(sums: Mapping[str, Rupiah]) -> list[tuple[str, str, Rupiah]]:
    """Return sums by the way they came, the largest first: name, nothing more, amount."""
    return [(str(BY_CHANNEL[each]), "", sums[each]) for each in sorted(sums, key=lambda name: -sums[name].amount)]


def week_bars(month: Month) -> list[tuple[str, int, str]]:
    """Return a bar for each week of a month: its days, number, and thousands."""
    return [
        (f"{a.day}–{b.day}" if a != b else str(a.day), taken.amount, thousands(taken)) for a, b, taken in month.weeks
    ]


def month_bars(months: Iterable[tuple[date, Rupiah]]) -> list[tuple[str, int, str]]:
    """Return a bar for each of several months: its name in short, number, and thousands."""
    return [(tanggal_pendek(first).partition(" ")[2], taken.amount, thousands(taken)) for first, taken in months]


def compared_months(month: Compared, *, is_running: bool) -> tuple[str, str]:
    """Say how a month stands beside the one before; a month that still runs is compared with nothing."""
    if not month.last_month:
        return (_("Bulan sebelumnya belum ada uang masuk.") if month.total else ""), ""
    if is_running:
        facts = {"month": bulan(month.before), "amount": month.last_month}
        return _("Bulan ini belum selesai. %(month)s: %(amount)s.", **facts), ""
    difference = month.total - month.last_month
    if not difference:
        return _("Sama dengan bulan sebelumnya."), ""
    if difference.amount > 0:
        return _("Naik %(amount)s dari bulan sebelumnya.", amount=difference), "up"
    return _("Turun %(amount)s dari bulan sebelumnya.", amount=abs(difference)), "down"


def compared_year(month: Compared, *, is_running: bool) -> str:
    """Say how a month stands beside the same month a year ago; empty when nothing was sold then."""
    if not month.last_year:
        return ""
    difference = month.total - month.last_year
    if is_running or not difference:
        return _("Bulan yang sama tahun lalu: %(amount)s.", amount=month.last_year)
    facts = {"amount": month.last_year, "difference": abs(difference)}
    if difference.amount > 0:
        return _("Bulan yang sama tahun lalu: %(amount)s. Naik %(difference)s.", **facts)
    return _("Bulan yang sama tahun lalu: %(amount)s. Turun %(difference)s.", **facts)

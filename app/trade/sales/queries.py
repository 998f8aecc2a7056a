"""Questions about the sales book, for this storey and those above: they ask here and never read its tables.

A sum of sales is always net: reversals are taken off on the day, and under the grade, of their original. Sums come from
the kept tables, rows from the book itself; both say the same, and `flask verify` holds them to it. Who asks about
people gives `Span`s: shops, each with the days that count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    column,
    extract,
    func,
    literal,
    or_,
    select,
    union_all,
    values,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.core.db import db
from app.goods.shops.models import Shop
from app.kit.periods import week_of
from app.kit.rupiah import ZERO, Rupiah
from app.people.places.models import Region
from app.trade.sales import rules
from app.trade.sales.models import CHANNELS, STRONG, SaleDay, SaleEvidence, SaleMonth, SaleRecord, SaleRegion
from app.trade.sales.rules import Line, MonthSum, RegionCell, ShopTaking, Span, Taking, Week


def list_of_source(source_type: str, source_id: int) -> list[SaleRecord]:
    """Return the lines that one cause wrote, reversals after their originals."""
    query = select(SaleRecord).where(SaleRecord.source_type == source_type, SaleRecord.source_id == source_id)
    return list(db.session.scalars(query.order_by(SaleRecord.id)))


def list_graded(source_type: str, source_ids: Iterable[int]) -> list[tuple[SaleRecord, str]]:
    """Return the lines that several causes wrote, each with its grade now, reversals after their originals."""
    query = select(SaleRecord, grade_now(SaleRecord)).where(SaleRecord.source_type == source_type)
    query = query.where(SaleRecord.source_id.in_(set(source_ids))).order_by(SaleRecord.id)
    return [(row[0], row[1]) for row in db.session.execute(query)]


def list_of_shop(shop_id: int, first: date, last: date) -> list[SaleRecord]:
    """Return a shop's lines from the first to the last day, newest first."""
    query = select(SaleRecord).where(SaleRecord.seller_id == shop_id, SaleRecord.sold_on.between(first, last))
    return list(db.session.scalars(query.order_by(SaleRecord.sold_on.desc(), SaleRecord.id.desc())))


def takings(shop_id: int, first: date, last: date) -> Rupiah:
    """Return what a shop sold for from the first to the last day."""
    query = select(func.sum(SaleDay.amount)).where(SaleDay.shop_id == shop_id, SaleDay.sold_on.between(first, last))
    return db.session.scalar(query) or Rupiah(0)


def takings_by_day(shop_id: int, first: date, last: date) -> dict[date, Rupiah]:
    """Return what a shop sold for on each day that has a sale."""
    query = select(SaleDay.sold_on, func.sum(SaleDay.amount)).where(SaleDay.shop_id == shop_id)
    query = query.where(SaleDay.sold_on.between(first, last)).group_by(SaleDay.sold_on)
    return dict(db.session.execute(query).all())


def week_takings(shop_id: int, day: date) -> Week:
    """Return the week (Monday to Sunday) around a local day, and the total of the week before."""
    first, last = week_of(day)
    by_day = takings_by_day(shop_id, first - timedelta(days=7), last)
    days = tuple(by_day.get(first + timedelta(days=n), Rupiah(0)) for n in range(7))
    before = Rupiah.total(by_day.get(first - timedelta(days=n), Rupiah(0)) for n in range(1, 8))
    return Week(first, days, Rupiah.total(days), before)


def grades_of(sale_ids: Iterable[int]) -> dict[int, str]:
    """Return the evidence grade of each line that counts now; a reversal has that of its original."""
    query = select(SaleRecord.id, grade_now(SaleRecord)).where(SaleRecord.id.in_(set(sale_ids)))
    return dict(db.session.execute(query).all())


def marks_of(sale_ids: Iterable[int]) -> dict[int, str]:
    """Return the mark under which the evidence of a sale stands now, by sale; those without one are left out."""
    row, later = SaleEvidence, aliased(SaleEvidence)
    newest = select(func.max(later.id)).where(later.sale_id == row.sale_id).scalar_subquery()
    query = select(row.sale_id, row.reason).where(row.sale_id.in_(set(sale_ids)), row.reason.in_(rules.MARKS))
    return dict(db.session.execute(query.where(row.id == newest)).all())


def grade_of(sale_id: int) -> str:
    """Return the evidence grade of one sale."""
    return grades_of([sale_id])[sale_id]


def grade_now(record: Any) -> ColumnElement[str]:
    """Return the newest evidence of a line's original, else the grade that was written with it."""
    original = aliased(SaleRecord)
    told = func.coalesce(record.reversal_of, record.id)
    # The order names the index; sorted by id alone, an engine may walk the whole table for want of a first row.
    newest = select(SaleEvidence.grade).where(SaleEvidence.sale_id == told).limit(1)
    newest = newest.order_by(SaleEvidence.sale_id.desc(), SaleEvidence.id.desc())
    written = select(original.grade).where(original.id == told)
    return func.coalesce(newest.scalar_subquery(), written.scalar_subquery())


def left_of(sale: SaleRecord) -> tuple[int, Rupiah]:
    """Return the units and rupiah of a sale that were not taken back."""
    query = select(func.sum(SaleRecord.qty), func.sum(SaleRecord.amount)).where(SaleRecord.reversal_of == sale.id)
    qty, amount = db.session.execute(query).one()
    return sale.qty + int(qty or 0), sale.amount + (amount or Rupiah(0))


def find_by_keys(keys: Iterable[str]) -> dict[str, SaleRecord]:
    """Return the lines that these keys have written, by key."""
    found = db.session.scalars(select(SaleRecord).where(SaleRecord.client_uuid.in_(set(keys))))
    return {each.client_uuid: each for each in found}


def list_usual(shop_id: int, first: date) -> list[int]:
    """Return what single sales of a shop since a day brought, as they were written; the newest when they are many."""
    return [amount.amount for amount in db.session.scalars(usual_of(shop_id, first))]


def usual_of(shop_id: int, first: date, *, besides: int = 0, limit: int = 200) -> Select[Rupiah]:
    """Return the question for what single sales of a shop since a day brought, except one of them."""
    query = select(SaleRecord.amount).where(SaleRecord.seller_id == shop_id, SaleRecord.reversal_of.is_(None))
    query = query.where(SaleRecord.sold_on >= first, SaleRecord.id != besides)
    return query.order_by(SaleRecord.sold_on.desc(), SaleRecord.id.desc()).limit(limit)


def list_months(spans: Iterable[Span], first: date, last: date) -> list[Taking]:
    """Return the takings of these shops by month, channel and grade, oldest first; months without a sale are left out.

    Only the days between `first` and `last` count, so a month may be there in part. An empty sum can stand where
    everything was taken back.
    """
    days = rules.clip(spans, first, last)
    if not days:
        return []
    month = month_number(SaleDay.sold_on)
    query = select(month, SaleDay.channel, SaleDay.grade, *_sums(SaleDay)).where(_within(SaleDay, days))
    query = query.group_by(month, SaleDay.channel, SaleDay.grade).order_by(month, SaleDay.channel, SaleDay.grade)
    return [Taking(_first_of(number), *sums) for number, *sums in db.session.execute(query)]


def count_sale_days(spans: Iterable[Span], first: date, last: date) -> dict[date, int]:
    """Count the days with a sale that stands, by the first day of their month; two shops on one day are one day."""
    days = rules.clip(spans, first, last)
    if not days:
        return {}
    month = month_number(SaleDay.sold_on)
    query = select(month, func.count(SaleDay.sold_on.distinct()))
    query = query.where(_within(SaleDay, days), SaleDay.lines > 0).group_by(month).order_by(month)
    return {_first_of(number): count for number, count in db.session.execute(query)}


def find_first_day(spans: Iterable[Span]) -> date | None:
    """Return the day of the first sale that stands, or None."""
    return _edge(spans, func.min(SaleDay.sold_on))


def find_last_day(spans: Iterable[Span]) -> date | None:
    """Return the day of the last sale that stands, or None."""
    return _edge(spans, func.max(SaleDay.sold_on))


def days_since_last(spans: Iterable[Span], day: date) -> int | None:
    """Return how many days before `day` the last sale was, 0 on the same day; None when nothing was sold by then."""
    last = find_last_day(Span(shop_id, first, until) for shop_id, first, until in rules.clip(spans, last=day))
    return None if last is None else (day - last).days


def _edge(spans: Iterable[Span], edge: ColumnElement[date]) -> date | None:
    days = rules.clip(spans)
    if not days:
        return None
    return db.session.scalar(select(edge).where(_within(SaleDay, days), SaleDay.lines > 0))


def list_lines(
    spans: Iterable[Span],
    first: date,
    last: date,
    *,
    channel: str = "",
    grade: str = "",
    before: tuple[date, int] | None = None,
    limit: int = 50,
) -> list[Line]:
    """Return the rows behind a figure, newest first, one more than `limit` when there are more.

    Reversals stand among them, so that the rows add up to the figure. `before` is (sold_on, id) of the last row shown.
    """
    days = rules.clip(spans, first, last)
    if not days:
        return []
    now = grade_now(SaleRecord)
    query = _lines(now).where(_within(SaleRecord, days))
    if channel:
        query = query.where(SaleRecord.channel == channel)
    if grade:
        query = query.where(now == grade)
    if before:
        day, number = before
        earlier = and_(SaleRecord.sold_on == day, SaleRecord.id < number)
        query = query.where(SaleRecord.sold_on <= day, or_(SaleRecord.sold_on < day, earlier))
    query = query.order_by(SaleRecord.sold_on.desc(), SaleRecord.id.desc()).limit(limit + 1)
    return [Line(*row) for row in db.session.execute(query)]


def _lines(grade: ColumnElement[str]) -> Any:
    row = SaleRecord
    return select(
        row.id, row.seller_id, row.sold_on, row.channel, grade, row.qty, row.amount, row.variant_id, row.free_text,
        row.source_type, row.source_id, row.reversal_of, row.entered_by_id, row.on_behalf_of_id,
    )  # fmt: skip


def list_sums(owners: Mapping[int, Iterable[Span]], last: date) -> list[MonthSum]:
    """Return what the spans of each owner brought by month, oldest first: for a reckoning over many families.

    The engine adds up, so that a night does not read every day of every shop; two shops on one day are one day.
    """
    spans = [(owner, *days) for owner, theirs in owners.items() for days in rules.clip(theirs, last=last)]
    if not spans:
        return []
    columns = ("owner", BigInteger), ("shop_id", BigInteger), ("begins", Date), ("ends", Date)
    span, row = values(*(column(name, kind) for name, kind in columns)).data(spans).cte("span"), SaleDay
    month, stands = month_number(row.sold_on), case((row.lines > 0, row.sold_on))
    strong = case((row.grade.in_(STRONG), row.amount))
    by_channel = (func.sum(case((row.channel == name, row.amount))) for name in CHANNELS)
    query = (
        select(
            span.c.owner, month, func.sum(row.amount), func.sum(strong), func.count(stands.distinct()),
            func.min(stands), func.max(stands), *by_channel,
        )
        .join(row, and_(row.shop_id == span.c.shop_id, row.sold_on.between(span.c.begins, span.c.ends)))
        .group_by(span.c.owner, month)
        .order_by(span.c.owner, month)
    )  # fmt: skip
    return [_month_sum(*each) for each in db.session.execute(query)]


def _month_sum(owner: int, month: int, amount: Rupiah, strong: Rupiah | None, days: int, *rest: Any) -> MonthSum:
    first, last, *sums = rest
    channels = {name: brought for name, brought in zip(CHANNELS, sums, strict=True) if brought is not None}
    return MonthSum(owner, _first_of(month), amount, strong or ZERO, days, first, last, channels)


def list_region(region_code: str, first: date, last: date) -> list[Taking]:
    """Return the takings of a kabupaten or province by month, channel and grade, for the months of both days."""
    query = select(SaleRegion.month, SaleRegion.channel, SaleRegion.grade, *_sums(SaleRegion))
    query = query.where(*_in_region(SaleRegion, region_code, first, last))
    query = query.group_by(SaleRegion.month, SaleRegion.channel, SaleRegion.grade)
    rows = db.session.execute(query.order_by(SaleRegion.month, SaleRegion.channel, SaleRegion.grade))
    return [Taking(*row) for row in rows]


def list_region_shops(region_code: str, first: date, last: date) -> list[ShopTaking]:
    """Return the same for each shop, by month; whoever asks knows in which kecamatan a shop stands.

    A shop is active in a month when its `lines` there are more than nothing.
    """
    row = SaleMonth
    query = select(row.shop_id, row.month, row.channel, row.grade, row.amount, row.qty, row.lines)
    query = query.where(*_in_region(SaleMonth, region_code, first, last))
    return [ShopTaking(*each) for each in db.session.execute(query.order_by(row.month, row.shop_id))]


def count_active_shops(region_code: str, first: date, last: date) -> dict[date, int]:
    """Count the shops of a region with a sale that stands, by month."""
    # Distinct pairs first: counting distinct shops in groups makes PostgreSQL sort all of them.
    sold = select(SaleMonth.month, SaleMonth.shop_id).where(*_in_region(SaleMonth, region_code, first, last))
    pairs = sold.where(SaleMonth.lines > 0).distinct().subquery()
    return dict(db.session.execute(select(pairs.c.month, func.count()).group_by(pairs.c.month)).all())


def list_region_cells(region_code: str, first: date, last: date) -> list[RegionCell]:
    """Return a region's takings by month, whole (`by` is empty), by `channel` and by `grade`; the last by `area` too.

    `shops` is how many shops they come from at the least: those of one part of the book are counted as one, so that
    the question costs the same however many shops a region has.
    """
    row = SaleRegion
    # Parts are numbered in each kabupaten anew, so only a province needs both to tell them apart.
    part: Any = row.part if "." in region_code else row.regency_code + "/" + cast(row.part, String)
    # Whether a shop sold is said by its lines: a sum of nothing is left where everything was taken back.
    sold_in = func.count(case((row.lines > 0, part)).distinct())
    amount, _qty, lines = _sums(row)

    def grouped(by: str, key: Any, *group: Any) -> Any:
        query = select(literal(by), row.month, key, sold_in, amount, lines)
        return query.where(*_in_region(row, region_code, first, last)).group_by(row.month, *group)

    by_channel, by_grade = ((name, key, key) for name, key in (("channel", row.channel), ("grade", row.grade)))
    by_area = _region_areas(region_code, last)
    asked = union_all(grouped("", literal("")), grouped(*by_channel), grouped(*by_grade), by_area)
    return [RegionCell(*each) for each in db.session.execute(asked)]


def _region_areas(region_code: str, month: date) -> Any:
    """Ask for a kabupaten's takings of a month by the kecamatan in which a shop stands now; a province's by kabupaten.

    Here every shop is counted.
    """
    row, province = SaleMonth, "." not in region_code
    area: Any = row.regency_code if province else Shop.kecamatan_code
    selling = func.count(case((row.lines > 0, row.shop_id)).distinct())
    lines = cast(func.sum(row.lines), BigInteger)
    query = select(literal("area"), row.month, area, selling, func.sum(row.amount), lines)
    query = query.where(*_in_region(row, region_code, month, month)).group_by(row.month, area)
    return query if province else query.join(Shop, Shop.id == row.shop_id)


def list_source_takings(source_type: str, source_ids: Iterable[int]) -> dict[int, list[ShopTaking]]:
    """Return what several causes brought (bazaars, orders), by cause and then by shop, day, channel and grade."""
    query = _lines(grade_now(SaleRecord))
    query = query.where(SaleRecord.source_type == source_type, SaleRecord.source_id.in_(set(source_ids)))
    sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
    left: dict[tuple[Any, ...], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for line in (Line(*row) for row in db.session.execute(query)):
        key = (line.source_id, line.shop_id, line.sold_on, line.channel, line.grade)
        sums[key][0] += line.amount.amount
        sums[key][1] += line.qty
        left[key][line.reversal_of or line.id] += line.qty
    found: dict[Any, list[ShopTaking]] = defaultdict(list)
    for key, (amount, qty) in sorted(sums.items()):
        lines = sum(1 for units in left[key].values() if units > 0)
        found[key[0]].append(ShopTaking(*key[1:], Rupiah(amount), qty, lines))
    return dict(found)


def _sums(table: type[SaleDay] | type[SaleRegion]) -> tuple[ColumnElement[Any], ...]:
    # Sums of big integers are Decimals on PostgreSQL unless they are told to stay whole.
    whole = (cast(func.sum(column), BigInteger) for column in (table.qty, table.lines))
    return func.sum(table.amount), *whole


def _within(table: type[SaleDay] | type[SaleRecord], days: Sequence[tuple[int, date, date]]) -> ColumnElement[bool]:
    """Keep a question to these days of these shops."""
    shop: Any = getattr(table, "shop_id" if table is SaleDay else "seller_id")
    return or_(*(and_(shop == shop_id, table.sold_on.between(first, last)) for shop_id, first, last in days))


def _in_region(
    table: type[SaleMonth] | type[SaleRegion], region_code: str, first: date, last: date
) -> tuple[ColumnElement[bool], ...]:
    # A kabupaten is named, a province asks for its own: the key begins with the kabupaten.
    codes: Any = [region_code]
    if "." not in region_code:
        codes = select(Region.code).where(Region.parent_code == region_code)
    return table.regency_code.in_(codes), table.month.between(first.replace(day=1), last.replace(day=1))


def month_number(day: InstrumentedAttribute[date]) -> ColumnElement[int]:
    """Return a day's month as a number, 202611; both engines count the same way."""
    return cast(extract("year", day), Integer) * 100 + cast(extract("month", day), Integer)


def _first_of(month: int) -> date:
    return date(month // 100, month % 100, 1)

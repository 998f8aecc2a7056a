"""The indicators once more, slowly and by other means: from lines of the book, with fractions and statistics."""

from __future__ import annotations

import calendar
import statistics
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor

from app.growth.graduation.reckoning import Month


@dataclass(frozen=True)
class Day:
    """Takings of one day on one channel under one grade, net; `stands` tells whether a sale is left of them."""

    sold_on: date
    channel: str
    grade: str
    amount: int
    stands: bool = True


def months_of(days: list[Day], as_of: date) -> list[Month]:
    """Add days up by month as the book does, leaving out what is still to come."""
    found = defaultdict(list)
    for day in days:
        if day.sold_on <= as_of:
            found[day.sold_on.replace(day=1)].append(day)
    return [_month(first, inside) for first, inside in found.items()]


def _month(first: date, inside: list[Day]) -> Month:
    standing = {day.sold_on for day in inside if day.stands}
    return Month(
        first,
        sum(day.amount for day in inside),
        sum(day.amount for day in inside if day.grade in "AB"),
        len(standing),
        min(standing, default=None),
        max(standing, default=None),
        {way: sum(day.amount for day in inside if day.channel == way) for way in {day.channel for day in inside}},
    )


def month_list(first: date, as_of: date) -> list[tuple[int, int]]:
    """Every whole month after the first sale's month and before the running one, oldest first."""
    year, month, found = first.year, first.month, []
    while True:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        if (year, month) >= (as_of.year, as_of.month):
            return found
        found.append((year, month))


def figures(lines: list[tuple[date, int, int, str, str]], as_of: date) -> dict[str, object]:
    """Recompute from (day, units, rupiah, channel, grade) lines, reversals among them; None is "not enough data"."""
    lines = [line for line in lines if line[0] <= as_of]
    standing = sorted({day for day, *_ in lines if _stands(lines, day)})
    answer: dict[str, object] = dict.fromkeys(("I1", "I2", "I3", "I5", "I6", "I7", "I8", "I11"))
    if not standing:
        return answer
    months = month_list(standing[0], as_of)
    brought = {month: sum(line[2] for line in lines if (line[0].year, line[0].month) == month) for month in months}
    running = sum(line[2] for line in lines if (line[0].year, line[0].month) == (as_of.year, as_of.month))
    answer["I1"] = brought[months[-1]] if months else running
    answer["I8"] = (as_of - standing[-1]).days
    six = months[-6:]
    if len(six) >= 4:
        inside = [line for line in lines if (line[0].year, line[0].month) in six]
        whole = sum(line[2] for line in inside)
        answer["I2"] = floor(Fraction(statistics.median([brought[month] for month in six])))
        if whole > 0:
            answer["I3"] = floor(Fraction(sum(line[2] for line in inside if line[4] in "AB"), whole) * 1000)
            channels = {line[3] for line in inside}
            answer["I11"] = {
                name: floor(Fraction(sum(line[2] for line in inside if line[3] == name), whole) * 1000)
                for name in channels
            }
    active = [month for month in months[-12:] if sum(_in(day, month) for day in standing) >= 4]
    if months:
        answer["I5"] = len(active)
    if len(months) >= 12 and len(active) >= 8:
        year = [brought[month] for month in months[-12:]]
        middle = floor(Fraction(statistics.median(year)))
        if middle > 0:
            spread = floor(Fraction(statistics.median([abs(amount - middle) for amount in year])))
            answer["I6"] = floor(Fraction(spread, middle) * 1000)
    if len(months) >= 6:
        before = months[-15:-12] if len(months) >= 15 else months[-6:-3]
        base = floor(Fraction(statistics.median([brought[month] for month in before])))
        if base > 0:
            now = floor(Fraction(statistics.median([brought[month] for month in months[-3:]])))
            answer["I7"] = floor(Fraction(now, base) * 1000) - 1000
    return answer


def _in(day: date, month: tuple[int, int]) -> bool:
    last = calendar.monthrange(*month)[1]
    return date(*month, 1) <= day <= date(*month, last)


def _stands(lines: list[tuple[date, int, int, str, str]], day: date) -> bool:
    return sum(line[1] for line in lines if line[0] == day) > 0

"""What a page shows of a family's figures: each with its period, its n, its evidence, or what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.clock import now, today
from app.core.i18n import _, _n, angka, bulan, bulan_pendek
from app.growth.graduation import afterwards, measure, queries, reckoning, words
from app.growth.graduation.afterwards import Side
from app.growth.graduation.known import known_of
from app.growth.graduation.measure import Period
from app.growth.graduation.models import Assessment, GrowthCase, Proposal, RuleSet
from app.growth.graduation.queries import Standing
from app.growth.graduation.reckoning import Figure
from app.growth.mentoring.models import OwnWish
from app.kit.periods import month_of
from app.people.families.models import Kpm
from app.people.places.queries import settings_of


@dataclass(frozen=True)
class Shown:
    """One figure in words; `value` is empty while data are missing, and then `missing` says what is needed."""

    code: str
    title: str
    about: str
    value: str
    missing: str
    basis: str
    evidence: str
    has_rows: bool


@dataclass(frozen=True)
class Answered:
    """One criterion in words."""

    code: str
    title: str
    result: str
    kind: str
    sentence: str
    support: str


@dataclass(frozen=True)
class Since:
    """Takings set against a graduation, in words: a typical month before it and since, and every month since."""

    day: date
    before: str
    after: str
    months: list[tuple[str, str]]


@dataclass(frozen=True)
class Growth:
    """Everything that is known of a family at this moment, measured now."""

    kpm: Kpm
    case: GrowthCase | None
    standing: Standing | None
    day: date
    rule_set: RuleSet
    figures: list[Shown]
    criteria: list[Answered]
    signs: list[str]
    bars: list[tuple[str, int, str]]
    fasting: list[str]
    corrected: list[str]
    sales_used: bool
    waiting: Proposal | None
    wish: OwnWish | None
    assessments: list[Assessment]
    people: dict[int, str]
    since: Since | None


def growth_of(kpm: Kpm, most: int = 1) -> Growth:
    """Measure a family now, for a page with so many of its assessments; nothing is stored."""
    day = today(settings_of(kpm.regency_code).zone)
    known = known_of(kpm, day, most)
    rule_set, case, used = known.rule_set, known.case, known.consents
    inputs = measure.inputs_of(kpm.id, day, sales_used=used)
    last = known.assessments[0] if known.assessments else None
    found = reckoning.indicators(inputs)
    results = reckoning.assess(rule_set.criteria, rule_set.flags, inputs)
    months = _months(inputs, day)
    return Growth(
        kpm=kpm,
        case=case,
        standing=queries.standing_of(case, consents=used) if case else None,
        day=day,
        rule_set=rule_set,
        figures=[_shown(figure, inputs) for figure in found.values()],
        criteria=[
            _answered(criterion, told, found.get(criterion["code"]), sales_used=used)
            for criterion, told in zip(rule_set.criteria, results["criteria"], strict=True)
        ],
        signs=signs_of(rule_set.flags, results["watch"], inputs),
        bars=[(bulan_pendek(month), amount, _thousands(amount)) for month, amount in months],
        fasting=[bulan(month) for month, _amount in months if (month.year, month.month) in reckoning.FASTING],
        corrected=[
            bulan(date.fromisoformat(f"{month}-01"))
            for month in (reckoning.corrected(queries.inputs_of(last), inputs) if last else [])
        ],
        sales_used=used,
        waiting=known.waiting,
        wish=known.wish,
        assessments=known.assessments,
        people=known.people,
        since=_since(known.graduated_on, inputs) if used else None,
    )


def _since(day: date | None, inputs: Mapping[str, Any]) -> Since | None:
    if day is None:
        return None
    before, after = afterwards.sides(reckoning.Book.read(inputs), day)
    return Since(day, _typical(before), _typical(after), [(bulan(month), _money(sum_)) for month, sum_ in after.months])


def _typical(side: Side) -> str:
    """Say what a typical month of one side brought and from which months, or what is missing."""
    if side.typical is None:
        lacking = afterwards.LEAST - len(side.months)
        return words.too_little(words.needed(_n("%(n)s bulan", "%(n)s bulan", lacking, n=lacking)))
    first, last = bulan(side.months[0][0]), bulan(side.months[-1][0])
    return _("%(money)s, %(first)s sampai %(last)s", money=_money(side.typical), first=first, last=last)


def _money(amount: int) -> str:
    return words.value_of(amount, "rupiah")


def _months(inputs: Mapping[str, Any], day: date) -> list[tuple[date, int]]:
    """Return the last twelve months with the running one, oldest first; none before anything was sold."""
    if not inputs["first_sale"]:
        return []
    book = reckoning.Book.read(inputs)
    months = [reckoning.month_before(day, back) for back in range(11, -1, -1)]
    return [
        (month, book.amount(month))
        for month in months
        if month >= date.fromisoformat(inputs["first_sale"]).replace(day=1)
    ]


def _thousands(amount: int) -> str:
    return angka(amount // 1000)


def signs_of(flags: Mapping[str, Any], hit: list[str], inputs: Mapping[str, Any]) -> list[str]:
    """Name each warning sign that was hit, with its value and the limit it passed."""
    said = []
    for sign in flags["signs"]:
        if sign["code"] in hit:
            value = words.told_of(sign["code"], reckoning.answer(sign, inputs)["value"], sign["unit"])
            title = str(words.CRITERIA[sign["code"]])
            said.append(_("%(what)s: %(value)s (%(limit)s)", what=title, value=value, limit=words.limit_of(sign)))
    return said


def _shown(figure: Figure, inputs: Mapping[str, Any]) -> Shown:
    title, about = words.FIGURES[figure.code]
    known = figure.value is not None or bool(figure.parts)
    return Shown(
        code=figure.code,
        title=str(title),
        about=str(words.NO_YEAR if figure.note == "season_unknown" else about),
        value=_value(figure) if known else "",
        missing="" if known else words.too_little(words.missing_of(figure, sales_used=inputs["sales_used"])),
        basis=_basis(figure, str(inputs["as_of"])) if known else "",
        evidence=_evidence(figure, inputs) if known else "",
        has_rows=known,
    )


def _value(figure: Figure) -> str:
    if figure.parts:
        shares = (
            (words.SALE_CHANNELS.get(name, name), words.value_of(part, "per_mille")) for name, part in figure.parts
        )
        return ", ".join(f"{channel} {share}" for channel, share in shares)
    value = words.told_of(figure.code, figure.value or 0, figure.unit)
    if figure.code == "I5" and figure.missing:
        return _("%(value)s dari %(n)s bulan yang sudah lewat", value=value, n=figure.n)
    return value


def _basis(figure: Figure, as_of: str) -> str:
    """Say from which months, and from how many; a month that still runs is named as such."""
    if figure.first is None or figure.last is None:
        return ""
    if figure.code == "I8":
        return _("jualan terakhir %(day)s %(month)s", day=figure.first.day, month=bulan(figure.first))
    if figure.first == figure.last:
        running = figure.first.isoformat()[:7] == as_of[:7]
        return _("%(month)s, belum selesai", month=bulan(figure.first)) if running else bulan(figure.first)
    period = _("%(first)s sampai %(last)s", first=bulan(figure.first), last=bulan(figure.last))
    told = _n("%(n)s bulan", "%(n)s bulan", figure.n, n=figure.n)
    unknown = f" · {_('musiman belum diketahui')}" if figure.note == "season_unknown" else ""
    return f"{period} · {told}{unknown}"


def _evidence(figure: Figure, inputs: Mapping[str, Any]) -> str:
    if figure.code in {"I3", "I8"} or figure.first is None or figure.last is None:
        return ""
    inside = [
        sums
        for month, sums in inputs["months"].items()
        if figure.first.isoformat()[:7] <= month <= figure.last.isoformat()[:7]
    ]
    whole = sum(sums["amount"] for sums in inside)
    if whole <= 0:
        return ""
    share = sum(sums["strong"] for sums in inside) * reckoning.PER_MILLE // whole
    return _("%(share)s ada buktinya", share=words.value_of(share, "per_mille"))


def _answered(criterion: dict[str, Any], told: dict[str, Any], figure: Figure | None, *, sales_used: bool) -> Answered:
    result, kind = words.RESULTS[told["result"]]
    if told["result"] == reckoning.NOT_APPLICABLE:
        sentence = _("Tidak berlaku untuk keluarga ini.")
    else:
        if told["result"] != reckoning.UNKNOWN:
            value = words.told_of(criterion["code"], told["value"], criterion["unit"])
        elif criterion["source"] == "visit":
            value = _("belum ada hasil kunjungan")
        else:
            value = words.missing_of(figure, sales_used=sales_used)
        limit = words.limit_of(criterion)
        sentence = _("%(value)s. Syarat: %(limit)s.", value=value[:1].upper() + value[1:], limit=limit)
    support = str(words.SUPPORT.get(criterion["support"], "")) if told["result"] == reckoning.NOT_MET else ""
    return Answered(criterion["code"], str(words.CRITERIA[criterion["code"]]), str(result), kind, sentence, support)


def periods_of(kpm: Kpm, code: str) -> tuple[Shown, list[Period]] | None:
    """Return a figure with the days of its rows, latest first; None when there is none, or no consent."""
    day = today(settings_of(kpm.regency_code).zone)
    used = kpm.id in queries.consenting([kpm.id], now(), day)
    inputs = measure.inputs_of(kpm.id, day, sales_used=used)
    figure = reckoning.indicators(inputs).get(code)
    if figure is None or figure.first is None or figure.last is None:
        return None
    first, last = figure.first, figure.last
    if code == "I8":
        return _shown(figure, inputs), [(first, last)]
    if code == "I7" and figure.note:  # against the three months before: six in a row
        first = reckoning.month_before(first, reckoning.QUARTER)
    periods = [(first, min(day, _end_of(last)))]
    if code == "I7" and not figure.note:
        begins, ends = (reckoning.month_before(month, reckoning.YEAR) for month in (first, last))
        periods.append((begins, _end_of(ends)))
    return _shown(figure, inputs), periods


def _end_of(month: date) -> date:
    return month_of(month)[1]

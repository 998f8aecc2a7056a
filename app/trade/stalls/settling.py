"""From the stall to the book: tally sheets, one way per product and day, the result handed in and signed by another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from app.core import audit
from app.core.clock import now
from app.core.db import db
from app.core.errors import DomainError, StaleVersion
from app.core.i18n import _l
from app.core.policy import Actor
from app.kit.rupiah import ZERO, Rupiah
from app.people.places.queries import settings_of
from app.trade.bazaars import queries as bazaars
from app.trade.bazaars import steps
from app.trade.bazaars.models import Application
from app.trade.sales import operations as book
from app.trade.sales.models import SaleRecord
from app.trade.stalls import operations, queries, reminding, rules
from app.trade.stalls.giving_way import hold_still
from app.trade.stalls.models import Settlement, StallSale, StallSheet
from app.trade.stalls.operations import Hand
from app.trade.stalls.refusals import NotHere, NotHers, Settled
from app.trade.stalls.rules import Line


class Unchosen(DomainError):
    """The same goods stand in the till and on the sheet, and nobody has said which counts."""

    status = 422
    text = _l("Ada barang yang tercatat di kasir dan di lembar. Pilih salah satu untuk setiap barang.")


class NoReason(DomainError):
    """More than a tenth is missing or too much."""

    status = 422
    text = _l("Selisihnya lebih dari sepersepuluh. Tulis alasannya, lalu setor lagi.")


class OwnResult(DomainError):
    """Nobody signs what they wrote down."""

    status = 403
    text = _l("Anda ikut mencatat lapak ini. Petugas lain yang menandatangani.")


class TooEarly(DomainError):
    """She still has time."""

    text = _l("Belum bisa: tunggu sampai batas hari, dan dua pengingat sudah terkirim.")


class NotADay(DomainError):
    """The bazaar was not open on that day."""

    status = 422
    text = _l("Bazar tidak buka pada hari itu.")


@dataclass(frozen=True)
class Sheet:
    """What stands on a tally sheet of one day."""

    key: str
    day: date
    lines: tuple[Line, ...]
    cash: Rupiah = ZERO
    other: Rupiah = ZERO


@dataclass(frozen=True)
class Result:
    """What a stall hands in: what came back, which way counts, the money, and why it does not fit."""

    cash: Rupiah
    other: Rupiah
    returned: Mapping[int, int] = field(default_factory=dict)
    damaged: Mapping[int, int] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    new_buyers: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Row:
    """One product of a settlement."""

    variant_id: int
    name: str
    taken: int
    returned: int
    damaged: int
    sold: int
    beyond: int

    @property
    def should(self) -> int:
        """What should have been sold."""
        return rules.expected(self.taken, self.beyond, self.returned, self.damaged)

    @property
    def difference(self) -> int:
        """Units that are missing (positive) or were never noted (negative)."""
        return self.should - self.sold

    @property
    def is_far(self) -> bool:
        """Whether a reason is due."""
        return rules.needs_reason(self.should, self.sold)


@dataclass(frozen=True)
class Conflict:
    """A product that one day counted twice."""

    key: str
    day: date
    name: str
    till: int
    tally: int


def enter_sheet(application: Application, sheet: Sheet, *, by: Hand) -> StallSheet:
    """Write a tally sheet down; the newest of a day replaces the one before, and the same key again finds it.

    What the till holds already waits for the settlement to choose, so that nothing is counted twice meanwhile.

    Raises:
        NotADay: the bazaar was not open then.
        NotHers: goods of another stall.
        Settled: the result was handed in.
    """
    application = operations.open_place(application.id, *rules.SELLING)
    known = queries.find_sheet_by_key(sheet.key)
    if known is not None:
        return known
    operations.unsettled(application)
    if sheet.day not in {each.day for each in application.bazaar.days}:
        raise NotADay(application)
    if {line.variant_id for line in sheet.lines} - {good.variant_id for good in queries.list_goods(application)}:
        raise NotHers(application)
    operations.check_in(application, by=by)
    stored = StallSheet(
        key=sheet.key, application_id=application.id, day=sheet.day, cash=sheet.cash, other=sheet.other,
        counts=[_plain(line) for line in sheet.lines], entered_by_id=by.actor.id,
        on_behalf_of_id=by.behalf(application),
    )  # fmt: skip
    db.session.add(stored)
    db.session.flush()
    hold_still(line.variant_id for line in sheet.lines)
    for _sale, written in queries.live_lines(application.id, "tally", sheet.day):
        operations.reverse_line(application, written, by)
    for line in sheet.lines:
        if not queries.live_lines(application.id, "till", sheet.day, line.variant_id):
            _write_tally(application, stored, line, by)
    audit.record(by.actor, "stall.sheet_entered", application)
    return stored


def _plain(line: Line) -> dict[str, object]:
    return {"variant": line.variant_id, "price": line.price.amount, "qty": line.qty}


def _lines(sheet: StallSheet) -> list[Line]:
    names = queries.names_of(each["variant"] for each in sheet.counts)
    return [
        Line(each["variant"], names.get(each["variant"], ""), Rupiah(each["price"]), each["qty"])
        for each in sheet.counts
    ]


def _write_tally(application: Application, sheet: StallSheet, line: Line, by: Hand) -> None:
    sale = StallSale(key=f"sheet:{sheet.id}:{line.variant_id}", day=sheet.day, way="tally", method="mixed")
    operations.write(application, sale, [line], by)


def list_conflicts(application: Application) -> list[Conflict]:
    """Return what stands both in the till and on a sheet, for somebody to choose."""
    found = []
    for day, sheet in sorted(queries.newest_sheets(application.id).items()):
        for line in _lines(sheet):
            till = sum(each.qty for _sale, each in queries.live_lines(application.id, "till", day, line.variant_id))
            if till:
                key = rules.choice_key(day, line.variant_id)
                found.append(Conflict(key, day, line.name, till, line.qty))
    return found


def _choose(application: Application, choices: Mapping[str, str], by: Hand) -> None:
    """Let one way count for each product and day: choosing the sheet takes the till's lines back."""
    conflicts = list_conflicts(application)
    if any(choices.get(each.key) not in rules.WAYS for each in conflicts):
        raise Unchosen(application)
    sheets = queries.newest_sheets(application.id)
    for each in conflicts:
        if choices[each.key] != "tally":
            continue
        sheet = sheets[each.day]
        told = next(line for line in _lines(sheet) if each.key == rules.choice_key(each.day, line.variant_id))
        for _sale, till in queries.live_lines(application.id, "till", each.day, told.variant_id):
            operations.reverse_line(application, till, by)
        _write_tally(application, sheet, told, by)


def list_rows(application: Application) -> list[Row]:
    """Return a stall's products with what happened to them."""
    pools = queries.pools_of(application.id)
    names = queries.names_of(pools)
    return [
        Row(number, names.get(number, ""), each.taken, each.returned, each.damaged, each.sold, each.beyond)
        for number, each in pools.items()
    ]


def submit(application: Application, result: Result, *, by: Hand) -> Settlement:
    """Hand a stall's result in.

    Raises:
        Settled: it was handed in, and waits or is signed.
        Unchosen: a product counts twice.
        TooFew: more came back than was there.
        NoReason: more than a tenth is unexplained.
    """
    application = operations.open_place(application.id, "closed")
    operations.unsettled(application)
    operations.check_in(application, by=by)
    hold_still(queries.pools_of(application.id))
    _choose(application, result.choices, by)
    operations.bring_back(application, result.returned, result.damaged, by=by)
    if not result.reason and any(row.is_far for row in list_rows(application)):
        raise NoReason(application)
    settlement = queries.find_settlement(application.id)
    if settlement is None:
        settlement = Settlement(application_id=application.id, version=0)
    settlement.submitted_by_id, settlement.submitted_at = by.actor.id, now()
    settlement.state, settlement.answer = "submitted", ""
    settlement.cash, settlement.other, settlement.new_buyers = result.cash, result.other, result.new_buyers
    settlement.choices, settlement.reason = dict(result.choices), result.reason[:300]
    settlement.version += 1
    db.session.add(settlement)
    db.session.flush()
    audit.record(by.actor, "stall.settled", application)
    return settlement


def sign(settlement: Settlement, version: int, *, by: Actor) -> None:
    """Sign another's result: from now on its sales are evidence B.

    Raises:
        OwnResult: by somebody who wrote any of it.
        StaleVersion: it was handed in anew meanwhile.
    """
    application = _answer(settlement, version, by)
    for record in _records(application):
        book.add_evidence(record, rules.EVIDENCE, rules.REASON, by_id=by.id)
    settlement.state, settlement.signed_by_id, settlement.signed_at = "signed", by.id, now()
    settlement.version += 1
    steps.move(application, "settled", by=by)
    audit.record(by, "stall.signed", application)


def send_back(settlement: Settlement, version: int, why: str, *, by: Actor) -> None:
    """Return a result with a sentence.

    Raises:
        NoReason: without one.
    """
    if not why:
        raise steps.NoReason(settlement)
    application = _answer(settlement, version, by)
    settlement.state, settlement.answer = "returned", why[:300]
    settlement.version += 1
    audit.record(by, "stall.returned", application)


def _answer(settlement: Settlement, version: int, by: Actor) -> Application:
    application = operations.open_place(settlement.application_id, "closed")
    db.session.refresh(settlement)
    if settlement.state != "submitted":
        raise Settled(settlement)
    if settlement.version != version:
        raise StaleVersion(settlement)
    if by.id in queries.enterers(application):
        raise OwnResult(settlement)
    return application


def _records(application: Application) -> Sequence[SaleRecord]:
    lines = queries.live_lines(application.id)
    return [db.session.get_one(SaleRecord, line.record_id) for _sale, line in lines]


def mark_silent(application: Application, *, by: Actor) -> Settlement:
    """Note that a stall does not report, after the days and the reminders.

    Raises:
        TooEarly: she still has time.
        Settled: she has reported.
    """
    application = operations.open_place(application.id, "closed")
    if queries.find_settlement(application.id) is not None:
        raise Settled(application)
    if not may_be_silent(application):
        raise TooEarly(application)
    if application.state == "confirmed":
        raise NotHere(application)
    settlement = Settlement(
        application_id=application.id, state="silent", cash=ZERO, other=ZERO, choices={}, submitted_by_id=by.id
    )
    db.session.add(settlement)
    db.session.flush()
    audit.record(by, "stall.silent", application)
    return settlement


def may_be_silent(application: Application) -> bool:
    """Tell whether the days are over and she was reminded twice."""
    bazaar = application.bazaar
    days = int(settings_of(bazaar.regency_code).get("bazaar.silent_days"))
    over = now() >= bazaar.ends_at + timedelta(days=days)
    return over and reminding.count_reminders(application.id) >= rules.REMINDERS


def is_open(application: Application) -> bool:
    """Tell whether a result may be handed in now."""
    settlement = queries.find_settlement(application.id)
    closed = bazaars.state_of(application.bazaar) == "closed"
    return closed and (settlement is None or settlement.state in {"returned", "silent"})

"""The report of a bazaar: figures out of the sales book, signed once, sealed, and never changed again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.core import audit
from app.core.clock import now
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.policy import Actor
from app.kit.rupiah import Rupiah
from app.trade.bazaars import queries as bazaars
from app.trade.bazaars import steps
from app.trade.bazaars.models import Application, Bazaar, Stall
from app.trade.sales import queries as book
from app.trade.sales.rules import ShopTaking
from app.trade.stalls import happening, queries, rules
from app.trade.stalls.models import Addendum, EventStock, Incident, Report, Settlement, StallLine
from app.trade.stalls.operations import BAZAAR
from app.trade.stalls.queries import Standing


class Unsettled(DomainError):
    """A stall that was there has neither handed in nor been marked."""

    text = _l("Belum semua lapak selesai: %(names)s. Tunggu setorannya, atau tandai tidak melapor.")


class OnlyHand(DomainError):
    """Whoever wrote everything down cannot sign it as well."""

    status = 403
    text = _l("Semua catatan bazar ini Anda yang mengisi. Petugas lain yang menandatangani laporan.")


class NoText(DomainError):
    """An addendum says something."""

    status = 422
    text = _l("Tulis dulu apa yang baru diketahui.")


@dataclass(frozen=True)
class Progress:
    """How far a bazaar is from its report: who has a place, and what the sales book has of it."""

    standing: list[Standing]
    brought: list[ShopTaking]

    @property
    def places(self) -> list[Application]:
        """Whoever has a place."""
        return [each.application for each in self.standing]

    @property
    def numbers(self) -> dict[int, int]:
        """The stall numbers by application."""
        return {each.application.id: each.number for each in self.standing if each.number is not None}

    @property
    def settlements(self) -> dict[int, Settlement]:
        """What was handed in, by application."""
        return {each.application.id: each.settlement for each in self.standing if each.settlement}

    @cached_property
    def takings(self) -> dict[int, Rupiah]:
        """What each shop took."""
        sums: dict[int, Rupiah] = defaultdict(lambda: Rupiah(0))
        for each in self.brought:
            sums[each.shop_id] += each.amount
        return dict(sums)

    @property
    def waiting(self) -> list[Application]:
        """Stalls that were there and are neither signed nor marked."""
        done = {number for number, each in self.settlements.items() if each.state in {"signed", "silent"}}
        return [each for each in self.places if each.state == "checked_in" and each.id not in done]


@dataclass(frozen=True)
class Words:
    """What stands in words beside figures: shop and reason of each stall, what goods were called, what happened."""

    stalls: Mapping[int, tuple[str, str]]
    goods: Mapping[int, str]
    incidents: Sequence[Incident]


def progress(bazaar: Bazaar) -> Progress:
    """Return who has handed in what."""
    return Progress(queries.list_standing(bazaar.id), takings(bazaar.id))


def takings(bazaar_id: int) -> list[ShopTaking]:
    """Return what a bazaar brought, as the sales book has it."""
    return book.list_source_takings(BAZAAR, [bazaar_id]).get(bazaar_id, [])


def figures(bazaar: Bazaar) -> dict[str, Any]:
    """Return the figures of a bazaar out of the book and the settlements: numbers and what is public, to be sealed."""
    return _draft(bazaar, progress(bazaar))[0]


def drafted(bazaar: Bazaar) -> tuple[list[Application], dict[str, Any]]:
    """Return whom a report still waits for, and what it would say now: figures with their words."""
    state = progress(bazaar)
    return state.waiting, _in_words(*_draft(bazaar, state))


def _draft(bazaar: Bazaar, state: Progress) -> tuple[dict[str, Any], Words]:
    pools = queries.pools_at([each.id for each in state.places])
    there = [each for each in state.standing if each.application.state != "confirmed"]
    stalls = [_stall(each, state, pools[each.application.id]) for each in there]
    lines, incidents = queries.list_lines_of(bazaar.id), happening.list_incidents(bazaar.id)
    areas, first_buyers = queries.count_around(bazaar)
    live = [(sale, line) for sale, line in lines if line.reversal_id is None]
    found = {
        "bazaar": bazaar.name,
        "place": bazaar.place,
        "days": [each.day.isoformat() for each in bazaar.days],
        "stalls": stalls,
        "products": _products(line for _sale, line in live),
        "grades": _grades(state.brought),
        "total": sum(each["amount"] for each in stalls),
        "sellers": sum(1 for each in stalls if each["amount"]),
        "baskets": len({sale.id for sale, _line in live if sale.way == "till"}),
        "kecamatan": sorted({each["kecamatan"] for each in stalls if each["amount"]}),
        "kecamatan_all": areas,
        "first_buyers": rules.shown(first_buyers),
        "new_buyers": sum(each["new_buyers"] or 0 for each in stalls),
        "new_buyers_from": sum(1 for each in stalls if each["new_buyers"] is not None),
        "incidents": [
            {"incident": each.id, "kind": each.kind, "at": each.happened_at.isoformat()} for each in incidents
        ],
    }
    told = {each.application.id: (each.application.shop.name, _reason(each)) for each in there}
    return found, Words(told, {line.variant_id: line.name for _sale, line in lines}, incidents)


def told(bazaar_id: int, figures: Mapping[str, Any]) -> dict[str, Any]:
    """Return signed figures with the words that stand beside them: shops, reasons, and what the goods were called."""
    incidents = happening.list_incidents(bazaar_id)
    return _in_words(figures, Words(queries.list_told(bazaar_id), queries.names_sold(bazaar_id), incidents))


def _in_words(figures: Mapping[str, Any], words: Words) -> dict[str, Any]:
    told = ((each, words.stalls[each["application"]]) for each in figures["stalls"])
    stalls = [{**each, "shop": shop, "reason": reason} for each, (shop, reason) in told]
    products = [{**each, "name": words.goods[each["variant"]]} for each in figures["products"]]
    known = {each.id: each for each in words.incidents}
    # Reports that were signed before incidents were written down name none.
    incidents = [known[each["incident"]] for each in figures.get("incidents", ())]
    return {**figures, "stalls": stalls, "products": products, "incidents": incidents}


def _reason(place: Standing) -> str:
    return place.settlement.reason if place.settlement else ""


def numbers_of(bazaar_id: int) -> dict[int, int]:
    """Return the stall numbers by application."""
    stalls: list[Stall] = bazaars.list_stalls(bazaar_id)
    pairs = ((each.main_application_id, each.number) for each in stalls)
    shared = ((each.second_application_id, each.number) for each in stalls)
    return {number: place for number, place in (*pairs, *shared) if number is not None}


def _stall(place: Standing, state: Progress, pools: Sequence[EventStock]) -> dict[str, Any]:
    application, settlement = place.application, place.settlement
    told = settlement is not None and settlement.state == "signed"
    return {
        "application": application.id,
        "number": place.number,
        "kecamatan": place.kecamatan,
        "amount": state.takings.get(application.shop_id, Rupiah(0)).amount,
        "taken": sum(each.taken for each in pools),
        "sold": sum(each.sold for each in pools),
        "returned": sum(each.returned for each in pools),
        "damaged": sum(each.damaged for each in pools),
        "unexplained": sum(each.left for each in pools),
        "beyond": sum(each.beyond for each in pools),
        "cash": settlement.cash.amount if told and settlement else None,
        "other": settlement.other.amount if told and settlement else None,
        "new_buyers": settlement.new_buyers if told and settlement else None,
        "state": settlement.state if settlement else "",
    }


def _products(lines: Iterable[StallLine]) -> list[dict[str, Any]]:
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for line in lines:
        sums[line.variant_id][0] += line.qty
        sums[line.variant_id][1] += (line.price * line.qty).amount
    rows = [{"variant": variant, "qty": qty, "amount": amount} for variant, (qty, amount) in sums.items()]
    return sorted(rows, key=lambda row: (-row["amount"], row["variant"]))


def _grades(brought: Iterable[ShopTaking]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for each in brought:
        sums[each.grade] += each.amount.amount
    return {grade: amount for grade, amount in sums.items() if amount}


def freeze(bazaar: Bazaar, *, by: Actor) -> Report:
    """Sign the report: who was never there is noted as absent, the figures are sealed, the bazaar is reported.

    Raises:
        NotNow: it is not over, or reported already.
        Unsettled: a stall that was there has not finished.
        OnlyHand: the signer wrote all of it.
    """
    bazaar = steps.begin(bazaar, "closed")
    state = progress(bazaar)
    if state.waiting:
        raise Unsettled(bazaar, names=", ".join(each.shop.name for each in state.waiting))
    if hands(bazaar.id) == {by.id}:
        raise OnlyHand(bazaar)
    for application in state.places:
        if application.state == "confirmed":
            steps.end(application, "no_show", by=by)
    found = figures(bazaar)
    report = Report(
        bazaar_id=bazaar.id, figures=found, rule=rules.RULE, sha256=rules.seal(found, rules.RULE), signed_by_id=by.id,
        signed_at=now(),
    )  # fmt: skip
    db.session.add(report)
    steps.move_bazaar(bazaar, "reported", by=by)
    audit.record(by, "bazaar.report_signed", report, sha256=report.sha256)
    return report


def hands(bazaar_id: int) -> set[int]:
    """Return the accounts that entered anything; helpers stand for nobody."""
    found: set[int] = set()
    for application in queries.list_places(bazaar_id):
        found |= queries.typists(application.id)
    return found


def add_addendum(report: Report, key: str, text: str, *, by: Actor) -> Addendum:
    """Put beside a report what became known later; the same key again finds it.

    Raises:
        NoText: nothing is said.
    """
    known = next((each for each in queries.list_addenda(report.id) if each.key == key), None)
    if known is not None:
        return known
    if not text:
        raise NoText(report)
    addendum = Addendum(key=key, report_id=report.id, text=text[:500], by_id=by.id)
    db.session.add(addendum)
    db.session.flush()
    audit.record(by, "bazaar.report_addendum", report)
    return addendum

"""What the office does with a bazaar: schedule it, have it signed, lengthen it, put it off, call it off."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, func, select

from app.core import audit
from app.core.clock import now
from app.core.db import db
from app.core.errors import DomainError, StaleVersion
from app.core.i18n import _l
from app.core.policy import Actor
from app.kit import slugs
from app.kit.periods import zone_named
from app.kit.rupiah import ZERO, Rupiah
from app.people.accounts.operations import KeyReused, lock_key
from app.people.places.queries import settings_of
from app.trade.bazaars import asked, plans, queries, rules, steps
from app.trade.bazaars.models import Bazaar, BazaarDay, EventPool, Proposal, Rubric

SLUG_MOST = 80


class Impossible(DomainError):
    """The settings contradict each other; `problems` says where and why."""

    status = 422
    text = _l("Pengaturan bazar ini belum bisa dipakai.")

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__()
        self.problems = problems


class Frozen(DomainError):
    """While the call is open only more is possible, never less."""

    text = _l("Pendaftaran sudah dibuka: tempat hanya boleh ditambah, tanggal hanya boleh diundur.")


class OwnEntry(DomainError):
    """Nobody signs what they asked for."""

    status = 403
    text = _l("Ini permintaan Anda sendiri. Orang lain yang menandatangani.")


class AlreadyAnswered(DomainError):
    """Somebody was quicker."""

    text = _l("Permintaan ini sudah dijawab.")


class AlreadyAsked(DomainError):
    """The same question waits already."""

    text = _l("Permintaan yang sama masih menunggu tanda tangan.")


@dataclass(frozen=True)
class Day:
    """One day on the clock of the kabupaten."""

    day: date
    opens: time
    closes: time


@dataclass(frozen=True)
class Settings:
    """Everything an officer sets. Names are those of the columns."""

    name: str
    place: str
    contact: str
    stall_count: int
    host_event: str = ""
    story: str = ""
    programme: str = ""
    kecamatan_code: str | None = None
    desa_code: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    soft_deadline: datetime | None = None
    hard_deadline: datetime | None = None
    decision_at: datetime | None = None
    reserved_until: datetime | None = None
    standstill_days: int = 3
    rubric_version: str = rules.RUBRIC_VERSION
    fee: Rupiah = ZERO
    fee_note: str = ""


def load() -> int:
    """Store the first version of the rubric; returns how many were added."""
    if db.session.scalar(select(func.count()).select_from(Rubric)):
        return 0
    parts = [{"key": key, "most": most} for key, most in rules.RUBRIC]
    db.session.add(Rubric(version=rules.RUBRIC_VERSION, parts=parts))
    db.session.flush()
    return 1


def create(key: str, settings: Settings, days: Sequence[Day], pools: Sequence[rules.Pool], *, by: Actor) -> Bazaar:
    """Note a bazaar as a draft; the same form again finds it.

    Raises:
        KeyReused: the key came before with other contents, or from somebody else.
    """
    lock_key(f"bazaar:{key}")
    before = queries.find_by_key(key)
    if before is not None:
        if before.created_by_id != by.id or not _is_same(before, settings, days, pools):
            raise KeyReused(before)
        return before
    bazaar = Bazaar(creation_key=key, regency_code=by.region_code, created_by_id=by.id, slug=_free_slug(settings, days))
    _set(bazaar, settings, days)
    db.session.add(bazaar)
    db.session.flush()
    write_days(bazaar, days)
    _write_pools(bazaar, pools)
    steps.note(bazaar.id, "", "draft", by=by)
    audit.record(by, "bazaar.created", bazaar)
    return bazaar


def edit(
    bazaar: Bazaar, version: int, settings: Settings, days: Sequence[Day], pools: Sequence[rules.Pool], *, by: Actor
) -> None:
    """Write a draft anew.

    Raises:
        StaleVersion: somebody saved meanwhile.
        NotNow: it is no draft any more.
    """
    bazaar = steps.begin(bazaar, "draft")
    if bazaar.version != version:
        raise StaleVersion(bazaar)
    if any(p.kind == "open_call" and not p.answer for p in asked.list_proposals(bazaar.id)):
        raise AlreadyAsked(bazaar)
    _set(bazaar, settings, days)
    bazaar.version += 1
    db.session.execute(delete(EventPool).where(EventPool.bazaar_id == bazaar.id))
    write_days(bazaar, days)
    _write_pools(bazaar, pools)
    audit.record(by, "bazaar.edited", bazaar)


def _is_same(bazaar: Bazaar, settings: Settings, days: Sequence[Day], pools: Sequence[rules.Pool]) -> bool:
    """Tell whether a bazaar is what a form says."""
    told = {each.name: getattr(settings, each.name) for each in fields(settings)}
    stored_days = [Day(each.day, each.opens, each.closes) for each in bazaar.days]
    same_pools = sorted(queries.pools_of(bazaar), key=str) == sorted(pools, key=str)
    same_facts = all(getattr(bazaar, name) == value for name, value in told.items())
    return same_facts and same_pools and stored_days == sorted(days, key=lambda each: each.day)


def _set(bazaar: Bazaar, settings: Settings, days: Sequence[Day]) -> None:
    for each in fields(settings):
        setattr(bazaar, each.name, getattr(settings, each.name))
    set_span(bazaar, days)


def set_span(bazaar: Bazaar, days: Sequence[Day]) -> None:
    """Put the first opening and the last closing beside the days."""
    bazaar.starts_at, bazaar.ends_at = span_of(days, bazaar.regency_code)


def span_of(days: Sequence[Day], regency_code: str) -> tuple[datetime, datetime]:
    """Return the first opening and the last closing, on the clock of the kabupaten."""
    zone = zone_named(settings_of(regency_code).zone)
    opens = (zone.at(each.day, each.opens) for each in days)
    return min(opens), max(zone.at(each.day, each.closes) for each in days)


def write_days(bazaar: Bazaar, days: Sequence[Day]) -> None:
    """Store the days anew."""
    db.session.execute(delete(BazaarDay).where(BazaarDay.bazaar_id == bazaar.id))
    rows = [BazaarDay(bazaar_id=bazaar.id, day=each.day, opens=each.opens, closes=each.closes) for each in days]
    db.session.add_all(rows)
    db.session.flush()
    db.session.expire(bazaar, ["days"])


def _write_pools(bazaar: Bazaar, pools: Sequence[rules.Pool]) -> None:
    rows = [EventPool(bazaar_id=bazaar.id, key=each.key, kind=each.kind, capacity=each.capacity) for each in pools]
    db.session.add_all(rows)
    db.session.flush()
    db.session.expire(bazaar, ["pools"])


def _free_slug(settings: Settings, days: Sequence[Day]) -> str:
    """Return an address out of the name and the month, which posters carry for ever."""
    month = f"{min(each.day for each in days):%Y-%m}"
    for tail in (month, f"{month}-{secrets.token_hex(2)}"):
        slug = slugs.slug_with(settings.name, tail, SLUG_MOST)
        if db.session.scalar(select(Bazaar.id).where(Bazaar.slug == slug)) is None:
            return slug
    return slugs.slug_with(settings.name, secrets.token_hex(6), SLUG_MOST)


def plan_of(bazaar: Bazaar) -> plans.Plan:
    """Return the settings as far as they can contradict each other."""
    span = (bazaar.starts_at, bazaar.ends_at)
    return _plan(bazaar, span, bazaar.rubric_version, tuple(queries.pools_of(bazaar)))


def problems_of(
    settings: Settings, days: Sequence[Day], pools: Sequence[rules.Pool], regency_code: str
) -> dict[str, str]:
    """Return what cannot be in settings that nobody has stored yet, as field → reason."""
    span = span_of(days, regency_code)
    return plans.impossible(_plan(settings, span, settings.rubric_version, tuple(pools)), now())


def _plan(
    given: Settings | Bazaar, span: tuple[datetime, datetime], rubric: str, pools: tuple[rules.Pool, ...]
) -> plans.Plan:
    return plans.Plan(
        starts_at=span[0],
        ends_at=span[1],
        soft=given.soft_deadline,
        hard=given.hard_deadline,
        decision=given.decision_at,
        reserved_until=given.reserved_until,
        standstill=timedelta(days=given.standstill_days),
        stalls=given.stall_count,
        pools=pools,
        contact=given.contact,
        place=given.place,
        rubric=rubric,
    )


def ask_to_open(bazaar: Bazaar, *, by: Actor) -> Proposal:
    """Ask for the second signature that opens the call.

    Raises:
        Impossible: the settings contradict each other.
    """
    bazaar = steps.begin(bazaar, "draft")
    problems = plans.impossible(plan_of(bazaar), now())
    if problems:
        raise Impossible(problems)
    return _ask(bazaar, "open_call", {}, by=by)


def ask_for_more(bazaar: Bazaar, key: str, capacity: int, note: str, *, by: Actor) -> Proposal:
    """Ask for the second signature under more places in a pool.

    Raises:
        Frozen: it is not more than there is, or more than the hall or the ground holds.
    """
    bazaar = steps.begin(bazaar, "open_call", "curation", "published")
    pools = {pool.key: pool for pool in queries.pools_of(bazaar)}
    if key not in pools or capacity <= pools[key].capacity:
        raise Frozen(bazaar)
    wider = tuple(rules.Pool(p.key, capacity if p.key == key else p.capacity, p.kind) for p in pools.values())
    problems = plans.beyond(wider, bazaar.stall_count)
    if problems:
        raise Impossible(problems)
    return _ask(bazaar, "capacity", {"pool": key, "capacity": capacity}, note=note, by=by)


def _ask(bazaar: Bazaar, kind: str, facts: dict[str, object], *, by: Actor, note: str = "") -> Proposal:
    if any(each.kind == kind and not each.answer for each in asked.list_proposals(bazaar.id)):
        raise AlreadyAsked(bazaar)
    proposal = Proposal(bazaar_id=bazaar.id, kind=kind, facts=facts, note=note, asked_by_id=by.id)
    db.session.add(proposal)
    audit.record(by, f"bazaar.{kind}.asked", bazaar)
    return proposal


def answer(proposal: Proposal, answer: str, note: str, *, by: Actor) -> None:
    """Sign, or return with a sentence.

    Raises:
        OwnEntry: by the one who asked, or who made the bazaar.
        AlreadyAnswered: somebody was quicker.
        NoReason: returned without a word.
    """
    bazaar = steps.begin(proposal.bazaar_id)
    db.session.refresh(proposal)
    if proposal.answer:
        raise AlreadyAnswered(proposal)
    if by.id in {proposal.asked_by_id, bazaar.created_by_id}:
        raise OwnEntry(proposal)
    if answer == "returned" and not note:
        raise steps.NoReason(proposal)
    proposal.answer, proposal.answer_note = answer, note
    proposal.answered_by_id, proposal.answered_at = by.id, now()
    audit.record(by, f"bazaar.{proposal.kind}.{answer}", bazaar)
    if answer == "signed":
        (_open if proposal.kind == "open_call" else _widen)(bazaar, proposal, by=by)


def _open(bazaar: Bazaar, proposal: Proposal, *, by: Actor) -> None:
    problems = plans.impossible(plan_of(bazaar), now())
    if problems:
        raise Impossible(problems)
    bazaar.opened_at = now()
    steps.move_bazaar(bazaar, "open_call", by=by)


def _widen(bazaar: Bazaar, proposal: Proposal, *, by: Actor) -> None:
    key, capacity = str(proposal.facts["pool"]), int(proposal.facts["capacity"])
    if bazaar.state not in {"open_call", "curation", "published"}:
        raise steps.NotNow(bazaar)
    pool = next(each for each in queries.list_pools(bazaar.id) if each.key == key)
    if capacity <= pool.capacity:
        raise Frozen(bazaar)
    pool.capacity = capacity
    db.session.flush()
    steps.tell_all(bazaar, "more_places", str(proposal.id), pool=key, capacity=capacity)
    if bazaar.state == "published":
        steps.promote(bazaar)

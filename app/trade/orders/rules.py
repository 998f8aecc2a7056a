"""The life of an order as one table, its clocks, and what its money says; no database, no clock of its own.

Source: spec/trade.md (states, default clocks, money status).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Protocol

from app.kit.periods import NIGHT, Night, out_of_night, zone_named
from app.kit.rupiah import ZERO, Rupiah
from app.trade.orders.meeting import Doorstep, Need, Spot

OPEN: Final = ("placed", "amended", "accepted", "ready")
TURNED_DOWN: Final = (
    "refused", "cancelled_buyer", "cancelled_seller", "cancelled_admin",
    "expired_silent", "expired_unpaid", "expired_amend", "not_collected",
)  # fmt: skip
ENDS: Final = ("handed_over", *TURNED_DOWN)
PREPAY: Final = ("qris_seller", "transfer_seller")
# The treasurer of an office pays after the goods are there.
LATER: Final = ("paid_elsewhere",)
COD: Final = "cash_cod"
COLLECTED: Final = "cash_pickup"
CLOCKS: Final = ("accept_by", "amend_by", "pay_by", "ready_by", "collect_by")

ASKED_BY_BUYER: Final = "permintaan_pembeli"
NOT_PREPARED: Final = "tidak_disiapkan"
REST_UNPAID: Final = "sisa_tidak_dibayar"
OUT_OF_STOCK: Final = "habis"
OTHER_DAY: Final = "hari_lain"
REFUSALS: Final = (OUT_OF_STOCK, "tidak_sempat", "tutup", "lainnya")
BUYER_REASONS: Final = ("berubah_pikiran", "salah_pesan", "terlalu_lama", "lainnya")
SELLER_REASONS: Final = (OUT_OF_STOCK, "rusak", "tidak_sempat", ASKED_BY_BUYER, "lainnya")
OTHER: Final = "lainnya"
DAY: Final = 24
OWING: Final = ("refund_due", "over")
OFFICE_REASONS: Final = ("penjual_diam", "barang_bermasalah", "pesanan_palsu", OTHER)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing in the cart and the price its buyer last saw."""

    variant_id: int
    qty: int
    price_seen: Rupiah


@dataclass(frozen=True, slots=True)
class Block:
    """One seller's part of a cart; `at` is the bazaar where it will be collected, `to` the door she brings it to.

    With neither it is collected at the seller's. `delivery` is the fee that the buyer saw.
    `need` is that of the office that orders, if it is one. `day` is when what is made to order shall be ready: None for
    the first day on which it can be.
    """

    shop_id: int
    lines: tuple[Wanted, ...]
    method: str = "cash_pickup"
    delivery: Rupiah = ZERO
    at: Spot | None = None
    need: Need | None = None
    to: Doorstep | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Checkout:
    """One submit. `key` is the form's idempotency key, `phone` E.164."""

    key: str
    name: str
    phone: str
    note: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What is different from what the buyer saw.

    `kind`: `sold_out` (`available` units are left), `price` (`price` is the new one), `withdrawn` (the product is no
    longer sold), `paused` (the shop takes no orders), `closed` (until `closed_until`), `full_day` (`available`
    units can be made on `day`).
    Of a shop's whole part, with `shop_id`: `least` (`price` is the smallest sum it takes), `fee` (`price` is the new
    one), `not_brought` (she does not bring it there), `pay_first` (so far away no cash comes with the goods), `no_door`
    (nobody collects there, and she was not told where to bring it).
    """

    variant_id: int
    kind: str
    available: int | None = None
    price: Rupiah | None = None
    closed_until: object = None
    shop_id: int = 0
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One lawful transition.

    `stock`: `hold`, `shrink` (release the difference), `keep`, `sell`, `release`, `ask` (release, or waste when the
    goods did not survive), `later` (release; the seller says afterwards whether they did).
    `starts` names the only clocks that run afterwards. `needs` names guards of the operations.
    """

    act: str
    before: str
    after: str
    who: tuple[str, ...]
    stock: str
    starts: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


_GOING: Final = ("pay_by", "ready_by")
STEPS: Final = (
    Step("place", "", "placed", ("buyer",), "hold", ("accept_by",)),
    Step("accept", "placed", "accepted", ("seller",), "keep", _GOING),
    Step("offer_less", "placed", "amended", ("seller",), "shrink", ("amend_by",)),
    Step("refuse", "placed", "refused", ("seller",), "release"),
    Step("cancel_by_buyer", "placed", "cancelled_buyer", ("buyer",), "release"),
    Step("cancel_by_admin", "placed", "cancelled_admin", ("admin",), "release"),
    Step("lapse_silent", "placed", "expired_silent", ("time",), "release"),
    Step("agree", "amended", "accepted", ("buyer",), "keep", _GOING),
    Step("cancel_by_buyer", "amended", "cancelled_buyer", ("buyer",), "release"),
    Step("cancel_by_admin", "amended", "cancelled_admin", ("admin",), "release"),
    Step("lapse_amend", "amended", "expired_amend", ("time",), "release"),
    Step("mark_ready", "accepted", "ready", ("seller",), "keep", ("collect_by",), ("safe", "paid_ahead")),
    Step("cancel_by_buyer", "accepted", "cancelled_buyer", ("buyer",), "release"),
    Step("cancel_by_seller", "accepted", "cancelled_seller", ("seller",), "ask"),
    Step("cancel_by_admin", "accepted", "cancelled_admin", ("admin",), "release"),
    Step("lapse_unpaid", "accepted", "expired_unpaid", ("time",), "release"),
    Step("lapse_rest", "accepted", "cancelled_seller", ("time",), "release"),
    Step("lapse_ready", "accepted", "cancelled_seller", ("time",), "release"),
    Step("hand_over", "ready", "handed_over", ("seller",), "sell", (), ("safe", "paid_ahead")),
    Step("not_collected", "ready", "not_collected", ("seller",), "ask"),
    Step("lapse_collect", "ready", "not_collected", ("time",), "later"),
    Step("cancel_by_seller", "ready", "cancelled_seller", ("seller",), "ask"),
    Step("cancel_by_admin", "ready", "cancelled_admin", ("admin",), "later"),
    Step("revive", "expired_unpaid", "accepted", ("seller",), "hold", _GOING),
)

LAPSES: Final = (
    ("placed", "accept_by", "lapse_silent"),
    ("amended", "amend_by", "lapse_amend"),
    ("accepted", "pay_by", "lapse_unpaid"),
    ("accepted", "ready_by", "lapse_ready"),
    ("ready", "collect_by", "lapse_collect"),
)
REASONS: Final = {"lapse_ready": NOT_PREPARED, "lapse_rest": REST_UNPAID}


def find_step(act: str, state: str) -> Step | None:
    """Return the transition that an act makes from a state, None when the table has none.

    >>> find_step("accept", "placed").after, find_step("accept", "ready")
    ('accepted', None)
    """
    return next((step for step in STEPS if step.act == act and step.before == state), None)


class Clocked(Protocol):
    """The part of an order that time looks at."""

    @property
    def state(self) -> str:
        """Where the order was left by people."""

    @property
    def accept_by(self) -> datetime | None:
        """Until when the seller may answer."""

    @property
    def amend_by(self) -> datetime | None:
        """Until when the buyer may agree."""

    @property
    def pay_by(self) -> datetime | None:
        """Until when money must have come."""

    @property
    def ready_by(self) -> datetime | None:
        """Until when the goods must be packed."""

    @property
    def collect_by(self) -> datetime | None:
        """Until when the goods wait for the buyer."""


def lapse(order: Clocked, moment: datetime, *, paid: Rupiah = ZERO) -> Step | None:
    """Return the transition that time has made by `moment`: of several clocks that ran out, the first."""
    passed = [
        (by, act)
        for state, clock, act in LAPSES
        if state == order.state and (by := getattr(order, clock)) is not None and by <= moment
    ]
    if not passed:
        return None
    act = min(passed)[1]
    if act == "lapse_unpaid" and paid.amount > 0:
        act = "lapse_rest"
    return find_step(act, order.state)


def effective(order: Clocked, moment: datetime, *, paid: Rupiah = ZERO) -> str:
    """Return the state that holds at `moment`, whether or not a job has written it down yet."""
    step = lapse(order, moment, paid=paid)
    return step.after if step else order.state


def deadline(order: Clocked) -> datetime | None:
    """Return when the next clock of an open order ends."""
    running = [by for state, clock, _ in LAPSES if state == order.state and (by := getattr(order, clock)) is not None]
    return min(running, default=None)


@dataclass(frozen=True, slots=True)
class Hours:
    """How long each clock of a kabupaten runs, and the nights of its zone, in which none ends."""

    accept: int
    amend: int
    pay: int
    ready_grace: int
    collect: int
    promise: int
    zone: str
    night: Night = NIGHT
    ready_at: int = 17
    days_ahead: int = 30
    bazaar_grace: int = 2
    remind: int = 2
    silent: int = 12
    at_risk: int = 12
    claim: int = 24
    refund: int = 72
    refund_late: int = 168
    treasurer: int = 336

    @classmethod
    def of(cls, get: Callable[[str], int], zone: str) -> Hours:
        """Read them from settings."""
        return cls(
            accept=get("clock.accept_hours"),
            amend=get("clock.amend_hours"),
            pay=get("clock.pay_hours"),
            ready_grace=get("clock.ready_grace_hours"),
            collect=get("clock.collect_hours"),
            promise=get("clock.promise_hours"),
            zone=zone,
            night=Night(get("clock.night_from"), get("clock.night_until")),
            ready_at=get("clock.ready_hour"),
            days_ahead=get("orders.days_ahead"),
            bazaar_grace=get("clock.bazaar_grace_hours"),
            remind=get("clock.remind_hours"),
            silent=get("clock.silent_hours"),
            at_risk=get("clock.at_risk_hours"),
            claim=get("clock.claim_hours"),
            refund=get("clock.refund_days") * DAY,
            refund_late=get("clock.refund_late_days") * DAY,
            treasurer=get("clock.treasurer_days") * DAY,
        )

    def after(self, moment: datetime, hours: int) -> datetime:
        """Return the moment so many hours later; never in the night."""
        return out_of_night(moment + timedelta(hours=hours), self.zone, self.night)

    def begun(self, moment: datetime, hours: int) -> datetime:
        """Return the latest beginning whose clock of so many hours has ended by `moment`: `after` turned round."""
        clock = zone_named(self.zone)
        here = clock.local(moment)
        if self.night.holds(here.hour):
            days_back = int(self.night.over_midnight and here.hour < self.night.morning)
            fell = clock.at(here.date() - timedelta(days=days_back), time(self.night.falls))
            moment = fell - timedelta(microseconds=1)
        return moment.astimezone(UTC) - timedelta(hours=hours)

    def over(self, closes: datetime) -> datetime:
        """Return until when goods may still be handed over at a bazaar: a while after its closing."""
        return self.after(closes, self.bazaar_grace)


def promise(moment: datetime, promised_at: datetime | None, hours: Hours) -> datetime:
    """Return when the goods are promised: as agreed, or the usual time from now when nothing or the past was agreed."""
    if promised_at is not None and promised_at > moment:
        return promised_at
    return hours.after(moment, hours.promise)


def clocks(
    step: Step, moment: datetime, hours: Hours, *, promised_at: datetime, pays: bool
) -> dict[str, datetime | None]:
    """Return every clock as it stands after a step; `pays` tells whether money must still come ahead of the goods."""
    # What is packed long before the day it was promised for waits for the buyer from that day on.
    early = promised_at > moment + timedelta(hours=hours.promise)
    ends = {
        "accept_by": hours.after(moment, hours.accept),
        "amend_by": hours.after(moment, hours.amend),
        "pay_by": hours.after(moment, hours.pay) if pays else None,
        "ready_by": hours.after(max(promised_at, moment), hours.ready_grace),
        "collect_by": hours.after(promised_at if early else moment, hours.collect),
    }
    return {name: ends[name] if name in step.starts else None for name in CLOCKS}


@dataclass(frozen=True, slots=True)
class Entry:
    """What one money entry says."""

    kind: str
    state: str
    amount: Rupiah


@dataclass(frozen=True, slots=True)
class Money:
    """Where the money of an order stands. `status` is one of the eight words of the specification."""

    status: str
    paid: Rupiah
    due: Rupiah

    @property
    def rest(self) -> Rupiah:
        """What is still to be paid; negative when too much was."""
        return self.due - self.paid


def due(state: str, units: Iterable[tuple[Rupiah, int, int]], delivery: Rupiah, unique: Rupiah) -> Rupiah:
    """Return what the buyer owes for (price, agreed, refunded) lines; nothing once the order was turned down.

    >>> due("placed", [(Rupiah(5_000), 3, 1)], Rupiah(2_000), ZERO)
    Rupiah(amount=12000)
    """
    if state in TURNED_DOWN:
        return ZERO
    return Rupiah.total(price * (agreed - refunded) for price, agreed, refunded in units) + delivery + unique


def paid(entries: Iterable[Entry]) -> Rupiah:
    """Return confirmed payments less confirmed refunds."""
    confirmed = [entry for entry in entries if entry.state == "confirmed"]
    return Rupiah.total(entry.amount if entry.kind == "payment" else -entry.amount for entry in confirmed)


def money(state: str, owed: Rupiah, entries: Sequence[Entry]) -> Money:
    """Return where the money of an order stands."""
    came = paid(entries)
    return Money(money_status(state, owed, entries), came, ZERO if state in TURNED_DOWN else owed)


def money_status(state: str, owed: Rupiah, entries: Sequence[Entry]) -> str:
    """Name where the money stands: entries and lines decide, nothing is stored.

    >>> money_status("ready", Rupiah(5), [Entry("payment", "confirmed", Rupiah(3))])
    'partial'
    """
    came = paid(entries).amount
    if any(entry.state == "claimed" for entry in entries):
        return "refund_check" if state in TURNED_DOWN else "claimed"
    if state in TURNED_DOWN and came > 0:
        return "refund_due"
    if came <= 0:
        if any(entry.state == "confirmed" for entry in entries):
            return "refunded"
        # All of it went back before the treasurer of an office paid: nothing is due any more.
        return "settled" if state == "handed_over" and owed == ZERO else "none"
    if came < owed.amount:
        return "partial"
    return "settled" if came == owed.amount else "over"


WAITING_FOR_PEOPLE: Final = ("claimed", "refund_check", "refund_due", "over")


def ask_people(state: str, status: str) -> bool:
    """Tell whether somebody must answer about money: such orders stand on a list that climbs to the facilitator."""
    return status in WAITING_FOR_PEOPLE or (state == "accepted" and status == "partial") or is_unpaid(state, status)


def is_unpaid(state: str, status: str) -> bool:
    """Tell whether goods are there and their money is still to come: what a treasurer pays later."""
    return state == "handed_over" and status in {"none", "partial"}


def is_settled(state: str, status: str) -> bool:
    """Tell whether nothing is left to do: the goods' end and the money agree."""
    if state == "handed_over":
        return status in {"settled", "refunded"}
    return state in TURNED_DOWN and status in {"none", "refunded"}

"""The table of an order's life, its clocks and its money, without a database."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.kit.periods import WIB, WIT
from app.kit.rupiah import ZERO, Rupiah
from app.office.administration.adjustable import GROUPS
from app.people.places.rules import DEFAULTS, value
from app.trade.orders import rules, rungs
from app.trade.orders.models import STATES
from app.trade.orders.rules import Entry, Hours

HOURS = Hours(accept=24, amend=24, pay=24, ready_grace=48, collect=72, promise=24, zone="Asia/Jakarta")
NOON = WIB.at(date(2026, 12, 5), time(12))
# What trade.md allows and to whom, written out once more by hand.
EXITS = {
    "": {"placed": {"buyer"}},
    "placed": {
        "accepted": {"seller"}, "amended": {"seller"}, "refused": {"seller"}, "cancelled_buyer": {"buyer"},
        "cancelled_admin": {"admin"}, "expired_silent": {"time"},
    },
    "amended": {
        "accepted": {"buyer"}, "cancelled_buyer": {"buyer"}, "cancelled_admin": {"admin"}, "expired_amend": {"time"},
    },
    "accepted": {
        "ready": {"seller"}, "cancelled_buyer": {"buyer"}, "cancelled_seller": {"seller", "time"},
        "cancelled_admin": {"admin"}, "expired_unpaid": {"time"},
    },
    "ready": {
        "handed_over": {"seller"}, "not_collected": {"seller", "time"}, "cancelled_seller": {"seller"},
        "cancelled_admin": {"admin"},
    },
    "expired_unpaid": {"accepted": {"seller"}},
}  # fmt: skip


@dataclass
class Clocks:
    """An order as time sees it."""

    state: str
    accept_by: datetime | None = None
    amend_by: datetime | None = None
    pay_by: datetime | None = None
    ready_by: datetime | None = None
    collect_by: datetime | None = None


def test_the_table_is_the_one_of_the_specification():
    exits = defaultdict(lambda: defaultdict(set))
    for step in rules.STEPS:
        exits[step.before][step.after].update(step.who)

    assert exits == EXITS
    assert {step.after for step in rules.STEPS} == set(STATES) == {*rules.OPEN, *rules.ENDS}


def test_an_act_makes_one_transition_from_each_state():
    assert len({(step.act, step.before) for step in rules.STEPS}) == len(rules.STEPS)


def test_every_open_state_has_a_clock_and_no_end_has_one():
    watched = defaultdict(set)
    for state, clock, act in rules.LAPSES:
        watched[state].add(clock)
        assert rules.find_step(act, state) is not None
    assert set(watched) == set(rules.OPEN)
    for step in rules.STEPS:
        assert set(step.starts) == watched[step.after]


def test_goods_are_held_while_open_and_never_after():
    for step in rules.STEPS:
        if step.after in rules.OPEN:
            assert step.stock == (
                "hold" if step.before not in rules.OPEN else "shrink" if step.after == "amended" else "keep"
            )
        elif step.after == "handed_over":
            assert step.stock == "sell"
        else:  # what lay packed is asked for, at once or afterwards
            assert step.stock in ({"ask", "later"} if step.before == "ready" else {"release", "ask"})


def test_goods_leave_her_hands_only_safe_and_paid():
    for step in rules.STEPS:
        assert step.needs == (("safe", "paid_ahead") if step.after in {"ready", "handed_over"} else ())


def test_only_the_seller_hands_over_and_only_time_lets_things_lapse():
    for step in rules.STEPS:
        assert step.act.startswith("lapse") == (step.who == ("time",))
        assert (step.stock == "sell") == (step.act == "hand_over")


@pytest.mark.parametrize(("state", "clock", "act"), rules.LAPSES)
def test_a_clock_ends_its_order_at_its_minute(state, clock, act):
    order = Clocks(state, **{clock: NOON})

    assert rules.effective(order, NOON - timedelta(microseconds=1)) == state
    assert rules.lapse(order, NOON).act == act
    assert rules.effective(order, NOON + timedelta(days=400)) in rules.TURNED_DOWN


def test_of_two_clocks_that_ran_out_the_first_counts():
    order = Clocks("accepted", pay_by=NOON, ready_by=NOON + timedelta(hours=1))

    assert rules.effective(order, NOON + timedelta(hours=2)) == "expired_unpaid"


def test_an_unpaid_rest_is_not_an_unpaid_order():
    order = Clocks("accepted", pay_by=NOON)

    assert rules.lapse(order, NOON, paid=Rupiah(1)).after == "cancelled_seller"
    assert rules.lapse(order, NOON, paid=ZERO).after == "expired_unpaid"


@pytest.mark.parametrize(
    ("placed", "ends"),
    [
        (time(21, 30), (7, time(7))),
        (time(21), (7, time(7))),
        (time(20, 59), (6, time(20, 59))),
        (time(3), (6, time(7))),
        (time(6, 59), (6, time(7))),
        (time(7), (6, time(7))),
    ],
)
@pytest.mark.parametrize("zone", [WIB, WIT])
def test_no_clock_ends_at_night(placed, ends, zone):
    hours = Hours(24, 24, 24, 48, 72, 24, zone.name)
    moment = zone.at(date(2026, 12, 5), placed)

    found = rules.clocks(rules.find_step("place", ""), moment, hours, promised_at=moment, pays=False)

    assert found["accept_by"] == zone.at(date(2026, 12, ends[0]), ends[1])
    assert {name for name, by in found.items() if by} == {"accept_by"}


def test_a_kabupaten_says_when_its_night_is():
    stored = {"clock.night_from": 19, "clock.night_until": 8}
    hours = Hours.of(lambda key: value(stored, key), WIB.name)

    assert hours.after(WIB.at(date(2026, 12, 5), time(19)), 24) == WIB.at(date(2026, 12, 7), time(8))


# Every clock of an order, and what it moves: the specification's, written out by hand.
SET_BY = {
    "clock.accept_hours": "accept", "clock.remind_hours": "remind", "clock.silent_hours": "silent",
    "clock.at_risk_hours": "at_risk", "clock.claim_hours": "claim", "clock.refund_days": "refund",
    "clock.refund_late_days": "refund_late", "clock.treasurer_days": "treasurer", "clock.amend_hours": "amend",
    "clock.pay_hours": "pay", "clock.ready_grace_hours": "ready_grace", "clock.collect_hours": "collect",
    "clock.promise_hours": "promise", "clock.ready_hour": "ready_at", "clock.bazaar_grace_hours": "bazaar_grace",
    "clock.night_from": "night", "clock.night_until": "night", "orders.days_ahead": "days_ahead",
}  # fmt: skip


def test_each_clock_is_a_setting_of_its_own_that_an_office_can_change():
    def hours(raised=""):
        return Hours.of(lambda key: value({}, key) + (key == raised), WIB.name)

    moved = {
        key: [each.name for each in fields(Hours) if getattr(hours(key), each.name) != getattr(hours(), each.name)]
        for key in SET_BY
    }

    assert moved == {key: [name] for key, name in SET_BY.items()}
    assert {each.name for each in fields(Hours)} == {"zone", *SET_BY.values()}
    assert {key for key in DEFAULTS if key.startswith("clock.")} <= set(SET_BY)
    assert set(SET_BY) <= {each.key for group in GROUPS for each in group.settings}


def test_each_reason_to_help_waits_as_long_as_its_own_setting():
    hours = Hours(24, 24, 24, 48, 72, 24, WIB.name, silent=1, at_risk=2, claim=3, refund=4, treasurer=6)

    assert {why: rungs.patience(why, hours) for why in rungs.WHYS} == {
        "silent": 1, "at_risk": 2, "late": 0, "claim": 3, "refund": 4, "unpaid": 6,
    }  # fmt: skip


def test_clocks_start_when_their_state_begins():
    promised = NOON + timedelta(days=4)
    accepted = rules.clocks(rules.find_step("accept", "placed"), NOON, HOURS, promised_at=promised, pays=True)
    cash = rules.clocks(rules.find_step("accept", "placed"), NOON, HOURS, promised_at=promised, pays=False)
    early = rules.clocks(rules.find_step("mark_ready", "accepted"), NOON, HOURS, promised_at=promised, pays=False)
    tomorrow = NOON + timedelta(days=1)
    ready = rules.clocks(rules.find_step("mark_ready", "accepted"), NOON, HOURS, promised_at=tomorrow, pays=False)

    assert (accepted["pay_by"], accepted["ready_by"]) == (NOON + timedelta(hours=24), promised + timedelta(hours=48))
    assert cash["pay_by"] is None
    assert ready == dict.fromkeys(rules.CLOCKS) | {"collect_by": NOON + timedelta(hours=72)}
    assert early["collect_by"] == promised + timedelta(hours=72)


def test_a_promise_in_the_past_is_made_anew():
    assert rules.promise(NOON, None, HOURS) == NOON + timedelta(hours=24)
    assert rules.promise(NOON, NOON - timedelta(days=1), HOURS) == NOON + timedelta(hours=24)
    assert rules.promise(NOON, NOON + timedelta(days=3), HOURS) == NOON + timedelta(days=3)


PAY, BACK, CLAIM, NO = (
    ("payment", "confirmed"),
    ("refund", "confirmed"),
    ("payment", "claimed"),
    ("payment", "rejected"),
)


@pytest.mark.parametrize(
    ("state", "entries", "status"),
    [
        ("accepted", [], "none"),
        ("accepted", [(NO, 10)], "none"),
        ("accepted", [(CLAIM, 10)], "claimed"),
        ("accepted", [(PAY, 4), (CLAIM, 6)], "claimed"),
        ("accepted", [(PAY, 4)], "partial"),
        ("accepted", [(PAY, 4), (PAY, 6)], "settled"),
        ("accepted", [(PAY, 12)], "over"),
        ("accepted", [(PAY, 12), (BACK, 2)], "settled"),
        ("cancelled_buyer", [], "none"),
        ("cancelled_buyer", [(NO, 10)], "none"),
        ("cancelled_buyer", [(CLAIM, 10)], "refund_check"),
        ("expired_unpaid", [(PAY, 10)], "refund_due"),
        ("expired_unpaid", [(PAY, 10), (BACK, 4)], "refund_due"),
        ("expired_unpaid", [(PAY, 10), (BACK, 10)], "refunded"),
        ("handed_over", [(PAY, 10)], "settled"),
    ],
)
def test_money_is_what_entries_and_lines_say(state, entries, status):
    rows = [Entry(kind, answer, Rupiah(amount)) for (kind, answer), amount in entries]

    assert rules.money(state, Rupiah(10), rows).status == status


def test_what_is_owed_follows_what_was_agreed_and_given_back():
    lines = [(Rupiah(5_000), 3, 1), (Rupiah(2_000), 2, 0)]

    assert rules.due("ready", lines, Rupiah(8_000), Rupiah(123)) == Rupiah(22_123)
    assert rules.due("refused", lines, Rupiah(8_000), Rupiah(123)) == ZERO


# Liveness: from every reachable situation somebody or some clock goes on, and there is a way to a settled end.

# What becomes of the money of goods that are with an office, when somebody says something about it.
AFTERWARDS = {
    "none": ("claimed", "partial", "settled", "over"),
    "partial": ("claimed", "settled", "over"),
    "settled": ("claimed", "over"),
    "over": ("claimed", "settled", "over"),
    "claimed": ("none", "partial", "settled", "over"),
}
# A complaint lowers what is due; what was paid too much goes back.
COMPLAINED = {"settled": ("over",), "over": ("settled", "refunded")}
CONFIRMED = {
    "none": ("partial", "settled", "over"),
    "partial": ("partial", "settled", "over"),
    "settled": ("over",),
    "over": ("over",),
}


def situations_after(state: str, money: str, pay: str) -> set[tuple[str, str, str]]:
    """Every (fulfilment, money, pay kind) that one act of a person or of time leads to."""
    after = set()
    for step in rules.STEPS:
        if step.before != state or step.act == "revive":
            continue
        if "paid_ahead" in step.needs and pay == "ahead" and money != "settled":
            continue
        if step.act == "lapse_unpaid" and not (pay == "ahead" and money == "none"):
            continue
        if step.act == "lapse_rest" and not (pay == "ahead" and money == "partial"):
            continue
        after.add(
            (step.after, ended(money) if step.after in rules.TURNED_DOWN else handed(step.after, money, pay), pay)
        )
    after |= {(state, each, pay) for each in COMPLAINED.get(money, ()) if state == "handed_over"}
    if pay == "ahead":
        after |= money_acts(state, money)
    elif pay == "later":
        after |= {(state, each, pay) for each in AFTERWARDS.get(money, ()) if state == "handed_over"}
    elif state in rules.TURNED_DOWN and money == "refund_due":
        after.add((state, "refunded", pay))  # a part paid ahead, the rest meant in cash
    elif money == "over":
        after.add((state, "settled", pay))
    return after


def ended(money: str) -> str:
    return {"claimed": "refund_check", "partial": "refund_due", "settled": "refund_due", "over": "refund_due"}.get(
        money, money
    )


def handed(state: str, money: str, pay: str) -> str:
    return "settled" if state == "handed_over" and pay == "cash" and money != "over" else money


def money_acts(state: str, money: str) -> set[tuple[str, str, str]]:
    acts = set()
    if state in {"accepted", "ready"}:
        if money != "claimed":
            acts.add((state, "claimed", "ahead"))
            acts |= {(state, each, "ahead") for each in CONFIRMED.get(money, ())}
        else:
            acts |= {(state, each, "ahead") for each in ("none", "partial", "settled", "over")}
        if money == "over":
            acts.add((state, "settled", "ahead"))
        if money == "partial" and state == "accepted":
            acts |= {(state, each, "cash") for each in ("partial", "settled", "over")}  # the unique amount falls away
    if state == "expired_unpaid" and money in {"none", "refund_check"}:
        acts |= {("accepted", each, "ahead") for each in ("partial", "settled", "over")} | {
            (state, "refund_due", "ahead")
        }
    if state in rules.TURNED_DOWN:
        if money in {"none", "refunded", "refund_due"}:
            acts.add((state, "refund_check", "ahead"))
        if money == "refund_check":
            acts |= {(state, "refund_due", "ahead"), (state, "none", "ahead")}
        if money == "refund_due":
            acts.add((state, "refunded", "ahead"))
    return acts


def reachable() -> dict[tuple[str, str, str], set[tuple[str, str, str]]]:
    found: dict[tuple[str, str, str], set[tuple[str, str, str]]] = {}
    waiting = [("placed", "none", "cash"), ("placed", "none", "ahead"), ("placed", "none", "later")]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found[here] = situations_after(*here)
            waiting += found[here]
    return found


def test_nothing_waits_for_ever():
    graph = reachable()
    stuck = [
        (state, money, pay)
        for state, money, pay in graph
        if state in rules.ENDS and not rules.is_settled(state, money) and not rules.ask_people(state, money)
    ]

    assert stuck == []
    assert all(any(by == state for by, _, _ in rules.LAPSES) for state, _, _ in graph if state in rules.OPEN)


def test_every_situation_can_come_to_a_settled_end():
    graph = reachable()
    good = {here for here in graph if rules.is_settled(here[0], here[1])}
    while True:
        more = {here for here, after in graph.items() if here not in good and after & good}
        if not more:
            break
        good |= more

    assert set(graph) - good == set()
    assert len(graph) >= 38


def test_a_cash_order_without_its_clock_would_stay_for_ever(monkeypatch):
    monkeypatch.setattr(rules, "LAPSES", tuple(each for each in rules.LAPSES if each[1] != "ready_by"))

    assert rules.effective(Clocks("accepted", ready_by=datetime(2020, 1, 1, tzinfo=UTC)), NOON) == "accepted"

"""Orders of the demonstration: each walks the table of the real rules, so states, clocks, goods and money agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from app.kit import codes
from app.kit.rupiah import ZERO, Rupiah
from app.site.demo import paying, people, words
from app.site.demo.goods import Row, movement
from app.site.demo.plan import REGENCY, ZONE, Plan
from app.trade.orders import rules
from app.trade.orders.rules import Hours, Step
from app.trade.sales.rules import online_key

_SOLD: Final = "sell"

# What was done to an order after it was placed, and by when: (act, reason).
LIVES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "placed": (),
    "amended": (("offer_less", ""),),
    "accepted": (("accept", ""),),
    "agreed": (("offer_less", ""), ("agree", "")),
    "ready": (("accept", ""), ("mark_ready", "")),
    "handed_over": (("accept", ""), ("mark_ready", ""), ("hand_over", "")),
    "refused": (("refuse", "habis"),),
    "cancelled_buyer": (("cancel_by_buyer", "berubah_pikiran"),),
    "cancelled_seller": (("accept", ""), ("cancel_by_seller", "rusak")),
    "cancelled_admin": (("cancel_by_admin", "pesanan_palsu"),),
    "expired_silent": (("lapse_silent", ""),),
    "expired_amend": (("offer_less", ""), ("lapse_amend", "")),
    "expired_unpaid": (("accept", ""), ("lapse_unpaid", "")),
    "not_collected": (("accept", ""), ("mark_ready", ""), ("lapse_collect", "")),
    **paying.LIVES,
}
OPEN: Final = ("placed", "amended", "accepted", "agreed", "ready")
# (shop, life, days since its end); the first two sellers live through everything.
SCRIPT: Final = (
    (0, "placed", 0), (0, "placed", 0), (0, "amended", 0), (0, "accepted", 0), (0, "ready", 0), (0, "ready", 0),
    (0, "handed_over", 0), (0, "handed_over", 0), (0, "handed_over", 1), (0, "handed_over", 2), (0, "handed_over", 3),
    (0, "handed_over", 4), (0, "handed_over", 6), (0, "handed_over", 7), (0, "handed_over", 8), (0, "handed_over", 9),
    (0, "handed_over", 11), (0, "handed_over", 13), (0, "refused", 2), (0, "cancelled_buyer", 5),
    (0, "not_collected", 6), (0, "expired_silent", 12), (0, "expired_unpaid", 15), (0, "cancelled_seller", 10),
    (1, "placed", 0), (1, "accepted", 0), (1, "agreed", 0), (1, "ready", 0), (1, "handed_over", 0),
    (1, "handed_over", 1), (1, "handed_over", 2), (1, "handed_over", 5), (1, "handed_over", 8),
    (1, "handed_over", 10), (1, "expired_amend", 4), (1, "cancelled_admin", 9), *paying.SCRIPT,
)  # fmt: skip
_USUAL: Final = (
    ("handed_over", 70), ("placed", 5), ("accepted", 4), ("ready", 4), ("amended", 2), ("refused", 3),
    ("cancelled_buyer", 4), ("cancelled_seller", 2), ("expired_silent", 3), ("not_collected", 2),
    ("expired_amend", 1),
)  # fmt: skip
_LONG_AGO: Final = 84
_YEAR: Final = 365
_WITH_CODE: Final = 0.8


@dataclass(frozen=True, slots=True)
class Ware:
    """A thing that can be ordered."""

    product_id: int
    variant_id: int
    name: str
    unit: str
    price: Rupiah
    shop_id: int
    owner_id: int
    pickup_place: str
    opened: datetime


@dataclass(slots=True)
class Batch:
    """Rows of many orders, by table."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    on_hand: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    reserved: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def move(self, row: Row) -> None:
        """Note a movement and what it does to the two sums."""
        self.rows["stock_movement"].append(row)
        self.on_hand[row["variant_id"]] += row["on_hand_delta"]
        self.reserved[row["variant_id"]] += row["reserved_delta"]


@dataclass(frozen=True, slots=True)
class Wish:
    """An order to be: who wants what, how it will go, and when it is placed."""

    index: int
    life: str
    at: datetime
    days: int
    wares: tuple[tuple[Ware, int], ...]
    ahead: str = "transfer_seller"

    @property
    def method(self) -> str:
        """How it is to be paid; only what is paid ahead can lapse for want of money."""
        return self.ahead if self.life in {"expired_unpaid", *paying.SAID} else "cash_pickup"


def wish(plan: Plan, index: int, by_shop: dict[int, list[Ware]], shops: list[int], wares: list[Ware]) -> Wish:
    """Roll the dice for one order. `shops` are the ids of the scripted sellers' shops."""
    chance, ahead = plan.chance("order", index), "transfer_seller"
    if index < len(SCRIPT):
        seller, life, days = SCRIPT[index]
        ahead = paying.METHODS[seller]
        mine = by_shop.get(shops[seller] if seller < len(shops) else 0) or wares
        first = chance.choice(mine)
    else:
        life = chance.choices([name for name, _ in _USUAL], [weight for _, weight in _USUAL])[0]
        days = 0 if life in OPEN else 1 + int(_LONG_AGO * chance.random() ** 2)
        first = chance.choice(wares)
    others = [ware for ware in by_shop[first.shop_id] if ware.variant_id != first.variant_id]
    chosen = [first, *(chance.sample(others, 1) if others and chance.random() < 0.4 else [])]
    least = 3 if life in {"amended", "agreed", "expired_amend"} else 1
    basket = tuple(
        (ware, chance.randint(least, least + 2)) for ware in sorted(chosen, key=lambda each: each.variant_id)
    )
    return Wish(index, life, _placed_at(plan, life, days, chance), days, basket, ahead)


def _placed_at(plan: Plan, life: str, days: int, chance: Random) -> datetime:
    """Place what still waits in the night before, when no clock ends; what is over, days before its end."""
    if life in {"placed", "amended", *paying.WAITS}:
        return plan.moment - timedelta(minutes=chance.randrange(120, 500))
    if life in OPEN:
        return plan.moment - timedelta(hours=chance.randrange(18, 22), minutes=chance.randrange(60))
    ahead = {"not_collected": 5, "expired_unpaid": 3, "expired_amend": 3, "expired_silent": 2}.get(life, 1)
    return plan.at(days + ahead, chance.randrange(8, 12), chance.randrange(60))


class Walk:
    """One order on its way through the table of the rules."""

    def __init__(
        self, plan: Plan, wish: Wish, order_id: int, line_ids: Iterator[int], hours: Hours, admin_id: int
    ) -> None:
        """Begin with nothing but the wish."""
        self.wish, self.id, self.hours, self.admin_id = wish, order_id, hours, admin_id
        self.chance = plan.chance("walk", wish.index)
        self.plan, self.batch, self.state, self.at = plan, Batch(), "", wish.at
        self.owner_id = wish.wares[0][0].owner_id
        self.promised_at: datetime | None = None
        self.clocks: dict[str, datetime | None] = dict.fromkeys(rules.CLOCKS)
        self.steps = 0
        self.lines = [self._line(next(line_ids), ware, qty) for ware, qty in wish.wares]
        transfer = wish.method == "transfer_seller"
        self.unique = Rupiah(plan.chance("unique", wish.index).randrange(1, 999)) if transfer else ZERO

    def _line(self, line_id: int, ware: Ware, qty: int) -> Row:
        return {
            "id": line_id, "order_id": self.id, "product_id": ware.product_id,
            "variant_id": ware.variant_id, "name": ware.name, "unit": ware.unit, "price": ware.price,
            "qty_ordered": qty, "qty_agreed": qty, "qty_handed": 0, "qty_returned": 0, "qty_refunded": 0,
            "qty_held": 0, "qty_left": 0,
        }  # fmt: skip

    def go(self) -> Batch:
        """Walk to the end of this life and return all rows."""
        self._step("place", "")
        for act, reason in LIVES[self.wish.life]:
            self.at = self._time_of(act)
            self._step(act, reason)
            if act == "accept" and self.wish.life in paying.SAID:
                self._talk_of_money()
        self._stock_up()
        self.batch.rows["order"].append(self._order())
        self.batch.rows["order_group"].append(self._group())
        self.batch.rows["order_line"] += self.lines
        return self.batch

    def _talk_of_money(self) -> None:
        """Say what was said of its money; whoever has spoken is no longer waited for."""
        said = paying.SAID[self.wish.life]
        whole = (self._subtotal() + self.unique).amount
        for place, (kind, state, hundredths) in enumerate(said):
            at = self.at + timedelta(minutes=(5, 150)[place])
            answered = {"answered_by_id": self.owner_id, "answered_at": at} if state == "confirmed" else {}
            key = f"{'back' if kind == 'refund' else 'claim'}:{self.id}:demo"
            self.batch.rows["money_entry"].append(
                {
                    "order_id": self.id, "key": key, "kind": kind, "method": self.wish.method,
                    "amount": Rupiah(whole * hundredths // 100), "state": state, "by_id": 0, "at": at,
                    "answered_by_id": None, "answered_at": None,
                }
                | answered
            )  # fmt: skip
        if said:
            self.clocks["pay_by"] = None

    def _subtotal(self) -> Rupiah:
        return Rupiah.total(line["price"] * line["qty_agreed"] for line in self.lines)

    def _time_of(self, act: str) -> datetime:
        """Sellers answer within hours, pack in the evening and hand over on the last day; time itself is punctual."""
        if act.startswith("lapse"):
            running = [ends for ends in self.clocks.values() if ends is not None]
            return min(running) + timedelta(minutes=5)
        if act == "hand_over":
            early = self.wish.days == 0
            hour, minute = (
                (5, self.chance.randrange(5, 55))
                if early
                else (self.chance.randrange(8, 18), self.chance.randrange(60))
            )
            return self.plan.at(self.wish.days, hour, minute)
        later = self.at + timedelta(minutes=self.chance.randrange(20, 110))
        return min(later, self.plan.moment - timedelta(minutes=self.chance.randrange(1, 9)))

    def _step(self, act: str, reason: str) -> None:
        step = rules.find_step(act, self.state)
        if step is None:
            raise ValueError(f"no step {act} from {self.state}")
        if act == "offer_less":
            self.lines[0]["qty_agreed"] -= self.chance.randint(1, 2)
        by = self._by(step)
        self._goods(step, by)
        if step.after == "accepted":
            self.promised_at = rules.promise(self.at, None, self.hours)
        pays = step.after == "accepted" and self.wish.method in rules.PREPAY
        self.clocks = rules.clocks(step, self.at, self.hours, promised_at=self.promised_at or self.at, pays=pays)
        self.batch.rows["order_event"].append(
            {
                "order_id": self.id, "from_state": step.before, "to_state": step.after, "actor_kind": step.who[0],
                "actor_id": by, "reason": reason or rules.REASONS.get(act, ""), "note": "", "at": self.at,
            }
        )  # fmt: skip
        self.state, self.steps = step.after, self.steps + 1
        if act == "hand_over":
            self._sold()

    def _by(self, step: Step) -> int:
        return {"seller": self.owner_id, "admin": self.admin_id}.get(step.who[0], 0)

    def _goods(self, step: Step, by: int) -> None:
        for line in self.lines:
            held = line["qty_held"]
            if step.stock == "hold":
                self._move("reserve", line, line["qty_ordered"], by)
                line["qty_held"] = line["qty_ordered"]
            elif step.stock == "shrink":
                self._move("release", line, held - line["qty_agreed"], by)
                line["qty_held"] = line["qty_agreed"]
            elif step.stock == _SOLD:
                self._move("sell", line, held, by)
                line["qty_held"], line["qty_handed"] = 0, line["qty_agreed"]
            elif step.stock in {"release", "ask", "later"}:
                self._move("release", line, held, by)
                line["qty_held"], line["qty_left"] = 0, held if step.stock == "later" else 0

    def _move(self, kind: str, line: Row, qty: int, by: int) -> None:
        if qty:
            on_hand, reserved = {"reserve": (0, qty), "release": (0, -qty), "sell": (-qty, -qty)}[kind]
            self.batch.move(movement(kind, line["variant_id"], on_hand, reserved, by, self.at, self.id))

    def _stock_up(self) -> None:
        """Let the seller have made, the day before, what this order takes away or holds."""
        before = self.wish.at - timedelta(hours=self.chance.randrange(2, 20))
        for line in self.lines:
            # Enough for the whole hold, even when it was released later: nothing was ever promised that was not there.
            self.batch.rows["stock_movement"].insert(
                0, movement("restock", line["variant_id"], line["qty_ordered"], 0, self.owner_id, before)
            )
            self.batch.on_hand[line["variant_id"]] += line["qty_ordered"]

    def _sold(self) -> None:
        """Write the money and the sale of a handed-over order."""
        with_code = self.chance.random() < _WITH_CODE
        amount = Rupiah.total(line["price"] * line["qty_handed"] for line in self.lines)
        self.batch.rows["money_entry"].append(
            {
                "order_id": self.id, "key": f"order:{self.id}:handover", "kind": "payment", "method": self.wish.method,
                "amount": amount, "state": "confirmed", "by_id": self.owner_id, "at": self.at,
                "answered_by_id": self.owner_id, "answered_at": self.at,
            }
        )  # fmt: skip
        seller = self.wish.wares[0][0].shop_id
        for line in self.lines:
            sale = sale_row(
                online_key(self.id, line["id"]), seller, line["variant_id"], line["qty_handed"],
                line["price"] * line["qty_handed"], self.at.astimezone(ZONE).date(), self.owner_id, self.at,
            )  # fmt: skip
            how = ("A", "kode pembeli") if with_code else ("C", "tanpa kode")
            self.batch.rows["sale_record"].append(
                sale | {"channel": "online", "grade": how[0], "source_type": "order", "source_id": self.id}
            )
            self.batch.rows["sale_evidence"].append(evidence(*how, self.owner_id, self.at))

    def _order(self) -> Row:
        subtotal = self._subtotal()
        return self.clocks | {
            "id": self.id, "code": codes.new_order_code(self.plan.chance("code", self.wish.index)),
            "group_id": self.id, "seller_id": self.wish.wares[0][0].shop_id, "regency_code": REGENCY,
            "state": self.state, "method": self.wish.method, "subtotal": subtotal, "delivery": ZERO,
            "unique_amount": self.unique, "total": subtotal + self.unique,
            "pickup_place": self.wish.wares[0][0].pickup_place,
            "promised_at": self.promised_at, "at_risk": False, "cancel_asked_at": None,
            "ended_at": self.at if self.state in rules.ENDS else None, "created_at": self.wish.at,
            "version": self.steps, "owes_since": self.at if self.wish.life in paying.OWES else None,
        }  # fmt: skip

    def _group(self) -> Row:
        buyer = self.chance.randrange(1, 2_000)
        return {
            "id": self.id, "checkout_key": f"demo-order-{self.wish.index}",
            "contents_hash": f"{self.wish.index:064x}", "token": f"demo{self.chance.getrandbits(128):032x}",
            "buyer_name": self.chance.choice(words.BUYERS), "buyer_phone": people.buyer_phone(buyer),
            "note": "", "created_at": self.wish.at,
        }  # fmt: skip


def sale_row(
    key: str, shop_id: int, variant_id: int, qty: int, amount: Rupiah, day: date, by_id: int, at: datetime
) -> Row:
    """Return a line of the sales book as the seller wrote it herself."""
    return {
        "client_uuid": key, "seller_id": shop_id, "regency_code": REGENCY, "variant_id": variant_id, "free_text": "",
        "qty": qty, "amount": amount, "sold_on": day, "channel": "manual", "grade": "D", "source_type": "notebook",
        "source_id": None, "reversal_of": None, "entered_by_id": by_id, "on_behalf_of_id": None, "at": at,
    }  # fmt: skip


def evidence(grade: str, reason: str, by_id: int, at: datetime) -> Row:
    """Return what is known about a sale."""
    return {"grade": grade, "reason": reason, "by_id": by_id, "at": at}


def noted_sale(plan: Plan, index: int, by_shop: dict[int, list[Ware]], shops: list[int], wares: list[Ware]) -> Row:
    """Return a sale at the door or on the market, written down the same evening; every third is the first sellers'.

    It lies within the last year, later than the shop: more of them lately, as in a market that grows.
    """
    chance = plan.chance("sale", index)
    mine = by_shop.get(shops[index // 3 % 2], wares) if index % 3 == 0 and len(shops) > 1 else wares
    ware, qty = chance.choice(mine), chance.randint(1, 6)
    when = plan.at(
        int(min(_YEAR, (plan.moment - ware.opened).days) * chance.random() ** 2.2),
        chance.randrange(16, 20),
        chance.randrange(60),
    )
    day = when.astimezone(ZONE).date()
    return sale_row(
        f"demo-sale-{index}", ware.shop_id, ware.variant_id, qty, ware.price * qty, day, ware.owner_id, when
    )


def values(rows: dict[str, list[Row]]) -> list[tuple[str, list[Row]]]:
    """Return the tables in the order in which their keys need each other."""
    order = ("order_group", "order", "order_line", "order_event", "money_entry", "stock_movement", "sale_record")
    return [(name, rows[name]) for name in order if rows.get(name)]

"""What a demonstration holds: how much, of which goods, in which places, and its own clock; all from one seed."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from hashlib import blake2b
from pathlib import Path
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.core.clock import now

DATA: Final = Path(__file__).resolve().parents[2] / "data" / "produk"
REGENCY: Final = "36.04"
ZONE: Final = ZoneInfo("Asia/Jakarta")
SEED: Final = 36
SHOPS: Final = 60
ORDERS: Final = 130
SALES: Final = 180
# Beyond this many products pictures are shared: one set for each category and variant.
MOST_OWN_PICTURES: Final = 1_000
_PER_SHOP: Final = 40
_PER_STALL: Final = 4
# Coprime to the number of samples, so that the first few of them come from many categories.
_STRIDE: Final = 89
# The register of goods names none from here; it borrows two, so that every kecamatan has a shop.
_BARE: Final = ("36.04.35", "36.04.05")
_FIRST_MORNING: Final = time(6, 0)
_LAST_EVENING: Final = time(20, 0)
_OLDEST_SHOP_DAYS: Final = 420
_YOUNGEST_SHOP_DAYS: Final = 70
# How long ago the first of the many variations came, and how often dice are thrown for a shop that stood by then.
_OLDEST_GOODS_DAYS: Final = 300
_THROWS: Final = 8
_OPENS, _CLOSES = 8, 16
_EARLY_KECAMATAN: Final = ("36.04.13", "36.04.27", "36.04.15")


@dataclass(frozen=True, slots=True)
class Sample:
    """A thing that is really made here; prices in rupiah, weight in grams (0 when it says nothing)."""

    slug: str
    name: str
    category: str
    unit: str
    weight_g: int
    price_least: int
    price_most: int
    price: int
    keeps_days: int
    kecamatan: str
    made_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stall:
    """A shop to be: where it stands, and which samples are its own."""

    kecamatan: str
    samples: tuple[int, ...]


class Dice:
    """Dice that are made a million times: a few of them cost less than shuffling a whole box for each.

    >>> dice = Dice("36:stock:1000")
    >>> [dice.randint(1, 6) for _ in range(5)] == [Dice("36:stock:1000").randint(1, 6)] * 5
    False
    >>> 0 <= dice.random() < 1, dice.choice("a"), dice.randrange(4, 5)
    (True, 'a', 4)
    """

    __slots__ = ("_state",)

    def __init__(self, seed: str) -> None:
        """Shake them."""
        self._state = int.from_bytes(blake2b(seed.encode(), digest_size=8).digest(), "big")

    def random(self) -> float:
        """Return a number from 0 to less than 1."""
        return self._next() / (1 << 53)

    def randrange(self, start: int, stop: int | None = None) -> int:
        """Return a number of a range."""
        low, high = (0, start) if stop is None else (start, stop)
        return low + self._next() * (high - low) // (1 << 53)

    def randint(self, low: int, high: int) -> int:
        """Return a number, both ends among them."""
        return self.randrange(low, high + 1)

    def choice(self, some: Sequence[Any]) -> Any:
        """Return one of some."""
        return some[self.randrange(len(some))]

    def _next(self) -> int:
        # Knuth's MMIX generator; the high bits are the good ones.
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        return self._state >> 11


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to make, from which seed, seen from which day."""

    today: date
    seed: int = SEED
    products: int = 0
    shops: int = SHOPS
    orders: int = ORDERS
    sales: int = SALES
    moment: datetime = field(init=False)
    """The present of the demonstration: six in the morning, or the evening before when it is not yet six."""

    def __post_init__(self) -> None:
        """Fix the present once: goods are made a million times, in several processes, and by one clock."""
        morning = datetime.combine(self.today, _FIRST_MORNING, ZONE)
        early = self.today == now().astimezone(ZONE).date() and morning > now()
        evening = datetime.combine(self.today - timedelta(days=1), _LAST_EVENING, ZONE)
        object.__setattr__(self, "moment", evening if early else morning)

    @classmethod
    def of(
        cls, today: date, seed: int, products: int | None, shops: int | None, orders: int | None, sales: int | None
    ) -> Plan:
        """Fill in what was not said."""
        goods = len(samples()) if products is None else products
        usual = max(SHOPS, goods // _PER_SHOP)
        return cls(
            today,
            seed,
            goods,
            usual if shops is None else max(shops, 1),
            ORDERS if orders is None else orders,
            SALES if sales is None else sales,
        )

    def chance(self, kind: str, index: int = 0) -> Random:
        """Return the dice of one thing; they fall the same whatever else is made."""
        return _chance(self.seed, kind, index)

    def chance_of_goods(self, kind: str, index: int) -> Random | Dice:
        """Return the dice of a product: those of the samples fall as they always did."""
        return self.chance(kind, index) if index < len(samples()) else Dice(f"{self.seed}:{kind}:{index}")

    @property
    def own_pictures(self) -> bool:
        """Tell whether each product has a picture of its own."""
        return self.products <= MOST_OWN_PICTURES

    def at(self, days_ago: int, hour: int, minute: int = 0) -> datetime:
        """Return a moment of an earlier day, local time; never after the present."""
        day = self.moment.date() - timedelta(days=days_ago)
        return min(datetime.combine(day, time(hour, minute), ZONE), self.moment)

    def sample_of(self, index: int) -> int:
        """Return which sample the product of this index is."""
        return index * _STRIDE % len(samples())

    def shop_of(self, index: int) -> int:
        """Return which shop sells the product of this index."""
        if index < len(samples()):
            return stall_of()[self.sample_of(index)] % self.shops
        chance, days = self.chance_of_goods("shop-of", index), self.days_of(index)
        shops = (chance.randrange(self.shops) for _ in range(_THROWS))
        return next((shop for shop in shops if _stood(self.seed, shop) > days), chance.randrange(self.shops))

    def days_of(self, index: int) -> float:
        """Return how many days ago a variation came: a higher number is newer, as in a market where goods come in.

        Squared: more goods are new than old.

        >>> plan = Plan(date(2026, 11, 20), products=1_206)
        >>> [round(plan.days_of(index), 1) for index in (206, 706, 1_205)]
        [300.0, 75.0, 0.0]
        """
        return _OLDEST_GOODS_DAYS * ((self.products - index) / (self.products - len(samples()))) ** 2

    def came(self, index: int, at_most: int) -> datetime:
        """Return when a variation came, in the hours of an office; at most so many days ago."""
        days, part = divmod(min(self.days_of(index), at_most - 1), 1)
        minutes = int((1 - part) * 60 * (_CLOSES - _OPENS)) - 1
        return self.at(int(days) + 1, _OPENS + max(minutes, 0) // 60, max(minutes, 0) % 60)


def opened_days(chance: Random) -> int:
    """Return how many days ago a shop opened: the first fall of its dice."""
    return chance.randrange(_YOUNGEST_SHOP_DAYS, _OLDEST_SHOP_DAYS)


@cache
def _stood(seed: int, shop: int) -> int:
    return opened_days(_chance(seed, "shop", shop))


def _chance(seed: int, kind: str, index: int) -> Random:
    return Random(f"{seed}:{kind}:{index}")  # noqa: S311 - no secret hangs on these


@cache
def samples() -> tuple[Sample, ...]:
    """Read the goods of Kabupaten Serang. Source: app/data/README.md."""
    with (DATA / "produk_contoh.csv").open(encoding="utf-8", newline="") as file:
        found = [_sample(row) for row in csv.DictReader(file)]
    bare, giver = _BARE
    lent = [place for place, sample in enumerate(found) if sample.kecamatan == giver][-2:]
    return tuple(sample if place not in lent else replace(sample, kecamatan=bare) for place, sample in enumerate(found))


def _sample(row: dict[str, str]) -> Sample:
    return Sample(
        slug=row["slug"],
        name=row["nama"],
        category=row["kategori_slug"],
        unit="kg" if row["satuan"] == "kilogram" else row["satuan"],
        weight_g=int(row["berat_gram"] or 0),
        price_least=int(row["harga_min"]),
        price_most=int(row["harga_max"]),
        price=int(row["harga_contoh"]),
        keeps_days=int(row["masa_simpan_hari"] or 0),
        kecamatan=row["kode_kecamatan"],
        made_of=tuple(filter(None, row["bahan"].split(";"))),
    )


@cache
def stalls() -> tuple[Stall, ...]:
    """Gather the samples of each kecamatan into shops of about four goods that belong together."""
    order = {slug: place for place, slug in enumerate(dict.fromkeys(sample.category for sample in samples()))}
    by_place: dict[str, list[int]] = defaultdict(list)
    for place, sample in enumerate(samples()):
        by_place[sample.kecamatan].append(place)
    made = []
    for kecamatan in sorted(by_place, key=lambda code: (_rank(code), code)):
        goods = sorted(by_place[kecamatan], key=lambda place: (order[samples()[place].category], place))
        count = max(1, round(len(goods) / _PER_STALL))
        made += [
            Stall(kecamatan, tuple(goods[n * len(goods) // count : (n + 1) * len(goods) // count]))
            for n in range(count)
        ]
    firsts = [next(place for place, stall in enumerate(made) if stall.kecamatan == code) for code in _EARLY_KECAMATAN]
    return tuple([made[place] for place in firsts] + [stall for place, stall in enumerate(made) if place not in firsts])


def _rank(code: str) -> int:
    return _EARLY_KECAMATAN.index(code) if code in _EARLY_KECAMATAN else len(_EARLY_KECAMATAN)


@cache
def stall_of() -> tuple[int, ...]:
    """Return for each sample the stall that sells it."""
    found = {sample: number for number, stall in enumerate(stalls()) for sample in stall.samples}
    return tuple(found[place] for place in range(len(samples())))

"""Shops and goods of the demonstration as rows: pure but for the dice of the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from app.goods.shelf.rules import Card
from app.kit import slugs
from app.kit.rupiah import Rupiah
from app.site.demo import people, words
from app.site.demo.plan import REGENCY, Plan, Sample, Stall, opened_days, samples, stalls

_SIGNS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_PRICE_STEP: Final = 500
_EMPTY, _LOW = 0.05, 0.17
CLOSED_SHOP: Final = 9
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """What a shop needs to know of where it is: kecamatan and its desa as (code, name), in order."""

    code: str
    name: str
    desas: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """A shop that stands, as far as its goods and orders need it."""

    id: int
    owner_id: int
    slug: str
    name: str
    kecamatan: str
    kecamatan_name: str
    pickup_place: str
    open: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Ids:
    """The next free id of each table that a batch fills."""

    product: int
    variant: int
    revision: int


def base36(number: int) -> str:
    """Write a number shortly.

    >>> base36(35), base36(1_000)
    ('z', 'rs')
    """
    text = ""
    while True:
        number, rest = divmod(number, 36)
        text = _SIGNS[rest] + text
        if not number:
            return text


def stall(plan: Plan, index: int) -> Stall:
    """Return where the shop of this index stands; beyond the designed ones anywhere."""
    known = stalls()
    return known[index] if index < len(known) else plan.chance("stall", index).choice(known)


def shop(plan: Plan, index: int, place: Place, tops: Mapping[str, str], trades: Mapping[str, str]) -> tuple[Row, Row]:
    """Return the rows (without ids) of a maker and her shop.

    `tops` maps a category to its top category, `trades` a category to a type of business.
    """
    chance, here = plan.chance("shop", index), stall(plan, index)
    category = samples()[here.samples[0]].category
    allowed = people.villages(place.code, [code for code, _name in place.desas])
    desa = dict(place.desas)[code := allowed[0] if index in people.SELLERS else chance.choice(allowed)]
    opened = plan.at(opened_days(chance), chance.randrange(8, 16))
    name = _shop_name(plan, index, tops[category], place.name)
    paused = index == people.PAUSED_SHOP
    away = index == CLOSED_SHOP
    owner: Row = {
        "role": "seller", "state": "paused" if paused else "active", "name": people.person(plan, index),
        "phone": people.phone(index + 1), "region_code": code, "areas": [], "created_at": opened, "version": 1,
        "creation_key": f"demo-shop-{index}",
    }  # fmt: skip
    facts = {
        "slug": slugs.slug_with(name, base36(index)) if index >= len(stalls()) else slugs.slug(name),
        "name": name,
        "regency_code": REGENCY,
        "kecamatan_code": place.code,
        "desa_code": code,
        "business_type_slug": trades.get(category, "jual-daring-makanan"),
        "story": " ".join(
            (chance.choice(words.STARTS).format(desa=desa), chance.choice(words.MIDDLES), chance.choice(words.ENDS))
        ),
        "phone": owner["phone"],
        "pickup_place": _pickup(chance.choice, chance.randrange, desa),
        "pickup_hours": chance.choice(words.HOURS),
        "street": f"{words.HAMLETS[index % len(words.HAMLETS)]} RT {1 + index % 9:02d}/RW {1 + index % 6:02d}",
        "state": "paused" if paused else "open",
        "closed_until": (plan.moment + timedelta(days=4)).date() if away else None,
        "closed_note": "Sedang ada hajatan keluarga." if away else "",
        "created_at": opened,
        "version": 1,
    }
    return owner, facts


def _pickup(choice: Any, number: Any, desa: str) -> str:
    house, hamlet = f"{choice(words.HOUSES)} {choice(words.LANDMARKS)}", choice(words.HAMLETS)
    return f"{house}, {hamlet} RT {number(1, 9):02d}/RW {number(1, 6):02d}, Desa {desa}"


def _shop_name(plan: Plan, index: int, top: str, place: str) -> str:
    # Walking through flowers and patterns with steps that share no divisor keeps the names apart.
    flower = words.FLOWERS[(index * 7 + plan.seed) % len(words.FLOWERS)]
    pattern = words.SHOP_BY_TOP[top][index // len(words.FLOWERS) % 3]
    return f"{pattern.format(word=flower)} {place}"


def shop_facts(row: Row, kecamatan_name: str) -> ShopFacts:
    """Return a stored shop as its goods see it."""
    return ShopFacts(
        row["id"], row["owner_id"], row["slug"], row["name"], row["kecamatan_code"], kecamatan_name,
        row["pickup_place"], row["state"] == "open", row["created_at"],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wording:
    """How a product is worded and priced."""

    name: str
    slug: str
    description: str
    price: Rupiah
    sample: Sample


def wording(plan: Plan, index: int, shop: ShopFacts) -> Wording:
    """Word the product of this index: the samples as they are, then variations of them."""
    chance, sample = plan.chance_of_goods("product", index), samples()[plan.sample_of(index)]
    if index < len(samples()):
        name, price, slug = sample.name, sample.price, sample.slug
    else:
        name = f"{sample.name} {chance.choice(words.KINDS).format(place=shop.kecamatan_name)}"
        steps = (sample.price_most - sample.price_least) // _PRICE_STEP
        price = sample.price_least + _PRICE_STEP * chance.randint(0, max(0, steps))
        slug = slugs.slug_with(name, base36(index))
    return Wording(
        name[:120],
        slug,
        describe(sample, chance.choice(words.MADE), chance.choice(words.SERVICE)),
        Rupiah(price),
        sample,
    )


def describe(sample: Sample, made: str, service: str) -> str:
    """Say what a thing is made of, how long it keeps, and how it is made.

    >>> keripik = Sample("k", "K", "keripik-kerupuk", "bungkus", 200, 1, 2, 1, 60, "36.04.27", ("pisang", "garam"))
    >>> describe(keripik, "Dibuat pagi.", "")
    'Bahan: pisang, garam. Isi 200 gram. Tahan 60 hari. Dibuat pagi.'
    """
    if sample.category.startswith("jasa"):
        return service
    parts = [f"Bahan: {', '.join(sample.made_of)}."] if sample.made_of else []
    if sample.weight_g:
        parts.append(f"Isi {sample.weight_g} gram." if sample.keeps_days else f"Berat {sample.weight_g} gram.")
    if sample.keeps_days:
        parts.append(f"Tahan {sample.keeps_days} hari.")
    return " ".join([*parts, made])


@dataclass(frozen=True, slots=True)
class Goods:
    """The rows of one product on sale."""

    product: Row
    variant: Row
    revision: Row
    decision: Row
    stock: Row
    movement: Row | None
    card: Card


def product(
    plan: Plan, index: int, shop: ShopFacts, ids: Ids, category_id: int, photo: tuple[int, str], curator_id: int
) -> Goods:
    """Return everything that makes one product stand on the shelf."""
    worded, chance = wording(plan, index, shop), plan.chance_of_goods("stock", index)
    published = _published(plan, index, shop)
    sent = published - timedelta(hours=chance.randrange(2, 20))
    row, variant, revision = rows_of(worded, shop, ids, category_id, photo[0], sent, f"demo-{index}")
    row |= {"state": "live", "approved_revision_id": ids.revision, "published_at": published}
    revision["state"] = "approved"
    on_hand = _on_hand(chance.random(), chance.randrange(1, 5), chance.randrange(6, 41), index)
    decision = {
        "revision_id": ids.revision, "kind": "approve", "reason_code": None, "sentence": "", "by_id": curator_id,
        "at": published,
    }  # fmt: skip
    return Goods(
        row, variant, revision, decision,
        {"variant_id": ids.variant, "on_hand": on_hand, "reserved": 0},
        movement("restock", ids.variant, on_hand, 0, shop.owner_id, sent) if on_hand else None,
        _card(worded, row, variant, shop, photo[1], category_id),
    )  # fmt: skip


def rows_of(
    worded: Wording, shop: ShopFacts, ids: Ids, category_id: int, photo_id: int, sent: datetime, key: str
) -> tuple[Row, Row, Row]:
    """Return a product that nobody has looked at yet: its row, its variant and its first wording."""
    about = {"price": worded.price, "unit": worded.sample.unit, "net_weight_g": worded.sample.weight_g or None}
    product = {
        "id": ids.product, "shop_id": shop.id, "regency_code": REGENCY, "slug": worded.slug, "creation_key": key,
        "state": "draft", "approved_revision_id": None, "published_at": None, "withdrawn_note": "",
        "created_at": sent, "version": 1,
    }  # fmt: skip
    variant = {
        "id": ids.variant, "product_id": ids.product, "label": "", "stock_mode": "counted", "lead_days": 0,
        "day_capacity": None, "position": 0, "active": True,
    }  # fmt: skip
    revision = {
        "id": ids.revision, "product_id": ids.product, "number": 1, "state": "waiting", "name": worded.name,
        "description": worded.description, "category_id": category_id, "photo_id": photo_id,
        "photo_alt": f"Gambar: {worded.sample.name}", "submitted_by_id": shop.owner_id, "submitted_at": sent,
        "answer": "", "answer_field": "",
    }  # fmt: skip
    return product, variant | about, revision | about


def movement(
    kind: str, variant_id: int, on_hand: int, reserved: int, by_id: int, at: datetime, order_id: int = 0
) -> Row:
    """Return one line of the stock book."""
    return {
        "variant_id": variant_id, "kind": kind, "on_hand_delta": on_hand, "reserved_delta": reserved,
        "source_type": "order" if order_id else "", "source_id": order_id or None, "actor_id": by_id,
        "on_behalf_of_id": None, "note": "", "at": at,
    }  # fmt: skip


def _published(plan: Plan, index: int, shop: ShopFacts) -> datetime:
    since = max(2, (plan.moment - shop.created_at).days - 1)
    if index >= len(samples()):
        return plan.came(index, since)
    chance = plan.chance("published", index)
    # Squared dice: more goods are new than old, so the newest ones change from day to day.
    return plan.at(int(since * chance.random() ** 2) + 1, chance.randrange(8, 16), chance.randrange(60))


def _on_hand(dice: float, few: int, many: int, index: int) -> int:
    if index < len(samples()) and dice < _EMPTY:
        return 0
    return few if dice < _LOW else many


def _card(worded: Wording, row: Row, variant: Row, shop: ShopFacts, stem: str, category_id: int) -> Card:
    return Card(
        product_id=row["id"],
        variant_id=variant["id"],
        slug=row["slug"],
        name=worded.name,
        price=worded.price,
        unit=worded.sample.unit,
        photo=stem,
        category_id=category_id,
        shop_id=shop.id,
        shop_slug=shop.slug,
        shop_name=shop.name,
        regency_code=REGENCY,
        kecamatan_code=shop.kecamatan,
        published_at=row["published_at"],
        words=worded.description,
    )


def stems(rows: Sequence[tuple[int, str]]) -> dict[str, int]:
    """Map the stems of photos to their ids."""
    return {stem: number for number, stem in rows}

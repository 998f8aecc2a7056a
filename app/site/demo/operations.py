"""Writing the demonstration in batches of plain rows, so that a million products need no more memory than a thousand.

Rows are made to agree with every book: `flask verify` finds nothing. Each batch is its own transaction unless the
caller has one open; a load that was cut off goes on where it stopped, and one that is complete adds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any, Final

from sqlalchemy import Table, bindparam, func, insert, select, update

from app.core import audit, bulk, stamps, vault
from app.core.db import Base, db, dialect, transaction
from app.goods.shelf import operations as shelf
from app.kit import codes, slugs
from app.kit.rupiah import Rupiah
from app.people.accounts.queries import card_hash
from app.people.places.queries import settings_of
from app.site.demo import bazaars, goods, inbox, paying, people, queries, rounds, trade
from app.site.demo.goods import Ids, Row, ShopFacts
from app.site.demo.indexes import up_last
from app.site.demo.pictures import Draw
from app.site.demo.plan import MOST_OWN_PICTURES, REGENCY, Plan, samples
from app.trade.bazaars import rules
from app.trade.orders.queries import hours_of

SHOPS_AT_ONCE: Final = 500
PRODUCTS_AT_ONCE: Final = 1_000
ORDERS_AT_ONCE: Final = 1_000
_NUMBERED: Final = (
    "account", "shop", "photo", "product", "variant", "revision", "order_group", "order", "order_line", "sale_record",
)  # fmt: skip
_GOODS: Final = ("product", "variant", "revision", "stock", "shelf_item", "shelf_count", "shelf_total")
MEANS: Final = "payment_means"
Say = Callable[[str], object]


def load(plan: Plan, draw: Draw, hashes: dict[str, str], say: Say = len) -> dict[str, int]:
    """Bring the demonstration to the size of the plan; returns how many of each were added.

    Args:
        draw: gives (stem, width, height) of a picture for each (key, category, sample) asked.
        hashes: what is stored of each password and PIN; hashing is slow, so it was done before.
        say: hears what is being made.
    """
    with transaction():
        if people.seed() is None:
            people.mark(plan)
            _open_office(plan, hashes)
    shops = _load_shops(plan, hashes, say)
    with up_last(plan.products - queries.count_products()):
        products = _load_products(plan, draw, say)
    added = {
        "lapak": shops,
        "produk": products,
        "pesanan": _load_orders(plan, say),
        "penjualan": _load_sales(plan, say),
    }
    with transaction():
        _settle_sequences()
    added["bazar"] = _load_bazaars(plan, draw)
    with transaction():
        added["e-katalog"] = rounds.load()
        if any(added.values()):
            audit.record(None, "demo.loaded", None, **{f"n_{name}": number for name, number in added.items()})
    return added


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _write(name: str, rows: Iterable[Row]) -> None:
    filled = list(rows)
    if filled:
        db.session.connection().execute(insert(_table(name)), filled)


def _ids(name: str) -> Iterator[int]:
    return count(queries.last_id(_table(name)) + 1)


def _settle_sequences() -> None:
    """Rows came with their ids; PostgreSQL must not give the same ones out again."""
    if dialect() != "postgresql":
        return
    for name in _NUMBERED:
        number = _table(name).c.id
        newest = select(func.coalesce(func.max(number), 1)).scalar_subquery()
        db.session.execute(select(func.setval(func.pg_get_serial_sequence(f'"{name}"', "id"), newest)))


def _open_office(plan: Plan, hashes: dict[str, str]) -> None:
    """Make the accounts of the office."""
    areas = iter(people.areas())
    opened = plan.at(500, 9)
    rows = []
    for number, each in zip(_ids("account"), people.staff(plan.seed), strict=False):
        place = f"account:{number}:totp_sealed"
        rows.append(
            {
                "id": number, "role": each.role, "state": "active", "name": each.name, "username": each.username,
                "region_code": each.region, "areas": next(areas) if each.role == "pendamping" else [],
                "password_hash": hashes[people.PASSWORD], "totp_sealed": vault.seal(each.totp_secret or "", place),
                "totp_last_step": 0, "created_at": opened, "version": 1, "creation_key": f"demo-{each.username}",
            }
        )  # fmt: skip
    _write("account", rows)


def _load_shops(plan: Plan, hashes: dict[str, str], say: Say) -> int:
    start = queries.count_shops()
    around, office = queries.surroundings(), queries.office()
    told = dict(zip(people.SELLERS, people.sellers(plan), strict=True))
    for first in range(start, plan.shops, SHOPS_AT_ONCE):
        say(f"lapak {first}")
        numbers = range(first, min(first + SHOPS_AT_ONCE, plan.shops))
        with transaction():
            _write_shops(plan, numbers, around, office, told, hashes)
    return max(0, plan.shops - start)


def _write_shops(
    plan: Plan, numbers: range, around: queries.Around, office: queries.Office, told: dict[int, people.Known],
    hashes: dict[str, str],
) -> None:  # fmt: skip
    owners, shops, consents, cards, means = [], [], [], [], []
    account_ids, shop_ids = _ids("account"), _ids("shop")
    wording_version = settings_of(REGENCY).get("consent.publish_version")
    for index in numbers:
        place = around.places[goods.stall(plan, index).kecamatan]
        owner, shop = goods.shop(plan, index, place, around.tops, around.trades)
        owner |= {"id": next(account_ids), "created_by_id": office.pendamping_id, "pin_hash": None}
        if index in told:
            owner["pin_hash"] = hashes[told[index].pin or ""]
            cards.append(_login_card(owner, told[index], office.pendamping_id))
        owners.append(owner)
        shops.append(shop | {"id": next(shop_ids), "owner_id": owner["id"]})
        if index in people.SELLERS[:2]:
            means.append(paying.means(plan, index, shops[-1]["id"], owner))
        consents.append(
            {
                "account_id": owner["id"], "purpose": "publish", "wording_version": wording_version,
                "given_at": owner["created_at"], "recorded_by_id": office.pendamping_id, "withdrawn_at": None,
            }
        )  # fmt: skip
    written = (("account", owners), ("consent", consents), ("login_card", cards), ("shop", shops), (MEANS, means))
    for name, rows in written:
        _write(name, rows)


def _login_card(owner: Row, told: people.Known, by_id: int) -> Row:
    code = codes.normalise(told.card_code or "")
    return {
        "account_id": owner["id"], "code_hash": card_hash(code), "issued_by_id": by_id,
        "issued_at": owner["created_at"], "first_used_at": None, "ended_at": None,
    }  # fmt: skip


def _load_products(plan: Plan, draw: Draw, say: Say) -> int:
    start = queries.count_products()
    if start >= plan.products:
        return 0
    shops = queries.list_shops()
    around, office = queries.surroundings(), queries.office()
    pictures = Pictures(plan, draw, shops)
    for first in range(start, plan.products, PRODUCTS_AT_ONCE):
        say(f"produk {first}")
        with transaction(), stamps.once(_GOODS):
            numbers = range(first, min(first + PRODUCTS_AT_ONCE, plan.products))
            _write_products(plan, numbers, shops, around, office.curator_id, pictures)
    if start == 0:
        with transaction():
            _write_inbox(plan, shops, around, office, pictures)
    return plan.products - start


class Pictures:
    """Photos of products: one each in a small demonstration, shared ones in a large."""

    def __init__(self, plan: Plan, draw: Draw, shops: list[ShopFacts]) -> None:
        """Remember what was asked before; in a large load a sample's photo serves all its variations."""
        self.plan, self.draw, self.shops = plan, draw, shops
        self.kept: dict[str, tuple[int, str]] = {}

    def of(self, wanted: list[tuple[str, int, int]]) -> dict[str, tuple[int, str]]:
        """Return (photo id, stem) for each (key, shop, sample); what is missing is drawn and stored."""
        fresh = {key: (shop, sample) for key, shop, sample in wanted if key not in self.kept}
        drawn = self.draw(
            [(key, samples()[sample].category, samples()[sample].slug) for key, (_, sample) in fresh.items()]
        )
        known, numbers, rows = queries.photos_of(each.stem for each in drawn.values()), _ids("photo"), []
        for key, picture in drawn.items():
            shop, _sample = fresh[key]
            if picture.stem not in known:
                known[picture.stem] = next(numbers)
                rows.append(
                    {
                        "id": known[picture.stem], "shop_id": self.shops[shop].id, "stem": picture.stem,
                        "width": picture.width, "height": picture.height, "ready": True,
                        "created_at": self.shops[shop].created_at,
                    }
                )  # fmt: skip
            self.kept[key] = (known[picture.stem], picture.stem)
        _write("photo", rows)
        return self.kept

    def key(self, index: int) -> str:
        """Name the picture of a product."""
        sample = self.plan.sample_of(index)
        if self.plan.products <= MOST_OWN_PICTURES:
            return samples()[sample].slug if index < len(samples()) else f"{samples()[sample].slug}-{index}"
        return f"{samples()[sample].category}-{sample % 2}"


def _write_products(
    plan: Plan, numbers: range, shops: list[ShopFacts], around: queries.Around, curator_id: int, pictures: Pictures
) -> None:
    owners = {index: plan.shop_of(index) % len(shops) for index in numbers}
    photos = pictures.of([(pictures.key(index), owners[index], plan.sample_of(index)) for index in numbers])
    ids = zip(_ids("product"), _ids("variant"), _ids("revision"), strict=True)
    made = []
    for index, (product, variant, revision) in zip(numbers, ids, strict=False):
        category = around.categories[samples()[plan.sample_of(index)].category]
        where = Ids(product, variant, revision)
        photo = photos[pictures.key(index)]
        made.append(goods.product(plan, index, shops[owners[index]], where, category, photo, curator_id))
    for name in ("product", "variant", "revision", "decision", "stock"):
        bulk.pour(_table(name), [getattr(each, name) for each in made])
    bulk.pour(_table("stock_movement"), [each.movement for each in made if each.movement])
    shelf.put_all([each.card for each in made])
    for shop_id in sorted({shops[owner].id for owner in owners.values() if not shops[owner].open}):
        shelf.hide_shop(shop_id)


def _write_inbox(
    plan: Plan, shops: list[ShopFacts], around: queries.Around, office: queries.Office, pictures: Pictures
) -> None:
    places = {sample.slug: place for place, sample in enumerate(samples())}
    fresh = [each for each in inbox.FRESH if each.shop < len(shops)]
    asked = [(pictures.key(places[each.sample]) if plan.products > MOST_OWN_PICTURES else f"inbox-{place}", each.shop,
              places[each.sample]) for place, each in enumerate(fresh)]  # fmt: skip
    photos = pictures.of(asked)
    numbers = (_ids("product"), _ids("variant"), _ids("revision"))
    for place, each in enumerate(fresh):
        ids = Ids(*(next(each_ids) for each_ids in numbers))
        _write_fresh(plan, place, each, shops[each.shop], ids, photos[asked[place][0]], around, office)
    sold = queries.list_revisions([plan_row for plan_row, _ in inbox.RAISED])
    _write("revision", (
        inbox.raised(plan, row, next(numbers[2]), more) for row, (_, more) in zip(sold, inbox.RAISED, strict=False)
    ))  # fmt: skip
    _write("selling_request", inbox.wishes(plan, people.areas()[0] + people.areas()[1], office.pendamping_id))


def _write_fresh(
    plan: Plan, place: int, fresh: inbox.Fresh, shop: ShopFacts, ids: Ids, photo: tuple[int, str],
    around: queries.Around, office: queries.Office,
) -> None:  # fmt: skip
    """Write a product that was never on sale, with the curator's answer if there is one."""
    sample = next(each for each in samples() if each.slug == fresh.sample)
    text_of = goods.describe(sample, "Dibuat dengan tangan.", "")
    slug = slugs.slug(fresh.name)
    worded = goods.Wording(fresh.name, slug, text_of, Rupiah(sample.price), replace(sample))
    sent = plan.moment - timedelta(hours=fresh.hours)
    category = around.categories[sample.category]
    product, variant, revision = goods.rows_of(worded, shop, ids, category, photo[0], sent, f"demo-inbox-{place}")
    revision["state"] = fresh.state
    if fresh.state in inbox.ANSWERS:
        revision["answer"], revision["answer_field"] = queries.sentence(inbox.ANSWERS[fresh.state][1])
    for name, row in (("product", product), ("variant", variant), ("revision", revision)):
        _write(name, [row])
    _write("stock", [{"variant_id": ids.variant, "on_hand": 12, "reserved": 0}])
    _write("stock_movement", [goods.movement("restock", ids.variant, 12, 0, shop.owner_id, sent)])
    if fresh.state in inbox.ANSWERS:
        said = revision["answer"]
        _write("decision", [inbox.answer(fresh.state, ids.revision, office.curator_id, plan, fresh.hours, said)])


def _load_orders(plan: Plan, say: Say) -> int:
    start = queries.count_orders()
    if start >= plan.orders:
        return 0
    market, office = queries.market(), queries.office()
    if not market.wares:
        return 0
    for first in range(start, plan.orders, ORDERS_AT_ONCE):
        say(f"pesanan {first}")
        with transaction():
            _write_orders(plan, range(first, min(first + ORDERS_AT_ONCE, plan.orders)), market, office)
    return plan.orders - start


def _write_orders(plan: Plan, numbers: range, market: queries.Market, office: queries.Office) -> None:
    wishes = [trade.wish(plan, index, market.by_shop, market.shops, market.wares) for index in numbers]
    hours, total = hours_of(REGENCY), trade.Batch()
    order_ids, line_ids = _ids("order"), _ids("order_line")
    for wish, number in zip(sorted(wishes, key=lambda each: (each.at, each.index)), order_ids, strict=False):
        walked = trade.Walk(plan, wish, number, line_ids, hours, office.curator_id).go()
        for name, rows in walked.rows.items():
            total.rows[name] += rows
        for sums, changes in ((total.on_hand, walked.on_hand), (total.reserved, walked.reserved)):
            for variant_id, change in changes.items():
                sums[variant_id] += change
    for group in total.rows["order_group"]:
        group["buyer_phone_hash"] = vault.blind(group["buyer_phone"], "buyer_phone")
    total.rows["stock_movement"].sort(key=lambda row: row["at"])
    for name, rows in trade.values(total.rows):
        _write(name, _numbered(rows) if name == "sale_record" else rows)
    _add_evidence(total.rows["sale_record"], total.rows["sale_evidence"])
    _move_stock(total)


def _numbered(rows: list[Row]) -> list[Row]:
    for row, number in zip(rows, _ids("sale_record"), strict=False):
        row["id"] = number
    return rows


def _add_evidence(sales: list[Row], evidence: list[Row]) -> None:
    _write("sale_evidence", (known | {"sale_id": sale["id"]} for sale, known in zip(sales, evidence, strict=True)))


def _move_stock(total: trade.Batch) -> None:
    stock = _table("stock")
    moved: list[dict[str, Any]] = [
        {"of": variant_id, "more": total.on_hand[variant_id], "held": total.reserved[variant_id]}
        for variant_id in sorted(total.on_hand)
    ]
    if moved:
        change = update(stock).where(stock.c.variant_id == bindparam("of"))
        change = change.values(
            on_hand=stock.c.on_hand + bindparam("more"), reserved=stock.c.reserved + bindparam("held")
        )
        db.session.connection().execute(change, moved)


def _load_sales(plan: Plan, say: Say) -> int:
    start = queries.count_sales()
    if start >= plan.sales:
        return 0
    market = queries.market()
    if not market.wares:
        return 0
    for first in range(start, plan.sales, ORDERS_AT_ONCE):
        say(f"penjualan {first}")
        numbers = range(first, min(first + ORDERS_AT_ONCE, plan.sales))
        with transaction():
            rows = [trade.noted_sale(plan, index, market.by_shop, market.shops, market.wares) for index in numbers]
            _write("sale_record", _numbered(sorted(rows, key=lambda row: row["at"])))
            _add_evidence(
                rows_in_order(rows),
                [
                    trade.evidence("D", "catatan sendiri", row["entered_by_id"], row["at"])
                    for row in rows_in_order(rows)
                ],
            )
    return plan.sales - start


def _load_bazaars(plan: Plan, draw: Draw) -> int:
    """Store the bazaars once there are enough shops to fill them."""
    with transaction():
        shops, curators = queries.list_open_shops(bazaars.ALL), queries.list_staff("curator")
        if queries.count_bazaars() or len(shops) < bazaars.ALL or len(curators) < rules.REVIEWERS:
            return 0
        office = bazaars.Office(curators, queries.list_staff("approver")[0])
        return bazaars.load(plan, draw, shops, queries.list_shops_of(bazaars.REPORTED), office)


def rows_in_order(rows: list[Row]) -> list[Row]:
    """Return rows by their ids."""
    return sorted(rows, key=lambda row: row["id"])

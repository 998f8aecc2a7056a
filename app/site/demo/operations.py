"""Writing the demonstration in batches of plain rows, so that a million products need no more memory than a thousand.

Rows are made to agree with every book: `flask verify` finds nothing. Each batch is its own transaction unless the
caller has one open; a load that was cut off goes on where it stopped, and one that is complete adds nothing.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import bindparam, func, select, update

from app.core import audit, vault
from app.core.db import db, dialect, transaction
from app.kit import codes
from app.people.accounts.queries import card_hash
from app.people.places.queries import settings_of
from app.site.demo import bazaars, goods, paying, people, queries, rounds, stocking, trade
from app.site.demo.goods import Row
from app.site.demo.pictures import Draw
from app.site.demo.plan import REGENCY, Plan
from app.site.demo.rows import ids, table, write
from app.site.demo.stocking import Say
from app.trade.bazaars import rules
from app.trade.orders.queries import hours_of

SHOPS_AT_ONCE: Final = 500
ORDERS_AT_ONCE: Final = 1_000
_NUMBERED: Final = (
    "account", "shop", "photo", "product", "variant", "revision", "order_group", "order", "order_line", "sale_record",
)  # fmt: skip
MEANS: Final = "payment_means"


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
    added = {
        "lapak": _load_shops(plan, hashes, say),
        "produk": stocking.load(plan, draw, say),
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


def _settle_sequences() -> None:
    """Rows came with their ids; PostgreSQL must not give the same ones out again."""
    if dialect() != "postgresql":
        return
    for name in _NUMBERED:
        number = table(name).c.id
        newest = select(func.coalesce(func.max(number), 1)).scalar_subquery()
        db.session.execute(select(func.setval(func.pg_get_serial_sequence(f'"{name}"', "id"), newest)))


def _open_office(plan: Plan, hashes: dict[str, str]) -> None:
    """Make the accounts of the office."""
    areas = iter(people.areas())
    opened = plan.at(500, 9)
    rows = []
    for number, each in zip(ids("account"), people.staff(plan.seed), strict=False):
        place = f"account:{number}:totp_sealed"
        rows.append(
            {
                "id": number, "role": each.role, "state": "active", "name": each.name, "username": each.username,
                "region_code": each.region, "areas": next(areas) if each.role == "pendamping" else [],
                "password_hash": hashes[people.PASSWORD], "totp_sealed": vault.seal(each.totp_secret or "", place),
                "totp_last_step": 0, "created_at": opened, "version": 1, "creation_key": f"demo-{each.username}",
            }
        )  # fmt: skip
    write("account", rows)


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
    account_ids, shop_ids = ids("account"), ids("shop")
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
        write(name, rows)


def _login_card(owner: Row, told: people.Known, by_id: int) -> Row:
    code = codes.normalise(told.card_code or "")
    return {
        "account_id": owner["id"], "code_hash": card_hash(code), "issued_by_id": by_id,
        "issued_at": owner["created_at"], "first_used_at": None, "ended_at": None,
    }  # fmt: skip


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
    order_ids, line_ids = ids("order"), ids("order_line")
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
        write(name, _numbered(rows) if name == "sale_record" else rows)
    _add_evidence(total.rows["sale_record"], total.rows["sale_evidence"])
    _move_stock(total)


def _numbered(rows: list[Row]) -> list[Row]:
    for row, number in zip(rows, ids("sale_record"), strict=False):
        row["id"] = number
    return rows


def _add_evidence(sales: list[Row], evidence: list[Row]) -> None:
    write("sale_evidence", (known | {"sale_id": sale["id"]} for sale, known in zip(sales, evidence, strict=True)))


def _move_stock(total: trade.Batch) -> None:
    stock = table("stock")
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
            write("sale_record", _numbered(sorted(rows, key=lambda row: row["at"])))
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

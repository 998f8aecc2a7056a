"""A list of goods from file to shop: read and judged line by line, then taken whole or not at all."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select, update

from app.core import audit
from app.core.clock import now
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.jobs import every
from app.core.policy import Actor
from app.core.sheets import read_rows
from app.goods.categories.claims import medical_claims
from app.goods.categories.queries import list_categories, list_successors
from app.goods.products import filling, wordings
from app.goods.products import operations as products
from app.goods.products import queries as goods
from app.goods.products import rules as wording_rules
from app.goods.products.models import Product
from app.goods.products.queries import Item
from app.goods.products.rules import Wording
from app.goods.shops.models import Shop
from app.goods.spreadsheets import choices, rules
from app.goods.spreadsheets.answers import plain
from app.goods.spreadsheets.choices import Had, Judged
from app.goods.spreadsheets.models import GoodsList
from app.goods.spreadsheets.rules import Entry
from app.kit.rupiah import Rupiah

MOST_GOODS: Final = 500
KEEP: Final = timedelta(hours=24)
HOUR: Final = 3600
TITLE_LINES: Final = 12
_WORDS: Final = {
    "name": "name",
    "choice": "label",
    "unit": "unit",
    "description": "description",
    "ingredients": "ingredients",
    "keeps": "shelf_life_days",
    "storage": "storage",
    "origin": "origin",
}
_NEW_HAD: Final = {"pickup": True, "delivery": True, "bazaars": True}


class NoHeads(DomainError):
    """No line looks like the head of a list."""

    status = 400
    text = _l("Judul kolomnya tidak ditemukan. Pakai contoh daftar: perlu Nama, Harga, dan Satuan.")


class NothingToRead(DomainError):
    """There is a head, and nothing below it."""

    status = 400
    text = _l("Daftar ini tidak berisi barang.")


class HasBadRows(DomainError):
    """All or nothing: a list with a bad line is not taken."""

    text = _l("Masih ada baris yang salah. Perbaiki filenya, lalu unggah lagi; belum ada yang tersimpan.")


class NoLonger(DomainError):
    """The list was dropped or its day is over."""

    text = _l("Daftar ini sudah tidak berlaku. Unggah lagi filenya.")


def stage(data: bytes, shop: Shop, *, by: Actor) -> GoodsList:
    """Read a file, judge every line, and keep it until its seller says yes or a day has passed.

    Raises:
        NotATable, TooManyRows, Bloated, NoHeads, NothingToRead: it is no list that can be taken.
    """
    entries = read_list(data)
    judged = judge(entries, shop)
    rows = [
        {"line": each.entry.line, "outcome": each.outcome, "said": each.entry.said, "problems": each.entry.problems}
        for each in judged
    ]
    batch = GoodsList(shop_id=shop.id, counts=_counts(judged), rows=rows, expires_at=now() + KEEP)
    db.session.add(batch)
    db.session.flush()
    audit.record(by, "goods.list_uploaded", batch, **batch.counts)
    return batch


def read_list(data: bytes) -> list[Entry]:
    """Find the head of a list among its first lines, and read what stands below."""
    heads: dict[str, int] | None = None
    entries: list[Entry] = []
    for number, (line, cells) in enumerate(read_rows(data, MOST_GOODS + TITLE_LINES)):
        if heads is not None:
            entries.append(rules.read_line(line, cells, heads))
            continue
        heads = rules.find_heads(cells)
        if heads is None and number >= TITLE_LINES:
            raise NoHeads
    if heads is None:
        raise NoHeads
    if not entries:
        raise NothingToRead
    return entries


def judge(entries: Sequence[Entry], shop: Shop) -> list[Judged]:
    """Say of each line what it would do now; what cannot be is written beside it."""
    known = {each.id: each for each in list_categories()}
    parents = {each.parent_id for each in known.values()}
    leaves = [each for each in known.values() if each.id not in parents]
    # A list of last month may name a kind that the office put into another since.
    ids = {each.id for each in leaves}
    names = {plain(slug): number for slug, number in list_successors().items() if number in ids}
    for each in leaves:
        names[plain(each.name)] = names[plain(each.slug)] = each.id
    rules.arrange(entries)
    heads: dict[int, list[Judged]] = {}
    judged: list[Judged] = []
    lines = Counter(entry.head for entry in entries)
    for entry in entries:
        group = heads.setdefault(entry.head, [])
        item = group[0].item if group else _find(entry, shop)
        if choices.is_further(entry, item, alone=not group):
            found = choices.judge(entry, item, group)
        else:
            found = _judge(entry, shop, names, item, lines[entry.head])
        group.append(found)
        judged.append(found)
    return judged


def take(batch: GoodsList, *, by: Actor) -> GoodsList:
    """Put a whole list into the shop: new goods and new wordings go to the curator as if typed; taken once.

    Raises:
        HasBadRows: a line is wrong, perhaps only since it was looked at.
        NoLonger: it was dropped or its day is over.
    """
    db.session.execute(select(GoodsList.id).where(GoodsList.id == batch.id).with_for_update())
    db.session.refresh(batch)
    if batch.state == "taken":
        return batch
    if not is_open(batch):
        raise NoLonger(batch)
    products.lock_all(batch.shop_id)
    entries = [Entry(row["line"], dict(row["said"]), [tuple(each) for each in row["problems"]]) for row in batch.rows]
    judged = judge([Entry(each.line, each.said) for each in entries], batch.shop)
    if batch.counts["bad"] or any(each.outcome == "bad" for each in judged):
        raise HasBadRows(batch)
    made: dict[int, Product] = {}
    for each in judged:
        _take(each, batch.shop, made, by)
    batch.state, batch.rows, batch.counts = "taken", [], _counts(judged)
    db.session.flush()
    audit.record(by, "goods.list_taken", batch, **batch.counts)
    return batch


def drop(batch: GoodsList) -> None:
    """Let a list go without taking anything of it."""
    gone = update(GoodsList).where(GoodsList.id == batch.id, GoodsList.state == "staged")
    db.session.execute(gone.values(state="dropped", rows=[]))


def is_open(batch: GoodsList) -> bool:
    """Tell whether a list still waits for its answer, whatever a job did."""
    return batch.state == "staged" and batch.expires_at > now()


@every(HOUR, "goods-lists")
def sweep() -> None:
    """Forget the lines of lists that nobody took within a day."""
    late = (GoodsList.state == "staged", GoodsList.expires_at <= now())
    db.session.execute(update(GoodsList).where(*late).values(state="dropped", rows=[]))


def _counts(judged: Sequence[Judged]) -> dict[str, int]:
    outcomes = [each.outcome for each in judged]
    return {each: outcomes.count(each) for each in ("new", "changed", "same", "bad")} | {"rows": len(outcomes)}


def _key(entry: Entry) -> str:
    """Return the creation key of a product that a list made: the same line finds it again."""
    return "daftar-" + hashlib.sha256(rules.name_of(entry).encode()).hexdigest()[:32]


def _find(entry: Entry, shop: Shop) -> Item | None:
    """Return the product of this shop that a line means, None for one that is not there yet."""
    slug = str(entry.said.get("code") or "")
    product = db.session.scalar(select(Product).where(Product.slug == slug, Product.shop_id == shop.id))
    product = product or goods.find_by_key(wording_rules.own_key(shop.id, _key(entry)))
    return goods.get_item(product.id) if product else None


def _judge(entry: Entry, shop: Shop, names: dict[str, int], item: Item | None, lines: int) -> Judged:
    said = entry.said
    if lines > 1 and "choice" not in said and not (item and item.newest.label):
        entry.problems.append(("choice", "first"))
    if item is None:
        unread = {column for column, _reason in entry.problems}
        entry.problems += [(column, "empty") for column in rules.NEEDED if column not in said and column not in unread]
    elif item.standing == "deleted":
        entry.problems.append(("code" if "code" in said else "name", "gone"))
    category_id = _category(entry, shop, names, item)
    for column in ("name", "choice", "unit", "description", "ingredients", "origin"):
        if column in said and medical_claims(said[column]):
            entry.problems.append((column, "claim"))
    way = choices.sold_so(entry, item.held[0] if item else None)
    had = _had(entry, item)
    if entry.problems:
        return Judged(entry, "bad", item)
    wording = _worded(said, item, category_id)
    if item is None:
        return Judged(entry, "new", None, wording, said.get("stock", 0), way=way, had=had)
    moved = choices.counts_anew(said, item.held[0])
    changed = moved or way or had or wordings.read(item.newest) != wording
    stock = said.get("stock") if moved else None
    return Judged(entry, "changed" if changed else "same", item, wording, stock, way=way, had=had)


def _had(entry: Entry, item: Item | None) -> Had | None:
    """Return where a line lets a product be had, None when that stays; nowhere at all is refused."""
    now = choices.known_of(item) if item else _NEW_HAD
    said = {column: entry.said.get(column, now[column]) for column in _NEW_HAD}
    if said == {column: now[column] for column in _NEW_HAD}:
        return None
    if not any(said.values()):
        entry.problems.append(("pickup", "nowhere"))
    return said["pickup"], said["delivery"], said["bazaars"]


def _category(entry: Entry, shop: Shop, names: dict[str, int], item: Item | None) -> int:
    typed = entry.said.get("category")
    if typed:
        if plain(typed) not in names:
            entry.problems.append(("category", "unknown"))
        return names.get(plain(typed), 0)
    if item is not None:
        return item.newest.category_id
    guessed = goods.guess_category(entry.said.get("name", ""), shop) if "name" in entry.said else None
    if guessed is None and "name" in entry.said:
        entry.problems.append(("category", "guess"))
    return guessed.id if guessed else 0


def _worded(said: dict[str, Any], item: Item | None, category_id: int) -> Wording:
    changes: dict[str, Any] = {field: said[column] for column, field in _WORDS.items() if column in said}
    changes["category_id"] = category_id
    if "price" in said:
        changes["price"] = Rupiah(said["price"])
    if "weight" in said:
        changes["net_weight_g"] = said["weight"]
    for column in ("allergens", "warnings"):
        known = getattr(item.newest, column) if item else None
        # The same ones in another order are the same ones.
        if column in said and (known is None or set(known) != set(said[column])):
            changes[column] = tuple(said[column])
    # Two ways to say that nothing is to be said are one.
    held = item.newest.origin if item else None
    if held and wording_rules.said_origin(held) == changes.get("origin"):
        del changes["origin"]
    if item is None:
        return Wording(photo_id=None, **changes)
    return replace(wordings.read(item.newest), **changes)


def _take(each: Judged, shop: Shop, made: dict[int, Product], by: Actor) -> None:
    if each.terms is not None:
        product = each.item.product if each.item else made[each.entry.head]
        choices.take(each, product, each.terms, by)
        return
    if each.wording is None or each.outcome == "same":
        return
    if each.item is None:
        product = products.offer(shop, each.wording, each.stock or 0, key=_key(each.entry), by=by)
        made[each.entry.head] = product
        variant = goods.list_variants(product.id)[0]
    else:
        product, variant = each.item.product, each.item.variant
        products.revise(product, each.wording, version=product.version, by=by)
    choices.sell(product, variant, each, by)
    if each.had is not None:
        pickup, along, bazaars = each.had
        seen = product.places_seen
        filling.can_be_had(product, pickup=pickup, delivered=along, at_bazaars=bazaars, seen=seen, by=by)

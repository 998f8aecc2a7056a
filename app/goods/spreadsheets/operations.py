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
from app.goods.categories.queries import list_categories
from app.goods.products import operations as products
from app.goods.products import queries as goods
from app.goods.products import rules as wording_rules
from app.goods.products import wordings
from app.goods.products.models import Product
from app.goods.products.queries import Item
from app.goods.products.rules import Wording
from app.goods.shops.models import Shop
from app.goods.spreadsheets import choices, rules
from app.goods.spreadsheets.choices import Judged
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
}


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
    names: dict[str, int] = {}
    for each in known.values():
        if each.id not in parents:
            names[rules.plain(each.name)] = names[rules.plain(each.slug)] = each.id
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
    for column in ("name", "choice", "unit", "description", "ingredients"):
        if column in said and medical_claims(said[column]):
            entry.problems.append((column, "claim"))
    if item is not None:
        choices.check_stock(entry, item.held[0])
    if entry.problems:
        return Judged(entry, "bad", item)
    wording = _worded(said, item, category_id)
    if item is None:
        return Judged(entry, "new", None, wording, said.get("stock", 0))
    moved = said.get("stock", item.on_hand) != item.on_hand and item.held[0].counted
    worded = wordings.read(item.newest) != wording
    return Judged(entry, "changed" if worded or moved else "same", item, wording, said.get("stock") if moved else None)


def _category(entry: Entry, shop: Shop, names: dict[str, int], item: Item | None) -> int:
    typed = entry.said.get("category")
    if typed:
        if rules.plain(typed) not in names:
            entry.problems.append(("category", "unknown"))
        return names.get(rules.plain(typed), 0)
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
        made[each.entry.head] = products.offer(shop, each.wording, each.stock or 0, key=_key(each.entry), by=by)
        return
    products.revise(each.item.product, each.wording, version=each.item.product.version, by=by)
    if each.stock is not None:
        products.set_count(each.item.variant, each.stock, seen=each.item.on_hand, by=by)

"""Putting goods on the shelf and taking them down; the counts beside the filters and the index of search move along.

Call these inside the transaction that changes the product, before its audit entry: each locks the cards of a shop.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Table, bindparam, delete, insert, or_, select, text, update

from app.core import bulk
from app.core.clock import now
from app.core.db import advisory_lock, db, dialect
from app.goods.shelf import presence, queries, rules
from app.goods.shelf.changes import merge_index, told, write
from app.goods.shelf.models import ShelfCount, ShelfItem, ShelfMark, ShelfPause, ShelfPaused, ShelfTotal
from app.goods.shelf.rules import Card
from app.kit.rupiah import Rupiah

LOCK: Final = 7_200_000_000_000
BATCH: Final = 500
NO_MARK: Final = ("", "")
_SHOWN: Final = ("name", "price", "spread", "unit", "photo", "category_id")
_CARD: Final = tuple(each.name for each in fields(Card))
_SHOPS: Final = text(
    "INSERT INTO shelf_total (kind, key, items) SELECT 's', kecamatan_code, count(*) FROM shelf_item"
    " WHERE turn = 1 AND kecamatan_code IN :codes GROUP BY kecamatan_code"
    " ON CONFLICT (kind, key) DO UPDATE SET items = excluded.items"
).bindparams(bindparam("codes", expanding=True))
_NO_SHOPS: Final = text("UPDATE shelf_total SET items = 0 WHERE kind = 's' AND key IN :codes").bindparams(
    bindparam("codes", expanding=True)
)
_TURN: Final = (
    update(cast("Table", ShelfItem.__table__))
    .where(ShelfItem.product_id == bindparam("number"))
    .values(turn=bindparam("wanted"))
)


def put(card: Card) -> None:
    """Place a product on the shelf, or show its new state; a card of a shop that is away waits until it is back."""
    put_all([card])


def put_all(cards: Iterable[Card]) -> None:
    """Place many products, in few questions."""
    waiting = list(cards)
    for start in range(0, len(waiting), BATCH):
        _put_batch({card.product_id: card for card in waiting[start : start + BATCH]})


def take_down(product_id: int) -> None:
    """Remove a product from the shelf; one that is not there stays away."""
    shop_id = db.session.scalar(
        select(ShelfItem.shop_id).where(ShelfItem.product_id == product_id)
    ) or db.session.scalar(select(ShelfPaused.shop_id).where(ShelfPaused.product_id == product_id))
    if shop_id is None:
        return
    lock([shop_id])
    db.session.execute(delete(ShelfPaused).where(ShelfPaused.product_id == product_id))
    _remove(ShelfItem.product_id == product_id)


def hide_shop(shop_id: int) -> None:
    """Take a whole shop off the shelf until `show_shop`; products put meanwhile wait too."""
    lock([shop_id])
    if db.session.get(ShelfPause, shop_id) is None:
        db.session.add(ShelfPause(shop_id=shop_id))
        db.session.flush()
    gone = _remove(ShelfItem.shop_id == shop_id)
    _keep([_card_of(row) for row in gone])


def show_shop(shop_id: int) -> None:
    """Bring the cards of a shop back."""
    lock([shop_id])
    db.session.execute(delete(ShelfPause).where(ShelfPause.shop_id == shop_id))
    query = delete(ShelfPaused).where(ShelfPaused.shop_id == shop_id).returning(ShelfPaused.card)
    put_all([_read(kept) for kept in db.session.scalars(query).all()])


def forget_shop(shop_id: int) -> None:
    """Take a shop's cards away for good, and every word of the index that only they used."""
    lock([shop_id])
    _remove(ShelfItem.shop_id == shop_id)
    for table in (ShelfPaused, ShelfPause, ShelfMark):
        db.session.execute(delete(table).where(table.shop_id == shop_id))
    db.session.execute(text("DELETE FROM search_term WHERE items <= 0"))
    merge_index()


def rename_shop(shop_id: int, slug: str, name: str) -> None:
    """Write a shop's new name and address on all its cards."""
    _rewrite(shop_id, shop_slug=slug, shop_name=name)


def move_shop(shop_id: int, regency_code: str, kecamatan_code: str) -> None:
    """Move all cards of a shop to another kecamatan."""
    _rewrite(shop_id, regency_code=regency_code, kecamatan_code=kecamatan_code)


def mark_shops(kind: str, marks: Mapping[int, tuple[str, str]]) -> None:
    """Say something on all cards of shops, now and later: shop → (word, key); `NO_MARK` takes it off again."""
    lock(marks)
    mine = (ShelfMark.kind == kind, ShelfMark.shop_id.in_(marks))
    known = {each.shop_id: (each.word, each.key) for each in db.session.scalars(select(ShelfMark).where(*mine))}
    moved = {shop_id: mark for shop_id, mark in marks.items() if known.get(shop_id, NO_MARK) != mark}
    if not moved:
        return
    db.session.execute(delete(ShelfMark).where(ShelfMark.kind == kind, ShelfMark.shop_id.in_(moved)))
    said = [{"shop_id": each, "kind": kind, "word": word, "key": key} for each, (word, key) in moved.items() if word]
    if said:
        db.session.execute(insert(ShelfMark), said)
    _rebadge(moved)


def _rebadge(shop_ids: Iterable[int]) -> None:
    """Write the marks of these shops on their cards; nothing that is searched or counted changes."""
    wanted = sorted(shop_ids)
    marks = queries.marks_of(wanted)
    for row in rows_of(ShelfItem.shop_id.in_(wanted)):
        query = update(ShelfItem).where(ShelfItem.product_id == row["product_id"])
        badges = rules.badges(row["badges"] or [], marks[row["shop_id"]], row["at_bazaars"])
        db.session.execute(query.values(badges=badges, version=row["version"] + 1))


def rebuild() -> int:
    """Make the counts, the turns and the index anew from the cards; returns how many cards there are."""
    for emptied in ("shelf_count", "shelf_total WHERE kind <> 'a'", "search_product", "search_term"):
        db.session.execute(text(f"DELETE FROM {emptied}"))  # noqa: S608 - the names stand above
    last = done = 0
    while rows := rows_of(ShelfItem.product_id > last, BATCH):
        note_change([], rows)
        give_turns({row["shop_id"] for row in rows})
        count_shops({row["kecamatan_code"] for row in rows})
        last, done = rows[-1]["product_id"], done + len(rows)
    # Last of all: from here on everybody who is done waits for this.
    presence.mend()
    return done


@contextmanager
def regrouping(category_ids: Collection[int]) -> Iterator[None]:
    """Let categories change inside: their cards leave counts and index as they stood, and come back as it is then.

    Nobody else writes on the shelf meanwhile. Begin with this: whoever waits for the shelf must hold nothing else.
    """
    if dialect() == "postgresql":
        db.session.execute(text("LOCK TABLE shelf_item IN SHARE ROW EXCLUSIVE MODE"))
    mine = or_(ShelfItem.category_id.in_(category_ids), ShelfItem.top_category_id.in_(category_ids))
    numbers = list(db.session.scalars(select(ShelfItem.product_id).where(mine).order_by(ShelfItem.product_id)))
    parts = parts_of(numbers)
    for part in parts:
        note_change(rows_of(ShelfItem.product_id.in_(part)), [])
    # What is empty now may lie under another category afterwards, or under none.
    db.session.execute(delete(ShelfCount).where(ShelfCount.category_id.in_(category_ids), ShelfCount.items == 0))
    yield
    db.session.flush()
    for part in parts:
        around, rows = queries.surroundings(()), rows_of(ShelfItem.product_id.in_(part))
        for row in rows:
            row["top_category_id"], row["version"] = around.top(row["category_id"]), row["version"] + 1
            moved = {"top_category_id": row["top_category_id"], "version": row["version"]}
            db.session.execute(update(ShelfItem).where(ShelfItem.product_id == row["product_id"]).values(**moved))
        note_change([], rows)


def parts_of(numbers: list[int]) -> list[list[int]]:
    """Cut a list of cards into what is read at once."""
    return [numbers[start : start + BATCH] for start in range(0, len(numbers), BATCH)]


def move_category(source_id: int, target_id: int) -> None:
    """Write another category on all cards of one, those that wait for their shop among them; within `regrouping`."""
    cards = update(ShelfItem).where(ShelfItem.category_id == source_id).values(category_id=target_id)
    db.session.execute(cards.execution_options(synchronize_session=False))
    waits = ShelfPaused.card["category_id"].as_integer() == source_id
    for kept in db.session.scalars(select(ShelfPaused).where(waits)):
        kept.card = kept.card | {"category_id": target_id}
    db.session.execute(delete(ShelfTotal).where(ShelfTotal.kind == "c", ShelfTotal.key == str(source_id)))


def lock(shop_ids: Iterable[int]) -> None:
    """Queue for the cards of these shops, lowest number first."""
    for shop_id in sorted(set(shop_ids)):
        advisory_lock(LOCK + shop_id)


def _put_batch(cards: dict[int, Card]) -> None:
    shops = {card.shop_id for card in cards.values()}
    lock(shops)
    away = set(db.session.scalars(select(ShelfPause.shop_id).where(ShelfPause.shop_id.in_(shops))))
    _keep([card for card in cards.values() if card.shop_id in away])
    shown = {number: card for number, card in cards.items() if card.shop_id not in away}
    before = {row["product_id"]: row for row in rows_of(ShelfItem.product_id.in_(shown))}
    here = {card.kecamatan_code for card in shown.values()} | {row["kecamatan_code"] for row in before.values()}
    around = queries.surroundings(here)
    moment = now()
    marks = queries.marks_of(shops)
    after = [_row(card, before.get(card.product_id), around, marks, moment) for card in shown.values()]
    fresh = [row for row in after if row["product_id"] not in before]
    bulk.pour(cast("Table", ShelfItem.__table__), fresh)
    for row in after:
        if row["product_id"] in before:
            db.session.execute(update(ShelfItem).where(ShelfItem.product_id == row["product_id"]).values(**row))
    note_change(list(before.values()), after, around)
    _reorder([*before.values(), *after])


def _reorder(rows: Sequence[Mapping[str, Any]]) -> None:
    """Give the shops of cards that came, changed or went their turns, and count the shops where that moved something.

    Whoever brings or takes cards of a kecamatan holds the total of its cards, which moved before: none counts
    beside it.
    """
    shops = {row["shop_id"] for row in rows}
    had = queries.first_of(shops)
    give_turns(shops)
    # What went or moved may have been the first of its shop; what stays or came may be it now.
    moved = {code for _number, code in had ^ queries.first_of(shops)}
    count_shops(moved | {row["kecamatan_code"] for row in rows if row["turn"] == 1})


def count_shops(kecamatan_codes: Collection[str]) -> None:
    """Count anew the shops of these kecamatan that have something on the shelf: each has one card of the first turn."""
    for statement in (_NO_SHOPS, _SHOPS) if kecamatan_codes else ():
        db.session.connection().execute(statement, {"codes": sorted(kecamatan_codes)})


def give_turns(shop_ids: Collection[int]) -> None:
    """Give the newest cards of these shops the first turns, and those that had them before the last one."""
    wanted = queries.turns_of(shop_ids)
    had = queries.early_of(shop_ids)
    moved = {number: turn for number, turn in wanted.items() if had.get(number) != turn}
    moved |= dict.fromkeys(had.keys() - wanted.keys(), rules.TURNS)
    if moved:
        rows = [{"number": number, "wanted": turn} for number, turn in sorted(moved.items())]
        db.session.connection().execute(_TURN, rows)


def _row(
    card: Card, before: dict[str, Any] | None, around: queries.Surroundings, marks: Mapping[int, list[list[str]]],
    moment: datetime,
) -> dict[str, Any]:  # fmt: skip
    row = fresh_row(card, around, marks.get(card.shop_id, ()), moment)
    if before is None:
        return row
    changed = any(row[name] != before[name] for name in _SHOWN)
    stamp = moment if changed else before["stamp"]
    return row | {"stamp": stamp, "version": before["version"] + 1, "turn": before["turn"]}


def fresh_row(
    card: Card, around: queries.Surroundings, marks: Iterable[Sequence[str]], moment: datetime
) -> dict[str, Any]:
    """Return a card that was never on the shelf as it shall stand there; asks no database."""
    return {
        **_facts(card),
        "kecamatan_name": around.names[card.kecamatan_code],
        "top_category_id": around.top(card.category_id),
        "badges": rules.badges(card.badges, marks, card.at_bazaars),
        **{f"{kind}_until": rules.until(card.badges, kind) for kind in rules.PAPERS},
        "stamp": min(card.published_at, moment),
        "version": 1,
        "turn": rules.TURNS,
        "slot": rules.slot(card.product_id),
    }


def rows_of(condition: Any, most: int = 0) -> list[dict[str, Any]]:
    """Return the cards that a condition holds for, by their number."""
    query = select(ShelfItem.__table__).where(condition).order_by(ShelfItem.product_id)
    if most:
        query = query.limit(most)
    return [dict(row) for row in db.session.execute(query).mappings()]


def _remove(condition: Any) -> list[dict[str, Any]]:
    """Delete cards and return what they were; only what this call deleted is counted, whoever else deletes too."""
    table = cast("Table", ShelfItem.__table__)
    gone = [dict(row) for row in db.session.execute(delete(table).where(condition).returning(*table.c)).mappings()]
    note_change(gone, [])
    _reorder(gone)
    return gone


def _rewrite(shop_id: int, **changes: Any) -> None:
    lock([shop_id])
    for number, kept in db.session.execute(
        select(ShelfPaused.product_id, ShelfPaused.card).where(ShelfPaused.shop_id == shop_id)
    ).all():
        query = update(ShelfPaused).where(ShelfPaused.product_id == number)
        db.session.execute(query.values(card=kept | changes))
    put_all([_card_of(row | changes) for row in rows_of(ShelfItem.shop_id == shop_id)])


def _keep(cards: Sequence[Card]) -> None:
    """Set cards aside while their shop is away."""
    if not cards:
        return
    db.session.execute(delete(ShelfPaused).where(ShelfPaused.product_id.in_([card.product_id for card in cards])))
    db.session.execute(
        insert(ShelfPaused),
        [{"product_id": card.product_id, "shop_id": card.shop_id, "card": _written(card)} for card in cards],
    )


def _card_of(row: dict[str, Any]) -> Card:
    return Card(**{name: row[name] for name in _CARD})


def _facts(card: Card) -> dict[str, Any]:
    return {name: getattr(card, name) for name in _CARD}


def _written(card: Card) -> dict[str, Any]:
    return _facts(card) | {"price": card.price.amount, "published_at": card.published_at.isoformat()}


def _read(kept: dict[str, Any]) -> Card:
    moment = datetime.fromisoformat(kept["published_at"])
    return Card(**kept | {"price": Rupiah(kept["price"]), "published_at": moment})


def note_change(
    before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]], around: queries.Surroundings | None = None
) -> None:
    """Move the counts, the index and the vocabulary from what stood to what stands, `around` them."""
    if before or after:
        around = around or queries.surroundings(row["kecamatan_code"] for row in [*before, *after])
        write(told(before, after, around, dialect()))

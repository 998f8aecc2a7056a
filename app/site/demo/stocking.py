"""Putting the goods of the demonstration on the shelf, batch after batch, and some before the curator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from app.core import bulk, stamps
from app.core.clock import now
from app.core.db import db, transaction
from app.goods.shelf import filling, presence
from app.goods.shelf import operations as shelf
from app.goods.shelf import queries as cards
from app.kit import slugs
from app.kit.rupiah import Rupiah
from app.site.demo import goods, inbox, people, queries
from app.site.demo.batches import Batch, Market, Task, key, made
from app.site.demo.goods import Ids, ShopFacts
from app.site.demo.indexes import MANY, up_last
from app.site.demo.pictures import Draw
from app.site.demo.plan import Plan, samples
from app.site.demo.rows import ids, write

AT_ONCE: Final = 2_500
_GOODS: Final = ("product", "variant", "revision", "stock", "shelf_item", "shelf_count", "shelf_total")
Say = Callable[[str], object]


def load(plan: Plan, draw: Draw, say: Say) -> int:
    """Bring the goods to their number; returns how many came."""
    start = queries.count_products()
    many = plan.products - start >= MANY
    with up_last(many=many):
        if start >= plan.products:
            return 0
        shops, around, office = queries.list_shops(), queries.surroundings(), queries.office()
        pictures = Pictures(plan, draw, shops)
        market = _market(plan, shops, around, office)
        for batch in made(market, _tasks(plan, start, pictures, say), many=many):
            with transaction(), stamps.once(_GOODS), presence.at_once():
                _write_goods(batch, turns=not many)
        if start == 0:
            with transaction():
                _write_inbox(plan, shops, around, office, pictures)
    return plan.products - start


def _market(plan: Plan, shops: list[ShopFacts], around: queries.Around, office: queries.Office) -> Market:
    near, kind = cards.surroundings(around.places), db.engine.dialect
    driver = f"{kind.name}+{kind.driver}"
    return Market(plan, shops, around.categories, office.curator_id, near, cards.list_marks(), now(), driver)


def _tasks(plan: Plan, start: int, pictures: Pictures, say: Say) -> Iterator[Task]:
    first = Ids(next(ids("product")), next(ids("variant")), next(ids("revision")))
    for begin in range(start, plan.products, AT_ONCE):
        say(f"produk {begin}")
        numbers, gone = range(begin, min(begin + AT_ONCE, plan.products)), begin - start
        here = Ids(first.product + gone, first.variant + gone, first.revision + gone)
        yield Task(numbers, here, pictures.of_goods(numbers))


def _write_goods(batch: Batch, *, turns: bool) -> None:
    for lines in batch.lines:
        bulk.write_lines(*lines)
    filling.fill(batch.filling)
    shelf.put_all(batch.away)
    for shop_id in sorted({card.shop_id for card in batch.away}):
        shelf.hide_shop(shop_id)
    if turns:
        filling.settle(batch.shop_ids)


class Pictures:
    """Photos of products: one each in a small demonstration, shared ones in a large."""

    def __init__(self, plan: Plan, draw: Draw, shops: list[ShopFacts]) -> None:
        """Remember what was asked before; in a large load a sample's photo serves all its variations."""
        self.plan, self.draw, self.shops = plan, draw, shops
        self.kept: dict[str, tuple[int, str]] = {}

    def of_goods(self, numbers: range) -> dict[str, tuple[int, str]]:
        """Return (photo id, stem) for each key of these products."""
        first: dict[str, int] = {}
        for index in numbers:
            first.setdefault(key(self.plan, index), index)
        owner, sample = self.plan.shop_of, self.plan.sample_of
        fresh = [(name, owner(n) % len(self.shops), sample(n)) for name, n in first.items() if name not in self.kept]
        if fresh:
            with transaction():
                self.of(fresh)
        return {name: self.kept[name] for name in first}

    def of(self, wanted: list[tuple[str, int, int]]) -> dict[str, tuple[int, str]]:
        """Return (photo id, stem) for each (key, shop, sample); what is missing is drawn and stored."""
        fresh = {key: (shop, sample) for key, shop, sample in wanted if key not in self.kept}
        drawn = self.draw(
            [(key, samples()[sample].category, samples()[sample].slug) for key, (_, sample) in fresh.items()]
        )
        known, numbers, rows = queries.photos_of(each.stem for each in drawn.values()), ids("photo"), []
        for name, picture in drawn.items():
            shop, _sample = fresh[name]
            if picture.stem not in known:
                known[picture.stem] = next(numbers)
                rows.append(
                    {
                        "id": known[picture.stem], "shop_id": self.shops[shop].id, "stem": picture.stem,
                        "width": picture.width, "height": picture.height, "ready": True,
                        "created_at": self.shops[shop].created_at,
                    }
                )  # fmt: skip
            self.kept[name] = (known[picture.stem], picture.stem)
        write("photo", rows)
        return self.kept


def _write_inbox(
    plan: Plan, shops: list[ShopFacts], around: queries.Around, office: queries.Office, pictures: Pictures
) -> None:
    places = {sample.slug: place for place, sample in enumerate(samples())}
    fresh = [each for each in inbox.FRESH if each.shop < len(shops)]
    asked = [(f"inbox-{place}" if plan.own_pictures else key(plan, places[each.sample]), each.shop,
              places[each.sample]) for place, each in enumerate(fresh)]  # fmt: skip
    photos = pictures.of(asked)
    numbers = (ids("product"), ids("variant"), ids("revision"))
    for place, each in enumerate(fresh):
        free = Ids(*map(next, numbers))
        _write_fresh(plan, place, each, shops[each.shop], free, photos[asked[place][0]], around, office)
    sold = queries.list_revisions([plan_row for plan_row, _ in inbox.RAISED])
    write("revision", (
        inbox.raised(plan, row, next(numbers[2]), more) for row, (_, more) in zip(sold, inbox.RAISED, strict=False)
    ))  # fmt: skip
    write("selling_request", inbox.wishes(plan, people.areas()[0] + people.areas()[1], office.pendamping_id))


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
        write(name, [row])
    write("stock", [{"variant_id": ids.variant, "on_hand": 12, "reserved": 0}])
    write("stock_movement", [goods.movement("restock", ids.variant, 12, 0, shop.owner_id, sent)])
    if fresh.state in inbox.ANSWERS:
        said = revision["answer"]
        write("decision", [inbox.answer(fresh.state, ids.revision, office.curator_id, plan, fresh.hours, said)])

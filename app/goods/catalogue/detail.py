"""One product, one shop, and the list of shops, as strangers may see them.

Only columns named here are read; none of them leads to an account or a family.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from app.core import clock
from app.core.db import db
from app.goods.catalogue import beside, left, queries, rules
from app.goods.catalogue.further import FURTHER, read_further
from app.goods.catalogue.queries import Tile
from app.goods.catalogue.rules import Place
from app.goods.categories.models import BusinessType, Category
from app.goods.categories.rules import drawing_of
from app.goods.delivery.queries import TERMS
from app.goods.delivery.rules import Terms, read_terms
from app.goods.permits.queries import Seal
from app.goods.photos.models import Photo
from app.goods.photos.queries import picture_of
from app.goods.photos.rules import Picture
from app.goods.products.models import Product, Revision, Variant
from app.goods.shelf.models import ShelfItem, ShelfTotal
from app.goods.shelf.queries import picture
from app.goods.shelf.rules import Picture as Thumb
from app.goods.shelf.rules import holding
from app.goods.shops.models import Shop
from app.goods.shops.rules import is_away, is_planned
from app.goods.stock.models import Stock
from app.kit.rupiah import Rupiah
from app.people.places.models import Region

SHOPS_PAGE: Final = 24
MORE: Final = 4
_PARENT = aliased(Category)
_SHOP: Final = (
    Shop.id.label("shop_id"),
    Shop.slug.label("shop_slug"),
    Shop.name.label("shop_name"),
    Shop.story.label("shop_story"),
    Shop.phone.label("shop_phone"),
    Shop.pickup_place,
    Shop.pickup_hours,
    Shop.state.label("shop_state"),
    Shop.closed_from,
    Shop.closed_until,
    Shop.closed_note,
    Shop.kecamatan_code,
    Region.name.label("kecamatan"),
    Region.zone,
    TERMS.label("terms"),
)
# Put together once: that costs more than asking it.
_DETAIL: Final = (
    select(
        Product.id,
        Product.slug,
        Product.state,
        Product.at_bazaars,
        Product.pickup,
        Product.delivered,
        Revision.name,
        Revision.description,
        Revision.ingredients,
        Revision.allergens,
        Revision.shelf_life_days,
        Revision.storage,
        Revision.origin,
        Revision.warnings,
        Category.id.label("category_id"),
        Category.slug.label("category_slug"),
        Category.name.label("category_name"),
        Category.name_en.label("category_name_en"),
        ShelfItem.badges,
        _PARENT.slug.label("parent_slug"),
        _PARENT.name.label("parent_name"),
        _PARENT.name_en.label("parent_name_en"),
        Photo.stem,
        Photo.ready,
        Photo.width,
        Photo.height,
        Revision.photo_alt,
        FURTHER.label("further"),
        *_SHOP,
        Variant.id.label("variant_id"),
        Variant.label,
        Variant.price,
        Variant.unit,
        Variant.net_weight_g,
        Variant.stock_mode,
        Variant.lead_days,
        left.LEFT,
    )
    .join(Revision, Revision.id == Product.approved_revision_id)
    .join(Category, Category.id == Revision.category_id)
    .outerjoin(_PARENT, _PARENT.id == Category.parent_id)
    .join(Shop, Shop.id == Product.shop_id)
    .join(Region, Region.code == Shop.kecamatan_code)
    .outerjoin(Photo, Photo.id == Revision.photo_id)
    .outerjoin(ShelfItem, ShelfItem.product_id == Product.id)
    .outerjoin(Variant, (Variant.product_id == Product.id) & Variant.active)
    .outerjoin(Stock, Stock.variant_id == Variant.id)
    .where(Product.slug == bindparam("slug"), Shop.withheld_at.is_(None))
    .order_by(Variant.position, Variant.id)
)


@dataclass(frozen=True, slots=True)
class Stall:
    """A shop as strangers see it. `closed_until` ends a pause that holds, `closes` are both ends of one to come."""

    id: int
    slug: str
    name: str
    story: str
    phone: str | None
    pickup_place: str
    pickup_hours: str
    state: str
    closed_until: date | None
    closed_note: str
    closes: tuple[date, date] | None
    kecamatan_code: str
    kecamatan: str
    zone: str
    terms: Terms
    beside: Mapping[str, str] = field(default_factory=dict)

    @property
    def sells(self) -> bool:
        """Tell whether one can order there today."""
        return self.state == "open" and self.closed_until is None


@dataclass(frozen=True, slots=True)
class Choice:
    """A variant. `left` is how many are there, None when nobody counts it; `made` when it is made as it is ordered."""

    id: int
    label: str
    price: Rupiah
    unit: str
    net_weight_g: int | None
    lead_days: int
    left: int | None
    made: bool

    @property
    def sold_out(self) -> bool:
        """Tell whether none is left."""
        return self.left is not None and self.left <= 0

    @property
    def most(self) -> int:
        """Return how many one may ask for."""
        return left.most(self.left)

    @property
    def per_100_g(self) -> Rupiah | None:
        """Return the price of 100 g."""
        return rules.per_100_g(self.price, self.net_weight_g)

    @property
    def weight(self) -> str:
        """Return the weight in words."""
        return rules.said_weight(self.net_weight_g)


@dataclass(frozen=True, slots=True)
class Makeup:
    """What goods are made of and how they keep; `allergens`, `storage` and `warnings` are codes; unasked is empty."""

    ingredients: str
    allergens: Sequence[str] | None
    shelf_life_days: int | None
    storage: str
    origin: str | None
    warnings: Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Detail:
    """A product as strangers see it. `gone` when it will not come back."""

    id: int
    slug: str
    state: str
    name: str
    description: str
    category_slug: str
    category_name: str
    category_name_en: str
    category_id: int
    seals: Sequence[Seal]
    parent_slug: str | None
    parent_name: str | None
    parent_name_en: str | None
    photo: Picture | None
    alt: str
    further: Sequence[tuple[Picture, str]]
    """Photos after the cover, each with what is to be seen."""
    drawing: str
    tint: str
    stall: Stall
    choices: Sequence[Choice]
    at_bazaars: bool
    """Whether its seller brings it along to bazaars."""
    pickup: bool
    """Whether it can be had at her place."""
    terms: Terms
    """Where she brings it."""
    makeup: Makeup
    beside: Mapping[str, str]

    @property
    def gone(self) -> bool:
        """Tell whether this product was taken away for good."""
        return self.state in ("withdrawn", "deleted") or self.stall.state == "ended"

    @property
    def is_food(self) -> bool:
        """Tell whether people compare it by weight."""
        return (self.parent_slug or self.category_slug) in rules.WEIGHED

    @property
    def on_sale(self) -> bool:
        """Tell whether it can be ordered today, stock aside."""
        return self.state == "live" and self.stall.sells and bool(self.choices)


@dataclass(frozen=True, slots=True)
class Sign:
    """A shop in a list: what the macro shop_card asks for."""

    id: int
    slug: str
    name: str
    kecamatan: str
    product_count: int
    photo: Thumb | None
    drawing: str
    tint: str
    known: bool = True


_detail = cache(lambda: _DETAIL.add_columns(*beside.columns("product")))


def find_detail(slug: str) -> Detail | None:
    """Return a product that was on sale at least once, None when there never was one here."""
    rows = db.session.connection().execute(_detail(), {"slug": slug}).all()
    if not rows:
        return None
    first = rows[0]
    stall = _stall(first)
    drawing, tint = drawing_of(first.category_slug, first.parent_slug)
    return Detail(
        id=first.id,
        slug=first.slug,
        state=first.state,
        name=first.name,
        description=first.description,
        category_slug=first.category_slug,
        category_name=first.category_name,
        category_name_en=first.category_name_en,
        category_id=first.category_id,
        seals=_seals(first.badges or [], first.zone),
        parent_slug=first.parent_slug,
        parent_name=first.parent_name,
        parent_name_en=first.parent_name_en,
        photo=picture_of(first),
        alt=first.photo_alt or "",
        further=read_further(first.further or ""),
        drawing=drawing,
        tint=tint,
        stall=stall,
        choices=[_choice(row) for row in rows if row.variant_id],
        at_bazaars=first.at_bazaars,
        pickup=first.pickup,
        terms=stall.terms if first.delivered else stall.terms.without_ways(),
        makeup=Makeup(
            first.ingredients, first.allergens, first.shelf_life_days, first.storage, first.origin, first.warnings
        ),
        beside=beside.found("product", first),
    )


def find_stall(slug: str) -> tuple[Stall, str, int] | None:
    """Return a shop, the slug of what it mostly makes, and how many products it has on the shelf."""
    count = select(func.count()).select_from(ShelfItem).where(ShelfItem.shop_id == Shop.id).scalar_subquery()
    query = (
        select(*_SHOP, BusinessType.category_slug, count.label("items"), *beside.columns("shop"))
        .join(Region, Region.code == Shop.kecamatan_code)
        .join(BusinessType, BusinessType.slug == Shop.business_type_slug)
        .where(Shop.slug == slug, Shop.withheld_at.is_(None))
    )
    row = db.session.execute(query).one_or_none()
    return (replace(_stall(row), beside=beside.found("shop", row)), row.category_slug, row.items) if row else None


def list_stalls(kecamatan: str = "", after: Place | None = None) -> list[Sign]:
    """Return the newest shops that have something on the shelf, and one more."""
    here = ShelfItem.shop_id == Shop.id
    count = select(func.count()).select_from(ShelfItem).where(here).scalar_subquery()
    newest = select(ShelfItem.photo).where(here).order_by(ShelfItem.stamp.desc(), ShelfItem.product_id.desc())
    query = (
        select(
            Shop.id,
            Shop.slug,
            Shop.name,
            Region.name.label("kecamatan"),
            count.label("items"),
            newest.limit(1).scalar_subquery().label("photo"),
            BusinessType.category_slug,
        )
        .join(Region, Region.code == Shop.kecamatan_code)
        .join(BusinessType, BusinessType.slug == Shop.business_type_slug)
        .where(Shop.state == "open", Shop.withheld_at.is_(None), select(ShelfItem.product_id).where(here).exists())
        .order_by(Shop.id.desc())
        .limit(SHOPS_PAGE + 1)
    )
    query = query.where(Shop.kecamatan_code == kecamatan) if kecamatan else query
    query = query.where(Shop.id < after.number) if after else query
    return [_sign(row) for row in db.session.execute(query)]


def count_stalls() -> dict[str, int]:
    """Return how many shops of each kecamatan have something on the shelf."""
    query = select(ShelfTotal.key, ShelfTotal.items).where(ShelfTotal.kind == "s", ShelfTotal.items > 0)
    return {row[0]: row[1] for row in db.session.execute(query)}


def list_near(detail: Detail) -> tuple[list[Tile], list[Tile]]:
    """Return more from the same shop, and the like from others, which take turns: one with much shows no more."""
    own = [tile for tile in queries.list_of_shop(detail.stall.id, most=MORE) if tile.id != detail.id][:MORE]
    shown = {detail.id, *(tile.id for tile in own)}
    like = queries.list_in_turn((detail.category_id, detail.parent_slug is None), 2 * MORE)
    others = [tile for tile in like if tile.id not in shown and tile.shop_name != detail.stall.name]
    return own, others[:MORE]


def _seals(badges: list[list[str]], zone: str) -> list[Seal]:
    """Return the papers that stand on a card and hold today."""
    papers = [each for each in holding(badges, clock.today(zone).isoformat()) if each[3:]]
    return [Seal(kind, word, number, date.fromisoformat(last) if last else None) for kind, word, last, number in papers]


def _stall(row: Any) -> Stall:
    first, until, day = row.closed_from, row.closed_until, clock.today(row.zone)
    return Stall(
        id=row.shop_id,
        slug=row.shop_slug,
        name=row.shop_name,
        story=row.shop_story,
        phone=row.shop_phone,
        pickup_place=row.pickup_place,
        pickup_hours=row.pickup_hours,
        state=row.shop_state,
        closed_until=until if is_away(first, until, day) else None,
        closed_note=row.closed_note,
        closes=(first, until) if is_planned(first, until, day) else None,
        kecamatan_code=row.kecamatan_code,
        kecamatan=row.kecamatan,
        zone=row.zone,
        terms=read_terms(row.terms or "").paid_by(ahead=bool(getattr(row, beside.AHEAD, ""))),
    )


def _choice(row: Any) -> Choice:
    made = row.stock_mode == "made_to_order"
    there = left.read(row)
    return Choice(row.variant_id, row.label, row.price, row.unit, row.net_weight_g, row.lead_days, there, made)


def _sign(row: Any) -> Sign:
    drawing, tint = drawing_of(row.category_slug)
    return Sign(row.id, row.slug, row.name, row.kecamatan, row.items, picture(row.photo or ""), drawing, tint)

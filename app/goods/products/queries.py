"""Questions about products, as their sellers and curators ask them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, contains_eager, joinedload, selectinload

from app.core.db import db
from app.core.errors import NotFound
from app.goods.categories.models import BusinessType, Category
from app.goods.delivery.queries import GOES
from app.goods.photos.models import Photo
from app.goods.photos.queries import picture
from app.goods.photos.rules import Picture
from app.goods.products import rules
from app.goods.products.models import Product, ProductDraft, Revision, RevisionChoice, RevisionPhoto, Variant
from app.goods.shops.models import Shop
from app.goods.stock.models import Stock

DATA = Path(__file__).resolve().parents[2] / "data"
PAGE = 20
THING = "Produk"


@dataclass(frozen=True)
class Held:
    """A variant with what is there of it and what is promised, in sale units; nothing when nobody counts it."""

    variant: Variant
    on_hand: int = 0
    reserved: int = 0

    @property
    def counted(self) -> bool:
        """Tell whether its seller counts it."""
        return self.variant.stock_mode == "counted"

    @property
    def sold_out(self) -> bool:
        """Tell whether none is left to be asked for."""
        return self.counted and self.on_hand <= self.reserved


@dataclass(frozen=True)
class Item:
    """A product with all that its seller's pages show; `approved` is None until a curator said yes.

    `held` are its variants in their order, those of a change that waits and those sold no more among them. `goes` tells
    whether its shop brings goods anywhere; a list does not ask.
    """

    product: Product
    newest: Revision
    approved: Revision | None
    held: tuple[Held, ...]
    goes: bool = False

    @property
    def variant(self) -> Variant:
        """The first variant, which the product keeps for life."""
        return self.held[0].variant

    @property
    def on_hand(self) -> int:
        """How many of the first variant are there."""
        return self.held[0].on_hand

    @property
    def reserved(self) -> int:
        """How many of the first variant are promised."""
        return self.held[0].reserved

    @property
    def offered(self) -> list[Held]:
        """The variants of the newest wording in its order: what the seller sees as her choices."""
        known = {each.variant.id: each for each in self.held}
        return [self.held[0], *(known[each.variant_id] for each in self.newest.choices)]

    def holds(self, variant_id: int) -> Held:
        """Return one of the choices that the product ever had.

        Raises:
            NotFound: it is not among them.
        """
        for each in self.held:
            if each.variant.id == variant_id:
                return each
        raise NotFound(variant_id)

    def offers(self, variant_id: int) -> Held:
        """Return one of the choices of the newest wording.

        Raises:
            NotFound: it is not among them.
        """
        for each in self.offered:
            if each.variant.id == variant_id:
                return each
        raise NotFound(variant_id)

    @property
    def sold_out(self) -> bool:
        """Tell whether nothing is left of anything that is sold."""
        return all(each.sold_out for each in self.held if each.variant.active)

    @property
    def shown(self) -> Revision:
        """The wording that buyers see, or would."""
        return self.approved or self.newest

    @property
    def terms(self) -> dict[int, Revision | RevisionChoice]:
        """What the newest wording says of each choice, by variant."""
        return {self.held[0].variant.id: self.newest} | {each.variant_id: each for each in self.newest.choices}

    @property
    def standing(self) -> str:
        """How it stands: waiting, returned, refused, live, paused, withdrawn or deleted."""
        return rules.standing(self.product.state, self.newest.state)

    @property
    def change(self) -> str:
        """State of a change that is not sold yet: waiting, returned, refused; empty when there is none."""
        if self.approved is None or self.newest.id == self.approved.id:
            return ""
        return self.newest.state

    @property
    def picture(self) -> Picture | None:
        """Addresses of the photo that buyers see, or would."""
        return picture(self.shown.photo)


@dataclass(frozen=True)
class Chosen:
    """One choice of a product, with all the rest of it."""

    item: Item
    held: Held

    def offered(self) -> Held:
        """Return the choice while the newest wording offers it.

        Raises:
            NotFound: it was removed.
        """
        return self.item.offers(self.held.variant.id)


def get_chosen(variant_id: int) -> Chosen:
    """Return a choice with its product: the loader of the pages of one choice.

    Raises:
        NotFound: no choice has this id.
    """
    query = select(Product).join(Variant, Variant.product_id == Product.id).options(joinedload(Product.shop))
    product = db.session.scalar(query.where(Variant.id == variant_id))
    if product is None:
        raise NotFound(variant_id)
    item = _items([product])[0]
    return Chosen(item, item.holds(variant_id))


def get_item(product_id: int) -> Item:
    """Return a product with its wordings, stock and shop: the loader of the seller's pages.

    Raises:
        NotFound: no product has this id.
    """
    other = aliased(Revision)
    last = select(func.max(other.number)).where(other.product_id == product_id).scalar_subquery()
    query = select(Revision).join(Revision.product).join(Product.shop)
    query = query.where(Revision.product_id == product_id)
    query = query.where(or_(Revision.number == last, Revision.id == Product.approved_revision_id))
    whole = (joinedload(Revision.choices), joinedload(Revision.photos), joinedload(Revision.photo))
    query = query.options(contains_eager(Revision.product).contains_eager(Product.shop), *whole)
    query = query.options(joinedload(Revision.category))
    rows = db.session.execute(query.add_columns(GOES.label("goes"))).unique().all()
    if not rows:
        raise NotFound(product_id)
    item = _as_items([rows[0][0].product], [row[0] for row in rows])[0]
    return replace(item, goes=bool(rows[0].goes))


def list_items(shop_id: int, after: int | None = None, limit: int = PAGE) -> list[Item]:
    """Return a shop's products, newest first, one more than `limit` when there are more."""
    query = select(Product).options(joinedload(Product.shop))
    query = query.where(Product.shop_id == shop_id, Product.state != "deleted")
    if after:
        query = query.where(Product.id < after)
    return _items(db.session.scalars(query.order_by(Product.id.desc()).limit(limit + 1)).all())


def list_deleted(shop_id: int, since: datetime, limit: int = PAGE) -> list[Item]:
    """Return what a seller removed since a moment, the latest first: she may want it back."""
    query = select(Product).options(joinedload(Product.shop))
    query = query.where(Product.shop_id == shop_id, Product.state == "deleted", Product.deleted_at > since)
    found = db.session.scalars(query.order_by(Product.deleted_at.desc(), Product.id.desc()).limit(limit)).all()
    return _items(found) if found else []


def _items(products: Sequence[Product]) -> list[Item]:
    """Load what belongs to several products, in a handful of questions for all of them."""
    ids = [product.id for product in products]
    tops = select(Revision.product_id.label("id"), func.max(Revision.number).label("number"))
    top = tops.where(Revision.product_id.in_(ids)).group_by(Revision.product_id).subquery()
    last = _worded().join(top, Revision.product_id == top.c.id)
    wanted = {product.approved_revision_id for product in products} - {None}
    # The last wording and the approved one, which mostly are the same.
    worded = db.session.scalars(last.where(or_(Revision.number == top.c.number, Revision.id.in_(wanted))))
    return _as_items(products, worded.all())


def _as_items(products: Sequence[Product], worded: Sequence[Revision]) -> list[Item]:
    wanted = {product.approved_revision_id for product in products}
    newest: dict[int, Revision] = {}
    approved: dict[int, Revision] = {}
    for each in worded:
        if each.id in wanted:
            approved[each.product_id] = each
        if each.product_id not in newest or each.number > newest[each.product_id].number:
            newest[each.product_id] = each
    held = _held([product.id for product in products])
    return [
        Item(product, newest[product.id], approved.get(product.id), tuple(held[product.id])) for product in products
    ]


def _held(product_ids: list[int]) -> dict[int, list[Held]]:
    """Load the variants of several products with their stock, those of a product in its order."""
    query = select(Variant, Stock.on_hand, Stock.reserved).outerjoin(Stock, Stock.variant_id == Variant.id)
    query = query.where(Variant.product_id.in_(product_ids)).order_by(Variant.position, Variant.id)
    found: dict[int, list[Held]] = {product_id: [] for product_id in product_ids}
    for variant, on_hand, reserved in db.session.execute(query):
        found[variant.product_id].append(Held(variant, on_hand or 0, reserved or 0))
    return {product_id: _first_of_all(held) for product_id, held in found.items()}


def _first_of_all(held: list[Held]) -> list[Held]:
    first = min(held, key=lambda each: each.variant.id)
    return [first, *(each for each in held if each is not first)]


def _worded() -> Select[Revision]:
    plain = (joinedload(Revision.photo), joinedload(Revision.category))
    return select(Revision).options(*plain, selectinload(Revision.choices), selectinload(Revision.photos))


def kind_of(product_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[str]:
    """Return the category of a product by its number, for an update that takes a seller's own words away."""
    query = select(Category.name).join(Revision, Revision.category_id == Category.id)
    query = query.join(Product, Product.approved_revision_id == Revision.id).where(Product.id == product_id)
    return func.coalesce(query.scalar_subquery(), THING)


def newest_revision(product: Product) -> Revision:
    """Return the last wording of a product, whatever was answered to it."""
    query = _worded().where(Revision.product_id == product.id).order_by(Revision.number.desc()).limit(1)
    return db.session.scalars(query).one()


def list_variants(product_id: int) -> list[Variant]:
    """Return every variant a product ever had, the one it keeps for life first."""
    return list(db.session.scalars(select(Variant).where(Variant.product_id == product_id).order_by(Variant.id)))


def find_by_key(key: str) -> Product | None:
    """Return the product that a form already made, or None."""
    return db.session.scalar(select(Product).where(Product.creation_key == key))


def first_revision(product: Product) -> Revision:
    """Return the wording a product began with."""
    return db.session.scalars(select(Revision).where(Revision.product_id == product.id, Revision.number == 1)).one()


def is_slug_taken(slug: str) -> bool:
    """Tell whether any product of the site has this address."""
    return db.session.scalar(select(Product.id).where(Product.slug == slug)) is not None


def lock(product: Product) -> None:
    """Queue for a product and read it again."""
    # Not refresh(): it would lock the rows of whatever the product was loaded together with.
    query = select(Product).where(Product.id == product.id).with_for_update()
    db.session.scalars(query, execution_options={"populate_existing": True}).one()


def list_live_with_photo(photo_id: int) -> list[Product]:
    """Return the products on sale whose approved wording shows a photo."""
    query = select(Product).join(Revision, Revision.id == Product.approved_revision_id)
    return list(
        db.session.scalars(query.where(Revision.photo_id == photo_id, Product.state == "live").order_by(Product.id))
    )


def list_live_of(shop_id: int) -> list[Product]:
    """Return what a shop has on sale, in the order in which products are locked."""
    query = select(Product).where(Product.shop_id == shop_id, Product.state == "live").order_by(Product.id)
    return list(db.session.scalars(query))


def list_loose_photos(before: datetime, limit: int = 200) -> list[Photo]:
    """Return photos stored before a moment that no wording and no draft shows."""
    cover = select(Revision.id).where(Revision.photo_id == Photo.id).exists()
    further = select(RevisionPhoto.revision_id).where(RevisionPhoto.photo_id == Photo.id).exists()
    begun = select(ProductDraft.id).where(ProductDraft.photo_id == Photo.id).exists()
    query = select(Photo).where(Photo.created_at < before, ~cover, ~further, ~begun).order_by(Photo.id).limit(limit)
    return list(db.session.scalars(query))


def list_photos(photo_ids: Sequence[int]) -> list[Photo]:
    """Return photos by their numbers."""
    return list(db.session.scalars(select(Photo).where(Photo.id.in_(photo_ids)).order_by(Photo.id)))


def find_begun(newest: Revision, version: int) -> Revision | None:
    """Return the wording that stood on a page of this version of the product, or None: each one moves it by one."""
    product, number = newest.product, newest.number - newest.product.version + version
    return db.session.scalar(_worded().where(Revision.product_id == product.id, Revision.number == number))


def count_returned(shop_id: int) -> int:
    """Count the products of a shop whose last wording came back to be mended."""
    return db.session.scalar(select(returned_in(shop_id))) or 0


def returned_in(shop_id: int) -> ColumnElement[int]:
    """Count the same within another question."""
    later = aliased(Revision)
    newer = select(later.id).where(later.product_id == Revision.product_id, later.number > Revision.number).exists()
    query = select(func.count()).select_from(Revision).join(Revision.product)
    query = query.where(Product.shop_id == shop_id, Product.state != "deleted", ~newer)
    return query.where(Revision.state.in_(("returned", "refused"))).scalar_subquery()


def count_products(shop_id: int) -> int:
    """Count the products that a seller has."""
    return db.session.scalar(select(products_in(shop_id))) or 0


def products_in(shop_id: int) -> ColumnElement[int]:
    """Count the same within another question."""
    query = select(func.count()).select_from(Product)
    return query.where(Product.shop_id == shop_id, Product.state != "deleted").scalar_subquery()


def last_unit(shop_id: int) -> str:
    """Return the unit a seller used last, to spare her typing it again; empty at first."""
    query = select(Variant.unit).join(Product).where(Product.shop_id == shop_id)
    return db.session.scalar(query.order_by(Variant.id.desc()).limit(1)) or ""


def guess_category(name: str, shop: Shop) -> Category | None:
    """Return the category a name most likely means, else the one of the shop's business; None when neither says."""
    slug = rules.guess_category(name, _vocabulary())
    if slug is None:
        slug = db.session.scalar(select(BusinessType.category_slug).where(BusinessType.slug == shop.business_type_slug))
    return db.session.scalar(select(Category).where(Category.slug == slug)) if slug else None


@lru_cache(maxsize=1)
def _vocabulary() -> rules.Vocabulary:
    """Learn from the products and categories that came with the house. Source: app/data/README.md."""
    return rules.learn((*_pairs("produk_contoh.csv", "kategori_slug"), *_pairs("kategori.csv", "slug")))


def _pairs(name: str, column: str) -> Iterable[tuple[str, str]]:
    with (DATA / "produk" / name).open(encoding="utf-8", newline="") as file:
        return [(row["nama"], row[column]) for row in csv.DictReader(file)]

"""What the demonstration asks of what stands already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Table, func, select

from app.core.db import db
from app.goods.categories.models import BusinessType, Category
from app.goods.curation.models import RefusalReason
from app.goods.photos.models import Photo
from app.goods.products.models import Product, Revision, Variant
from app.goods.shops.models import Shop
from app.people.accounts.models import Account
from app.people.places import queries as places
from app.people.places.models import Region
from app.site.demo.goods import Place, Row, ShopFacts
from app.site.demo.plan import REGENCY
from app.site.demo.trade import Ware
from app.trade.bazaars.models import Bazaar
from app.trade.orders.models import OrderGroup
from app.trade.sales.models import SaleRecord

_WARES = 4_000


@dataclass(frozen=True)
class Around:
    """The reference data a demonstration needs, by code and slug."""

    places: dict[str, Place]
    categories: dict[str, int]
    tops: dict[str, str]
    trades: dict[str, str]


@dataclass(frozen=True)
class Office:
    """Who registered the makers and looked at their goods."""

    pendamping_id: int
    curator_id: int


@dataclass(frozen=True)
class Market:
    """What can be ordered; `shops` are the ids of the first sellers' shops."""

    wares: list[Ware]
    by_shop: dict[int, list[Ware]]
    shops: list[int]


def last_id(table: Table) -> int:
    """Return the highest id of a table, 0 when it is empty."""
    return db.session.scalar(select(func.max(table.c.id))) or 0


def has_people() -> bool:
    """Tell whether anybody has an account here."""
    return db.session.scalar(select(Account.id).limit(1)) is not None


def count_shops() -> int:
    """Return how many demo shops stand."""
    return _count(Account.creation_key.like("demo-shop-%"))


def count_products() -> int:
    """Return how many demo products were put on sale; those of the inbox do not count."""
    return _count(Product.creation_key.like("demo-%") & Product.creation_key.not_like("demo-inbox-%"))


def count_orders() -> int:
    """Return how many demo orders were made."""
    return _count(OrderGroup.checkout_key.like("demo-order-%"))


def count_sales() -> int:
    """Return how many demo sales were noted by hand."""
    return _count(SaleRecord.client_uuid.like("demo-sale-%"))


def _count(condition: object) -> int:
    return db.session.scalar(select(func.count()).where(condition)) or 0  # type: ignore[arg-type]


def surroundings() -> Around:
    """Read places, categories and kinds of business."""
    kecamatan = places.list_children(REGENCY)
    desas: dict[str, list[tuple[str, str]]] = {each.code: [] for each in kecamatan}
    for code, name, parent in db.session.execute(
        select(Region.code, Region.name, Region.parent_code)
        .where(Region.level == "desa", Region.code.startswith(REGENCY + "."))
        .order_by(Region.parent_code, Region.name)
    ):
        desas[parent or ""].append((code, name))
    rows = db.session.execute(select(Category.id, Category.slug, Category.parent_id)).all()
    slugs = {row.id: row.slug for row in rows}
    trades = db.session.execute(
        select(BusinessType.category_slug, BusinessType.slug).order_by(BusinessType.slug.desc())
    )
    return Around(
        {each.code: Place(each.code, each.name, tuple(desas[each.code])) for each in kecamatan},
        {row.slug: row.id for row in rows},
        {row.slug: slugs.get(row.parent_id, row.slug) for row in rows},
        {row.category_slug: row.slug for row in trades if row.category_slug},
    )


def office() -> Office:
    """Return the first facilitator and the first curator of the demonstration."""
    rows = db.session.execute(
        select(Account.username, Account.id).where(Account.username.in_(("pendamping", "kurator")))
    )
    found = {name: number for name, number in rows if name}
    return Office(found["pendamping"], found["kurator"])


def list_shops() -> list[ShopFacts]:
    """Return every demo shop in the order in which they were made."""
    query = (
        select(Shop, Region.name)
        .join(Account, Account.id == Shop.owner_id)
        .join(Region, Region.code == Shop.kecamatan_code)
        .where(Account.creation_key.like("demo-shop-%"))
        .order_by(Shop.id)
    )
    return [
        ShopFacts(
            shop.id, shop.owner_id, shop.slug, shop.name, shop.kecamatan_code, name, shop.pickup_place,
            shop.state == "open", shop.created_at,
        )
        for shop, name in db.session.execute(query)
    ]  # fmt: skip


def photos_of(stems: Iterable[str]) -> dict[str, int]:
    """Return the ids of photos that are stored already, by stem."""
    rows = db.session.execute(select(Photo.stem, Photo.id).where(Photo.stem.in_(list(stems))))
    return {row.stem: row.id for row in rows}


def market() -> Market:
    """Return up to some thousand demo products on sale, oldest first, and where they are sold."""
    query = (
        select(
            Product.id,
            Variant.id,
            Revision.name,
            Variant.unit,
            Variant.price,
            Shop.id,
            Shop.owner_id,
            Shop.pickup_place,
            Shop.created_at,
        )
        .join(Variant, Variant.product_id == Product.id)
        .join(Revision, Revision.id == Product.approved_revision_id)
        .join(Shop, Shop.id == Product.shop_id)
        .where(Product.creation_key.like("demo-%"), Product.state == "live", Shop.state == "open")
        .order_by(Product.id)
        .limit(_WARES)
    )
    wares = [Ware(*row) for row in db.session.execute(query)]
    by_shop: dict[int, list[Ware]] = {}
    for ware in wares:
        by_shop.setdefault(ware.shop_id, []).append(ware)
    first = select(Shop.id).join(Account, Account.id == Shop.owner_id)
    first = first.where(Account.creation_key.like("demo-shop-%")).order_by(Shop.id).limit(2)
    return Market(wares, by_shop, list(db.session.scalars(first)))


def list_revisions(offsets: list[int]) -> list[Row]:
    """Return the approved wordings of some demo products of the first seller and others, as rows."""
    table = Revision.__table__
    query = (
        select(table)
        .join(Product, Product.approved_revision_id == table.c.id)
        .where(Product.creation_key.like("demo-%"), Product.state == "live")
        .order_by(Product.shop_id, Product.id)
        .limit(max(offsets) + 1)
    )
    rows = [dict(row) for row in db.session.execute(query).mappings()]
    return [rows[place] for place in offsets if place < len(rows)]


def sentence(reason: str) -> tuple[str, str]:
    """Return the sentence of a ready reason, and the field of the form that it points at."""
    found = db.session.get_one(RefusalReason, reason)
    return found.sentence, found.field


def count_bazaars() -> int:
    """Return how many demo bazaars stand."""
    return _count(Bazaar.creation_key.like("demo-%"))


def list_open_shops(most: int) -> list[Shop]:
    """Return the first shops of the demonstration."""
    query = select(Shop).join(Account, Account.id == Shop.owner_id).where(Account.creation_key.like("demo-shop-%"))
    return list(db.session.scalars(query.where(Shop.state == "open").order_by(Shop.id).limit(most)))


def list_shops_of(kecamatan: Iterable[str]) -> list[Shop]:
    """Return one open shop of each of these kecamatan, as far as there is one."""
    query = select(func.min(Shop.id)).join(Region, Region.code == Shop.kecamatan_code)
    query = query.where(Region.name.in_(tuple(kecamatan)), Region.code.startswith(REGENCY + "."), Shop.state == "open")
    firsts = query.group_by(Shop.kecamatan_code)
    return list(db.session.scalars(select(Shop).where(Shop.id.in_(firsts)).order_by(Shop.id)))


def list_staff(role: str) -> list[Account]:
    """Return the officers of a role in the demonstration's kabupaten."""
    query = select(Account).where(Account.role == role, Account.region_code == REGENCY)
    return list(db.session.scalars(query.order_by(Account.id)))

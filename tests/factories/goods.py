"""The least valid goods. Every maker opens its own transaction and returns the stored row."""

from __future__ import annotations

import io
import secrets
from itertools import count
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import select

from app.core.clock import now
from app.core.db import db, transaction
from app.goods.categories.models import Category
from app.goods.curation import operations as curation
from app.goods.delivery import operations as delivery
from app.goods.delivery import queries as delivery_queries
from app.goods.delivery.rules import Zone
from app.goods.photos.models import Photo
from app.goods.products.models import Product, Revision, Variant
from app.goods.shelf import operations as shelf
from app.goods.shelf.rules import Card
from app.goods.shops.models import SellingRequest, Shop
from app.goods.stock import operations as stock
from app.kit.rupiah import Rupiah
from app.people.accounts.models import Account
from tests.factories.people import DESA, make_account

_products = count(1)


def category_id(slug: str = "telur-asin") -> int:
    """The id of a category of the reference data."""
    return db.session.scalars(select(Category.id).where(Category.slug == slug)).one()


def make_shop(owner: Account | None = None, **given: Any) -> Shop:
    """An open stall in DESA; with an owner of its own unless one is given. `desa_code` takes its areas along."""
    number = next(_products)
    desa = given.get("desa_code", DESA)
    facts: dict[str, Any] = {
        "slug": f"lapak-{number}-{secrets.token_hex(3)}",
        "name": f"Lapak {number}",
        "owner_id": (owner or make_account()).id,
        "regency_code": desa[:5],
        "kecamatan_code": desa[:8],
        "desa_code": desa,
        "business_type_slug": "warung-kelontong",
        "street": "Kp. Cibodas RT 02/RW 03",
    }
    shop = Shop(**(facts | given))
    with transaction() as session:
        session.add(shop)
    return shop


def make_made_to_order(shop: Shop, *, lead_days: int, day_capacity: int | None, **given: Any) -> Product:
    """Something that is made to order, at most so many a day; what is given goes to the product."""
    product = make_product(shop, **({"name": "Kue bolu", "qty": 0} | given))
    with transaction():
        variant = variant_of(product)
        variant.stock_mode, variant.lead_days, variant.day_capacity = "made_to_order", lead_days, day_capacity
        stock.stop_counting(variant.id)
    return product


def make_zones(
    shop: Shop,
    fees: dict[str, int],
    *,
    least: int | None = None,
    cod_km: int | None = None,
    other_km: int | None = None,
) -> dict[str, Zone]:
    """Let a shop bring its goods: kecamatan → fee in rupiah; said again, the newer holds. Returns its zones."""
    with transaction():
        known = delivery_queries.find_plan(shop.id)
        delivery.set_plan(
            shop,
            least=Rupiah(least) if least else None,
            cod_km=cod_km,
            other_km=other_km,
            fees={code: Rupiah(fee) for code, fee in fees.items()},
            version=known.version if known else 0,
            by=shop.owner,
        )
    return dict(delivery_queries.zones_of([shop.id]).get(shop.id, {}))


def make_request(**given: Any) -> SellingRequest:
    """Somebody in DESA who wants to sell."""
    number = next(_products)
    desa = given.get("desa_code", DESA)
    facts: dict[str, Any] = {
        "key": f"wish-{number}",
        "name": f"Ibu Calon {number}",
        "phone": f"+62813{number:08d}",
        "desa_code": desa,
        "regency_code": desa[:5],
        "makes": "keripik singkong",
    }
    request = SellingRequest(**(facts | given))
    with transaction() as session:
        session.add(request)
    return request


def make_product(shop: Shop, name: str = "Telur asin bebek", **given: Any) -> Product:
    """A product on sale with stock; `price` in rupiah, `qty`, `unit`, `category` (slug), `photo`, `slug` may be given.

    `variant_of(product)` and `revision_of(product)` give its only variant and its approved revision.
    """
    with transaction():
        product, variant, revision = _product(shop, name, "live", "approved", given)
        product.approved_revision_id, product.published_at = revision.id, now()
        shelf.put(_card(shop, product, variant, revision))
    return product


def make_waiting_product(shop: Shop, name: str = "Keripik singkong", **given: Any) -> Product:
    """A new product that nobody has looked at yet."""
    with transaction():
        product, _variant, _revision = _product(shop, name, "draft", "waiting", given)
    return product


def make_revision(product: Product, state: str = "waiting", **given: Any) -> Revision:
    """One more wording of a product: like the newest one but for what is given."""
    last = db.session.scalars(
        select(Revision).where(Revision.product_id == product.id).order_by(Revision.number.desc()).limit(1)
    ).one()
    kept = ("product_id", "name", "description", "category_id", "price", "unit", "photo_id", "submitted_by_id")
    facts = {name: getattr(last, name) for name in kept} | {"number": last.number + 1, "state": state} | given
    revision = Revision(**facts)
    with transaction() as session:
        session.add(revision)
    return revision


def reprice(product: Product, price: Rupiah) -> None:
    """Another price of a product on sale, as a curator approved it."""
    revision = make_revision(product, price=price)
    with transaction():
        curation.approve(revision, by=make_account("curator"))


def make_photo(shop: Shop, *, ready: bool = True) -> Photo:
    """The row of a stored photo; its files are not there."""
    photo = Photo(shop_id=shop.id, stem=f"ab/cd/{secrets.token_hex(14)}", width=1280, height=960, ready=ready)
    with transaction() as session:
        session.add(photo)
    return photo


def variant_of(product: Product) -> Variant:
    """The only variant of a product."""
    return db.session.scalars(select(Variant).where(Variant.product_id == product.id)).one()


def revision_of(product: Product, state: str = "approved") -> Revision:
    """The newest revision of a product in a state."""
    query = select(Revision).where(Revision.product_id == product.id, Revision.state == state)
    return db.session.scalars(query.order_by(Revision.number.desc()).limit(1)).one()


def picture_bytes(size: tuple[int, int] = (640, 480), kind: str = "JPEG", colour: str = "#9fd0c4") -> bytes:
    """A photo as a phone might send it: eggs on a plate."""
    image = Image.new("RGB", size, colour)
    pen = ImageDraw.Draw(image)
    width, height = size
    for place in range(3):
        left = width * (1 + 2 * place) // 8
        pen.ellipse((left, height // 3, left + width // 5, height * 2 // 3), fill="#e8f4ef", outline="#7aa79b")
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def _product(
    shop: Shop, name: str, state: str, answer: str, given: dict[str, Any]
) -> tuple[Product, Variant, Revision]:
    number = next(_products)
    price, unit = Rupiah(given.get("price", 19_000)), given.get("unit", "pak")
    photo: Photo | None = given.get("photo")
    product = Product(
        shop_id=shop.id,
        regency_code=shop.regency_code,
        slug=given.get("slug", f"produk-{number}-{secrets.token_hex(3)}"),
        creation_key=f"made-{number}-{secrets.token_hex(8)}",
        state=state,
    )
    db.session.add(product)
    db.session.flush()
    variant = Variant(product_id=product.id, price=price, unit=unit)
    revision = Revision(
        product_id=product.id,
        number=1,
        state=answer,
        name=name,
        description=given.get("description", ""),
        category_id=category_id(given.get("category", "telur-asin")),
        price=price,
        unit=unit,
        photo_id=photo.id if photo else None,
        submitted_by_id=given["by"].id if "by" in given else shop.owner_id,
    )
    db.session.add_all([variant, revision])
    db.session.flush()
    stock.open_stock(variant.id, given.get("qty", 10), by=db.session.get(Account, shop.owner_id))
    return product, variant, revision


def _card(shop: Shop, product: Product, variant: Variant, revision: Revision) -> Card:
    photo = db.session.get(Photo, revision.photo_id) if revision.photo_id else None
    return Card(
        product_id=product.id,
        variant_id=variant.id,
        slug=product.slug,
        name=revision.name,
        price=variant.price,
        unit=variant.unit,
        photo=photo.stem if photo and photo.ready else "",
        badges=[],
        category_id=revision.category_id,
        shop_id=shop.id,
        shop_slug=shop.slug,
        shop_name=shop.name,
        regency_code=shop.regency_code,
        kecamatan_code=shop.kecamatan_code,
        published_at=product.published_at or now(),
        words=f"{revision.name} {revision.description}",
    )

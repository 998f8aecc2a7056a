"""Addresses that machines ask for, and what pages of goods tell them in their heads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, Response, request, stream_with_context, url_for
from markupsafe import Markup

from app.core import i18n, stamps
from app.core import pages as whole_pages
from app.core.addresses import origin
from app.core.clock import now
from app.core.errors import NotFound
from app.core.panels import fill
from app.core.policy import public
from app.core.vault import settings
from app.goods.catalogue import moulds, window
from app.goods.catalogue.detail import Choice, Detail, Stall
from app.goods.machines import feeds, further, queries, rules
from app.kit import text

bp = Blueprint("machines", __name__)

KEEP_SECONDS: Final = 900
LONGEST_SUMMARY: Final = 150
XML: Final = "application/xml; charset=utf-8"
FIXED: Final = (
    "/", "/produk", "/lapak", "/bazar", "/tentang", "/aturan-perkembangan", "/privasi", "/syarat", "/bantuan",
    "/ingin-jualan",
)  # fmt: skip
SCHEMA: Final = "https://schema.org"

Places = Iterator[tuple[str, datetime | None]]


@bp.get("/sitemap.xml")
@public
def site_map_index() -> Response:
    """Name the parts of the site map: the fixed pages, then goods and shops by their numbers."""
    here = origin()
    parts = [url_for("machines.pages")]
    parts += [url_for("machines.products", part=part) for part in rules.parts_of(queries.last_product())]
    parts += [url_for("machines.shops", part=part) for part in rules.parts_of(queries.last_shop())]
    return _kept(XML, lambda: [feeds.site_map_index(here + each for each in parts)])


@bp.get("/peta-situs/halaman")
@public
def pages() -> Response:
    """List the fixed pages and the categories."""
    here, kinds = origin(), [f"/kategori/{slug}" for slug in queries.list_categories()]
    return _kept(XML, lambda: feeds.site_map((here + path, None) for path in (*FIXED, *kinds)))


@bp.get("/peta-situs/produk/<id:part>")
@public
def products(part: int) -> Response:
    """List the goods of one part."""
    here = origin()
    if part not in rules.parts_of(queries.last_product()):
        raise NotFound(part)
    found: Places = ((f"{here}/produk/{row.slug}", row.stamp) for row in queries.each_product(part))
    return _kept(XML, lambda: feeds.site_map(found))


@bp.get("/peta-situs/lapak/<id:part>")
@public
def shops(part: int) -> Response:
    """List the shops of one part."""
    here = origin()
    if part not in rules.parts_of(queries.last_shop()):
        raise NotFound(part)
    found: Places = ((f"{here}/lapak/{row.slug}", None) for row in queries.each_shop(part))
    return _kept(XML, lambda: feeds.site_map(found))


@bp.get("/umpan/produk-baru")
@public
def newest() -> Response:
    """Tell readers of news what is new."""
    here = origin()
    said = feeds.atom(queries.list_newest(), here, settings().site_name, here + url_for("machines.newest"))
    return _kept("application/atom+xml; charset=utf-8", lambda: [said])


@bp.get("/umpan/google")
@public
def google() -> Response:
    """Give everything on sale to Google's merchants."""
    return _kept(XML, lambda: feeds.google(queries.each_good(), origin(), settings().site_name))


@bp.get("/umpan/meta.csv")
@public
def meta() -> Response:
    """Give everything on sale to Meta's catalogues."""
    return _kept("text/csv; charset=utf-8", lambda: feeds.meta(queries.each_good(), origin()))


def _kept(kind: str, write: Any) -> Response:
    """Answer piece by piece, or with nothing to whoever has what still holds for this quarter of an hour."""
    quarter, stamp = int(now().timestamp()) // KEEP_SECONDS, stamps.current().version
    tag = hashlib.sha256(f"{request.path}:{origin()}:{quarter}:{stamp}".encode()).hexdigest()[:32]
    known = request.if_none_match.contains(tag)
    response = Response(status=304) if known else Response(stream_with_context(write()), content_type=kind)
    response.set_etag(tag)
    seconds = KEEP_SECONDS if settings().cache else 0
    response.headers["Cache-Control"] = (
        f"public, max-age={seconds}" if whole_pages.for_nobody() else "private, no-cache"
    )
    response.vary.add("Cookie")
    return response


@fill("product.head")
def product_head(product: Detail) -> str:
    """Tell machines what stands on a product's page."""
    here = origin()
    address = f"{here}/produk/{product.slug}"
    image = window.shared_image(product)
    facts = {
        "@context": SCHEMA,
        "@type": "Product",
        "name": product.name,
        "description": product.description or product.name,
        "sku": str(product.id),
        "category": product.category_name,
        "image": [image] if product.photo else [],
        "url": address,
        "brand": {"@type": "Brand", "name": product.stall.name},
        "offers": [_offer(product, each, address, here) for each in product.choices],
        **further.of_product(product),
    }
    amount = str(product.choices[0].price.amount) if product.choices else ""
    return _head(address, facts if amount else {}, title=product.name, image=image, described="", amount=amount)


def _offer(product: Detail, choice: Choice, address: str, here: str) -> dict[str, Any]:
    there = product.on_sale and not choice.sold_out
    seller = {"@type": "LocalBusiness", **_business(product.stall, here)}
    named = {"name": choice.label} if choice.label else {}
    return {
        "@type": "Offer",
        **named,
        "url": address,
        "price": str(choice.price.amount),
        "priceCurrency": "IDR",
        "availability": f"{SCHEMA}/{'InStock' if there else 'OutOfStock'}",
        "itemCondition": f"{SCHEMA}/NewCondition",
        "seller": seller,
    }


@fill("shop.head")
def shop_head(shop: Stall, image: str) -> str:
    """Tell machines what stands on a shop's page."""
    here = origin()
    facts = {"@context": SCHEMA, "@type": "LocalBusiness", **_business(shop, here), "description": shop.story}
    described = text.shorten(shop.story, LONGEST_SUMMARY)
    return _head(f"{here}/lapak/{shop.slug}", facts, title=shop.name, image=image, described=described, amount="")


def _business(shop: Stall, here: str) -> dict[str, Any]:
    """Return name, address and place of a shop, and its number when she shows it."""
    place = {"@type": "PostalAddress", "addressLocality": shop.kecamatan, "addressCountry": "ID"}
    number = {"telephone": shop.phone} if shop.phone else {}
    address = f"{here}/lapak/{shop.slug}"
    return {"@id": address, "name": shop.name, "url": address, "address": place, **number}


def _head(address: str, facts: dict[str, Any], **more: str) -> str:
    said = {
        "address": address,
        "canonical": i18n.as_spoken(address),
        "data": Markup(rules.in_script(facts)) if facts else "",  # noqa: S704 - nothing in it can end the block
        "site_name": settings().site_name,
    }
    return moulds.fill("goods/machines/_head.html", "told", said | more)

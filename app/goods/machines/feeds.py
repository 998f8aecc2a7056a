"""Feeds and site maps, written piece by piece so that a million goods take no more memory than a thousand."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from app.core.clock import today
from app.core.sheets import harmless
from app.goods.machines import rules
from app.goods.shelf.queries import picture
from app.goods.shops.rules import is_away
from app.kit import text

XML: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
MAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
GOOGLE: Final = "http://base.google.com/ns/1.0"
META_HEAD: Final = (
    "id", "title", "description", "availability", "condition", "price", "link", "image_link", "brand", "product_type",
)  # fmt: skip


def absolute(address: str, origin: str) -> str:
    """Return an address with the site's own in front, unless it has one."""
    return address if "://" in address else origin + address


def site_map_index(addresses: Iterable[str]) -> str:
    """Return the list of the parts of the site map."""
    rows = "".join(f"<sitemap><loc>{escape(each)}</loc></sitemap>\n" for each in addresses)
    return f'{XML}<sitemapindex xmlns="{MAP}">\n{rows}</sitemapindex>\n'


def site_map(places: Iterable[tuple[str, datetime | None]]) -> Iterator[str]:
    """Yield one part of the site map from (address, when it changed)."""
    yield f'{XML}<urlset xmlns="{MAP}">\n'
    for address, changed in places:
        moved = f"<lastmod>{_moment(changed)}</lastmod>" if changed else ""
        yield f"<url><loc>{escape(address)}</loc>{moved}</url>\n"
    yield "</urlset>\n"


def google(goods: Iterable[Any], origin: str, site: str) -> Iterator[str]:
    """Yield the product feed that Google reads (RSS 2.0)."""
    yield f'{XML}<rss version="2.0" xmlns:g="{GOOGLE}"><channel>\n'
    yield f"<title>{escape(site)}</title><link>{escape(origin)}/</link><description>{escape(site)}</description>\n"
    for row in goods:
        told = _told(row, origin) | {"identifier_exists": "no"}
        told["availability"] = told["availability"].replace(" ", "_")
        yield "<item>" + "".join(f"<g:{name}>{escape(each)}</g:{name}>" for name, each in told.items()) + "</item>\n"
    yield "</channel></rss>\n"


def meta(goods: Iterable[Any], origin: str) -> Iterator[str]:
    """Yield the catalogue that Meta reads, for WhatsApp too (CSV)."""
    yield _line(META_HEAD)
    for row in goods:
        told = _told(row, origin)
        yield _line(harmless(told[name]) for name in META_HEAD)


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def _told(row: Any, origin: str) -> dict[str, str]:
    """Say what both feeds ask of one product."""
    photo = picture(row.photo)
    assert photo is not None
    return {
        "id": str(row.product_id),
        "title": text.shorten(row.name, rules.MOST_TITLE),
        "description": text.shorten(row.description or row.name, rules.MOST_DESCRIPTION),
        "link": f"{origin}/produk/{row.slug}",
        "image_link": absolute(photo.jpeg, origin),
        "availability": "in stock" if _can_be_ordered(row) else "out of stock",
        "price": rules.price(row.price),
        "condition": "new",
        "brand": text.shorten(row.shop_name, rules.MOST_BRAND),
        "product_type": row.category,
    }


def _can_be_ordered(row: Any) -> bool:
    """Tell whether its page would take an order today: some is there, and its shop is not closed for days."""
    away = row.closed_until and is_away(row.closed_from, row.closed_until, today(row.zone))
    return bool(row.there) and not away


def atom(goods: Iterable[Any], origin: str, site: str, address: str) -> str:
    """Return the newest goods as an Atom feed."""
    rows = list(goods)
    host, newest = urlsplit(origin).netloc, rows[0].stamp if rows else datetime(2020, 1, 1, tzinfo=UTC)
    entries = "".join(_entry(row, origin, host) for row in rows)
    return (
        f'{XML}<feed xmlns="http://www.w3.org/2005/Atom"><title>{escape(site)}</title><id>{escape(address)}</id>'
        f'<link rel="self" type="application/atom+xml" href="{escape(address)}"/><link href="{escape(origin)}/produk"/>'
        f"<updated>{_moment(newest)}</updated>\n{entries}</feed>\n"
    )


def _entry(row: Any, origin: str, host: str) -> str:
    summary = f"{row.price} · {row.shop_name}, {row.kecamatan_name}"
    return (
        f"<entry><title>{escape(row.name)}</title><id>tag:{escape(host)},2026:produk/{row.product_id}</id>"
        f'<link href="{escape(origin)}/produk/{row.slug}"/><updated>{_moment(row.stamp)}</updated>'
        f"<author><name>{escape(row.shop_name)}</name></author><summary>{escape(summary)}</summary></entry>\n"
    )


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

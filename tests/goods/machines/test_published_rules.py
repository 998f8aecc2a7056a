"""What machines are told, held against the published rules of those who read it: nothing missing, nothing made up.

Source: schema.org; RFC 4287; sitemaps.org 0.9; ogp.me; the product data specifications of Google and of Meta.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest

from app.core.db import transaction
from app.goods.machines import feeds
from app.goods.products.models import Variant
from app.kit.rupiah import Rupiah
from tests.factories.goods import make_photo, make_product, make_shop, revision_of
from tests.factories.reviews import make_review
from tests.factories.trade import handed_order

HOST = "localhost"
SCHEMA = "https://schema.org"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"
G = "{http://base.google.com/ns/1.0}"
LONG = "Kue kering nastar selai nanas asli buatan tangan dari dapur rumah untuk oleh-oleh "
# Of each type that we use: what it must say, and what else it may.
TYPES = {
    "Product": (
        {"name", "offers"},
        {"description", "sku", "category", "image", "url", "brand", "aggregateRating", "review"},
    ),
    "Offer": (
        {"price", "priceCurrency", "availability", "url"},
        {"name", "itemCondition", "seller"},
    ),
    "Brand": ({"name"}, set()),
    "LocalBusiness": ({"name", "address"}, {"url", "telephone", "description"}),
    "PostalAddress": ({"addressLocality", "addressCountry"}, set()),
    "AggregateRating": ({"ratingValue", "reviewCount"}, {"bestRating", "worstRating"}),
    "Review": ({"reviewRating", "author"}, {"reviewBody", "datePublished"}),
    "Rating": ({"ratingValue"}, {"bestRating", "worstRating"}),
    "Person": ({"name"}, set()),
}
THERE = {f"{SCHEMA}/{each}" for each in ("InStock", "OutOfStock", "PreOrder", "MadeToOrder")}


@pytest.fixture
def shop(app):
    """A shop with the longest name that there may be."""
    return make_shop(name=f"Dapur & Kebun {LONG}"[:80], slug="dapur-kebun", story="Sejak 2019.")


@pytest.fixture
def cake(shop):
    """A product in three sizes with a photo, a long name, words of a buyer, and signs that XML and CSV part with."""
    product = make_product(shop, f'{LONG}<b> & "enak"', slug="nastar", price=45_000, photo=make_photo(shop))
    with transaction():
        revision_of(product).description = '=Renyah, "manis"; & <wangi>\n' * 20
    for _each in range(5):
        make_review(handed_order(product, shop.owner))
    return product


def address(said: str, most: int = 2_048) -> bool:
    """Tell whether it is a whole address of our own, as short as readers take it."""
    parts = urlsplit(said)
    return parts.scheme in {"http", "https"} and parts.netloc == HOST and " " not in said and len(said) <= most


def moment(said: str) -> bool:
    """Tell whether it is a moment with its zone, as RFC 3339 writes it."""
    whole = re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", said)
    return bool(whole) and datetime.fromisoformat(said).tzinfo is not None


READ: dict[str, Callable[[Any], bool]] = {
    "availability": lambda said: said in THERE,
    "itemCondition": lambda said: said == f"{SCHEMA}/NewCondition",
    "priceCurrency": lambda said: said == "IDR",
    "price": lambda said: bool(re.fullmatch(r"[1-9]\d*", said)),
    "url": address,
    "image": lambda said: all(map(address, said)),
    "datePublished": moment,
    "reviewCount": lambda said: isinstance(said, int) and said > 0,
    "ratingValue": lambda said: 1 <= float(said) <= 5,
    "addressCountry": lambda said: said == "ID",
}


def things(facts: Any) -> Iterator[dict[str, Any]]:
    """Yield everything that has a type, inside and out."""
    if isinstance(facts, dict):
        yield facts
        for each in facts.values():
            yield from things(each)
    elif isinstance(facts, list):
        for each in facts:
            yield from things(each)


def wrong_in(facts: dict[str, Any]) -> list[str]:
    """Say what of JSON-LD its readers would refuse."""
    found = [] if facts.get("@context") == SCHEMA else ["context"]
    for thing in things(facts):
        must, may = TYPES[thing["@type"]]
        named = {name for name in thing if not name.startswith("@")}
        found += [f"{thing['@type']} lacks {name}" for name in must - named]
        found += [f"{thing['@type']} knows no {name}" for name in named - must - may]
        found += [f"{name} is empty" for name in named if thing[name] in ("", None, [], {})]
        found += [f"{name}: {thing[name]}" for name in READ.keys() & named if not READ[name](thing[name])]
    return found


def linked(page: str) -> dict[str, Any]:
    """The JSON-LD of a page."""
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    return dict(json.loads(text))


def test_json_ld_keeps_to_the_types_of_schema_org(client, shop, cake):
    with transaction() as session:
        for place, price in enumerate((80_000, 25_000), 1):
            facts = {"position": place, "label": f"Isi {place}", "price": Rupiah(price), "unit": "pak"}
            session.add(Variant(product_id=cake.id, stock_mode="unlimited", active=True, **facts))

    product, business = (linked(client.get(path).text) for path in ("/produk/nastar", "/lapak/dapur-kebun"))

    assert (product["@type"], business["@type"]) == ("Product", "LocalBusiness")
    assert len(product["offers"]) == 3
    assert {"aggregateRating", "review"} <= product.keys()
    assert (wrong_in(product), wrong_in(business)) == ([], [])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"@context": "schema.org"}, "context"),
        ({"name": ""}, "name is empty"),
        ({"prise": "1"}, "Product knows no prise"),
        ({"offers": {"@type": "Offer", "price": "19.000", "priceCurrency": "Rp", "availability": "ada", "url": "/x"}},
         "price: 19.000"),
    ],
)  # fmt: skip
def test_what_readers_would_refuse_is_named(client, cake, change, said):
    assert said in wrong_in(linked(client.get("/produk/nastar").text) | change)


@pytest.mark.parametrize("path", ["/produk/nastar", "/produk/polos", "/lapak/dapur-kebun"])
def test_each_shared_page_has_the_four_words_of_open_graph(client, shop, cake, path):
    make_product(shop, "Polos", slug="polos")
    said = re.findall(r'<meta property="(og:[a-z:_]+)" content="([^"]*)">', client.get(path).text)
    once = [name for name, _content in said]

    facts = dict(said)

    assert {"og:title", "og:type", "og:image", "og:url"} <= facts.keys()
    assert len(once) == len(set(once)), "each is said once"
    assert all(facts.values())
    assert address(facts["og:url"]) and facts["og:url"].endswith(path)
    assert address(facts["og:image"])
    assert facts["og:type"] in {"product", "website"}


def test_atom_keeps_to_its_rfc(client, shop, cake):
    make_product(shop, "Emping", slug="emping")
    answer = client.get("/umpan/produk-baru")
    feed = ET.fromstring(answer.text)

    assert answer.mimetype == "application/atom+xml"
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 2
    for each in (feed, *entries):
        for name in ("id", "title", "updated"):
            (said,) = each.findall(f"{ATOM}{name}")
            assert said.text
        assert moment(each.find(f"{ATOM}updated").text)
        links = [(link.get("rel", "alternate"), link.get("href")) for link in each.findall(f"{ATOM}link")]
        assert [rel for rel, _to in links].count("alternate") == 1, "without contents an entry must lead somewhere"
        assert all(address(to) for _rel, to in links)
        # A name that never changes: an address with its scheme, or a tag of a host, a day and a thing.
        assert re.fullmatch(r"https?://\S+|tag:[^,\s]+,\d{4}(-\d\d(-\d\d)?)?:\S+", each.find(f"{ATOM}id").text)
    ids = [each.find(f"{ATOM}id").text for each in entries]
    assert len(set(ids)) == len(ids)
    assert all(entry.find(f"{ATOM}author/{ATOM}name").text for entry in entries)
    (own,) = [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert own == f"http://{HOST}/umpan/produk-baru"


def test_each_part_of_the_site_map_keeps_to_its_rules(client, shop, cake):
    index = ET.fromstring(client.get("/sitemap.xml").text)
    assert index.tag == f"{MAP}sitemapindex"
    parts = [each.text for each in index.findall(f"{MAP}sitemap/{MAP}loc")]
    assert len(parts) == len(list(index)) >= 3
    assert all(map(address, parts))
    assert f"Sitemap: http://{HOST}/sitemap.xml" in client.get("/robots.txt").text

    seen: list[str] = []
    for part in parts:
        answer = client.get(urlsplit(part).path)
        assert len(answer.data) < 50 * 1024 * 1024
        tree = ET.fromstring(answer.text)
        assert tree.tag == f"{MAP}urlset"
        assert 0 < len(tree) <= 50_000
        for url in tree:
            assert {child.tag for child in url} <= {f"{MAP}loc", f"{MAP}lastmod"}
            seen += [loc.text for loc in url.findall(f"{MAP}loc")]
            assert all(moment(each.text) for each in url.findall(f"{MAP}lastmod"))
    assert all(map(address, seen))
    assert len(set(seen)) == len(seen)
    assert {client.get(urlsplit(each).path).status_code for each in seen} == {200}


GOOGLE_MUST = {"id": 50, "title": 150, "description": 5_000, "link": 2_000, "image_link": 2_000}


def test_google_s_feed_keeps_to_its_product_data(client, shop, cake):
    feed = ET.fromstring(client.get("/umpan/google").text)

    assert (feed.tag, feed.get("version")) == ("rss", "2.0")
    channel = feed.find("channel")
    assert all(channel.find(name).text for name in ("title", "link", "description"))
    (item,) = channel.findall("item")
    told = {each.tag.removeprefix(G): each.text for each in item}
    assert len(told) == len(list(item))
    for name, most in GOOGLE_MUST.items():
        assert 0 < len(told[name]) <= most, name
    assert address(told["link"], 2_000) and address(told["image_link"], 2_000)
    assert told["availability"] in {"in_stock", "out_of_stock", "preorder", "backorder"}
    assert told["condition"] in {"new", "refurbished", "used"}
    assert re.fullmatch(r"[1-9]\d* IDR", told["price"])
    assert 0 < len(told["brand"]) <= 70
    assert told["identifier_exists"] in {"yes", "no"}
    assert len(told["product_type"]) <= 750
    assert "<" not in told["title"].replace("<b>", "")


META_MOST = {"id": 100, "title": 200, "description": 9_999, "link": 2_048, "image_link": 2_048, "brand": 100}


def test_meta_s_catalogue_keeps_to_its_fields(client, shop, cake):
    text = client.get("/umpan/meta.csv").text
    assert text.splitlines()[0] == ",".join(feeds.META_HEAD)

    (row,) = csv.DictReader(io.StringIO(text))

    for name, most in META_MOST.items():
        assert 0 < len(row[name]) <= most, name
    assert not [name for name, said in row.items() if said[:1] in "=+-@"]
    assert row["availability"] in {"in stock", "out of stock", "preorder", "available for order", "discontinued"}
    assert row["condition"] in {"new", "refurbished", "used"}
    assert re.fullmatch(r"[1-9]\d* IDR", row["price"])
    assert address(row["link"]) and address(row["image_link"])

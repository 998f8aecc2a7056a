"""What strangers see: the catalogue, a product, the shops."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from app.core import pages, panels, stamps
from app.core.addresses import origin
from app.core.errors import NotFound
from app.core.i18n import _, as_spoken
from app.core.policy import public
from app.core.vault import settings
from app.goods.catalogue import detail, facets, left, listing, queries, rules, shell, sides, window
from app.goods.catalogue.cards import cards
from app.goods.catalogue.listing import Listing
from app.goods.catalogue.moulds import fill
from app.goods.categories.queries import find_successor
from app.goods.categories.rules import drawing_of
from app.goods.delivery import words as delivery
from app.goods.permits import queries as permits
from app.goods.search import queries as search
from app.kit import phone
from app.people.places import shapes

bp = Blueprint("catalogue", __name__)

SIMILAR: Final = 8
# Pictures that stand in sight when a list opens.
EAGER: Final = 4


@bp.get("/produk")
@public
@pages.kept()
def products() -> BaseResponse:
    """List what is for sale, filtered and ordered as the address says; a kind that has another name now leads on."""
    asked = rules.read(request.args.to_dict(flat=False))
    found = listing.read(asked)
    if asked.category and not found.filters.category and (successor := find_successor(asked.category)):
        return redirect(as_spoken(replace(asked, category=successor.slug).url(asks=asked.asks)), 301)
    return _list(found)


@bp.get("/saran")
@public
@pages.kept()
def suggestions() -> Response:
    """Say what somebody probably goes on to type; the field of the search works without."""
    return jsonify(search.suggest(search.read(request.args.get("q", ""))))


@bp.get("/kategori/<slug:slug>")
@public
@pages.kept()
def category(slug: str) -> BaseResponse:
    """List what is for sale in one category; one that has another name now leads on."""
    asked = rules.read(request.args.to_dict(flat=False))
    sort = asked.sort if asked.sort in rules.offered("") else rules.usual_sort("")
    asked = replace(asked, q="", category=slug, sort=sort)
    found = listing.read(asked)
    if found.category is None:
        successor = find_successor(slug)
        if successor is None:
            raise NotFound(slug)
        chosen = asked.url(category="", asks=asked.asks).removeprefix("/produk")
        return redirect(as_spoken(f"/kategori/{successor.slug}{chosen}"), 301)
    return _list(found)


@bp.get("/produk/<slug:slug>")
@public
@pages.kept(also=left.of_page)
def product(slug: str) -> Response:
    """Show one product, or the like of one that is gone."""
    found = detail.find_detail(slug)
    if found is None or found.gone:
        return _gone(slug, found)
    ask_url = _ask(found.stall.phone, _("Halo, saya lihat %(name)s di Lapak Mandiri. Masih ada?", name=found.name))
    office = shell.context()["site"].office_name
    marks = panels.panel("product.marks", product_id=found.id)
    elsewhere = panels.panel("pickup", shop_id=found.stall.id) if found.at_bazaars else Markup()
    said = {"marks": marks, "pickup": elsewhere, "wish": panels.panel("product.wish", product=found)}
    said["reviews"] = panels.panel("product.reviews", product=found)
    parts = window.parts(found, detail.list_near(found), ask_url or "", office, said)
    told = panels.panel("product.head", product=found)
    return make_response(shell.page("goods/catalogue/product.html", told=told, **parts))


@bp.get("/lapak")
@public
@pages.kept()
def shops() -> Response:
    """List the shops, all or those of one kecamatan."""
    asked = rules.read(request.args.to_dict(flat=False))
    here = facets.list_facets()
    chosen = next((code for code in asked.kecamatan if code in here.names), "")
    after = rules.read_place(request.args.get("setelah", ""), "l")
    counts = stamps.keep("stalls", "all", detail.count_stalls)
    found = detail.list_stalls(chosen, after)
    shown = found[: detail.SHOPS_PAGE]
    here_only = f"kecamatan={chosen}&" if chosen else ""
    more = f"/lapak?{here_only}setelah=l0.{shown[-1].id}" if len(found) > len(shown) else None
    address = f"{origin()}/lapak"
    page = render_template(
        "goods/catalogue/shops.html",
        shops=shown,
        kecamatan=here.kecamatan,
        counts=counts,
        most=max(counts.values(), default=1),
        outline=shapes.outline(settings().regency_code),
        chosen=chosen,
        names=here.names,
        more=more,
        address=address,
        canonical=as_spoken(address),
    )
    return make_response(page)


@bp.get("/lapak/<slug:slug>")
@public
@pages.kept()
def shop(slug: str) -> Response:
    """Show one shop and what it sells."""
    found = detail.find_stall(slug)
    if found is None:
        raise NotFound(slug)
    stall, category_slug, total = found
    after = rules.read_place(request.args.get("setelah", ""), "b")
    tiles = queries.list_of_shop(stall.id, after) if stall.state == "open" else []
    more = f"/lapak/{slug}?setelah={tiles[rules.PAGE - 1].place('terbaru')}" if len(tiles) > rules.PAGE else None
    drawing, tint = drawing_of(category_slug)
    photo = next((tile.photo for tile in tiles if tile.photo), None)
    page = render_template(
        "goods/catalogue/shop.html",
        image=window.whole(photo.jpeg) if photo else window.drawn_image(tiles[0].drawing if tiles else drawing),
        shop=stall,
        total=total,
        tiles=tiles[: rules.PAGE],
        more=more,
        further=after is not None,
        brought=delivery.facts(stall.terms, most=len(stall.terms.zones)),
        drawing_id=drawing,
        tint=tint,
        seals=permits.list_seals(stall.id, stall.zone),
        ask_url=_ask(stall.phone, _("Halo %(name)s, saya lihat lapak Anda di Lapak Mandiri.", name=stall.name)),
        address=f"{origin()}/lapak/{slug}",
    )
    return make_response(page, 410 if stall.state == "ended" else 200)


def _list(page: Listing) -> Response:
    address = origin() + (f"/kategori/{page.category.slug}" if page.category else "/produk")
    if page.filters.asks and page.facets:
        return make_response(
            render_template(
                "goods/catalogue/filters.html",
                page=page,
                form=sides.form(page, at_once=False),
                canonical=address,
            )
        )
    around, above = {"kinds": sides.chips(page), "form": sides.form(page)}, sides.above(page)
    if page.bare:
        parts = shell.same_parts(sides.LIST, page.filters.after is not None, page=page)
        goods = cards(page.tiles, "h2", EAGER)
        inside = {"said": above, "goods": goods, "more": page.more or "", "below": ""}
        parts["content"] = fill(sides.LIST, "frame", around | inside | {"heading": parts["heading"]})
    else:
        parts = shell.parts(sides.LIST, page=page, rules=rules, cards=cards, eager=EAGER, above=above, **around)
    return make_response(
        shell.page("goods/catalogue/list.html", address=address, canonical=as_spoken(address), **parts)
    )


def _gone(slug: str, found: detail.Detail | None) -> Response:
    """Say calmly that it is gone, and show the like: by its category, else by the words of its address."""
    if found:
        tiles = queries.list_tiles(rules.Filters(), (found.category_id, found.parent_slug is None), most=SIMILAR)
    else:
        near = search.nearest(search.read(slug.replace("-", " ")))
        tiles = queries.list_by_ids([each.product_id for each in near.ranked[:SIMILAR]])
    page = render_template("goods/catalogue/gone.html", product=found, tiles=tiles[:SIMILAR])
    return make_response(page, 410 if found else 404)


bp.add_app_template_filter(sides.said_band, "harga")
bp.add_app_template_filter(sides.said_mark, "ciri")
bp.add_app_template_filter(sides.said_bazaar, "bazar")


def _ask(number: str | None, words: str) -> str | None:
    return phone.whatsapp_url(number, words) if number else None

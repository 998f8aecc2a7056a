"""Goods that somebody keeps for later, on her own phone and without an account."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core.cookies import SignedCookie, private_page
from app.core.errors import NotFound
from app.core.forms import posted
from app.core.guard import csrf_field
from app.core.panels import fill
from app.core.policy import public
from app.goods.catalogue import moulds
from app.goods.catalogue.detail import Detail
from app.goods.catalogue.queries import list_by_ids
from app.goods.wishes import rules
from app.kit import digits

bp = Blueprint("wishes", __name__)

JAR: Final = SignedCookie("simpanan", "wishes", days=180)


@fill("product.wish")
def offer(product: Detail) -> str:
    """Offer to keep a product, or say that it is kept."""
    kept = product.id in rules.read(JAR.read())
    return moulds.fill(
        "goods/wishes/_button.html", "offer", {"number": str(product.id), "kept": kept, "token": csrf_field()}
    )


@bp.get("/simpanan")
@public
def index() -> Response:
    """Show what this phone keeps and is still on sale."""
    ids = rules.read(JAR.read())
    tiles = list_by_ids(ids)
    return private_page(render_template("goods/wishes/index.html", tiles=tiles, gone=len(ids) - len(tiles)))


@bp.post("/simpanan")
@public
def keep() -> ResponseReturnValue:
    """Keep a product that is on sale."""
    number = digits.whole(posted("produk")) or 0
    found = list_by_ids([number])
    if not found:
        raise NotFound(number)
    response = redirect(url_for("catalogue.product", slug=found[0].slug), 303)
    JAR.write(response, rules.keep(rules.read(JAR.read()), number))
    return response


@bp.post("/simpanan/buang")
@public
def drop() -> ResponseReturnValue:
    """Keep a product no longer, whether or not it is still sold."""
    number = digits.whole(posted("produk")) or 0
    response = redirect(url_for("wishes.index"), 303)
    JAR.write(response, [each for each in rules.read(JAR.read()) if each != number])
    return response


@bp.post("/simpanan/rapikan")
@public
def tidy() -> ResponseReturnValue:
    """Forget what is no longer sold."""
    response = redirect(url_for("wishes.index"), 303)
    JAR.write(response, [tile.id for tile in list_by_ids(rules.read(JAR.read()))])
    return response

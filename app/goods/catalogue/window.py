"""The window of one product: its page in pieces, each a mould that is filled with what there is to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from markupsafe import Markup

from app.core import assets, pages
from app.core.addresses import origin
from app.core.guard import csrf_field
from app.core.i18n import _, language, tanggal
from app.goods.catalogue import left, moulds
from app.goods.catalogue.cards import cards
from app.goods.catalogue.detail import Choice, Detail, Makeup, Stall
from app.goods.catalogue.queries import Tile
from app.goods.delivery import words as delivery
from app.goods.permits.queries import Seal
from app.goods.photos.rules import MEDIUM_SIDE, Picture
from app.goods.products import words
from app.kit import text

TEMPLATE: Final = "goods/catalogue/_product.html"
SUMMARY, STORY = 150, 160

Facts = dict[str, Any]
Piece = Callable[[str, Facts], Markup]
piece: Piece = partial(moulds.fill, TEMPLATE)


def parts(
    product: Detail,
    near: tuple[Sequence[Tile], Sequence[Tile]],
    ask_url: str,
    office: str,
    said: Mapping[str, Markup],
) -> dict[str, str]:
    """Return what fills product.html.

    Args:
        product: what the page is about.
        near: more from the same shop, and the like from others.
        ask_url: where to ask the maker, empty for nowhere.
        office: who fosters the maker.
        said: what upper rooms say, ready to be shown: `marks` of the product, where else it is had (`pickup`), and
            how to keep it for later (`wish`), what buyers think of it (`reviews`).
    """
    buyable = [each for each in product.choices if not each.sold_out] if product.on_sale else []
    facts = (
        _goods(product)
        | _photo(product)
        | _maker(product.stall)
        | _made(product.makeup)
        | _had(product)
        | {"ask_url": ask_url, "office": office, "marks": said["marks"], "wish": said["wish"]}
    )
    facts["further"] = Markup().join(piece("further", _picture(*each)) for each in product.further)
    facts["seals"] = Markup().join(piece("seal", _seal(each)) for each in product.seals)
    if buyable:
        facts |= _offer(product, buyable[0])
    buying = "order" if buyable else "unsold"
    pieces = {name: piece(name, facts) for name in ("gallery", "heading", "pickup", "about", "maker")}
    pieces["pickup"] += said["pickup"]
    pieces["about"] += said["reviews"]
    pieces |= {"buying": piece(buying, facts), "own": cards(near[0]), "like": cards(near[1])}
    return {
        "title": f"{product.name}{' ' if facts['price'] else ''}{facts['price']}, {product.stall.kecamatan}",
        "summary": facts["summary"],
        "head": piece("head", facts),
        "crumbs": piece("crumbs", facts),
        "content": piece("content", facts | pieces),
        "bottom": piece("bottom", facts) if buyable else Markup(),
    }


def shared_image(product: Detail) -> str:
    """Return the address of the picture that stands beside a link to it: its photo, else its category's drawing."""
    return whole(product.photo.jpeg) if product.photo else drawn_image(product.drawing)


def drawn_image(drawing: str) -> str:
    """Return the address of a category's drawing as phones and networks show it."""
    return whole(assets.url(f"img/share/{drawing}.jpg"))


def whole(path: str) -> str:
    """Return an address as others call it."""
    return path if "://" in path else origin() + path


def _seal(seal: Seal) -> Facts:
    last = tanggal(seal.last_day) if seal.last_day else ""
    return {"word": seal.word, "number": seal.number, "last_day": last}


def _goods(product: Detail) -> Facts:
    """Say what it is, by its first choice."""
    english, address = language() == "en", f"{origin()}/produk/{product.slug}"
    first = product.choices[0] if product.choices else None
    paragraphs = filter(None, product.description.split("\n"))
    return {
        "name": product.name,
        "address": address,
        "shared": quote(f"{product.name} {address}", safe="/"),
        "summary": text.shorten(product.description or product.name, SUMMARY),
        "story": Markup().join(piece("paragraph", {"text": each}) for each in paragraphs),
        "category": (product.category_name_en if english else product.category_name) or "",
        "category_slug": product.category_slug,
        "parent": (product.parent_name_en if english else product.parent_name) or "",
        "parent_slug": product.parent_slug or "",
        "price": str(first.price) if first else "",
        "number": str(first.price.amount) if first else "",
        "unit": first.unit if first else "",
        "weight": first.weight if first else "",
        "per_100_g": str(first.per_100_g or "") if first and product.is_food else "",
        "on_sale": product.on_sale,
        "sold_out": product.on_sale,
        "checked": product.state == "held",
    }


def _made(makeup: Makeup) -> Facts:
    """Say what it is made of and how it keeps, as far as its maker was asked."""
    named = [str(said) for code, said in words.ALLERGENS.items() if code in (makeup.allergens or ())]
    return {
        "ingredients": makeup.ingredients,
        "allergens": "" if makeup.allergens is None else ", ".join(named) or _("Tidak ada"),
        "keeps": words.said_days(makeup.shelf_life_days),
        "storage": str(words.STORAGE.get(makeup.storage, "")),
        "origin": makeup.origin or "",
        "warnings": ", ".join(str(said) for code, said in words.WARNINGS.items() if code in (makeup.warnings or ())),
    }


def _had(product: Detail) -> Facts:
    """Say where it can be had, as its maker says."""
    terms = product.terms
    return {
        "at_hers": product.pickup,
        "at_bazaars": product.at_bazaars,
        "delivered": delivery.said_where(terms),
        "elsewhere": delivery.said_other(terms) if terms.zones else "",
        "paid_brought": delivery.said_paid(terms.zones),
        "least": delivery.said_least(terms),
        "more_places": len(terms.zones) > delivery.FEW,
    }


def _photo(product: Detail) -> Facts:
    photo = product.photo
    looks = {"drawing": product.drawing, "tint": product.tint, "image": shared_image(product)}
    if photo is None:
        return (
            looks
            | dict.fromkeys(("small", "medium", "large", "jpeg", "width", "height", "sharp"), "")
            | {"alt": product.name}
        )
    side = min(photo.whole_width, photo.whole_height)
    sharp = str(side) if photo.large != photo.medium and side > MEDIUM_SIDE else ""
    return looks | _picture(photo, product.alt or product.name) | {"sharp": sharp}


def _picture(photo: Picture, alt: str) -> Facts:
    return {
        "small": photo.small,
        "medium": photo.medium,
        "large": photo.large,
        "jpeg": photo.jpeg,
        "width": str(photo.width),
        "height": str(photo.height),
        "alt": alt,
    }


def _maker(stall: Stall) -> Facts:
    return {
        "shop": stall.name,
        "shop_slug": stall.slug,
        "shop_story": text.shorten(stall.story, STORY),
        "kecamatan": stall.kecamatan,
        "place": stall.pickup_place,
        "hours": stall.pickup_hours,
        "open": stall.sells,
        "closed_day": tanggal(stall.closed_until) if stall.closed_until else "",
        "closed_note": stall.closed_note,
        "closes_first": tanggal(stall.closes[0]) if stall.closes else "",
        "closes_last": tanggal(stall.closes[1]) if stall.closes else "",
    }


def _offer(product: Detail, now: Choice) -> Facts:
    """Say what can be ordered: `now` is what is chosen at first."""
    several = len(product.choices) > 1
    rows = [piece("choice", _row(product, each, now)) for each in product.choices] if several else []
    moving = left.moving(now.left)
    there, most = pages.moves(moving) or (moving.shape, str(now.most))
    return {
        "variant": str(now.id),
        "now": str(now.price),
        "now_number": str(now.price.amount),
        "left": there,
        "few": bool(moving.shape),
        "made": now.made,
        "most": most,
        "lead_days": now.lead_days,
        "choices": Markup("\n").join(rows),
        "token": csrf_field(),
    }


def _row(product: Detail, choice: Choice, now: Choice) -> Facts:
    return {
        "id": str(choice.id),
        "label": choice.label or product.name,
        "price": str(choice.price),
        "number": str(choice.price.amount),
        "weight": choice.weight,
        "per_100_g": str(choice.per_100_g or "") if product.is_food else "",
        "chosen": choice.id == now.id,
        "sold_out": choice.sold_out,
    }

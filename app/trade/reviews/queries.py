"""Questions about reviews: what strangers read, what a buyer has said, what a curator has to look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Text, cast, func, select

from app.core import stamps
from app.core.db import db
from app.core.errors import NotFound
from app.core.policy import Actor
from app.goods.catalogue import beside
from app.goods.catalogue.detail import Detail
from app.goods.products.models import Product, Revision
from app.goods.shops.models import Shop
from app.people.places.queries import inside
from app.trade.orders.models import OrderLine
from app.trade.reviews import rules
from app.trade.reviews.models import Review, ReviewSum

SHOWN: Final = 5
# Signs that no text of ours holds: between the facts of a review, and between reviews.
_FACT, _END = "\x1f", "\x1e"


@dataclass(frozen=True)
class Said:
    """One review as people read it; `name` is what was bought, empty where the page says it."""

    id: int
    stars: int
    words: str
    answer: str
    day: date
    name: str = ""


@dataclass(frozen=True)
class Heard:
    """What strangers read about a product or a shop: how many reviews, their mean, the newest with words."""

    count: int
    mean: str
    said: Sequence[Said]


def _told(before: Any, fact: Any) -> Any:
    return before + _FACT + fact


def _text(*facts: Any) -> ColumnElement[str]:
    """Put the facts of a row into one word."""
    return reduce(_told, (cast(each, Text) for each in facts))


def _newest(whose: ColumnElement[bool]) -> Select[int]:
    shown = select(Review.id).where(whose, Review.state == "shown", Review.words != "")
    return shown.order_by(Review.id.desc()).limit(SHOWN)


# The sum and the newest of a product in one word each, so that its page asks no question of its own about them.
_sums = select(_text(ReviewSum.count, ReviewSum.total)).where(ReviewSum.product_id == Product.id)
_said = select(
    func.aggregate_strings(_text(Review.id, Review.stars, Review.made_at, Review.words, Review.answer), _END)
).where(Review.id.in_(_newest(Review.product_id == Product.id).correlate(Product)))
beside.read("review_sum", _sums.correlate(Product).scalar_subquery())
beside.read("reviews", _said.correlate(Product).scalar_subquery())


def of_product(product: Detail) -> Heard:
    """Return what buyers say about a product whose page was asked for."""
    count, total = (int(each) for each in (product.beside["review_sum"] or f"0{_FACT}0").split(_FACT))
    rows = [each.split(_FACT) for each in product.beside["reviews"].split(_END) if each]
    said = [
        Said(int(number), int(stars), words, answer, date.fromisoformat(made[:10]))
        for number, stars, made, words, answer in sorted(rows, key=lambda row: -int(row[0]))
    ]
    return Heard(count, rules.mean(count, total), said)


def of_shop(shop_id: int) -> Heard:
    """Return what buyers say about all goods of a shop, in one question, kept until any of it changes."""
    return stamps.keep("reviews", shop_id, lambda: _of_shop(shop_id))


def _of_shop(shop_id: int) -> Heard:
    mine = ReviewSum.shop_id == shop_id
    count, total = (select(func.sum(each)).where(mine).scalar_subquery() for each in (ReviewSum.count, ReviewSum.total))
    sums = select(count.label("count"), total.label("total")).subquery()
    newest = Review.id.in_(_newest(Review.shop_id == shop_id))
    query = select(sums, Review, Revision.name).select_from(sums).outerjoin(Review, newest)
    query = query.outerjoin(Product, Product.id == Review.product_id)
    query = query.outerjoin(Revision, Revision.id == Product.approved_revision_id).order_by(Review.id.desc())
    rows = db.session.execute(query).all()
    number, stars = int(rows[0][0] or 0), int(rows[0][1] or 0)
    said = [
        Said(each.id, each.stars, each.words, each.answer, each.made_at.date(), name or "")
        for _count, _total, each, name in rows
        if each
    ]
    return Heard(number, rules.mean(number, stars), said)


def of_lines(line_ids: Iterable[int]) -> dict[int, Review]:
    """Return what a buyer said, by line of her order."""
    query = select(Review).where(Review.line_id.in_(set(line_ids)))
    return {each.line_id: each for each in db.session.scalars(query)}


def get_review(review_id: int) -> Review:
    """Return a review.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(Review, review_id)
    if found is None:
        raise NotFound(review_id)
    return found


def get_shown(review_id: int) -> Review:
    """Return a review that strangers read.

    Raises:
        NotFound: there is none, or nobody reads it.
    """
    found = get_review(review_id)
    if found.state != "shown" or not found.words:
        raise NotFound(review_id)
    return found


def get_own(review_id: int, scope: Actor) -> Review:
    """Return a review of the actor's own goods that strangers read.

    Raises:
        NotFound: there is none, or it is another's.
    """
    query = select(Review).join(Shop, Shop.id == Review.shop_id)
    query = query.where(Review.id == review_id, Shop.owner_id == scope.id, Review.state == "shown")
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(review_id)
    return found


def list_of_shop(shop_id: int, before_id: int = 0, limit: int = 20) -> list[tuple[Review, str]]:
    """Return the reviews of a seller's goods that strangers read, newest first, each with what was bought."""
    query = select(Review, OrderLine.name).join(OrderLine, OrderLine.id == Review.line_id)
    query = query.where(Review.shop_id == shop_id, Review.state == "shown")
    query = query.where(Review.id < before_id) if before_id else query
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(Review.id.desc()).limit(limit))]


def list_held(*, scope: Actor, after_id: int = 0, limit: int = 20) -> list[tuple[Review, str, str]]:
    """Return the reviews that wait for a curator, oldest first, each with what was bought and where."""
    query = select(Review, OrderLine.name, Shop.name).join(OrderLine, OrderLine.id == Review.line_id)
    query = query.join(Shop, Shop.id == Review.shop_id).where(Review.id > after_id, *_held(scope))
    return [(row[0], row[1], row[2]) for row in db.session.execute(query.order_by(Review.id).limit(limit))]


def count_held(scope: Actor) -> ColumnElement[int]:
    """Count the reviews that wait for a curator, within another question."""
    return select(func.count()).select_from(Review).where(*_held(scope)).scalar_subquery()


def _held(scope: Actor) -> tuple[ColumnElement[bool], ...]:
    return Review.state == "held", inside(Review.regency_code, [scope.region_code])


def of_orders(order_ids: Iterable[int]) -> list[Review]:
    """Return every review of these orders."""
    query = select(Review).join(OrderLine, OrderLine.id == Review.line_id)
    return list(db.session.scalars(query.where(OrderLine.order_id.in_(set(order_ids)))))

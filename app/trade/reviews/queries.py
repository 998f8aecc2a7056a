"""Questions about reviews: what strangers read, what a buyer has said, what a curator has to look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from app.core import stamps
from app.core.db import db
from app.core.errors import NotFound
from app.core.policy import Actor
from app.goods.products.models import Product, Revision
from app.goods.shops.models import Shop
from app.people.places.queries import inside
from app.trade.orders.models import OrderLine
from app.trade.reviews import rules
from app.trade.reviews.models import Review, ReviewSum

SHOWN = 5


@dataclass(frozen=True)
class Said:
    """One review as people read it; `name` is what was bought."""

    id: int
    stars: int
    words: str
    answer: str
    made_at: datetime
    name: str


@dataclass(frozen=True)
class Heard:
    """What strangers read about a product or a shop: how many reviews, their mean, the newest with words."""

    count: int
    mean: str
    said: Sequence[Said]


def of_product(product_id: int) -> Heard:
    """Return what buyers say about a product, kept until any of it changes."""
    return stamps.keep("reviews", ("product", product_id), lambda: _heard("product_id", product_id))


def of_shop(shop_id: int) -> Heard:
    """Return what buyers say about all goods of a shop, kept likewise."""
    return stamps.keep("reviews", ("shop", shop_id), lambda: _heard("shop_id", shop_id))


def _heard(column: str, number: int) -> Heard:
    """Ask once: the newest rows carry the sums of all of them."""
    mine = getattr(ReviewSum, column) == number
    count, total = (select(func.sum(each)).where(mine).scalar_subquery() for each in (ReviewSum.count, ReviewSum.total))
    query = select(Review, Revision.name, count, total).join(Product, Product.id == Review.product_id)
    query = query.join(Revision, Revision.id == Product.approved_revision_id)
    query = query.where(getattr(Review, column) == number, Review.state == "shown")
    query = query.order_by((Review.words == "").asc(), Review.id.desc())
    rows = db.session.execute(query.limit(SHOWN)).all()
    if not rows:
        return Heard(0, "", ())
    said = [
        Said(each.id, each.stars, each.words, each.answer, each.made_at, name) for each, name, *_ in rows if each.words
    ]
    return Heard(int(rows[0][2]), rules.mean(int(rows[0][2]), int(rows[0][3])), said)


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

"""Questions about reviews: what strangers read, what a buyer has said, what a curator has to look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, literal_column, select
from sqlalchemy.orm import aliased

from app.core.db import db
from app.core.errors import NotFound
from app.core.policy import Actor
from app.core.together import told
from app.goods.catalogue import beside
from app.goods.products.models import Product, Revision
from app.goods.shops.models import Shop
from app.kit.signs import END, FACT
from app.people.places.queries import inside
from app.trade.orders.models import OrderLine
from app.trade.reviews import rules
from app.trade.reviews.models import Review, ReviewSum
from app.trade.reviews.rules import Heard, Said

SHOWN: Final = 5
# How much of a time as text both engines write alike.
SECONDS: Final = 19
# Part of the question's words: beside an index of one state, SQLite plans a question anew for each state it is given.
_SHOWN: Final[ColumnElement[str]] = literal_column("'shown'")


def _newest(whose: ColumnElement[bool]) -> Select[int]:
    shown = select(Review.id).where(whose, Review.state == _SHOWN, Review.words != "")
    return shown.order_by(Review.id.desc()).limit(SHOWN)


def _reads(of: str, column: Any, key: Any, among: Any) -> None:
    """Put sum and newest into one word each, so that a page asks no question of its own about them."""
    sums = select(told(*(func.coalesce(func.sum(each), 0) for each in (ReviewSum.count, ReviewSum.total))))
    said = (
        select(
            func.aggregate_strings(
                told(Review.id, Review.stars, Review.made_at, Review.words, Review.answer, Revision.name), END
            )
        )
        .join(_bought, _bought.id == Review.product_id)
        .join(Revision, Revision.id == _bought.approved_revision_id)
        .where(Review.id.in_(_newest(among == key).correlate(key.class_)))
    )
    beside.read(of, "review_sum", sums.where(column == key).correlate(key.class_).scalar_subquery())
    beside.read(of, "reviews", said.correlate(key.class_).scalar_subquery())


_bought = aliased(Product)
_reads("product", ReviewSum.product_id, Product.id, Review.product_id)
_reads("shop", ReviewSum.shop_id, Shop.id, Review.shop_id)


def heard(found: Mapping[str, str]) -> Heard:
    """Read what buyers say out of what stands beside a product or a shop whose page was asked for."""
    count, total = (int(each) for each in found["review_sum"].split(FACT))
    rows = [each.split(FACT) for each in found["reviews"].split(END) if each]
    said = [
        Said(int(number), int(stars), words, answer, datetime.fromisoformat(made[:SECONDS]).replace(tzinfo=UTC), name)
        for number, stars, made, words, answer, name in sorted(rows, key=lambda row: -int(row[0]))
    ]
    return Heard(count, rules.mean(count, total), said)


def list_shown(whose: ColumnElement[bool], before_id: int, limit: int) -> list[Said]:
    """Return what strangers read about a product or a shop, with words or without, the newest first."""
    query = (
        select(Review.id, Review.stars, Review.words, Review.answer, Review.made_at, Revision.name)
        .join(Product, Product.id == Review.product_id)
        .join(Revision, Revision.id == Product.approved_revision_id)
        .where(whose, Review.state == "shown")
    )
    query = query.where(Review.id < before_id) if before_id else query
    return [
        Said(row.id, row.stars, row.words, row.answer, row.made_at, row.name)
        for row in db.session.execute(query.order_by(Review.id.desc()).limit(limit))
    ]


def of_shop(shop_id: int) -> Heard:
    """Return how many reviews the goods of a shop have, and their mean."""
    query = select(func.sum(ReviewSum.count), func.sum(ReviewSum.total)).where(ReviewSum.shop_id == shop_id)
    count, total = (int(each or 0) for each in db.session.execute(query).one())
    return Heard(count, rules.mean(count, total), ())


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
    """Return every review of these orders, the earliest first."""
    query = select(Review).join(OrderLine, OrderLine.id == Review.line_id)
    return list(db.session.scalars(query.where(OrderLine.order_id.in_(set(order_ids))).order_by(Review.id)))

"""Saying what one thinks of goods one got, answering it once, and what a curator does with what is doubtful."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from app.core import audit, limits
from app.core.clock import now
from app.core.db import advisory_lock, db
from app.core.errors import DomainError, NotFound, StaleVersion
from app.core.i18n import _l
from app.core.policy import Actor
from app.goods.categories.claims import medical_claims
from app.kit import words as folded
from app.trade.orders import later
from app.trade.orders import queries as orders
from app.trade.orders.models import Order
from app.trade.orders.moving import NotNow
from app.trade.reviews import queries, rules
from app.trade.reviews.models import Review, ReviewSum

LIMIT = "report"
LOCK = 7_350_000_000_000


class NotStars(DomainError):
    """Not one to five."""

    status = 422
    text = _l("Pilih satu sampai lima bintang.")


class AnsweredAlready(DomainError):
    """A review is answered once."""

    text = _l("Ulasan ini sudah dijawab.")


class NotInPublic(DomainError):
    """An answer with somebody's number, or with words that nobody should read."""

    status = 422
    text = _l("Jangan tulis nomor, alamat, atau kata kasar. Semua orang membaca jawaban ini.")


class NoReason(DomainError):
    """Taking somebody's words away needs a reason."""

    status = 422
    text = _l("Pilih dulu sebabnya: pembeli membacanya.")


class Looked(StaleVersion):
    """Another curator was quicker."""

    text = _l("Ulasan ini sudah diperiksa petugas lain.")


def doubt(text: str) -> str:
    """Return why a curator should read a text first, empty when nothing speaks against it."""
    return rules.doubt(text, folded.split(text), medical_claims(text))


def review(order: Order, line_id: int, stars: int, words: str) -> Review:
    """Keep what a buyer thinks of one line of an order she got; the second time it is the first.

    What is doubtful waits for a curator; stars without words never do.

    Raises:
        NotNow: it was not handed over.
        NotFound: no line of this order that was handed over.
        NotStars: not one to five.
    """
    db.session.refresh(order, with_for_update=True)
    if order.state != "handed_over":
        raise NotNow(order, orders.effective(order, now()))
    line = next((each for each in orders.list_lines(order.id) if each.id == line_id and each.qty_handed), None)
    if line is None:
        raise NotFound(line_id)
    if (known := queries.of_lines([line_id]).get(line_id)) is not None:
        return known
    if stars not in rules.STARS:
        raise NotStars(stars)
    why = doubt(words) if words else ""
    found = Review(
        line_id=line_id, product_id=line.product_id, shop_id=order.seller_id, regency_code=order.regency_code,
        stars=stars, words=words[: rules.MOST_WORDS], state="held" if why else "shown", why=why,
    )  # fmt: skip
    advisory_lock(LOCK + line.product_id)  # two at once must see each other in the sum
    db.session.add(found)
    _sum_up(line.product_id, order.seller_id)
    return found


def answer(review: Review, words: str, *, by: Actor) -> None:
    """Let the seller answer, once and in public.

    Raises:
        AnsweredAlready: it was answered before.
        NotInPublic: what nobody should read stands in it.
    """
    db.session.refresh(review, with_for_update=True)
    if review.answered_at is not None:
        raise AnsweredAlready(review)
    if doubt(words):
        raise NotInPublic(review)
    review.answer, review.answered_at = words[: rules.MOST_WORDS], now()
    db.session.flush()


def report(review: Review, *, address: str) -> None:
    """Take a review out of sight until a curator has looked; one that was looked at stays.

    Raises:
        TooMany: from this address, or about this review, too much was sent in an hour.
    """
    limits.fail(LIMIT, f"review:{review.id}", address)
    db.session.refresh(review, with_for_update=True)
    audit.record(None, "review.reported", review)
    if review.state == "shown" and not review.cleared:
        _put(review, "held", why="reported")


def judge(review: Review, *, shown: bool, version: int, by: Actor, reason: str = "") -> None:
    """Let a review stand, or take it away for good with a reason that its buyer reads.

    Raises:
        Looked: it was changed since the curator saw it.
        NoReason: it would be taken away without one.
    """
    if not shown and reason not in rules.REASONS:
        raise NoReason(review)
    db.session.refresh(review, with_for_update=True)
    if review.version != version or review.state != "held":
        raise Looked(review)
    review.cleared = shown
    _put(review, "shown" if shown else "hidden", why="" if shown else reason)
    audit.record(by, "review.shown" if shown else "review.hidden", review)


def _put(review: Review, state: str, *, why: str) -> None:
    advisory_lock(LOCK + review.product_id)
    review.state, review.why, review.version = state, why, review.version + 1
    _sum_up(review.product_id, review.shop_id)


def _sum_up(product_id: int, shop_id: int) -> None:
    """Set the sum of a product to what its rows say; whoever calls holds its lock."""
    db.session.flush()
    shown = select(func.count(), func.coalesce(func.sum(Review.stars), 0))
    count, total = db.session.execute(shown.where(Review.product_id == product_id, Review.state == "shown")).one()
    kept = db.session.get(ReviewSum, product_id, populate_existing=True)
    if kept is None:
        db.session.add(ReviewSum(product_id=product_id, shop_id=shop_id, count=count, total=total))
    else:
        kept.count, kept.total, kept.shop_id = count, total, shop_id
    db.session.flush()


@later.forgets
def forget_words(order_ids: Sequence[int]) -> None:
    """Take the buyers' words away; the star stays, nameless."""
    for each in queries.of_orders(order_ids):
        each.words = ""
    db.session.flush()

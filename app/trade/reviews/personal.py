"""What is kept of reviews: those of her goods with her answers, and those that were written with her number."""

from __future__ import annotations

from sqlalchemy import select, update

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.trade.orders.models import Order, OrderGroup, OrderLine
from app.trade.reviews import words
from app.trade.reviews.models import Review


def _reviews(whose: Whose, most: int | None) -> list[Row]:
    query = select(Review).where(Review.shop_id.in_(whose.shop_ids)).order_by(Review.id.desc()).limit(most)
    return [
        {"stars": each.stars, "state": words.state(each.state), "answer": each.answer, "said": each.made_at}
        for each in db.session.scalars(query)
    ]


def _erase(whose: Whose, by: Actor) -> None:
    """Leave stars and days, and no word of anybody."""
    bare = update(Review).where(Review.shop_id.in_(whose.shop_ids)).values(words="", answer="")
    db.session.execute(bare.execution_options(synchronize_session=False))


def _written(whose: Whose, most: int | None) -> list[Row]:
    if not whose.phone:
        return []
    query = select(Review).join(OrderLine, OrderLine.id == Review.line_id).join(Order, Order.id == OrderLine.order_id)
    query = query.join(OrderGroup, OrderGroup.id == Order.group_id).where(OrderGroup.buyer_phone == whose.phone)
    found = db.session.scalars(query.order_by(Review.id.desc()).limit(most))
    return [{"stars": each.stars, "words": each.words, "said": each.made_at} for each in found]


personal.keeps(
    "reviews", _l("Ulasan pembeli"), storey=34, tables=("review", "review_sum"), tell=_reviews, erase=_erase,
    words={
        "stars": _l("Bintang"), "state": _l("Keadaan"), "answer": _l("Jawaban penjual"), "said": _l("Waktu"),
    },
)  # fmt: skip
personal.keeps(
    "reviewed", _l("Ulasan yang ditulis dengan nomor HP ini"), storey=35, tables=("review",), tell=_written,
    words={"stars": _l("Bintang"), "words": _l("Kalimat"), "said": _l("Waktu")},
)  # fmt: skip

"""What buyers say in public about goods they got, and the sums of it for each product."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, BigId, UtcDateTime, pk, stamped, versioned
from app.trade.reviews.rules import STATES, WHYS


class Review(Base):
    """Stars and a few words of whoever got one line of an order. `why` says what a curator has to look at.

    `cleared` once a curator let it stand: then no report holds it again. Without its words it is a nameless star.
    """

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"why = '' OR why IN {WHYS}", name="why"),
        Index("ix_review_product", "product_id", "id"),
        Index("ix_review_shop", "shop_id", "id"),
        Index("ix_review_held", "id", sqlite_where=text("state = 'held'"), postgresql_where=text("state = 'held'")),
    )

    id: Mapped[int] = pk()
    line_id: Mapped[int] = mapped_column(BigId, ForeignKey("order_line.id"), unique=True)
    product_id: Mapped[int] = mapped_column(BigId, ForeignKey("product.id"))
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shop.id"))
    regency_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    stars: Mapped[int]
    words: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(String(8))
    why: Mapped[str] = mapped_column(String(8), default="")
    cleared: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[str] = mapped_column(String(300), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    made_at: Mapped[datetime] = stamped()
    version: Mapped[int] = versioned()


class ReviewSum(Base):
    """How many shown stars a product has, and how many reviews they came from; moved with every change of one."""

    __tablename__ = "review_sum"
    __table_args__ = (
        CheckConstraint("count >= 0 AND total BETWEEN count AND 5 * count", name="sums"),
        Index("ix_review_sum_shop_id", "shop_id"),
    )

    product_id: Mapped[int] = mapped_column(BigId, ForeignKey("product.id"), primary_key=True, autoincrement=False)
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shop.id"))
    count: Mapped[int]
    total: Mapped[int]

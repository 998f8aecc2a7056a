"""Where a seller brings her goods, for how much, and from which amount on she takes an order at all."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, BigId, RupiahColumn, versioned
from app.kit.rupiah import Rupiah


class DeliveryPlan(Base):
    """What a shop says of all its orders. `least` is the smallest sum of goods it takes, None for any.

    Within `cod_km` of the shop the buyer may pay when the goods come: None everywhere she brings them, 0 nowhere.
    To a kecamatan without a fee she goes as far as `other_km`, for what both agree on; None when she does not.
    """

    __tablename__ = "delivery_plan"
    __table_args__ = (
        CheckConstraint("least > 0", name="least"),
        CheckConstraint("cod_km >= 0", name="cod_km"),
        CheckConstraint("other_km > 0", name="other_km"),
    )

    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shop.id"), primary_key=True, autoincrement=False)
    least: Mapped[Rupiah | None] = mapped_column(RupiahColumn)
    cod_km: Mapped[int | None]
    other_km: Mapped[int | None]
    version: Mapped[int] = versioned()


class DeliveryZone(Base):
    """One kecamatan to which a shop brings its goods, and the fee of one delivery; 0 is free."""

    __tablename__ = "delivery_zone"
    __table_args__ = (CheckConstraint("fee >= 0", name="fee"),)

    shop_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("delivery_plan.shop_id"), primary_key=True, autoincrement=False
    )
    kecamatan_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"), primary_key=True)
    fee: Mapped[Rupiah] = mapped_column(RupiahColumn)

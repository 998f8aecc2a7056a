"""Orders: one per seller, grouped by submit; two axes, goods moved by people and money derived from entries."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, BigId, RupiahColumn, UtcDateTime, pk, stamped, versioned
from app.kit.rupiah import Rupiah

STATES = (
    "placed", "amended", "accepted", "ready", "handed_over", "refused", "cancelled_buyer", "cancelled_seller",
    "cancelled_admin", "expired_silent", "expired_unpaid", "expired_amend", "not_collected",
)  # fmt: skip
CLAIMED = "state = 'claimed'"
METHODS = ("cash_pickup", "cash_cod", "qris_seller", "transfer_seller", "paid_elsewhere")


def _where_set(name: str, *columns: str) -> Index:
    """Index the few orders for which the first of these columns holds something."""
    is_set = text(f"{columns[0]} IS NOT NULL")
    return Index(f"ix_order_{name}", *columns, sqlite_where=is_set, postgresql_where=is_set)


class OrderGroup(Base):
    """One submit. Holds who ordered; no money and no state of its own."""

    __tablename__ = "order_group"

    id: Mapped[int] = pk()
    checkout_key: Mapped[str] = mapped_column(String(64), unique=True)
    contents_hash: Mapped[str] = mapped_column(String(64))
    token: Mapped[str] = mapped_column(String(40), unique=True)
    buyer_name: Mapped[str | None] = mapped_column(String(120))
    buyer_phone: Mapped[str | None] = mapped_column(String(20))
    buyer_phone_hash: Mapped[str] = mapped_column(String(64), index=True)
    note: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = stamped()


class Order(Base):
    """One seller's part. `seller_id` is the shop; clocks are None when they do not run.

    With a bazaar it is collected there between `meet_from` and `meet_until`, the hours of one day; both are None once
    the bazaar let go of it, and `meet_lost` says why.

    With `to_kecamatan` she brings it to `to_address` there; the address is the buyer's and goes with her name.

    Since `at_risk_at` goods are missing that were sold elsewhere: that is the seller's one task about it. Since
    `owes_since` money lies with the seller that is the buyer's, since `unpaid_since` goods were handed over whose money
    is to come; what the entries say is the truth, these find it.

    `for_office`: a public office ordered, and it is brought to `pickup_place` by `promised_at`.
    """

    __tablename__ = "order"
    __table_args__ = (
        UniqueConstraint("group_id", "seller_id"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"method IN {METHODS}", name="method"),
        Index("ix_order_seller_state", "seller_id", "state", "id"),
        _where_set("bazaar_id", "bazaar_id", "seller_id"),
        *(_where_set(clock, clock) for clock in ("accept_by", "amend_by", "pay_by", "ready_by", "collect_by")),
        *(_where_set(since, since) for since in ("at_risk_at", "owes_since", "unpaid_since")),
    )

    id: Mapped[int] = pk()
    code: Mapped[str] = mapped_column(String(16), unique=True)
    group_id: Mapped[int] = mapped_column(BigId, ForeignKey("order_group.id"))
    seller_id: Mapped[int] = mapped_column(BigId, ForeignKey("shop.id"))
    regency_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    state: Mapped[str] = mapped_column(String(16), default="placed")
    method: Mapped[str] = mapped_column(String(16), default="cash_pickup")
    subtotal: Mapped[Rupiah] = mapped_column(RupiahColumn)
    delivery: Mapped[Rupiah] = mapped_column(RupiahColumn)
    unique_amount: Mapped[Rupiah] = mapped_column(RupiahColumn)
    total: Mapped[Rupiah] = mapped_column(RupiahColumn)
    pickup_place: Mapped[str] = mapped_column(String(200), default="")
    to_kecamatan: Mapped[str | None] = mapped_column(String(13))
    to_address: Mapped[str] = mapped_column(String(300), default="", server_default="")
    bazaar_id: Mapped[int | None] = mapped_column(BigId)
    meet_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    meet_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    meet_lost: Mapped[str] = mapped_column(String(20), default="", server_default="")
    promised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accept_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    amend_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pay_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ready_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    collect_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    at_risk: Mapped[bool] = mapped_column(default=False)
    at_risk_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    for_office: Mapped[bool] = mapped_column(default=False, server_default=false())
    unpaid_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    owes_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = stamped()
    version: Mapped[int] = versioned()

    @property
    def meets(self) -> bool:
        """Whether it is collected at a bazaar."""
        return self.meet_until is not None

    @property
    def brought(self) -> bool:
        """Whether the seller brings it."""
        return self.to_kecamatan is not None

    @property
    def goes_out(self) -> bool:
        """Whether the seller comes to the buyer: to a door, or to an office."""
        return self.brought or self.for_office


class OrderLine(Base):
    """One variant in one order, with name and price as they were when it was placed.

    `qty_left` lay packed when time or the office ended the order: the seller has yet to say whether it can be sold.

    `qty_booked` units are made for it on `booked_on`, out of what that day allows.
    """

    __tablename__ = "order_line"
    __table_args__ = (
        UniqueConstraint("order_id", "variant_id"),
        CheckConstraint("qty_ordered > 0", name="ordered"),
        CheckConstraint("qty_agreed >= 0 AND qty_agreed <= qty_ordered", name="agreed"),
        CheckConstraint("qty_handed >= 0 AND qty_handed <= qty_agreed", name="handed"),
        CheckConstraint("qty_returned >= 0 AND qty_returned <= qty_handed", name="returned"),
        CheckConstraint("qty_refunded >= 0 AND qty_refunded <= qty_agreed", name="refunded"),
        CheckConstraint("qty_held >= 0 AND qty_held <= qty_ordered", name="held"),
    )

    id: Mapped[int] = pk()
    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("order.id"))
    product_id: Mapped[int] = mapped_column(BigId, ForeignKey("product.id"))
    variant_id: Mapped[int] = mapped_column(BigId, ForeignKey("variant.id"), index=True)
    name: Mapped[str] = mapped_column(String(160))
    unit: Mapped[str] = mapped_column(String(30))
    price: Mapped[Rupiah] = mapped_column(RupiahColumn)
    qty_ordered: Mapped[int]
    qty_agreed: Mapped[int]
    qty_handed: Mapped[int] = mapped_column(default=0)
    qty_returned: Mapped[int] = mapped_column(default=0)
    qty_refunded: Mapped[int] = mapped_column(default=0)
    qty_held: Mapped[int] = mapped_column(default=0)
    qty_left: Mapped[int] = mapped_column(default=0, server_default="0")
    booked_on: Mapped[date | None]
    qty_booked: Mapped[int] = mapped_column(default=0, server_default="0")


class MoneyEntry(Base):
    """A payment or refund as somebody states it; answered once, then never changed."""

    __tablename__ = "money_entry"
    __table_args__ = (
        CheckConstraint("kind IN ('payment', 'refund')", name="kind"),
        CheckConstraint("state IN ('claimed', 'confirmed', 'rejected')", name="state"),
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_money_entry_claimed", "at", sqlite_where=text(CLAIMED), postgresql_where=text(CLAIMED)),
    )

    id: Mapped[int] = pk()
    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("order.id"), index=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    method: Mapped[str] = mapped_column(String(16))
    amount: Mapped[Rupiah] = mapped_column(RupiahColumn)
    state: Mapped[str] = mapped_column(String(10))
    by_id: Mapped[int] = mapped_column(BigId, default=0)
    at: Mapped[datetime] = stamped()
    answered_by_id: Mapped[int | None] = mapped_column(BigId)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OrderEvent(Base):
    """One step of an order: from, to, by whom and why. Appended only."""

    __tablename__ = "order_event"

    id: Mapped[int] = pk()
    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("order.id"), index=True)
    from_state: Mapped[str] = mapped_column(String(16))
    to_state: Mapped[str] = mapped_column(String(16))
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[int] = mapped_column(BigId, default=0)
    reason: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = stamped()

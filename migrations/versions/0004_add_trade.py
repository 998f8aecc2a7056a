"""Trade: orders and the sales book."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "order_group",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("checkout_key", sa.String(length=64), nullable=False),
        sa.Column("contents_hash", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("buyer_name", sa.String(length=120), nullable=True),
        sa.Column("buyer_phone", sa.String(length=20), nullable=True),
        sa.Column("buyer_phone_hash", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_order_group"),
        sa.UniqueConstraint("checkout_key", name="uq_order_group_checkout_key"),
        sa.UniqueConstraint("token", name="uq_order_group_token"),
    )
    op.create_index("ix_order_group_buyer_phone_hash", "order_group", ["buyer_phone_hash"], unique=False)
    op.create_table(
        "order",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seller_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("regency_code", sa.String(length=13), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("subtotal", sa.BigInteger(), nullable=False),
        sa.Column("delivery", sa.BigInteger(), nullable=False),
        sa.Column("unique_amount", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("pickup_place", sa.String(length=200), nullable=False),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accept_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("amend_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pay_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ready_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("collect_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at_risk", sa.Boolean(), nullable=False),
        sa.Column("cancel_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "method IN ('cash_pickup', 'cash_cod', 'qris_seller', 'transfer_seller', 'paid_elsewhere')",
            name=op.f("ck_order_method"),
        ),
        sa.CheckConstraint(
            "state IN ('placed', 'amended', 'accepted', 'ready', 'handed_over', 'refused', 'cancelled_buyer', 'cancelled_seller', 'cancelled_admin', 'expired_silent', 'expired_unpaid', 'expired_amend', 'not_collected')",
            name=op.f("ck_order_state"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["order_group.id"], name="fk_order_group_id_order_group"),
        sa.ForeignKeyConstraint(["regency_code"], ["region.code"], name="fk_order_regency_code_region"),
        sa.ForeignKeyConstraint(["seller_id"], ["shop.id"], name="fk_order_seller_id_shop"),
        sa.PrimaryKeyConstraint("id", name="pk_order"),
        sa.UniqueConstraint("code", name="uq_order_code"),
        sa.UniqueConstraint("group_id", "seller_id", name="uq_order_group_id_seller_id"),
    )
    op.create_index("ix_order_seller_state", "order", ["seller_id", "state", "id"], unique=False)
    op.create_index("ix_order_state_deadline", "order", ["state", "accept_by"], unique=False)
    op.create_table(
        "money_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('payment', 'refund')", name=op.f("ck_money_entry_kind")),
        sa.CheckConstraint("state IN ('claimed', 'confirmed', 'rejected')", name=op.f("ck_money_entry_state")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_money_entry_amount")),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name="fk_money_entry_order_id_order"),
        sa.PrimaryKeyConstraint("id", name="pk_money_entry"),
        sa.UniqueConstraint("key", name="uq_money_entry_key"),
    )
    op.create_index("ix_money_entry_order_id", "money_entry", ["order_id"], unique=False)
    op.create_table(
        "order_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_state", sa.String(length=16), nullable=False),
        sa.Column("to_state", sa.String(length=16), nullable=False),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name="fk_order_event_order_id_order"),
        sa.PrimaryKeyConstraint("id", name="pk_order_event"),
    )
    op.create_index("ix_order_event_order_id", "order_event", ["order_id"], unique=False)
    op.create_table(
        "order_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("variant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("unit", sa.String(length=30), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("qty_ordered", sa.Integer(), nullable=False),
        sa.Column("qty_agreed", sa.Integer(), nullable=False),
        sa.Column("qty_handed", sa.Integer(), nullable=False),
        sa.Column("qty_returned", sa.Integer(), nullable=False),
        sa.Column("qty_refunded", sa.Integer(), nullable=False),
        sa.Column("qty_held", sa.Integer(), nullable=False),
        sa.CheckConstraint("qty_agreed >= 0 AND qty_agreed <= qty_ordered", name=op.f("ck_order_line_agreed")),
        sa.CheckConstraint("qty_handed >= 0 AND qty_handed <= qty_agreed", name=op.f("ck_order_line_handed")),
        sa.CheckConstraint("qty_held >= 0 AND qty_held <= qty_ordered", name=op.f("ck_order_line_held")),
        sa.CheckConstraint("qty_ordered > 0", name=op.f("ck_order_line_ordered")),
        sa.CheckConstraint("qty_refunded >= 0 AND qty_refunded <= qty_agreed", name=op.f("ck_order_line_refunded")),
        sa.CheckConstraint("qty_returned >= 0 AND qty_returned <= qty_handed", name=op.f("ck_order_line_returned")),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name="fk_order_line_order_id_order"),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name="fk_order_line_product_id_product"),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name="fk_order_line_variant_id_variant"),
        sa.PrimaryKeyConstraint("id", name="pk_order_line"),
        sa.UniqueConstraint("order_id", "variant_id", name="uq_order_line_order_id_variant_id"),
    )
    op.create_index("ix_order_line_variant_id", "order_line", ["variant_id"], unique=False)
    op.create_table(
        "sale_record",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("client_uuid", sa.String(length=64), nullable=False),
        sa.Column("seller_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("regency_code", sa.String(length=13), nullable=False),
        sa.Column("variant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("free_text", sa.String(length=120), nullable=False),
        sa.Column("qty", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("sold_on", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("grade", sa.String(length=1), nullable=False),
        sa.Column("source_type", sa.String(length=20), nullable=False),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reversal_of", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on_behalf_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "channel IN ('online', 'bazaar', 'manual', 'government', 'group')", name=op.f("ck_sale_record_channel")
        ),
        sa.CheckConstraint("grade IN ('A', 'B', 'C', 'D')", name=op.f("ck_sale_record_grade")),
        sa.CheckConstraint(
            "(reversal_of IS NULL AND qty > 0) OR (reversal_of IS NOT NULL AND qty < 0)",
            name=op.f("ck_sale_record_sign"),
        ),
        sa.ForeignKeyConstraint(["regency_code"], ["region.code"], name="fk_sale_record_regency_code_region"),
        sa.ForeignKeyConstraint(["reversal_of"], ["sale_record.id"], name="fk_sale_record_reversal_of_sale_record"),
        sa.ForeignKeyConstraint(["seller_id"], ["shop.id"], name="fk_sale_record_seller_id_shop"),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name="fk_sale_record_variant_id_variant"),
        sa.PrimaryKeyConstraint("id", name="pk_sale_record"),
        sa.UniqueConstraint("client_uuid", name="uq_sale_record_client_uuid"),
    )
    op.create_index("ix_sale_record_regency_day", "sale_record", ["regency_code", "sold_on", "id"], unique=False)
    op.create_index("ix_sale_record_reversal_of", "sale_record", ["reversal_of"], unique=False)
    op.create_index("ix_sale_record_seller_day", "sale_record", ["seller_id", "sold_on", "id"], unique=False)
    op.create_index("ix_sale_record_source", "sale_record", ["source_type", "source_id"], unique=False)
    op.create_table(
        "sale_evidence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sale_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("grade", sa.String(length=1), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("grade IN ('A', 'B', 'C', 'D')", name=op.f("ck_sale_evidence_grade")),
        sa.ForeignKeyConstraint(["sale_id"], ["sale_record.id"], name="fk_sale_evidence_sale_id_sale_record"),
        sa.PrimaryKeyConstraint("id", name="pk_sale_evidence"),
    )
    op.create_index("ix_sale_evidence_sale_id", "sale_evidence", ["sale_id"], unique=False)


def downgrade() -> None:
    op.drop_table("sale_evidence")
    op.drop_table("sale_record")
    op.drop_table("order_line")
    op.drop_table("order_event")
    op.drop_table("money_entry")
    op.drop_table("order")
    op.drop_table("order_group")

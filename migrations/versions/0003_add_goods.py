"""Goods: categories, shelf, stock, shops, products, curation."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "business_type",
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("kbli_code", sa.String(length=5), nullable=False),
        sa.Column("kbli_version", sa.String(length=4), nullable=False),
        sa.Column("kbli_title", sa.String(length=300), nullable=False),
        sa.Column("category_slug", sa.String(length=60), nullable=False),
        sa.Column("sector", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("slug", name="pk_business_type"),
    )
    op.create_table(
        "category",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("legality", sa.String(length=60), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["category.id"], name="fk_category_parent_id_category"),
        sa.PrimaryKeyConstraint("id", name="pk_category"),
        sa.UniqueConstraint("slug", name="uq_category_slug"),
    )
    op.create_table(
        "refusal_reason",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("sentence", sa.String(length=200), nullable=False),
        sa.Column("field", sa.String(length=30), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_refusal_reason"),
    )
    op.create_table(
        "stock",
        sa.Column(
            "variant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.CheckConstraint("on_hand >= 0", name=op.f("ck_stock_on_hand")),
        sa.CheckConstraint("reserved <= on_hand", name=op.f("ck_stock_covered")),
        sa.CheckConstraint("reserved >= 0", name=op.f("ck_stock_reserved")),
        sa.PrimaryKeyConstraint("variant_id", name="pk_stock"),
    )
    op.create_table(
        "shelf_count",
        sa.Column("category_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kecamatan_code", sa.String(length=13), nullable=False),
        sa.Column("top_category_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name="fk_shelf_count_category_id_category"),
        sa.ForeignKeyConstraint(["kecamatan_code"], ["region.code"], name="fk_shelf_count_kecamatan_code_region"),
        sa.ForeignKeyConstraint(["top_category_id"], ["category.id"], name="fk_shelf_count_top_category_id_category"),
        sa.PrimaryKeyConstraint("category_id", "kecamatan_code", name="pk_shelf_count"),
    )
    op.create_table(
        "shelf_item",
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("variant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=90), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(length=30), nullable=False),
        sa.Column("photo", sa.String(length=80), nullable=False),
        sa.Column("badges", sa.JSON(), nullable=False),
        sa.Column("category_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("top_category_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shop_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shop_slug", sa.String(length=90), nullable=False),
        sa.Column("shop_name", sa.String(length=80), nullable=False),
        sa.Column("regency_code", sa.String(length=13), nullable=False),
        sa.Column("kecamatan_code", sa.String(length=13), nullable=False),
        sa.Column("kecamatan_name", sa.String(length=80), nullable=False),
        sa.Column("stamp", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name="fk_shelf_item_category_id_category"),
        sa.ForeignKeyConstraint(["kecamatan_code"], ["region.code"], name="fk_shelf_item_kecamatan_code_region"),
        sa.ForeignKeyConstraint(["regency_code"], ["region.code"], name="fk_shelf_item_regency_code_region"),
        sa.ForeignKeyConstraint(["top_category_id"], ["category.id"], name="fk_shelf_item_top_category_id_category"),
        sa.PrimaryKeyConstraint("product_id", name="pk_shelf_item"),
        sa.UniqueConstraint("slug", name="uq_shelf_item_slug"),
    )
    op.create_index("ix_shelf_kecamatan_new", "shelf_item", ["kecamatan_code", "stamp", "product_id"], unique=False)
    op.create_index("ix_shelf_kecamatan_price", "shelf_item", ["kecamatan_code", "price", "product_id"], unique=False)
    op.create_index("ix_shelf_leaf_new", "shelf_item", ["category_id", "stamp", "product_id"], unique=False)
    op.create_index("ix_shelf_leaf_price", "shelf_item", ["category_id", "price", "product_id"], unique=False)
    op.create_index("ix_shelf_new", "shelf_item", ["stamp", "product_id"], unique=False)
    op.create_index("ix_shelf_price", "shelf_item", ["price", "product_id"], unique=False)
    op.create_index("ix_shelf_shop", "shelf_item", ["shop_id", "stamp", "product_id"], unique=False)
    op.create_index("ix_shelf_top_new", "shelf_item", ["top_category_id", "stamp", "product_id"], unique=False)
    op.create_index("ix_shelf_top_price", "shelf_item", ["top_category_id", "price", "product_id"], unique=False)
    op.create_table(
        "stock_movement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("variant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("on_hand_delta", sa.Integer(), nullable=False),
        sa.Column("reserved_delta", sa.Integer(), nullable=False),
        sa.Column("source_type", sa.String(length=20), nullable=False),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on_behalf_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('restock', 'reserve', 'release', 'sell', 'to_event', 'from_event', 'event_sell', 'return_in', 'waste', 'correction')",
            name=op.f("ck_stock_movement_kind"),
        ),
        sa.CheckConstraint("on_hand_delta <> 0 OR reserved_delta <> 0", name=op.f("ck_stock_movement_moves")),
        sa.ForeignKeyConstraint(["variant_id"], ["stock.variant_id"], name="fk_stock_movement_variant_id_stock"),
        sa.PrimaryKeyConstraint("id", name="pk_stock_movement"),
    )
    op.create_index("ix_stock_movement_source", "stock_movement", ["source_type", "source_id"], unique=False)
    op.create_index("ix_stock_movement_variant_at", "stock_movement", ["variant_id", "id"], unique=False)
    op.create_table(
        "selling_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("desa_code", sa.String(length=13), nullable=False),
        sa.Column("regency_code", sa.String(length=13), nullable=False),
        sa.Column("makes", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('new', 'done', 'declined')", name=op.f("ck_selling_request_state")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["account.id"], name="fk_selling_request_answered_by_id_account"),
        sa.ForeignKeyConstraint(["desa_code"], ["region.code"], name="fk_selling_request_desa_code_region"),
        sa.ForeignKeyConstraint(["regency_code"], ["region.code"], name="fk_selling_request_regency_code_region"),
        sa.PrimaryKeyConstraint("id", name="pk_selling_request"),
        sa.UniqueConstraint("key", name="uq_selling_request_key"),
    )
    op.create_index(
        "ix_selling_request_regency_state", "selling_request", ["regency_code", "state", "id"], unique=False
    )
    op.create_table(
        "shop",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=90), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("regency_code", sa.String(length=13), nullable=False),
        sa.Column("kecamatan_code", sa.String(length=13), nullable=False),
        sa.Column("desa_code", sa.String(length=13), nullable=False),
        sa.Column("business_type_slug", sa.String(length=60), nullable=False),
        sa.Column("story", sa.String(length=600), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("pickup_place", sa.String(length=200), nullable=False),
        sa.Column("pickup_hours", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("closed_until", sa.Date(), nullable=True),
        sa.Column("closed_note", sa.String(length=160), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'paused', 'ended')", name=op.f("ck_shop_state")),
        sa.ForeignKeyConstraint(
            ["business_type_slug"], ["business_type.slug"], name="fk_shop_business_type_slug_business_type"
        ),
        sa.ForeignKeyConstraint(["desa_code"], ["region.code"], name="fk_shop_desa_code_region"),
        sa.ForeignKeyConstraint(["kecamatan_code"], ["region.code"], name="fk_shop_kecamatan_code_region"),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name="fk_shop_owner_id_account"),
        sa.ForeignKeyConstraint(["regency_code"], ["region.code"], name="fk_shop_regency_code_region"),
        sa.PrimaryKeyConstraint("id", name="pk_shop"),
        sa.UniqueConstraint("slug", name="uq_shop_slug"),
    )
    op.create_index("ix_shop_desa_code", "shop", ["desa_code"], unique=False)
    op.create_index("ix_shop_kecamatan", "shop", ["kecamatan_code", "id"], unique=False)
    op.create_index("ix_shop_owner_id", "shop", ["owner_id"], unique=False)
    op.create_index("ix_shop_regency", "shop", ["regency_code", "id"], unique=False)
    op.create_table(
        "photo",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shop_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stem", sa.String(length=80), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(length=160), nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name="fk_photo_shop_id_shop"),
        sa.PrimaryKeyConstraint("id", name="pk_photo"),
        sa.UniqueConstraint("stem", name="uq_photo_stem"),
    )
    op.create_index("ix_photo_shop_id", "photo", ["shop_id"], unique=False)
    op.create_table(
        "product",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shop_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("regency_code", sa.String(length=13), nullable=False),
        sa.Column("slug", sa.String(length=90), nullable=False),
        sa.Column("creation_key", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("approved_revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'live', 'paused', 'withdrawn', 'deleted')", name=op.f("ck_product_state")
        ),
        sa.ForeignKeyConstraint(["regency_code"], ["region.code"], name="fk_product_regency_code_region"),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name="fk_product_shop_id_shop"),
        sa.PrimaryKeyConstraint("id", name="pk_product"),
        sa.UniqueConstraint("creation_key", name="uq_product_creation_key"),
        sa.UniqueConstraint("slug", name="uq_product_slug"),
    )
    op.create_index("ix_product_shop_state", "product", ["shop_id", "state", "id"], unique=False)
    op.create_table(
        "revision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("description", sa.String(length=2000), nullable=False),
        sa.Column("category_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(length=30), nullable=False),
        sa.Column("net_weight_g", sa.Integer(), nullable=True),
        sa.Column("photo_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("submitted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'approved', 'returned', 'refused', 'superseded')", name=op.f("ck_revision_state")
        ),
        sa.CheckConstraint("price > 0", name=op.f("ck_revision_price")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name="fk_revision_category_id_category"),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name="fk_revision_photo_id_photo"),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name="fk_revision_product_id_product"),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["account.id"], name="fk_revision_submitted_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
        sa.UniqueConstraint("product_id", "number", name="uq_revision_product_id_number"),
    )
    op.create_index("ix_revision_state_submitted", "revision", ["state", "submitted_at", "id"], unique=False)
    op.create_index(
        "uq_revision_waiting",
        "revision",
        ["product_id"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "variant",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(length=30), nullable=False),
        sa.Column("net_weight_g", sa.Integer(), nullable=True),
        sa.Column("stock_mode", sa.String(length=16), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=False),
        sa.Column("day_capacity", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "stock_mode IN ('counted', 'made_to_order', 'unlimited')", name=op.f("ck_variant_stock_mode")
        ),
        sa.CheckConstraint("price > 0", name=op.f("ck_variant_price")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name="fk_variant_product_id_product"),
        sa.PrimaryKeyConstraint("id", name="pk_variant"),
    )
    op.create_index("ix_variant_product_id", "variant", ["product_id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("reason_code", sa.String(length=40), nullable=True),
        sa.Column("sentence", sa.String(length=300), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('approve', 'return', 'refuse')", name=op.f("ck_decision_kind")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_decision_by_id_account"),
        sa.ForeignKeyConstraint(
            ["reason_code"], ["refusal_reason.code"], name="fk_decision_reason_code_refusal_reason"
        ),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_decision_revision_id_revision"),
        sa.PrimaryKeyConstraint("id", name="pk_decision"),
        sa.UniqueConstraint("revision_id", name="uq_decision_revision_id"),
    )


def downgrade() -> None:
    op.drop_table("decision")
    op.drop_table("variant")
    op.drop_table("revision")
    op.drop_table("product")
    op.drop_table("photo")
    op.drop_table("shop")
    op.drop_table("selling_request")
    op.drop_table("stock_movement")
    op.drop_table("shelf_item")
    op.drop_table("shelf_count")
    op.drop_table("stock")
    op.drop_table("refusal_reason")
    op.drop_table("category")
    op.drop_table("business_type")

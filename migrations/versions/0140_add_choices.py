"""Tell more of goods: several choices and photos, what is in them, how they keep, where they can be had.

What a wording says stands with the wording: its first choice and its cover in the row itself, further ones beside it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0140"
down_revision = "0130"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _text("revision", "label", 60)
    _text("revision", "photo_alt", 160)
    _text("revision", "ingredients", 1000)
    _text("revision", "storage", 10)
    op.add_column("revision", sa.Column("allergens", sa.JSON(), nullable=True))
    op.add_column("revision", sa.Column("shelf_life_days", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE revision SET photo_alt = COALESCE((SELECT alt FROM photo WHERE photo.id = revision.photo_id), '')"
    )
    op.drop_column("photo", "alt")
    op.create_table(
        "revision_choice",
        sa.Column("revision_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("variant_id", Id, nullable=False),
        sa.Column("label", sa.String(60), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(30), nullable=False),
        sa.Column("net_weight_g", sa.Integer(), nullable=True),
        sa.CheckConstraint("position > 0", name=op.f("ck_revision_choice_position")),
        sa.CheckConstraint("price > 0", name=op.f("ck_revision_choice_price")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_revision_choice_revision_id_revision"),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name="fk_revision_choice_variant_id_variant"),
        sa.PrimaryKeyConstraint("revision_id", "position", name="pk_revision_choice"),
        sa.UniqueConstraint("revision_id", "variant_id", name="uq_revision_choice_revision_id_variant_id"),
    )
    op.create_index("ix_revision_choice_variant_id", "revision_choice", ["variant_id"])
    op.create_table(
        "revision_photo",
        sa.Column("revision_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("photo_id", Id, nullable=False),
        sa.Column("alt", sa.String(160), nullable=False),
        sa.CheckConstraint("position > 0", name=op.f("ck_revision_photo_position")),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name="fk_revision_photo_photo_id_photo"),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_revision_photo_revision_id_revision"),
        sa.PrimaryKeyConstraint("revision_id", "position", name="pk_revision_photo"),
        sa.UniqueConstraint("revision_id", "photo_id", name="uq_revision_photo_revision_id_photo_id"),
    )
    op.create_index("ix_revision_photo_photo_id", "revision_photo", ["photo_id"])
    op.add_column("stock", sa.Column("counted", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("variant", sa.Column("paused", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("product", sa.Column("pickup", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("product", sa.Column("delivery_km", sa.Integer(), nullable=True))
    op.add_column("product", sa.Column("at_bazaars", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("product", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    _text("product", "deleted_from", 10)
    # When it was deleted is not known to the row; from now on it is, and the month of undoing begins today.
    op.execute(
        "UPDATE product SET deleted_at = CURRENT_TIMESTAMP, deleted_from = CASE WHEN approved_revision_id IS NULL"
        " THEN 'draft' ELSE 'paused' END WHERE state = 'deleted'"
    )
    op.add_column("shelf_item", sa.Column("spread", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("shelf_item", sa.Column("together", sa.Boolean(), nullable=False, server_default=sa.false()))


def _text(table: str, name: str, most: int) -> None:
    op.add_column(table, sa.Column(name, sa.String(most), nullable=False, server_default=""))


def downgrade() -> None:
    for name in ("together", "spread"):
        op.drop_column("shelf_item", name)
    for name in ("deleted_from", "deleted_at", "at_bazaars", "delivery_km", "pickup"):
        op.drop_column("product", name)
    op.drop_column("variant", "paused")
    op.drop_column("stock", "counted")
    op.drop_table("revision_photo")
    op.drop_table("revision_choice")
    _text("photo", "alt", 160)
    op.execute(
        "UPDATE photo SET alt = COALESCE((SELECT MAX(photo_alt) FROM revision WHERE revision.photo_id = photo.id), '')"
    )
    for name in ("shelf_life_days", "allergens", "storage", "ingredients", "photo_alt", "label"):
        op.drop_column("revision", name)

"""Add permits: papers of a maker, each kept as it was read."""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0072"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "permit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shop_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("number_sealed", sa.String(length=300), nullable=True),
        sa.Column("kbli_version", sa.String(length=4), nullable=True),
        sa.Column("kbli_code", sa.String(length=5), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("scan", sa.String(length=120), nullable=True),
        sa.Column("scan_sha256", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("entered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on_behalf_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("verified_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind <> 'npwp' OR length(number) < 16", name=op.f("ck_permit_sealed")),
        sa.CheckConstraint(
            "kind IN ('nib', 'npwp', 'pirt', 'halal', 'bpom', 'slhs', 'sni', 'brand', 'tkdn')",
            name=op.f("ck_permit_kind"),
        ),
        sa.CheckConstraint("state = 'uploaded' OR verified_by_id IS NOT NULL", name=op.f("ck_permit_verified")),
        sa.CheckConstraint("state IN ('uploaded', 'verified', 'rejected')", name=op.f("ck_permit_state")),
        sa.CheckConstraint(
            "verified_by_id IS NULL OR verified_by_id <> entered_by_id", name=op.f("ck_permit_other_eyes")
        ),
        sa.ForeignKeyConstraint(["entered_by_id"], ["account.id"], name=op.f("fk_permit_entered_by_id_account")),
        sa.ForeignKeyConstraint(["on_behalf_of_id"], ["account.id"], name=op.f("fk_permit_on_behalf_of_id_account")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_permit_shop_id_shop")),
        sa.ForeignKeyConstraint(["verified_by_id"], ["account.id"], name=op.f("fk_permit_verified_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permit")),
    )
    with op.batch_alter_table("permit", schema=None) as batch_op:
        batch_op.create_index("ix_permit_shop_kind", ["shop_id", "kind"], unique=False)
        batch_op.create_index(
            "uq_permit_current",
            ["shop_id", "kind"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("permit", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_permit_current",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.drop_index("ix_permit_shop_kind")
    op.drop_table("permit")

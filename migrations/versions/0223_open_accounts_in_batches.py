"""Open seller accounts for hundreds of families in one go: a batch, and a turn for each family."""

import sqlalchemy as sa
from alembic import op

from app.core.db import UtcDateTime

revision = "0223"
down_revision = "0222"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_batch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("region_code", sa.String(13), nullable=False),
        sa.Column("place", sa.String(13), nullable=False),
        sa.Column("business_type_slug", sa.String(60), nullable=False),
        sa.Column("wording_version", sa.String(20), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_batch")),
        sa.UniqueConstraint("key", name=op.f("uq_account_batch_key")),
        sa.CheckConstraint("state IN ('waiting', 'done', 'stopped')", name=op.f("ck_account_batch_state")),
        sa.CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name=op.f("ck_account_batch_ended")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_account_batch_region_code_region")),
        sa.ForeignKeyConstraint(
            ["business_type_slug"],
            ["business_type.slug"],
            name=op.f("fk_account_batch_business_type_slug_business_type"),
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_account_batch_asked_by_id_account")),
    )
    op.create_index("ix_account_batch_region_id", "account_batch", ["region_code", "id"])
    op.create_index("ix_account_batch_ended", "account_batch", ["ended_at"])
    op.create_table(
        "account_turn",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kpm_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("shop_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite")),
        sa.Column("card_sealed", sa.String(200)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_turn")),
        sa.UniqueConstraint("batch_id", "kpm_id", name=op.f("uq_account_turn_batch_id_kpm_id")),
        sa.CheckConstraint(
            "state IN ('waiting', 'opened', 'no_phone', 'has_shop', 'gone', 'refused')",
            name=op.f("ck_account_turn_state"),
        ),
        sa.CheckConstraint("(state = 'opened') = (shop_id IS NOT NULL)", name=op.f("ck_account_turn_opened")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["account_batch.id"], name=op.f("fk_account_turn_batch_id_account_batch")
        ),
        sa.ForeignKeyConstraint(["kpm_id"], ["kpm.id"], name=op.f("fk_account_turn_kpm_id_kpm")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_account_turn_shop_id_shop")),
    )
    op.create_index(op.f("ix_account_turn_kpm_id"), "account_turn", ["kpm_id"])
    op.create_index("ix_account_turn_batch_state", "account_turn", ["batch_id", "state", "id"])


def downgrade() -> None:
    op.drop_table("account_turn")
    op.drop_table("account_batch")

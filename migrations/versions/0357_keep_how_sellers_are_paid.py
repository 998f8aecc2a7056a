"""Keep how a seller is paid beside cash, what changed about it, and the proofs that buyers send."""

import sqlalchemy as sa
from alembic import op

revision = "0357"
down_revision = "0356"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "payment_means",
        sa.Column("id", Id, nullable=False),
        sa.Column("shop_id", Id, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("owner_id", Id, nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("payload", sa.String(512), nullable=False),
        sa.Column("bank", sa.String(8), nullable=False),
        sa.Column("holder", sa.String(80), nullable=False),
        sa.Column("number_sealed", sa.String(200)),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_means")),
        sa.UniqueConstraint("shop_id", "kind", name=op.f("uq_payment_means_shop_id_kind")),
        sa.CheckConstraint("kind IN ('qris', 'transfer')", name=op.f("ck_payment_means_kind")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_payment_means_shop_id_shop")),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_payment_means_owner_id_account")),
    )
    op.create_table(
        "payment_means_change",
        sa.Column("id", Id, nullable=False),
        sa.Column("means_id", Id, nullable=False),
        sa.Column("act", sa.String(4), nullable=False),
        sa.Column("said", sa.String(80), nullable=False),
        sa.Column("by_id", Id, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_means_change")),
        sa.CheckConstraint("act IN ('set', 'off', 'on')", name=op.f("ck_payment_means_change_act")),
        sa.ForeignKeyConstraint(
            ["means_id"], ["payment_means.id"], name=op.f("fk_payment_means_change_means_id_payment_means")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_payment_means_change_by_id_account")),
    )
    op.create_index(op.f("ix_payment_means_change_means_id"), "payment_means_change", ["means_id"])
    op.create_table(
        "payment_proof",
        sa.Column("id", Id, nullable=False),
        sa.Column("entry_id", Id, nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("name", sa.String(120)),
        sa.Column("at", Moment, nullable=False),
        sa.Column("deleted_at", Moment),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_proof")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_payment_proof_entry_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["money_entry.id"], name=op.f("fk_payment_proof_entry_id_money_entry")),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_payment_proof_order_id_order")),
    )
    op.create_index(op.f("ix_payment_proof_order_id"), "payment_proof", ["order_id"])


def downgrade() -> None:
    op.drop_table("payment_proof")
    op.drop_table("payment_means_change")
    op.drop_table("payment_means")

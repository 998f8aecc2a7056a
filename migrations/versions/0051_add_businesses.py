"""Link families and shops from a day to a day."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "business",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kpm_id", BIG, nullable=False),
        sa.Column("shop_id", BIG, nullable=False),
        sa.Column("business_type_slug", sa.String(length=60), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("capital_source", sa.String(length=15), nullable=True),
        sa.Column("kbli", sa.String(length=5), nullable=True),
        sa.Column("nib", sa.String(length=13), nullable=True),
        sa.Column("created_by_id", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "capital_source IN ('aid_savings', 'own', 'loan', 'uep')", name="ck_business_capital_source"
        ),
        sa.CheckConstraint("ended_on >= started_on", name="ck_business_order"),
        sa.ForeignKeyConstraint(
            ["business_type_slug"], ["business_type.slug"], name="fk_business_business_type_slug_business_type"
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name="fk_business_created_by_id_account"),
        sa.ForeignKeyConstraint(["kpm_id"], ["kpm.id"], name="fk_business_kpm_id_kpm"),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name="fk_business_shop_id_shop"),
        sa.PrimaryKeyConstraint("id", name="pk_business"),
    )
    op.create_index("ix_business_kpm_started", "business", ["kpm_id", "started_on"], unique=False)
    op.create_index("ix_business_shop_started", "business", ["shop_id", "started_on"], unique=False)
    op.create_index(
        "uq_business_shop_running",
        "business",
        ["shop_id"],
        unique=True,
        sqlite_where=sa.text("ended_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("business")

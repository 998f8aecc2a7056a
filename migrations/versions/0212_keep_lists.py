"""Let curators keep categories, reasons and needed papers as data, with every change written down.

What the papers of each sector were until now stands in the first rows.
"""

import sqlalchemy as sa
from alembic import op

revision = "0212"
down_revision = "0211"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = ("nib", "npwp", "pirt", "halal", "bpom", "slhs", "sni", "brand", "tkdn")
UNTIL_NOW = (("semua", "nib"), ("akomodasi-makan-minum", "slhs"))
CHANGES = "reference_change"


def upgrade() -> None:
    op.add_column("category", sa.Column("storage", sa.String(10), nullable=False, server_default=""))
    op.add_column("category", sa.Column("shelf_life_days", sa.Integer(), nullable=True))
    for table in ("category", "refusal_reason"):
        op.add_column(table, sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        with op.batch_alter_table(table) as batch:
            batch.alter_column("version", server_default=None)
    op.create_table(
        "former_category",
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("former_id", Id, nullable=False),
        sa.Column("category_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name="fk_former_category_category_id_category"),
        sa.PrimaryKeyConstraint("slug", name="pk_former_category"),
    )
    op.create_index("ix_former_category_former_id", "former_category", ["former_id"])
    op.create_index("ix_former_category_category_id", "former_category", ["category_id"])
    needs = op.create_table(
        "paper_need",
        sa.Column("sector", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_paper_need_kind")),
        sa.PrimaryKeyConstraint("sector", "kind", name="pk_paper_need"),
    )
    op.bulk_insert(needs, [{"sector": sector, "kind": kind} for sector, kind in UNTIL_NOW])
    op.create_table(
        CHANGES,
        sa.Column("id", Id, nullable=False),
        sa.Column("list", sa.String(10), nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("by_id", Id, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("list IN ('category', 'reason', 'paper')", name=op.f("ck_reference_change_list")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_reference_change_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_reference_change"),
    )
    op.create_index("ix_reference_change_entry", CHANGES, ["list", "key", "id"])


def downgrade() -> None:
    for table in (CHANGES, "paper_need", "former_category"):
        op.drop_table(table)
    op.drop_column("refusal_reason", "version")
    for name in ("version", "shelf_life_days", "storage"):
        op.drop_column("category", name)

"""Keep the photo of a note beside its sale: the sale is for ever, the photo may be erased."""

import sqlalchemy as sa
from alembic import op

revision = "0115"
down_revision = "0110"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "sale_photo",
        sa.Column("sale_id", Id, nullable=False, autoincrement=False),
        sa.Column("file", sa.String(80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["sale_id"], ["sale_record.id"], name="fk_sale_photo_sale_id_sale_record"),
        sa.PrimaryKeyConstraint("sale_id", name="pk_sale_photo"),
    )


def downgrade() -> None:
    op.drop_table("sale_photo")

"""Keep the address of e-mail that a seller lets tell her."""

import sqlalchemy as sa
from alembic import op

revision = "0371"
down_revision = "0370"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "mail_address",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("address", sa.String(160), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_mail_address_account_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_mail_address"),
        sa.UniqueConstraint("account_id", name="uq_mail_address_account_id"),
    )


def downgrade() -> None:
    op.drop_table("mail_address")

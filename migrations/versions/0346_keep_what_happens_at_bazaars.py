"""Keep what happens while a bazaar runs, and its photos."""

import sqlalchemy as sa
from alembic import op

revision = "0346"
down_revision = "0345"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)
KINDS = ("health", "loss", "quarrel", "weather", "place", "other")


def upgrade() -> None:
    op.create_table(
        "bazaar_incident",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("bazaar_id", Id, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("happened_at", Moment, nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("done", sa.String(500), nullable=False),
        sa.Column("by_id", Id, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bazaar_incident")),
        sa.UniqueConstraint("bazaar_id", "key", name=op.f("uq_bazaar_incident_bazaar_id_key")),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_bazaar_incident_kind")),
        sa.ForeignKeyConstraint(["bazaar_id"], ["bazaar.id"], name=op.f("fk_bazaar_incident_bazaar_id_bazaar")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_bazaar_incident_by_id_account")),
    )
    op.create_table(
        "bazaar_photo",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("bazaar_id", Id, nullable=False),
        sa.Column("stem", sa.String(80), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.Column("caption", sa.String(120), nullable=False),
        sa.Column("by_id", Id, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bazaar_photo")),
        sa.UniqueConstraint("bazaar_id", "key", name=op.f("uq_bazaar_photo_bazaar_id_key")),
        sa.UniqueConstraint("stem", name=op.f("uq_bazaar_photo_stem")),
        sa.ForeignKeyConstraint(["bazaar_id"], ["bazaar.id"], name=op.f("fk_bazaar_photo_bazaar_id_bazaar")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_bazaar_photo_by_id_account")),
    )


def downgrade() -> None:
    op.drop_table("bazaar_photo")
    op.drop_table("bazaar_incident")

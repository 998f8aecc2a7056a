"""Keep what offices tell of themselves, and the numbered papers of their orders; a paper is never changed."""

import sqlalchemy as sa
from alembic import op

revision = "0373"
down_revision = "0372"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = ("order", "bill", "handover", "receipt")


def upgrade() -> None:
    op.create_table(
        "office_request",
        sa.Column("id", Id, nullable=False),
        sa.Column("group_id", Id, nullable=False),
        sa.Column("office", sa.String(120), nullable=False),
        sa.Column("unit", sa.String(120), nullable=False),
        sa.Column("heading", sa.String(400), nullable=False),
        sa.Column("purpose", sa.String(200), nullable=False),
        sa.Column("receiver", sa.String(120), nullable=False),
        sa.Column("treasurer", sa.String(120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["order_group.id"], name="fk_office_request_group_id_order_group"),
        sa.PrimaryKeyConstraint("id", name="pk_office_request"),
        sa.UniqueConstraint("group_id", name="uq_office_request_group_id"),
    )
    op.create_table(
        "office_paper",
        sa.Column("id", Id, nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("shop_id", Id, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"kind IN {KINDS}", name="ck_office_paper_kind"),
        sa.CheckConstraint("number > 0", name="ck_office_paper_number"),
        sa.CheckConstraint("amount > 0", name="ck_office_paper_amount"),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name="fk_office_paper_order_id_order"),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name="fk_office_paper_shop_id_shop"),
        sa.PrimaryKeyConstraint("id", name="pk_office_paper"),
        sa.UniqueConstraint("order_id", "kind", name="uq_office_paper_order_id_kind"),
        sa.UniqueConstraint("shop_id", "kind", "year", "number", name="uq_office_paper_shop_id_kind_year_number"),
        sa.UniqueConstraint("code", name="uq_office_paper_code"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER office_paper_no_{act.lower()} BEFORE {act} ON office_paper"
                " BEGIN SELECT RAISE(ABORT, 'office_paper is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION office_paper_unchanged() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'office_paper is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER office_paper_unchanged BEFORE UPDATE OR DELETE ON office_paper"
        " FOR EACH STATEMENT EXECUTE FUNCTION office_paper_unchanged()"
    )


def downgrade() -> None:
    op.drop_table("office_paper")
    op.drop_table("office_request")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION office_paper_unchanged()")

"""Aid with which families work, from the proposal to the report of its use."""

import sqlalchemy as sa
from alembic import op

revision = "0090"
down_revision = "0081"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id() -> sa.Column:
    return sa.Column("id", ID, nullable=False)


def _of(name: str) -> sa.Column:
    return sa.Column(name, ID, nullable=False)


def _created() -> sa.Column:
    return sa.Column("created_at", sa.DateTime(timezone=True), nullable=False)


def _fk(table: str, column: str, other: str, key: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.{key}"], name=f"fk_{table}_{column}_{other}")


def upgrade() -> None:
    op.create_table(
        "aid_proposal",
        _id(),
        sa.Column("key", sa.String(64), nullable=False),
        _of("kpm_id"),
        sa.Column("business_type_slug", sa.String(60), nullable=False),
        sa.Column("items_asked", sa.String(1000), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        _of("entered_by_id"),
        _created(),
        sa.PrimaryKeyConstraint("id", name="pk_aid_proposal"),
        sa.UniqueConstraint("key", name="uq_aid_proposal_key"),
        sa.CheckConstraint("asked > 0", name="ck_aid_proposal_asked"),
        _fk("aid_proposal", "kpm_id", "kpm"),
        _fk("aid_proposal", "business_type_slug", "business_type", "slug"),
        _fk("aid_proposal", "entered_by_id", "account"),
    )
    op.create_index("ix_aid_proposal_kpm", "aid_proposal", ["kpm_id", "id"])
    op.create_table(
        "verification",
        _id(),
        _of("proposal_id"),
        sa.Column("result", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(600), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("running_since", sa.Date()),
        sa.Column("photo", sa.String(120)),
        _of("verified_by_id"),
        _created(),
        sa.PrimaryKeyConstraint("id", name="pk_verification"),
        sa.UniqueConstraint("proposal_id", name="uq_verification_proposal_id"),
        sa.CheckConstraint("result IN ('fits', 'changed', 'refused')", name="ck_verification_result"),
        _fk("verification", "proposal_id", "aid_proposal"),
        _fk("verification", "verified_by_id", "account"),
    )
    op.create_table(
        "aid_grant",
        _id(),
        _of("proposal_id"),
        _of("kpm_id"),
        sa.Column("regency_code", sa.String(13), nullable=False),
        sa.Column("kecamatan_code", sa.String(13), nullable=False),
        sa.Column("business_type_slug", sa.String(60), nullable=False),
        sa.Column("fund", sa.String(12), nullable=False),
        sa.Column("form", sa.String(10), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=False),
        sa.Column("due_report_on", sa.Date(), nullable=False),
        _of("granted_by_id"),
        _created(),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_aid_grant"),
        sa.UniqueConstraint("proposal_id", name="uq_aid_grant_proposal_id"),
        sa.CheckConstraint("fund IN ('province', 'regency', 'state', 'other')", name="ck_aid_grant_fund"),
        sa.CheckConstraint("form IN ('in_kind', 'cash')", name="ck_aid_grant_form"),
        sa.CheckConstraint("value > 0", name="ck_aid_grant_value"),
        _fk("aid_grant", "proposal_id", "aid_proposal"),
        _fk("aid_grant", "kpm_id", "kpm"),
        _fk("aid_grant", "regency_code", "region", "code"),
        _fk("aid_grant", "kecamatan_code", "region", "code"),
        _fk("aid_grant", "business_type_slug", "business_type", "slug"),
        _fk("aid_grant", "granted_by_id", "account"),
    )
    op.create_index("ix_aid_grant_regency_year", "aid_grant", ["regency_code", "year", "id"])
    op.create_index("ix_aid_grant_kpm", "aid_grant", ["kpm_id", "year"])
    op.create_table(
        "aid_item",
        _id(),
        _of("grant_id"),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("qty", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(30), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("condition", sa.String(10), nullable=False),
        sa.Column("tested", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_aid_item"),
        sa.CheckConstraint("qty > 0", name="ck_aid_item_qty"),
        sa.CheckConstraint("unit_price >= 0", name="ck_aid_item_unit_price"),
        sa.CheckConstraint("condition IN ('new', 'used')", name="ck_aid_item_condition"),
        sa.CheckConstraint("tested IN ('works', 'broken', 'untested')", name="ck_aid_item_tested"),
        _fk("aid_item", "grant_id", "aid_grant"),
    )
    op.create_index("ix_aid_item_grant_id", "aid_item", ["grant_id"])
    op.create_table(
        "bast",
        _id(),
        _of("grant_id"),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("officer_name", sa.String(120), nullable=False),
        sa.Column("officer_post", sa.String(120), nullable=False),
        sa.Column("witnesses_sealed", sa.String(1200), nullable=False),
        sa.Column("scan", sa.String(120)),
        _of("entered_by_id"),
        _created(),
        sa.PrimaryKeyConstraint("id", name="pk_bast"),
        sa.UniqueConstraint("grant_id", name="uq_bast_grant_id"),
        _fk("bast", "grant_id", "aid_grant"),
        _fk("bast", "entered_by_id", "account"),
    )
    op.create_table(
        "use_report",
        _id(),
        _of("grant_id"),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("as_intended", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(600), nullable=False),
        sa.Column("photo", sa.String(120)),
        _of("entered_by_id"),
        _created(),
        sa.PrimaryKeyConstraint("id", name="pk_use_report"),
        sa.UniqueConstraint("grant_id", name="uq_use_report_grant_id"),
        _fk("use_report", "grant_id", "aid_grant"),
        _fk("use_report", "entered_by_id", "account"),
    )
    op.create_table(
        "use_receipt",
        _id(),
        sa.Column("key", sa.String(64), nullable=False),
        _of("grant_id"),
        sa.Column("what", sa.String(120), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("bought_on", sa.Date(), nullable=False),
        sa.Column("photo", sa.String(120), nullable=False),
        _of("entered_by_id"),
        _created(),
        sa.PrimaryKeyConstraint("id", name="pk_use_receipt"),
        sa.UniqueConstraint("key", name="uq_use_receipt_key"),
        sa.CheckConstraint("amount > 0", name="ck_use_receipt_amount"),
        _fk("use_receipt", "grant_id", "aid_grant"),
        _fk("use_receipt", "entered_by_id", "account"),
    )
    op.create_index("ix_use_receipt_grant_id", "use_receipt", ["grant_id"])


def downgrade() -> None:
    for table in ("use_receipt", "use_report", "bast", "aid_item", "aid_grant", "verification", "aid_proposal"):
        op.drop_table(table)

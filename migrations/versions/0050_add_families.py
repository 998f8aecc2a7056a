"""Keep families, who they are beside it and sealed, and who looked at them in a log that is appended only."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0042"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "kpm",
        sa.Column("id", BIG, nullable=False),
        sa.Column("pseudonym", sa.String(length=12), nullable=False),
        sa.Column("regency_code", sa.String(length=13), nullable=False),
        sa.Column("kecamatan_code", sa.String(length=13), nullable=False),
        sa.Column("desa_code", sa.String(length=13), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("head_sex", sa.String(length=1), nullable=True),
        sa.Column("wants_to_sell", sa.Boolean(), nullable=False),
        sa.Column("makes", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_by_id", BIG, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("head_sex IN ('f', 'm')", name="ck_kpm_head_sex"),
        sa.CheckConstraint("state IN ('active', 'moved', 'ended', 'erased')", name="ck_kpm_state"),
        sa.CheckConstraint("size BETWEEN 1 AND 30", name="ck_kpm_size"),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name="fk_kpm_created_by_id_account"),
        sa.ForeignKeyConstraint(["desa_code"], ["region.code"], name="fk_kpm_desa_code_region"),
        sa.ForeignKeyConstraint(["kecamatan_code"], ["region.code"], name="fk_kpm_kecamatan_code_region"),
        sa.ForeignKeyConstraint(["regency_code"], ["region.code"], name="fk_kpm_regency_code_region"),
        sa.PrimaryKeyConstraint("id", name="pk_kpm"),
        sa.UniqueConstraint("pseudonym", name="uq_kpm_pseudonym"),
    )
    op.create_index("ix_kpm_desa_id", "kpm", ["desa_code", "id"], unique=False)
    op.create_index("ix_kpm_kecamatan_code", "kpm", ["kecamatan_code"], unique=False)
    op.create_index("ix_kpm_regency_id", "kpm", ["regency_code", "id"], unique=False)
    op.create_table(
        "kpm_identity",
        sa.Column("kpm_id", BIG, autoincrement=False, nullable=False),
        sa.Column("nik_blind", sa.String(length=64), nullable=False),
        sa.Column("nik_sealed", sa.String(length=200), nullable=False),
        sa.Column("kk_blind", sa.String(length=64), nullable=True),
        sa.Column("kk_sealed", sa.String(length=200), nullable=True),
        sa.Column("name_sealed", sa.String(length=800), nullable=False),
        sa.Column("phone_sealed", sa.String(length=200), nullable=True),
        sa.Column("address_sealed", sa.String(length=2000), nullable=True),
        sa.ForeignKeyConstraint(["kpm_id"], ["kpm.id"], name="fk_kpm_identity_kpm_id_kpm"),
        sa.PrimaryKeyConstraint("kpm_id", name="pk_kpm_identity"),
        sa.UniqueConstraint("kk_blind", name="uq_kpm_identity_kk_blind"),
        sa.UniqueConstraint("nik_blind", name="uq_kpm_identity_nik_blind"),
    )
    op.create_table(
        "enrollment",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kpm_id", BIG, nullable=False),
        sa.Column("program", sa.String(length=10), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("exit_kind", sa.String(length=15), nullable=True),
        sa.Column("exit_date", sa.Date(), nullable=True),
        sa.Column("letter_file", sa.String(length=120), nullable=True),
        sa.Column("monthly_aid", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "exit_kind IN ('self_reliant', 'natural', 'administrative', 'unknown')", name="ck_enrollment_exit_kind"
        ),
        sa.CheckConstraint("program IN ('pkh', 'uep', 'other')", name="ck_enrollment_program"),
        sa.CheckConstraint("ended_on >= started_on", name="ck_enrollment_order"),
        sa.CheckConstraint("monthly_aid >= 0", name="ck_enrollment_monthly_aid"),
        sa.ForeignKeyConstraint(["kpm_id"], ["kpm.id"], name="fk_enrollment_kpm_id_kpm"),
        sa.PrimaryKeyConstraint("id", name="pk_enrollment"),
        sa.UniqueConstraint("kpm_id", "program", "started_on", name="uq_enrollment_kpm_id_program_started_on"),
    )
    op.create_index("ix_enrollment_program_kpm", "enrollment", ["program", "kpm_id"], unique=False)
    op.create_table(
        "desil_record",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kpm_id", BIG, nullable=False),
        sa.Column("desil", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("desil BETWEEN 1 AND 10", name="ck_desil_record_desil"),
        sa.ForeignKeyConstraint(["kpm_id"], ["kpm.id"], name="fk_desil_record_kpm_id_kpm"),
        sa.PrimaryKeyConstraint("id", name="pk_desil_record"),
        sa.UniqueConstraint("kpm_id", "as_of", name="uq_desil_record_kpm_id_as_of"),
    )
    op.create_table(
        "family_consent",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kpm_id", BIG, nullable=False),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("wording_version", sa.String(length=20), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", BIG, nullable=True),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("witness_sealed", sa.String(length=800), nullable=True),
        sa.Column("recorded_by_id", BIG, nullable=False),
        sa.CheckConstraint("method IN ('paper', 'own_phone', 'spoken')", name="ck_family_consent_method"),
        sa.CheckConstraint(
            "purpose IN ('marketplace', 'graduation_monitoring', 'publicity', 'loan_statement', 'ekatalog')",
            name="ck_family_consent_purpose",
        ),
        sa.ForeignKeyConstraint(["kpm_id"], ["kpm.id"], name="fk_family_consent_kpm_id_kpm"),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name="fk_family_consent_recorded_by_id_account"),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["account.id"], name="fk_family_consent_withdrawn_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_family_consent"),
    )
    op.create_index("ix_family_consent_kpm_purpose", "family_consent", ["kpm_id", "purpose", "given_at"], unique=False)
    op.create_table(
        "access_log",
        sa.Column("id", BIG, nullable=False),
        sa.Column("actor_id", BIG, nullable=False),
        sa.Column("actor_role", sa.String(length=20), nullable=False),
        sa.Column("kpm_id", BIG, nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["kpm_id"], ["kpm.id"], name="fk_access_log_kpm_id_kpm"),
        sa.PrimaryKeyConstraint("id", name="pk_access_log"),
    )
    op.create_index("ix_access_log_actor_at", "access_log", ["actor_id", "at"], unique=False)
    op.create_index("ix_access_log_kpm_at", "access_log", ["kpm_id", "at"], unique=False)
    op.create_table(
        "import_batch",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("regency_code", sa.String(length=13), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("uploaded_by_id", BIG, nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('staged', 'confirmed', 'dropped', 'expired')", name="ck_import_batch_state"),
        sa.ForeignKeyConstraint(["regency_code"], ["region.code"], name="fk_import_batch_regency_code_region"),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["account.id"], name="fk_import_batch_uploaded_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_import_batch"),
    )
    op.create_index("ix_import_batch_expires_at", "import_batch", ["expires_at"], unique=False)
    op.create_index("ix_import_batch_regency_id", "import_batch", ["regency_code", "id"], unique=False)
    op.create_table(
        "import_row",
        sa.Column("batch_id", BIG, autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("content_sealed", sa.Text(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.CheckConstraint("outcome IN ('new', 'changed', 'same', 'bad')", name="ck_import_row_outcome"),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name="fk_import_row_batch_id_import_batch"),
        sa.PrimaryKeyConstraint("batch_id", "line", name="pk_import_row"),
    )
    guard("access_log")


def guard(table: str) -> None:
    """Let rows be added and never changed, whatever program asks."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )


def downgrade() -> None:
    for table in (
        "import_row", "import_batch", "access_log", "family_consent", "desil_record", "enrollment", "kpm_identity", "kpm",
    ):  # fmt: skip
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION access_log_append_only()")

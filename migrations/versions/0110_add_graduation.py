"""Add graduation: rule sets, cases, assessments, proposals, decisions, objections, words and graduations.

Assessments and decisions are appended only. A rule set that is no draft keeps its contents. A case changes its status
with a decision that says so, or between the three that the family's own consent makes: the database holds to both.
"""

import sqlalchemy as sa
from alembic import op

revision = "0110"
down_revision = "0100"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPENDED = ("growth_assessment", "growth_decision")
TABLES = (
    "growth_case", "growth_appeal", "growth_decision", "growth_proposal", "growth_words", "growth_assessment",
    "graduation", "growth_rule_set",
)  # fmt: skip
BEGINNINGS = "('registered', 'visit_only', 'observing', 'with_aid')"
UNDECIDED = (
    "OLD.status <> NEW.status "
    "AND NOT (OLD.status IN ('registered', 'visit_only', 'observing') AND NEW.status IN ('visit_only', 'observing')) "
    "AND NOT EXISTS (SELECT 1 FROM growth_decision d WHERE d.id = NEW.decision_id AND d.kpm_id = NEW.kpm_id "
    "AND d.before = OLD.status AND d.outcome = NEW.status AND d.id > COALESCE(OLD.decision_id, 0))"
)
CHANGED = (
    "OLD.status <> 'draft' AND (CAST(OLD.criteria AS text) <> CAST(NEW.criteria AS text) "
    "OR CAST(OLD.flags AS text) <> CAST(NEW.flags AS text) OR OLD.version <> NEW.version OR NEW.status = 'draft')"
)


def upgrade() -> None:
    op.create_table(
        "growth_rule_set",
        sa.Column("id", BIG, nullable=False),
        sa.Column("regency_code", sa.String(length=13), nullable=True),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("change_note", sa.String(length=300), nullable=False),
        sa.Column("drafted_by_id", BIG, nullable=True),
        sa.Column("activated_by_id", BIG, nullable=True),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status = 'draft' OR drafted_by_id IS NULL OR (activated_by_id IS NOT NULL AND effective_from IS NOT NULL)",
            name="ck_growth_rule_set_activated",
        ),
        sa.CheckConstraint("status IN ('draft', 'active', 'retired')", name="ck_growth_rule_set_status"),
        sa.CheckConstraint("activated_by_id <> drafted_by_id", name="ck_growth_rule_set_two_people"),
        sa.ForeignKeyConstraint(["activated_by_id"], ["account.id"], name="fk_growth_rule_set_activated_by_id_account"),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["account.id"], name="fk_growth_rule_set_drafted_by_id_account"),
        sa.ForeignKeyConstraint(["regency_code"], ["region.code"], name="fk_growth_rule_set_regency_code_region"),
        sa.PrimaryKeyConstraint("id", name="pk_growth_rule_set"),
        sa.UniqueConstraint("regency_code", "version", name="uq_growth_rule_set_regency_code_version"),
    )
    op.create_table(
        "graduation",
        sa.Column("id", BIG, nullable=False),
        sa.Column("creation_key", sa.String(length=64), nullable=False),
        sa.Column("kpm_id", BIG, nullable=False),
        sa.Column("regency_code", sa.String(length=13), nullable=False),
        sa.Column("kecamatan_code", sa.String(length=13), nullable=False),
        sa.Column("kind", sa.String(length=15), nullable=False),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.Column("letter_number", sa.String(length=60), nullable=False),
        sa.Column("scan", sa.String(length=120), nullable=True),
        sa.Column("scanned_by_id", BIG, nullable=True),
        sa.Column("recorded_by_id", BIG, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_by_id", BIG, nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('self_reliant', 'natural', 'administrative')", name="ck_graduation_kind"),
        sa.CheckConstraint(
            "(confirmed_on IS NULL) = (acknowledged_by_id IS NULL) AND (confirmed_on IS NULL OR scan IS NOT NULL)",
            name="ck_graduation_confirmed",
        ),
        sa.CheckConstraint("acknowledged_by_id <> recorded_by_id", name="ck_graduation_two_people"),
        sa.CheckConstraint("confirmed_on >= stated_on", name="ck_graduation_order"),
        sa.ForeignKeyConstraint(
            ["acknowledged_by_id"], ["account.id"], name="fk_graduation_acknowledged_by_id_account"
        ),
        sa.ForeignKeyConstraint(["kecamatan_code"], ["region.code"], name="fk_graduation_kecamatan_code_region"),
        sa.ForeignKeyConstraint(["kpm_id"], ["kpm.id"], name="fk_graduation_kpm_id_kpm"),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name="fk_graduation_recorded_by_id_account"),
        sa.ForeignKeyConstraint(["regency_code"], ["region.code"], name="fk_graduation_regency_code_region"),
        sa.ForeignKeyConstraint(["scanned_by_id"], ["account.id"], name="fk_graduation_scanned_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_graduation"),
        sa.UniqueConstraint("creation_key", name="uq_graduation_creation_key"),
    )
    op.create_index("ix_graduation_kpm", "graduation", ["kpm_id"], unique=False)
    op.create_index("ix_graduation_regency_stated", "graduation", ["regency_code", "stated_on"], unique=False)
    op.create_table(
        "growth_assessment",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kpm_id", BIG, nullable=False),
        sa.Column("rule_set_id", BIG, nullable=False),
        sa.Column("code_version", sa.String(length=10), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("inputs_json", sa.Text(), nullable=False),
        sa.Column("inputs_sha256", sa.String(length=64), nullable=False),
        sa.Column("results_json", sa.Text(), nullable=False),
        sa.Column("made_by_id", BIG, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["kpm_id"], ["kpm.id"], name="fk_growth_assessment_kpm_id_kpm"),
        sa.ForeignKeyConstraint(
            ["rule_set_id"], ["growth_rule_set.id"], name="fk_growth_assessment_rule_set_id_growth_rule_set"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_growth_assessment"),
    )
    op.create_index("ix_growth_assessment_kpm_id", "growth_assessment", ["kpm_id", "id"], unique=False)
    op.create_table(
        "growth_words",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kpm_id", BIG, nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["kpm_id"], ["kpm.id"], name="fk_growth_words_kpm_id_kpm"),
        sa.PrimaryKeyConstraint("id", name="pk_growth_words"),
        sa.UniqueConstraint("subject", name="uq_growth_words_subject"),
    )
    op.create_index("ix_growth_words_kpm_id", "growth_words", ["kpm_id"], unique=False)
    op.create_table(
        "growth_proposal",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kpm_id", BIG, nullable=False),
        sa.Column("before", sa.String(length=15), nullable=False),
        sa.Column("outcome", sa.String(length=15), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("reason_length", sa.Integer(), nullable=False),
        sa.Column("assessment_id", BIG, nullable=False),
        sa.Column("proposed_by_id", BIG, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answered_by_id", BIG, nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'decided', 'declined')", name="ck_growth_proposal_state"),
        sa.CheckConstraint("answered_by_id <> proposed_by_id", name="ck_growth_proposal_two_people"),
        sa.CheckConstraint("reason_length >= 20", name="ck_growth_proposal_reason"),
        sa.ForeignKeyConstraint(["answered_by_id"], ["account.id"], name="fk_growth_proposal_answered_by_id_account"),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["growth_assessment.id"], name="fk_growth_proposal_assessment_id_growth_assessment"
        ),
        sa.ForeignKeyConstraint(["kpm_id"], ["kpm.id"], name="fk_growth_proposal_kpm_id_kpm"),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["account.id"], name="fk_growth_proposal_proposed_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_growth_proposal"),
        sa.UniqueConstraint("id", "proposed_by_id", name="uq_growth_proposal_id_proposed_by_id"),
    )
    op.create_index(
        "uq_growth_proposal_waiting",
        "growth_proposal",
        ["kpm_id"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "growth_decision",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kpm_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("proposal_id", BIG, nullable=False),
        sa.Column("proposed_by_id", BIG, nullable=False),
        sa.Column("decided_by_id", BIG, nullable=False),
        sa.Column("before", sa.String(length=15), nullable=False),
        sa.Column("outcome", sa.String(length=15), nullable=False),
        sa.Column("reason_length", sa.Integer(), nullable=False),
        sa.Column("assessment_id", BIG, nullable=True),
        sa.Column("notified_on", sa.Date(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('move', 'appeal')", name="ck_growth_decision_kind"),
        sa.CheckConstraint("decided_by_id <> proposed_by_id", name="ck_growth_decision_two_people"),
        sa.CheckConstraint("reason_length >= 20", name="ck_growth_decision_reason"),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["growth_assessment.id"], name="fk_growth_decision_assessment_id_growth_assessment"
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name="fk_growth_decision_decided_by_id_account"),
        sa.ForeignKeyConstraint(["kpm_id"], ["kpm.id"], name="fk_growth_decision_kpm_id_kpm"),
        sa.ForeignKeyConstraint(
            ["proposal_id", "proposed_by_id"],
            ["growth_proposal.id", "growth_proposal.proposed_by_id"],
            name="fk_growth_decision_proposal_growth_proposal",
        ),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["account.id"], name="fk_growth_decision_proposed_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_growth_decision"),
        sa.UniqueConstraint(
            "id", "proposed_by_id", "decided_by_id", name="uq_growth_decision_id_proposed_by_id_decided_by_id"
        ),
        sa.UniqueConstraint("proposal_id", "kind", name="uq_growth_decision_proposal_id_kind"),
    )
    op.create_index("ix_growth_decision_kpm_id", "growth_decision", ["kpm_id", "id"], unique=False)
    op.create_table(
        "growth_appeal",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kpm_id", BIG, nullable=False),
        sa.Column("decision_id", BIG, nullable=True),
        sa.Column("proposed_by_id", BIG, nullable=True),
        sa.Column("decided_by_id", BIG, nullable=True),
        sa.Column("filed_by_id", BIG, nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("handler_id", BIG, nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledge_by", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('page', 'form', 'phone', 'pendamping', 'desa')", name="ck_growth_appeal_channel"
        ),
        sa.CheckConstraint(
            "state IN ('filed', 'acknowledged', 'in_hearing', 'upheld', 'changed', 'withdrawn')",
            name="ck_growth_appeal_state",
        ),
        sa.CheckConstraint(
            "state IN ('filed', 'withdrawn') OR handler_id IS NOT NULL", name="ck_growth_appeal_handled"
        ),
        sa.CheckConstraint(
            "handler_id <> proposed_by_id AND handler_id <> decided_by_id", name="ck_growth_appeal_third_person"
        ),
        sa.ForeignKeyConstraint(
            ["decision_id", "proposed_by_id", "decided_by_id"],
            ["growth_decision.id", "growth_decision.proposed_by_id", "growth_decision.decided_by_id"],
            name="fk_growth_appeal_decision_growth_decision",
        ),
        sa.ForeignKeyConstraint(["filed_by_id"], ["account.id"], name="fk_growth_appeal_filed_by_id_account"),
        sa.ForeignKeyConstraint(["handler_id"], ["account.id"], name="fk_growth_appeal_handler_id_account"),
        sa.ForeignKeyConstraint(["kpm_id"], ["kpm.id"], name="fk_growth_appeal_kpm_id_kpm"),
        sa.PrimaryKeyConstraint("id", name="pk_growth_appeal"),
    )
    op.create_index("ix_growth_appeal_due", "growth_appeal", ["state", "due_on"], unique=False)
    op.create_index(
        "uq_growth_appeal_open",
        "growth_appeal",
        ["kpm_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('filed', 'acknowledged', 'in_hearing')"),
        postgresql_where=sa.text("state IN ('filed', 'acknowledged', 'in_hearing')"),
    )
    op.create_table(
        "growth_case",
        sa.Column("kpm_id", BIG, autoincrement=False, nullable=False),
        sa.Column("status", sa.String(length=15), nullable=False),
        sa.Column("held_status", sa.String(length=15), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision_id", BIG, nullable=True),
        sa.Column("assessment_id", BIG, nullable=True),
        sa.Column("watch", sa.JSON(), nullable=False),
        sa.Column("reckoned_on", sa.Date(), nullable=True),
        sa.Column("opened_by_id", BIG, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "held_status IN ('registered', 'visit_only', 'observing', 'steady', 'watch', 'support', 'referred', 'completed', 'closed', 'with_aid', 'self_nominated', 'suggested', 'accompanied', 'proposed', 'step_up', 'not_yet')",
            name="ck_growth_case_held_status",
        ),
        sa.CheckConstraint(
            "status IN ('registered', 'visit_only', 'observing', 'steady', 'watch', 'support', 'referred', 'completed', 'closed', 'with_aid', 'self_nominated', 'suggested', 'accompanied', 'proposed', 'step_up', 'not_yet')",
            name="ck_growth_case_status",
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["growth_assessment.id"], name="fk_growth_case_assessment_id_growth_assessment"
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["growth_decision.id"], name="fk_growth_case_decision_id_growth_decision"
        ),
        sa.ForeignKeyConstraint(["kpm_id"], ["kpm.id"], name="fk_growth_case_kpm_id_kpm"),
        sa.ForeignKeyConstraint(["opened_by_id"], ["account.id"], name="fk_growth_case_opened_by_id_account"),
        sa.PrimaryKeyConstraint("kpm_id", name="pk_growth_case"),
    )
    op.create_index("ix_growth_case_reckoned", "growth_case", ["reckoned_on", "kpm_id"], unique=False)
    op.create_index("ix_growth_case_status", "growth_case", ["status", "kpm_id"], unique=False)

    for table in APPENDED:
        append_only(table)
    refuse("growth_rule_set", "kept_update", "UPDATE", CHANGED, "a rule set in force keeps its contents")
    refuse("growth_rule_set", "kept_delete", "DELETE", "OLD.status <> 'draft'", "a rule set in force stays")
    refuse("growth_case", "by_decision", "UPDATE", UNDECIDED, "a status moves by a decision")
    refuse("growth_case", "begins", "INSERT", f"NEW.status NOT IN {BEGINNINGS}", "a case begins at its beginning")


def append_only(table: str) -> None:
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


def refuse(table: str, name: str, act: str, when: str, says: str) -> None:
    """Refuse one kind of change when a condition holds."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {act} ON {table} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
        return
    row = "OLD" if act == "DELETE" else "NEW"
    op.execute(
        f"CREATE FUNCTION {table}_{name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {when} THEN RAISE EXCEPTION '{says}'; END IF; RETURN {row}; END $$"
    )
    op.execute(f"CREATE TRIGGER {table}_{name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_{name}()")


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for table in APPENDED:
            op.execute(f"DROP FUNCTION {table}_append_only()")
        for name in (
            "growth_rule_set_kept_update",
            "growth_rule_set_kept_delete",
            "growth_case_by_decision",
            "growth_case_begins",
        ):
            op.execute(f"DROP FUNCTION {name}()")

"""Let a withdrawn or lapsed consent take a family from steady or watch to visits only.

Both say something of its book, so they end with the consent to read it. The database lets that move happen without a
decision only while no consent holds, on the day that the move itself bears.
"""

from alembic import op

revision = "0160"
down_revision = "0142"
branch_labels = None
depends_on = None

NAME = "growth_case_by_decision"
MOVED = (
    "OLD.status <> NEW.status "
    "AND NOT (OLD.status IN ('registered', 'visit_only', 'observing') AND NEW.status IN ('visit_only', 'observing')) "
)
# A day in Indonesia is at most one ahead of UTC.
CONSENTED = (
    "AND NOT (OLD.status IN ('steady', 'watch') AND NEW.status = 'visit_only' AND NOT EXISTS "
    "(SELECT 1 FROM family_consent c WHERE c.kpm_id = NEW.kpm_id AND c.purpose = 'graduation_monitoring' "
    "AND c.withdrawn_at IS NULL AND (c.expires_on IS NULL OR c.expires_on > {day}))) "
)
DAYS = {"sqlite": "date(NEW.since)", "postgresql": "CAST(NEW.since AT TIME ZONE 'UTC' AS date)"}
DECIDED = (
    "AND NOT EXISTS (SELECT 1 FROM growth_decision d WHERE d.id = NEW.decision_id AND d.kpm_id = NEW.kpm_id "
    "AND d.before = OLD.status AND d.outcome = NEW.status AND d.id > COALESCE(OLD.decision_id, 0))"
)


def upgrade() -> None:
    refuse(MOVED + CONSENTED.replace("{day}", DAYS[op.get_bind().dialect.name]) + DECIDED)


def downgrade() -> None:
    refuse(MOVED + DECIDED)


def refuse(when: str) -> None:
    """Refuse a change of a case's status when a condition holds, in place of the condition before."""
    says = "a status moves by a decision"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {NAME}")
        op.execute(
            f"CREATE TRIGGER {NAME} BEFORE UPDATE ON growth_case WHEN {when} BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
        return
    op.execute(
        f"CREATE OR REPLACE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {when} THEN RAISE EXCEPTION '{says}'; END IF; RETURN NEW; END $$"
    )

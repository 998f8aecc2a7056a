"""Keep where certain ingredients come from and what a label must warn of; two reasons lead to the papers.

A reason that a curator has changed keeps what she chose.
"""

import sqlalchemy as sa
from alembic import op

revision = "0321"
down_revision = "0320"
branch_labels = None
depends_on = None

LEAD = {"izin-belum-ada": "", "halal-tanpa-nomor": "keterangan"}


def upgrade() -> None:
    op.add_column("revision", sa.Column("origin", sa.String(300)))
    op.add_column("revision", sa.Column("warnings", sa.JSON()))
    _lead({code: (field, "surat") for code, field in LEAD.items()})


def downgrade() -> None:
    _lead({code: ("surat", field) for code, field in LEAD.items()})
    op.drop_column("revision", "warnings")
    op.drop_column("revision", "origin")


def _lead(steps: dict[str, tuple[str, str]]) -> None:
    change = sa.text("UPDATE refusal_reason SET field = :to WHERE code = :code AND field = :at AND version = 1")
    for code, (at, to) in steps.items():
        op.execute(change.bindparams(code=code, at=at, to=to))

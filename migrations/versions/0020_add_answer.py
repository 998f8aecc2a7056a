"""Let a seller read what was answered where she reads her product, without asking the room above.

Small tables yet: the columns are added in place with a constant default.

Revision ID: 0020
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("revision", sa.Column("answer", sa.String(300), nullable=False, server_default=""))
    op.add_column("revision", sa.Column("answer_field", sa.String(30), nullable=False, server_default=""))
    op.add_column("product", sa.Column("withdrawn_note", sa.String(300), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("product", "withdrawn_note")
    op.drop_column("revision", "answer_field")
    op.drop_column("revision", "answer")

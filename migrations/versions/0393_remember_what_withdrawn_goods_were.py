"""Give goods that were taken off the market before that was kept the state they had, as the log tells it.

What the log names hidden last, or brought back from a deletion in a state it does not name, goes back hidden: its
seller shows it with one tap. What nobody ever hid was for sale.
"""

from alembic import op

revision = "0393"
down_revision = "0392"
branch_labels = None
depends_on = None

FILL = """
    UPDATE product SET deleted_from = CASE COALESCE((
        SELECT entry.action FROM audit_entry entry WHERE entry.subject = 'product:' || product.id
        AND entry.action IN ('product.paused', 'product.shown', 'product.restored', 'product.reinstated')
        ORDER BY entry.id DESC LIMIT 1
    ), '') WHEN 'product.paused' THEN 'paused' WHEN 'product.restored' THEN 'paused' ELSE 'live' END
    WHERE state IN ('withdrawn', 'held') AND deleted_from = ''
"""


def upgrade() -> None:
    op.execute(FILL)


def downgrade() -> None:
    """Leave what was filled in: the code of before does not read it."""

"""Tell more of what may not be P-IRT (special diets, goods under mandatory SNI), and which pairs of words are no reason.

A list that curators have begun keeps what they wrote: a word that is there stays as it is.
"""

import sqlalchemy as sa
from alembic import op

revision = "0320"
down_revision = "0250"
branch_labels = None
depends_on = None

WORDS = {
    "diet": (
        "diet", "diabetes", "diabetesi", "pasien", "penderita", "lansia", "ibu hamil", "ibu menyusui",
    ),
    "sni": (
        "tepung terigu", "garam beryodium", "garam dapur", "garam meja", "gula rafinasi", "minyak goreng", "kopi instan", "mi instan", "mie instan", "kakao bubuk",
    ),
    "water": (
        "air mineral", "air minum",
    ),
    "allowed": (
        "biskuit kaleng", "biskuit keju", "biskuit susu", "bolu keju", "bolu susu", "cookies kaleng", "cookies keju", "cookies susu", "dodol susu", "donat keju", "donat susu", "emping kaleng", "kacang kaleng",
        "karamel susu", "kastengel kaleng", "kastengel keju", "keripik kaleng", "keripik keju", "keripik susu",
        "kerupuk kaleng", "kerupuk keju", "kerupuk susu", "kue kaleng", "kue keju", "kue susu", "makaroni keju",
        "nastar kaleng", "nastar keju", "permen susu", "pia susu", "pie susu", "popcorn keju", "rasa keju",
        "rasa susu", "rengginang kaleng", "roti keju", "roti susu", "sagu keju", "stik kaleng", "stik keju",
        "stik susu",
    ),
}  # fmt: skip


def upgrade() -> None:
    ask = sa.text("SELECT word FROM market_word WHERE kind = 'bar'")
    there = set(op.get_bind().execute(ask).scalars())
    if not there:  # a new house: the first start loads the whole list
        return
    table = sa.table("market_word", sa.column("kind"), sa.column("word"), sa.column("meaning"), sa.column("version"))
    rows = [
        {"kind": "bar", "word": word, "meaning": meaning, "version": 1}
        for meaning, words in WORDS.items()
        for word in words
        if word not in there
    ]
    op.bulk_insert(table, rows)


def downgrade() -> None:
    op.execute(
        "DELETE FROM market_word WHERE kind = 'bar' AND (meaning IN ('diet', 'sni', 'allowed') OR word LIKE '% %')"
    )

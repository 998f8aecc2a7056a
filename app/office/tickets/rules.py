"""What may be complained about to the office, and until when it answers; no database, no clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

KINDS: Final = ("seller", "order", "goods", "officer", "site", "other")
MOST_WORDS: Final = 1000
FEWEST_WORDS: Final = 10
LINK_BITS: Final = 80
# How long the words and the number of whoever complained are kept after the answer.
KEPT: Final = timedelta(days=90)
DAY_HOURS: Final = 24

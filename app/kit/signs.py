"""Signs that no text of ours holds: between the facts of a row that comes as one word, and between such rows."""

from typing import Final

FACT: Final = "\x1f"
END: Final = "\x1e"

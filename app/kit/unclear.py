"""The refusal shared by everything in the kit that reads what people type."""

from __future__ import annotations


class Unclear(ValueError):
    """Typed text that cannot be taken as the value it should be.

    The kit knows no language: `code` names the reason, and whoever speaks to
    the person (`core/forms.py`) turns it into an Indonesian sentence.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

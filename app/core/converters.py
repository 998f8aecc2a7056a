"""What may stand in an address: ids that fit the database, slugs and codes that we make ourselves."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import BaseConverter


class IdConverter(BaseConverter):
    """A row number that fits a big integer."""

    regex = r"[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        """Read it."""
        return int(value)


class SlugConverter(BaseConverter):
    """Lower-case words joined by dashes."""

    regex = r"[a-z0-9](?:[a-z0-9-]{0,88}[a-z0-9])?"


class CodeConverter(BaseConverter):
    """A code people read aloud; case and dashes are forgiven by the room that looks it up."""

    regex = r"[A-Za-z0-9-]{3,40}"


def init(app: Flask) -> None:
    """Teach the address map our kinds."""
    app.url_map.converters.update(id=IdConverter, slug=SlugConverter, code=CodeConverter)

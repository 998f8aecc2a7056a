"""A list to read."""

from __future__ import annotations

from flask_wtf.file import FileField

from app.core.forms import Form
from app.core.i18n import _l


class GoodsForm(Form):
    """The file of a list of goods."""

    berkas = FileField(_l("File daftar"), render_kw={"accept": ".xlsx,.csv,.txt"})

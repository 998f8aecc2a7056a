"""What is typed into the cash book: how much, what for, when."""

from __future__ import annotations

import re
import secrets
from datetime import date
from typing import Any

from wtforms import DateField, HiddenField
from wtforms.validators import ValidationError

from app.core.forms import AtMost, Form, Required, RupiahField, TextLine
from app.core.i18n import _, _l
from app.trade.cashbook import rules

KEY = re.compile(r"[A-Za-z0-9_-]{16,32}")


class EntryForm(Form):
    """One entry of any kind."""

    amount: Any = RupiahField(_l("Berapa uangnya?"), [Required(_l("Tulis uangnya, misalnya 25rb."))], name="uang")
    remark: Any = TextLine(_l("Untuk apa?"), [AtMost(120)], name="catatan")
    day: Any = DateField(_l("Hari"), [Required(_l("Pilih harinya."))], name="hari")
    key: Any = HiddenField(name="kunci")

    def begin(self, day: date) -> None:
        """Make this form one that was never sent, for a day."""
        self.day.data = self.day.data or day
        self.key.data = secrets.token_urlsafe(16)

    def validate_amount(self, field: Any) -> None:
        """Refuse what nobody holds at once."""
        if field.data is not None and not rules.LEAST <= field.data <= rules.MOST:
            raise ValidationError(_("Isi antara %(least)s dan %(most)s.", least=rules.LEAST, most=rules.MOST))

    def own_key(self) -> str:
        """Return the key of this form; what no form of ours carries becomes a new one."""
        typed = self.key.data or ""
        return typed if KEY.fullmatch(typed) else secrets.token_urlsafe(16)

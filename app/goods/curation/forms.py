"""What a curator answers."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, RadioField
from wtforms.validators import Optional

from app.core.forms import AtMost, Form, TextBlock
from app.core.i18n import _l
from app.goods.curation.models import RefusalReason
from app.goods.curation.operations import MOST_SENTENCE

HINDRANCES = {"new": _l("produk baru"), "photo": _l("foto"), "price": _l("harga"), "claim": _l("jenis atau klaim")}


class AnswerForm(Form):
    """A reason out of the list, and the sentence as the seller will read it."""

    answer: Any = HiddenField(name="jawaban")
    reason: Any = RadioField(_l("Alasan"), [Optional()], name="alasan")
    sentence: Any = TextBlock(_l("Kalimat untuk penjual"), [Optional(), AtMost(MOST_SENTENCE)], name="kalimat")

    def offer_reasons(self, reasons: list[RefusalReason]) -> None:
        """Fill the list."""
        self.reason.choices = [(reason.code, reason.sentence) for reason in reasons]

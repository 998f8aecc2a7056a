"""What is typed about a report: by who sends it, and by who answers."""

from __future__ import annotations

from typing import Any, Final

from wtforms import HiddenField, RadioField
from wtforms.validators import Optional

from app.core.forms import AtLeast, AtMost, Form, PhoneField, Required, TextBlock
from app.core.i18n import _l, _lp
from app.goods.curation.models import RefusalReason
from app.goods.reports.operations import MOST_SENTENCE
from app.kit import digits

KINDS: Final = {
    "unsafe": _l("Makanan tidak aman"),
    "false_claim": _l("Klaimnya bohong"),
    "photo": _l("Fotonya punya orang lain"),
    "forbidden": _l("Barang terlarang"),
    "other": _lp("laporan", "Lainnya"),
}
ENDS: Final = {
    "tidak-terbukti": "unfounded",
    "diperbaiki": "mended",
    "tarik": "upheld",
}
OUTCOMES: Final = {
    "unfounded": _l("Tidak terbukti"),
    "mended": _l("Sudah diperbaiki"),
    "upheld": _l("Produk ditarik"),
    "gone": _l("Penjual sudah tidak ada"),
}


class ReportForm(Form):
    """What is wrong with a product, in a sentence; a number only if somebody wants to be asked."""

    sebab: Any = RadioField(_l("Ada apa dengan produk ini?"))
    kalimat: Any = TextBlock(
        _l("Ceritakan singkat"),
        [Required(_l("Ceritakan dengan satu kalimat.")), AtLeast(5), AtMost(MOST_SENTENCE)],
    )
    hp: Any = PhoneField(
        _l("Nomor HP Anda"),
        [Optional()],
        render_kw={"type": "tel", "inputmode": "tel", "autocomplete": "tel"},
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sebab.choices = list(KINDS.items())


class AnswerForm(Form):
    """How reports end: the reason only where a product is taken off the market."""

    jawaban: Any = HiddenField()
    terbaru: Any = HiddenField()
    alasan: Any = RadioField(_l("Alasan"), [Optional()])
    kalimat: Any = TextBlock(_l("Kalimat untuk penjual"), [Optional(), AtMost(MOST_SENTENCE)])
    kabar: Any = TextBlock(_l("Kalimat untuk penjual dan pelapor"), [Optional(), AtMost(MOST_SENTENCE)])

    def offer_reasons(self, reasons: list[RefusalReason]) -> None:
        """Fill the list."""
        self.alasan.choices = [(reason.code, reason.sentence) for reason in reasons]

    @property
    def reason(self) -> Any:
        """The field of reasons, as the shared template calls it."""
        return self.alasan

    @property
    def sentence(self) -> Any:
        """The field of the sentence, likewise."""
        return self.kalimat

    def said(self) -> str:
        """Return the sentence that is read, whichever of the two ways to answer it was typed in."""
        return self.kabar.data or self.kalimat.data or ""

    def seen(self) -> int:
        """Return the newest report that stood on the page, 0 when that cannot be read."""
        return digits.whole(self.terbaru.data or "") or 0

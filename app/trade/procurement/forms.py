"""What a curator copies from the papers of an office."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import DateField, HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, Length, ValidationError

from app.core.forms import AtLeast, AtMost, Form, QuantityField, Required, RupiahField, TextLine, between
from app.core.i18n import _, _l
from app.core.scans import PictureField
from app.goods.products.models import Variant
from app.kit import digits
from app.kit.rupiah import Rupiah
from app.trade.procurement import rules
from app.trade.procurement.operations import Bought

PAPERS = {"order": _l("Surat pesanan"), "handover": _l("Serah terima bertanda tangan")}
EVIDENCE = {
    "A": (PAPERS["handover"], "success"),
    "C": (PAPERS["order"], "info"),
    "D": (_l("Perlu dicocokkan"), "warning"),
}


class PurchaseForm(Form):
    """One purchase of an office."""

    kunci = HiddenField(validators=[Length(max=64)])
    varian = SelectField(_l("Ukuran"))
    pembeli = TextLine(_l("Kantor pembeli"), [Required(_l("Tulis nama kantornya.")), AtLeast(3), AtMost(120)])
    nomor = TextLine(_l("Nomor surat pesanan"), [Required(_l("Tulis nomor suratnya.")), AtMost(80)])
    tanggal: Any = DateField(_l("Tanggal pesanan"), [Required(_l("Isi tanggalnya."))], render_kw={"type": "date"})
    jumlah = QuantityField(_l("Jumlah"), [Required(_l("Tulis jumlahnya.")), between(1, rules.MOST_QTY)])
    nilai = RupiahField(_l("Nilai seluruhnya"), [Required(_l("Tulis nilainya, misalnya 1,2 juta."))])
    order = PictureField(PAPERS["order"], name="surat", paper=True)
    handover = PictureField(PAPERS["handover"], name="serah-terima", paper=True)

    def offer(self, variants: Sequence[Variant], unit: str) -> PurchaseForm:
        """Fill the choice of sizes; with one there is nothing to choose."""
        self.varian.choices = [(str(each.id), each.label or unit) for each in variants]
        if len(variants) == 1 and not self.varian.data:
            self.varian.data = str(variants[0].id)
        return self

    def validate_nilai(self, field: RupiahField) -> None:
        """Something, and not more than any purchase here ever was."""
        if field.data is not None and not Rupiah(0) < field.data <= Rupiah(rules.MOST_AMOUNT):
            raise ValidationError(_("Isi antara Rp1 dan %(most)s.", most=Rupiah(rules.MOST_AMOUNT)))

    def bought(self) -> Bought:
        """Return what was typed; only of a form that holds."""
        return Bought(
            variant_id=digits.whole(self.varian.data) or 0,
            buyer=self.pembeli.data,
            reference=self.nomor.data,
            qty=self.jumlah.data,
            amount=self.nilai.data,
            sold_on=self.tanggal.data,
        )


class PaperForm(Form):
    """A paper that came later."""

    jenis = RadioField(_l("Surat apa"), validators=[InputRequired(_l("Pilih salah satu."))])
    berkas = PictureField(_l("Foto atau PDF suratnya"), [Required(_l("Pilih suratnya dulu."))], paper=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.jenis.choices = [(kind, str(words)) for kind, words in PAPERS.items()]


class ReturnForm(Form):
    """Units that go back, and why."""

    kunci = HiddenField(validators=[Length(max=64)])
    jumlah = QuantityField(_l("Berapa yang ditarik"), [Required(_l("Tulis jumlahnya.")), between(1, rules.MOST_QTY)])
    alasan = TextLine(_l("Alasan"), [Required(), AtLeast(5), AtMost(300)])
